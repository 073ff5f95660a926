//! What one connected peer has still to its credit: live messages, entries, patience.

use std::collections::VecDeque;
use std::time::Duration;

use super::budget::Bucket;
use super::volume::Volume;
use crate::presence::{Live, Topic};
use covey_wire::limits;
use covey_wire::time::Time;

/// A peer says hello at once; over a slow relay it may take some seconds.
const HELLO: Duration = Duration::from_secs(10);
/// Of two who wait for the other's, both speak in the end, early enough for that.
const GREETING: Duration = Duration::from_secs(3);

/// What becomes of a live message.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    /// It is heard at once.
    Now(Live),
    /// It waits for its turn; told is whether an older one gives way to it.
    Later(bool),
    /// The peer floods.
    Flood,
}

/// The account of one peer.
#[derive(Debug, Clone)]
pub struct Conduct {
    since: Time,
    live: Bucket,
    flood: Bucket,
    entries: Bucket,
    volume: Volume,
    strikes: Bucket,
    /// The newest live messages beyond the budget, one of each topic.
    late: VecDeque<Live>,
    /// Segments that wait to be looked at, at most a window of them and one more.
    inbox: VecDeque<Vec<u8>>,
}

impl Conduct {
    /// Of a peer that came at `since`.
    pub fn new(since: Time) -> Self {
        Self {
            since,
            live: Bucket::new(limits::LIVE_RATE, limits::LIVE_BURST),
            flood: Bucket::new(limits::FLOOD_RATE, limits::FLOOD_BURST),
            entries: Bucket::new(limits::ENTRY_RATE, limits::ENTRY_BURST),
            volume: Volume::new(),
            strikes: Bucket::new(limits::STRIKES_RATE, limits::STRIKES),
            late: VecDeque::new(),
            inbox: VecDeque::new(),
        }
    }

    /// When its hello must have come.
    pub fn hello_due(&self) -> Time {
        self.since + HELLO
    }

    /// When ours goes out though its has not come.
    pub fn greeting_due(&self) -> Time {
        self.since + GREETING
    }

    /// Something small came that costs attention; false where it is a flood.
    #[must_use]
    pub fn bears(&mut self, cost: u32, now: Time) -> bool {
        self.flood.take(cost, now)
    }

    /// Something useless or inadmissible came; false where it was once too often.
    #[must_use]
    pub fn forgives(&mut self, now: Time) -> bool {
        self.strikes.take(1, now)
    }

    /// A live message came.
    pub fn hear(&mut self, live: Live, now: Time) -> Heard {
        let cost = cost(&live);
        if !self.flood.take(cost, now) {
            return Heard::Flood;
        }
        if self.late.is_empty() && self.live.take(cost, now) {
            return Heard::Now(live);
        }
        let topic = topic(&live);
        let same = self.late.iter().position(|late| self::topic(late) == topic);
        let full = self.late.len() > limits::TOPICS;
        let older = same.or(full.then_some(0)).and_then(|at| self.late.remove(at));
        self.late.push_back(live);
        Heard::Later(older.is_some())
    }

    /// A live message whose turn has come.
    pub fn hear_late(&mut self, now: Time) -> Option<Live> {
        let cost = cost(self.late.front()?);
        self.live.take(cost, now).then(|| self.late.pop_front()).flatten()
    }

    /// Segments came.
    pub fn put(&mut self, segments: Vec<Vec<u8>>, now: Time) {
        self.volume.hear(segments.iter().map(Vec::len).sum(), now);
        self.inbox.extend(segments);
    }

    /// The next segment, unless the peer has had its share of attention. One that others build on
    /// may be `wanted` sooner, or those who read more slowly would hold them up.
    pub fn next_segment(&mut self, wanted: bool, now: Time) -> Option<Vec<u8>> {
        let sound = if wanted { self.owes_little(now) } else { self.is_sound(now) };
        self.inbox.pop_front_if(|_| sound)
    }

    fn is_sound(&mut self, now: Time) -> bool {
        self.entries.is_sound(now) & self.volume.is_sound(now)
    }

    /// Whether what was charged is at most a little more than the peer's share.
    pub fn owes_little(&mut self, now: Time) -> bool {
        self.entries.is_nearly_sound(now) & self.volume.is_nearly_sound(now)
    }

    /// Entries were taken that came about since we met.
    pub fn charge(&mut self, entries: usize, bytes: usize, now: Time) {
        self.entries.charge(number(entries), now);
        self.volume.charge(number(bytes), now);
    }

