//! The loop between a room and the swarm: it carries what the deciding parts decided.

use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::task::{Context, Poll};

use core::time::Duration;

use futures::{FutureExt, StreamExt};
use futures_timer::Delay;
use libp2p::core::ConnectedPoint;
use libp2p::core::muxing::StreamMuxerBox;
use libp2p::core::transport::{Boxed, ListenerId};
use libp2p::identity::Keypair;
use libp2p::multiaddr::Protocol;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{ConnectionId, NetworkBehaviour, SwarmEvent};
use libp2p::{Multiaddr, PeerId, Swarm, ping, relay};
use web_time::Instant;

use super::backoff::Jitter;
use super::channel::{self, Command, Report};
use super::client::{self, Ask, Told};
use super::identity::{peer_id, seat};
use super::meetings::Meetings;
use super::nodes::{self, Nodes};
use super::peers::{self, Peers};
use super::session::Step;
use super::swarm::{Parts, PartsEvent, swarm};
use super::webrtc::address;
use crate::id::SeatId;
use crate::meet::{IceServer, MeetReply, MeetRequest};
use crate::net::{Class, NetCommand, NetEvent, Path};
use crate::time::Time;

/// How a mesh behaves.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// For the jitter of pauses: different in every page.
    pub seed: u64,
    /// Whether relayed connections are upgraded to direct ones by dialling `/webrtc` addresses.
    pub upgrades: bool,
}

/// What peers did that they should not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Connections closed because of a malformed or oversized message.
    pub malformed: u64,
    /// Connections closed because the peer reads too slowly.
    pub overflows: u64,
}

/// The network as one page sees it: [`Mesh::command`] says what is wanted, [`Mesh::next`] tells
/// what happened. Nothing moves unless `next` is polled.
pub struct Mesh<W: NetworkBehaviour> {
    swarm: Swarm<Parts<W>>,
    nodes: Nodes,
    peers: Peers,
    meetings: Meetings,
    /// Reservations, each with the connection it is on.
    listeners: HashMap<ListenerId, (PeerId, ConnectionId)>,
    dials: HashMap<ConnectionId, PeerId>,
    on_ice: Box<dyn Fn(Vec<IceServer>)>,
    events: VecDeque<NetEvent>,
    stats: Stats,
    started: Instant,
    timer: Option<(Time, Delay)>,
    dirty: bool,
}

impl<W: NetworkBehaviour> Mesh<W> {
    /// A mesh of one. `transport` is upgraded already; `relay` and `webrtc` are the behaviours
    /// that belong to it; `on_ice` takes the ICE servers that a node offers.
    pub fn new(
        keypair: &Keypair,
        transport: Boxed<(PeerId, StreamMuxerBox)>,
        relay: relay::client::Behaviour,
        webrtc: W,
        on_ice: impl Fn(Vec<IceServer>) + 'static,
        settings: Settings,
    ) -> Self {
        let local = keypair.public().to_peer_id();
        let mut swarm = swarm(keypair, transport, relay, webrtc);
        if settings.upgrades {
            // A transport without WebRTC can't listen, and needs not.
            let _ = swarm.listen_on(address::listen());
        }
        Self {
            swarm,
            nodes: Nodes::new(Jitter::new(settings.seed)),
            peers: Peers::new(local, settings.upgrades, Jitter::new(!settings.seed)),
            meetings: Meetings::default(),
            listeners: HashMap::new(),
            dials: HashMap::new(),
            on_ice: Box::new(on_ice),
            events: VecDeque::new(),
            stats: Stats::default(),
            started: Instant::now(),
            timer: None,
            dirty: false,
        }
    }

    /// Says what is wanted; it happens while `next` is polled.
    pub fn command(&mut self, command: NetCommand) {
        let now = self.now();
        self.dirty = true;
        match command {
            NetCommand::Nodes(list) => self.nodes.name(&list, now),
            NetCommand::Meet(namespace) => {
                let requests = self.meetings.meet(namespace);
                self.ask(requests);
            }
            NetCommand::Dial(seat) => {
                if let Some(peer) = peer_id(seat) {
                    self.peers.dial(peer, now);
                }
            }
            NetCommand::Send { seat, class, bytes } => self.send(seat, class, bytes),
            NetCommand::Hangup(seat) => {
                if let Some(peer) = peer_id(seat) {
                    self.peers.hangup(peer);
                }
            }
        }
    }

