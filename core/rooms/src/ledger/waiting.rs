//! Segments that wait for what they build on: bounded, and looked at again only when it came.

use std::collections::VecDeque;
use std::sync::Arc;

use litemap::LiteMap;

use super::Received;
use covey_wire::id::{Head, MemberId, SeatId, ShortHash};
use covey_wire::limits;
use covey_wire::sorted::SortedMap;

/// The buffer has no room for this author, for the peer that brought it, or none at all.
#[derive(Debug)]
pub struct Full;

/// Author, first sequence number and the hash of the end.
type Name = (SeatId, u64, ShortHash);

/// The share of the buffer in which a segment waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Share {
    /// Of a peer that is not known to be a member's. It is forgotten with the connection.
    Stranger(SeatId),
    /// Of the member who brought it.
    Member(MemberId),
    /// Of one's own disk: it was taken once, and is kept whatever its size.
    Disk,
}

#[derive(Debug)]
struct Item {
    share: Share,
    segment: Arc<Received>,
}

#[derive(Debug)]
pub struct Waiting {
    /// By the entry waited for.
    items: SortedMap<(Head, Name), Item>,
    ready: VecDeque<(Name, Item)>,
    sizes: SortedMap<SeatId, usize>,
    shares: LiteMap<Share, usize>,
    share: Share,
    total: usize,
    /// The shares in which something was refused for want of room, which is wanted again.
    refused: Vec<Share>,
}

impl Item {
    fn size(&self) -> usize {
        self.segment.size()
    }
}

impl Default for Waiting {
    fn default() -> Self {
        Self {
            items: SortedMap::new(),
            ready: VecDeque::new(),
            sizes: SortedMap::new(),
            shares: LiteMap::new(),
            share: Share::Disk,
            total: 0,
            refused: Vec::new(),
        }
    }
}

impl Waiting {
    /// Segments put from here on are in this share. A member's share outlives connections: a
    /// member that comes again has the same one.
    pub fn charge(&mut self, share: Share) {
        self.share = share;
    }

    /// Whether what is offered is of one's own disk.
    pub fn is_of_disk(&self) -> bool {
        self.share == Share::Disk
    }

    /// Keeps a segment until what it waits for is there.
    pub fn put(&mut self, name: Name, segment: &Arc<Received>, on: Head) -> Result<(), Full> {
        if self.items.contains_key(&(on, name)) {
            return Ok(());
        }
        let size = segment.size();
        let author = self.sizes.get(&name.0).copied().unwrap_or(0) + size;
        let fits = author <= limits::WAITING_BYTES && self.make_room(size);
        if !fits && self.share != Share::Disk {
            self.is_refused(self.share);
            return Err(Full);
        }
        let item = Item { share: self.share, segment: segment.clone() };
        self.grow(name.0, &item);
        self.items.insert((on, name), item);
        Ok(())
    }

    /// Whether so much more fits into the share that is charged. Where all is full the largest share gives
    /// way to a member whose own stays smaller, and is asked for again.
    fn make_room(&mut self, more: usize) -> bool {
        let own = self.held(self.share) + more;
        let most = self.shares.iter().filter(|(share, _)| **share != Share::Disk);
        let most = most.max_by_key(|(_, held)| **held).map(|(share, held)| (*share, *held));
        if let (Share::Member(_), Some((largest, held))) = (self.share, most)
            && self.total + more > limits::WAITING_TOTAL
            && own < held
        {
            self.clear(largest);
            self.is_refused(largest);
        }
        self.has_room(self.share, more)
    }

    fn is_refused(&mut self, share: Share) {
        if !self.refused.contains(&share) {
            self.refused.push(share);
        }
    }

    fn held(&self, share: Share) -> usize {
        self.shares.get(&share).copied().unwrap_or(0)
    }

    /// Whether so much more fits into a share.
    fn has_room(&self, share: Share, more: usize) -> bool {
        let own = self.held(share) + more <= limits::WAITING_SHARE;
        let strangers = || {
            let of = |(share, size): (&Share, &usize)| match share {
                Share::Stranger(_) => *size,
                _ => 0,
            };
            self.shares.iter().map(of).sum::<usize>() + more <= limits::WAITING_STRANGERS
        };
        let common = match share {
            Share::Stranger(_) => strangers(),
            _ => true,
        };
        own && common && self.total + more <= limits::WAITING_TOTAL
    }

    /// An entry is there now.
    pub fn is_there(&mut self, head: &Head) {
        let woken = self.take(head);
        self.ready.extend(woken);
    }

