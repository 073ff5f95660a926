//! How many there are of each, and who may have one more.

use std::collections::HashMap;
use std::hash::Hash;

/// Counts by key. It holds only keys of which there is one.
#[derive(Debug, Clone)]
pub(crate) struct Tally<K> {
    counts: HashMap<K, usize>,
    total: usize,
}

impl<K> Default for Tally<K> {
    fn default() -> Self {
        Self { counts: HashMap::new(), total: 0 }
    }
}

impl<K: Eq + Hash> Tally<K> {
    pub(crate) fn add(&mut self, key: K) {
        *self.counts.entry(key).or_default() += 1;
        self.total += 1;
    }

    pub(crate) fn sub(&mut self, key: &K) {
        if let Some(count) = self.counts.get_mut(key) {
            self.total -= 1;
            *count -= 1;
            if *count == 0 {
                self.counts.remove(key);
            }
        }
    }

    pub(crate) fn of(&self, key: &K) -> usize {
        self.counts.get(key).copied().unwrap_or(0)
    }

    /// Of all together.
    pub(crate) fn total(&self) -> usize {
        self.total
    }

    /// Whether one of these may have one more of `most`.
    pub(crate) fn is_fair(&self, key: &K, most: usize) -> bool {
        is_fair(self.of(key), self.total, most)
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.counts.is_empty()
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
    fn a_count_that_is_given_back_is_forgotten() {
        let mut tally = Tally::default();
        tally.add("a");
        tally.add("a");
        tally.sub(&"a");
        tally.sub(&"b");
        assert_eq!((tally.of(&"a"), tally.of(&"b"), tally.total()), (1, 0, 1));
        tally.sub(&"a");
        tally.sub(&"a");
        assert!(tally.is_empty());
    }

    #[test]
    fn however_many_take_what_they_can_the_next_one_has_some_too() {
        const MOST: usize = 1000;
        let mut tally = Tally::default();
        for who in 0..200 {
            while tally.is_fair(&who, MOST) {
                tally.add(who);
            }
        }
        assert_eq!([0, 1, 2, 3].map(|who| tally.of(&who)), [375, 188, 94, 47]);
        assert!((0..200).all(|who| tally.of(&who) > 0), "{tally:?}");
        // Taking turns, they get the same each, and leave as much.
        let mut tally = Tally::default();
        for who in (0..9).cycle().take(9 * MOST) {
            if tally.is_fair(&who, MOST) {
                tally.add(who);
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
