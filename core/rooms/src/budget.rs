//! A token bucket: how much may come in a second, and how much at once.

use std::time::Duration;

use covey_wire::time::Instant;

/// Fills at a rate up to its size; what is taken beyond its content is a debt.
#[derive(Debug, Clone)]
pub struct Bucket {
    rate: u32,
    size: u32,
    /// In thousandths.
    level: i64,
    at: Instant,
}

impl Bucket {
    /// A full one.
    pub fn new(rate: u32, size: u32) -> Self {
        Self { rate, size, level: i64::from(size) * 1000, at: Instant(0) }
    }

    /// Takes `cost`; false where it was not there, then nothing is taken.
    pub fn take(&mut self, cost: u32, now: Instant) -> bool {
        let enough = self.has(cost, now);
        if enough {
            self.level -= i64::from(cost) * 1000;
        }
        enough
    }

    /// Takes `cost` whether it is there or not.
    pub fn charge(&mut self, cost: u32, now: Instant) {
        self.fill(now);
        self.level = self.level.saturating_sub(i64::from(cost) * 1000);
    }

    /// Whether there is no debt.
    pub fn is_sound(&mut self, now: Instant) -> bool {
        self.has(0, now)
    }

    /// Whether the debt is less than half of what the bucket holds.
    pub fn is_nearly_sound(&mut self, now: Instant) -> bool {
        self.fill(now);
        self.level > -i64::from(self.size) * 500
    }

    /// Whether there is `cost`.
    pub fn has(&mut self, cost: u32, now: Instant) -> bool {
        self.fill(now);
        self.level >= i64::from(cost) * 1000
    }

    /// Puts as much into it as it can hold; a debt is paid first.
    pub fn refill(&mut self, now: Instant) {
        self.fill(now);
        let size = i64::from(self.size) * 1000;
        self.level = self.level.saturating_add(size).min(size);
    }

    /// When there will be `cost`, as far as is known.
    pub fn due(&self, cost: u32) -> Instant {
        let lacks = (i64::from(cost) * 1000 - self.level).max(0).unsigned_abs();
        self.at + Duration::from_millis(lacks.div_ceil(u64::from(self.rate)))
    }

    fn fill(&mut self, now: Instant) {
        let passed = i64::try_from(now.since(self.at).as_millis()).unwrap_or(i64::MAX);
        let came = passed.saturating_mul(i64::from(self.rate));
        self.level = self.level.saturating_add(came).min(i64::from(self.size) * 1000);
        // A clock that was set back starts anew.
        self.at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_gives_its_content_at_once_and_then_its_rate() {
        let mut bucket = Bucket::new(10, 20);
        let got = |bucket: &mut Bucket, now| (0..100).filter(|_| bucket.take(1, now)).count();
        assert_eq!(got(&mut bucket, Instant(5_000)), 20);
        assert_eq!(bucket.due(1), Instant(5_100));
        assert_eq!(got(&mut bucket, Instant(6_000)), 10);
        assert_eq!(got(&mut bucket, Instant(90_000)), 20);
        assert_eq!(got(&mut bucket, Instant(1_000)), 0, "the clock was set back");
        assert_eq!(got(&mut bucket, Instant(1_500)), 5);
    }

    #[test]
    fn a_debt_is_paid_by_time() {
        let mut bucket = Bucket::new(10, 20);
        bucket.charge(50, Instant(1_000));
        assert!(!bucket.is_sound(Instant(3_999)));
        assert_eq!(bucket.due(0), Instant(4_000));
        assert!(bucket.is_sound(Instant(4_000)));
        bucket.charge(10, Instant(4_000));
        assert!(!bucket.is_nearly_sound(Instant(4_000)));
        assert!(bucket.is_nearly_sound(Instant(4_001)));
    }
}
