//! Segments that wait for what they build on: bounded, and looked at again only when it came.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::id::{Head, MemberId, SeatId, ShortHash};
use crate::limits;

/// The buffer has no room for this author, for whoever brought it, or none at all.
#[derive(Debug)]
pub struct Full;

/// Author, first sequence number and the hash of the end.
type Name = (SeatId, u64, ShortHash);

/// In whose share something waits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Share {
    /// Of all together who are not known to be members.
    #[default]
    Strangers,
    /// Of the member who brought it.
    Member(MemberId),
    /// Of one's own disk: it was taken once, and is kept whatever its size.
    Disk,
}

#[derive(Debug)]
struct Item {
    share: Share,
    bytes: Vec<u8>,
}

#[derive(Debug, Default)]
pub struct Waiting {
    /// By the entry waited for: its seat, sequence number and hash.
    items: BTreeMap<SeatId, BTreeMap<(u64, ShortHash), BTreeMap<Name, Item>>>,
    ready: VecDeque<(Name, Item)>,
    sizes: BTreeMap<SeatId, usize>,
    shares: BTreeMap<Share, usize>,
    share: Share,
    total: usize,
    /// In whose shares something was refused for want of room, and is wanted again.
    refused: BTreeSet<Share>,
}

impl Waiting {
    /// What is put from here on is in this share. The shares outlive connections: who comes again has
    /// the same one.
    pub fn charge(&mut self, share: Share) {
        self.share = share;
    }

    /// Keeps a segment until what it waits for is there.
    pub fn put(&mut self, name: Name, bytes: &[u8], on: Head) -> Result<(), Full> {
        let there = self.items.get(&on.seat).and_then(|items| items.get(&(on.seq, on.hash)));
        if there.is_some_and(|items| items.contains_key(&name)) {
            return Ok(());
        }
        let of = |sizes: Option<&usize>| sizes.copied().unwrap_or(0) + bytes.len();
        let (author, share) = (of(self.sizes.get(&name.0)), of(self.shares.get(&self.share)));
        let most = match self.share {
            Share::Member(_) => limits::WAITING_SHARE,
            Share::Strangers => limits::WAITING_STRANGERS,
            Share::Disk => usize::MAX,
        };
        let total = self.total + bytes.len() > limits::WAITING_TOTAL;
        let full = share > most || author > limits::WAITING_BYTES || total;
        if full && self.share != Share::Disk {
            self.refused.insert(self.share);
            return Err(Full);
        }
        let item = Item { share: self.share, bytes: bytes.to_vec() };
        self.grow(name.0, &item);
        let items = self.items.entry(on.seat).or_default();
        items.entry((on.seq, on.hash)).or_default().insert(name, item);
        Ok(())
    }

    /// An entry is there now.
    pub fn is_there(&mut self, head: &Head) {
        let Some(items) = self.items.get_mut(&head.seat) else { return };
        let woken = items.remove(&(head.seq, head.hash));
        if items.is_empty() {
            self.items.remove(&head.seat);
        }
        self.ready.extend(woken.into_iter().flatten());
    }

    /// An entry will never be there.
    pub fn let_go(&mut self, head: &Head) -> Vec<Vec<u8>> {
        let items = self.items.get_mut(&head.seat);
        let gone = items.and_then(|items| items.remove(&(head.seq, head.hash)));
        self.items.retain(|_, items| !items.is_empty());
        let gone: Vec<(Name, Item)> = gone.into_iter().flatten().collect();
        gone.iter().for_each(|(name, item)| self.shrink(name.0, item));
        gone.into_iter().map(|(_, item)| item.bytes).collect()
    }

    /// Whether anything waits for an entry of this seat.
    pub fn is_for(&self, seat: SeatId) -> bool {
        self.items.contains_key(&seat)
    }

    /// How much waits.
    pub fn bytes(&self) -> usize {
        self.total
    }

    /// How many segments wait.
    pub fn count(&self) -> usize {
        self.items.values().flat_map(BTreeMap::values).map(BTreeMap::len).sum()
    }

