//! The state of a room as a page shows it.

use super::Client;
use crate::capability::{Role, Tools};
use covey_wire::net::{NodeState, Path};

/// The room's state as the page shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// The node.
    pub node: NodeState,
    /// The best way to anyone.
    pub path: Option<Path>,
    /// Own edits no other installation has.
    pub waiting: u64,
    /// Own edits the disk does not have.
    pub unsaved: u64,
    /// Whether one has been admitted.
    pub admitted: bool,
    /// Whether there is anything to show yet.
    pub loaded: bool,
    /// What one may do.
    pub role: Role,
    /// In which documents one may write, once one's role lets one write at all.
    pub tools: Tools,
}

impl Client {
    /// The state at this moment.
    pub fn status(&self) -> Status {
        Status {
            node: self.node,
            path: self.room.best_path(),
            waiting: self.room.waiting(),
            unsaved: self.room.unsaved(),
            admitted: self.is_in(),
            loaded: self.room.has_content(),
            role: self.role(),
            tools: self.tools(),
        }
    }

    /// Before one is admitted, what the link says that one opened last.
    fn tools(&self) -> Tools {
        if let Some(standing) = self.room.standing() {
            return standing.tools(Role::Participant);
        }
        let last = self.record.links.last();
        let grant = last.and_then(|joined| joined.chain.verify(self.record.room).ok());
        grant.map_or(Tools::ALL, |grant| grant.terms.tools)
    }

    pub(super) fn role(&self) -> Role {
        self.room.standing().map_or(self.record.role, |standing| standing.role)
    }
}
