//! Seats that signed several histories.
//!
//! Two admissible entries at one place of a seat are proof against it, and stand in the log of everyone
//! who has both. From there on every branch is a chain of its own, with a client id of its own in the
//! documents, and nothing in it counts: its blocks are there as deleted ones, which keep the place of
//! what others wrote beside them, and what it deletes is not deleted. So all replicas that have the same
//! entries show the same, whichever branch came first. The blocks of two seats with one client id are
//! distinguished in the same way. They count, since one of the two did nothing. Only somebody who searches for such
//! seats finds them.
//!
//! The log is judged anew when a parting is seen, at most once for each: see [`Ledger::settle`].

use super::chain::Chain;
use super::past::Past;
use super::undo::Undo;
use super::{Body, Fresh, Ledger, Offer, Reason, Segment};
use crate::broken::{Rule, is_broken};
use crate::identity::{Author, branch_client};
use crate::roster::RosterAct;
use covey_wire::id::{Hash, Head, MemberId, SeatId, ShortHash};
use covey_wire::limits;
use covey_wire::sorted::SortedMap;

/// One history of a seat from where it parts from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Branch {
    pub seat: SeatId,
    /// Sequence number before its first entry.
    pub base: u64,
    /// Hash of its first entry.
    pub line: ShortHash,
}

/// Where a segment's new entries go on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attach {
    /// The chain that has the entry before; none for a seat's first.
    pub chain: Option<usize>,
    /// The last entry that is known already.
    pub seq: u64,
    /// Hash after it.
    pub hash: Hash,
}

/// So many branches can have a client id: where many part, each history falls into several.
pub(super) const PLACES: usize = 4 * limits::BRANCHES;

impl Ledger {
    /// Where a segment goes on; none while the entry before it is not there.
    pub(super) fn attach(
        &self,
        segment: &Segment,
        hashes: &[Hash],
    ) -> Result<Option<Attach>, Reason> {
        let (seat, before) = (segment.seat, segment.before);
        let mut attach = Attach { chain: None, seq: segment.first - 1, hash: before };
        if segment.first > 1 {
            let head = Head { seat, seq: segment.first - 1, hash: before.short() };
            attach.chain = self.find(&head);
            if attach.chain.is_none() {
                return Ok(None);
            }
        } else if before != Hash([0; 32]) {
            return Err(Reason::Entrance);
        }
        for (seq, hash) in (segment.first..).zip(hashes) {
            let Some(chain) = self.find(&Head { seat, seq, hash: hash.short() }) else { break };
            attach = Attach { chain: Some(chain), seq, hash: *hash };
        }
        Ok(Some(attach))
    }

    /// The chain that takes the entries behind `attach`, of which `first` is the first: the one that ends
    /// there, or a new one.
    pub(super) fn chain_for(
        &mut self,
        seat: SeatId,
        attach: &Attach,
        (first, opening): (ShortHash, &Body),
        undo: &mut Undo,
    ) -> Result<usize, Reason> {
        let parts = self.parts_at(seat, attach.seq + 1);
        if let Some(chain) = attach.chain {
            let ends = self.chains[chain].head == attach.seq;
            if ends && !parts && !self.branches_at(seat, (chain, attach.seq)) {
                undo.chain(chain, &self.chains[chain]);
                return Ok(chain);
            }
        }
        let member = match (attach.chain, opening) {
            (Some(chain), _) => self.chains[chain].member,
            (None, Body::Roster(RosterAct::Enter { certificate, .. })) => {
                certificate.claimed().member
            }
            (None, _) => return Err(Reason::Entrance),
        };
        let was_taken = self.verified || self.waiting.is_of_disk();
        let branches = self.seats.get(&seat).map_or(0, Vec::len);
        if branches >= limits::BRANCHES && !was_taken {
            return Err(Reason::Quota);
        }
        let parent = attach.chain.map(|chain| (chain, attach.seq));
        let mut chain = Chain::new(seat, member, parent, attach.hash);
        if let Some((parent, seq)) = parent {
            super::chain::learn(&self.chains, &mut chain.past, parent, seq);
        }
        let parted = self.partings.get(&seat).and_then(|at| at.first());
        if self.seats.contains_key(&seat) && is_broken(Rule::Forks) {
            return Err(Reason::Broken);
        }
        let closed = parted.is_some_and(|first| *first <= chain.base + 1)
            || self.seats.contains_key(&seat)
            || !self.clashing(seat).is_empty();
        if closed {
            (chain.closed, chain.line) = (true, first);
            let branch = Branch { seat, base: chain.base, line: first };
            let known = self.closed.get(&seat.client());
            let place = known.and_then(|all| all.binary_search(&branch).ok());
            chain.unsettled = place.is_none();
            chain.client =
                branch_client(seat.client(), place.unwrap_or_else(|| self.free_place(seat)));
        }
        chain.spent = self.spent_in(member, &chain.past);
        let (index, client) = (self.chains.len(), chain.client);
        self.chains.push(chain);
        self.clients.or_default(client).push(index);
        self.seats.or_default(seat).push(index);
        self.chains_of.entry(member).or_default().push(index);
        undo.new_chain(index);
        Ok(index)
    }

