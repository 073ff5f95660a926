//! The signed log: what is admissible, in causal order, and one's own entries.
//!
//! Whether an entry is admissible is a pure function of the entry and its causal past, which its causes
//! name by hash, so every replica decides alike, in whatever order things arrive. What is refused leaves
//! no trace. A segment whose causes are not there yet waits in a bounded buffer. A seat that signed several
//! histories is closed: all of them are kept, since others may have built on any, and nothing of it counts
//! from where they part (`branch.rs`).

mod admissible;
mod branch;
mod causes;
mod chain;
mod documents;
mod entry;
#[cfg(feature = "misbehave")]
mod forge;
mod naming;
mod offer;
mod own;
mod pack;
mod past;
mod reason;
mod replay;
mod undo;
mod waiting;

use std::collections::VecDeque;
use std::sync::Arc;

use litemap::LiteMap;

pub use entry::{Body, Entry, Received, Segment};
pub use pack::{Pack, Packer};
pub use reason::Reason;

use crate::broken::{Rule, is_broken};
use crate::roster::{Roster, Standing};
use crate::seal::{ContentKey, EpochId};
use branch::Branch;
use chain::Chain;
use covey_wire::id::{ClientId, DocName, Head, MemberId, RoomId, SeatId, ShortHash};
use covey_wire::sorted::SortedMap;
use documents::Index;
use own::Open;
use waiting::{Share, Waiting};

/// What became of an offered segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// It is in the ledger; it counts so many bytes for its member.
    Accepted(usize),
    /// It was there.
    Known,
    /// It waits for this entry, on which it builds.
    Waiting(Head),
    /// It says something that only a newer version knows. It waits, and what builds on it, until the room is
    /// loaded by one.
    Newer,
    /// It, or an entry in it, is not admissible: nothing of it is kept.
    Refused(Reason),
}

/// A segment that came into the ledger, in causal order.
#[derive(Debug, Clone)]
pub struct Fresh {
    /// Its author.
    pub seat: SeatId,
    /// Which of the author's branches it is in; nothing where there are none.
    pub line: ShortHash,
    /// The client id that all its blocks have here, if it is one.
    pub client: Option<ClientId>,
    /// Its first sequence number.
    pub first: u64,
    /// Its last sequence number.
    pub last: u64,
    /// The segment as it goes over the wire and to disk.
    pub bytes: Arc<[u8]>,
    /// The document updates in it that count, opened and checked, in order.
    pub updates: Vec<(DocName, Vec<u8>)>,
    /// Whether it says something about members.
    pub roster: bool,
}

/// A seat, and which of its branches; zeros where there are none.
pub type Line = (SeatId, ShortHash);

/// A held segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its author.
    pub seat: SeatId,
    /// Which of the author's branches it is in; zeros where there are none.
    pub line: ShortHash,
    /// Its first sequence number.
    pub first: u64,
    /// Its last sequence number.
    pub last: u64,
    /// Whether it says something about members.
    pub roster: bool,
    /// The encoded segment.
    pub bytes: Arc<[u8]>,
}

/// One room's log.
pub struct Ledger {
    room: RoomId,
    keys: LiteMap<EpochId, ContentKey>,
    chains: Vec<Chain>,
    /// The chains of each seat: several where it wrote several histories.
    seats: SortedMap<SeatId, Vec<usize>>,
    clients: SortedMap<ClientId, Vec<usize>>,
    /// All chains of each member.
    chains_of: LiteMap<MemberId, Vec<usize>>,
    /// At which sequence numbers the histories of a seat part.
    partings: LiteMap<SeatId, Vec<u64>>,
    /// Seats that signed several histories themselves, and from which entry on nothing of them counts. The
    /// others among those above only share a client id with somebody.
    forks: LiteMap<SeatId, u64>,
    /// The branches of the same seats, in order, by the client ids that the seats would have.
    closed: LiteMap<ClientId, Vec<Branch>>,
    /// Seats newly seen to have written several histories: what they wrote is to be judged anew.
    parted: Vec<SeatId>,
    roster: Roster,
    documents: LiteMap<DocName, Index>,
    log: Vec<Held>,
    fresh: VecDeque<Fresh>,
    refused: VecDeque<(SeatId, Reason)>,
    waiting: Waiting,
    /// Ends of segments that are judged once the seats that parted are closed: their authors may know what
    /// these are named then.
    doubtful: Vec<Head>,
    /// Whether something waits for a newer version, or was kept unread.
    newer: bool,
    /// Ends of segments that are not admissible, those refused last: nothing behind them ever is.
    inadmissible: VecDeque<Head>,
    entries: u64,
    /// Segments that were refused when the log was judged anew, which must not happen.
    lost: usize,
    open: Option<Open>,
    /// Whether the offered segments were verified before.
    verified: bool,
}

