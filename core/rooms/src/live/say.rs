//! What people say that passes (a stroke being drawn, that one types): by document and topic the
//! newest counts, and nothing is stored.

use std::time::Duration;

use crate::capability::Tools;
use crate::roster::{Act, Permit};
use covey_wire::frame::{DecodeError, Reader, Wire, Writer};
use covey_wire::id::{DocName, SeatId};
use covey_wire::limits;
use covey_wire::time::Instant;

/// Strokes follow the hand at 30 a second at most.
const PACE: Duration = Duration::from_millis(33);
/// Said again this often, for whoever missed it.
const BEAT: Duration = Duration::from_secs(2);
/// How often it is said that something was taken back.
const FAREWELLS: u8 = 3;

/// What something is said about: a document and a name of 1 to `limits::TOPIC` bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    document: DocName,
    name: String,
}

impl Topic {
    /// A topic, unless its name is empty, too long or has control characters.
    pub fn new(document: DocName, name: &str) -> Option<Self> {
        let sound = (1..=limits::TOPIC).contains(&name.len()) && !name.contains(char::is_control);
        sound.then(|| Self { document, name: name.to_owned() })
    }

    /// The document: who may write there may speak about it.
    pub fn document(&self) -> &DocName {
        &self.document
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// One thing that is said; an empty value takes it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Say {
    topic: Topic,
    value: Vec<u8>,
}

impl Say {
    /// Something said, unless it is longer than `limits::SAID`.
    pub fn new(topic: Topic, value: Vec<u8>) -> Option<Self> {
        (value.len() <= limits::SAID).then_some(Self { topic, value })
    }

    /// What it is about.
    pub fn topic(&self) -> &Topic {
        &self.topic
    }

    /// What is said: the page's bytes, empty where it is taken back.
    pub fn value(&self) -> &[u8] {
        &self.value
    }
}

impl Wire for Say {
    fn write(&self, w: &mut Writer) {
        w.put(&self.topic.document).bytes(self.topic.name.as_bytes()).bytes(&self.value);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let document = r.take()?;
        let topic = Topic::new(document, r.text(limits::TOPIC)?).ok_or(DecodeError::Invalid)?;
        Ok(Self { topic, value: r.bytes(limits::SAID)?.to_vec() })
    }
}

/// What one says oneself, and what every connected seat says.
///
/// In lists: there are few of them, and each kind of map would be more code than all this.
#[derive(Debug, Default)]
pub struct Says {
    own: Vec<Own>,
    sent: Instant,
    others: Vec<(SeatId, Say)>,
}

#[derive(Debug)]
struct Own {
    say: Say,
    dirty: bool,
    /// How often it will still be said that it was taken back.
    farewells: u8,
}

impl Says {
    /// Says something. Of one topic more than `limits::TOPICS` nobody hears.
    pub fn say(&mut self, say: Say, permit: &Permit) {
        permit.is_for(Act::Write(Tools::of(say.topic.document())));
        let room = self.own.len() < limits::TOPICS;
        let known = self.own.iter_mut().find(|own| own.say.topic == say.topic);
        let fresh = |say| Own { say, dirty: true, farewells: FAREWELLS };
        match known {
            Some(own) if own.say != say => *own = fresh(say),
            None if !say.value.is_empty() && room => self.own.push(fresh(say)),
            _ => {}
        }
    }

    /// Takes what a seat says; true when it differs from before.
    pub fn heard(&mut self, seat: SeatId, say: &Say, permit: &Permit) -> bool {
        permit.is_for(Act::Write(Tools::of(say.topic.document())));
        let topic = |(of, said): &(SeatId, Say)| *of == seat && said.topic == say.topic;
        match self.others.iter().position(topic) {
            Some(at) if say.value.is_empty() => {
                self.others.swap_remove(at);
                true
            }
            Some(at) if self.others[at].1 != *say => {
                self.others[at].1 = say.clone();
                true
            }
            None if !say.value.is_empty() && self.has_room(seat) => {
                self.others.push((seat, say.clone()));
                true
            }
            _ => false,
        }
    }

    fn has_room(&self, seat: SeatId) -> bool {
        let topics = self.others.iter().filter(|(of, _)| *of == seat).count();
        topics < limits::TOPICS && self.others.len() < limits::PEERS * limits::TOPICS
    }

    /// Someone new is there: say everything again at once.
    pub fn greet(&mut self) {
        self.own.iter_mut().for_each(|own| own.dirty = true);
        self.sent = Instant(0);
    }

