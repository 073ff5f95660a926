//! Causal pasts: how far each chain is known. Pasts of one room are mostly alike, so they share
//! what they have in common: a room of thousands of seats keeps one past and what differs from it.

use std::sync::Arc;

/// Chains whose places stand together.
const WIDTH: usize = 64;

type Part = Arc<[u32; WIDTH]>;

/// Per chain the highest sequence number; 0 where nothing is known of it.
#[derive(Debug, Clone, Default)]
pub struct Past(Vec<Option<Part>>);

impl Past {
    /// The highest sequence number known of a chain.
    pub fn of(&self, chain: usize) -> u64 {
        let part = self.0.get(chain / WIDTH).and_then(Option::as_ref);
        part.map_or(0, |part| u64::from(part[chain % WIDTH]))
    }

    /// Whether an entry of a chain is in it.
    pub fn has(&self, (chain, seq): (usize, u64)) -> bool {
        self.of(chain) >= seq
    }

    /// Adds a chain's entries up to this one.
    pub fn set(&mut self, chain: usize, seq: u64) {
        let (at, place) = (chain / WIDTH, chain % WIDTH);
        if self.0.len() <= at {
            self.0.resize(at + 1, None);
        }
        let part = self.0[at].get_or_insert_with(|| Arc::new([0; WIDTH]));
        Arc::make_mut(part)[place] = u32::try_from(seq).unwrap_or(u32::MAX);
    }

    /// Adds all that another past holds.
    pub fn merge(&mut self, other: &Past) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), None);
        }
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            let Some(theirs) = other else { continue };
            match own {
                None => *own = Some(theirs.clone()),
                Some(ours) if Arc::ptr_eq(ours, theirs) => {}
                Some(ours) if is_within(ours, theirs) => *ours = theirs.clone(),
                Some(ours) if is_within(theirs, ours) => {}
                Some(ours) => {
                    for (own, other) in Arc::make_mut(ours).iter_mut().zip(theirs.iter()) {
                        *own = (*own).max(*other);
                    }
                }
            }
        }
    }
}

fn is_within(a: &[u32; WIDTH], b: &[u32; WIDTH]) -> bool {
    a.iter().zip(b).all(|(a, b)| a <= b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_past_holds_the_highest_of_each_chain() {
        let (mut a, mut b) = (Past::default(), Past::default());
        a.set(3, 7);
        a.set(900, 2);
        b.set(3, 5);
        b.set(4, 1);
        a.merge(&b);
        assert_eq!([3, 4, 900, 5000].map(|chain| a.of(chain)), [7, 1, 2, 0]);
        assert!(a.has((3, 7)) && !a.has((3, 8)));
    }

    #[test]
    fn pasts_that_follow_each_other_share_what_they_have_in_common() {
        let mut first = Past::default();
        (0..WIDTH * 8).for_each(|chain| first.set(chain, 1));
        let mut next = Past::default();
        next.merge(&first);
        next.set(WIDTH * 8, 1);
        let shared = first.0.iter().zip(&next.0);
        assert!(shared.clone().count() == 8);
        for (a, b) in shared {
            assert!(a.as_ref().zip(b.as_ref()).is_some_and(|(a, b)| Arc::ptr_eq(a, b)));
        }
    }
}
