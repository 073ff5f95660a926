//! One's own chain: entries gather in an open segment until it is signed.

use std::sync::Arc;

use super::admissible::{Content, Effect, Saying};
use super::causes::Causes;
use super::chain::Chain;
use super::undo::Undo;
use super::{Body, Entry, Fresh, Ledger, Offer, Reason, Received, Segment, entry};
use crate::guard::{Joined, Refusal};
use crate::identity::{Author, SeatKey, Signed};
use crate::roster::{Claim, RosterAct};
use crate::seal::{EpochId, Position};
use covey_wire::frame::Wire;
use covey_wire::id::{DocName, Hash, Head, SeatId};
use covey_wire::limits;

/// Own entries that no signature closes yet.
pub struct Open {
    key: SeatKey,
    chain: usize,
    first: u64,
    before: Hash,
    entries: Vec<Vec<u8>>,
    /// What they count for their member.
    size: usize,
    /// The cost that joined updates may have above what is counted here. Others count what they cost together, which
    /// shows only when they are read.
    uncounted: usize,
    roster: bool,
    last: Option<Unsealed>,
}

/// The last own entry while it may still grow: it has its place, and no hash yet.
struct Unsealed {
    lamport: u64,
    deps: Vec<Head>,
    name: DocName,
    epoch: EpochId,
    joined: Joined,
    /// The cost of the updates that were joined to the first.
    more: usize,
}

impl Open {
    pub fn seat(&self) -> SeatId {
        self.key.id()
    }

    /// Bytes of what waits for a signature.
    fn size(&self) -> usize {
        self.size + self.last.as_ref().map_or(0, |last| last.joined.size())
    }