impl Ledger {
    /// An empty log of a room.
    pub fn new(room: RoomId) -> Self {
        Self {
            room,
            keys: LiteMap::new(),
            chains: Vec::new(),
            seats: SortedMap::new(),
            clients: SortedMap::new(),
            chains_of: LiteMap::new(),
            partings: LiteMap::new(),
            forks: LiteMap::new(),
            closed: LiteMap::new(),
            parted: Vec::new(),
            roster: Roster::default(),
            documents: LiteMap::new(),
            log: Vec::new(),
            fresh: VecDeque::new(),
            refused: VecDeque::new(),
            waiting: Waiting::default(),
            doubtful: Vec::new(),
            newer: false,
            inadmissible: VecDeque::new(),
            entries: 0,
            lost: 0,
            open: None,
            verified: false,
        }
    }

    /// Learns the content key of an epoch.
    pub fn add_key(&mut self, epoch: EpochId, key: ContentKey) {
        self.keys.insert(epoch, key);
    }

    /// Takes a segment from one's own disk, in any order: what it builds on may come later, however
    /// much waits for it.
    pub fn offer(&mut self, bytes: &[u8]) -> Offer {
        match Received::read(bytes) {
            Ok(received) => self.offer_in(Share::Disk, &received),
            Err(reason) => Offer::Refused(reason),
        }
    }

    /// Takes a segment from a connected seat, and the member whose it is if that is known; from whom does
    /// not matter for what it is, only for whose share of the buffer it waits in.
    pub fn offer_from(
        &mut self,
        seat: SeatId,
        member: Option<MemberId>,
        received: &Arc<Received>,
    ) -> Offer {
        self.offer_in(member.map_or(Share::Stranger(seat), Share::Member), received)
    }

    /// Forgets what a peer let wait before it was known to be a member's.
    pub fn clear_peer(&mut self, seat: SeatId) {
        self.waiting.clear_peer(seat);
    }

    fn offer_in(&mut self, share: Share, received: &Arc<Received>) -> Offer {
        self.waiting.charge(share);
        let result = self.try_segment(received);
        if matches!(result, Offer::Accepted(_)) {
            self.retry_waiting();
        }
        result
    }

    /// The next segment that came in, in causal order.
    pub fn poll(&mut self) -> Option<Fresh> {
        self.fresh.pop_front()
    }

    /// The next refusal of something that had waited.
    pub fn poll_refused(&mut self) -> Option<(SeatId, Reason)> {
        self.refused.pop_front()
    }

    /// The last held entry of each seat, of each branch by itself.
    pub fn heads(&self) -> Vec<Head> {
        let held = self.chains.iter().filter_map(|chain| chain.tip(chain.held));
        held.collect()
    }

    /// The last held sequence number of one seat, by its longest history.
    pub fn held(&self, seat: SeatId) -> u64 {
        self.chains_of(seat).map(|chain| chain.held).max().unwrap_or(0)
    }

    /// Whether an entry is held.
    pub fn has(&self, head: &Head) -> bool {
        self.find(head).is_some_and(|chain| self.chains[chain].held >= head.seq)
    }

    /// How an entry is named, on a branch of its seat.
    pub fn head_at(&self, seat: SeatId, line: ShortHash, seq: u64) -> Option<Head> {
        self.chains_of(seat).find(|chain| chain.line == line)?.tip(seq)
    }

    /// How far a peer with this entry is with its seat, by branch; nothing if the entry is not held.
    pub fn lines(&self, head: &Head) -> impl Iterator<Item = (ShortHash, u64)> {
        let first = self.find(head).map(|chain| (chain, head.seq));
        let before = |(chain, _): &(usize, u64)| self.chains[*chain].parent;
        core::iter::successors(first, before).map(|(chain, seq)| (self.chains[chain].line, seq))
    }

    /// How far a peer that names these heads is with each branch. A head that is not held may be what comes next;
    /// another history of a seat than the one held says nothing of that one.
    pub fn extents(&self, heads: &[Head]) -> Vec<(Line, u64)> {
        let mut has: LiteMap<Line, u64> = LiteMap::new();
        let mut told: Vec<&Head> = heads.iter().collect();
        told.sort_unstable();
        told.dedup();
        for head in told {
            let mut lines = self.lines(head).peekable();
            let ahead = head.seq > self.held(head.seat) && !self.is_closed(head.seat);
            if lines.peek().is_none() && (ahead || is_broken(Rule::Heads)) {
                has.insert((head.seat, ShortHash::default()), head.seq);
            }
            for (line, seq) in lines {
                let known = has.get(&(head.seat, line)).copied();
                has.insert((head.seat, line), known.map_or(seq, |known| known.max(seq)));
                // The branches before it are the same whichever of its entries is named.
                if known.is_some() {
                    break;
                }
            }
        }
        has.into_iter().collect()
    }

