//! The formats of the log: entries, and segments of them under one signature.
//!
//! ```text
//!   entry   = lamport │ deps (seat, seq, short hash)… │ plane 0 │ roster act
//!           = lamport │ deps (seat, seq, short hash)… │ plane 1 │ document │ epoch │ sealed update
//!   segment = version 1 │ seat │ first seq │ hash before │ entries… │ signature of the last hash
//!   hash    = BLAKE3(room, seat, seq, hash before, entry)
//! ```

use std::sync::{Arc, LazyLock};

use blake3::Hasher;
use blake3::hazmat::{ContextKey, HasherExt, hash_derive_key_context};
use ed25519_dalek::{Signer, SigningKey};

use super::Reason;
use crate::identity::{self, BadSignature};
use crate::roster::RosterAct;
use crate::seal::EpochId;
use covey_wire::frame::{DecodeError, Reader, Wire, Writer};
use covey_wire::id::{DocName, Hash, Head, RoomId, SeatId};
use covey_wire::limits;

const VERSION: u8 = 1;
const ROSTER: u8 = 0;
const DOCUMENT: u8 = 1;

/// One step of a seat's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// One more than the highest in its causal past.
    pub lamport: u64,
    /// Entries of other seats that it builds on and the author's last did not, each as the last one of
    /// its seat.
    pub deps: Vec<Head>,
    /// Its content.
    pub body: Body,
}

/// The content of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A statement about rights: not sealed, so that a blind replica can verify it.
    Roster(RosterAct),
    /// One update of a document, sealed.
    Document {
        /// Which document.
        name: DocName,
        /// The epoch of the key it is sealed with.
        epoch: EpochId,
        /// The sealed update.
        sealed: Vec<u8>,
    },
}

impl Wire for Entry {
    fn write(&self, w: &mut Writer) {
        w.varint(self.lamport).varint(self.deps.len() as u64);
        for dep in &self.deps {
            w.put(dep);
        }
        match &self.body {
            Body::Roster(act) => w.u8(ROSTER).put(act),
            Body::Document { name, epoch, sealed } => {
                w.u8(DOCUMENT).put(name).put(epoch).bytes(sealed)
            }
        };
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let lamport = r.varint()?;
        let mut deps: Vec<Head> = Vec::new();
        for _ in 0..r.count(limits::DEPS)? {
            let dep: Head = r.take()?;
            // Of a seat that wrote several histories, each may be named.
            if deps.last().is_some_and(|last| *last >= dep) {
                return Err(DecodeError::Invalid);
            }
            deps.push(dep);
        }
        let body = match r.u8()? {
            ROSTER => Body::Roster(r.take()?),
            DOCUMENT => Body::Document {
                name: r.take()?,
                epoch: r.take()?,
                sealed: r.bytes(limits::SYNC_MESSAGE)?.to_vec(),
            },
            _ => return Err(DecodeError::Unknown),
        };
        Ok(Self { lamport, deps, body })
    }
}

/// Entries of one seat under one signature: the unit of wire and disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The author.
    pub seat: SeatId,
    /// Sequence number of the first entry; a chain begins at 1.
    pub first: u64,
    /// Hash of the entry before the first; zeros at the beginning.
    pub before: Hash,
    /// The entries as they were signed.
    pub entries: Vec<Vec<u8>>,
    signature: [u8; 64],
}

impl Segment {
    /// The same without its beginning, behind the entry of this place and hash: the signature is over the
    /// hash of its end.
    pub(super) fn behind(mut self, seq: u64, before: Hash) -> Self {
        let known = usize::try_from(seq + 1 - self.first).unwrap_or(usize::MAX);
        self.entries.drain(..known.min(self.entries.len()));
        (self.first, self.before) = (seq + 1, before);
        self
    }

    /// Signs entries that follow `before`.
    pub fn sign(
        room: RoomId,
        key: &SigningKey,
        first: u64,
        before: Hash,
        entries: Vec<Vec<u8>>,
    ) -> Self {
        let seat = SeatId(key.verifying_key().to_bytes());
        let mut segment = Self { seat, first, before, entries, signature: [0; 64] };
        segment.close(room, key, segment.hashes(room).last().copied().unwrap_or(before));
        segment
    }

