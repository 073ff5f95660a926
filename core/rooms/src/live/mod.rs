//! The values that pass between peers and are never stored: presence, strokes in progress, "is typing".
//!
//! Of each seat and topic the newest counts. A peer speaks only for its own seat, since the connection says who it
//! is. [`Live`] takes messages with [`Who`] sent them, and gives what the page is told and what is to be sent.

mod color;
mod message;
mod name;
mod names;
mod pace;
mod presence;
mod say;

use std::collections::VecDeque;

use litemap::LiteMap;

use self::color::free_color;
pub use self::color::{COLORS, color_of};
pub use self::message::{Caret, Here, Message};
pub use self::name::{clean_name, clean_title};
use self::names::Names;
use self::pace::{Pace, Turn};
pub use self::presence::Presence;
pub use self::say::{Say, Says, Topic};
use crate::capability::Tools;
use crate::offence::Offence;
use crate::roster::{Act, Standing, Who, may};
use covey_wire::frame::Wire;
use covey_wire::id::{MemberId, SeatId};
use covey_wire::time::Instant;

/// The results of live messages.
#[derive(Debug)]
pub enum Output {
    /// A seat's presence changed; nothing when it left.
    Presence(SeatId, Option<Here>),
    /// A seat said something about a document; nothing when it was taken back or the seat left.
    Said(SeatId, Topic, Option<Vec<u8>>),
    /// Names or colours of people changed.
    People,
    /// A seat said what it should not.
    Offence(SeatId, Offence),
}

/// The live channel of one room.
pub struct Live {
    own: MemberId,
    presence: Presence,
    says: Says,
    names: Names,
    seats: LiteMap<SeatId, Seat>,
    out: VecDeque<Output>,
}

/// A connected seat.
struct Seat {
    pace: Pace,
    /// Its presence, sent before its member was known here.
    unknown: Option<Here>,
}

impl Live {
    /// Only oneself, with the names that were kept.
    pub fn new(
        own: MemberId,
        name: &str,
        names: impl IntoIterator<Item = (MemberId, String, u8)>,
    ) -> Self {
        let presence = Presence::new(name, color_of(own));
        let mut names = Names::new(names);
        names.put(own, &presence.own().name, presence.own().color);
        Self {
            own,
            presence,
            says: Says::default(),
            names,
            seats: LiteMap::new(),
            out: VecDeque::new(),
        }
    }

    /// A seat is connected.
    pub fn add_peer(&mut self, seat: SeatId) {
        self.seats.insert(seat, Seat { pace: Pace::new(), unknown: None });
    }

    /// A seat is gone, and what it said with it.
    pub fn clear_peer(&mut self, seat: SeatId) {
        self.seats.remove(&seat);
        self.clear_says(seat);
        if self.presence.clear_peer(seat) {
            self.out.push_back(Output::Presence(seat, None));
        }
    }

    /// A message came from a connected seat.
    pub fn message(&mut self, who: &Who, message: Message, now: Instant) {
        let Some(seat) = self.seats.get_mut(&who.seat) else { return };
        match seat.pace.put(message, now) {
            Turn::Now(message) => self.show(who, message, now),
            Turn::Later(false) => {}
            Turn::Later(true) => self.out.push_back(Output::Offence(who.seat, Offence::LiveRate)),
        }
    }

    /// Somebody became a member, or was heard of: what a seat said before is shown if it may be now.
    pub fn members_changed(&mut self, who: impl Fn(SeatId) -> Who, now: Instant) {
        let unknown = self.seats.iter_mut();
        let unknown = unknown.filter_map(|(seat, of)| Some((*seat, of.unknown.take()?)));
        for (seat, here) in unknown.collect::<Vec<_>>() {
            self.show_here(&who(seat), here, now);
        }
        // A peer that was let in knows by now who we are.
        self.greet();
    }

    /// Somebody new may hear what is said: everything is said again at once.
    pub fn greet(&mut self) {
        self.presence.greet();
        self.says.greet();
    }

    /// Time passed: shows what had to wait, and takes away the carets of seats that are silent.
    pub fn tick(&mut self, who: impl Fn(SeatId) -> Who, now: Instant) {
        let mut due = Vec::new();
        for (seat, of) in &mut self.seats {
            while let Some(message) = of.pace.poll(now) {
                due.push((*seat, message));
            }
        }
        for (seat, message) in due {
            self.show(&who(seat), message, now);
        }
        for seat in self.presence.expire(now) {
            self.clear_says(seat);
            let here = self.presence.of(seat).cloned();
            self.out.push_back(Output::Presence(seat, here));
        }
    }

