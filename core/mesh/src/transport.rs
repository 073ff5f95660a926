//! The transports of a swarm: WebRTC between peers, relayed connections, WebSocket to nodes.

use core::time::Duration;

use libp2p::core::muxing::StreamMuxerBox;
use libp2p::core::transport::Boxed;
use libp2p::core::upgrade::Version;
use libp2p::identity::Keypair;
use libp2p::{PeerId, Transport, noise, relay, yamux};

use super::Trust;
use super::webrtc::{self, Behaviour, IceServers, PeerConnection};

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
    /// The peers that are dialled and answered directly: for the settings of the mesh, which decides it.
    pub trust: Trust,
}

/// The transports of one peer, under the identity of its seat, with the WebRTC of a platform and
/// its WebSockets. With a room nobody is trusted at first: `Trust::default`.
pub fn build<P, S>(keypair: &Keypair, sockets: S, trust: Trust) -> Result<Built, noise::Error>
where
    P: PeerConnection,
    S: Transport + Send + Unpin + 'static,
    S::Output: futures::AsyncRead + futures::AsyncWrite + Send + Unpin + 'static,
    S::Error: Send + Sync + 'static,
    S::Dial: Send + 'static,
    S::ListenerUpgrade: Send + 'static,
{
    let local = keypair.public().to_peer_id();
    let ice = IceServers::default();
    let (direct, webrtc) = webrtc::new::<P>(local, ice.clone(), trust.clone());
    let (relayed, relay) = relay::client::new(local);
    let secured = relayed
        .or_transport(sockets)
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
    Ok(Built { transport, relay, webrtc, ice, trust })
}