    /// Signs entries between two hashes that are known.
    pub(super) fn sign_hashed(
        room: RoomId,
        key: &SigningKey,
        (first, before, last): (u64, Hash, Hash),
        entries: Vec<Vec<u8>>,
    ) -> Self {
        let seat = SeatId(key.verifying_key().to_bytes());
        let mut segment = Self { seat, first, before, entries, signature: [0; 64] };
        segment.close(room, key, last);
        segment
    }

    fn close(&mut self, room: RoomId, key: &SigningKey, last: Hash) {
        self.signature = key.sign(&self.signed_bytes(room, &last)).to_bytes();
    }

    /// Appends the segment that follows this one: its signature covers both.
    pub(super) fn join(&mut self, next: Self) {
        self.entries.extend(next.entries);
        self.signature = next.signature;
    }

    /// Sequence number of the last entry.
    pub fn last(&self) -> u64 {
        self.first.saturating_add(self.entries.len() as u64).saturating_sub(1)
    }

    /// The hash after each entry.
    pub fn hashes(&self, room: RoomId) -> Vec<Hash> {
        let mut hash = self.before;
        let step = |(index, entry): (usize, &Vec<u8>)| {
            hash = step(room, self.seat, self.first + index as u64, hash, entry);
            hash
        };
        self.entries.iter().enumerate().map(step).collect()
    }

    /// Verifies the signature over the last of `hashes`.
    pub fn verify(&self, room: RoomId, last: &Hash) -> Result<(), BadSignature> {
        identity::verify(&self.seat.0, &self.signed_bytes(room, last), &self.signature)
    }

    fn signed_bytes(&self, room: RoomId, last: &Hash) -> Vec<u8> {
        let mut w = Writer::new();
        w.raw(b"covey/v1/segment\0").put(&room).put(&self.seat).varint(self.last()).put(last);
        w.into_bytes()
    }
}

/// A segment as it came, decoded once, with its bytes.
#[derive(Debug)]
pub struct Received {
    /// The segment.
    pub segment: Segment,
    /// The same as it goes over the wire and to disk.
    pub bytes: Arc<[u8]>,
}

impl Received {
    /// Reads a segment of at most `limits::SYNC_MESSAGE` bytes.
    pub fn read(bytes: impl Into<Arc<[u8]>>) -> Result<Arc<Self>, Reason> {
        let bytes = bytes.into();
        if bytes.len() > limits::SYNC_MESSAGE {
            return Err(Reason::Quota);
        }
        Ok(Arc::new(Self { segment: Segment::from_bytes(&bytes)?, bytes }))
    }

    /// How long it is, as bytes or decoded: many small entries take more memory than they have bytes.
    pub fn size(&self) -> usize {
        let entries = self.segment.entries.iter();
        let decoded = entries.map(|entry| entry.len() + limits::DECODED_ENTRY).sum();
        self.bytes.len().max(decoded)
    }
}

/// The hash after one entry.
pub fn step(room: RoomId, seat: SeatId, seq: u64, before: Hash, entry: &[u8]) -> Hash {
    static CONTEXT: LazyLock<ContextKey> =
        LazyLock::new(|| hash_derive_key_context("covey/v1/entry"));
    let mut hasher = Hasher::new_from_context_key(&CONTEXT);
    hasher.update(&room.0).update(&seat.0).update(&seq.to_le_bytes()).update(&before.0);
    hasher.update(entry);
    Hash(*hasher.finalize().as_bytes())
}

