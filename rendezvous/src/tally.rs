//! How many there are of each, and who may have one more.

use std::collections::HashMap;
use std::hash::Hash;

/// Counts by key. It holds only keys of which there is one.
#[derive(Debug, Clone)]
pub(crate) struct Tally<K>(HashMap<K, usize>);

impl<K> Default for Tally<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash> Tally<K> {
    pub(crate) fn add(&mut self, key: K) {
        *self.0.entry(key).or_default() += 1;
    }

    pub(crate) fn sub(&mut self, key: &K) {
        if let Some(count) = self.0.get_mut(key) {
            *count -= 1;
            if *count == 0 {
                self.0.remove(key);
            }
        }
    }

    pub(crate) fn of(&self, key: &K) -> usize {
        self.0.get(key).copied().unwrap_or(0)
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Of everything that is shared, one part in so many is kept for those who have nothing yet.
const KEPT: usize = 4;

/// Whether someone who has `own` of `most` things, of which `taken` are taken, may have one more.
///
/// The last quarter is for those who have none. Of the rest everyone gets as long as they have fewer
/// than are left: one who wants all of it takes half, two a third each, and somebody is never without
/// because another was faster.
pub(crate) fn is_fair(own: usize, taken: usize, most: usize) -> bool {
    let left = most.saturating_sub(taken);
    if own == 0 { left > 0 } else { own < left.saturating_sub(most / KEPT) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_is_forgotten() {
        let mut tally = Tally::default();
        tally.add("a");
        tally.add("a");
        tally.sub(&"a");
        tally.sub(&"b");
        assert_eq!((tally.of(&"a"), tally.of(&"b")), (1, 0));
        tally.sub(&"a");
        tally.sub(&"a");
        assert!(tally.is_empty());
    }

    #[test]
    fn however_many_take_what_they_can_the_next_one_has_some_too() {
        const MOST: usize = 1000;
        let (mut tally, mut taken) = (Tally::default(), 0);
        let mut shares = Vec::new();
        for who in 0..200 {
            while is_fair(tally.of(&who), taken, MOST) {
                tally.add(who);
                taken += 1;
            }
            shares.push(tally.of(&who));
        }
        assert_eq!(shares[..4], [375, 188, 94, 47]);
        assert!(shares.iter().all(|share| *share > 0), "{shares:?}");
        // Taking turns, they get the same each, and leave as much.
        let (mut tally, mut taken) = (Tally::default(), 0);
        for who in (0..9).cycle().take(9 * MOST) {
            if is_fair(tally.of(&who), taken, MOST) {
                tally.add(who);
                taken += 1;
            }
        }
        assert!((0..9).all(|who| tally.of(&who) == 75), "{tally:?}");
    }

    #[test]
    fn small_numbers_are_shared_too() {
        assert!(is_fair(0, 0, 1) && !is_fair(0, 1, 1) && !is_fair(1, 1, 1));
        assert!(is_fair(0, 1, 2) && !is_fair(1, 1, 2));
        assert!(!is_fair(0, 0, 0));
    }
}
