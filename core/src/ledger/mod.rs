//! The signed log: what is admissible, in causal order, and one's own entries.
//!
//! Whether an entry is admissible is a pure function of the entry and its causal past, so every
//! replica decides alike, in whatever order things arrive. A segment whose dependencies are not
//! there yet waits in a bounded buffer.

mod admissible;
mod causes;
mod chain;
mod documents;
mod entry;
#[cfg(feature = "misbehave")]
mod forge;
mod own;
mod pack;
mod reason;
mod replay;
mod waiting;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

pub use entry::{Body, Entry, Segment};
pub use pack::{Pack, Packer};
pub use reason::Reason;

use crate::broken::{Rule, is_broken};
use crate::frame::Wire;
use crate::id::{ClientId, DocName, Hash, MemberId, RoomId, SeatId};
use crate::limits;
use crate::roster::{Right, Roster, RosterAct, SeenClaim, Standing};
use crate::seal::{ContentKey, EpochId};
use admissible::Effect;
use chain::Chain;
use documents::Index;
use own::Open;
use waiting::{Blocker, Waiting};

/// What became of an offered segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// It is in the ledger.
    Accepted,
    /// It was there.
    Known,
    /// It waits for what it builds on: an entry of this seat, if it is an entry.
    Waiting(Option<SeatId>),
    /// It, or an entry in it, is not admissible.
    Refused(Reason),
}

/// A segment that came into the ledger, in causal order.
#[derive(Debug, Clone)]
pub struct Fresh {
    /// Its author.
    pub seat: SeatId,
    /// Its first sequence number.
    pub first: u64,
    /// Its last sequence number.
    pub last: u64,
    /// The segment as it goes over the wire and to disk.
    pub bytes: Arc<[u8]>,
    /// The document updates in it, opened and checked, in order.
    pub updates: Vec<(DocName, Vec<u8>)>,
    /// Whether it says something about members.
    pub roster: bool,
}

/// A held segment.
#[derive(Debug, Clone)]
pub struct Held {
    /// Its author.
    pub seat: SeatId,
    /// Its last sequence number.
    pub last: u64,
    /// The encoded segment.
    pub bytes: Arc<[u8]>,
}

/// A segment whose form, place and signature are right, with what was found out on the way.
struct Sound {
    segment: Segment,
    entries: Vec<Entry>,
    /// After each entry.
    hashes: Vec<Hash>,
}

/// One room's log.
pub struct Ledger {
    room: RoomId,
    keys: BTreeMap<EpochId, ContentKey>,
    chains: Vec<Chain>,
    seats: BTreeMap<SeatId, usize>,
    clients: BTreeMap<ClientId, usize>,
    roster: Roster,
    documents: BTreeMap<DocName, Index>,
    log: Vec<Held>,
    fresh: VecDeque<Fresh>,
    refused: VecDeque<(SeatId, Reason)>,
    waiting: Waiting,
    bytes: BTreeMap<MemberId, usize>,
    seats_of: BTreeMap<MemberId, usize>,
    entries: u64,
    open: Option<Open>,
    /// What is offered was taken once, bounds and all.
    restoring: bool,
}

impl Ledger {
    /// An empty log of a room.
    pub fn new(room: RoomId) -> Self {
        Self {
            room,
            keys: BTreeMap::new(),
            chains: Vec::new(),
            seats: BTreeMap::new(),
            clients: BTreeMap::new(),
            roster: Roster::default(),
            documents: BTreeMap::new(),
            log: Vec::new(),
            fresh: VecDeque::new(),
            refused: VecDeque::new(),
            waiting: Waiting::default(),
            bytes: BTreeMap::new(),
            seats_of: BTreeMap::new(),
            entries: 0,
            open: None,
            restoring: false,
        }
    }

    /// Learns the content key of an epoch.
    pub fn add_key(&mut self, epoch: EpochId, key: ContentKey) {
        self.keys.insert(epoch, key);
    }

    /// Takes a segment from disk: it was within this replica's bounds when it was put there.
    pub fn offer(&mut self, bytes: &[u8]) -> Offer {
        self.restoring = true;
        let result = self.offer_from(None, bytes);
        self.restoring = false;
        result
    }