    /// An entry will never be there.
    pub fn let_go(&mut self, head: &Head) -> Vec<Arc<Received>> {
        let gone = self.take(head);
        gone.iter().for_each(|(name, item)| self.shrink(name.0, item));
        gone.into_iter().map(|(_, item)| item.segment).collect()
    }

    /// A peer is gone: what it brought while it was not known to be a member's is not waited for.
    pub fn clear_peer(&mut self, seat: SeatId) {
        let share = Share::Stranger(seat);
        self.refused.retain(|other| *other != share);
        self.clear(share);
    }

    fn clear(&mut self, share: Share) {
        if self.shares.get(&share).is_none() {
            return;
        }
        let brought = self.items.iter().filter(|(_, item)| item.share == share);
        for key in brought.map(|(key, _)| *key).collect::<Vec<_>>() {
            if let Some(item) = self.items.remove(&key) {
                self.shrink(key.1.0, &item);
            }
        }
    }

    fn take(&mut self, head: &Head) -> Vec<(Name, Item)> {
        let first = (SeatId([0; 32]), 0, ShortHash([0; 16]));
        let from = self.items.iter_from(&(*head, first)).map(|(key, _)| *key);
        let keys: Vec<_> = from.take_while(|(on, _)| on == head).collect();
        keys.into_iter().filter_map(|key| Some((key.1, self.items.remove(&key)?))).collect()
    }

    /// Whether anything waits for an entry of this seat.
    pub fn is_for(&self, seat: SeatId) -> bool {
        let first = Head { seat, seq: 0, hash: ShortHash([0; 16]) };
        let name = (SeatId([0; 32]), 0, ShortHash([0; 16]));
        self.items.iter_from(&(first, name)).next().is_some_and(|((head, _), _)| head.seat == seat)
    }

    /// How much waits.
    pub fn bytes(&self) -> usize {
        self.total
    }

    /// How many segments wait.
    pub fn count(&self) -> usize {
        self.items.len()
    }

    /// Whether something was refused and there is room for it now.
    pub fn wants_again(&self) -> bool {
        self.refused.iter().any(|share| self.has_room(*share, limits::WAITING_SHARE / 2))
    }

    /// Segments that were refused, and for which there is room now, are asked for.
    pub fn asked_again(&mut self) {
        let mut refused = core::mem::take(&mut self.refused);
        refused.retain(|share| !self.has_room(*share, limits::WAITING_SHARE / 2));
        self.refused = refused;
    }

    /// A segment to be looked at again.
    pub fn pop_ready(&mut self) -> Option<Arc<Received>> {
        let (name, item) = self.ready.pop_front()?;
        self.shrink(name.0, &item);
        // What it waits for next it waits for in the same share.
        self.share = item.share;
        Some(item.segment)
    }

    fn grow(&mut self, author: SeatId, item: &Item) {
        *self.sizes.or_default(author) += item.size();
        *self.shares.entry(item.share).or_insert(0) += item.size();
        self.total += item.size();
    }

    fn shrink(&mut self, author: SeatId, item: &Item) {
        self.total -= item.size();
        shrink(&mut self.sizes, author, item.size());
        if let Some(size) = self.shares.get_mut(&item.share) {
            *size -= item.size();
            if *size == 0 {
                self.shares.remove(&item.share);
            }
        }
    }
}

