//! The STUN and TURN servers that new connections use; settable while the page runs.

use std::sync::{Arc, Mutex, PoisonError};

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::{RtcConfiguration, RtcIceServer};

/// A STUN or TURN server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IceServer {
    /// Such as `stun:example.org:3478`.
    pub urls: Vec<String>,
    /// For TURN.
    pub username: Option<String>,
    /// For TURN.
    pub credential: Option<String>,
}

/// The servers of one transport. Clones share one list.
#[derive(Debug, Clone, Default)]
pub struct IceServers(Arc<Mutex<Vec<IceServer>>>);

impl IceServers {
    /// Replaces the list for connections made from now on.
    pub fn set(&self, servers: Vec<IceServer>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = servers;
    }

    /// What a new `RTCPeerConnection` is made with.
    pub(super) fn configuration(&self) -> RtcConfiguration {
        let servers = Array::new();
        for server in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let urls: Array = server.urls.iter().map(JsValue::from).collect();
            let entry = RtcIceServer::new();
            entry.set_urls(&urls);
            if let Some(username) = &server.username {
                entry.set_username(username);
            }
            if let Some(credential) = &server.credential {
                entry.set_credential(credential);
            }
            servers.push(&entry);
        }
        let configuration = RtcConfiguration::new();
        configuration.set_ice_servers(&servers);
        configuration
    }
}