    /// Takes a segment from a seat of a member; from whom does not matter for what it is, only for
    /// whose share of the buffer it waits in.
    pub fn offer_from(&mut self, member: Option<MemberId>, bytes: &[u8]) -> Offer {
        self.waiting.charge(member);
        let result = self.try_segment(bytes);
        if result == Offer::Accepted {
            self.retry_waiting();
        }
        result
    }

    /// The next segment that came in, in causal order.
    pub fn poll(&mut self) -> Option<Fresh> {
        self.fresh.pop_front()
    }

    /// The next refusal of something that had waited, or of a segment's tail.
    pub fn poll_refused(&mut self) -> Option<(SeatId, Reason)> {
        self.refused.pop_front()
    }

    /// What is held of each seat.
    pub fn heads(&self) -> Vec<(SeatId, u64)> {
        let held = self.chains.iter().filter(|chain| chain.held > 0);
        held.map(|chain| (chain.seat, chain.held)).collect()
    }

    /// What is held of one seat.
    pub fn held(&self, seat: SeatId) -> u64 {
        self.chain(seat).map_or(0, |chain| chain.held)
    }

    /// All held segments, each after everything it builds on.
    pub fn log(&self) -> &[Held] {
        &self.log
    }

    /// A seat's first segment, which says by what right it is here.
    pub fn entrance(&self, seat: SeatId) -> Option<Arc<[u8]>> {
        self.log.iter().find(|held| held.seat == seat).map(|held| held.bytes.clone())
    }

    /// The member whose seat it is.
    pub fn member(&self, seat: SeatId) -> Option<MemberId> {
        self.chain(seat)?.member
    }

    /// The member who certified the seat of a first segment, whether or not what that segment
    /// builds on is here: enough to know whom one talks to, not to take it into the log.
    pub fn vouched(&self, entrance: &Segment) -> Option<MemberId> {
        let first = Entry::from_bytes(entrance.entries.first()?).ok()?;
        let Body::Roster(RosterAct::Enter { certificate, .. }) = first.body else { return None };
        let member = certificate.claimed().member;
        let words = certificate.verify(&self.room.0, &member.0).ok()?;
        let last = entrance.hashes(self.room).pop()?;
        let signed = entrance.verify(self.room, &last).is_ok();
        (signed && words.seat == entrance.seat).then_some(member)
    }

    /// The lamport of the entry that wrote a unit of a document.
    pub fn lamport(&self, name: &DocName, client: ClientId, clock: u32) -> Option<u64> {
        let chain = *self.clients.get(&client)?;
        let seq = self.documents.get(name)?.seq(chain, clock)?;
        Some(self.chains.get(chain)?.lamport(seq))
    }

    /// Whose seat writes under a client id.
    pub fn author(&self, client: ClientId) -> Option<MemberId> {
        self.chains.get(*self.clients.get(&client)?)?.member
    }

    /// Who is in the room, and open claims.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// What a member may do by all that is known here.
    pub fn standing(&self, member: MemberId) -> Option<Standing> {
        self.roster.standing(member, |_| true)
    }

    /// Whether a segment waits for an entry of this seat.
    pub fn waits_for(&self, seat: SeatId) -> bool {
        self.waiting.is_for(seat)
    }

    /// Bytes of segments that wait for what they build on.
    pub fn waiting_bytes(&self) -> usize {
        self.waiting.bytes()
    }

    /// What is held of the member whose seat it is, in bytes, opened or as they are.
    pub fn bytes_of(&self, seat: SeatId) -> usize {
        self.member(seat).and_then(|member| self.bytes.get(&member)).copied().unwrap_or(0)
    }

    /// How many entries are held.
    pub fn entry_count(&self) -> u64 {
        self.entries
    }

    /// How many seats there are.
    pub fn seat_count(&self) -> usize {
        self.clients.len()
    }

    /// Whether the terms of a claim hold for someone who admits it now, uses and rights included
    /// (validity in time is the caller's to judge, who has the clock).
    pub fn may_admit(&self, admitter: MemberId, claim: &SeenClaim) -> bool {
        self.admission(admitter, claim, |_| true).is_ok()
    }

    fn chain(&self, seat: SeatId) -> Option<&Chain> {
        self.chains.get(*self.seats.get(&seat)?)
    }

    fn try_segment(&mut self, bytes: &[u8]) -> Offer {
        match self.check_segment(bytes) {
            Ok(Ok(sound)) => self.take_segment(sound, bytes),
            Ok(Err(offer)) => offer,
            Err(reason) => Offer::Refused(reason),
        }
    }

