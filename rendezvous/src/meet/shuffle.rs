//! Chance that nobody outside can foretell, and that a test can repeat: drawn from a seed.

/// Draws numbers, each once.
pub(super) struct Shuffler {
    seed: [u8; 32],
    drawn: u64,
}

impl Shuffler {
    pub(super) fn new(seed: [u8; 32]) -> Self {
        Self { seed, drawn: 0 }
    }

    /// Brings a list into a random order.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        self.drawn += 1;
        let mut hasher = blake3::Hasher::new_keyed(&self.seed);
        let mut numbers = hasher.update(&self.drawn.to_le_bytes()).finalize_xof();
        for end in (1..list.len()).rev() {
            let mut number = [0; 8];
            numbers.fill(&mut number);
            // The high half of the product is below `end + 1`, as evenly as 64 bits allow.
            let at = (u128::from(u64::from_le_bytes(number)) * (end as u128 + 1)) >> 64;
            list.swap(at as usize, end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_order_comes_about_as_often() {
        let mut shuffler = Shuffler::new([7; 32]);
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..6000 {
            let mut list = [1, 2, 3];
            shuffler.shuffle(&mut list);
            *counts.entry(list).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 6);
        assert!(counts.values().all(|count| (850..1150).contains(count)), "{counts:?}");
    }

    #[test]
    fn the_same_seed_draws_the_same() {
        let draw = |seed| {
            let (mut shuffler, mut list) =
                (Shuffler::new([seed; 32]), (0..50).collect::<Vec<u32>>());
            shuffler.shuffle(&mut list);
            list
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        Shuffler::new([1; 32]).shuffle::<u8>(&mut []);
    }
}
