//! Who is let in, and who may read until then.

use std::time::Duration;

use super::{Output, Room};
use crate::broken::{Rule, is_broken};
use crate::capability::{Chain, Terms};
use crate::roster::{Act, SeenClaim, may};
use crate::sync::Refusal;
use covey_wire::id::{MemberId, SeatId};
use covey_wire::limits;
use covey_wire::net::NetCommand;
use covey_wire::time::Time;

/// How long a peer without a right may be silent before it is told so: its admission may be held
/// back for a moment (`sync`), and come through a slow relay.
pub const PATIENCE: Duration = Duration::from_secs(3);

impl Room {
    /// Lets in whoever is connected and whose link's terms hold. Where the link asks for a
    /// moderator's word, a page gives none by itself.
    pub(super) fn admit_claims(&mut self, now: Time) -> bool {
        let me = self.identity.member;
        if self.standing().is_none() || !self.is_seated() {
            return false;
        }
        let claims = self.peers.values().flat_map(|peer| &peer.claims);
        let holds = claims.filter(|(_, claim)| {
            claim.member != me
                && !claim.terms.approval
                && self.ledger.roster().is_open(claim, |_| true)
                && self.holds(claim, now)
                && self.ledger.may_admit(me, claim)
        });
        let claims: Vec<_> = holds.map(|(signed, _)| signed.clone()).collect();
        if claims.is_empty() {
            return false;
        }
        self.ledger.flush();
        // One of two claims of one member may give all that the other does.
        claims.into_iter().filter(|claim| self.ledger.admit(claim.clone()).is_ok()).count() > 0
    }

    /// Whether a peer may be sent the log: it was admitted, or its link's terms hold (then it
    /// reads until someone with enough rights admits it).
    pub(super) fn may_read(&self, seat: SeatId, now: Time) -> bool {
        let Some(member) = self.member(seat) else { return false };
        if self.ledger.standing(member).is_some() {
            return true;
        }
        self.claims(seat).any(|claim| !claim.terms.approval && self.holds(claim, now))
    }

    /// The claims of a peer's links.
    fn claims(&self, seat: SeatId) -> impl Iterator<Item = &SeenClaim> {
        self.peers.get(&seat).into_iter().flat_map(|peer| &peer.claims).map(|(_, claim)| claim)
    }

    /// Tells the network who has shown that it may read, and them what passes.
    pub(super) fn trust(&mut self, now: Time) {
        let new = self.peers.iter().filter(|(_, peer)| !peer.trusted && peer.member.is_some());
        let proven = |seat: &SeatId| self.may_read(*seat, now) || is_broken(Rule::Trust);
        let new = new.map(|(seat, _)| *seat).filter(proven);
        for seat in new.collect::<Vec<_>>() {
            if let Some(peer) = self.peers.get_mut(&seat) {
                peer.trusted = true;
            }
            self.out.push_back(Output::Net(NetCommand::Trust(seat)));
            self.presence.greet();
            self.says.greet();
        }
    }

    /// A link that gives nothing any more gets an honest answer, but only when the peer has sent
    /// nothing for a while: it may have been admitted while the link held, and one's own log may
    /// lag behind.
    pub(super) fn doubt(&mut self, seat: SeatId, now: Time) {
        let hopeless = self.is_hopeless(seat, now);
        if let Some(peer) = self.peers.get_mut(&seat) {
            peer.doubt = hopeless.then(|| now + PATIENCE);
        }
    }

    /// Refuses a peer whose right to be here has not shown.
    pub(super) fn judge(&mut self, seat: SeatId, now: Time) {
        if let Some(peer) = self.peers.get_mut(&seat) {
            peer.doubt = None;
        }
        if self.is_hopeless(seat, now) {
            self.turned_away.retain(|away| *away != seat);
            if self.turned_away.len() >= limits::PEERS {
                self.turned_away.remove(0);
            }
            self.turned_away.push(seat);
            self.refuse(seat, Refusal::Right);
        }
    }

    /// Who was refused and has a right after all, as has shown by now, is met again.
    pub(super) fn dial_again(&mut self, now: Time) {
        let away = core::mem::take(&mut self.turned_away);
        let (allowed, still) = away.into_iter().partition(|seat| self.may_read(*seat, now));
        self.turned_away = still;
        let gone = Vec::into_iter(allowed).filter(|seat| !self.peers.contains_key(seat));
        self.out.extend(gone.map(|seat| Output::Net(NetCommand::Dial(seat))));
    }

    /// Whether a peer shows nothing by which anybody will let it in.
    fn is_hopeless(&self, seat: SeatId, now: Time) -> bool {
        let waits = |claim: &SeenClaim| claim.terms.approval && self.holds(claim, now);
        self.standing().is_some() && !self.may_read(seat, now) && !self.claims(seat).any(waits)
    }

    /// Whether who began a chain of grants may give what its first one does, by who is known here.
    pub fn anchors(&self, chain: &Chain) -> bool {
        let grants = chain.verify_all(self.identity.room).unwrap_or_default();
        grants.first().is_some_and(|first| self.may_give(chain.anchor, &first.terms))
    }

    fn may_give(&self, anchor: MemberId, first: &Terms) -> bool {
        self.ledger.standing(anchor).is_some_and(|anchor| {
            may(anchor, Act::Anchor(first.role)) && anchor.tools(first.role).include(first.tools)
        })
    }

    /// Whether a claim's terms hold by one's own clock and by who is known here.
    fn holds(&self, claim: &SeenClaim, now: Time) -> bool {
        let first = claim.first;
        claim.terms.valid_at(now)
            && first.valid_at(now)
            && self.ledger.roster().uses_left(claim, |_| true)
            && self.may_give(claim.anchor, &first)
    }
}
