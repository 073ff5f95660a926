//! What the attacker of the tests signs with its own key: anything.

use super::causes::Causes;
use super::{Body, Entry, Ledger, Segment};
use crate::seal::{EpochId, Position};
use covey_wire::frame::Wire;
use covey_wire::id::{DocName, Hash, Head};

impl Ledger {
    /// A segment of one's own, the first entry `ahead` of the last and its lamport `later`; without
    /// `deps` it builds on all there is, and each of the others on the one before.
    pub fn forge(
        &self,
        mut deps: Vec<Head>,
        ahead: u64,
        later: u64,
        bodies: impl IntoIterator<Item = Body>,
    ) -> Segment {
        let next = self.open.as_ref().map(|open| self.next_place(open.chain(), Causes::All));
        let (news, lamport) = next.unwrap_or_default();
        if deps.is_empty() {
            deps = news;
        }
        let (seq, before) = self.own_head();
        let before = if ahead == 1 { before } else { Hash([7; 32]) };
        let places = lamport + later..;
        let entries = places.zip(bodies).map(|(lamport, body)| {
            Entry { lamport, deps: core::mem::take(&mut deps), body }.to_bytes()
        });
        let key = self.open.as_ref().map(|open| open.signer().clone());
        let key = key.unwrap_or_else(|| ed25519_dalek::SigningKey::from_bytes(&[1; 32]));
        Segment::sign(self.room, &key, seq + ahead, before, entries.collect())
    }

    /// Seals an update for one's own entry `ahead` of the last.
    pub fn seal_ahead(&self, name: &DocName, epoch: EpochId, ahead: u64, update: &[u8]) -> Vec<u8> {
        let Some(open) = &self.open else { return Vec::new() };
        let position =
            Position { room: self.room, epoch, seat: open.seat(), seq: self.own_head().0 + ahead };
        let key = self.keys.get(&epoch);
        key.map(|key| key.seal(&position, &name.to_bytes(), update)).unwrap_or_default()
    }

    fn own_head(&self) -> (u64, Hash) {
        let chain = self.open.as_ref().and_then(|open| self.chains_of(open.seat()).last());
        chain.map_or((0, Hash([0; 32])), |chain| (chain.head, chain.hash))
    }
}
