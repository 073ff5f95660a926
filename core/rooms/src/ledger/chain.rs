//! The ledger's memory of one seat's entries, and the causal past of any entry.
//!
//! A seat has one chain. Where it signed several histories, it has one up to where they part, and one
//! for each branch behind that:
//! ```text
//!   chain 4: entries 1 to 6 ─┬─ chain 9: entries 7, 8
//!                            └─ chain 12: entries 7 to 11, others
//! ```

use super::past::Past;
use crate::broken::{Rule, is_broken};
use crate::identity::Author;
use covey_wire::id::{ClientId, Hash, Head, MemberId, SeatId, ShortHash};

/// Entries of a seat that follow each other.
#[derive(Debug)]
pub struct Chain {
    /// The author.
    pub seat: SeatId,
    /// The client id that its blocks have here.
    pub client: ClientId,
    /// The member whose seat it is.
    pub member: MemberId,
    /// The chain and sequence number that it goes on from.
    pub parent: Option<(usize, u64)>,
    /// Whether its seat wrote another history at the same place: nothing in it counts.
    pub closed: bool,
    /// Whether it is a branch that was not there when the log was judged: nothing builds on it before that
    /// is done again, and nothing of it is shown.
    pub unsettled: bool,
    /// Which of its seat's branches it is, by the hash of its first entry; nothing if it is not closed.
    pub line: ShortHash,
    /// Sequence number before its first entry.
    pub base: u64,
    /// Sequence number of the last accepted entry.
    pub head: u64,
    /// Hash after it.
    pub hash: Hash,
    /// Sequence number of the last entry that is held in the log; one's own are ahead of it until they
    /// are signed.
    pub held: u64,
    /// The head's causal past.
    pub past: Past,
    /// Lamport time per entry.
    pub lamports: Vec<u64>,
    /// Hash after each entry; of one's own, the last may lack its hash until it is closed.
    pub hashes: Vec<ShortHash>,
    /// Bytes that the chain's entries count up to each.
    pub sizes: Vec<u64>,
    /// Dependencies, for the entries that name some, by sequence number.
    pub deps: Vec<(u64, Vec<(usize, u64)>)>,
    /// The bytes that all of its member's entries in the head's past count.
    pub spent: u64,
    /// The highest of its entries that another seat's entry, unless that is bulk, names as a dependency.
    pub named: u64,
    /// The last of its entries that is no bulk: what stands behind it is named only by what touches it.
    pub settled: u64,
}

impl Chain {
    /// A chain without entries.
    pub fn new(seat: SeatId, member: MemberId, parent: Option<(usize, u64)>, hash: Hash) -> Self {
        let base = parent.map_or(0, |(_, seq)| seq);
        Self {
            seat,
            client: seat.client(),
            member,
            parent,
            closed: false,
            unsettled: false,
            line: ShortHash::default(),
            base,
            head: base,
            hash,
            held: base,
            past: Past::default(),
            lamports: Vec::new(),
            hashes: Vec::new(),
            sizes: Vec::new(),
            deps: Vec::new(),
            spent: 0,
            named: 0,
            settled: base,
        }
    }

    fn index(&self, seq: u64) -> Option<usize> {
        usize::try_from(seq.checked_sub(self.base + 1)?).ok()
    }

    /// Lamport time of an accepted entry; 0 for none.
    pub fn lamport(&self, seq: u64) -> u64 {
        self.index(seq).and_then(|index| self.lamports.get(index)).copied().unwrap_or(0)
    }

    /// Hash of an entry of this chain.
    pub fn hash_of(&self, seq: u64) -> Option<ShortHash> {
        self.hashes.get(self.index(seq)?).copied()
    }

    /// Whether an entry of this chain has this hash.
    pub fn has(&self, head: &Head) -> bool {
        let hash = self.hash_of(head.seq);
        hash == Some(head.hash) || hash.is_some() && is_broken(Rule::Causes)
    }

    /// Bytes that the chain's entries up to this one count.
    pub fn size(&self, seq: u64) -> u64 {
        let last = self.index(seq).and_then(|index| self.sizes.get(index).or(self.sizes.last()));
        last.copied().unwrap_or(0)
    }

    /// Its last entry, as others may name it.
    pub fn tip(&self, seq: u64) -> Option<Head> {
        Some(Head { seat: self.seat, seq, hash: self.hash_of(seq)? })
    }

    /// Dependencies named by entries after `from` up to and with `to`.
    fn deps_between(&self, from: u64, to: u64) -> impl Iterator<Item = (usize, u64)> + '_ {
        let start = self.deps.partition_point(|(seq, _)| *seq <= from);
        let tail = self.deps.get(start..).unwrap_or_default();
        tail.iter()
            .take_while(move |(seq, _)| *seq <= to)
            .flat_map(|(_, deps)| deps.iter().copied())
    }
}

/// Adds an entry and everything in its causal past to `past`.
pub fn learn(chains: &[Chain], past: &mut Past, chain: usize, seq: u64) {
    let mut open = vec![(chain, seq)];
    while let Some((index, seq)) = open.pop() {
        let before = past.of(index);
        let Some(chain) = chains.get(index) else { continue };
        if before >= seq || seq <= chain.base {
            continue;
        }
        if seq == chain.head {
            // The head's past is known as a whole: no need to walk through it.
            past.merge(&chain.past);
        } else {
            if before == 0 {
                open.extend(chain.parent);
            }
            open.extend(chain.deps_between(before, seq));
        }
        past.set(index, past.of(index).max(seq));
    }
}