    /// Whether something was refused since this was last true, and there is room again: what others leave
    /// waiting for ever does not count.
    pub fn wants_again(&mut self) -> bool {
        if self.total > limits::WAITING_TOTAL - limits::WAITING_SHARE {
            return false;
        }
        let before = self.refused.len();
        let shares = &self.shares;
        let is_full = |share: &Share| {
            shares.get(share).is_some_and(|share| *share >= limits::WAITING_SHARE / 2)
        };
        self.refused.retain(is_full);
        self.refused.len() < before
    }

    /// A segment to be looked at again.
    pub fn pop_ready(&mut self) -> Option<Vec<u8>> {
        let (name, item) = self.ready.pop_front()?;
        self.shrink(name.0, &item);
        // What it waits for next it waits for in the same share.
        self.share = item.share;
        Some(item.bytes)
    }

    fn grow(&mut self, author: SeatId, item: &Item) {
        *self.sizes.entry(author).or_default() += item.bytes.len();
        *self.shares.entry(item.share).or_default() += item.bytes.len();
        self.total += item.bytes.len();
    }

    fn shrink(&mut self, author: SeatId, item: &Item) {
        self.total -= item.bytes.len();
        shrink(&mut self.sizes, author, item.bytes.len());
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

    fn on(seq: u64, hash: u8) -> Head {
        Head { seat: A, seq, hash: ShortHash([hash; 16]) }
    }

    fn name(seat: SeatId, first: u64) -> Name {
        (seat, first, ShortHash([first as u8; 16]))
    }

    #[test]
    fn a_segment_waits_until_its_entry_is_there_and_no_other_at_its_place() {
        let mut waiting = Waiting::default();
        waiting.put(name(B, 1), b"late", on(5, 1)).unwrap();
        for other in [on(4, 1), on(5, 2), on(6, 1)] {
            waiting.is_there(&other);
            assert_eq!(waiting.pop_ready(), None);
        }
        waiting.is_there(&on(5, 1));
        assert_eq!(waiting.pop_ready().as_deref(), Some(&b"late"[..]));
        assert_eq!((waiting.total, waiting.sizes.len(), waiting.count()), (0, 0, 0));
    }

    #[test]
    fn a_longer_segment_is_not_replaced_by_a_shorter_one_and_neither_waits_twice() {
        let mut waiting = Waiting::default();
        let (long, short) = ((B, 1, ShortHash([8; 16])), (B, 1, ShortHash([9; 16])));
        for (name, bytes) in [(long, &b"longer"[..]), (short, b"short"), (long, b"longer")] {
            waiting.put(name, bytes, on(5, 1)).unwrap();
        }
        assert_eq!((waiting.count(), waiting.total), (2, 11));
    }

    #[test]
    fn who_brings_much_fills_only_its_own_share() {
        let mut waiting = Waiting::default();
        let half = vec![0; limits::WAITING_SHARE / 2];
        waiting.charge(Share::Member(M));
        let put = |waiting: &mut Waiting, seat: u8| {
            waiting.put(name(SeatId([seat; 32]), 1), &half, on(1, 1)).is_ok()
        };
        assert!(put(&mut waiting, 10) && put(&mut waiting, 11) && !put(&mut waiting, 12));
        waiting.charge(Share::Member(MemberId([4; 32])));
        assert!(put(&mut waiting, 12));
        waiting.charge(Share::Strangers);
        assert!(put(&mut waiting, 13));
        assert!(!waiting.wants_again(), "there is no room yet");
        waiting.is_there(&on(1, 1));
        while waiting.pop_ready().is_some() {}
        assert_eq!((waiting.total, waiting.shares.len()), (0, 0));
        assert!(waiting.wants_again() && !waiting.wants_again());
    }

    #[test]
    fn what_is_of_the_disk_waits_whatever_its_size() {
        let mut waiting = Waiting::default();
        let big = vec![0; limits::WAITING_BYTES];
        waiting.charge(Share::Disk);
        for first in 1..=10 {
            assert!(waiting.put(name(B, first), &big, on(1, 1)).is_ok());
        }
        waiting.charge(Share::Member(M));
        assert!(waiting.put(name(B, 11), &big, on(1, 1)).is_err());
    }
}
