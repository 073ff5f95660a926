//! The swarm: which behaviours there are and how they are set.

use core::time::Duration;

use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::core::muxing::StreamMuxerBox;
use libp2p::core::transport::Boxed;
use libp2p::core::upgrade::Version;
use libp2p::identity::Keypair;
use libp2p::swarm::{Config, NetworkBehaviour};
use libp2p::{PeerId, Swarm, identify, ping, relay};

use super::{Deferred, channel, client};
use covey_wire::class::Class;
use covey_wire::limits;

/// Everything that runs on connections.
#[derive(NetworkBehaviour)]
pub(super) struct Parts<W: NetworkBehaviour> {
    pub limits: connection_limits::Behaviour,
    pub relay: relay::client::Behaviour,
    pub webrtc: W,
    pub identify: Deferred<identify::Behaviour>,
    pub ping: Deferred<ping::Behaviour>,
    pub client: client::Behaviour,
    pub channel: channel::Behaviour,
}

/// Sent to everybody we connect to.
const IDENTIFY: &str = "/covey/1";
/// Often enough to notice a silent death within a minute, seldom enough to leave a node in peace:
/// a browser tells of most deaths by itself, sooner.
const PING_INTERVAL: Duration = Duration::from_secs(15);
const PING_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections end by decision; this takes away those that carry no streams and were forgotten.
const IDLE: Duration = Duration::from_secs(600);

/// Connections that may stand: half as many as everybody together may have.
const ESTABLISHED: u32 =
    (limits::PEERS + limits::LINK_NODES) as u32 * limits::CONNECTIONS_PER_PEER / 2;
/// Strangers with all their connections leave room for whoever comes, and for nodes.
const _: () = assert!(
    limits::PEERS * limits::UNTRUSTED_CONNECTIONS + 2 * limits::LINK_NODES <= ESTABLISHED as usize
);

/// The swarm of a page without what a room does with it, for tests of the transport alone.
pub fn bare_swarm<W: NetworkBehaviour>(
    keypair: &Keypair,
    transport: Boxed<(PeerId, StreamMuxerBox)>,
    relay: relay::client::Behaviour,
    webrtc: W,
) -> Swarm<impl NetworkBehaviour + use<W>> {
    swarm(keypair, transport, relay, webrtc)
}

pub(super) fn swarm<W: NetworkBehaviour>(
    keypair: &Keypair,
    transport: Boxed<(PeerId, StreamMuxerBox)>,
    relay: relay::client::Behaviour,
    webrtc: W,
) -> Swarm<Parts<W>> {
    let limits = ConnectionLimits::default()
        .with_max_pending_incoming(Some(limits::PENDING_INCOMING))
        .with_max_pending_outgoing(Some(limits::PENDING_CONNECTIONS))
        .with_max_established_per_peer(Some(limits::CONNECTIONS_PER_PEER))
        .with_max_established(Some(ESTABLISHED));
    let identify = identify::Config::new(IDENTIFY.into(), keypair.public()).with_cache_size(0);
    let ping = ping::Config::new().with_interval(PING_INTERVAL).with_timeout(PING_TIMEOUT);
    let parts = Parts {
        limits: connection_limits::Behaviour::new(limits),
        relay,
        webrtc,
        identify: Deferred(identify::Behaviour::new(identify)),
        ping: Deferred(ping::Behaviour::new(ping)),
        client: client::Behaviour::default(),
        channel: channel::Behaviour::new(&Class::ALL),
    };
    let config = config()
        .with_idle_connection_timeout(IDLE)
        // Saves a round trip before the first byte of every stream.
        .with_substream_upgrade_protocol_override(Version::V1Lazy);
    Swarm::new(transport, parts, keypair.public().to_peer_id(), config)
}

#[cfg(target_family = "wasm")]
fn config() -> Config {
    Config::with_wasm_executor()
}

/// Connections are driven by whoever polls the swarm.
#[cfg(not(target_family = "wasm"))]
fn config() -> Config {
    Config::without_executor()
}
