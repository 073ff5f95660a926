//! Who is here, under which name, and where their caret is: live messages, newest wins, never
//! stored. A peer speaks only for its own seat, since the connection says who it is.
//!
//! ```text
//!   live message = version 1 │ 0 presence: name │ colour │ caret or none
//!                            │ 1 said:     document │ topic │ value, empty when taken back
//! ```

mod name;
mod say;

use std::time::Duration;

use litemap::LiteMap;

pub use self::name::{clean_name, clean_title};
pub use self::say::{Say, Says, Topic};
use covey_wire::frame::{DecodeError, Reader, Wire, Writer};
use covey_wire::id::{DocName, MemberId, SeatId};
use covey_wire::limits;
use covey_wire::time::Time;

const VERSION: u8 = 1;
/// Carets follow typing at 30 a second at most.
const PACE: Duration = Duration::from_millis(33);
/// Said again this often, so that whoever missed it knows soon.
const BEAT: Duration = Duration::from_secs(2);
/// Heard nothing for this long: the caret is taken away.
const SILENCE: Duration = Duration::from_secs(9);

/// Colours of people, readable on light and dark ground.
pub const COLORS: [&str; 12] = [
    "#0f766e", "#b45309", "#6d28d9", "#be123c", "#1d4ed8", "#4d7c0f", "#a21caf", "#0369a1",
    "#c2410c", "#15803d", "#4338ca", "#9f1239",
];

/// The first colour that none of these people have; the one they have least where all are taken.
pub fn free_color(taken: impl Iterator<Item = u8>) -> u8 {
    let mut counts = [0u32; COLORS.len()];
    taken.for_each(|color| counts[usize::from(color) % COLORS.len()] += 1);
    let least = counts.iter().enumerate().min_by_key(|(_, count)| **count);
    least.map_or(0, |(color, _)| color as u8)
}

/// The colour a member has unless it chooses another.
pub fn color_of(member: MemberId) -> u8 {
    member.0[0] % COLORS.len() as u8
}

/// A selection in a document, as Yjs relative positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caret {
    /// In which document.
    pub document: DocName,
    /// Where the selection began (an encoded Yjs relative position).
    pub anchor: Vec<u8>,
    /// Where it ends: the caret.
    pub head: Vec<u8>,
}

impl Wire for Caret {
    fn write(&self, w: &mut Writer) {
        w.put(&self.document).bytes(&self.anchor).bytes(&self.head);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            document: r.take()?,
            anchor: r.bytes(limits::POSITION)?.to_vec(),
            head: r.bytes(limits::POSITION)?.to_vec(),
        })
    }
}

/// What a seat says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Here {
    /// The person's name.
    pub name: String,
    /// Index into [`COLORS`].
    pub color: u8,
    /// Where it edits.
    pub caret: Option<Caret>,
}

/// A live message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Live {
    /// The newest state.
    Here(Here),
    /// Something about a document that passes.
    Say(Say),
}

impl Wire for Live {
    fn write(&self, w: &mut Writer) {
        w.u8(VERSION);
        match self {
            Live::Here(here) => {
                w.u8(0).bytes(here.name.as_bytes()).u8(here.color);
                match &here.caret {
                    None => w.u8(0),
                    Some(caret) => w.u8(1).put(caret),
                };
            }
            Live::Say(say) => {
                w.u8(1).put(say);
            }
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.version(VERSION)?;
        match r.u8()? {
            0 => {
                // A peer is not refused for a name that has what it should not have.
                let name = clean_name(r.text(limits::NAME)?);
                // A newer version may have more colours.
                let color = r.u8()? % COLORS.len() as u8;
                let caret = match r.u8()? {
                    0 => None,
                    1 => Some(r.take()?),
                    _ => return Err(DecodeError::Unknown),
                };
                Ok(Live::Here(Here { name, color, caret }))
            }
            1 => Ok(Live::Say(r.take()?)),
            _ => Err(DecodeError::Unknown),
        }
    }
}

/// One's own state and that of every connected seat.
pub struct Presence {
    own: Here,
    dirty: bool,
    sent: Time,
    others: LiteMap<SeatId, (Here, Time)>,
}

impl Presence {
    /// Only oneself.
    pub fn new(name: &str, color: u8) -> Self {
        let own = Here { name: clean_name(name), color, caret: None };
        Self { own, dirty: true, sent: Time(0), others: LiteMap::new() }
    }