    /// The same where chains stand elsewhere; nothing if one's own is not whole.
    pub fn moved(mut self, chains: &[Chain]) -> Option<Self> {
        let seat = self.seat();
        let (index, own) = chains.iter().enumerate().rfind(|(_, chain)| chain.seat == seat)?;
        self.chain = index;
        (own.head + 1 == self.first).then_some(self)
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
    /// Takes a seat: its first entry says by what right. It must be a member's, or the founder's.
    pub fn sit(&mut self, key: SeatKey, enter: RosterAct) -> Result<(), Reason> {
        let (seat, room) = (key.id(), self.room);
        let (causes, lamport) = self.entrance_causes(&enter);
        let entry = Entry { lamport, deps: causes, body: Body::Roster(enter) };
        let entries = vec![entry.to_bytes()];
        let segment = Segment::sign(room, key.signer(), 1, Hash([0; 32]), entries);
        let bytes = segment.to_bytes().into();
        match self.offer_from(seat, None, &Arc::new(Received { segment, bytes })) {
            Offer::Accepted(_) => {}
            Offer::Refused(reason) => return Err(reason),
            Offer::Known | Offer::Newer | Offer::Waiting(_) => return Err(Reason::Entrance),
        }
        let chain = self.chains.iter().rposition(|chain| chain.seat == seat);
        let chain = chain.ok_or(Reason::Entrance)?;
        let before = self.chains[chain].hash;
        let entries = Vec::new();
        self.open = Some(Open {
            key,
            chain,
            first: 2,
            before,
            entries,
            size: 0,
            uncounted: 0,
            roster: false,
            last: None,
        });
        Ok(())
    }

    /// The causes of a new seat's first entry. Of more than can be named, what its member was let in by
    /// comes first, then the newest.
    fn entrance_causes(&self, enter: &RosterAct) -> (Vec<Head>, u64) {
        let is_new = |chain: &Chain| chain.head > chain.named && !chain.unsettled;
        let many = self.chains.iter().filter(|chain| is_new(chain)).count() > limits::DEPS;
        let rights: Vec<usize> = match enter {
            RosterAct::Enter { certificate, .. } if many => {
                self.roster.chains_of(certificate.claimed().member).collect()
            }
            _ => Vec::new(),
        };
        let mut heads: Vec<(bool, u64, Head)> = Vec::new();
        for (index, chain) in self.chains.iter().enumerate() {
            let right = rights.contains(&index);
            if let Some(head) = chain.tip(chain.held).filter(|_| right || is_new(chain)) {
                heads.push((right, chain.lamport(chain.held), head));
            }
        }
        heads.sort_by_key(|(right, lamport, _)| core::cmp::Reverse((*right, *lamport)));
        heads.truncate(limits::DEPS);
        let latest = heads.iter().map(|(_, lamport, _)| *lamport).max().unwrap_or(0);
        let mut deps: Vec<Head> = heads.into_iter().map(|(_, _, head)| head).collect();
        deps.sort();
        (deps, latest + 1)
    }

    /// Admits a claim.
    pub fn admit(&mut self, claim: Signed<Claim>) -> Result<(), Reason> {
        self.act(RosterAct::Admit(Box::new(claim)))
    }

    /// Writes one update of at most `limits::UPDATE` bytes. Updates written into one document at
    /// once are one entry. Above `limits::OWN_BYTES` of the member it is refused.
    pub fn write(&mut self, name: &DocName, epoch: EpochId, update: &[u8]) -> Result<(), Reason> {
        let joined = |open: &Open| {
            let last = open.last.as_ref().map_or(0, |last| last.joined.size().max(last.more));
            open.uncounted + last
        };
        let kept = self.open.as_ref().map_or(0, |open| self.bytes_of(open.seat()) + joined(open));
        if kept + update.len() > limits::OWN_BYTES {
            return Err(Reason::Quota);
        }
        if self.goes_on(name, epoch, update) {
            match self.write_on(update) {
                // Some cause is not among those of the last entry.
                Err(Reason::Guard(Refusal::OriginUnseen | Refusal::DeleteUnseen)) => (),
                written => return written,
            }
        }
        if !self.keys.contains_key(&epoch) {
            return Err(Reason::Epoch);
        }
        let seat = self.open.as_ref().ok_or(Reason::Entrance)?.seat();
        let mut joined = Joined::new(seat.client());
        joined.push(update).map_err(Reason::Guard)?;
        let content = Content::Open(update.to_vec());
        let (deps, lamport) = self.append_own(Saying::Update { name: name.clone(), content })?;
        let Some(open) = &mut self.open else { return Err(Reason::Entrance) };
        let name = name.clone();
        open.last = Some(Unsealed { lamport, deps, name, epoch, joined, more: 0 });
        self.flush_if_full();
        Ok(())
    }

    /// Whether an update can go into the last own entry: nothing that it has to name came between.
    fn goes_on(&self, name: &DocName, epoch: EpochId, update: &[u8]) -> bool {
        self.open.as_ref().is_some_and(|open| {
            let fits = |last: &Unsealed| {
                last.name == *name && last.epoch == epoch && last.joined.has_room(update.len())
            };
            let causes = Causes::of(name, update);
            open.last.as_ref().is_some_and(fits) && !self.has_new_causes(open.chain, causes)
        })
    }

    /// Adds an update to the last own entry.
    fn write_on(&mut self, update: &[u8]) -> Result<(), Reason> {
        let Some(Open { chain, last: Some(last), .. }) = &self.open else {
            return Err(Reason::Entrance);
        };
        let (chain, name) = (*chain, last.name.clone());
        let (seq, past) = (self.chains[chain].head, self.chains[chain].past.clone());
        let place = (chain, seq);
        let clocks = self.documents.get(&name).map_or(0, |document| document.clocks(chain));
        let mut undo = Undo::default();
        undo.chain(chain, &self.chains[chain]);
        let Chain { seat, member, .. } = self.chains[chain];
        let permit = self.write_permit(seat, member, &name, &past)?;
        let past = (&past, &permit);
        let checked = self.check_update(place, &name, update.to_vec(), past, &mut undo);
        let checked = checked.and_then(|(taken, cost)| as_written(update, &taken).map(|()| cost));
        let cost = match checked {
            Ok(cost) => {
                self.keep(undo);
                cost.max(update.len())
            }
            Err(reason) => {
                if let Some(document) = self.documents.get_mut(&name) {
                    document.undo_part(chain, clocks);
                }
                return Err(reason);
            }
        };
        let Some(last) = self.open.as_mut().and_then(|open| open.last.as_mut()) else {
            return Ok(());
        };
        last.more += cost;
        last.joined.push(update).map_err(Reason::Guard)
    }

    /// An own update that was refused, in a form that may pass.
    pub fn mend(&mut self, name: &DocName, update: &[u8]) -> Option<Vec<u8>> {
        let client = self.open.as_ref()?.seat().client();
        self.documents.get_mut(name)?.mend(update, client)
    }

    /// How many own entries wait for a signature.
    pub fn open_count(&self) -> u64 {
        let count = |open: &Open| open.entries.len() + usize::from(open.last.is_some());
        self.open.as_ref().map_or(0, count) as u64
    }

    /// Whether own entries wait for a signature.
    pub fn has_open(&self) -> bool {
        self.open_count() > 0
    }

    /// Signs what gathered; the segment comes out of [`Ledger::poll`].
    pub fn flush(&mut self) {
        self.seal();
        let room = self.room;
        let Some(open) = self.open.as_mut().filter(|open| !open.entries.is_empty()) else {
            return;
        };
        let entries = core::mem::take(&mut open.entries);
        let last = self.chains[open.chain].hash;
        let places = (open.first, open.before, last);
        let segment = Segment::sign_hashed(room, open.key.signer(), places, entries);
        let (chain, roster) = (open.chain, core::mem::take(&mut open.roster));
        open.first = segment.last() + 1;
        open.before = last;
        open.size = 0;
        let bytes = segment.to_bytes().into();
        self.hold(&[chain], (segment.first, segment.last()), bytes, Vec::new(), roster);
        self.retry_waiting();
    }

    /// Says something about members.
    fn act(&mut self, act: RosterAct) -> Result<(), Reason> {
        let (deps, lamport) = self.append_own(Saying::Act(act.clone()))?;
        if let Some(open) = &mut self.open {
            open.roster = true;
        }
        self.put(Entry { lamport, deps, body: Body::Roster(act) }, 0, 0);
        self.flush_if_full();
        Ok(())
    }

    /// Gives one's own next entry its place, by the same path as everyone's.
    fn append_own(&mut self, saying: Saying) -> Result<(Vec<Head>, u64), Reason> {
        let Some(open) = &self.open else { return Err(Reason::Entrance) };
        let chain = open.chain;
        self.seal();
        let seq = self.chains[chain].head + 1;
        if let Saying::Update { name, content: Content::Open(update) } = &saying {
            let few = self.next_place(chain, Causes::of(name, update));
            let content = Content::Open(update.clone());
            let again = Saying::Update { name: name.clone(), content };
            if self.append_at(chain, seq, &few, again).is_ok() {
                return Ok(few);
            }
        }
        let all = self.next_place(chain, Causes::All);
        self.append_at(chain, seq, &all, saying).map(|()| all)
    }

    /// Takes it with these causes, or leaves everything as it was.
    fn append_at(
        &mut self,
        chain: usize,
        seq: u64,
        (deps, lamport): &(Vec<Head>, u64),
        saying: Saying,
    ) -> Result<(), Reason> {
        let mut undo = Undo::default();
        undo.begin(self.entries);
        undo.chain(chain, &self.chains[chain]);
        let written = match &saying {
            Saying::Update { content: Content::Open(update), .. } => Some(update.clone()),
            _ => None,
        };
        let taken = self.judge_entry(chain, seq, (*lamport, deps, 0), saying, &mut undo);
        let taken = taken.and_then(|(effect, _)| match (written, effect) {
            (Some(update), Effect::Document(_, Some(taken), _)) => as_written(&update, &taken),
            _ => Ok(()),
        });
        match taken {
            Ok(()) => self.keep(undo),
            Err(_) => self.undo(undo),
        }
        taken
    }

    /// Closes the last own entry.
    fn seal(&mut self) {
        let Some(open) = &mut self.open else { return };
        let (seat, chain) = (open.seat(), open.chain);
        let Some(Unsealed { lamport, deps, name, epoch, joined, more }) = open.last.take() else {
            return;
        };
        let Some(key) = self.keys.get(&epoch) else { return };
        let position = Position { room: self.room, epoch, seat, seq: self.chains[chain].head };
        let update = joined.finish();
        let sealed = key.seal(&position, &name.to_bytes(), &update);
        let body = Body::Document { name, epoch, sealed };
        self.put(Entry { lamport, deps, body }, update.len(), more);
    }

    /// Puts an own entry that has its place behind the others that wait for a signature.
    fn put(&mut self, entry: Entry, opened: usize, more: usize) {
        let Some(open) = &mut self.open else { return };
        let (encoded, chain) = (entry.to_bytes(), &mut self.chains[open.chain]);
        chain.hash = entry::step(self.room, chain.seat, chain.head, chain.hash, &encoded);
        chain.hashes.push(chain.hash.short());
        // More may have been joined to it since it was counted.
        let before = chain.sizes.len().checked_sub(2).map_or(0, |at| chain.sizes[at]);
        if let Some(sum) = chain.sizes.last_mut() {
            let counted = *sum;
            *sum = counted.max(before + opened.max(encoded.len()) as u64);
            chain.spent += *sum - counted;
            let most = counted + more as u64;
            open.uncounted += usize::try_from(most.saturating_sub(*sum)).unwrap_or(0);
        }
        open.size += opened.max(encoded.len());
        open.entries.push(encoded);
    }

    fn flush_if_full(&mut self) {
        let full = |open: &Open| {
            let entries = open.entries.len() + usize::from(open.last.is_some());
            entries >= limits::SEGMENT_ENTRIES || open.size() >= limits::PACKED
        };
        if self.open.as_ref().is_some_and(full) {
            self.flush();
        }
    }
}

/// One's own update is kept as it was written: where blocks have other ids than its author knows, what
/// wrote it is to be made anew.
fn as_written(update: &[u8], taken: &[u8]) -> Result<(), Reason> {
    if update == taken { Ok(()) } else { Err(Reason::Guard(Refusal::OriginUnseen)) }
}

impl Fresh {
    /// Whether it was written by this seat.
    pub fn is_by(&self, seat: SeatId) -> bool {
        self.seat == seat
    }
}
