//! Segments that wait for what they build on: bounded, and looked at again only when it came.

use std::collections::{BTreeMap, VecDeque};

use crate::id::{MemberId, SeatId};
use crate::limits;

/// The buffer has no room for this author, for whoever brought it, or none at all.
#[derive(Debug)]
pub struct Full;

/// What a segment waits for.
#[derive(Debug, Clone, Copy)]
pub enum Blocker {
    /// A seat's entry with this sequence number.
    Entry(SeatId, u64),
    /// That someone is a member.
    Member(MemberId),
}

/// Sequence number waited for, author, and the author's first sequence number.
type Place = (u64, SeatId, u64);

/// A segment and in whose share it waits: the member who brought it, or strangers together.
#[derive(Debug)]
struct Item {
    author: SeatId,
    share: Option<MemberId>,
    bytes: Vec<u8>,
}

#[derive(Debug, Default)]
pub struct Waiting {
    /// By the seat waited for.
    entries: BTreeMap<SeatId, BTreeMap<Place, Item>>,
    /// By the member waited for, author and its first sequence number.
    members: BTreeMap<(MemberId, SeatId, u64), Item>,
    ready: VecDeque<Item>,
    sizes: BTreeMap<SeatId, usize>,
    shares: BTreeMap<Option<MemberId>, usize>,
    share: Option<MemberId>,
    total: usize,
}

impl Waiting {
    /// What is put from here on is in this member's share, or in that of strangers. The shares
    /// outlive connections: who comes again has the same one.
    pub fn charge(&mut self, member: Option<MemberId>) {
        self.share = member;
    }

    /// Keeps a segment until its blocker is gone.
    pub fn put(
        &mut self,
        seat: SeatId,
        first: u64,
        bytes: &[u8],
        blocker: Blocker,
    ) -> Result<(), Full> {
        let author = self.sizes.get(&seat).copied().unwrap_or(0) + bytes.len();
        let share = self.shares.get(&self.share).copied().unwrap_or(0) + bytes.len();
        let most = match self.share {
            Some(_) => limits::WAITING_SHARE,
            None => limits::WAITING_STRANGERS,
        };
        let total = self.total + bytes.len();
        if author > limits::WAITING_BYTES || share > most || total > limits::WAITING_TOTAL {
            return Err(Full);
        }
        let item = Item { author: seat, share: self.share, bytes: bytes.to_vec() };
        self.grow(&item);
        let old = match blocker {
            Blocker::Entry(on, seq) => {
                self.entries.entry(on).or_default().insert((seq, seat, first), item)
            }
            Blocker::Member(on) => self.members.insert((on, seat, first), item),
        };
        if let Some(old) = old {
            self.shrink(&old);
        }
        Ok(())
    }

    /// A seat's head is at `seq` now.
    pub fn seat_is_at(&mut self, seat: SeatId, seq: u64) {
        let Some(items) = self.entries.get_mut(&seat) else { return };
        let later = items.split_off(&(seq + 1, SeatId([0; 32]), 0));
        let woken = core::mem::replace(items, later);
        if items.is_empty() {
            self.entries.remove(&seat);
        }
        self.ready.extend(woken.into_values());
    }

    /// There is news about members.
    pub fn members_are(&mut self, member: impl Fn(MemberId) -> bool) {
        let waiting = core::mem::take(&mut self.members);
        let (woken, waiting) = waiting.into_iter().partition(|((on, _, _), _)| member(*on));
        self.members = waiting;
        let woken: BTreeMap<(MemberId, SeatId, u64), Item> = woken;
        self.ready.extend(woken.into_values());
    }

    /// Whether anything waits for an entry of this seat.
    pub fn is_for(&self, seat: SeatId) -> bool {
        self.entries.contains_key(&seat)
    }

    /// How much waits.
    pub fn bytes(&self) -> usize {
        self.total
    }

    /// A segment to be looked at again.
    pub fn pop_ready(&mut self) -> Option<Vec<u8>> {
        let item = self.ready.pop_front()?;
        self.shrink(&item);
        // What it waits for next it waits for in the same share.
        self.share = item.share;
        Some(item.bytes)
    }

    fn grow(&mut self, item: &Item) {
        *self.sizes.entry(item.author).or_default() += item.bytes.len();
        *self.shares.entry(item.share).or_default() += item.bytes.len();
        self.total += item.bytes.len();
    }

    fn shrink(&mut self, item: &Item) {
        self.total -= item.bytes.len();
        shrink(&mut self.sizes, item.author, item.bytes.len());
        shrink(&mut self.shares, item.share, item.bytes.len());
    }
}

fn shrink<K: Ord>(sizes: &mut BTreeMap<K, usize>, of: K, by: usize) {
    if let Some(size) = sizes.get_mut(&of) {
        *size -= by;
        if *size == 0 {
            sizes.remove(&of);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: SeatId = SeatId([1; 32]);
    const B: SeatId = SeatId([2; 32]);
    const M: MemberId = MemberId([3; 32]);

    #[test]
    fn a_segment_waits_until_its_entry_is_there() {
        let mut waiting = Waiting::default();
        waiting.put(B, 1, b"late", Blocker::Entry(A, 5)).unwrap();
        waiting.seat_is_at(A, 4);
        assert_eq!(waiting.pop_ready(), None);
        waiting.seat_is_at(A, 6);
        assert_eq!(waiting.pop_ready().as_deref(), Some(&b"late"[..]));
        assert_eq!((waiting.total, waiting.sizes.len()), (0, 0));
    }

    #[test]
    fn who_brings_much_fills_only_its_own_share() {
        let mut waiting = Waiting::default();
        let half = vec![0; limits::WAITING_SHARE / 2];
        waiting.charge(Some(M));
        let put = |waiting: &mut Waiting, seat: u8| {
            waiting.put(SeatId([seat; 32]), 1, &half, Blocker::Entry(A, 1)).is_ok()
        };
        assert!(put(&mut waiting, 10) && put(&mut waiting, 11) && !put(&mut waiting, 12));
        waiting.charge(Some(MemberId([4; 32])));
        assert!(put(&mut waiting, 12));
        waiting.charge(None);
        assert!(put(&mut waiting, 13));
        waiting.seat_is_at(A, 1);
        while waiting.pop_ready().is_some() {}
        assert_eq!((waiting.total, waiting.shares.len()), (0, 0));
    }

    #[test]
    fn an_author_can_fill_only_its_share() {
        let mut waiting = Waiting::default();
        let big = vec![0; limits::WAITING_BYTES / 2];
        assert!(waiting.put(B, 1, &big, Blocker::Member(M)).is_ok());
        assert!(waiting.put(B, 2, &big, Blocker::Entry(A, 1)).is_ok());
        assert!(waiting.put(B, 3, b"x", Blocker::Entry(A, 1)).is_err());
        assert!(waiting.put(A, 1, b"x", Blocker::Member(M)).is_ok());
    }
}
