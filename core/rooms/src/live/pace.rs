//! How much of what a seat says is shown at once: beyond that, the newest of each topic a little later.

use std::collections::VecDeque;

use super::message::Message;
use crate::budget::Bucket;
use covey_wire::limits;
use covey_wire::time::Instant;

/// The moment at which a live message is shown.
#[derive(Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is shown at once.
    Now(Message),
    /// It waits for its turn. Told is whether an older one gives way to it.
    Later(bool),
}

/// The budget of one seat.
#[derive(Debug, Clone)]
pub struct Pace {
    bucket: Bucket,
    /// The newest beyond the budget, one of each topic.
    waiting: VecDeque<Message>,
}

impl Pace {
    /// A seat that has said nothing yet.
    pub fn new() -> Self {
        let bucket = Bucket::new(limits::LIVE_RATE, limits::LIVE_BURST);
        Self { bucket, waiting: VecDeque::new() }
    }

    /// A message came.
    pub fn put(&mut self, message: Message, now: Instant) -> Turn {
        if self.waiting.is_empty() && self.bucket.take(message.cost(), now) {
            return Turn::Now(message);
        }
        let same = self.waiting.iter().position(|other| other.topic() == message.topic());
        let full = self.waiting.len() > limits::TOPICS;
        let older = same.or(full.then_some(0)).and_then(|at| self.waiting.remove(at));
        self.waiting.push_back(message);
        Turn::Later(older.is_some())
    }

    /// A message whose turn has come.
    pub fn poll(&mut self, now: Instant) -> Option<Message> {
        let cost = self.waiting.front()?.cost();
        self.bucket.take(cost, now).then(|| self.waiting.pop_front()).flatten()
    }

    /// When the next has its turn.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.waiting.front().map(|message| self.bucket.due(message.cost()))
    }

    /// Bytes that wait.
    pub fn held(&self) -> usize {
        self.waiting.iter().map(Message::size).sum()
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;
    use crate::live::{Say, Topic};
    use covey_wire::id::DocName;

    fn say(name: &str, value: u32) -> Message {
        let topic = Topic::new(DocName::Board, name).expect("a sound name");
        Message::Say(Say::new(topic, value.to_be_bytes().to_vec()).expect("short enough"))
    }

    #[test]
    fn beyond_the_budget_the_newest_of_each_topic_is_shown_a_little_later() {
        let mut pace = Pace::new();
        let mut shown = 0;
        for n in 0..2 * limits::LIVE_BURST {
            match pace.put(say("pointer", n), Instant(1_000)) {
                Turn::Now(_) => shown += 1,
                Turn::Later(older) => assert_eq!(older, n > shown),
            }
        }
        assert_eq!(shown, limits::LIVE_BURST);
        assert_eq!(pace.put(say("draft", 7), Instant(1_000)), Turn::Later(false));
        let due = pace.poll_timeout().expect("two wait");
        assert_eq!(pace.poll(Instant(1_000)), None);
        assert_eq!(pace.poll(due), Some(say("pointer", 2 * limits::LIVE_BURST - 1)));
        assert_eq!(pace.poll(due + Duration::from_secs(1)), Some(say("draft", 7)));
        assert_eq!(pace.poll_timeout(), None);
    }

    #[test]
    fn topics_that_wait_are_bounded() {
        let mut pace = Pace::new();
        for n in 0..10_000u32 {
            pace.put(say(&n.to_string(), 0), Instant(1_000));
        }
        assert!(pace.waiting.len() <= limits::TOPICS + 1);
    }

    #[test]
    fn thirty_messages_a_second_of_each_kind_are_never_held_up() {
        let mut pace = Pace::new();
        for frame in 0..3_000 {
            let now = Instant(1_000 + frame * 33);
            for topic in ["pointer", "draft", "view", "typing"] {
                assert!(matches!(pace.put(say(topic, 0), now), Turn::Now(_)));
            }
        }
    }
}