    /// What happened next. Dropping the future loses nothing.
    pub async fn next(&mut self) -> NetEvent {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    /// What happened next, where there is something.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<NetEvent> {
        loop {
            if self.dirty {
                self.dirty = false;
                self.work();
            }
            if let Some(event) = self.events.pop_front() {
                return Poll::Ready(event);
            }
            match self.swarm.poll_next_unpin(cx) {
                Poll::Ready(Some(event)) => self.on_swarm_event(event),
                _ if self.poll_timer(cx) => self.dirty = true,
                _ => return Poll::Pending,
            }
        }
    }

    /// What peers did that they should not.
    pub fn stats(&self) -> Stats {
        self.stats
    }

    /// The seat of this page.
    pub fn local(&self) -> Option<SeatId> {
        seat(*self.swarm.local_peer_id())
    }

    /// Every standing connection to a seat, for tests and figures.
    pub fn connections(&self, seat: SeatId) -> usize {
        peer_id(seat).map_or(0, |peer| self.peers.connections(peer).count())
    }

    fn now(&self) -> Time {
        // From 1, so that no moment is before the first.
        Time(1) + self.started.elapsed()
    }

    fn send(&mut self, seat: SeatId, class: Class, bytes: Vec<u8>) {
        let Some(peer) = peer_id(seat) else { return };
        if let Some(connection) = self.peers.out(peer) {
            let command = Command::Send(class, bytes);
            self.swarm.behaviour_mut().channel.command(peer, connection, command);
        }
    }

    fn ask(&mut self, requests: Vec<(PeerId, MeetRequest)>) {
        for (node, request) in requests {
            if let Some(connection) = self.nodes.connection(node) {
                let client = &mut self.swarm.behaviour_mut().client;
                client.ask(node, connection, Ask::Meet(request));
            }
        }
    }

    /// Carries out what was decided until nothing is left, and sets the timer.
    fn work(&mut self) {
        let now = self.now();
        self.nodes.tick(now);
        self.peers.tick(&self.nodes.connected(), now);
        let again = self.meetings.due(now);
        self.ask(again);
        loop {
            if let Some(act) = self.nodes.poll() {
                self.node_act(act, now);
            } else if let Some(act) = self.peers.poll() {
                self.peer_act(act, now);
            } else {
                break;
            }
        }
        let due = [self.nodes.poll_timeout(), self.peers.poll_timeout()];
        let due = due.into_iter().chain([self.meetings.poll_timeout()]).flatten().min();
        if due != self.timer.as_ref().map(|(due, _)| *due) {
            self.timer = due.map(|due| (due, Delay::new(pause(due, now))));
        }
    }

    fn poll_timer(&mut self, cx: &mut Context<'_>) -> bool {
        let Some((_, delay)) = &mut self.timer else { return false };
        let due = delay.poll_unpin(cx).is_ready();
        if due {
            // A delay must not be polled again after its end.
            self.timer = None;
        }
        due
    }

    fn node_act(&mut self, act: nodes::Act, now: Time) {
        match act {
            nodes::Act::Dial { slot, address, peer } => {
                let opts = match peer {
                    Some(peer) => DialOpts::peer_id(peer)
                        .condition(PeerCondition::Always)
                        .addresses(vec![address])
                        .build(),
                    None => DialOpts::unknown_peer_id().address(address).build(),
                };
                let connection = opts.connection_id();
                self.nodes.dialled(slot, connection, now);
                if self.swarm.dial(opts).is_err() {
                    self.nodes.failed(connection, now);
                }
            }
            nodes::Act::Reserve(node, address) => self.reserve(node, address, now),
            nodes::Act::Close(connection) => self.close(connection),
            nodes::Act::State(state) => self.events.push_back(NetEvent::Node(state)),
        }
    }

