//! How often something may happen: GCRA by network, key or namespace.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

/// How many are remembered; when there are more, those that have been quiet are forgotten.
const REMEMBERED: usize = 65_536;
/// When to come back to a limiter that can't distinguish more.
const FULL: Duration = Duration::from_secs(10);

/// How often something may happen.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// In the long run.
    pub per_second: NonZeroU32,
    /// At once.
    pub burst: NonZeroU32,
}

impl Rate {
    /// So many a second, and so many at once; at least one.
    pub fn new(per_second: u32, burst: u32) -> Self {
        let at_least_one = |count| match NonZeroU32::new(count) {
            Some(count) => count,
            None => NonZeroU32::MIN,
        };
        Self { per_second: at_least_one(per_second), burst: at_least_one(burst) }
    }
}

/// A limit for each `K`.
pub(crate) struct RateLimiter<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    burst: NonZeroU32,
}

impl<K: Hash + Eq + Clone> RateLimiter<K> {
    pub(crate) fn new(Rate { per_second, burst }: Rate) -> Self {
        let quota = Quota::per_second(per_second).allow_burst(burst);
        Self { limiter: governor::RateLimiter::keyed(quota), burst }
    }

    /// Lets something pass that counts for `weight`, or says after which time it would. While more
    /// ask than can be told apart, new ones are turned away.
    pub(crate) fn check(&self, key: K, weight: NonZeroU32) -> Result<(), Duration> {
        if self.limiter.len() >= REMEMBERED {
            self.limiter.retain_recent();
            if self.limiter.len() >= REMEMBERED {
                return Err(FULL);
            }
        }
        match self.limiter.check_key_n(&key, weight.min(self.burst)) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(later)) => Err(later.wait_time_from(DefaultClock::default().now())),
            Err(_) => Err(FULL),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;
    use crate::connection_limit::network;

    const ONE: NonZeroU32 = NonZeroU32::MIN;

    #[test]
    fn a_network_has_a_burst_and_others_have_their_own() {
        let limiter = RateLimiter::new(Rate::new(1, 3));
        let pass = |text: &str| limiter.check(network(text.parse::<IpAddr>().unwrap()), ONE);
        for _ in 0..3 {
            assert_eq!(pass("2001:db8::1"), Ok(()));
        }
        let wait = pass("2001:db8::2").expect_err("the same /64");
        assert!(wait <= Duration::from_secs(1) && wait > Duration::from_millis(500), "{wait:?}");
        assert_eq!(pass("2001:db8:0:1::1"), Ok(()));
        assert_eq!(pass("192.0.2.1"), Ok(()));
    }

    #[test]
    fn a_weight_above_the_burst_takes_all_of_it() {
        let limiter = RateLimiter::new(Rate::new(1, 3));
        let nine = NonZeroU32::new(9).unwrap();
        assert_eq!(limiter.check("a", nine), Ok(()));
        assert!(limiter.check("a", ONE).is_err());
        assert_eq!(limiter.check("b", ONE), Ok(()));
    }
}