    /// Bytes that are held for the peer.
    pub fn held(&self) -> usize {
        let late = self.late.iter().map(|live| match live {
            Live::Here(_) => limits::NAME + 2 * limits::POSITION,
            Live::Say(say) => limits::TOPIC + say.value().len(),
        });
        self.inbox.iter().map(Vec::len).chain(late).sum()
    }

    /// When something that waits will have its turn.
    pub fn poll_timeout(&self) -> Option<Time> {
        let late = self.late.front().map(|live| self.live.due(cost(live)));
        let inbox = (!self.inbox.is_empty()).then(|| self.entries.due(0).max(self.volume.due()));
        [late, inbox].into_iter().flatten().min()
    }
}

fn topic(live: &Live) -> Option<&Topic> {
    match live {
        Live::Here(_) => None,
        Live::Say(say) => Some(say.topic()),
    }
}

fn cost(live: &Live) -> u32 {
    let more = match live {
        Live::Here(_) => 0,
        Live::Say(say) => say.value().len() / limits::LIVE_UNIT,
    };
    1 + number(more)
}

/// What a segment costs in a turn, in entries.
pub fn segment_cost(entries: usize, bytes: usize) -> u32 {
    number(entries + bytes / limits::TURN_BYTES) + limits::SIGNATURE_COST
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presence::Say;
    use covey_wire::id::DocName;

    fn say(name: &str, value: u32) -> Live {
        let topic = Topic::new(DocName::Board, name).expect("a sound name");
        Live::Say(Say::new(topic, value.to_be_bytes().to_vec()).expect("short enough"))
    }

    #[test]
    fn beyond_the_budget_the_newest_of_each_topic_is_heard_a_little_later() {
        let mut conduct = Conduct::new(Time(0));
        let mut heard = 0;
        for n in 0..2 * limits::LIVE_BURST {
            match conduct.hear(say("pointer", n), Time(1_000)) {
                Heard::Now(_) => heard += 1,
                Heard::Later(older) => assert_eq!(older, n > heard),
                Heard::Flood => panic!("{n} is no flood"),
            }
        }
        assert_eq!(heard, limits::LIVE_BURST);
        assert_eq!(conduct.hear(say("draft", 7), Time(1_000)), Heard::Later(false));
        let due = conduct.poll_timeout().expect("two wait");
        assert_eq!(conduct.hear_late(Time(1_000)), None);
        assert_eq!(conduct.hear_late(due), Some(say("pointer", 2 * limits::LIVE_BURST - 1)));
        assert_eq!(conduct.hear_late(due + Duration::from_secs(1)), Some(say("draft", 7)));
        assert_eq!(conduct.poll_timeout(), None);
    }

    #[test]
    fn a_flood_is_noticed_within_two_seconds_and_topics_are_bounded() {
        let mut conduct = Conduct::new(Time(0));
        let flood = (0..10_000u32).find(|n| {
            let now = Time(1_000 + u64::from(*n) / 3);
            conduct.hear(say(&n.to_string(), 0), now) == Heard::Flood
        });
        assert!(flood.is_some_and(|n| n < 6_000), "{flood:?}");
        assert!(conduct.late.len() <= limits::TOPICS + 1);
    }

    #[test]
    fn thirty_messages_a_second_of_each_kind_are_never_held_up() {
        let mut conduct = Conduct::new(Time(0));
        for frame in 0..3_000 {
            let now = Time(1_000 + frame * 33);
            for topic in ["pointer", "draft", "view", "typing"] {
                assert!(matches!(conduct.hear(say(topic, 0), now), Heard::Now(_)));
            }
        }
    }

    #[test]
    fn who_has_had_its_share_is_read_more_slowly_and_loses_nothing() {
        let mut conduct = Conduct::new(Time(0));
        conduct.put(vec![vec![1], vec![2]], Time(1_000));
        assert_eq!(conduct.next_segment(false, Time(1_000)), Some(vec![1]));
        conduct.charge((limits::ENTRY_BURST + limits::ENTRY_RATE) as usize, 100, Time(1_000));
        assert_eq!(conduct.next_segment(false, Time(1_999)), None);
        assert_eq!(conduct.clone().next_segment(true, Time(1_999)), Some(vec![2]));
        assert_eq!(conduct.poll_timeout(), Some(Time(2_000)));
        assert_eq!(conduct.next_segment(false, Time(2_000)), Some(vec![2]));
    }
}
