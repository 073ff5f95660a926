//! The disk of a browser profile: what gathered while a write ran goes into the next one, a write
//! counts as a whole or not at all, and a crash takes along whatever was not written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use covey_rooms::disk::{BlobKey, DiskCommand, Packed, SegmentKey};
use covey_rooms::ledger::Segment;
use covey_rooms::room::Record;
use covey_wire::frame::Wire;
use covey_wire::id::SeatId;

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
    /// The tokens of segments and blobs, of which the client is told.
    pub tokens: Vec<u64>,
    segments: Vec<(SegmentKey, Bytes)>,
    record: Option<Vec<u8>>,
    packs: Vec<Packed>,
    /// Blobs to be put, or dropped where there is none.
    blobs: Vec<(BlobKey, Option<Bytes>)>,
}

impl Batch {
    fn is_empty(&self) -> bool {
        self.segments.is_empty()
            && self.record.is_none()
            && self.packs.is_empty()
            && self.blobs.is_empty()
    }
}

/// What one page still has to write.
#[derive(Debug, Default)]
pub struct Spool {
    waiting: Batch,
    writing: Option<Batch>,
}

impl Spool {
    /// Takes a command; gives it back where it only asks for what is written.
    pub fn take(&mut self, command: DiskCommand) -> Option<DiskCommand> {
        match command {
            DiskCommand::Append { token, key, bytes } => {
                self.waiting.tokens.push(token);
                self.waiting.segments.push((key, bytes));
            }
            DiskCommand::Record(bytes) => self.waiting.record = Some(bytes),
            DiskCommand::Pack(packs) => self.waiting.packs.extend(packs),
            DiskCommand::Put { token, key, bytes } => {
                self.waiting.tokens.push(token);
                self.waiting.blobs.push((key, Some(bytes)));
            }
            DiskCommand::Drop(key) => self.waiting.blobs.push((key, None)),
            DiskCommand::Load | DiskCommand::Read(_) | DiskCommand::Get(_) => return Some(command),
        }
        None
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

/// The contents of a disk, in the order in which the page reads them: by key.
#[derive(Debug, Default)]
pub struct Disk {
    segments: BTreeMap<SegmentKey, Bytes>,
    record: Option<Vec<u8>>,
    blobs: BTreeMap<BlobKey, Bytes>,
    /// Everything that was ever written, wiped or not.
    ever: BTreeSet<Mark>,
}

impl Disk {
    /// Writes a batch as a whole.
    pub fn write(&mut self, batch: &Batch) {
        for (key, bytes) in &batch.segments {
            self.ever.extend(marks(bytes));
            self.segments.insert(key.clone(), bytes.clone());
        }
        self.pack(&batch.packs);
        if batch.record.is_some() {
            self.record.clone_from(&batch.record);
        }
        for (key, bytes) in &batch.blobs {
            match bytes {
                Some(bytes) => drop(self.blobs.insert(*key, bytes.clone())),
                None => drop(self.blobs.remove(key)),
            }
        }
    }

    /// Puts segments in the place of what they were joined from.
    pub fn pack(&mut self, packs: &[Packed]) {
        for pack in packs {
            for part in &pack.parts {
                self.segments.remove(part);
            }
            self.segments.insert(pack.key.clone(), pack.bytes.clone());
        }
    }

    /// The record as it was written, and all segments.
    pub fn load(&self) -> (Option<Vec<u8>>, Vec<Vec<u8>>) {
        (self.record.clone(), self.segments.values().map(|bytes| bytes.to_vec()).collect())
    }

    /// A segment, if it is there.
    pub fn segment(&self, key: &SegmentKey) -> Option<Vec<u8>> {
        self.segments.get(key).map(|bytes| bytes.to_vec())
    }

    /// A blob, if it is there.
    pub fn blob(&self, key: &BlobKey) -> Option<Vec<u8>> {
        self.blobs.get(key).map(|bytes| bytes.to_vec())
    }

    /// Loses everything.
    pub fn wipe(&mut self) {
        self.segments.clear();
        self.blobs.clear();
        self.record = None;
    }

    /// The record and the log, if the room is on this disk.
    pub fn kept(&self) -> Option<(Record, Vec<Vec<u8>>)> {
        let (record, log) = self.load();
        Some((Record::from_bytes(&record?).ok()?, log))
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

#[cfg(test)]
#[path = "disk_tests.rs"]
mod tests;
