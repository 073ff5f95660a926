//! The ledger's view of each document: its guard, and which clocks each entry made known.

use super::chain::Chain;
use super::past::Past;
use crate::guard::{DocKind, Guard, Refusal, Seen};
use covey_wire::id::{ClientId, DocName, MemberId};
use covey_wire::sorted::SortedMap;

/// The state of one document in the log.
pub struct Index {
    guard: Guard,
    /// Per chain: sequence number and the client's clock after that entry.
    clocks: SortedMap<usize, Vec<(u32, u32)>>,
}

impl Index {
    /// An empty document; none if this version has no rules for it.
    pub fn new(name: &DocName) -> Option<Self> {
        Some(Self { guard: Guard::new(DocKind::of(name)?), clocks: SortedMap::new() })
    }

    /// A chain's clock after its entries up to `seq`.
    pub fn clock(&self, chain: usize, seq: u64) -> u32 {
        let Some(list) = self.clocks.get(&chain) else { return 0 };
        let upto = list.partition_point(|(at, _)| u64::from(*at) <= seq);
        upto.checked_sub(1).and_then(|last| list.get(last)).map_or(0, |(_, end)| *end)
    }

    /// The author's next clock.
    pub fn next(&self, chain: usize) -> u32 {
        self.clocks.get(&chain).and_then(|list| list.last()).map_or(0, |(_, end)| *end)
    }

    /// The sequence number of the entry that wrote a unit.
    pub fn seq(&self, chain: usize, clock: u32) -> Option<u64> {
        let list = self.clocks.get(&chain)?;
        let entry = list.get(list.partition_point(|(_, end)| *end <= clock))?;
        Some(u64::from(entry.0))
    }

    /// Takes an update if it does no harm, judged by what its author had seen; tells what it costs to keep,
    /// in bytes, the same on every replica. It stays if it is kept.
    pub fn take(
        &mut self,
        update: &[u8],
        author: (usize, ClientId),
        seq: u64,
        past: &Past,
        clients: &SortedMap<ClientId, Vec<usize>>,
        chains: &[Chain],
    ) -> Result<usize, Refusal> {
        let (chain, client) = author;
        let next = self.next(chain);
        let view = View { clocks: &self.clocks, past, clients, chains };
        let checked = self.guard.check(update, client, next, &view)?;
        let (cost, end) = (checked.cost(), checked.accept_for_now());
        let seq = u32::try_from(seq).unwrap_or(u32::MAX);
        if end > next {
            self.clocks.or_default(chain).push((seq, end));
        }
        Ok(cost)
    }

    /// Keeps what was taken.
    pub fn keep(&mut self) {
        self.guard.keep();
    }

    /// Takes back what was not kept.
    pub fn undo(&mut self) {
        self.guard.undo();
    }

    /// How many clocks of a chain are remembered.
    pub fn clocks(&self, chain: usize) -> usize {
        self.clocks.get(&chain).map_or(0, Vec::len)
    }

    /// Takes back what was not kept of an entry that had been kept in part, down to so many clocks.
    pub fn undo_part(&mut self, chain: usize, clocks: usize) {
        self.undo();
        if let Some(list) = self.clocks.get_mut(&chain) {
            list.truncate(clocks);
        }
    }

    /// Forgets a chain's clocks behind an entry.
    pub fn forget(&mut self, chain: usize, seq: u64) {
        if let Some(list) = self.clocks.get_mut(&chain) {
            list.truncate(list.partition_point(|(at, _)| u64::from(*at) <= seq));
            if list.is_empty() {
                self.clocks.remove(&chain);
            }
        }
    }

    /// An own update with the origins that say what its author sees, if there are such.
    pub fn mend(&mut self, update: &[u8], author: ClientId) -> Option<Vec<u8>> {
        self.guard.mend(update, author).ok()
    }
}

struct View<'a> {
    clocks: &'a SortedMap<usize, Vec<(u32, u32)>>,
    past: &'a Past,
    clients: &'a SortedMap<ClientId, Vec<usize>>,
    chains: &'a [Chain],
}

impl Seen for View<'_> {
    fn clock(&self, client: ClientId) -> u32 {
        let chains = self.clients.get(&client).into_iter().flatten();
        let seen = chains.map(|chain| {
            let Some(list) = self.clocks.get(chain) else { return 0 };
            let seen = self.past.of(*chain);
            let upto = list.partition_point(|(seq, _)| u64::from(*seq) <= seen);
            upto.checked_sub(1).and_then(|last| list.get(last)).map_or(0, |(_, end)| *end)
        });
        seen.max().unwrap_or(0)
    }

    fn member(&self, client: ClientId) -> Option<MemberId> {
        let chain = self.clients.get(&client)?.first()?;
        Some(self.chains.get(*chain)?.member)
    }
}
