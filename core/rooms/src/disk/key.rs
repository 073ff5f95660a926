//! Where things lie on the disk of a room.

use crate::ledger::Segment;
use covey_wire::frame::{Reader, Wire};

const SIGNATURE: usize = 64;
const LAMPORT: usize = 8;

/// Where a segment lies: after everything it builds on, and at the same place on every page, so that
/// two pages that both receive it store it once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentKey(Vec<u8>);

impl SegmentKey {
    /// The key of an encoded segment: the Lamport time of its first entry, then its signature.
    pub fn of(segment: &[u8]) -> Self {
        let signature = &segment[segment.len().saturating_sub(SIGNATURE)..];
        Self([&lamport(segment).to_be_bytes(), signature].concat())
    }

    /// A key as it was stored or told; none where these bytes are none.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let length = LAMPORT..=LAMPORT + SIGNATURE;
        length.contains(&bytes.len()).then(|| Self(bytes.to_vec()))
    }

    /// The key as it is stored; keys are ordered as these bytes are.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

fn lamport(segment: &[u8]) -> u64 {
    let segment = Segment::from_bytes(segment).ok();
    let first = segment.as_ref().and_then(|segment| segment.entries.first());
    first.and_then(|entry| Reader::new(entry).varint().ok()).unwrap_or_default()
}

/// Where a blob lies: a hash that names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobKey(pub [u8; 32]);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::SeatKey;
    use covey_wire::frame::Writer;
    use covey_wire::id::{Hash, RoomId};

    fn segment(lamport: u64) -> Vec<u8> {
        let mut entry = Writer::new();
        entry.varint(lamport);
        let (key, before) = (SeatKey::new([7; 32]), Hash([0; 32]));
        Segment::sign(RoomId([1; 32]), key.signer(), 1, before, vec![entry.into_bytes()]).to_bytes()
    }

    #[test]
    fn segments_lie_in_the_order_of_their_causes_each_at_one_place() {
        let [early, late] = [3, 300].map(|lamport| SegmentKey::of(&segment(lamport)));
        assert!(early < late);
        assert_eq!(&early.as_bytes()[..8], &3u64.to_be_bytes());
        assert!(segment(3).ends_with(&early.as_bytes()[8..]));
        assert_eq!(SegmentKey::from_bytes(early.as_bytes()), Some(early));
    }

    #[test]
    fn bytes_of_no_key_are_none_and_bytes_of_no_segment_have_one() {
        assert_eq!(SegmentKey::from_bytes(&[0; 7]), None);
        assert_eq!(SegmentKey::from_bytes(&[0; 73]), None);
        for bytes in [&b""[..], b"short", &[9; 200]] {
            let key = SegmentKey::of(bytes);
            assert_eq!(SegmentKey::from_bytes(key.as_bytes()), Some(key));
        }
    }
}
