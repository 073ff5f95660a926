//! What one's own next entry names as what it builds on: `docs/decisions/0013-few-causes.md`.

use super::Ledger;
use super::chain::known;
use crate::guard;
use crate::id::{DocName, SeatId};

/// Which causes an entry names.
#[derive(Clone, Copy)]
pub enum Causes<'a> {
    /// All that was seen.
    All,
    /// What this update of a document touches, and all that was seen but bulk: whoever has read less of
    /// a large paste doesn't wait for it to see a key.
    Touched(&'a DocName, &'a [u8]),
}

impl<'a> Causes<'a> {
    /// What an update names. Chat is ordered by what each message builds on, so that has all.
    pub fn of(name: &'a DocName, update: &'a [u8]) -> Self {
        match name {
            DocName::Chat => Self::All,
            _ => Self::Touched(name, update),
        }
    }
}

impl Ledger {
    /// What the chain's next entry builds on, and its lamport.
    pub(super) fn next_place(&self, chain: usize, causes: Causes<'_>) -> (Vec<(SeatId, u64)>, u64) {
        let deps = self.news(chain, causes);
        let heads = deps.iter().map(|(seat, seq)| self.lamport_of(*seat, *seq));
        let own = self.chains[chain].lamport(self.chains[chain].head);
        let lamport = heads.max().unwrap_or(0).max(own) + 1;
        (deps, lamport)
    }

    /// What came since this chain's last entry: only what no other entry names, bulk aside.
    pub(super) fn news(&self, own: usize, causes: Causes<'_>) -> Vec<(SeatId, u64)> {
        let past = &self.chains[own].past;
        let mut touched = None;
        let mut deps: Vec<(SeatId, u64)> = Vec::new();
        for (index, chain) in self.chains.iter().enumerate() {
            let is_news = |seq: u64| seq > chain.named && seq > known(past, index);
            if index == own || !is_news(chain.head) {
                continue;
            }
            let seq = match causes {
                Causes::Touched(name, update) if chain.settled < chain.head => {
                    let units = touched.get_or_insert_with(|| guard::touched(update));
                    let wrote = |unit: &u32| self.documents.get(name)?.seq(index, *unit);
                    chain.settled.max(units.get(&chain.client).and_then(wrote).unwrap_or(0))
                }
                _ => chain.head,
            };
            if is_news(seq) {
                deps.push((chain.seat, seq));
            }
        }
        deps.sort();
        deps
    }

    fn lamport_of(&self, seat: SeatId, seq: u64) -> u64 {
        self.chain(seat).map_or(0, |chain| chain.lamport(seq))
    }
}
