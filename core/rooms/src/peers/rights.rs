//! By what right peers are here: claims that hold, doubts, refusals, and trust.

use super::{Output, PATIENCE, Peers};
use crate::broken::{Rule, is_broken};
use crate::identity::Signed;
use crate::ledger::Ledger;
use crate::offence::Offence;
use crate::roster::{Claim, SeenClaim, Who};
use covey_wire::id::SeatId;
use covey_wire::limits;
use covey_wire::time::{Now, Time};

impl Peers {
    /// Whether a peer may be sent the log: it was admitted, or its link's terms hold (then it
    /// reads until someone with enough rights admits it).
    pub fn may_read(&self, who: &Who, ledger: &Ledger, wall: Time) -> bool {
        let holds = |claim: &SeenClaim| !claim.terms.approval && holds(claim, ledger, wall);
        who.standing.is_some() || who.member.is_some() && self.claims(who.seat).any(holds)
    }

    /// The claims of connected peers whose terms hold and that need no moderator's word.
    pub fn holding_claims(
        &self,
        ledger: &Ledger,
        wall: Time,
    ) -> impl Iterator<Item = &(Signed<Claim>, SeenClaim)> {
        let claims = self.peers.values().flat_map(|peer| &peer.claims);
        claims.filter(move |(_, claim)| !claim.terms.approval && holds(claim, ledger, wall))
    }

    fn claims(&self, seat: SeatId) -> impl Iterator<Item = &SeenClaim> {
        self.peers.get(&seat).into_iter().flat_map(|peer| &peer.claims).map(|(_, claim)| claim)
    }

    /// Trusts the peers that have shown by now that they may read; true if there is a new one.
    pub fn trust(&mut self, may_read: impl Fn(&Self, SeatId) -> bool) -> bool {
        let new = self.peers.iter().filter(|(_, peer)| !peer.trusted && peer.member.is_some());
        let proven = |seat: &SeatId| may_read(self, *seat) || is_broken(Rule::Trust);
        let new: Vec<SeatId> = new.map(|(seat, _)| *seat).filter(proven).collect();
        for seat in &new {
            if let Some(peer) = self.peers.get_mut(seat) {
                peer.trusted = true;
            }
            self.out.push_back(Output::Trust(*seat));
        }
        !new.is_empty()
    }

    /// A peer whose link gives nothing any more gets an honest answer, but only when it has sent nothing for a
    /// while: it may have been admitted while the link held, and one's own log may lag behind.
    pub fn doubt(&mut self, who: &Who, ledger: &Ledger, now: Now) {
        let hopeless = self.is_hopeless(who, ledger, now.wall);
        if let Some(peer) = self.peers.get_mut(&who.seat) {
            peer.doubt = hopeless.then(|| now.elapsed + PATIENCE);
        }
    }

    /// Refuses the peers whose right to be here has not shown in time.
    pub fn judge(&mut self, who: impl Fn(&Self, SeatId) -> Who, ledger: &Ledger, now: Now) {
        let due = |(seat, peer): (&SeatId, &super::Peer)| {
            peer.doubt.is_some_and(|due| due <= now.elapsed).then_some(*seat)
        };
        for seat in self.peers.iter().filter_map(due).collect::<Vec<_>>() {
            if let Some(peer) = self.peers.get_mut(&seat) {
                peer.doubt = None;
            }
            let who = who(self, seat);
            if !self.is_hopeless(&who, ledger, now.wall) {
                continue;
            }
            self.refused.retain(|refused| *refused != seat);
            if self.refused.len() >= limits::PEERS {
                self.refused.remove(0);
            }
            self.refused.push(seat);
            self.out.push_back(Output::Refuse(seat));
            self.offend(&who, Offence::Right, now.elapsed);
        }
    }

    /// Connects again to seats that were refused and have a right after all, as has shown by now.
    pub fn dial_again(&mut self, may_read: impl Fn(&Self, SeatId) -> bool) {
        let refused = core::mem::take(&mut self.refused);
        let (allowed, still) = refused.into_iter().partition(|seat| may_read(self, *seat));
        self.refused = still;
        let gone = Vec::into_iter(allowed).filter(|seat| !self.peers.contains_key(seat));
        self.out.extend(gone.map(Output::Dial));
    }

    /// Whether a peer shows nothing by which anybody will let it in.
    fn is_hopeless(&self, who: &Who, ledger: &Ledger, wall: Time) -> bool {
        let waits = |claim: &SeenClaim| claim.terms.approval && holds(claim, ledger, wall);
        !self.may_read(who, ledger, wall) && !self.claims(who.seat).any(waits)
    }
}

/// Whether a claim's terms hold by one's own clock and by who is known here.
fn holds(claim: &SeenClaim, ledger: &Ledger, wall: Time) -> bool {
    let roster = ledger.roster();
    claim.terms.valid_at(wall)
        && claim.first.valid_at(wall)
        && roster.uses_left(claim, |_| true)
        && roster.may_anchor(claim.anchor, &claim.first, |_| true).is_some()
}
