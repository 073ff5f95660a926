//! The node's libp2p side: what it speaks with every connected page.

use std::collections::HashSet;
use std::error::Error;
use std::io;
use std::time::Duration;

use covey_mesh::Deferred;
use covey_wire::meet::{IceServer, NodeInfo};
use libp2p::connection_limits::{self, ConnectionLimits};
use libp2p::core::upgrade::Version;
use libp2p::futures::StreamExt;
use libp2p::identity::Keypair;
use libp2p::swarm::{ListenError, NetworkBehaviour, SwarmEvent};
use libp2p::{
    PeerId, Swarm, Transport, TransportError, identify, noise, ping, relay, swarm, yamux,
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info};

use crate::address::External;
use crate::boxed::Boxed;
use crate::metrics::Metrics;
use crate::relay as shared;
use crate::socket::{Listener, Silent, Sockets};
use crate::{MeetConfig, RelayConfig, handshakes, info, meet};

/// A page that loads anew leaves its old connection behind for a while.
const CONNECTIONS_PER_PEER: u32 = 4;
/// Often enough to notice a lost laptop, seldom enough to cost nothing.
const PING: Duration = Duration::from_secs(30);
/// How long a page may take to answer a ping.
const PONG: Duration = Duration::from_secs(20);

/// The settings and the state of the swarm.
pub(crate) struct SwarmConfig {
    pub(crate) key: Keypair,
    /// Where it listens, as a multiaddr would say it.
    pub(crate) listen: External,
    /// The addresses it declares: exactly those that pages dial.
    pub(crate) external: Vec<External>,
    /// How many handshakes may be under way.
    pub(crate) handshakes: usize,
    /// How long a handshake may take.
    pub(crate) handshake: Duration,
    /// How long a connection may do nothing.
    pub(crate) idle: Duration,
    pub(crate) relay: RelayConfig,
    pub(crate) meet: MeetConfig,
    /// A secret of this start, for what is left to chance.
    pub(crate) seed: [u8; 32],
    pub(crate) ice_servers: Vec<IceServer>,
    pub(crate) metrics: Metrics,
}

#[derive(NetworkBehaviour)]
pub(crate) struct Behaviour {
    limits: connection_limits::Behaviour,
    handshakes: handshakes::Behaviour,
    identify: Deferred<identify::Behaviour>,
    ping: Deferred<ping::Behaviour>,
    relay: shared::Behaviour,
    meet: meet::Behaviour,
    info: info::Behaviour,
}

/// A swarm that takes its connections from `listener`.
pub(crate) fn create(
    config: SwarmConfig,
    listener: Listener,
) -> Result<Swarm<Boxed<Behaviour>>, TransportError<io::Error>> {
    let node = config.key.public().to_peer_id();
    let mut streams = yamux::Config::default();
    streams.set_max_num_streams(config.relay.streams());
    let transport = listener
        .upgrade(Version::V1)
        .authenticate(noise::Config::new(&config.key).expect("an Ed25519 key signs"))
        .multiplex(streams)
        .timeout(config.handshake)
        .boxed();
    let options = swarm::Config::with_tokio_executor().with_idle_connection_timeout(config.idle);
    let mut swarm = Swarm::new(transport, Boxed(behaviour(&config)), node, options);
    for external in &config.external {
        swarm.add_external_address(external.multiaddr().clone());
    }
    swarm.listen_on(config.listen.multiaddr().clone())?;
    Ok(swarm)
}

fn behaviour(config: &SwarmConfig) -> Behaviour {
    let key = config.key.public();
    let limits =
        ConnectionLimits::default().with_max_established_per_peer(Some(CONNECTIONS_PER_PEER));
    let identify = identify::Config::new("/covey/1".into(), key.clone())
        .with_agent_version(concat!("covey-node/", env!("CARGO_PKG_VERSION")).into())
        // Pages dial what is declared, not what is listened at; and the node dials nobody.
        .with_hide_listen_addrs(true)
        .with_cache_size(0);
    let ping = ping::Config::new().with_interval(PING).with_timeout(PONG);
    let offer = NodeInfo {
        ice_servers: config.ice_servers.clone(),
        circuit_seconds: config.relay.circuit_duration.as_secs(),
        circuit_bytes: config.relay.circuit_bytes,
        reservation_seconds: config.relay.reservation_duration.as_secs(),
    };
    Behaviour {
        limits: connection_limits::Behaviour::new(limits),
        handshakes: handshakes::Behaviour::new(config.handshakes),
        identify: Deferred(identify::Behaviour::new(identify)),
        ping: Deferred(ping::Behaviour::new(ping)),
        relay: shared::Behaviour::new(
            key.to_peer_id(),
            config.relay.clone(),
            config.metrics.clone(),
        ),
        meet: meet::Behaviour::new(config.meet.clone(), config.seed, config.metrics.clone()),
        info: info::Behaviour::new(offer),
    }
}

