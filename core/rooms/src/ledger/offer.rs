//! Segments that are offered: judged as a whole, taken as a whole, or kept waiting for what they build on.

use std::sync::Arc;

use super::admissible::Effect;
use super::branch::Attach;
use super::undo::Undo;
use super::{Entry, Fresh, Held, Ledger, Offer, Reason, Received, Segment, waiting};
use crate::broken::{Rule, is_broken};
use covey_wire::frame::{DecodeError, Wire};
use covey_wire::id::{DocName, Hash, Head, SeatId, ShortHash};
use covey_wire::limits;

/// A segment whose form, place and signature are right, with what was found out on the way.
struct Sound<'a> {
    received: &'a Received,
    entries: Vec<Entry>,
    /// After each entry.
    hashes: Vec<Hash>,
    /// Where it goes on, and the first entry that is new.
    attach: Attach,
}

/// The effect of a segment.
#[derive(Default)]
struct Taken {
    /// The chains that its entries went into, in order.
    chains: Vec<usize>,
    updates: Vec<(DocName, Vec<u8>)>,
    roster: bool,
    size: usize,
}

impl Ledger {
    pub(super) fn try_segment(&mut self, received: &Arc<Received>) -> Offer {
        match self.check_segment(received) {
            Ok(Ok(sound)) => {
                let (segment, hash) = (&received.segment, sound.hashes.last().map(Hash::short));
                let (seat, first, seq) = (segment.seat, segment.first, segment.last());
                match self.admit_segment(sound) {
                    Ok(size) => Offer::Accepted(size),
                    Err(reason) => {
                        let end = Head { seat, seq, hash: hash.unwrap_or_default() };
                        if self.is_parted() && reason.is_authors_fault() {
                            return self.doubt((seat, first, end.hash), received, end);
                        }
                        self.note_refusal(end, reason);
                        Offer::Refused(reason)
                    }
                }
            }
            Ok(Err(offer)) => offer,
            Err(reason) => Offer::Refused(reason),
        }
    }