    /// Everything that needs no change: form, continuity, signature, dependencies.
    fn check_segment(&mut self, bytes: &[u8]) -> Result<Result<Sound, Offer>, Reason> {
        if bytes.len() > limits::SYNC_MESSAGE {
            return Err(Reason::Quota);
        }
        let segment = Segment::from_bytes(bytes)?;
        let (head, held) = self.chain(segment.seat).map_or((0, 0), |c| (c.head, c.held));
        let hashes = segment.hashes(self.room);
        let last = hashes.last().copied().unwrap_or(segment.before);
        if let Some(chain) = self.chain(segment.seat) {
            if segment.last() <= held {
                let fork = chain.ends.get(&segment.last()).is_some_and(|hash| *hash != last);
                return if fork {
                    Err(self.forked(&segment, &last))
                } else {
                    Ok(Err(Offer::Known))
                };
            }
            if chain.broken.is_some() {
                return Err(Reason::Broken);
            }
        } else if !self.restoring && self.has_no_seat_for(&segment) {
            return Err(Reason::Quota);
        }
        segment.verify(self.room, &last).map_err(|_| Reason::Signature)?;
        // A bound of this replica's, not a verdict: the chain does not end here.
        let kept = self.bytes_of(segment.seat);
        if !self.restoring && kept + bytes.len() > limits::AUTHOR_BYTES {
            return Err(Reason::Quota);
        }
        if segment.first > head + 1 {
            let blocker = Blocker::Entry(segment.seat, segment.first - 1);
            return Ok(Err(self.wait(&segment, bytes, blocker)));
        }
        let at_head = match self.chain(segment.seat) {
            None => segment.before == Hash([0; 32]),
            Some(chain) => {
                let known = chain.hash_at(segment.first - 1);
                let overlap = hashes
                    .get(usize::try_from(head + 1 - segment.first).unwrap_or(0).wrapping_sub(1));
                known.is_none_or(|hash| hash == segment.before)
                    && overlap.is_none_or(|hash| *hash == chain.hash)
                    && (known.is_some() || overlap.is_some())
            }
        };
        if !at_head {
            return Err(self.forked(&segment, &last));
        }
        let entries = segment.entries.iter().map(|entry| Entry::from_bytes(entry));
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        let blocker = entries.iter().find_map(|entry| self.blocker(entry));
        if let Some(blocker) = blocker.filter(|_| !is_broken(Rule::Dependencies)) {
            return Ok(Err(self.wait(&segment, bytes, blocker)));
        }
        Ok(Ok(Sound { segment, entries, hashes }))
    }

    /// A segment that contradicts one held: proof against its author, if the author signed it.
    fn forked(&self, segment: &Segment, last: &Hash) -> Reason {
        match segment.verify(self.room, last) {
            Ok(()) => Reason::Fork,
            Err(_) => Reason::Signature,
        }
    }

    /// Whether there are very many seats, or a seat that comes in is of a member who has: bounds of
    /// this replica's.
    fn has_no_seat_for(&self, entrance: &Segment) -> bool {
        if self.seats.len() >= limits::SEATS {
            return true;
        }
        let first = entrance.entries.first().and_then(|entry| Entry::from_bytes(entry).ok());
        let Some(Body::Roster(RosterAct::Enter { certificate, .. })) = first.map(|e| e.body) else {
            return false;
        };
        let member = certificate.claimed().member;
        self.seats_of.get(&member).is_some_and(|seats| *seats >= limits::MEMBER_SEATS)
    }

    /// What an entry must wait for.
    fn blocker(&self, entry: &Entry) -> Option<Blocker> {
        let missing = entry
            .deps
            .iter()
            .find(|(seat, seq)| self.chain(*seat).is_none_or(|chain| chain.head < *seq));
        if let Some((seat, seq)) = missing {
            return Some(Blocker::Entry(*seat, *seq));
        }
        // A claim is kept only once its anchor is known, or any stranger could fill the ledger.
        if let Body::Roster(RosterAct::Enter { right: Right::Claim(claim), .. }) = &entry.body {
            let anchor = claim.claimed().chain.anchor;
            return self.standing(anchor).is_none().then_some(Blocker::Member(anchor));
        }
        None
    }

