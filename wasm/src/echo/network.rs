//! The swarm of a peer that echoes, and what it is asked to do.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::time::Duration;

use covey_core::mesh::webrtc::{self, OpenStream, RequestError, address};
use covey_core::net::Path;
use futures::channel::{mpsc, oneshot};
use futures::{StreamExt, select};
use libp2p::identity::Keypair;
use libp2p::multiaddr::Protocol;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{ConnectionId, NetworkBehaviour, SwarmEvent};
use libp2p::{Multiaddr, PeerId, Stream, Swarm, identify, noise, ping, relay, swarm};
use wasm_bindgen_futures::spawn_local;

use super::server::Counts;
use super::streams::Streams;
use crate::transport::{Built, IceServers, build, webrtc::Page};

/// Where the answer to a command goes.
pub(super) type Reply<T> = oneshot::Sender<Result<T, String>>;

/// What the network is asked to do.
pub(super) enum Command {
    /// Connect to a node and make a reservation.
    Reserve(Multiaddr, Reply<Multiaddr>),
    /// Dial an address.
    Dial(Multiaddr, Reply<()>),
    /// Open a stream on a connection of this path.
    Open(PeerId, Path, Reply<Stream>),
    /// Close the connections of this path.
    Close(PeerId, Path),
}

/// The connections there are.
#[derive(Default)]
pub(super) struct Connections(BTreeMap<PeerId, Vec<(ConnectionId, Path)>>);

impl Connections {
    pub(super) fn of(&self, peer: &PeerId) -> impl Iterator<Item = (ConnectionId, Path)> {
        self.0.get(peer).into_iter().flatten().copied()
    }

    fn on(&self, peer: &PeerId, path: Path) -> Vec<ConnectionId> {
        self.of(peer).filter(|(_, p)| *p == path).map(|(id, _)| id).collect()
    }
}

#[derive(NetworkBehaviour)]
struct Parts {
    relay: relay::client::Behaviour,
    webrtc: webrtc::Behaviour,
    identify: identify::Behaviour,
    ping: ping::Behaviour,
    streams: Streams,
}

/// The swarm and what it owes.
pub(super) struct Network {
    swarm: Swarm<Parts>,
    commands: mpsc::UnboundedReceiver<Command>,
    connections: Rc<RefCell<Connections>>,
    dials: HashMap<ConnectionId, Reply<()>>,
    reservations: HashMap<ConnectionId, (Multiaddr, Reply<Multiaddr>)>,
    /// Relays whose reservation is under way.
    reserving: Vec<(Multiaddr, Reply<Multiaddr>)>,
}

impl Network {
    pub(super) fn new(
        keypair: &Keypair,
        commands: mpsc::UnboundedReceiver<Command>,
        counts: Rc<Counts>,
    ) -> Result<(Self, IceServers, Page), noise::Error> {
        let Built { transport, relay, webrtc, ice, page } = build(keypair)?;
        let identify = identify::Config::new("/covey/echo/1".into(), keypair.public());
        let parts = Parts {
            relay,
            webrtc,
            identify: identify::Behaviour::new(identify),
            ping: ping::Behaviour::default(),
            streams: Streams::new(counts),
        };
        let config = swarm::Config::with_wasm_executor()
            .with_idle_connection_timeout(Duration::from_secs(120));
        let local = keypair.public().to_peer_id();
        let mut swarm = Swarm::new(transport, parts, local, config);
        // The only address that the transport takes for this.
        let _ = swarm.listen_on(address::listen());
        let network = Self {
            swarm,
            commands,
            connections: Rc::default(),
            dials: HashMap::new(),
            reservations: HashMap::new(),
            reserving: Vec::new(),
        };
        Ok((network, ice, page))
    }

    pub(super) fn connections(&self) -> Rc<RefCell<Connections>> {
        self.connections.clone()
    }

    pub(super) async fn run(mut self) {
        loop {
            select! {
                event = self.swarm.select_next_some() => self.on_event(event),
                command = self.commands.next() => match command {
                    Some(command) => self.on_command(command),
                    None => return,
                },
            }
        }
    }

