//! Taking a seat: at once by a founder or a member, and after the admission by a newcomer.

use super::routing::Source;
use super::{Event, Room};
use crate::identity::SeatKey;
use crate::ledger::Reason;
use crate::roster::{Right, RosterAct};
use covey_wire::time::Time;

impl Room {
    /// Takes a seat, by the right that `enter` says; who is no member yet, as soon as it is one. A member whom
    /// the others would not take reads on, and is told so. An error only where a room is founded.
    pub fn sit(&mut self, key: SeatKey, enter: RosterAct, now: Time) -> Result<(), Reason> {
        let founds = matches!(&enter, RosterAct::Enter { right: Right::Founder(_), .. });
        self.entering = Some((key, enter));
        if founds {
            self.enter()?;
        } else {
            self.enter_if_admitted();
        }
        self.route(Source::Own, now);
        Ok(())
    }

    fn enter(&mut self) -> Result<(), Reason> {
        let Some((key, enter)) = self.entering.take() else { return Ok(()) };
        self.ledger.sit(key, enter)
    }

    /// Sits down once one was let in; true if anything came of it.
    pub(super) fn enter_if_admitted(&mut self) -> bool {
        if self.entering.is_none() || self.standing().is_none() {
            return false;
        }
        if let Err(reason) = self.enter() {
            self.count(reason);
            self.tell(Event::Unseated { reason: reason.name() });
        }
        true
    }

    /// Whether one has a seat in the log.
    pub fn is_seated(&self) -> bool {
        self.ledger.member(self.seat).is_some()
    }
}
