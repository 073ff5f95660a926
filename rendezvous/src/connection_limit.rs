//! How many connections stand from each network address, so that one can't take all places.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use libp2p::Multiaddr;
use libp2p::multiaddr::Protocol;

use crate::tally::Tally;

/// Counts connections by where they come from. It holds only addresses that are connected.
#[derive(Debug, Clone, Default)]
pub(crate) struct ConnectionLimit(Arc<Mutex<Tally<IpAddr>>>);

/// One connection's slot; dropping it frees it.
#[derive(Debug)]
pub(crate) struct ConnectionSlot {
    limit: ConnectionLimit,
    from: IpAddr,
}

impl ConnectionLimit {
    /// A slot for one more connection from an address, where fewer than `most` stand.
    pub(crate) fn acquire(&self, from: IpAddr, most: usize) -> Option<ConnectionSlot> {
        self.acquire_if(from, |counts, from| counts.of(from) < most)
    }

    /// A slot for one more of the `most` that there are for all, as long as the address has its
    /// share.
    pub(crate) fn acquire_fairly(&self, from: IpAddr, most: usize) -> Option<ConnectionSlot> {
        self.acquire_if(from, |counts, from| counts.is_fair(from, most))
    }

    fn acquire_if(
        &self,
        from: IpAddr,
        may: impl FnOnce(&Tally<IpAddr>, &IpAddr) -> bool,
    ) -> Option<ConnectionSlot> {
        let from = network(from);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !may(&counts, &from) {
            return None;
        }
        counts.add(from);
        Some(ConnectionSlot { limit: self.clone(), from })
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        self.limit.0.lock().unwrap_or_else(PoisonError::into_inner).sub(&self.from);
    }
}

/// The network of a household or host: an IPv4 address, or a /64 of IPv6.
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
    fn slots_are_counted_by_network_and_given_back() {
        let limit = ConnectionLimit::default();
        for (one, same, other) in [
            ("192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"),
            ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1"),
        ] {
            let first = limit.acquire(address(one), 2);
            let _second = limit.acquire(address(same), 2).unwrap();
            assert!(limit.acquire(address(one), 2).is_none(), "{one}");
            assert!(limit.acquire(address(other), 2).is_some(), "{other}");
            drop(first);
            assert!(limit.acquire(address(one), 2).is_some(), "{one}");
        }
        assert!(limit.0.lock().unwrap().is_empty(), "nobody is kept who is gone");
    }

    #[test]
    fn the_network_of_a_connection_is_read_from_its_address() {
        for (text, network) in [
            ("/ip4/192.0.2.1/tcp/1/ws", "192.0.2.1"),
            ("/ip6/2001:db8:0:1:2:3:4:5/tcp/1/ws", "2001:db8:0:1::"),
            ("/ip6/::ffff:192.0.2.1/tcp/1/ws", "192.0.2.1"),
            ("/dns4/example.org/tcp/1/ws", "::"),
        ] {
            assert_eq!(network_of(&text.parse().unwrap()), address(network), "{text}");
        }
    }

    #[test]
    fn slots_of_all_are_shared_by_network() {
        let limit = ConnectionLimit::default();
        let many = |text: &str| {
            (0..20).filter_map(|_| limit.acquire_fairly(address(text), 16)).collect::<Vec<_>>()
        };
        let first = many("192.0.2.1");
        assert_eq!(first.len(), 6);
        assert!(!many("192.0.2.2").is_empty());
        drop(first);
        assert_eq!(many("2001:db8::1").len(), 6);
    }
}
