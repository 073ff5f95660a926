//! Segments of one seat that follow each other, joined: the signature of the last one vouches for
//! all, so what was typed key by key is verified, stored and sent in a few large pieces.
//!
//! Only what stands side by side in a log is joined: what lies between could build on the first and
//! be what the second builds on. What says something about members stays by itself: others wait for it.

use std::sync::Arc;

use super::{Held, Ledger, Segment};
use covey_wire::frame::Wire;
use covey_wire::limits;

/// A segment that was joined, for the disk: it takes the place of its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// The encoded segment.
    pub bytes: Arc<[u8]>,
    /// The segments in it, encoded, in order.
    pub parts: Vec<Arc<[u8]>>,
}

/// A segment, and those that it was joined from if there are several.
#[derive(Debug)]
pub struct Joined {
    /// The segment.
    pub held: Held,
    /// The segments in it, encoded, in order.
    pub parts: Vec<Arc<[u8]>>,
}

/// Joins segments as they come, each the next in a log.
#[derive(Debug, Default)]
pub struct Packer(Vec<Held>);

impl Packer {
    /// Takes the segment that comes next in the log; gives what it can't be joined with.
    pub fn push(&mut self, next: Held) -> Option<Joined> {
        let done = if self.fits(&next) { None } else { self.finish() };
        self.0.push(next);
        done
    }

    /// Gives the last one.
    pub fn finish(&mut self) -> Option<Joined> {
        let parts = core::mem::take(&mut self.0);
        let first = parts.first()?;
        let last = parts.last()?.last;
        let (mut held, mut parts) = (
            Held { last, ..first.clone() },
            parts.into_iter().map(|part| part.bytes).collect::<Vec<_>>(),
        );
        if parts.len() == 1 {
            parts.clear();
        } else {
            held.bytes = join(&parts)?;
        }
        Some(Joined { held, parts })
    }

    fn fits(&self, next: &Held) -> bool {
        let (Some(first), Some(last)) = (self.0.first(), self.0.last()) else { return true };
        let size: usize = self.0.iter().chain([next]).map(|held| held.bytes.len()).sum();
        last.last + 1 == next.first
            && (last.seat, last.line) == (next.seat, next.line)
            && next.last + 1 - first.first <= limits::SEGMENT_ENTRIES as u64
            && size <= limits::PACKED
            && !last.roster
            && !next.roster
    }
}

/// Segments that follow each other as one. Whatever is in the log can be read.
fn join(parts: &[Arc<[u8]>]) -> Option<Arc<[u8]>> {
    let mut segments = parts.iter().filter_map(|part| Segment::from_bytes(part).ok());
    let mut whole = segments.next()?;
    segments.for_each(|next| whole.join(next));
    Some(whole.to_bytes().into())
}

impl Ledger {
    /// Joins what can be joined in the log; gives what took the place of what. Places in the log
    /// change: nobody may remember one.
    pub fn pack(&mut self) -> Vec<Pack> {
        let mut packer = Packer::default();
        let (mut log, mut joined) = (Vec::new(), Vec::new());
        let mut put = |Joined { held, parts }: Joined| {
            if !parts.is_empty() {
                joined.push(Pack { bytes: held.bytes.clone(), parts });
            }
            log.push(held);
        };
        for held in core::mem::take(&mut self.log) {
            packer.push(held).map(&mut put);
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
    use crate::ledger::{Body, Entry};
    use crate::seal::EpochId;
    use covey_wire::id::{DocName, Hash, RoomId, ShortHash};

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

    fn held(segment: &Segment, line: ShortHash) -> Held {
        let (seat, first, last) = (segment.seat, segment.first, segment.last());
        Held { seat, line, first, last, roster: false, bytes: segment.to_bytes().into() }
    }

    fn packs(log: &[Segment]) -> Vec<Joined> {
        let mut packer = Packer::default();
        let push = |segment: &Segment| packer.push(held(segment, ShortHash::default()));
        let mut packs: Vec<Joined> = log.iter().filter_map(push).collect();
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
            let segment = Segment::from_bytes(&pack.held.bytes).expect("sound");
            let last = segment.hashes(ROOM).pop().expect("not empty");
            assert!(segment.verify(ROOM, &last).is_ok());
            entries.extend(segment.entries);
        }
        assert_eq!(entries, log.iter().flat_map(|each| each.entries.clone()).collect::<Vec<_>>());
    }

    #[test]
    fn it_is_bounded() {
        let most = limits::SEGMENT_ENTRIES;
        let packs = packs(&chain(1, most as u64 + 3));
        assert_eq!(packs.iter().map(|pack| pack.parts.len()).collect::<Vec<_>>(), [most, 3]);
    }

    #[test]
    fn branches_of_a_seat_are_not_joined() {
        let log = chain(1, 2);
        let mut packer = Packer::default();
        for (segment, line) in log.iter().zip([ShortHash::default(), ShortHash([1; 16])]) {
            let done = packer.push(held(segment, line));
            assert!(done.is_none_or(|pack| pack.parts.is_empty()));
        }
        assert!(packer.finish().is_some_and(|pack| pack.parts.is_empty()));
    }

    #[test]
    fn segments_of_others_and_missing_ones_part_them() {
        let (one, two) = (chain(1, 5), chain(2, 1));
        let log = [&one[0..2], &two[..], &one[2..3], &one[4..]].concat();
        assert_eq!(packs(&log).iter().map(|p| p.parts.len()).collect::<Vec<_>>(), [2, 0, 0, 0]);
    }
}
