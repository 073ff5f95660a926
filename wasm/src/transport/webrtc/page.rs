//! What the connections of one page share.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use send_wrapper::SendWrapper;

use super::connection::Connection;
use crate::transport::IceServers;

/// The connections of one page. Clones share them.
#[derive(Clone)]
pub struct Page {
    pub(super) ice: IceServers,
    connections: SendWrapper<Rc<RefCell<Vec<Weak<Connection>>>>>,
}

impl Page {
    pub(super) fn new(ice: IceServers) -> Self {
        Self { ice, connections: SendWrapper::new(Rc::default()) }
    }

    pub(super) fn remember(&self, connection: &Rc<Connection>) {
        let mut connections = self.connections.borrow_mut();
        connections.retain(|other| other.strong_count() > 0);
        connections.push(Rc::downgrade(connection));
    }

    /// Tells every peer that this page goes away. Waits for nothing, so that it can be called
    /// from `pagehide`: a browser says nothing by itself, and peers notice after 15 seconds.
    pub fn farewell(&self) {
        let connections = self.connections.borrow();
        connections.iter().filter_map(Weak::upgrade).for_each(|c| c.say_farewell());
    }
}
