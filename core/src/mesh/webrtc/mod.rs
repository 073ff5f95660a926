//! Browser-to-browser WebRTC of the libp2p specification (`webrtc/webrtc.md`), as far as it is
//! the same on every platform: framing, signalling, addresses and who dials whom.
//!
//! ```text
//!   platform's Transport ──Request──► Behaviour ──► Handler ──► a stream on a relayed connection
//!   platform's Transport ◄──Offer──── Behaviour ◄── Handler ◄── a stream the peer opened
//! ```

pub mod address;
pub mod framing;
pub mod signalling;
pub mod stream_state;

mod attempts;
mod behaviour;
mod handler;
mod protobuf;

pub use attempts::{Answering, Attempts, Dialling, Opening, Verdict};
pub use behaviour::{Behaviour, Offer, Request, RequestError, Signaller, pair};
pub use handler::{Handler, HandlerEvent, OpenStream};
