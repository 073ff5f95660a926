//! Meshes of one test at a node in memory, with simulated WebRTC: all on the test's own thread.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use libp2p::core::transport::MemoryTransport;
use libp2p::core::upgrade::Version;
use libp2p::core::{Endpoint, transport::PortUse};
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{
    Config, ConnectionDenied, FromSwarm, StreamProtocol, SwarmEvent, THandler, THandlerInEvent,
    THandlerOutEvent, ToSwarm,
};
use libp2p::{Multiaddr, Stream, Transport, noise, yamux};

use super::*;
use crate::webrtc::simulated::{Simulated, settle};
use crate::webrtc::{Behaviour, Handler, HandlerEvent, OpenStream, Signaller, pair};
use crate::{build, keypair};
use covey_wire::meet::MEET_PROTOCOL;
use covey_wire::net::{NodeState, Path};

/// Longer than anything here takes on the busiest machine.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A node and the pages at it.
pub(super) struct TestNetwork {
    node: Swarm<Node>,
    address: Multiaddr,
    pub pages: Vec<Page>,
}

pub(super) struct Page {
    pub mesh: Mesh<Behaviour>,
    pub seat: SeatId,
    pub up: BTreeMap<SeatId, Path>,
    pub frames: Vec<(Class, Vec<u8>)>,
    /// Bytes of blobs that were written.
    pub written: usize,
    /// Classes that somebody does not speak.
    pub unsupported: Vec<Class>,
    node: bool,
}

/// The part of a node that these meshes need: a relay, and somebody who listens where they meet.
#[derive(NetworkBehaviour)]
struct Node {
    relay: relay::Behaviour,
    meet: RendezvousPoint,
}

#[derive(Default)]
struct RendezvousPoint(Vec<Stream>);

impl TestNetwork {
    pub fn new() -> Self {
        let key = keypair([255; 32]);
        let transport = MemoryTransport::new()
            .upgrade(Version::V1Lazy)
            .authenticate(noise::Config::new(&key).unwrap())
            .multiplex(yamux::Config::default())
            .boxed();
        let local = key.public().to_peer_id();
        let config = relay::Config {
            // Without bound.
            max_circuit_bytes: 0,
            max_circuits: 256,
            max_circuits_per_peer: 256,
            reservation_rate_limiters: Vec::new(),
            circuit_src_rate_limiters: Vec::new(),
            ..relay::Config::default()
        };
        let parts =
            Node { relay: relay::Behaviour::new(local, config), meet: RendezvousPoint::default() };
        let mut node = Swarm::new(transport, parts, local, Config::without_executor());
        node.listen_on("/memory/0".parse().unwrap()).unwrap();
        let mut cx = Context::from_waker(Waker::noop());
        let address = loop {
            match node.poll_next_unpin(&mut cx) {
                Poll::Ready(Some(SwarmEvent::NewListenAddr { address, .. })) => break address,
                Poll::Ready(_) => {}
                Poll::Pending => panic!("no address"),
            }
        };
        node.add_external_address(address.clone());
        Self { node, address, pages: Vec::new() }
    }

    /// A page that trusts whom it is told to; its number.
    pub fn page(&mut self, trust: Trust) -> usize {
        self.add_page(trust, None)
    }

    /// A page that speaks these classes alone.
    pub fn older_page(&mut self, trust: Trust, offers: &'static [Class]) -> usize {
        let number = self.page(trust);
        let parts = self.pages[number].mesh.swarm.behaviour_mut();
        parts.channel = crate::channel::Behaviour::new(offers);
        number
    }

    /// A page whose signalling streams are the test's own.
    pub fn forger(&mut self) -> (usize, Signaller) {
        let (signaller, behaviour) = pair(Trust::everyone());
        (self.add_page(Trust::default(), Some(behaviour)), signaller)
    }

    fn add_page(&mut self, trust: Trust, behaviour: Option<Behaviour>) -> usize {
        let number = self.pages.len();
        let key = keypair([u8::try_from(number).unwrap() + 1; 32]);
        let built = build::<Simulated, _>(&key, MemoryTransport::new(), trust).unwrap();
        let settings = Settings { seed: number as u64, upgrades: true, trust: built.trust };
        let behaviour = behaviour.unwrap_or(built.webrtc);
        let mut mesh = Mesh::new(&key, built.transport, built.relay, behaviour, |_| {}, settings);
        mesh.command(NetCommand::Nodes(vec![self.address.to_string()]));
        let (seat, up) = (mesh.local().unwrap(), BTreeMap::new());
        let (frames, unsupported) = (Vec::new(), Vec::new());
        self.pages.push(Page { mesh, seat, up, frames, written: 0, unsupported, node: false });
        self.until("a reservation", |network| network.pages[number].node);
        number
    }

