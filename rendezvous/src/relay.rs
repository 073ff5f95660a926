//! Limits of the circuit relay, every one set by hand: the library's own fit neither a room that
//! signals nor one that has no direct path.

use std::num::NonZeroU32;
use std::time::Duration;

use libp2p::{PeerId, relay};

/// What peers may ask of the relay.
#[derive(Debug, Clone)]
pub struct RelayConfig {
    /// Peers that can be reached through the node.
    pub reservations: usize,
    /// Reservations of one peer: one for each of its connections.
    pub reservations_per_peer: usize,
    /// How long a reservation lasts; js-libp2p renews it 5 minutes before that.
    pub reservation_duration: Duration,
    /// Relayed connections in all.
    pub circuits: usize,
    /// Relayed connections of one peer.
    pub circuits_per_peer: usize,
    /// When a relayed connection is cut. Zero would cut it at once.
    pub circuit_duration: Duration,
    /// How much a relayed connection may carry. Zero would mean any amount, and a connection
    /// without limits keeps js-libp2p from looking for a direct one.
    pub circuit_bytes: u64,
    /// Reservations and circuits a minute that one peer may ask for.
    pub per_peer_and_minute: NonZeroU32,
    /// Reservations and circuits a minute that one IP address may ask for: a classroom behind
    /// one address in which everyone connects to everyone.
    pub per_ip_and_minute: NonZeroU32,
}

impl Default for RelayConfig {
    fn default() -> Self {
        Self {
            reservations: 16_384,
            reservations_per_peer: 4,
            reservation_duration: Duration::from_secs(60 * 60),
            circuits: 4096,
            circuits_per_peer: 64,
            circuit_duration: Duration::from_secs(60 * 60),
            circuit_bytes: 64 << 20,
            per_peer_and_minute: NonZeroU32::new(240).expect("not zero"),
            per_ip_and_minute: NonZeroU32::new(2400).expect("not zero"),
        }
    }
}

impl RelayConfig {
    pub(crate) fn behaviour(&self, node: PeerId) -> relay::Behaviour {
        let minute = Duration::from_secs(60);
        let config = relay::Config {
            max_reservations: self.reservations,
            // Of one peer the library takes one more than it is told.
            max_reservations_per_peer: self.reservations_per_peer.saturating_sub(1),
            reservation_duration: self.reservation_duration,
            reservation_rate_limiters: Vec::new(),
            max_circuits: self.circuits,
            max_circuits_per_peer: self.circuits_per_peer.saturating_sub(1),
            max_circuit_duration: self.circuit_duration,
            max_circuit_bytes: self.circuit_bytes,
            circuit_src_rate_limiters: Vec::new(),
        };
        let config = config
            .reservation_rate_per_peer(self.per_peer_and_minute, minute)
            .reservation_rate_per_ip(self.per_ip_and_minute, minute)
            .circuit_src_per_peer(self.per_peer_and_minute, minute)
            .circuit_src_per_ip(self.per_ip_and_minute, minute);
        relay::Behaviour::new(node, config)
    }
}