fn shrink<K: Ord>(sizes: &mut SortedMap<K, usize>, of: K, by: usize) {
    if let Some(size) = sizes.get_mut(&of) {
        *size -= by;
        if *size == 0 {
            sizes.remove(&of);
        }
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;

    use super::*;
    use crate::ledger::Segment;
    use covey_wire::frame::Wire;
    use covey_wire::id::{Hash, RoomId};

    const A: SeatId = SeatId([1; 32]);
    const B: SeatId = SeatId([2; 32]);
    const M: MemberId = MemberId([3; 32]);

    fn on(seq: u64, hash: u8) -> Head {
        Head { seat: A, seq, hash: ShortHash([hash; 16]) }
    }

    fn segment(bytes: &[u8]) -> Arc<Received> {
        let key = SigningKey::from_bytes(&[1; 32]);
        let segment = Segment::sign(RoomId([1; 32]), &key, 1, Hash([0; 32]), Vec::new());
        Arc::new(Received { segment, bytes: bytes.into() })
    }

    fn name(seat: SeatId, first: u64) -> Name {
        (seat, first, ShortHash([first as u8; 16]))
    }

    #[test]
    fn a_segment_waits_until_its_entry_is_there_and_no_other_at_its_place() {
        let mut waiting = Waiting::default();
        waiting.put(name(B, 1), &segment(b"late"), on(5, 1)).unwrap();
        for other in [on(4, 1), on(5, 2), on(6, 1)] {
            waiting.is_there(&other);
            assert!(waiting.pop_ready().is_none());
        }
        waiting.is_there(&on(5, 1));
        let ready = waiting.pop_ready().map(|ready| ready.bytes.to_vec());
        assert_eq!(ready, Some(b"late".to_vec()));
        assert_eq!((waiting.total, waiting.sizes.len(), waiting.count()), (0, 0, 0));
    }

    #[test]
    fn a_longer_segment_is_not_replaced_by_a_shorter_one_and_neither_waits_twice() {
        let mut waiting = Waiting::default();
        let (long, short) = ((B, 1, ShortHash([8; 16])), (B, 1, ShortHash([9; 16])));
        for (name, bytes) in [(long, &b"longer"[..]), (short, b"short"), (long, b"longer")] {
            waiting.put(name, &segment(bytes), on(5, 1)).unwrap();
        }
        assert_eq!((waiting.count(), waiting.total), (2, 11));
    }

    #[test]
    fn a_peer_that_brings_much_fills_only_its_own_share() {
        let mut waiting = Waiting::default();
        let half = segment(&vec![0; limits::WAITING_SHARE / 2]);
        waiting.charge(Share::Member(M));
        let put = |waiting: &mut Waiting, seat: u8| {
            waiting.put(name(SeatId([seat; 32]), 1), &half, on(1, 1)).is_ok()
        };
        assert!(put(&mut waiting, 10) && put(&mut waiting, 11) && !put(&mut waiting, 12));
        waiting.charge(Share::Member(MemberId([4; 32])));
        assert!(put(&mut waiting, 12));
        waiting.charge(Share::Stranger(B));
        assert!(put(&mut waiting, 13));
        assert!(!waiting.wants_again(), "there is no room yet");
        waiting.is_there(&on(1, 1));
        while waiting.pop_ready().is_some() {}
        assert_eq!((waiting.total, waiting.shares.len()), (0, 0));
        assert!(waiting.wants_again());
        waiting.asked_again();
        assert!(!waiting.wants_again());
    }

    #[test]
    fn a_strangers_waiting_segments_go_with_it_and_delay_no_others() {
        let mut waiting = Waiting::default();
        let half = segment(&vec![0; limits::WAITING_SHARE / 2]);
        for stranger in 0..100 {
            waiting.charge(Share::Stranger(SeatId([stranger; 32])));
            for seat in 0..3 {
                let _ =
                    waiting.put(name(SeatId([10 + seat; 32]), stranger.into()), &half, on(1, 1));
            }
        }
        assert!(waiting.total <= limits::WAITING_STRANGERS);
        waiting.charge(Share::Member(M));
        assert!(waiting.put(name(B, 1), &half, on(2, 1)).is_ok());
        assert!(waiting.put(name(B, 2), &half, on(2, 1)).is_ok());
        assert!(waiting.put(name(B, 3), &half, on(2, 1)).is_err());
        waiting.is_there(&on(2, 1));
        while waiting.pop_ready().is_some() {}
        assert!(waiting.wants_again(), "whatever the strangers hold");
        (0..100).for_each(|stranger| waiting.clear_peer(SeatId([stranger; 32])));
        assert_eq!((waiting.total, waiting.count(), waiting.sizes.len()), (0, 0, 0));
    }

    #[test]
    fn segments_of_many_small_entries_take_no_more_memory_than_others() {
        let mut waiting = Waiting::default();
        waiting.charge(Share::Member(M));
        let key = SigningKey::from_bytes(&[1; 32]);
        let entries = vec![Vec::new(); limits::SEGMENT_ENTRIES];
        let segment = Segment::sign(RoomId([1; 32]), &key, 1, Hash([0; 32]), entries);
        let memory = limits::SEGMENT_ENTRIES * size_of::<Vec<u8>>();
        let segment = Received::read(segment.to_bytes()).unwrap();
        let most = limits::WAITING_SHARE / memory + 1;
        let wait = |first: &usize| waiting.put(name(B, *first as u64), &segment, on(1, 1)).is_ok();
        assert!((1..10 * most).take_while(wait).count() <= most);
    }

    #[test]
    fn a_segment_of_the_disk_waits_whatever_its_size() {
        let mut waiting = Waiting::default();
        let big = segment(&vec![0; limits::WAITING_BYTES]);
        waiting.charge(Share::Disk);
        for first in 1..=10 {
            assert!(waiting.put(name(B, first), &big, on(1, 1)).is_ok());
        }
        waiting.charge(Share::Member(M));
        assert!(waiting.put(name(B, 11), &big, on(1, 1)).is_err());
    }
}
