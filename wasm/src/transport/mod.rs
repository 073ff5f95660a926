//! The transports of a browser: its WebRTC, and its WebSockets to nodes.

pub mod webrtc;
pub mod websocket;

use covey_mesh::{self, Built, Trust};
use libp2p::identity::Keypair;
use wasm_bindgen::JsValue;

/// All of them, under an identity.
pub fn build(keypair: &Keypair, trust: Trust) -> Result<Built, JsValue> {
    let sockets = websocket::Transport::default();
    let built = covey_mesh::build::<webrtc::Connection, _>(keypair, sockets, trust);
    built.map_err(|error| js_sys::Error::new(&error.to_string()).into())
}
