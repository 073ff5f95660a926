//! The formats of a browser-to-browser connection of the libp2p specification (`webrtc/webrtc.md`): frames of
//! streams on data channels, and signalling messages.

pub mod framing;
pub mod signalling;

mod protobuf;
