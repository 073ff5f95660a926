//! The outputs of a room, and its counters.

use crate::disk::DiskCommand;
use crate::event::Event;
use covey_wire::id::Hash;
use covey_wire::net::NetCommand;
use covey_wire::sorted::SortedMap;

/// An output of a room.
#[derive(Debug, Clone)]
pub enum Output {
    /// For the network.
    Net(NetCommand),
    /// For the disk. A segment is acknowledged by [`super::Input::Stored`] with its token.
    Disk(DiskCommand),
    /// For the page.
    Event(Event),
}

/// Counters of what the room has refused, held and shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// Entries in the ledger.
    pub entries: u64,
    /// Seats that entered.
    pub seats: usize,
    /// Bytes that wait to be looked at, or for what they build on.
    pub held: usize,
    /// Refusals by reason.
    pub refused: SortedMap<&'static str, u64>,
    /// Digest of each document's canonical content.
    pub digests: SortedMap<String, Hash>,
}