    /// Where a page is reached through the node.
    pub fn relayed(&self, page: usize) -> Multiaddr {
        let node = self.address.clone().with_p2p(*self.node.local_peer_id()).unwrap();
        address::relayed(&node, *self.pages[page].mesh.swarm.local_peer_id())
    }

    pub fn dial(&mut self, page: usize, whom: usize) {
        let seat = self.pages[whom].seat;
        self.pages[page].mesh.command(NetCommand::Dial(seat));
    }

    /// Dials the `/webrtc` address of a page, whatever the mesh thinks of it.
    pub fn dial_directly(&mut self, page: usize, whom: usize) {
        let relayed = self.relayed(whom);
        let opts = DialOpts::peer_id(*self.pages[whom].mesh.swarm.local_peer_id())
            .condition(PeerCondition::Always)
            .addresses(vec![address::direct_of_relayed(&relayed).unwrap()])
            .build();
        self.pages[page].mesh.swarm.dial(opts).unwrap();
    }

    pub fn trust(&mut self, page: usize, whom: usize) {
        let seat = self.pages[whom].seat;
        self.pages[page].mesh.command(NetCommand::Trust(seat));
    }

    pub fn hangup(&mut self, page: usize, whom: usize) {
        let seat = self.pages[whom].seat;
        self.pages[page].mesh.command(NetCommand::Hangup(seat));
    }

    pub fn path(&self, page: usize, to: usize) -> Option<Path> {
        self.pages[page].up.get(&self.pages[to].seat).copied()
    }

    /// Waits until two have exchanged a message each.
    pub fn speak(&mut self, a: usize, b: usize) {
        for (from, to) in [(a, b), (b, a)] {
            let (seat, frames) = (self.pages[to].seat, self.pages[to].frames.len());
            let bytes = vec![1; 10];
            let class = Class::Sync;
            self.pages[from].mesh.command(NetCommand::Send { seat, class, bytes });
            self.until("a message", |network| network.pages[to].frames.len() > frames);
        }
    }

    /// How many streams of others wait for this page's trust.
    pub fn held(&self, page: usize) -> usize {
        self.pages[page].mesh.swarm.behaviour().webrtc.held()
    }

    /// Runs all until `done`.
    pub fn until(&mut self, what: &str, mut done: impl FnMut(&mut Self) -> bool) {
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut cx = Context::from_waker(&waker);
        let started = web_time::Instant::now();
        loop {
            while self.step(&mut cx) {}
            if done(self) {
                return;
            }
            let up: Vec<_> = self.pages.iter().map(|page| &page.up).collect();
            assert!(started.elapsed() < TIMEOUT, "timed out: {what}, {up:?}");
            thread::park_timeout(Duration::from_secs(1));
        }
    }

    fn step(&mut self, cx: &mut Context<'_>) -> bool {
        let mut moved = self.node.poll_next_unpin(cx).is_ready();
        for page in &mut self.pages {
            moved |= page.step(cx);
        }
        settle();
        moved
    }
}

impl Page {
    fn step(&mut self, cx: &mut Context<'_>) -> bool {
        let Poll::Ready(event) = self.mesh.poll_next(cx) else { return false };
        match event {
            NetEvent::Node(state) => self.node = state == NodeState::Up,
            NetEvent::Up { seat, path } => drop(self.up.insert(seat, path)),
            NetEvent::Down(seat) => drop(self.up.remove(&seat)),
            NetEvent::Frame { class, bytes, .. } => self.frames.push((class, bytes)),
            NetEvent::Written { bytes, .. } => self.written += bytes,
            NetEvent::Unsupported { class, .. } => self.unsupported.push(class),
            NetEvent::Found { .. } | NetEvent::Refused { .. } => {}
        }
        true
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

impl NetworkBehaviour for RendezvousPoint {
    type ConnectionHandler = Handler;
    type ToSwarm = std::convert::Infallible;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(Handler::new(StreamProtocol::new(MEET_PROTOCOL), 1))
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(Handler::new(StreamProtocol::new(MEET_PROTOCOL), 1))
    }

    fn on_swarm_event(&mut self, _: FromSwarm<'_>) {}

    fn on_connection_handler_event(
        &mut self,
        _: PeerId,
        _: ConnectionId,
        HandlerEvent(stream): THandlerOutEvent<Self>,
    ) {
        self.0.push(stream);
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        Poll::<ToSwarm<Self::ToSwarm, OpenStream>>::Pending
    }
}
