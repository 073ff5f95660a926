//! The disk of one room as values: what a room asks of it, and what it tells.
//!
//! ```text
//!   room ──DiskCommand──► disk: IndexedDB, files, a simulated one
//!   room ◄──DiskEvent──── disk
//! ```
//! Commands are carried out in the order in which they were given. A disk that refuses tells so, keeps
//! what it was given, and tries again. What it acknowledged is there after a crash.
//! `conformance` has the scenarios that every disk passes.

#[cfg(feature = "conformance")]
pub mod conformance;
mod key;

use std::sync::Arc;

pub use key::{BlobKey, SegmentKey};

use crate::ledger::Pack;

/// A request of a room to its disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiskCommand {
    /// Store a segment. Tokens grow, those of segments and blobs together.
    Append {
        /// The token of its acknowledgement.
        token: u64,
        /// Where it lies. A segment that lies there already is the same.
        key: SegmentKey,
        /// The segment.
        bytes: Arc<[u8]>,
    },
    /// Store the record in place of the one before, as a whole. A room is on a disk when its
    /// record is: it is given before anything else.
    Record(Vec<u8>),
    /// Store segments in place of what they were joined from. Not acknowledged: until it is done,
    /// and where it can't be, everything stays as it was.
    Pack(Vec<Packed>),
    /// Tell the record and all segments: `DiskEvent::Loaded`.
    Load,
    /// Tell those of these segments that are there: `DiskEvent::Segments`.
    Read(Vec<SegmentKey>),
    /// Store a blob in place of the one under its key.
    Put {
        /// The token of its acknowledgement.
        token: u64,
        /// Where it lies.
        key: BlobKey,
        /// The blob.
        bytes: Arc<[u8]>,
    },
    /// Tell a blob: `DiskEvent::Blob`.
    Get(BlobKey),
    /// Remove a blob, if it is there.
    Drop(BlobKey),
}

/// A segment, and those that it was joined from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Where it lies.
    pub key: SegmentKey,
    /// The segment.
    pub bytes: Arc<[u8]>,
    /// Where the segments lie that are in it.
    pub parts: Vec<SegmentKey>,
}

/// A report of a disk. `E` is the reason for which it refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiskEvent<E> {
    /// The disk has everything up to this token.
    Stored(u64),
    /// Segments are being written: whoever reads them now waits until they are. Told where several
    /// pages share the disk.
    Writing(Vec<SegmentKey>),
    /// The answer to `DiskCommand::Load`.
    Loaded {
        /// The record, if the room was ever stored.
        record: Option<Vec<u8>>,
        /// All segments, in any order.
        segments: Vec<Vec<u8>>,
    },
    /// The answer to `DiskCommand::Read`: those that are there.
    Segments(Vec<Vec<u8>>),
    /// The answer to `DiskCommand::Get`.
    Blob {
        /// Which one.
        key: BlobKey,
        /// The blob, if it is there.
        bytes: Option<Vec<u8>>,
    },
    /// It refused. Told once in a row; it tries again by itself.
    Failed(E),
    /// Another page has forgotten the room: nothing more is written.
    Forgotten,
    /// Everything was lost: it is to be given all of it once more.
    Emptied,
}

impl DiskCommand {
    /// Stores a segment where it belongs.
    pub fn append(token: u64, bytes: Arc<[u8]>) -> Self {
        Self::Append { token, key: SegmentKey::of(&bytes), bytes }
    }

    /// Stores what was joined in place of its parts.
    pub fn pack(packs: &[Pack]) -> Self {
        Self::Pack(packs.iter().map(Packed::from).collect())
    }
}

impl From<&Pack> for Packed {
    fn from(pack: &Pack) -> Self {
        let parts = pack.parts.iter().map(|part| SegmentKey::of(part)).collect();
        Self { key: SegmentKey::of(&pack.bytes), bytes: pack.bytes.clone(), parts }
    }
}