    /// Everything that needs no change: form, continuity, signature, dependencies.
    fn check_segment<'a>(
        &mut self,
        received: &'a Arc<Received>,
    ) -> Result<Result<Sound<'a>, Offer>, Reason> {
        let segment = &received.segment;
        let hashes = segment.hashes(self.room);
        let last = hashes.last().copied().unwrap_or(segment.before);
        let head = Head { seat: segment.seat, seq: segment.last(), hash: last.short() };
        if self.find(&head).is_some() {
            return Ok(Err(Offer::Known));
        }
        if !self.verified && !is_broken(Rule::Signatures) {
            segment.verify(self.room, &last).map_err(|_| Reason::Signature)?;
        }
        let name = (segment.seat, segment.first, head.hash);
        let Some(attach) = self.attach(segment, &hashes)? else {
            let (seq, hash) = (segment.first - 1, segment.before.short());
            let before = Head { seat: segment.seat, seq, hash };
            return self.wait((name, head.seq), received, before).map(Err);
        };
        let entries = segment.entries.iter().map(|entry| Entry::from_bytes(entry));
        let entries = match entries.collect::<Result<Vec<_>, _>>() {
            Err(DecodeError::Unknown) => return Ok(Err(self.hold_back(name, received, head))),
            entries => entries?,
        };
        // Of the entries that are known already the causes are there, too.
        let new = usize::try_from(attach.seq + 1 - segment.first).unwrap_or(0);
        let deps = entries.iter().skip(new).flat_map(|entry| &entry.deps);
        let deps: Vec<&Head> = deps.into_iter().collect();
        let unsettled = |dep: &&&Head| self.find(dep).is_some_and(|of| self.chains[of].unsettled);
        if self.is_parted() && deps.iter().any(|dep| unsettled(&dep)) {
            return Ok(Err(self.doubt(name, received, head)));
        }
        let missing = deps.into_iter().find(|dep| self.find(dep).is_none()).copied();
        if let Some(missing) = missing.filter(|_| !is_broken(Rule::Dependencies)) {
            return self.wait((name, head.seq), received, missing).map(Err);
        }
        Ok(Ok(Sound { received, entries, hashes, attach }))
    }

    fn wait(
        &mut self,
        (name, last): ((SeatId, u64, ShortHash), u64),
        received: &Arc<Received>,
        on: Head,
    ) -> Result<Offer, Reason> {
        if self.inadmissible.contains(&on) {
            let end = Head { seat: name.0, seq: last, hash: name.2 };
            self.note_refusal(end, Reason::Broken);
            return Err(Reason::Broken);
        }
        Ok(match self.waiting.put(name, received, on) {
            Ok(()) => Offer::Waiting(on),
            Err(waiting::Full) => Offer::Refused(Reason::Full),
        })
    }

    /// A segment of a newer version, and with it what builds on it, waits for a newer page to load the room:
    /// it could change who may do what.
    fn hold_back(
        &mut self,
        name: (SeatId, u64, ShortHash),
        received: &Arc<Received>,
        end: Head,
    ) -> Offer {
        self.newer = true;
        match self.waiting.put(name, received, end) {
            Ok(()) => Offer::Newer,
            Err(waiting::Full) => Offer::Refused(Reason::Full),
        }
    }

    /// A segment that is not admissible while a seat that parted is not closed yet waits until it is.
    pub(super) fn doubt(
        &mut self,
        name: (SeatId, u64, ShortHash),
        received: &Arc<Received>,
        end: Head,
    ) -> Offer {
        match self.waiting.put(name, received, end) {
            Ok(()) => {
                self.doubtful.push(end);
                Offer::Waiting(end)
            }
            Err(waiting::Full) => Offer::Refused(Reason::Full),
        }
    }

    /// Judges what waited for seats to be closed.
    pub(super) fn judge_doubtful(&mut self) {
        for end in core::mem::take(&mut self.doubtful) {
            self.waiting.is_there(&end);
        }
        self.retry_waiting();
    }

    /// Remembers that nothing builds on an entry, and lets go of what waits for it.
    pub(super) fn note_refusal(&mut self, end: Head, reason: Reason) {
        if !reason.is_authors_fault() {
            return;
        }
        let mut open = vec![end];
        while let Some(end) = open.pop() {
            if self.inadmissible.len() >= limits::INADMISSIBLE {
                self.inadmissible.pop_front();
            }
            self.inadmissible.push_back(end);
            for received in self.waiting.let_go(&end) {
                let segment = &received.segment;
                let hash = segment.hashes(self.room).last().map(Hash::short).unwrap_or_default();
                open.push(Head { seat: segment.seat, seq: segment.last(), hash });
                self.refused.push_back((segment.seat, Reason::Broken));
            }
        }
    }

    pub(super) fn retry_waiting(&mut self) {
        while let Some(received) = self.waiting.pop_ready() {
            if let Offer::Refused(reason) = self.try_segment(&received) {
                self.refused.push_back((received.segment.seat, reason));
            }
        }
    }

    /// Takes all entries of a segment, or none; tells what they count.
    fn admit_segment(&mut self, sound: Sound<'_>) -> Result<usize, Reason> {
        let Sound { received, entries, hashes, attach } = sound;
        let segment = &received.segment;
        let mut undo = Undo::default();
        let taken = self.judge_entries((segment, &attach), entries, &hashes, &mut undo);
        let Taken { chains, updates, roster, size } = match taken {
            Ok(taken) => taken,
            Err(reason) => {
                if !is_broken(Rule::Undo) {
                    self.undo(undo);
                }
                return Err(reason);
            }
        };
        self.keep(undo);
        if let Some(chain) = chains.first() {
            self.note_parting(*chain, &attach);
        }
        // Entries that are known already are not kept twice.
        let (first, bytes) = if segment.first <= attach.seq {
            let rest = segment.clone().behind(attach.seq, attach.hash);
            (rest.first, rest.to_bytes().into())
        } else {
            (segment.first, received.bytes.clone())
        };
        self.hold(&chains, (first, segment.last()), bytes, updates, roster);
        Ok(size)
    }

    fn judge_entries(
        &mut self,
        (segment, attach): (&Segment, &Attach),
        entries: Vec<Entry>,
        hashes: &[Hash],
        undo: &mut Undo,
    ) -> Result<Taken, Reason> {
        let mut taken = Taken::default();
        let mut attach = *attach;
        undo.begin(self.entries);
        let places = (segment.first..).zip(entries).zip(hashes.iter().zip(&segment.entries));
        for ((seq, entry), (hash, encoded)) in places {
            if seq <= attach.seq {
                continue;
            }
            let goes_on = taken.chains.last().filter(|_| !self.parts_at(segment.seat, seq));
            let chain = match goes_on {
                Some(chain) => *chain,
                None => {
                    let opening = (hash.short(), &entry.body);
                    let chain = self.chain_for(segment.seat, &attach, opening, undo)?;
                    taken.chains.push(chain);
                    chain
                }
            };
            let Entry { lamport, deps, body } = entry;
            let place = (lamport, &deps[..], encoded.len());
            let (effect, size) = self.judge_entry(chain, seq, place, body.into(), undo)?;
            taken.size += size;
            match effect {
                Effect::Roster => taken.roster = true,
                Effect::Document(name, update, _) => {
                    self.newer |= name.is_newer();
                    taken.updates.extend(update.map(|update| (name, update)));
                }
            }
            self.chains[chain].hash = *hash;
            self.chains[chain].hashes.push(hash.short());
            attach = Attach { chain: Some(chain), seq, hash: *hash };
        }
        Ok(taken)
    }

    pub(super) fn hold(
        &mut self,
        chains: &[usize],
        (first, last): (u64, u64),
        bytes: Arc<[u8]>,
        updates: Vec<(DocName, Vec<u8>)>,
        roster: bool,
    ) {
        let mut heads: Vec<Head> = Vec::new();
        for chain in chains {
            let state = &mut self.chains[*chain];
            state.held = last.min(state.head);
            heads.extend((first..=last).filter_map(|seq| state.tip(seq)));
        }
        let Some(state) = chains.last().map(|chain| &self.chains[*chain]) else { return };
        let (seat, line) = (state.seat, state.line);
        let client = (chains.len() == 1).then_some(state.client);
        self.log.push(Held { seat, line, first, last, roster, bytes: bytes.clone() });
        self.fresh.push_back(Fresh { seat, line, client, first, last, bytes, updates, roster });
        if self.waiting.is_for(seat) {
            heads.iter().for_each(|head| self.waiting.is_there(head));
        }
    }
}