    fn reserve(&mut self, node: PeerId, address: Multiaddr, now: Time) {
        let Some(connection) = self.nodes.connection(node) else { return };
        let address = address.with(Protocol::P2p(node)).with(Protocol::P2pCircuit);
        match self.swarm.listen_on(address) {
            Ok(listener) => {
                self.listeners.insert(listener, (node, connection));
            }
            Err(_) => self.nodes.unreserved(node, now),
        }
    }

    fn close(&mut self, connection: ConnectionId) {
        self.swarm.close_connection(connection);
    }

    fn peer_act(&mut self, act: peers::Act, now: Time) {
        match act {
            peers::Act::Dial { peer, node, path } => self.dial(peer, node, path, now),
            peers::Act::Close(connection) => self.close(connection),
            peers::Act::Streams(peer, step) => {
                let (connection, command) = match step {
                    Step::Open(c, mark) => (c, Command::Open(mark)),
                    Step::Finish(c) => (c, Command::Finish),
                    Step::Abandon(c) => (c, Command::Abandon),
                    Step::Read(c, mark) => (c, Command::Read(mark)),
                    Step::Up(_) | Step::Down | Step::Close(_) => return,
                };
                self.swarm.behaviour_mut().channel.command(peer, connection, command);
            }
            peers::Act::Up(peer, path) => {
                self.events.extend(seat(peer).map(|seat| NetEvent::Up { seat, path }));
            }
            peers::Act::Down(peer) => self.events.extend(seat(peer).map(NetEvent::Down)),
        }
    }

    fn dial(&mut self, peer: PeerId, node: PeerId, path: Path, now: Time) {
        let Some(relay) = self.nodes.address(node) else { return };
        let address = match path {
            Path::Relayed => address::relayed(&relay, peer),
            Path::Direct => address::direct(&relay, peer),
        };
        let opts = DialOpts::peer_id(peer)
            .condition(PeerCondition::Always)
            .addresses(vec![address])
            .build();
        let connection = opts.connection_id();
        self.peers.dialled(peer, path, connection, now);
        self.dials.insert(connection, peer);
        if self.swarm.dial(opts).is_err() {
            self.dial_failed(connection, now);
        }
    }

    fn dial_failed(&mut self, connection: ConnectionId, now: Time) {
        if let Some(peer) = self.dials.remove(&connection) {
            self.peers.failed(peer, connection, now);
        }
    }

