//! The libp2p side: what is needed to reach peers, without a clock or a browser.

pub mod webrtc;
