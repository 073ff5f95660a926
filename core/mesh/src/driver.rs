//! The loop between a room and the swarm: it carries what the deciding parts decided.

mod actions;
#[cfg(test)]
mod classes_tests;
mod events;
#[cfg(test)]
mod strangers_tests;
#[cfg(test)]
mod test_network;

use core::time::Duration;
use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::task::{Context, Poll};

use futures::{FutureExt, StreamExt};
use futures_timer::Delay;
use libp2p::core::muxing::StreamMuxerBox;
use libp2p::core::transport::{Boxed, ListenerId};
use libp2p::identity::Keypair;
use libp2p::swarm::{ConnectionId, NetworkBehaviour};
use libp2p::{PeerId, Swarm, relay};

use super::backoff::Jitter;
use super::channel::Command;
use super::client::Request;
use super::identity::{peer_id, seat};
use super::nodes::Nodes;
use super::peers::Peers;
use super::registrations::Registrations;
use super::swarm::{Parts, swarm};
use super::trust::Trust;
use super::webrtc::address;
use covey_wire::id::SeatId;
use covey_wire::meet::{IceServer, MeetRequest};
use covey_wire::net::{Class, Misuse, NetCommand, NetEvent};
use covey_wire::sorted::SortedMap;
use covey_wire::time::Instant;

/// How a mesh behaves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// For the jitter of pauses: different in every page.
    pub seed: u64,
    /// Whether relayed connections are upgraded to direct ones by dialling `/webrtc` addresses.
    pub upgrades: bool,
    /// The peers to meet directly: the transport's (`Built::trust`), so that both know the same. With a
    /// room nobody at first, until `NetCommand::Trust`; without one `Trust::everyone`.
    pub trust: Trust,
}

/// The network as one page sees it: [`Mesh::command`] says what is wanted, [`Mesh::next`] tells
/// what happened. Nothing moves unless `next` is polled.
pub struct Mesh<W: NetworkBehaviour> {
    swarm: Swarm<Parts<W>>,
    nodes: Nodes,
    peers: Peers,
    registrations: Registrations,
    /// Reservations, each with the connection it is on.
    listeners: HashMap<ListenerId, (PeerId, ConnectionId)>,
    dials: HashMap<ConnectionId, PeerId>,
    on_ice: Box<dyn Fn(Vec<IceServer>)>,
    events: VecDeque<NetEvent>,
    misuses: SortedMap<Misuse, u64>,
    started: web_time::Instant,
    timer: Option<(Instant, Delay)>,
    undecided: bool,
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
            peers: Peers::new(
                local,
                settings.upgrades,
                settings.trust,
                Jitter::new(!settings.seed),
            ),
            registrations: Registrations::default(),
            listeners: HashMap::new(),
            dials: HashMap::new(),
            on_ice: Box::new(on_ice),
            events: VecDeque::new(),
            misuses: SortedMap::new(),
            started: web_time::Instant::now(),
            timer: None,
            undecided: false,
        }
    }

    /// Says what is wanted; it happens while `next` is polled.
    pub fn command(&mut self, command: NetCommand) {
        let now = self.now();
        self.undecided = true;
        match command {
            NetCommand::Nodes(list) => {
                // Said again when this device has slept, or its network was away.
                self.nodes.set(&list, now);
                self.peers.suspect(now);
            }
            NetCommand::Meet(namespace) => {
                let requests = self.registrations.register(namespace);
                self.request(requests);
            }
            NetCommand::Dial(seat) => {
                if let Some(peer) = peer_id(seat) {
                    self.peers.dial(peer, now);
                }
            }
            NetCommand::Send { seat, class, bytes } => self.send(seat, class, bytes),
            NetCommand::Trust(seat) => {
                if let Some(peer) = peer_id(seat) {
                    self.peers.trust(peer);
                }
            }
            NetCommand::Hangup(seat) => {
                if let Some(peer) = peer_id(seat) {
                    self.peers.hangup(peer, now);
                }
            }
        }
    }

    /// The next event. Dropping the future loses nothing.
    pub async fn next(&mut self) -> NetEvent {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    /// The next event, where there is one.
    pub fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<NetEvent> {
        loop {
            if self.undecided {
                self.undecided = false;
                self.work();
            }
            if let Some(event) = self.events.pop_front() {
                return Poll::Ready(event);
            }
            match self.swarm.poll_next_unpin(cx) {
                Poll::Ready(Some(event)) => self.on_swarm_event(event),
                _ if self.poll_timer(cx) => self.undecided = true,
                _ => return Poll::Pending,
            }
        }
    }

    /// Misuses by peers, counted.
    pub fn misuses(&self) -> &SortedMap<Misuse, u64> {
        &self.misuses
    }

    /// The seat of this page.
    pub fn local(&self) -> Option<SeatId> {
        seat(*self.swarm.local_peer_id())
    }

    /// Every standing connection to a seat, for tests and figures.
    pub fn connections(&self, seat: SeatId) -> usize {
        peer_id(seat).map_or(0, |peer| self.peers.connections(peer).count())
    }

    fn now(&self) -> Instant {
        // From 1, so that no moment is before the first.
        Instant(1) + self.started.elapsed()
    }

    fn send(&mut self, seat: SeatId, class: Class, bytes: Vec<u8>) {
        let Some(peer) = peer_id(seat) else { return };
        if let Some(connection) = self.peers.out(peer) {
            let command = Command::Send(class, bytes);
            self.swarm.behaviour_mut().channel.command(peer, connection, command);
        }
    }

    fn request(&mut self, requests: Vec<(PeerId, MeetRequest)>) {
        for (node, request) in requests {
            if let Some(connection) = self.nodes.connection(node) {
                let client = &mut self.swarm.behaviour_mut().client;
                client.request(node, connection, Request::Meet(request));
            }
        }
    }

    /// Carries out what was decided until nothing is left, and sets the timer.
    fn work(&mut self) {
        let now = self.now();
        self.nodes.tick(now);
        self.peers.tick(&self.nodes.connected(), now);
        let again = self.registrations.due(now);
        self.request(again);
        loop {
            if let Some(action) = self.nodes.poll() {
                self.perform_node_action(action, now);
            } else if let Some(action) = self.peers.poll() {
                self.perform_peer_action(action, now);
            } else {
                break;
            }
        }
        let due = [self.nodes.poll_timeout(), self.peers.poll_timeout()];
        let due = due.into_iter().chain([self.registrations.poll_timeout()]).flatten().min();
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
}

/// How long to sleep; never longer than every clock can count.
fn pause(due: Instant, now: Instant) -> Duration {
    due.since(now).clamp(Duration::from_millis(1), Duration::from_secs(60))
}