impl Wire for Segment {
    fn write(&self, w: &mut Writer) {
        w.u8(VERSION).put(&self.seat).varint(self.first).put(&self.before);
        w.varint(self.entries.len() as u64);
        for entry in &self.entries {
            w.bytes(entry);
        }
        w.raw(&self.signature);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.version(VERSION)?;
        let (seat, first, before) = (r.take()?, r.varint()?, r.take()?);
        let mut entries = Vec::new();
        for _ in 0..r.count(limits::SEGMENT_ENTRIES)? {
            entries.push(r.bytes(limits::SYNC_MESSAGE)?.to_vec());
        }
        // Sequence numbers stay within 32 bits: 4 billion edits in one page load.
        if first == 0 || first > u64::from(u32::MAX) - 1024 || entries.is_empty() {
            return Err(DecodeError::Invalid);
        }
        Ok(Self { seat, first, before, entries, signature: r.array()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{DeviceSecret, SeatKey, Signed};
    use crate::roster::{Genesis, Right};
    use covey_wire::id::ShortHash;
    use proptest::prelude::*;

    fn founding() -> (RoomId, SeatKey, Entry) {
        let (root, seat) = (SeatKey::new([1; 32]), SeatKey::new([2; 32]));
        let room = RoomId(root.id().0);
        let member = DeviceSecret::new([3; 32]).member(room);
        let epoch = EpochId([4; 8]);
        let genesis = Genesis { owner: member.id(), exchange: member.exchange(), epoch };
        let genesis = Signed::sign(genesis, &room.0, root.signer());
        let act = RosterAct::enter(room, &member, seat.id(), Right::Founder(Box::new(genesis)));
        (room, seat, Entry { lamport: 1, deps: Vec::new(), body: Body::Roster(act) })
    }

    #[test]
    fn entries_and_segments_have_the_golden_form() {
        let (room, seat, founding) = founding();
        let body =
            Body::Document { name: DocName::Code, epoch: EpochId([4; 8]), sealed: vec![5; 20] };
        let dep = Head { seat: SeatId([6; 32]), seq: 300, hash: ShortHash([7; 16]) };
        let update = Entry { lamport: 9, deps: vec![dep], body };
        crate::golden::check("entry-enter.hex", &founding.to_bytes());
        crate::golden::check("entry-document.hex", &update.to_bytes());
        let entries = vec![founding.to_bytes(), update.to_bytes()];
        let segment = Segment::sign(room, seat.signer(), 1, Hash([0; 32]), entries);
        crate::golden::check("segment.hex", &segment.to_bytes());
        assert_eq!(Segment::from_bytes(&segment.to_bytes()).as_ref(), Ok(&segment));
        assert_eq!(Entry::from_bytes(&segment.entries[1]), Ok(update));
        let last = segment.hashes(room).pop().unwrap();
        assert!(segment.verify(room, &last).is_ok());
        assert!(segment.verify(RoomId([0; 32]), &last).is_err());
    }

    #[test]
    fn dependencies_stand_in_order_and_once() {
        let (_, _, mut entry) = founding();
        let dep = |seat, seq| Head { seat: SeatId([seat; 32]), seq, hash: ShortHash([7; 16]) };
        for deps in [[dep(2, 1), dep(1, 1)], [dep(1, 1), dep(1, 1)], [dep(1, 0), dep(1, 1)]] {
            entry.deps = deps.to_vec();
            assert_eq!(Entry::from_bytes(&entry.to_bytes()), Err(DecodeError::Invalid));
        }
    }

    proptest! {
        #[test]
        fn hostile_bytes_are_only_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(entry) = Entry::from_bytes(&bytes) {
                prop_assert_eq!(entry.to_bytes(), &bytes[..]);
            }
            if let Ok(segment) = Segment::from_bytes(&bytes) {
                prop_assert_eq!(segment.to_bytes(), bytes);
            }
        }

        #[test]
        fn a_changed_byte_is_noticed(at: prop::sample::Index, bit in 0..8u8) {
            let (room, seat, founding) = founding();
            let segment =
                Segment::sign(room, seat.signer(), 1, Hash([0; 32]), vec![founding.to_bytes()]);
            let mut bytes = segment.to_bytes();
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            if let Ok(changed) = Segment::from_bytes(&bytes) {
                let last = changed.hashes(room).pop().unwrap();
                prop_assert!(changed.verify(room, &last).is_err() || changed.before != segment.before);
            }
        }
    }
}