    /// One's own state.
    pub fn own(&self) -> &Here {
        &self.own
    }

    /// What a connected seat said of itself.
    pub fn of(&self, seat: SeatId) -> Option<&Here> {
        self.others.get(&seat).map(|(here, _)| here)
    }

    /// Takes a new name.
    pub fn set_name(&mut self, name: &str) {
        self.own.name = clean_name(name);
        self.dirty = true;
    }

    /// Takes a new colour.
    pub fn set_color(&mut self, color: u8) {
        self.own.color = color % COLORS.len() as u8;
        self.dirty = true;
    }

    /// Takes a new caret.
    pub fn set_caret(&mut self, caret: Option<Caret>) {
        if self.own.caret != caret {
            self.own.caret = caret;
            self.dirty = true;
        }
    }

    /// Takes what a seat says; true when it differs from before.
    pub fn heard(&mut self, seat: SeatId, here: Here, now: Time) -> bool {
        if self.others.len() >= limits::PEERS && !self.others.contains_key(&seat) {
            return false;
        }
        let before = self.others.insert(seat, (here.clone(), now));
        before.is_none_or(|(old, _)| old != here)
    }

    /// Someone new is there: say everything again at once.
    pub fn greet(&mut self) {
        self.dirty = true;
        self.sent = Time(0);
    }

    /// Forgets a seat.
    pub fn clear_peer(&mut self, seat: SeatId) -> bool {
        self.others.remove(&seat).is_some()
    }

    /// Takes the carets away of whoever has been silent for long; tells whose.
    pub fn expire(&mut self, now: Time) -> Vec<SeatId> {
        let mut silent = Vec::new();
        for (seat, (here, heard)) in self.others.iter_mut() {
            if here.caret.is_some() && now.since(*heard) >= SILENCE {
                here.caret = None;
                silent.push(*seat);
            }
        }
        silent
    }

    /// The message to send to everyone now, if it is time.
    pub fn poll(&mut self, now: Time) -> Option<Live> {
        if now < self.poll_timeout() && now >= self.sent {
            return None;
        }
        self.dirty = false;
        self.sent = now;
        Some(Live::Here(self.own.clone()))
    }

    /// When the next message is due.
    pub fn poll_timeout(&self) -> Time {
        self.sent + if self.dirty { PACE } else { BEAT }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn here(name: &str) -> Here {
        let caret = Caret { document: DocName::Code, anchor: vec![1], head: vec![2] };
        Here { name: name.to_owned(), color: 3, caret: Some(caret) }
    }

    #[test]
    fn a_live_message_has_the_golden_form() {
        let live = Live::Here(here("Ada"));
        crate::golden::check("live.hex", &live.to_bytes());
        assert_eq!(Live::from_bytes(&live.to_bytes()), Ok(live));
    }

    #[test]
    fn carets_are_paced_and_the_last_one_is_always_sent() {
        let mut presence = Presence::new("Ada", 0);
        assert!(presence.poll(Time(1000)).is_some());
        presence.set_caret(here("x").caret);
        assert!(presence.poll(Time(1001)).is_none());
        assert_eq!(presence.poll_timeout(), Time(1033));
        assert!(presence.poll(Time(1033)).is_some());
        assert!(presence.poll(Time(1034)).is_none());
    }

    #[test]
    fn a_name_that_hides_or_turns_something_is_heard_without_it() {
        for (name, clean) in
            [("\u{202e}adA\u{0}", "adA"), ("\u{200b}\u{3164}", ""), ("A\nda", "A da")]
        {
            let mut said = here("Ada");
            said.name = name.to_owned();
            let heard = Live::from_bytes(&Live::Here(said).to_bytes());
            assert_eq!(heard, Ok(Live::Here(here(clean))), "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn hostile_bytes_are_only_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(live) = Live::from_bytes(&bytes) {
                prop_assert!(live.to_bytes().len() <= bytes.len());
                prop_assert_eq!(Live::from_bytes(&live.to_bytes()), Ok(live));
            }
        }
    }
}
