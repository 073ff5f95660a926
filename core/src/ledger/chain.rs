//! What the ledger remembers of one seat, and the causal past of any entry.

use std::collections::BTreeMap;

use crate::id::{ClientId, Hash, MemberId, SeatId};

/// A seat's entries as far as they are admissible.
#[derive(Debug)]
pub struct Chain {
    pub seat: SeatId,
    /// The client id it writes under.
    pub client: ClientId,
    /// The member whose seat it is, once its first entry was accepted.
    pub member: Option<MemberId>,
    /// Sequence number of the last accepted entry.
    pub head: u64,
    /// Hash after it.
    pub hash: Hash,
    /// Last sequence number that is held; above `head` only where the chain is broken.
    pub held: u64,
    /// The first entry that is not admissible: nothing after it ever is.
    pub broken: Option<u64>,
    /// What the head's causal past holds: per chain index the highest sequence number.
    pub past: Vec<u32>,
    /// Lamport time per entry; index 0 is sequence number 1.
    pub lamports: Vec<u64>,
    /// Dependencies, for the entries that name some, by sequence number.
    pub deps: Vec<(u64, Vec<(usize, u64)>)>,
    /// Hashes at the ends of held segments, to notice forks.
    pub ends: BTreeMap<u64, Hash>,
    /// The highest of its entries that another seat's entry, unless that is bulk, names as a dependency.
    pub named: u64,
    /// The last of its entries that is no bulk: what stands behind it is named only by what touches it.
    pub settled: u64,
}

impl Chain {
    pub fn new(seat: SeatId) -> Self {
        Self {
            seat,
            client: seat.client(),
            member: None,
            head: 0,
            hash: Hash([0; 32]),
            held: 0,
            broken: None,
            past: Vec::new(),
            lamports: Vec::new(),
            deps: Vec::new(),
            ends: BTreeMap::new(),
            named: 0,
            settled: 0,
        }
    }

    /// Lamport time of an accepted entry; 0 for none.
    pub fn lamport(&self, seq: u64) -> u64 {
        let index = usize::try_from(seq).ok().and_then(|seq| seq.checked_sub(1));
        index.and_then(|index| self.lamports.get(index)).copied().unwrap_or(0)
    }

    /// Hash after an entry, where it ends a segment.
    pub fn hash_at(&self, seq: u64) -> Option<Hash> {
        match seq {
            0 => Some(Hash([0; 32])),
            seq if seq == self.head => Some(self.hash),
            seq => self.ends.get(&seq).copied(),
        }
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

/// The sequence number a past holds of a chain.
pub fn known(past: &[u32], chain: usize) -> u64 {
    past.get(chain).copied().map_or(0, u64::from)
}

fn merge(past: &mut Vec<u32>, other: &[u32]) {
    if past.len() < other.len() {
        past.resize(other.len(), 0);
    }
    for (own, other) in past.iter_mut().zip(other) {
        *own = (*own).max(*other);
    }
}

/// Adds an entry and everything in its causal past to `past`.
pub fn learn(chains: &[Chain], past: &mut Vec<u32>, chain: usize, seq: u64) {
    let mut open = vec![(chain, seq)];
    while let Some((index, seq)) = open.pop() {
        let before = known(past, index);
        if before >= seq {
            continue;
        }
        if past.len() <= index {
            past.resize(index + 1, 0);
        }
        past[index] = u32::try_from(seq).unwrap_or(u32::MAX);
        let Some(chain) = chains.get(index) else { continue };
        if seq == chain.head && !chain.past.is_empty() {
            // The head's past is known as a whole: no need to walk through it.
            merge(past, &chain.past);
        } else {
            open.extend(chain.deps_between(before, seq));
        }
    }
}
