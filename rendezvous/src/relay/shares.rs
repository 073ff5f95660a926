//! Shares of circuits: whether a network may have one more, by those it has, without any network.

use std::net::IpAddr;

use libp2p::PeerId;

use super::RelayConfig;
use crate::tally::{Tally, is_fair};

/// The caller and the called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) from: PeerId,
    /// The network that it comes from.
    pub(super) network: IpAddr,
    pub(super) to: PeerId,
}

/// Which share is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    /// That of the caller's key.
    Key,
    /// That of one caller at one destination.
    Pair,
    /// That of the caller's network.
    Network,
    /// That of the caller's network at the destination, or all of the destination's.
    Destination,
}

impl Full {
    /// As it is counted.
    pub(super) fn why(self) -> &'static str {
        match self {
            Self::Key => "limit",
            Self::Pair => "pair",
            Self::Network => "network",
            Self::Destination => "destination",
        }
    }
}

/// The circuits that stand, are being made, or wait for that.
pub(super) struct Shares {
    config: RelayConfig,
    keys: Tally<PeerId>,
    networks: Tally<IpAddr>,
    destinations: Tally<PeerId>,
    pairs: Tally<(PeerId, PeerId)>,
    /// The circuits that a network has at a destination.
    reached: Tally<(IpAddr, PeerId)>,
}

impl Shares {
    pub(super) fn new(config: RelayConfig) -> Self {
        let (keys, networks, destinations) = Default::default();
        let (pairs, reached) = Default::default();
        Self { config, keys, networks, destinations, pairs, reached }
    }

    /// Whether a call may be made, or what is used up.
    pub(super) fn may(&self, Call { from, network, to }: Call) -> Result<(), Full> {
        let most = &self.config;
        let (key, of_network) = (self.keys.of(&from), self.networks.of(&network));
        if key >= most.circuits_per_peer {
            return Err(Full::Key);
        }
        if self.pairs.of(&(from, to)) >= most.circuits_per_pair {
            return Err(Full::Pair);
        }
        // Of one network, too, something is kept for the keys that have none.
        if !self.networks.is_fair(&network, most.circuits)
            || !is_fair(key, of_network, most.circuits_per_network)
        {
            return Err(Full::Network);
        }
        let reached = self.reached.of(&(network, to));
        if !is_fair(reached, self.destinations.of(&to), most.circuits_per_destination) {
            return Err(Full::Destination);
        }
        Ok(())
    }

    pub(super) fn add(&mut self, Call { from, network, to }: Call) {
        self.keys.add(from);
        self.networks.add(network);
        self.destinations.add(to);
        self.pairs.add((from, to));
        self.reached.add((network, to));
    }

    pub(super) fn sub(&mut self, Call { from, network, to }: Call) {
        self.keys.sub(&from);
        self.networks.sub(&network);
        self.destinations.sub(&to);
        self.pairs.sub(&(from, to));
        self.reached.sub(&(network, to));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(n: u8) -> IpAddr {
        [192, 0, 2, n].into()
    }

    /// Calls as long as that is allowed; how often, and why no more.
    fn hog(shares: &mut Shares, call: Call) -> (usize, Full) {
        for count in 0.. {
            match shares.may(call) {
                Ok(()) => shares.add(call),
                Err(full) => return (count, full),
            }
        }
        unreachable!()
    }

    fn shares() -> Shares {
        Shares::new(RelayConfig::default())
    }

    #[test]
    fn one_who_calls_another_has_a_few_and_one_who_calls_all_a_share() {
        let mut shares = shares();
        let from = PeerId::random();
        let to = PeerId::random();
        let call = Call { from, network: network(1), to };
        assert_eq!(hog(&mut shares, call), (8, Full::Pair));
        for _ in 0..7 {
            let to = PeerId::random();
            assert_eq!(hog(&mut shares, Call { to, ..call }).0, 8);
        }
        assert_eq!(hog(&mut shares, Call { to: PeerId::random(), ..call }), (0, Full::Key));
        // Being called takes nothing from calling.
        assert_eq!(shares.may(Call { from: to, network: network(2), to: from }), Ok(()));
    }

    #[test]
    fn many_keys_of_one_network_leave_others_most_and_each_new_key_one() {
        let mut shares = shares();
        let mut taken = 0;
        for _ in 0..10_000 {
            let (from, to) = (PeerId::random(), PeerId::random());
            taken += hog(&mut shares, Call { from, network: network(1), to }).0;
            if taken >= 760 {
                break;
            }
        }
        let new = || Call { from: PeerId::random(), network: network(1), to: PeerId::random() };
        assert_eq!(shares.may(new()), Ok(()));
        for _ in 0..10_000 {
            taken += hog(&mut shares, new()).0;
        }
        assert_eq!(taken, 1024);
        assert_eq!(shares.may(Call { network: network(2), ..new() }), Ok(()));
    }

    #[test]
    fn however_many_networks_call_one_page_the_next_network_gets_through() {
        let mut shares = shares();
        let to = PeerId::random();
        for n in 1..25 {
            for _ in 0..20 {
                hog(&mut shares, Call { from: PeerId::random(), network: network(n), to });
            }
        }
        let call = Call { from: PeerId::random(), network: network(99), to };
        assert_eq!(shares.may(call), Ok(()));
        assert!(shares.destinations.of(&to) < RelayConfig::default().circuits_per_destination);
    }

    #[test]
    fn a_circuit_that_ends_leaves_nothing() {
        let mut shares = shares();
        let call = Call { from: PeerId::random(), network: network(1), to: PeerId::random() };
        shares.add(call);
        shares.add(call);
        shares.sub(call);
        shares.sub(call);
        assert_eq!(shares.networks.total(), 0);
        assert!(shares.keys.is_empty() && shares.networks.is_empty() && shares.pairs.is_empty());
        assert!(shares.destinations.is_empty() && shares.reached.is_empty());
    }
}