    /// A place for a branch until the log is judged anew.
    fn free_place(&self, seat: SeatId) -> usize {
        let taken =
            |place: &usize| self.clients.contains_key(&branch_client(seat.client(), *place));
        (PLACES..).find(|place| !taken(place)).unwrap_or(PLACES)
    }

    /// Whether nothing in a chain counts.
    pub(super) fn is_void(&self, chain: usize) -> bool {
        let chain = &self.chains[chain];
        self.forks.get(&chain.seat).is_some_and(|fork| *fork <= chain.base + 1)
    }

    /// Whether histories of a seat part before this entry.
    pub(super) fn parts_at(&self, seat: SeatId, seq: u64) -> bool {
        self.partings.get(&seat).is_some_and(|at| at.binary_search(&seq).is_ok())
    }

    /// Takes the newest chain away.
    pub(super) fn forget_chain(&mut self) {
        let Some(chain) = self.chains.pop() else { return };
        let index = self.chains.len();
        pop(&mut self.clients, &chain.client, index);
        pop(&mut self.seats, &chain.seat, index);
        if let Some(all) = self.chains_of.get_mut(&chain.member) {
            all.retain(|chain| *chain != index);
        }
    }

    fn branches_at(&self, seat: SeatId, place: (usize, u64)) -> bool {
        let chains = self.seats.get(&seat).map(Vec::as_slice).unwrap_or_default();
        chains.len() > 1 && chains.iter().any(|chain| self.chains[*chain].parent == Some(place))
    }

    /// The first chains of other seats whose client id is the same.
    pub(super) fn clashing(&self, seat: SeatId) -> Vec<usize> {
        let client = seat.client();
        let open = self.clients.get(&client).into_iter().flatten().copied();
        let closed = self.closed.get(&client).into_iter().flatten();
        let closed = closed.filter_map(|branch| self.seats.get(&branch.seat)?.first().copied());
        let mut all: Vec<usize> = open.chain(closed).collect();
        all.retain(|chain| self.chains[*chain].seat != seat && self.chains[*chain].base == 0);
        all
    }

    /// After a new chain was kept: whether its seat, or another with its client id, is closed by it.
    pub(super) fn note_parting(&mut self, chain: usize, attach: &Attach) {
        let (seat, base) = (self.chains[chain].seat, self.chains[chain].base);
        if base != attach.seq {
            return;
        }
        if self.has_rival(chain) {
            self.part(seat, base + 1);
            let fork = self.forks.get(&seat).map_or(base + 1, |fork| (*fork).min(base + 1));
            self.forks.insert(seat, fork);
        } else if self.chains[chain].unsettled {
            // It begins where others of its seat part, and has no place among them yet.
            self.is_to_settle(seat);
        }
        if base > 0 {
            return;
        }
        // Two seats with one client id.
        let clashing = self.clashing(seat);
        for other in clashing.into_iter().map(|chain| self.chains[chain].seat).collect::<Vec<_>>() {
            self.part(seat, 1);
            self.part(other, 1);
        }
    }

    /// Whether its seat wrote another history from where a chain begins.
    fn has_rival(&self, chain: usize) -> bool {
        let Chain { seat, parent, .. } = self.chains[chain];
        let mut others = self.seats.get(&seat).into_iter().flatten().filter(|of| **of != chain);
        let goes_on = parent.is_some_and(|(before, seq)| self.chains[before].head > seq);
        goes_on || others.any(|other| self.chains[*other].parent == parent)
    }

