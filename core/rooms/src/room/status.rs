//! The state of a room as a page shows it.

use super::{Room, Stats};
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

impl Room {
    /// The state at this moment.
    pub fn status(&self) -> Status {
        Status {
            node: self.node,
            path: self.peers.best_path(),
            waiting: self.replica.waiting(),
            unsaved: self.replica.unsaved(),
            admitted: self.is_in(),
            loaded: self.replica.standing().is_some() || self.replica.has_text(),
            role: self.role(),
            tools: self.tools(),
        }
    }

    /// Counters and digests.
    pub fn stats(&self) -> Stats {
        let ledger = self.replica.ledger();
        Stats {
            entries: ledger.entry_count(),
            seats: ledger.seat_count(),
            held: self.peers.held() + self.live.held() + ledger.waiting_bytes(),
            refused: self.peers.counts().clone(),
            digests: self.replica.digests(),
        }
    }

    /// Before one is admitted, what the link says that one opened last.
    fn tools(&self) -> Tools {
        self.replica.standing().map_or(self.link_tools, |has| has.tools(Role::Participant))
    }

    pub(super) fn role(&self) -> Role {
        self.replica.standing().map_or(self.record.role, |standing| standing.role)
    }
}