    /// The messages that are due for everybody who may hear them.
    pub fn due(&mut self, now: Instant) -> impl Iterator<Item = Vec<u8>> + use<> {
        let said = self.says.poll(now).into_iter().map(Message::Say);
        self.presence.poll(now).into_iter().chain(said).map(|message| message.to_bytes())
    }

    /// When [`Live::tick`] wants to be called.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.seats.values().filter_map(|seat| seat.pace.poll_timeout()).min()
    }

    /// When [`Live::due`] has something.
    pub fn due_timeout(&self) -> Instant {
        let presence = self.presence.poll_timeout();
        self.says.poll_timeout().map_or(presence, |says| says.min(presence))
    }

    /// The next thing that came of messages.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// Where one's caret is.
    pub fn set_caret(&mut self, caret: Option<Caret>) {
        self.presence.set_caret(caret);
    }

    /// One's name.
    pub fn set_name(&mut self, name: &str) {
        self.presence.set_name(name);
        self.put_own_name();
    }

    /// Says something about a document, if one may write in it.
    pub fn say(&mut self, standing: Option<Standing>, say: Say) {
        let act = Act::Write(Tools::of(say.topic().document()));
        if let Some(permit) = standing.and_then(|standing| may(standing, act)) {
            self.says.say(say, &permit);
        }
    }

    /// A member's name and colour: those last heard, else no name and the colour that it begins with.
    pub fn name_of(&self, member: MemberId) -> (&str, u8) {
        self.names.of(member).unwrap_or(("", color_of(member)))
    }

    /// All names and colours, for keeping.
    pub fn names(&self) -> impl Iterator<Item = (MemberId, String, u8)> + '_ {
        self.names.all().map(|(member, name, color)| (member, name.to_owned(), color))
    }

    /// Whether names changed since the last call.
    pub fn drain_changed(&mut self) -> bool {
        self.names.drain_changed()
    }

    /// Bytes that wait to be shown.
    pub fn held(&self) -> usize {
        self.seats.values().map(|seat| seat.pace.held()).sum()
    }

    fn show(&mut self, who: &Who, message: Message, now: Instant) {
        match message {
            Message::Here(mut here) => {
                here.caret.take_if(|caret| caret.document.is_newer());
                self.show_here(who, here, now);
            }
            Message::Say(say) if say.topic().document().is_newer() => {
                self.out.push_back(Output::Offence(who.seat, Offence::Newer(0)));
            }
            Message::Say(say) => self.show_say(who, &say),
        }
    }

    /// The live channel is often faster than the one that says who a seat is, and that it was admitted: what the
    /// seat said by then is shown later.
    fn show_here(&mut self, who: &Who, here: Here, now: Instant) {
        let Some((member, standing)) = who.member.zip(who.standing) else {
            return self.keep_unknown(who.seat, here);
        };
        let Some(permit) = may(standing, Act::Presence) else {
            return self.keep_unknown(who.seat, here);
        };
        if self.names.put(member, &here.name, here.color) {
            self.out.push_back(Output::People);
        }
        self.yield_color(member, here.color);
        if self.presence.heard(who.seat, here.clone(), now, &permit) {
            self.out.push_back(Output::Presence(who.seat, Some(here)));
        }
    }

    fn keep_unknown(&mut self, seat: SeatId, here: Here) {
        if let Some(seat) = self.seats.get_mut(&seat) {
            seat.unknown = Some(here);
        }
    }

    /// Before it is known who a seat is, what it says about documents is dropped, since it is said again.
    fn show_say(&mut self, who: &Who, say: &Say) {
        let Some(standing) = who.standing else { return };
        let topic = say.topic();
        let Some(permit) = may(standing, Act::Write(Tools::of(topic.document()))) else {
            return self.out.push_back(Output::Offence(who.seat, Offence::Live));
        };
        if self.says.heard(who.seat, say, &permit) {
            let value = Some(say.value().to_vec()).filter(|value| !value.is_empty());
            self.out.push_back(Output::Said(who.seat, topic.clone(), value));
        }
    }

    /// Takes back what a seat said about documents.
    fn clear_says(&mut self, seat: SeatId) {
        for topic in self.says.clear_peer(seat) {
            self.out.push_back(Output::Said(seat, topic, None));
        }
    }

    /// Of two people with one colour the one with the higher id takes another.
    fn yield_color(&mut self, other: MemberId, color: u8) {
        if color != self.presence.own().color || other >= self.own {
            return;
        }
        let others = self.names.all().filter(|(member, ..)| *member != self.own);
        let color = free_color(others.map(|(_, _, color)| color));
        self.presence.set_color(color);
        self.put_own_name();
    }

    fn put_own_name(&mut self) {
        let own = self.presence.own();
        self.names.put(self.own, &own.name, own.color);
        self.out.push_back(Output::People);
    }
}

#[cfg(test)]
mod tests;