    fn part(&mut self, seat: SeatId, at: u64) {
        let partings = self.partings.entry(seat).or_default();
        if !partings.contains(&at) {
            partings.push(at);
            partings.sort_unstable();
        }
        // Another branch where there are some already has no id yet either.
        self.is_to_settle(seat);
    }

    fn is_to_settle(&mut self, seat: SeatId) {
        if !self.verified && !self.parted.contains(&seat) {
            self.parted.push(seat);
        }
    }

    /// Whether [`Ledger::settle`] has something to do.
    pub fn is_parted(&self) -> bool {
        !self.parted.is_empty()
    }

    /// Judges the log anew if a seat was seen to have written several histories; then all documents are
    /// to be shown anew, by what is told. Comes after everything was polled.
    pub fn settle(&mut self) -> Option<(Vec<SeatId>, Vec<Fresh>)> {
        if self.parted.is_empty() || is_broken(Rule::Settling) {
            return None;
        }
        self.flush();
        let parted = core::mem::take(&mut self.parted);
        self.name_branches();
        let (again, fresh) = self.replay();
        let Self {
            chains,
            seats,
            clients,
            chains_of,
            partings,
            roster,
            documents,
            log,
            entries,
            lost,
            ..
        } = again;
        (self.chains, self.seats, self.clients, self.chains_of) =
            (chains, seats, clients, chains_of);
        (self.partings, self.roster, self.documents) = (partings, roster, documents);
        (self.log, self.entries) = (log, entries);
        self.lost += lost;
        // Without its own past a seat can't go on.
        self.open = self.open.take().and_then(|open| open.moved(&self.chains));
        // Segments that came in just before are told with the rest, under the ids that they have now.
        self.fresh.iter_mut().for_each(|fresh| fresh.updates.clear());
        self.judge_doubtful();
        Some((parted, fresh))
    }

    /// Puts all branches of closed seats in order: by that they get their client ids.
    fn name_branches(&mut self) {
        self.closed.clear();
        for (seat, partings) in &self.partings {
            let all = self.closed.entry(seat.client()).or_default();
            for chain in self.seats.get(seat).into_iter().flatten().map(|at| &self.chains[*at]) {
                let begin = partings.iter().filter_map(|seq| Some((*seq, chain.hash_of(*seq)?)));
                all.extend(begin.map(|(seq, line)| Branch { seat: *seat, base: seq - 1, line }));
            }
            all.sort_unstable();
            all.dedup();
        }
    }

    /// The log taken once more from the beginning, and what it says.
    pub(super) fn replay(&self) -> (Self, Vec<Fresh>) {
        let mut again = Self::new(self.room);
        again.keys.clone_from(&self.keys);
        again.partings.clone_from(&self.partings);
        again.closed.clone_from(&self.closed);
        again.forks.clone_from(&self.forks);
        again.verified = true;
        for held in &self.log {
            // All of it was admissible, and is.
            again.lost += usize::from(!matches!(again.offer(&held.bytes), Offer::Accepted(_)));
        }
        let fresh = again.fresh.drain(..).collect();
        (again, fresh)
    }

    /// The bytes that a member's chains count as far as a past knows them.
    pub(super) fn spent_in(&self, member: MemberId, past: &Past) -> u64 {
        let chains = self.chains_of.get(&member).into_iter().flatten();
        let known = chains.map(|chain| (*chain, past.of(*chain))).filter(|(_, seq)| *seq > 0);
        known.map(|(chain, seq)| self.chains[chain].size(seq)).sum()
    }
}

