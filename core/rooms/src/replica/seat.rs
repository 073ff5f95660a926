//! Taking a seat: at once by a founder or a member, and after the admission by a newcomer.

use super::{Change, Replica};
use crate::event::Event;
use crate::identity::SeatKey;
use crate::identity::Signed;
use crate::ledger::Reason;
use crate::roster::Claim;
use crate::roster::{Right, RosterAct, SeenClaim};

impl Replica {
    /// Takes a seat, by the right that `enter` says; who is no member yet, as soon as it is one. A member whom
    /// the others would not take reads on, and is told so. An error only where a room is founded.
    pub fn sit(&mut self, key: SeatKey, enter: RosterAct) -> Result<(), Reason> {
        let founds = matches!(&enter, RosterAct::Enter { right: Right::Founder(_), .. });
        self.entering = Some((key, enter));
        if founds {
            self.enter()?;
        } else {
            self.enter_if_admitted();
        }
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
            self.out.push_back(Change::from(reason));
            self.emit(Event::Unseated { reason: reason.name() });
        }
        true
    }

    /// Whether one has a seat in the log.
    pub fn is_seated(&self) -> bool {
        self.ledger.member(self.own.seat).is_some()
    }

    /// Whether what one writes goes into the log at once.
    pub fn is_in(&self) -> bool {
        self.standing().is_some() && self.is_seated()
    }

    /// Whether one may admit a claim, and it gives its member something.
    pub fn may_admit(&self, claim: &SeenClaim) -> bool {
        let roster = self.ledger.roster();
        claim.member != self.own.member
            && roster.is_open(claim, |_| true)
            && roster.may_admit(self.own.member, claim, |_| true).is_ok()
    }

    /// Admits whoever makes these claims; true if somebody was. One of two claims of one member may give all that
    /// the other does.
    pub fn admit(&mut self, claims: Vec<Signed<Claim>>) -> bool {
        if claims.is_empty() {
            return false;
        }
        self.ledger.flush();
        let admitted = claims.into_iter().filter(|claim| self.ledger.admit(claim.clone()).is_ok());
        let any = admitted.count() > 0;
        self.ledger.flush();
        any
    }
}
