//! A native libp2p client that reaches the node as pages do: over its WebSocket.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod dialer;
pub mod raw;

use std::fmt::Debug;
use std::net::Ipv4Addr;
use std::time::Duration;

use covey_rendezvous::Server;
use covey_wire::frame::Wire;
use covey_wire::id::{Namespace, SeatId};
use covey_wire::meet::{self, MeetReply, MeetRequest};
use libp2p::core::upgrade::Version;
use libp2p::futures::{AsyncReadExt, AsyncWriteExt, StreamExt};
use libp2p::identity::Keypair;
use libp2p::multiaddr::Protocol;
use libp2p::swarm::{NetworkBehaviour, SwarmEvent};
use libp2p::{
    Multiaddr, PeerId, Stream, StreamProtocol, Swarm, Transport, identify, noise, ping, relay,
    swarm, yamux,
};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long anything here may take before the test fails.
pub const PATIENCE: Duration = Duration::from_secs(20);

#[derive(NetworkBehaviour)]
pub struct Behaviour {
    identify: identify::Behaviour,
    ping: ping::Behaviour,
    relay: relay::client::Behaviour,
    streams: libp2p_stream::Behaviour,
}

/// A peer, not connected to anything yet or still being set up.
pub struct Client {
    pub swarm: Swarm<Behaviour>,
    pub seat: SeatId,
}

/// A peer that goes its own way; dropping it closes its connections.
pub struct Running {
    pub peer_id: PeerId,
    pub seat: SeatId,
    pub control: libp2p_stream::Control,
    task: JoinHandle<()>,
}

impl Client {
    pub fn new() -> Self {
        Self::at(Ipv4Addr::LOCALHOST)
    }

    /// A peer who comes from an address of this machine.
    pub fn at(address: Ipv4Addr) -> Self {
        Self::of(libp2p::identity::ed25519::Keypair::generate(), address)
    }

    /// The peer with this key.
    pub fn of(pair: libp2p::identity::ed25519::Keypair, address: Ipv4Addr) -> Self {
        let seat = SeatId(pair.public().to_bytes());
        let key = Keypair::from(pair);
        let peer_id = key.public().to_peer_id();
        let (relay_transport, relay) = relay::client::new(peer_id);
        let sockets = libp2p_websocket::Config::new(dialer::Dialer(address));
        let transport = relay_transport
            .or_transport(sockets)
            .upgrade(Version::V1)
            .authenticate(noise::Config::new(&key).unwrap())
            .multiplex(yamux::Config::default())
            .timeout(Duration::from_secs(10))
            .boxed();
        let behaviour = Behaviour {
            identify: identify::Behaviour::new(identify::Config::new(
                "/covey/1".into(),
                key.public(),
            )),
            ping: ping::Behaviour::default(),
            relay,
            streams: libp2p_stream::Behaviour::new(),
        };
        let options = swarm::Config::with_tokio_executor()
            .with_idle_connection_timeout(Duration::from_secs(60));
        Self { swarm: Swarm::new(transport, behaviour, peer_id, options), seat }
    }

    /// Waits for what `wanted` picks out of the events.
    pub async fn until<T>(
        &mut self,
        what: &str,
        mut wanted: impl FnMut(&SwarmEvent<BehaviourEvent>) -> Option<T>,
    ) -> T {
        let search = async {
            loop {
                let event = self.swarm.select_next_some().await;
                if let SwarmEvent::OutgoingConnectionError { error, .. } = &event {
                    panic!("{what}: {error}");
                }
                if let Some(found) = wanted(&event) {
                    return found;
                }
            }
        };
        timeout(PATIENCE, search).await.unwrap_or_else(|_| panic!("timed out: {what}"))
    }

    /// Dials the node and waits for what it says of itself.
    pub async fn connect(&mut self, node: &Server) -> identify::Info {
        self.connect_to(node.peer_id(), node_address(node)).await
    }

    pub async fn connect_to(&mut self, node: PeerId, address: Multiaddr) -> identify::Info {
        self.swarm.dial(address).unwrap();
        self.until("identify of the node", |event| match event {
            SwarmEvent::Behaviour(BehaviourEvent::Identify(identify::Event::Received {
                peer_id,
                info,
                ..
            })) if *peer_id == node => Some(info.clone()),
            _ => None,
        })
        .await
    }

    /// Takes a reservation at the node and waits until this peer can be reached at `count`
    /// addresses.
    pub async fn reserve(&mut self, node: &Server, count: usize) -> Vec<Multiaddr> {
        self.reserve_at(circuit(node), count).await
    }

