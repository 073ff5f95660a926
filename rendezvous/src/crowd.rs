//! How many connections stand from each network address, so that one can't take all places.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use libp2p::Multiaddr;
use libp2p::multiaddr::Protocol;

use crate::tally::Tally;

/// Counts connections by where they come from. It holds only addresses that are connected.
#[derive(Debug, Clone, Default)]
pub(crate) struct Crowd(Arc<Mutex<Tally<IpAddr>>>);

/// One connection's place; dropping it makes room.
#[derive(Debug)]
pub(crate) struct Place {
    crowd: Crowd,
    from: IpAddr,
}

impl Crowd {
    /// A place for one more connection from an address, where fewer than `most` stand.
    pub(crate) fn enter(&self, from: IpAddr, most: usize) -> Option<Place> {
        let from = network(from);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.of(&from) >= most {
            return None;
        }
        counts.add(from);
        Some(Place { crowd: self.clone(), from })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.crowd.0.lock().unwrap_or_else(PoisonError::into_inner).sub(&self.from);
    }
}

/// What one household or host has: an IPv4 address, or a /64 of IPv6.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
        v4 => v4,
    }
}

/// The network that a connection comes from, by the address it is known by.
pub(crate) fn network_of(address: &Multiaddr) -> IpAddr {
    let ip = address.iter().find_map(|part| match part {
        Protocol::Ip4(ip) => Some(IpAddr::from(ip)),
        Protocol::Ip6(ip) => Some(IpAddr::from(ip)),
        _ => None,
    });
    network(ip.unwrap_or(Ipv6Addr::UNSPECIFIED.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn places_are_counted_by_network_and_given_back() {
        let crowd = Crowd::default();
        for (one, same, other) in [
            ("192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"),
            ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1"),
        ] {
            let first = crowd.enter(address(one), 2);
            let _second = crowd.enter(address(same), 2).unwrap();
            assert!(crowd.enter(address(one), 2).is_none(), "{one}");
            assert!(crowd.enter(address(other), 2).is_some(), "{other}");
            drop(first);
            assert!(crowd.enter(address(one), 2).is_some(), "{one}");
        }
        assert!(crowd.0.lock().unwrap().is_empty(), "nobody is kept who is gone");
    }
}
