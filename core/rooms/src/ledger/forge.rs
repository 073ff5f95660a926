//! Entries that the attacker of the tests signs with its own key.

use super::causes::Causes;
use super::{Body, Entry, Ledger, Segment};
use crate::seal::{EpochId, Position};
use covey_wire::frame::{Wire, Writer};
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
        let (causes, lamport) = self.forged_place();
        if deps.is_empty() {
            deps = causes;
        }
        let places = lamport + later..;
        let entries = places.zip(bodies).map(|(lamport, body)| {
            Entry { lamport, deps: core::mem::take(&mut deps), body }.to_bytes()
        });
        self.forge_raw(ahead, entries.collect())
    }

    /// A segment of one's own with an act about members that no version knows yet.
    pub fn forge_newer_act(&self) -> Segment {
        let (deps, lamport) = self.forged_place();
        let mut w = Writer::new();
        w.varint(lamport).list(&deps).u8(0).u8(200).raw(b"whatever it says");
        self.forge_raw(1, vec![w.into_bytes()])
    }

    fn forged_place(&self) -> (Vec<Head>, u64) {
        let next = self.open.as_ref().map(|open| self.next_place(open.chain(), Causes::All));
        next.unwrap_or_default()
    }

    fn forge_raw(&self, ahead: u64, entries: Vec<Vec<u8>>) -> Segment {
        let (seq, before) = self.own_head();
        let before = if ahead == 1 { before } else { Hash([7; 32]) };
        let key = self.open.as_ref().map(|open| open.signer().clone());
        let key = key.unwrap_or_else(|| ed25519_dalek::SigningKey::from_bytes(&[1; 32]));
        Segment::sign(self.room, &key, seq + ahead, before, entries)
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
