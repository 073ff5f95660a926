//! The disk of a browser profile: what gathered while a write ran goes into the next one, a write
//! counts as a whole or not at all, and a crash takes along whatever was not written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use covey_rooms::ledger::{Pack, Segment};
use covey_rooms::room::Record;
use covey_wire::frame::{Reader, Wire};
use covey_wire::id::SeatId;

const SIGNATURE: usize = 64;

/// An encoded segment.
pub type Bytes = Arc<[u8]>;

/// Names an entry: its seat, its sequence number and what is in it. Segments are joined on the way,
/// entries never change.
pub type Mark = (SeatId, u64, Vec<u8>);

/// The entries of a segment.
pub fn marks(segment: &[u8]) -> Vec<Mark> {
    let Ok(segment) = Segment::from_bytes(segment) else { return Vec::new() };
    let (seat, first) = (segment.seat, segment.first);
    (first..).zip(segment.entries).map(|(seq, entry)| (seat, seq, entry)).collect()
}

/// What is written at once.
#[derive(Debug, Default)]
pub struct Batch {
    /// Which segments the client is told of.
    pub tokens: Vec<u64>,
    segments: Vec<Bytes>,
    record: Option<Vec<u8>>,
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.segments.is_empty() && self.record.is_none()
    }
}

/// What one page still has to write.
#[derive(Debug, Default)]
pub struct Spool {
    waiting: Batch,
    writing: Option<Batch>,
}

impl Spool {
    /// Takes a segment.
    pub fn segment(&mut self, token: u64, bytes: Bytes) {
        self.waiting.tokens.push(token);
        self.waiting.segments.push(bytes);
    }

    /// Takes a record in place of the one before.
    pub fn record(&mut self, bytes: Vec<u8>) {
        self.waiting.record = Some(bytes);
    }

    /// Begins to write what gathered; false when nothing did, or a write is under way.
    pub fn begin(&mut self) -> bool {
        if self.writing.is_some() || self.waiting.is_empty() {
            return false;
        }
        self.writing = Some(core::mem::take(&mut self.waiting));
        true
    }

    /// The write that was under way.
    pub fn end(&mut self) -> Option<Batch> {
        self.writing.take()
    }

    /// Whether everything is written.
    pub fn is_idle(&self) -> bool {
        self.writing.is_none() && self.waiting.is_empty()
    }
}

/// What is written, in the order in which the page reads it: by place.
#[derive(Debug, Default)]
pub struct Disk {
    segments: BTreeMap<(u64, Vec<u8>), Bytes>,
    record: Option<Vec<u8>>,
    /// Everything that was ever written, wiped or not.
    ever: BTreeSet<Mark>,
}

impl Disk {
    /// Writes a batch as a whole.
    pub fn write(&mut self, batch: &Batch) {
        for bytes in &batch.segments {
            self.ever.extend(marks(bytes));
            self.segments.insert(place(bytes), bytes.clone());
        }
        if batch.record.is_some() {
            self.record.clone_from(&batch.record);
        }
    }

    /// Puts segments in the place of what they were joined from.
    pub fn pack(&mut self, packs: &[Pack]) {
        for pack in packs {
            for part in &pack.parts {
                self.segments.remove(&place(part));
            }
            self.segments.insert(place(&pack.bytes), pack.bytes.clone());
        }
    }

    /// Loses everything.
    pub fn wipe(&mut self) {
        self.segments.clear();
        self.record = None;
    }

    /// The record and the log, if the room is on this disk.
    pub fn kept(&self) -> Option<(Record, Vec<Vec<u8>>)> {
        let record = Record::from_bytes(self.record.as_deref()?).ok()?;
        let log = self.segments.values().map(|bytes| bytes.to_vec());
        Some((record, log.collect()))
    }

    /// Whether an entry was ever written here.
    pub fn had(&self, mark: &Mark) -> bool {
        self.ever.contains(mark)
    }

    /// The names of all entries.
    pub fn marks(&self) -> BTreeSet<Mark> {
        self.segments.values().flat_map(|bytes| marks(bytes)).collect()
    }
}

/// Where a segment lies: by the Lamport time of its first entry, then by its signature.
fn place(bytes: &[u8]) -> (u64, Vec<u8>) {
    let segment = Segment::from_bytes(bytes).ok();
    let first = segment.as_ref().and_then(|segment| segment.entries.first());
    let lamport = first.and_then(|entry| Reader::new(entry).varint().ok()).unwrap_or_default();
    (lamport, bytes[bytes.len().saturating_sub(SIGNATURE)..].to_vec())
}