    fn on_swarm_event(&mut self, event: SwarmEvent<PartsEvent<W>>) {
        let now = self.now();
        // What passes messages on decides nothing.
        let message = matches!(
            event,
            SwarmEvent::Behaviour(PartsEvent::Channel(channel::Event {
                report: Report::Message(..),
                ..
            }))
        );
        self.dirty |= !message;
        match event {
            SwarmEvent::Behaviour(PartsEvent::Channel(event)) => self.on_channel(event),
            SwarmEvent::Behaviour(PartsEvent::Client(event)) => self.on_client(event, now),
            SwarmEvent::Behaviour(PartsEvent::Relay(
                relay::client::Event::ReservationReqAccepted {
                    relay_peer_id: node, renewal, ..
                },
            )) => {
                self.nodes.reserved(node);
                // Credentials for ICE servers are short-lived, too.
                if let Some(connection) = self.nodes.connection(node).filter(|_| renewal) {
                    self.swarm.behaviour_mut().client.ask(node, connection, Ask::Info);
                }
            }
            SwarmEvent::Behaviour(PartsEvent::Ping(ping::Event {
                connection,
                result: Err(ping::Failure::Timeout | ping::Failure::Other { .. }),
                ..
            })) => self.close(connection),
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, endpoint, .. } => {
                self.dials.remove(&connection_id);
                self.on_established(peer_id, connection_id, &endpoint, now);
            }
            SwarmEvent::ConnectionClosed { peer_id, connection_id, .. } => {
                if self.nodes.connection(peer_id) == Some(connection_id) {
                    self.meetings.closed(peer_id);
                }
                self.nodes.closed(connection_id, now);
                self.peers.closed(peer_id, connection_id, now);
            }
            SwarmEvent::OutgoingConnectionError { connection_id, .. } => {
                let node = self.nodes.failed(connection_id, now);
                if !node {
                    self.dial_failed(connection_id, now);
                }
            }
            SwarmEvent::ListenerClosed { listener_id, .. } => {
                if let Some((node, connection)) = self.listeners.remove(&listener_id)
                    && self.nodes.connection(node) == Some(connection)
                {
                    self.nodes.unreserved(node, now);
                }
            }
            _ => {}
        }
    }

    fn on_established(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        endpoint: &ConnectedPoint,
        now: Time,
    ) {
        let path = address::path(endpoint);
        if path == Path::Direct && !address::is_webrtc(endpoint) {
            if !self.nodes.established(peer, connection, now) {
                self.close(connection);
            }
        } else if seat(peer).is_some() {
            let node = relay_of(endpoint);
            let dialled = endpoint.is_dialer();
            self.peers.established(peer, connection, path, dialled, node, now);
        } else {
            self.close(connection);
        }
    }

    fn on_channel(&mut self, channel::Event { peer, connection, report }: channel::Event) {
        match report {
            Report::Opened(mark) => self.peers.opened(peer, connection, mark),
            Report::Started(mark) => self.peers.started(peer, connection, mark),
            Report::Ended(mark) => self.peers.ended(peer, connection, mark),
            Report::Finished(mark) => self.peers.finished(peer, connection, mark),
            Report::Broken(mark) => self.peers.broken(peer, connection, mark),
            Report::Message(mark, class, bytes) => {
                if let Some(seat) = seat(peer).filter(|_| self.peers.reads(peer, connection, mark))
                {
                    self.events.push_back(NetEvent::Frame { seat, class, bytes });
                }
            }
            Report::Malformed => {
                self.stats.malformed += 1;
                self.close(connection);
            }
            Report::Overflow => {
                self.stats.overflows += 1;
                let all: Vec<_> = self.peers.connections(peer).collect();
                all.into_iter().for_each(|connection| self.close(connection));
            }
        }
    }

    fn on_client(&mut self, client::Event { node, connection, told }: client::Event, now: Time) {
        if self.nodes.connection(node) != Some(connection) {
            return;
        }
        match told {
            Told::Open => {
                self.nodes.met(connection);
                self.peers.node_up(now);
                let requests = self.meetings.opened(node);
                self.ask(requests);
            }
            Told::Info(info) => (self.on_ice)(info.ice_servers),
            Told::Meet(MeetReply::Found { namespace, seats }) => {
                self.found(node, namespace, seats, false, now);
            }
            Told::Meet(MeetReply::Joined { namespace, seat }) => {
                self.found(node, namespace, vec![seat], true, now);
            }
            Told::Meet(MeetReply::Registered(_)) => {}
            Told::Meet(MeetReply::Refused { namespace, retry_after_ms, .. }) => {
                let retry = Duration::from_millis(retry_after_ms.min(600_000));
                self.meetings.refused(node, namespace, retry, now);
            }
            Told::Closed => self.close(connection),
        }
    }

    fn found(
        &mut self,
        node: PeerId,
        namespace: crate::id::Namespace,
        mut seats: Vec<SeatId>,
        newcomer: bool,
        now: Time,
    ) {
        let local = self.local();
        seats.retain(|seat| Some(*seat) != local && peer_id(*seat).is_some());
        if !self.meetings.knows(namespace) || newcomer && seats.is_empty() {
            return;
        }
        for peer in seats.iter().copied().filter_map(peer_id) {
            self.peers.found(peer, node, now);
        }
        self.events.push_back(NetEvent::Found { namespace, seats, newcomer });
    }
}

/// How long to sleep; never longer than every clock can count.
fn pause(due: Time, now: Time) -> Duration {
    due.since(now).clamp(Duration::from_millis(1), Duration::from_secs(60))
}

/// The node a relayed connection goes through.
fn relay_of(endpoint: &ConnectedPoint) -> Option<PeerId> {
    let address = match endpoint {
        ConnectedPoint::Dialer { address, .. } => address,
        ConnectedPoint::Listener { local_addr, .. } => local_addr,
    };
    let mut before = None;
    for part in address.iter() {
        match part {
            Protocol::P2p(peer) => before = Some(peer),
            Protocol::P2pCircuit => return before,
            _ => {}
        }
    }
    None
}
