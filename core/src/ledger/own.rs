//! One's own chain: entries gather in an open segment until it is signed.

use super::admissible::Effect;
use super::chain::known;
use super::{Body, Entry, Fresh, Ledger, Reason, Segment, entry};
use crate::frame::Wire;
use crate::id::{DocName, Hash, SeatId};
use crate::identity::SeatKey;
use crate::limits;
use crate::roster::RosterAct;
use crate::seal::{EpochId, Position};

/// Own entries that no signature closes yet.
pub struct Open {
    key: SeatKey,
    chain: usize,
    first: u64,
    before: Hash,
    entries: Vec<Vec<u8>>,
    /// What they take, opened or as they are.
    size: usize,
    roster: bool,
}

impl Open {
    pub fn seat(&self) -> SeatId {
        self.key.id()
    }

    #[cfg(feature = "misbehave")]
    pub fn chain(&self) -> usize {
        self.chain
    }

    #[cfg(feature = "misbehave")]
    pub fn signer(&self) -> &ed25519_dalek::SigningKey {
        self.key.signer()
    }
}

impl Ledger {
    /// Takes a seat: its first entry says by what right.
    pub fn sit(&mut self, key: SeatKey, enter: RosterAct) -> Result<(), Reason> {
        let chain = self.chain_index(key.id());
        self.open = Some(Open {
            key,
            chain,
            first: 1,
            before: Hash([0; 32]),
            entries: Vec::new(),
            size: 0,
            roster: false,
        });
        self.append(Body::Roster(enter))
    }

    /// Admits a claim.
    pub fn admit(&mut self, claim: Hash) -> Result<(), Reason> {
        self.append(Body::Roster(RosterAct::Admit(claim)))
    }

    /// Writes one update of at most `limits::UPDATE` bytes.
    pub fn write(&mut self, name: &DocName, epoch: EpochId, update: &[u8]) -> Result<(), Reason> {
        let Some(open) = &self.open else { return Err(Reason::Entrance) };
        let seq = self.chains[open.chain].head + 1;
        let position = Position { room: self.room, epoch, seat: open.seat(), seq };
        let key = self.keys.get(&epoch).ok_or(Reason::Epoch)?;
        let sealed = key.seal(&position, &name.to_bytes(), update);
        self.append(Body::Document { name: name.clone(), epoch, sealed })
    }

    /// An own update that was refused, in a form that may pass.
    pub fn mend(&mut self, name: &DocName, update: &[u8]) -> Option<Vec<u8>> {
        let client = self.open.as_ref()?.seat().client();
        self.documents.get_mut(name)?.mend(update, client)
    }

    /// How many own entries wait for a signature.
    pub fn open_count(&self) -> u64 {
        self.open.as_ref().map_or(0, |open| open.entries.len() as u64)
    }

    /// Whether own entries wait for a signature.
    pub fn has_open(&self) -> bool {
        self.open.as_ref().is_some_and(|open| !open.entries.is_empty())
    }

    /// Signs what gathered; the segment comes out of [`Ledger::poll`].
    pub fn flush(&mut self) {
        let room = self.room;
        let Some(open) = self.open.as_mut().filter(|open| !open.entries.is_empty()) else {
            return;
        };
        let entries = core::mem::take(&mut open.entries);
        let segment = Segment::sign(room, open.key.signer(), open.first, open.before, entries);
        let (chain, roster) = (open.chain, core::mem::take(&mut open.roster));
        open.first = segment.last() + 1;
        let size = core::mem::take(&mut open.size);
        open.before = self.chains[chain].hash;
        let bytes = segment.to_bytes().into();
        self.hold(chain, (segment.first, &segment), bytes, Vec::new(), (size, roster));
        self.retry_waiting();
    }

    /// One's own entry takes the same path as everyone's.
    fn append(&mut self, body: Body) -> Result<(), Reason> {
        let Some(open) = &self.open else { return Err(Reason::Entrance) };
        let (chain, seat) = (open.chain, open.seat());
        let seq = self.chains[chain].head + 1;
        let (deps, lamport) = self.next_place(chain);
        let entry = Entry { lamport, deps, body };
        let encoded = entry.to_bytes();
        let past = self.chains[chain].past.clone();
        match self.take_entry(chain, seq, entry) {
            Err(reason) => {
                self.chains[chain].past = past;
                return Err(reason);
            }
            Ok(effect) => {
                let before = self.chains[chain].hash;
                self.chains[chain].hash = entry::step(self.room, seat, seq, before, &encoded);
                let Some(open) = &mut self.open else { return Err(Reason::Entrance) };
                open.size += match effect {
                    Effect::Roster => {
                        open.roster = true;
                        encoded.len()
                    }
                    Effect::Document(_, update) => update.len().max(encoded.len()),
                };
                open.entries.push(encoded);
                let full = open.entries.len() >= limits::SEGMENT_ENTRIES
                    || open.size >= limits::UPDATE_PART;
                if full {
                    self.flush();
                }
            }
        }
        Ok(())
    }

    /// What the chain's next entry builds on, and its lamport.
    pub(super) fn next_place(&self, chain: usize) -> (Vec<(SeatId, u64)>, u64) {
        let deps = self.news(chain);
        let heads = deps.iter().map(|(seat, seq)| self.lamport_of(*seat, *seq));
        let own = self.chains[chain].lamport(self.chains[chain].head);
        let lamport = heads.max().unwrap_or(0).max(own) + 1;
        (deps, lamport)
    }

    /// What came since this chain's last entry: only heads that no other entry names.
    fn news(&self, own: usize) -> Vec<(SeatId, u64)> {
        let past = &self.chains[own].past;
        let mut deps: Vec<(SeatId, u64)> = self
            .chains
            .iter()
            .enumerate()
            .filter(|(index, chain)| {
                *index != own && chain.head > chain.named && chain.head > known(past, *index)
            })
            .map(|(_, chain)| (chain.seat, chain.head))
            .collect();
        deps.sort();
        deps
    }

    fn lamport_of(&self, seat: SeatId, seq: u64) -> u64 {
        self.chain(seat).map_or(0, |chain| chain.lamport(seq))
    }
}

impl Fresh {
    /// Whether it was written by this seat.
    pub fn is_by(&self, seat: SeatId) -> bool {
        self.seat == seat
    }
}