fn pop<K: Ord>(chains: &mut SortedMap<K, Vec<usize>>, of: &K, index: usize) {
    if let Some(all) = chains.get_mut(of) {
        all.retain(|chain| *chain != index);
        if all.is_empty() {
            chains.remove(of);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::Document;
    use crate::guard::{CODE_FILE, DocKind};
    use crate::identity::{DeviceSecret, SeatKey, Signed, narrow};
    use crate::roster::{Genesis, Right};
    use crate::seal::ContentKey;
    use covey_wire::id::{ClientId, DocName, RoomId};

    struct Room {
        room: RoomId,
        key: ContentKey,
        device: DeviceSecret,
        founding: Vec<u8>,
    }

    fn founded() -> Room {
        let (root, seat) = (SeatKey::new([1; 32]), SeatKey::new([2; 32]));
        let (room, key) = (RoomId(root.id().0), ContentKey::new([4; 32]));
        let device = DeviceSecret::new([3; 32]);
        let member = device.member(room);
        let epoch = key.epoch(room);
        let genesis = Genesis { owner: member.id(), exchange: member.exchange(), epoch };
        let right = Right::Founder(Box::new(Signed::sign(genesis, &room.0, root.signer())));
        let enter = RosterAct::enter(room, &member, seat.id(), right);
        let mut ledger = Ledger::new(room);
        ledger.sit(seat, enter).expect("it founds the room");
        let founding = ledger.log()[0].bytes.to_vec();
        Room { room, key, device, founding }
    }

    impl Room {
        fn replica<'a>(&self, segments: impl IntoIterator<Item = &'a Vec<u8>>) -> Ledger {
            let mut ledger = Ledger::new(self.room);
            ledger.add_key(self.key.epoch(self.room), self.key.clone());
            ledger.offer(&self.founding);
            for segment in segments {
                assert!(!matches!(ledger.offer(segment), Offer::Refused(_)));
            }
            while ledger.poll().is_some() {}
            ledger.settle();
            ledger
        }

        /// The segments of a new seat that writes at the beginning of the text.
        fn writes(&self, ledger: &mut Ledger, seat: SeatKey, text: &str) -> Vec<Vec<u8>> {
            let before = ledger.log().len();
            let mut page = Document::new(DocKind::Code, seat.id().client());
            ledger
                .updates(&DocName::Code)
                .iter()
                .for_each(|update| page.apply(update).expect("sound"));
            let enter = RosterAct::enter(
                self.room,
                &self.device.member(self.room),
                seat.id(),
                Right::Member,
            );
            ledger.sit(seat, enter).expect("a member may");
            let update = page.edit(CODE_FILE, 0, 0, text);
            let epoch = self.key.epoch(self.room);
            ledger.write(&DocName::Code, epoch, &update).expect("it is honest");
            ledger.flush();
            ledger.log()[before..].iter().map(|held| held.bytes.to_vec()).collect()
        }
    }

    fn text(ledger: &Ledger) -> String {
        let mut seen = Document::new(DocKind::Code, ClientId(1));
        ledger.updates(&DocName::Code).iter().for_each(|update| seen.apply(update).expect("sound"));
        seen.text(CODE_FILE)
    }

    /// Two seats whose client ids are the same; with all bits it takes some 2^26 keys to find them.
    fn clash() -> [[u8; 32]; 2] {
        let mut seen = SortedMap::new();
        for n in 10_u64.. {
            let mut seed = [5; 32];
            seed[..8].copy_from_slice(&n.to_le_bytes());
            let client = SeatKey::new(seed).id().client();
            if let Some(other) = seen.insert(client, seed) {
                return [other, seed];
            }
        }
        unreachable!("there are more seeds than ids")
    }

    #[test]
    fn two_seats_with_one_client_id_are_distinguished_alike_in_any_order() {
        narrow::to(12);
        let room = founded();
        let [one, two] = clash();
        let first = room.writes(&mut room.replica([]), SeatKey::new(one), "one ");
        let second = room.writes(&mut room.replica([]), SeatKey::new(two), "two ");
        // Honest people who know one of them only write beside it.
        let (ann, ben) = (SeatKey::new([71; 32]), SeatKey::new([72; 32]));
        let beside = room.writes(&mut room.replica(&first), ann, "ann ");
        let other = room.writes(&mut room.replica(&second), ben, "ben ");
        let parts = [first, second, beside, other];
        let orders = [[0, 1, 2, 3], [1, 0, 3, 2], [0, 2, 1, 3], [1, 3, 0, 2]];
        let texts = orders.map(|order| {
            let segments = order.iter().flat_map(|n| &parts[*n]);
            let replica = room.replica(segments);
            assert!(replica.is_closed(SeatKey::new(one).id()));
            (text(&replica), replica.entry_count())
        });
        assert!(texts.windows(2).all(|pair| pair[0] == pair[1]), "{texts:?}");
        for word in ["one", "two", "ann", "ben"] {
            assert_eq!(texts[0].0.matches(word).count(), 1, "{texts:?}");
        }
        // Where one has the other in its past, it is refused.
        let mut knows = room.replica(&parts[0]);
        let member = room.device.member(room.room);
        let enter = RosterAct::enter(room.room, &member, SeatKey::new(two).id(), Right::Member);
        assert_eq!(knows.sit(SeatKey::new(two), enter), Err(Reason::Client));
        narrow::to(53);
    }
}