    pub async fn reserve_at(&mut self, circuit: Multiaddr, count: usize) -> Vec<Multiaddr> {
        self.swarm.listen_on(circuit).unwrap();
        let mut addresses = Vec::new();
        self.until("reservation", |event| match event {
            SwarmEvent::NewListenAddr { address, .. } => {
                addresses.push(address.clone());
                (addresses.len() == count).then_some(())
            }
            SwarmEvent::ListenerClosed { reason, .. } => panic!("no reservation: {reason:?}"),
            _ => None,
        })
        .await;
        addresses
    }

    /// Dials another peer through the node.
    pub async fn dial_relayed(&mut self, node: &Server, peer: PeerId) {
        self.swarm.dial(circuit(node).with(Protocol::P2p(peer))).unwrap();
        self.until("relayed connection", |event| match event {
            SwarmEvent::ConnectionEstablished { peer_id, .. } if *peer_id == peer => Some(()),
            _ => None,
        })
        .await;
    }

    /// From here on the peer needs no attention.
    pub fn run(mut self) -> Running {
        let (peer_id, seat) = (*self.swarm.local_peer_id(), self.seat);
        let control = self.swarm.behaviour().streams.new_control();
        let task = tokio::spawn(async move {
            loop {
                self.swarm.select_next_some().await;
            }
        });
        Running { peer_id, seat, control, task }
    }

    /// Connected to the node and running.
    pub async fn connected(node: &Server) -> Running {
        let mut client = Self::new();
        client.connect(node).await;
        client.run()
    }
}

impl Running {
    pub async fn open(&mut self, peer: PeerId, protocol: &'static str) -> Stream {
        let open = self.control.open_stream(peer, StreamProtocol::new(protocol));
        timeout(PATIENCE, open).await.expect("a stream in time").expect("a stream")
    }

    /// Opens `/covey/meet/1`.
    pub async fn meet(&mut self, node: &Server) -> Meeting {
        self.meet_at(node.peer_id()).await
    }

    pub async fn meet_at(&mut self, node: PeerId) -> Meeting {
        Meeting(Messages::new(self.open(node, meet::MEET_PROTOCOL).await))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Waits until the node has counted a refusal.
pub async fn refused(node: &Server, what: &str, why: &str) {
    let line = format!(r#"covey_refused_total{{what="{what}",why="{why}"}}"#);
    let url = format!("http://{}/metrics", node.address());
    let counted =
        async { while !reqwest::get(&url).await.unwrap().text().await.unwrap().contains(&line) {} };
    timeout(PATIENCE, counted).await.unwrap_or_else(|_| panic!("not counted: {line}"));
}

pub fn node_address(node: &Server) -> Multiaddr {
    Multiaddr::empty()
        .with(node.address().ip().into())
        .with(Protocol::Tcp(node.address().port()))
        .with(Protocol::Ws("/".into()))
}

pub fn circuit(node: &Server) -> Multiaddr {
    node_address(node).with(Protocol::P2p(node.peer_id())).with(Protocol::P2pCircuit)
}

/// A stream of framed messages.
pub struct Messages {
    pub stream: Stream,
    arrived: Vec<u8>,
}

impl Messages {
    pub fn new(stream: Stream) -> Self {
        Self { stream, arrived: Vec::new() }
    }

    pub async fn send<T: Wire>(&mut self, message: &T) {
        self.stream.write_all(&meet::frame(message)).await.unwrap();
        self.stream.flush().await.unwrap();
    }

    /// The next message; `None` at the end of the stream.
    pub async fn next<T: Wire + Debug>(&mut self) -> Option<T> {
        loop {
            if let Some((message, size)) = meet::unframe(&self.arrived).expect("a message") {
                self.arrived.drain(..size);
                assert!(message.is_some(), "a node of a newer version");
                return message;
            }
            let mut buffer = [0; 512];
            let read = timeout(PATIENCE, self.stream.read(&mut buffer)).await;
            match read.expect("an answer in time") {
                Ok(0) | Err(_) => return None,
                Ok(size) => self.arrived.extend_from_slice(&buffer[..size]),
            }
        }
    }
}

/// A stream of `/covey/meet/1`.
pub struct Meeting(pub Messages);

impl Meeting {
    pub async fn ask(&mut self, request: MeetRequest) -> MeetReply {
        self.tell(request).await;
        self.next().await
    }

    pub async fn tell(&mut self, request: MeetRequest) {
        self.0.send(&request).await;
    }

    pub async fn next(&mut self) -> MeetReply {
        self.0.next().await.expect("the stream stays open")
    }

    pub async fn register(&mut self, namespace: Namespace) {
        let reply = self.ask(MeetRequest::Register(namespace)).await;
        assert_eq!(reply, MeetReply::Registered(namespace));
    }

    pub async fn discover(&mut self, namespace: Namespace) -> Vec<SeatId> {
        match self.ask(MeetRequest::Discover(namespace)).await {
            MeetReply::Found { namespace: answered, seats } if answered == namespace => seats,
            other => panic!("no answer to discover: {other:?}"),
        }
    }
}
