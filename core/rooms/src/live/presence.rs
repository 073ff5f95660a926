//! Presence: a name, a colour and a caret per seat. The newest counts, nothing is stored.

use std::time::Duration;

use litemap::LiteMap;

use super::color::COLORS;
use super::message::{Caret, Here, Message};
use super::name::clean_name;
use crate::roster::{Act, Permit};
use covey_wire::id::SeatId;
use covey_wire::limits;
use covey_wire::time::Instant;

/// Carets follow typing at 30 a second at most.
const PACE: Duration = Duration::from_millis(33);
/// Presence is sent again this often, for peers that missed it.
const BEAT: Duration = Duration::from_secs(2);
/// A seat that is silent for this long loses its caret.
const SILENCE: Duration = Duration::from_secs(9);

/// One's own state and that of every connected seat.
pub struct Presence {
    own: Here,
    dirty: bool,
    sent: Instant,
    others: LiteMap<SeatId, (Here, Instant)>,
}

impl Presence {
    /// Only oneself.
    pub fn new(name: &str, color: u8) -> Self {
        let own = Here { name: clean_name(name), color, caret: None };
        Self { own, dirty: true, sent: Instant(0), others: LiteMap::new() }
    }

    /// One's own state.
    pub fn own(&self) -> &Here {
        &self.own
    }

    /// The presence of a connected seat.
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
    pub fn heard(&mut self, seat: SeatId, here: Here, now: Instant, permit: &Permit) -> bool {
        permit.is_for(Act::Presence);
        if self.others.len() >= limits::PEERS && !self.others.contains_key(&seat) {
            return false;
        }
        let before = self.others.insert(seat, (here.clone(), now));
        before.is_none_or(|(old, _)| old != here)
    }

    /// Someone new is there: say everything again at once.
    pub fn greet(&mut self) {
        self.dirty = true;
        self.sent = Instant(0);
    }

    /// Forgets a seat.
    pub fn clear_peer(&mut self, seat: SeatId) -> bool {
        self.others.remove(&seat).is_some()
    }

    /// Takes the carets away of whoever has been silent for long; tells whose.
    pub fn expire(&mut self, now: Instant) -> Vec<SeatId> {
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
    pub fn poll(&mut self, now: Instant) -> Option<Message> {
        if now < self.poll_timeout() && now >= self.sent {
            return None;
        }
        self.dirty = false;
        self.sent = now;
        Some(Message::Here(self.own.clone()))
    }

    /// When the next message is due.
    pub fn poll_timeout(&self) -> Instant {
        self.sent + if self.dirty { PACE } else { BEAT }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use covey_wire::id::DocName;

    #[test]
    fn carets_are_paced_and_the_last_one_is_always_sent() {
        let caret = Caret { document: DocName::Code, anchor: vec![1], head: vec![2] };
        let mut presence = Presence::new("Ada", 0);
        assert!(presence.poll(Instant(1000)).is_some());
        presence.set_caret(Some(caret));
        assert!(presence.poll(Instant(1001)).is_none());
        assert_eq!(presence.poll_timeout(), Instant(1033));
        assert!(presence.poll(Instant(1033)).is_some());
        assert!(presence.poll(Instant(1034)).is_none());
    }
}
