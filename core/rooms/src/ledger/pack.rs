//! Segments of one seat that follow each other, joined: the signature of the last one vouches for
//! all, so what was typed key by key is verified, stored and sent in a few large pieces.
//!
//! Only segments that stand side by side in a log are joined: one between them could build on the first, and
//! the second on it. A segment with an act about members stays by itself: others wait for it.

use std::sync::Arc;

use super::{Body, Entry, Held, Ledger, Segment};
use covey_wire::frame::Wire;
use covey_wire::id::ShortHash;
use covey_wire::limits;

/// A segment, and those that it was joined from if there are several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// The encoded segment.
    pub bytes: Arc<[u8]>,
    /// Which of its seat's branches it is in.
    pub line: ShortHash,
    /// Its entries, encoded, in order.
    pub parts: Vec<Arc<[u8]>>,
}

/// Joins segments as they come, each the next in a log.
#[derive(Debug, Default)]
pub struct Packer(Option<Open>);

#[derive(Debug)]
struct Open {
    segment: Segment,
    line: ShortHash,
    parts: Vec<Arc<[u8]>>,
    size: usize,
}

impl Packer {
    /// Takes a segment that follows the one before in the log, which of its seat's branches it is in, and its
    /// bytes; gives what it can't be joined with.
    pub fn push(&mut self, next: Segment, line: ShortHash, bytes: Arc<[u8]>) -> Option<Pack> {
        let fits = |open: &&mut Open| open.line == line && open.fits(&next, bytes.len());
        if let Some(open) = self.0.as_mut().filter(fits) {
            open.segment.join(next);
            open.size += bytes.len();
            open.parts.push(bytes);
            return None;
        }
        let done = self.finish();
        self.0 = Some(Open { segment: next, line, size: bytes.len(), parts: vec![bytes] });
        done
    }

    /// Gives the last one.
    pub fn finish(&mut self) -> Option<Pack> {
        let Open { segment, line, mut parts, .. } = self.0.take()?;
        let bytes = match &parts[..] {
            [single] => single.clone(),
            _ => segment.to_bytes().into(),
        };
        if parts.len() == 1 {
            parts.clear();
        }
        Some(Pack { bytes, line, parts })
    }
}

impl Open {
    fn fits(&self, next: &Segment, more: usize) -> bool {
        self.segment.seat == next.seat
            && self.segment.last() + 1 == next.first
            && self.segment.entries.len() + next.entries.len() <= limits::SEGMENT_ENTRIES
            && self.size + more <= limits::PACKED
            && (self.parts.len() > 1 || is_content(&self.segment))
            && is_content(next)
    }
}

fn is_content(segment: &Segment) -> bool {
    let content = |entry: &Vec<u8>| {
        Entry::from_bytes(entry).is_ok_and(|entry| matches!(entry.body, Body::Document { .. }))
    };
    segment.entries.iter().all(content)
}

impl Ledger {
    /// Joins what can be joined in the log; gives what took the place of what. Places in the log
    /// change: nobody may remember one.
    pub fn pack(&mut self) -> Vec<Pack> {
        let mut packer = Packer::default();
        let (mut log, mut joined) = (Vec::new(), Vec::new());
        let mut put = |pack: Pack| {
            let Ok(segment) = Segment::from_bytes(&pack.bytes) else { return };
            let (seat, line, last) = (segment.seat, pack.line, segment.last());
            log.push(Held { seat, line, last, bytes: pack.bytes.clone() });
            if !pack.parts.is_empty() {
                joined.push(pack);
            }
        };
        for held in core::mem::take(&mut self.log) {
            // Everything in the log can be read.
            let Ok(segment) = Segment::from_bytes(&held.bytes) else { continue };
            packer.push(segment, held.line, held.bytes).map(&mut put);
        }
        packer.finish().map(&mut put);
        self.log = log;
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::SeatKey;
    use crate::seal::EpochId;
    use covey_wire::id::{DocName, Hash, RoomId};

    const ROOM: RoomId = RoomId([9; 32]);

    /// So many segments of one entry each.
    fn chain(key: u8, count: u64) -> Vec<Segment> {
        let key = SeatKey::new([key; 32]);
        let mut before = Hash([0; 32]);
        let body = |n| Body::Document { name: DocName::Code, epoch: EpochId([4; 8]), sealed: n };
        let segment = |first| {
            let entry = Entry { lamport: first, deps: Vec::new(), body: body(vec![7; 5]) };
            let entries = vec![entry.to_bytes()];
            let segment = Segment::sign(ROOM, key.signer(), first, before, entries);
            before = segment.hashes(ROOM)[0];
            segment
        };
        (1..=count).map(segment).collect()
    }

    fn packs(log: &[Segment]) -> Vec<Pack> {
        let mut packer = Packer::default();
        let push = |segment: &Segment| {
            packer.push(segment.clone(), ShortHash::default(), segment.to_bytes().into())
        };
        let mut packs: Vec<Pack> = log.iter().filter_map(push).collect();
        packs.extend(packer.finish());
        packs
    }

    #[test]
    fn segments_that_follow_each_other_become_one_and_its_signature_holds() {
        let log = [chain(1, 40), chain(2, 30), chain(3, 1)].concat();
        let packs = packs(&log);
        assert_eq!(packs.iter().map(|pack| pack.parts.len()).collect::<Vec<_>>(), [40, 30, 0]);
        let mut entries = Vec::new();
        for pack in &packs {
            let segment = Segment::from_bytes(&pack.bytes).expect("sound");
            let last = segment.hashes(ROOM).pop().expect("not empty");
            assert!(segment.verify(ROOM, &last).is_ok());
            entries.extend(segment.entries);
        }
        assert_eq!(entries, log.iter().flat_map(|each| each.entries.clone()).collect::<Vec<_>>());
    }

    #[test]
    fn a_joined_segment_is_bounded() {
        let most = limits::SEGMENT_ENTRIES;
        let packs = packs(&chain(1, most as u64 + 3));
        assert_eq!(packs.iter().map(|pack| pack.parts.len()).collect::<Vec<_>>(), [most, 3]);
    }

    #[test]
    fn branches_of_a_seat_are_not_joined() {
        let log = chain(1, 2);
        let mut packer = Packer::default();
        for (segment, line) in log.iter().zip([ShortHash::default(), ShortHash([1; 16])]) {
            let done = packer.push(segment.clone(), line, segment.to_bytes().into());
            assert!(done.is_none_or(|pack| pack.parts.is_empty()));
        }
        assert!(packer.finish().is_some_and(|pack| pack.parts.is_empty()));
    }

    #[test]
    fn segments_of_others_and_gaps_keep_segments_apart() {
        let (one, two) = (chain(1, 5), chain(2, 1));
        let log = [&one[0..2], &two[..], &one[2..3], &one[4..]].concat();
        assert_eq!(packs(&log).iter().map(|p| p.parts.len()).collect::<Vec<_>>(), [2, 0, 0, 0]);
    }
}
