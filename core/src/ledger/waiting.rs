//! Segments that wait for what they build on: bounded, and looked at again only when it came.

use std::collections::{BTreeMap, VecDeque};

use crate::id::{MemberId, SeatId};
use crate::limits;

/// The buffer has no room for this author, or none at all.
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
type Item = (SeatId, Vec<u8>);

#[derive(Debug, Default)]
pub struct Waiting {
    /// By the seat waited for.
    entries: BTreeMap<SeatId, BTreeMap<Place, Vec<u8>>>,
    /// By the member waited for, author and its first sequence number.
    members: BTreeMap<(MemberId, SeatId, u64), Vec<u8>>,
    ready: VecDeque<Item>,
    sizes: BTreeMap<SeatId, usize>,
    total: usize,
}

impl Waiting {
    /// Keeps a segment until its blocker is gone.
    pub fn put(
        &mut self,
        seat: SeatId,
        first: u64,
        bytes: &[u8],
        blocker: Blocker,
    ) -> Result<(), Full> {
        let size = self.sizes.get(&seat).copied().unwrap_or(0) + bytes.len();
        if size > limits::WAITING_BYTES || self.total + bytes.len() > limits::WAITING_TOTAL {
            return Err(Full);
        }
        let old = match blocker {
            Blocker::Entry(on, seq) => {
                self.entries.entry(on).or_default().insert((seq, seat, first), bytes.to_vec())
            }
            Blocker::Member(on) => self.members.insert((on, seat, first), bytes.to_vec()),
        };
        self.grow(seat, bytes.len());
        if let Some(old) = old {
            self.shrink(seat, old.len());
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
        self.ready.extend(woken.into_iter().map(|((_, author, _), bytes)| (author, bytes)));
    }

    /// There is news about members.
    pub fn members_are(&mut self, member: impl Fn(MemberId) -> bool) {
        let waiting = core::mem::take(&mut self.members);
        let (woken, waiting) = waiting.into_iter().partition(|((on, _, _), _)| member(*on));
        self.members = waiting;
        let woken: BTreeMap<(MemberId, SeatId, u64), Vec<u8>> = woken;
        self.ready.extend(woken.into_iter().map(|((_, author, _), bytes)| (author, bytes)));
    }

    /// A segment to be looked at again.
    pub fn pop_ready(&mut self) -> Option<Vec<u8>> {
        let (author, bytes) = self.ready.pop_front()?;
        self.shrink(author, bytes.len());
        Some(bytes)
    }

    fn grow(&mut self, seat: SeatId, by: usize) {
        *self.sizes.entry(seat).or_default() += by;
        self.total += by;
    }

    fn shrink(&mut self, seat: SeatId, by: usize) {
        self.total -= by;
        if let Some(size) = self.sizes.get_mut(&seat) {
            *size -= by;
            if *size == 0 {
                self.sizes.remove(&seat);
            }
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
    fn an_author_can_fill_only_its_share() {
        let mut waiting = Waiting::default();
        let big = vec![0; limits::WAITING_BYTES / 2];
        assert!(waiting.put(B, 1, &big, Blocker::Member(M)).is_ok());
        assert!(waiting.put(B, 2, &big, Blocker::Entry(A, 1)).is_ok());
        assert!(waiting.put(B, 3, b"x", Blocker::Entry(A, 1)).is_err());
        assert!(waiting.put(A, 1, b"x", Blocker::Member(M)).is_ok());
    }
}
