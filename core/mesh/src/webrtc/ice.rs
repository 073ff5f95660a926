//! The STUN and TURN servers that new connections use; settable at any time.

use std::sync::{Arc, Mutex, PoisonError};

use covey_wire::meet::IceServer;

/// The servers of one transport. Clones share one list.
#[derive(Debug, Clone, Default)]
pub struct IceServers(Arc<Mutex<Vec<IceServer>>>);

impl IceServers {
    /// Replaces the list for connections made from now on.
    pub fn set(&self, servers: Vec<IceServer>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = servers;
    }

    /// The list as it stands.
    pub fn list(&self) -> Vec<IceServer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
