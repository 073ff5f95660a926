//! Who is let in, and who may read until then.

use std::collections::BTreeSet;

use super::Room;
use crate::id::{Hash, MemberId, SeatId};
use crate::roster::{Act, SeenClaim, may};
use crate::time::Time;

impl Room {
    /// Lets in whoever is connected and whose link's terms hold. Where the link asks for a
    /// moderator's word, a page gives none by itself.
    pub(super) fn admit_claims(&mut self, now: Time) -> bool {
        let me = self.identity.member;
        if self.standing().is_none() {
            return false;
        }
        let connected: BTreeSet<MemberId> =
            self.peers.keys().filter_map(|seat| self.member(*seat)).collect();
        let open = connected.iter().filter(|member| **member != me);
        let open = open.flat_map(|member| self.ledger.roster().open_claims_of(*member));
        let holds = open.filter(|(_, claim)| {
            !claim.terms.approval && self.holds(claim, now) && self.ledger.may_admit(me, claim)
        });
        let hashes: Vec<Hash> = holds.map(|(hash, _)| *hash).collect();
        if hashes.is_empty() {
            return false;
        }
        self.ledger.flush();
        hashes.iter().filter(|hash| self.ledger.admit(**hash).is_ok()).count() > 0
    }

    /// Whether a peer may be sent the log: it was admitted, or its link's terms hold (then it
    /// reads until someone with enough rights admits it).
    pub(super) fn may_read(&self, seat: SeatId, now: Time) -> bool {
        let Some(member) = self.member(seat) else { return false };
        if self.ledger.standing(member).is_some() {
            return true;
        }
        let told = self.peers.get(&seat).and_then(|peer| peer.claim.as_ref());
        let known = self.ledger.roster().claims_of(member).map(|(_, claim)| claim);
        known.chain(told).any(|claim| !claim.terms.approval && self.holds(claim, now))
    }

    /// Whether a claim's terms hold by one's own clock and by who is known here.
    fn holds(&self, claim: &SeenClaim, now: Time) -> bool {
        let anchor = self.ledger.standing(claim.anchor);
        let first = claim.first;
        claim.terms.valid_at(now)
            && first.valid_at(now)
            && self.ledger.roster().uses_left(claim, |_| true)
            && anchor.is_some_and(|anchor| {
                may(anchor, Act::Anchor(first.role)) && anchor.tools.include(first.tools)
            })
    }
}
