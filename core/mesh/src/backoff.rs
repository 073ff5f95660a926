//! Growing pauses after failures, each with jitter so that pages don't return in step.

use core::time::Duration;

/// A small seeded generator: pauses need to differ, not to be unguessable.
#[derive(Debug, Clone)]
pub struct Jitter(u64);

impl Jitter {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A duration between a tenth of `most` and `most`.
    pub fn up_to(&mut self, most: Duration) -> Duration {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let part = (z ^ (z >> 31)) >> 32;
        let most = most.as_millis() as u64;
        Duration::from_millis(most / 10 + (((most - most / 10) * part) >> 32))
    }
}

/// Counts failures and says how long to wait after each.
#[derive(Debug, Clone)]
pub struct Backoff {
    first: Duration,
    most: Duration,
    failures: u32,
}

impl Backoff {
    /// The pause is up to `first` after one failure and doubles with each, up to `most`.
    pub fn new(first: Duration, most: Duration) -> Self {
        Self { first, most, failures: 0 }
    }

    /// Notes a failure and tells the pause after it.
    pub fn fail(&mut self, jitter: &mut Jitter) -> Duration {
        let factor = 1u32 << self.failures.min(16);
        self.failures = self.failures.saturating_add(1);
        jitter.up_to((self.first * factor).min(self.most))
    }

    /// Forgets the failures.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// How many failures in a row.
    pub fn failures(&self) -> u32 {
        self.failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_their_limit_and_differ() {
        let mut jitter = Jitter::new(1);
        let mut backoff = Backoff::new(Duration::from_millis(500), Duration::from_secs(30));
        let mut seen = Vec::new();
        for failure in 0..20u32 {
            let most = Duration::from_millis(500 << failure.min(8)).min(Duration::from_secs(30));
            let pause = backoff.fail(&mut jitter);
            assert!(pause <= most && pause >= most / 10, "{failure}: {pause:?} of {most:?}");
            seen.push(pause);
        }
        seen.sort();
        seen.dedup();
        assert!(seen.len() > 15);
        backoff.reset();
        assert!(backoff.fail(&mut jitter) <= Duration::from_millis(500));
    }
}