    fn on_command(&mut self, command: Command) {
        match command {
            Command::Reserve(node, reply) => {
                let opts = DialOpts::unknown_peer_id().address(node.clone()).build();
                self.reservations.insert(opts.connection_id(), (node, reply));
                let _ = self.swarm.dial(opts);
            }
            Command::Dial(address, reply) => self.dial(address, reply),
            Command::Open(peer, path, reply) => self.open(peer, path, reply),
            Command::Close(peer, path) => {
                for id in self.connections.borrow().on(&peer, path) {
                    self.swarm.close_connection(id);
                }
            }
        }
    }

    fn dial(&mut self, address: Multiaddr, reply: Reply<()>) {
        let Some(Protocol::P2p(peer)) = address.iter().last() else {
            let _ = reply.send(Err("no peer id in the address".into()));
            return;
        };
        let opts = DialOpts::peer_id(peer)
            .condition(PeerCondition::Always)
            .addresses(vec![address])
            .build();
        self.dials.insert(opts.connection_id(), reply);
        let _ = self.swarm.dial(opts);
    }

    fn open(&mut self, peer: PeerId, path: Path, reply: Reply<Stream>) {
        let Some(id) = self.connections.borrow().on(&peer, path).pop() else {
            let _ = reply.send(Err("not connected that way".into()));
            return;
        };
        let (sender, opened) = oneshot::channel();
        self.swarm.behaviour_mut().streams.open(peer, id, OpenStream(sender));
        spawn_local(async move {
            let stream = opened.await.unwrap_or(Err(RequestError::Broken));
            let _ = reply.send(stream.map_err(|error| error.to_string()));
        });
    }

    fn on_event(&mut self, event: SwarmEvent<PartsEvent>) {
        match event {
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, endpoint, .. } => {
                let path = address::path(&endpoint);
                let mut connections = self.connections.borrow_mut();
                connections.0.entry(peer_id).or_default().push((connection_id, path));
                drop(connections);
                if let Some(reply) = self.dials.remove(&connection_id) {
                    let _ = reply.send(Ok(()));
                }
                if let Some((node, reply)) = self.reservations.remove(&connection_id) {
                    self.reserve(node, peer_id, reply);
                }
            }
            SwarmEvent::ConnectionClosed { peer_id, connection_id, .. } => {
                let mut connections = self.connections.borrow_mut();
                connections.0.entry(peer_id).or_default().retain(|(id, _)| *id != connection_id);
            }
            SwarmEvent::OutgoingConnectionError { connection_id, error, .. } => {
                if let Some(reply) = self.dials.remove(&connection_id) {
                    let _ = reply.send(Err(error.to_string()));
                }
                if let Some((_, reply)) = self.reservations.remove(&connection_id) {
                    let _ = reply.send(Err(error.to_string()));
                }
            }
            SwarmEvent::NewListenAddr { address, .. } => self.on_listening(&address),
            _ => {}
        }
    }

    fn reserve(&mut self, node: Multiaddr, peer: PeerId, reply: Reply<Multiaddr>) {
        let relay = match node.iter().last() {
            Some(Protocol::P2p(_)) => node,
            _ => node.with(Protocol::P2p(peer)),
        };
        match self.swarm.listen_on(relay.clone().with(Protocol::P2pCircuit)) {
            Ok(_) => self.reserving.push((relay, reply)),
            Err(error) => {
                let _ = reply.send(Err(error.to_string()));
            }
        }
    }

    /// A reservation names the addresses that its relay declares, which need not be the one
    /// that was dialled: the relay's id tells.
    fn on_listening(&mut self, listening: &Multiaddr) {
        let id = |address: &Multiaddr| {
            address.iter().find(|part| matches!(part, Protocol::P2p(_))).map(|p| p.acquire())
        };
        if address::path_of(listening) != Path::Relayed {
            return;
        }
        let made = self.reserving.iter().position(|(relay, _)| id(relay) == id(listening));
        if let Some(at) = made {
            let (relay, reply) = self.reserving.swap_remove(at);
            let _ = reply.send(Ok(relay));
        }
    }
}
