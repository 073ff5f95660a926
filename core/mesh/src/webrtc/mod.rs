//! Browser-to-browser WebRTC of the libp2p specification (`webrtc/webrtc.md`): signalling over
//! relayed connections, streams over data channels. What differs between platforms is behind
//! [`PeerConnection`] and [`DataChannel`].
//!
//! ```text
//!   Transport ──Request──► Behaviour ──► Handler ──► a stream on a relayed connection
//!   Transport ◄──Offer──── Behaviour ◄── Handler ◄── a stream the peer opened
//!     └► offer, answer, candidates ─► Connection ─► Muxer ─► Stream ─► Channel
//!                                     PeerConnection         DataChannel
//! ```

pub mod address;
pub mod signalling;
pub mod stream_state;

mod answer;
mod attempts;
mod behaviour;
mod channel;
mod connection;
#[cfg(test)]
mod connection_tests;
mod dial;
mod error;
mod exchange;
mod handler;
mod held;
mod ice;
mod muxer;
mod platform;
#[cfg(test)]
pub(crate) mod simulated;
mod stream;
mod transport;

pub use attempts::{Answering, Attempts, Dialling, Opening, Verdict};
pub use behaviour::{Behaviour, Offer, Request, RequestError, Signaller, pair};
pub use error::Error;
pub use handler::{Handler, HandlerEvent, OpenStream};
pub use ice::IceServers;
pub use muxer::Muxer;
pub use platform::{ChannelEvent, ConnectionState, DataChannel, Event, PeerConnection};
pub use stream::Stream;
pub use transport::{Transport, new};