/// Drives the swarm until `stop` is cancelled and every socket has said goodbye.
pub(crate) async fn run(
    mut swarm: Swarm<Boxed<Behaviour>>,
    sockets: Sockets,
    metrics: Metrics,
    stop: CancellationToken,
) {
    let stopped = async {
        stop.cancelled().await;
        sockets.closed().await;
    };
    tokio::pin!(stopped);
    let mut reachable = HashSet::new();
    loop {
        tokio::select! {
            event = swarm.select_next_some() => {
                count_reachable(&mut reachable, &metrics, &event);
                handle(&mut swarm, &metrics, event);
            }
            () = &mut stopped => return,
        }
    }
}

fn handle(
    swarm: &mut Swarm<Boxed<Behaviour>>,
    metrics: &Metrics,
    event: SwarmEvent<BehaviourEvent>,
) {
    match event {
        SwarmEvent::Behaviour(BehaviourEvent::Ping(ping::Event {
            connection,
            result: Err(ping::Failure::Timeout | ping::Failure::Other { .. }),
            ..
        })) => {
            // A connection that does not answer is gone: its registrations must not be handed out.
            swarm.close_connection(connection);
        }
        SwarmEvent::Behaviour(BehaviourEvent::Relay(event)) => count_relay(metrics, &event),
        SwarmEvent::ConnectionEstablished { .. } | SwarmEvent::ConnectionClosed { .. } => {
            let counts = swarm.network_info();
            let standing = counts.connection_counters().num_established();
            metrics.connections.set(standing.into());
            debug!(peers = counts.num_peers(), "connections changed");
        }
        SwarmEvent::IncomingConnectionError { error, .. } => {
            let why = why_no_connection(error);
            metrics.refuse("connection", why);
            debug!(why, "a handshake failed");
        }
        SwarmEvent::ListenerClosed { .. } => info!("libp2p stopped listening"),
        _ => {}
    }
}

/// The peers that have a reservation. The relay says that one is closed with each connection, with or without.
fn count_reachable(
    reachable: &mut HashSet<PeerId>,
    metrics: &Metrics,
    event: &SwarmEvent<BehaviourEvent>,
) {
    match event {
        SwarmEvent::Behaviour(BehaviourEvent::Relay(event)) => match event {
            relay::Event::ReservationReqAccepted { src_peer_id, .. } => {
                reachable.insert(*src_peer_id);
            }
            relay::Event::ReservationTimedOut { src_peer_id } => {
                reachable.remove(src_peer_id);
            }
            _ => return,
        },
        SwarmEvent::ConnectionClosed { peer_id, num_established: 0, .. } => {
            reachable.remove(peer_id);
        }
        _ => return,
    }
    metrics.reservations.set(i64::try_from(reachable.len()).unwrap_or(i64::MAX));
}

/// An event of the relay, without saying for whom.
fn count_relay(metrics: &Metrics, event: &relay::Event) {
    match event {
        relay::Event::ReservationReqDenied { status, .. } => {
            metrics.refuse("reservation", "limit");
            info!(?status, "reservation denied");
        }
        relay::Event::CircuitReqDenied { status, .. } => {
            // Those that exceed a share are counted where that is decided.
            if matches!(status, relay::StatusCode::NoReservation) {
                metrics.refuse("circuit", "absent");
            }
            info!(?status, "circuit denied");
        }
        relay::Event::CircuitReqAccepted { .. } => debug!("circuit opened"),
        relay::Event::CircuitClosed { error, .. } => {
            if let Some(why) = error.as_ref().and_then(why_cut) {
                metrics.refuse("circuit", why);
            }
            debug!("circuit closed");
        }
        _ => {}
    }
}

/// Which limit ended a circuit, if one did.
fn why_cut(error: &io::Error) -> Option<&'static str> {
    match error.kind() {
        io::ErrorKind::TimedOut => Some("time"),
        // The relay has no name of its own for it; streams that break have.
        io::ErrorKind::Other => Some("bytes"),
        _ => None,
    }
}

/// Why a connection does not come about.
fn why_no_connection(error: ListenError) -> &'static str {
    match error {
        ListenError::Denied { cause } => match cause.downcast::<handshakes::Crowded>() {
            Ok(_) => "crowd",
            Err(_) => "limit",
        },
        ListenError::Transport(TransportError::Other(error)) if is_silence(&error) => "silent",
        _ => "handshake",
    }
}

/// Whether nothing was said, however often that is wrapped up.
fn is_silence(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<Silent>() {
            return true;
        }
        next = match error.downcast_ref::<io::Error>() {
            Some(error) => error.get_ref().map(|error| error as &(dyn Error + 'static)),
            None => error.source(),
        };
    }
    false
}