    /// Forgets a seat; tells what it had said.
    pub fn clear_peer(&mut self, seat: SeatId) -> Vec<Topic> {
        let mut topics = Vec::new();
        self.others.retain(|(of, say)| {
            if *of == seat {
                topics.push(say.topic.clone());
            }
            *of != seat
        });
        topics
    }

    /// What is to be sent to everyone now.
    pub fn poll(&mut self, now: Instant) -> Vec<Say> {
        if self.poll_timeout().is_none_or(|due| now < due) && now >= self.sent {
            return Vec::new();
        }
        let all = now >= self.sent + BEAT || now < self.sent;
        self.sent = now;
        let mut due = Vec::new();
        self.own.retain_mut(|own| {
            if all || own.dirty {
                own.dirty = false;
                due.push(own.say.clone());
                own.farewells -= u8::from(own.say.value.is_empty());
            }
            own.farewells > 0
        });
        due
    }

    /// When something is due to be sent.
    pub fn poll_timeout(&self) -> Option<Instant> {
        if self.own.is_empty() {
            return None;
        }
        let dirty = self.own.iter().any(|own| own.dirty);
        Some(self.sent + if dirty { PACE } else { BEAT })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capability::Role;
    use crate::roster::{Standing, may};

    fn topic(name: &str) -> Topic {
        Topic::new(DocName::Board, name).expect("a sound name")
    }

    fn say(name: &str, value: &[u8]) -> Say {
        Say::new(topic(name), value.to_vec()).expect("short enough")
    }

    fn permit() -> Permit {
        let standing = Standing::new(Role::Participant, Tools::ALL);
        may(standing, Act::Write(Tools::BOARD)).expect("a participant writes")
    }

    #[test]
    fn live_values_are_paced_and_the_last_is_always_sent() {
        let mut says = Says::default();
        says.say(say("draft", b"a"), &permit());
        assert_eq!(says.poll(Instant(1000)), [say("draft", b"a")]);
        says.say(say("draft", b"b"), &permit());
        says.say(say("draft", b"c"), &permit());
        assert!(says.poll(Instant(1001)).is_empty());
        assert_eq!(says.poll_timeout(), Some(Instant(1033)));
        assert_eq!(says.poll(Instant(1033)), [say("draft", b"c")]);
        assert!(says.poll(Instant(1034)).is_empty());
    }

    #[test]
    fn it_is_said_again_and_what_is_taken_back_is_forgotten_in_the_end() {
        let mut says = Says::default();
        says.say(say("draft", b"a"), &permit());
        says.poll(Instant(1000));
        assert_eq!(says.poll(Instant(3000)), [say("draft", b"a")]);
        says.say(say("draft", b""), &permit());
        for beat in 0..3 {
            assert_eq!(says.poll(Instant(5000 + beat * 2000)), [say("draft", b"")], "beat {beat}");
        }
        assert_eq!(says.poll_timeout(), None);
    }

    #[test]
    fn a_seat_has_so_many_topics_and_no_more() {
        let mut says = Says::default();
        let seat = SeatId([1; 32]);
        let permit = permit();
        for n in 0..limits::TOPICS {
            assert!(says.heard(seat, &say(&n.to_string(), b"x"), &permit));
        }
        assert!(!says.heard(seat, &say("one more", b"x"), &permit));
        assert!(says.heard(seat, &say("0", b""), &permit));
        assert!(says.heard(seat, &say("one more", b"x"), &permit));
        assert!(!says.heard(seat, &say("one more", b"x"), &permit));
        assert_eq!(says.clear_peer(seat).len(), limits::TOPICS);
    }

    #[test]
    fn a_live_value_has_the_golden_form() {
        let live = crate::live::Message::Say(say("draft", b"stroke"));
        crate::golden::check("say.hex", &live.to_bytes());
        assert_eq!(crate::live::Message::from_bytes(&live.to_bytes()), Ok(live));
    }

    #[test]
    fn long_names_and_values_are_refused() {
        assert!(Topic::new(DocName::Chat, "").is_none());
        assert!(Topic::new(DocName::Chat, &"x".repeat(limits::TOPIC + 1)).is_none());
        assert!(Say::new(topic("draft"), vec![0; limits::SAID + 1]).is_none());
        let long = say("draft", &vec![7; limits::SAID]);
        assert_eq!(Say::from_bytes(&long.to_bytes()), Ok(long));
    }
}
