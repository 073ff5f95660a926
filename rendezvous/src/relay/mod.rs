//! Limits of the circuit relay, every one set by hand: the library's own fit neither a room that
//! signals nor one that has no direct path.

mod behaviour;
mod shares;

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use covey_wire::limits;
use libp2p::{Multiaddr, PeerId, relay};

pub(crate) use self::behaviour::Behaviour;
use crate::connection_limit::network_of;
use crate::rate_limiter::{Rate, RateLimiter};

/// The limits of the relay.
#[derive(Debug, Clone)]
pub struct RelayConfig {
    /// Peers that can be reached through the node.
    pub reservations: usize,
    /// Reservations of one peer: one for each of its connections.
    pub reservations_per_peer: usize,
    /// How long a reservation lasts; js-libp2p renews it 5 minutes before that.
    pub reservation_duration: Duration,
    /// Relayed connections in all; the last quarter is for networks that have none.
    pub circuits: usize,
    /// Relayed connections that one IPv4 address or one /64 of IPv6 may ask for.
    pub circuits_per_network: usize,
    /// Relayed connections that one peer may ask for.
    pub circuits_per_peer: usize,
    /// Relayed connections to one peer, who may ask for as many others as anybody; the last quarter
    /// is for networks that have none to it.
    pub circuits_per_destination: usize,
    /// Relayed connections that one peer may have to one other.
    pub circuits_per_pair: usize,
    /// When a relayed connection is cut. Zero would cut it at once.
    pub circuit_duration: Duration,
    /// How much a relayed connection may carry. Zero would mean any amount, and a connection
    /// without limits keeps js-libp2p from looking for a direct one.
    pub circuit_bytes: u64,
    /// Reservations and circuits a minute that one peer may ask for.
    pub per_peer_and_minute: NonZeroU32,
    /// Reservations and circuits a minute that one such network may ask for: a classroom behind
    /// one address in which everyone connects to everyone.
    pub per_network_and_minute: NonZeroU32,
}

impl Default for RelayConfig {
    fn default() -> Self {
        Self {
            reservations: 16_384,
            reservations_per_peer: 4,
            reservation_duration: Duration::from_secs(60 * 60),
            circuits: 4096,
            circuits_per_network: 1024,
            circuits_per_peer: 64,
            // Several times what a page keeps of others, since they come all at once, and fewer than it
            // takes at the same time.
            circuits_per_destination: 128,
            // As many as pages take of each other.
            circuits_per_pair: limits::CONNECTIONS_PER_PEER as usize,
            circuit_duration: Duration::from_secs(60 * 60),
            circuit_bytes: 64 << 20,
            per_peer_and_minute: NonZeroU32::new(240).expect("not zero"),
            per_network_and_minute: NonZeroU32::new(2400).expect("not zero"),
        }
    }
}

/// Streams of one connection besides its circuits: to meet, to ask, to ping, those that are being
/// agreed on and those that are closing.
const OTHER_STREAMS: usize = 64;

impl RelayConfig {
    /// Streams that one connection may need: who opens more loses it, and nobody else can make it
    /// so many.
    pub(crate) fn streams(&self) -> usize {
        self.circuits_per_peer + self.circuits_per_destination + OTHER_STREAMS
    }

    /// The part that the library decides. Of circuits it is told each time.
    fn library(&self, circuits: impl relay::RateLimiter + 'static) -> relay::Config {
        let config = relay::Config {
            max_reservations: self.reservations,
            // Of one peer the library takes one more than it is told.
            max_reservations_per_peer: self.reservations_per_peer.saturating_sub(1),
            reservation_duration: self.reservation_duration,
            reservation_rate_limiters: vec![self.reservations_per_network()],
            max_circuits: usize::MAX,
            max_circuits_per_peer: usize::MAX,
            max_circuit_duration: self.circuit_duration,
            max_circuit_bytes: self.circuit_bytes,
            circuit_src_rate_limiters: vec![Box::new(circuits)],
        };
        config.reservation_rate_per_peer(self.per_peer_and_minute, Duration::from_secs(60))
    }

    /// The library's own limit is by single addresses, of which somebody with IPv6 has many.
    fn reservations_per_network(&self) -> Box<dyn relay::RateLimiter> {
        let limiter = RateLimiter::<IpAddr>::new(per_minute(self.per_network_and_minute));
        Box::new(move |_: PeerId, address: &Multiaddr, _: Instant| {
            limiter.check(network_of(address), NonZeroU32::MIN).is_ok()
        })
    }
}

/// So many at once, and again over a minute.
fn per_minute(count: NonZeroU32) -> Rate {
    Rate::new(count.get() / 60, count.get())
}
