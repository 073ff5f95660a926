//! The causes that one's own next entry names: `docs/decisions/0013-few-causes.md`.

use super::Ledger;
use crate::guard;
use covey_wire::id::{DocName, Head};
use covey_wire::limits;

/// Which causes an entry names.
#[derive(Clone, Copy)]
pub enum Causes<'a> {
    /// All that was seen.
    All,
    /// The heads that this update of a document touches, and all that was seen but bulk. A peer that has read
    /// less of a large paste doesn't wait for it to see a key.
    Touched(&'a DocName, &'a [u8]),
}

impl<'a> Causes<'a> {
    /// The causes of an update. Chat is ordered by what each message builds on, so it names all.
    pub fn of(name: &'a DocName, update: &'a [u8]) -> Self {
        match name {
            DocName::Chat => Self::All,
            _ => Self::Touched(name, update),
        }
    }
}

impl Ledger {
    /// The causes of the chain's next entry, and its lamport.
    pub(super) fn next_place(&self, chain: usize, causes: Causes<'_>) -> (Vec<Head>, u64) {
        let mut causes = self.causes(chain, causes);
        if causes.len() > limits::DEPS {
            // A head that is not named is not in the entry's past. The newest are needed most; the
            // others come with the next entry.
            causes.sort_by_key(|(touched, lamport, _)| core::cmp::Reverse((*touched, *lamport)));
            causes.truncate(limits::DEPS);
        }
        let latest = causes.iter().map(|(_, lamport, _)| *lamport).max().unwrap_or(0);
        let own = self.lamport_before(chain, self.chains[chain].head + 1);
        let mut deps: Vec<Head> = causes.into_iter().map(|(_, _, head)| head).collect();
        deps.sort();
        (deps, latest.max(own) + 1)
    }

    /// Whether something came since this chain's last entry that its next one must name.
    pub(super) fn has_new_causes(&self, own: usize, causes: Causes<'_>) -> bool {
        !self.causes(own, causes).is_empty()
    }

    /// Heads that came since this chain's last entry: only those that no other entry names, bulk aside. Each with
    /// whether the entry touches it, and its lamport.
    fn causes(&self, own: usize, causes: Causes<'_>) -> Vec<(bool, u64, Head)> {
        let past = &self.chains[own].past;
        let mut touched = None;
        let mut deps = Vec::new();
        for (index, chain) in self.chains.iter().enumerate() {
            let is_new = |seq: u64| seq > chain.named && seq > past.of(index);
            if index == own || chain.unsettled || !is_new(chain.head) {
                continue;
            }
            let mut touches = false;
            let seq = match causes {
                Causes::Touched(name, update) if chain.settled < chain.head => {
                    let units = touched.get_or_insert_with(|| guard::touched(update));
                    let wrote = |unit: &u32| self.documents.get(name)?.seq(index, *unit);
                    let wrote = units.get(&chain.client).and_then(wrote);
                    touches = wrote.is_some();
                    chain.settled.max(wrote.unwrap_or(0))
                }
                _ => chain.head,
            };
            if is_new(seq)
                && let Some(head) = chain.tip(seq)
            {
                deps.push((touches, chain.lamport(seq), head));
            }
        }
        deps
    }
}
