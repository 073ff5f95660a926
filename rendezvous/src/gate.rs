//! How often one network address may ask: GCRA by IPv4 address or IPv6 /64.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::crowd::network;

/// Networks that are remembered; when there are more, those that have been quiet are forgotten.
const NETWORKS: usize = 65_536;

/// A limit for each network.
pub(crate) struct Gate {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
}

impl Gate {
    /// So many a second in the long run, and at most so many at once.
    pub(crate) fn per_second(rate: NonZeroU32, burst: NonZeroU32) -> Self {
        Self { limiter: RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst)) }
    }

    /// Whether an address may ask once more. While more networks ask than can be told apart, new
    /// ones are turned away.
    pub(crate) fn pass(&self, from: IpAddr) -> bool {
        if self.limiter.len() >= NETWORKS {
            self.limiter.retain_recent();
            if self.limiter.len() >= NETWORKS {
                return false;
            }
        }
        self.limiter.check_key(&network(from)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_a_burst_and_others_have_their_own() {
        let one = NonZeroU32::MIN;
        let gate = Gate::per_second(one, NonZeroU32::new(3).unwrap());
        let address = |text: &str| text.parse::<IpAddr>().unwrap();
        for _ in 0..3 {
            assert!(gate.pass(address("2001:db8::1")));
        }
        assert!(!gate.pass(address("2001:db8::2")), "the same /64");
        assert!(gate.pass(address("2001:db8:0:1::1")));
        assert!(gate.pass(address("192.0.2.1")));
    }
}
