//! The account of one connected peer: attention, entries, strikes, and the segments that wait to be read.

use std::collections::VecDeque;
use std::time::Duration;

use super::volume::Volume;
use crate::budget::Bucket;
use covey_wire::limits;
use covey_wire::time::Instant;

/// A peer says hello at once; over a slow relay it may take some seconds.
const HELLO: Duration = Duration::from_secs(10);
/// Of two who wait for the other's hello, both speak in the end, early enough for that.
const GREETING: Duration = Duration::from_secs(3);

/// The account of one peer.
#[derive(Debug, Clone)]
pub struct Conduct {
    since: Instant,
    attention: Bucket,
    entries: Bucket,
    volume: Volume,
    strikes: Bucket,
    /// Segments that wait to be read, at most a window of them and one more.
    inbox: VecDeque<Vec<u8>>,
}

impl Conduct {
    /// Of a peer that came at `since`.
    pub fn new(since: Instant) -> Self {
        Self {
            since,
            attention: Bucket::new(limits::FLOOD_RATE, limits::FLOOD_BURST),
            entries: Bucket::new(limits::ENTRY_RATE, limits::ENTRY_BURST),
            volume: Volume::new(),
            strikes: Bucket::new(limits::STRIKES_RATE, limits::STRIKES),
            inbox: VecDeque::new(),
        }
    }

    /// When its hello must have come.
    pub fn hello_due(&self) -> Instant {
        self.since + HELLO
    }

    /// When ours goes out though its has not come.
    pub fn greeting_due(&self) -> Instant {
        self.since + GREETING
    }

    /// Takes attention that a message costs; false where there is none left.
    #[must_use]
    pub fn pay_attention(&mut self, cost: u32, now: Instant) -> bool {
        self.attention.take(cost, now)
    }

    /// Notes something useless or inadmissible; false where it was once too often.
    #[must_use]
    pub fn strike(&mut self, now: Instant) -> bool {
        self.strikes.take(1, now)
    }

    /// Segments came.
    pub fn put(&mut self, segments: Vec<Vec<u8>>, now: Instant) {
        self.volume.hear(segments.iter().map(Vec::len).sum(), now);
        self.inbox.extend(segments);
    }

    /// The next segment, unless the peer has had its share of attention. One that others build on
    /// may be `wanted` sooner, or those who read more slowly would hold them up.
    pub fn next_segment(&mut self, wanted: bool, now: Instant) -> Option<Vec<u8>> {
        let sound = if wanted { self.is_nearly_sound(now) } else { self.is_sound(now) };
        self.inbox.pop_front_if(|_| sound)
    }

    fn is_sound(&mut self, now: Instant) -> bool {
        self.entries.is_sound(now) & self.volume.is_sound(now)
    }

    /// Whether what was charged is at most a little more than the peer's share.
    pub fn is_nearly_sound(&mut self, now: Instant) -> bool {
        self.entries.is_nearly_sound(now) & self.volume.is_nearly_sound(now)
    }

    /// Entries were taken that came about since we met.
    pub fn charge(&mut self, entries: usize, bytes: usize, now: Instant) {
        self.entries.charge(number(entries), now);
        self.volume.charge(number(bytes), now);
    }

    /// Bytes that wait to be read.
    pub fn held(&self) -> usize {
        self.inbox.iter().map(Vec::len).sum()
    }

    /// When a segment that waits may be read.
    pub fn poll_timeout(&self) -> Option<Instant> {
        (!self.inbox.is_empty()).then(|| self.entries.due(0).max(self.volume.due()))
    }
}

/// The cost of a segment in a turn, in entries.
pub fn segment_cost(entries: usize, bytes: usize) -> u32 {
    number(entries + bytes / limits::TURN_BYTES) + limits::SIGNATURE_COST
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_noticed_within_two_seconds() {
        let mut conduct = Conduct::new(Instant(0));
        let flood =
            (0..10_000u32).find(|n| !conduct.pay_attention(1, Instant(1_000 + u64::from(*n) / 3)));
        assert!(flood.is_some_and(|n| n < 6_000), "{flood:?}");
    }

    #[test]
    fn a_peer_that_has_had_its_share_is_read_more_slowly_and_loses_nothing() {
        let mut conduct = Conduct::new(Instant(0));
        conduct.put(vec![vec![1], vec![2]], Instant(1_000));
        assert_eq!(conduct.next_segment(false, Instant(1_000)), Some(vec![1]));
        conduct.charge((limits::ENTRY_BURST + limits::ENTRY_RATE) as usize, 100, Instant(1_000));
        assert_eq!(conduct.next_segment(false, Instant(1_999)), None);
        assert_eq!(conduct.clone().next_segment(true, Instant(1_999)), Some(vec![2]));
        assert_eq!(conduct.poll_timeout(), Some(Instant(2_000)));
        assert_eq!(conduct.next_segment(false, Instant(2_000)), Some(vec![2]));
    }
}