    /// Whether a seat is known to have signed several histories.
    pub fn is_forked(&self, seat: SeatId) -> bool {
        self.forks.contains_key(&seat)
    }

    /// Whether a seat's blocks have other client ids than its own from some entry on: it signed several
    /// histories, or somebody has the same id.
    pub fn is_closed(&self, seat: SeatId) -> bool {
        self.partings.contains_key(&seat)
    }

    /// How many segments were refused when the log was judged anew, since this was asked last.
    pub fn drain_lost(&mut self) -> usize {
        core::mem::take(&mut self.lost)
    }

    /// All held segments, each after everything it builds on.
    pub fn log(&self) -> &[Held] {
        &self.log
    }

    /// The member whose seat it is.
    pub fn member(&self, seat: SeatId) -> Option<MemberId> {
        self.chains_of(seat).next().map(|chain| chain.member)
    }

    /// The lamport of the entry that wrote a unit of a document.
    pub fn lamport(&self, name: &DocName, client: ClientId, clock: u32) -> Option<u64> {
        let documents = self.documents.get(name)?;
        let wrote = |chain: &usize| {
            let seq = documents.seq(*chain, clock)?;
            Some(self.chains.get(*chain)?.lamport(seq))
        };
        self.clients.get(&client)?.iter().find_map(wrote)
    }

    /// Whose seat writes under a client id.
    pub fn author(&self, client: ClientId) -> Option<MemberId> {
        Some(self.chains.get(*self.clients.get(&client)?.first()?)?.member)
    }

    /// The members of the room.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// What a member may do by all that is known here.
    pub fn standing(&self, member: MemberId) -> Option<Standing> {
        self.roster.standing(member, |_| true)
    }

    /// The epoch in which this replica writes: the one that the genesis begins.
    pub fn epoch(&self) -> Option<EpochId> {
        self.roster.genesis(|_| true).map(|genesis| genesis.epoch)
    }

    /// Whether a segment waits for an entry of this seat.
    pub fn waits_for(&self, seat: SeatId) -> bool {
        self.waiting.is_for(seat)
    }

    /// Bytes of segments that wait for what they build on.
    pub fn waiting_bytes(&self) -> usize {
        self.waiting.bytes()
    }

    /// Whether something came that only a newer version can read, since this was asked last.
    pub fn drain_newer(&mut self) -> bool {
        core::mem::take(&mut self.newer)
    }

    /// How many segments wait for what they build on.
    pub fn waiting_count(&self) -> usize {
        self.waiting.count()
    }

    /// Whether something was refused for want of room, and there is room now: it is to be asked for again.
    pub fn wants_again(&self) -> bool {
        self.waiting.wants_again()
    }

    /// It is asked for.
    pub fn asked_again(&mut self) {
        self.waiting.asked_again();
    }

    /// The bytes held of the member whose seat it is, by all that is known here.
    pub fn bytes_of(&self, seat: SeatId) -> usize {
        let spent = self.member(seat).map_or(0, |member| self.spent(member, |chain| chain.head));
        usize::try_from(spent).unwrap_or(usize::MAX)
    }

    /// How many entries are held.
    pub fn entry_count(&self) -> u64 {
        self.entries
    }

    /// How many seats there are.
    pub fn seat_count(&self) -> usize {
        self.seats.len()
    }

    fn chains_of(&self, seat: SeatId) -> impl Iterator<Item = &Chain> {
        let chains = self.seats.get(&seat).map(Vec::as_slice).unwrap_or_default();
        chains.iter().filter_map(|chain| self.chains.get(*chain))
    }

    /// The chain that has an entry.
    fn find(&self, head: &Head) -> Option<usize> {
        let chains = self.seats.get(&head.seat)?;
        chains.iter().copied().find(|chain| self.chains[*chain].has(head))
    }

    /// The bytes that all chains of a member count as far as `seq` says.
    fn spent(&self, member: MemberId, seq: impl Fn(&Chain) -> u64) -> u64 {
        let chains = self.chains_of.get(&member).into_iter().flatten();
        chains.map(|chain| &self.chains[*chain]).map(|chain| chain.size(seq(chain))).sum()
    }
}
