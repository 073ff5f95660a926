//! The libp2p transports of a browser: WebRTC between pages, relayed connections, WebSocket to
//! nodes.

pub mod webrtc;
pub mod websocket;

mod ice;

use std::time::Duration;

use covey_core::mesh::webrtc::Behaviour;
use libp2p::core::muxing::StreamMuxerBox;
use libp2p::core::transport::Boxed;
use libp2p::core::upgrade::Version;
use libp2p::identity::Keypair;
use libp2p::{PeerId, Transport as _, noise, relay, yamux};

pub use ice::{IceServer, IceServers};

/// Noise and yamux on a WebSocket or a relayed stream take four round trips.
const UPGRADE: Duration = Duration::from_secs(15);

/// Everything a swarm needs to reach nodes and peers.
pub struct Built {
    /// WebRTC, then relayed, then WebSocket: each takes more addresses than the one before.
    pub transport: Boxed<(PeerId, StreamMuxerBox)>,
    /// Makes reservations and relayed connections; part of the swarm's behaviour.
    pub relay: relay::client::Behaviour,
    /// Opens signalling streams; part of the swarm's behaviour.
    pub webrtc: Behaviour,
    /// Settable at any time.
    pub ice: IceServers,
}

/// The transports of one page, under the identity of its seat. To be reached by WebRTC the
/// swarm listens on `covey_core::mesh::webrtc::address::listen()`.
pub fn build(keypair: &Keypair) -> Result<Built, noise::Error> {
    let local = keypair.public().to_peer_id();
    let ice = IceServers::default();
    let (direct, webrtc) = webrtc::new(local, ice.clone());
    let (relayed, relay) = relay::client::new(local);
    let secured = relayed
        .or_transport(websocket::Transport::default())
        .upgrade(Version::V1Lazy)
        .authenticate(noise::Config::new(keypair)?)
        .multiplex(yamux::Config::default())
        .timeout(UPGRADE)
        .map(|(peer, muxer), _| (peer, StreamMuxerBox::new(muxer)));
    let transport = direct
        .map(|(peer, muxer), _| (peer, StreamMuxerBox::new(muxer)))
        .or_transport(secured)
        .map(|either, _| either.into_inner())
        .boxed();
    Ok(Built { transport, relay, webrtc, ice })
}