    fn wait(&mut self, segment: &Segment, bytes: &[u8], blocker: Blocker) -> Offer {
        let on = match blocker {
            Blocker::Entry(seat, _) => Some(seat),
            Blocker::Member(_) => None,
        };
        match self.waiting.put(segment.seat, segment.first, bytes, blocker) {
            Ok(()) => Offer::Waiting(on),
            Err(waiting::Full) => Offer::Refused(Reason::Full),
        }
    }

    fn retry_waiting(&mut self) {
        while let Some(bytes) = self.waiting.pop_ready() {
            if let Offer::Refused(reason) = self.try_segment(&bytes)
                && let Ok(segment) = Segment::from_bytes(&bytes)
            {
                self.refused.push_back((segment.seat, reason));
            }
        }
    }

    /// Takes entries until one is not admissible; what follows that one never is.
    fn take_segment(&mut self, sound: Sound, bytes: &[u8]) -> Offer {
        let Sound { segment, entries, hashes } = sound;
        let chain = self.chain_index(segment.seat);
        let (known, before) = (self.chains[chain].head, self.chains[chain].hash);
        let mut updates = Vec::new();
        let mut roster = false;
        let mut refused = None;
        let mut size = 0;
        let encoded = segment.entries.iter().map(Vec::len).zip(hashes);
        for ((seq, entry), (encoded, hash)) in (segment.first..).zip(entries).zip(encoded) {
            if seq <= known {
                continue;
            }
            // Kept with the rest, even what is not admissible.
            size += encoded;
            if refused.is_some() {
                continue;
            }
            let Entry { lamport, deps, body } = entry;
            match self.take_entry(chain, seq, (lamport, &deps), body.into()) {
                Ok(Effect::Roster) => roster = true,
                Ok(Effect::Document(name, update)) => {
                    size += update.len().saturating_sub(encoded);
                    updates.push((name, update));
                }
                Err(reason) => {
                    self.chains[chain].broken = Some(seq);
                    refused = Some(reason);
                    continue;
                }
            }
            self.chains[chain].hash = hash;
        }
        let accepted = self.chains[chain].head >= segment.first;
        if accepted {
            if let Some(reason) = refused {
                self.refused.push_back((segment.seat, reason));
            }
            // What is known already is not kept twice.
            let (segment, bytes) = if segment.first <= known {
                let segment = segment.behind(known, before);
                let bytes = segment.to_bytes();
                (segment, bytes.into())
            } else {
                (segment, bytes.into())
            };
            let first = segment.first;
            self.hold(chain, (first, &segment), bytes, updates, (size, roster));
            return Offer::Accepted;
        }
        if self.chains[chain].head == 0 {
            // Nothing of this seat is worth remembering; it came last.
            self.chains.pop();
            self.seats.remove(&segment.seat);
        }
        match refused {
            Some(reason) => Offer::Refused(reason),
            None => Offer::Known,
        }
    }

    fn hold(
        &mut self,
        chain: usize,
        (first, segment): (u64, &Segment),
        bytes: Arc<[u8]>,
        updates: Vec<(DocName, Vec<u8>)>,
        (size, roster): (usize, bool),
    ) {
        let (seat, last) = (segment.seat, segment.last());
        let whole = self.chains[chain].head == last;
        let end = whole.then_some(self.chains[chain].hash);
        let end = end.or_else(|| segment.hashes(self.room).pop()).unwrap_or(segment.before);
        let state = &mut self.chains[chain];
        state.held = last;
        state.ends.insert(last, end);
        if let Some(member) = state.member {
            *self.bytes.entry(member).or_default() += size;
            *self.seats_of.entry(member).or_default() += usize::from(first == 1);
        }
        self.log.push(Held { seat, last, bytes: bytes.clone() });
        self.fresh.push_back(Fresh { seat, first, last, bytes, updates, roster });
        let head = self.chains[chain].head;
        self.waiting.seat_is_at(seat, head);
        if roster {
            let roster = &self.roster;
            self.waiting.members_are(|member| roster.standing(member, |_| true).is_some());
        }
    }

    fn chain_index(&mut self, seat: SeatId) -> usize {
        *self.seats.entry(seat).or_insert_with(|| {
            self.chains.push(Chain::new(seat));
            self.chains.len() - 1
        })
    }
}
