//! Which nodes are dialled when: decisions only.

use core::time::Duration;
use std::collections::VecDeque;

use libp2p::multiaddr::Protocol;
use libp2p::swarm::ConnectionId;
use libp2p::{Multiaddr, PeerId};

use super::backoff::{Backoff, Jitter};
use super::node_address::parse;
use covey_wire::limits;
use covey_wire::net::NodeState;
use covey_wire::sorted::SortedSet;
use covey_wire::time::Instant;

/// An action for the driver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Dial the node; the answer is `dialled`.
    Dial {
        /// Which of the list.
        slot: usize,
        /// Where.
        address: Multiaddr,
        /// The peer id that must answer, where one is given.
        peer: Option<PeerId>,
    },
    /// Ask for a reservation by listening through the node.
    Reserve(PeerId, Multiaddr),
    /// Close a connection.
    Close(ConnectionId),
    /// The state of the best node changed.
    State(NodeState),
}

#[derive(Debug, Clone)]
enum State {
    Waiting(Instant),
    Dialling(ConnectionId, Instant),
    Connected(Connected),
}

#[derive(Debug, Clone)]
struct Connected {
    peer: PeerId,
    connection: ConnectionId,
    since: Instant,
    /// When to ask for a reservation; none while one is asked for or stands.
    reserve: Option<Instant>,
    reserved: bool,
    answers: bool,
}

#[derive(Debug)]
struct Node {
    address: Multiaddr,
    peer: Option<PeerId>,
    state: State,
    backoff: Backoff,
    reservations: Backoff,
}

/// All nodes that were named.
#[derive(Debug)]
pub struct Nodes {
    list: Vec<Node>,
    jitter: Jitter,
    emitted: NodeState,
    actions: VecDeque<Action>,
}

/// A connection that stood so long was not a failure.
const STABLE: Duration = Duration::from_secs(20);
/// A dial that says nothing for so long has failed.
const DIAL_TIMEOUT: Duration = Duration::from_secs(20);
/// A node that is away for minutes is found again within five seconds of its return: so long at most
/// passes between two dials, and the rest is for the dial.
const FREQUENT_PAUSE: Duration = Duration::from_millis(4500);
/// After so many failures, some eleven minutes, a node is dialled more seldom.
const FREQUENT_DIALS: u32 = 150;
/// How long another address of a connected node is left alone.
const DUPLICATE_PAUSE: Duration = Duration::from_secs(300);

impl Nodes {
    /// No nodes yet.
    pub fn new(jitter: Jitter) -> Self {
        Self { list: Vec::new(), jitter, emitted: NodeState::Connecting, actions: VecDeque::new() }
    }

    /// The next action.
    pub fn poll(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// When `tick` can do something.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let due = |node: &Node| match &node.state {
            State::Waiting(at) | State::Dialling(_, at) => Some(*at),
            State::Connected(connected) => connected.reserve,
        };
        self.list.iter().filter_map(due).min()
    }

    /// Replaces the list; what can't be read is left out, what failed is tried at once.
    pub fn set(&mut self, list: &[String], now: Instant) {
        let mut old = std::mem::take(&mut self.list);
        for text in list.iter().take(limits::LINK_NODES) {
            let Some((address, peer)) = parse(text) else { continue };
            if self.list.iter().any(|node| node.address == address) {
                continue;
            }
            let same = old.iter().position(|node| node.address == address && node.peer == peer);
            let mut node = same.map_or_else(|| Node::new(address, peer, now), |at| old.remove(at));
            if let State::Waiting(at) = &mut node.state {
                *at = now;
                node.backoff.reset();
            }
            self.list.push(node);
        }
        for node in old {
            match node.state {
                State::Waiting(_) => {}
                State::Dialling(connection, _) => self.actions.push_back(Action::Close(connection)),
                State::Connected(connected) => {
                    self.actions.push_back(Action::Close(connected.connection));
                }
            }
        }
        self.emit_state();
    }

    /// Starts what is due.
    pub fn tick(&mut self, now: Instant) {
        for (slot, node) in self.list.iter_mut().enumerate() {
            match &mut node.state {
                State::Dialling(connection, until) if *until <= now => {
                    self.actions.push_back(Action::Close(*connection));
                    let pause = node.fail(DIAL_TIMEOUT, &mut self.jitter);
                    node.state = State::Waiting(now + pause);
                }
                State::Waiting(at) if *at <= now => {
                    // Until the dial is told of it must not be started twice.
                    *at = now + DIAL_TIMEOUT;
                    let (address, peer) = (node.address.clone(), node.peer);
                    self.actions.push_back(Action::Dial { slot, address, peer });
                }
                State::Connected(connected) if connected.reserve.is_some_and(|at| at <= now) => {
                    connected.reserve = None;
                    self.actions.push_back(Action::Reserve(connected.peer, node.address.clone()));
                }
                _ => {}
            }
        }
    }

    /// A dial was started, as asked for.
    pub fn dialled(&mut self, slot: usize, connection: ConnectionId, now: Instant) {
        if let Some(node) = self.list.get_mut(slot) {
            node.state = State::Dialling(connection, now + DIAL_TIMEOUT);
        }
    }

    /// A dial failed; false when it was none of these.
    pub fn failed(&mut self, connection: ConnectionId, now: Instant) -> bool {
        for node in &mut self.list {
            let State::Dialling(dialling, until) = node.state else { continue };
            if dialling == connection {
                let spent = DIAL_TIMEOUT.saturating_sub(until.since(now));
                node.state = State::Waiting(now + node.fail(spent, &mut self.jitter));
                return true;
            }
        }
        false
    }

    /// A connection to a node stands; false when nobody asked for it.
    pub fn established(&mut self, peer: PeerId, connection: ConnectionId, now: Instant) -> bool {
        let twice = self.connection(peer).is_some();
        let dialled = |node: &Node| matches!(node.state, State::Dialling(c, _) if c == connection);
        let Some(node) = self.list.iter_mut().find(|node| dialled(node)) else { return false };
        if twice {
            // The same node under another address: one connection is enough.
            self.actions.push_back(Action::Close(connection));
            node.state = State::Waiting(now + DUPLICATE_PAUSE);
            return true;
        }
        node.state = State::Connected(Connected {
            peer,
            connection,
            since: now,
            reserve: Some(now),
            reserved: false,
            answers: false,
        });
        true
    }

    /// A connection is gone.
    pub fn closed(&mut self, connection: ConnectionId, now: Instant) {
        for node in &mut self.list {
            let State::Connected(connected) = &node.state else { continue };
            if connected.connection == connection {
                if now.since(connected.since) >= STABLE {
                    node.backoff.reset();
                }
                node.state = State::Waiting(now + node.fail(Duration::ZERO, &mut self.jitter));
            }
        }
        self.emit_state();
    }

    /// The node answers `/covey/meet/1`.
    pub fn answers(&mut self, connection: ConnectionId) {
        self.change(|connected| connected.connection == connection, |c| c.answers = true);
        self.emit_state();
    }

    /// The node keeps a reservation for us.
    pub fn reserved(&mut self, peer: PeerId) {
        self.change(|connected| connected.peer == peer, |c| c.reserved = true);
        for node in &mut self.list {
            if matches!(&node.state, State::Connected(connected) if connected.peer == peer) {
                node.reservations.reset();
            }
        }
        self.emit_state();
    }

    /// The reservation is gone, or was refused.
    pub fn unreserved(&mut self, peer: PeerId, now: Instant) {
        for node in &mut self.list {
            let State::Connected(connected) = &mut node.state else { continue };
            if connected.peer == peer {
                connected.reserved = false;
                connected.reserve = Some(now + node.reservations.fail(&mut self.jitter));
            }
        }
        self.emit_state();
    }

    /// Nodes that are connected.
    pub fn connected(&self) -> SortedSet<PeerId> {
        self.connections().map(|connected| connected.peer).collect()
    }

    /// The connection to a node.
    pub fn connection(&self, peer: PeerId) -> Option<ConnectionId> {
        self.connections().find(|c| c.peer == peer).map(|c| c.connection)
    }

    /// The address of a connected node, with its peer id.
    pub fn address(&self, peer: PeerId) -> Option<Multiaddr> {
        let connected = |node: &&Node| matches!(&node.state, State::Connected(c) if c.peer == peer);
        let node = self.list.iter().find(connected)?;
        Some(node.address.clone().with(Protocol::P2p(peer)))
    }

    fn connections(&self) -> impl Iterator<Item = &Connected> {
        self.list.iter().filter_map(|node| match &node.state {
            State::Connected(connected) => Some(connected),
            _ => None,
        })
    }

    fn change(&mut self, which: impl Fn(&Connected) -> bool, change: impl Fn(&mut Connected)) {
        for node in &mut self.list {
            if let State::Connected(connected) = &mut node.state
                && which(connected)
            {
                change(connected);
            }
        }
    }

    fn emit_state(&mut self) {
        let up = self.connections().any(|connected| connected.reserved && connected.answers);
        let state = if up { NodeState::Up } else { NodeState::Connecting };
        if state != self.emitted {
            self.emitted = state;
            self.actions.push_back(Action::State(state));
        }
    }
}

impl Node {
    fn new(address: Multiaddr, peer: Option<PeerId>, now: Instant) -> Self {
        Self {
            address,
            peer,
            state: State::Waiting(now),
            backoff: Backoff::new(Duration::from_millis(500), Duration::from_secs(30)),
            reservations: Backoff::new(Duration::from_secs(1), Duration::from_secs(60)),
        }
    }

    /// Notes that a dial failed that took so long, and tells the pause after it. Browsers hold back
    /// dials of their own accord, some seconds each once many failed: the two don't add up.
    fn fail(&mut self, spent: Duration, jitter: &mut Jitter) -> Duration {
        let pause = self.backoff.fail(jitter);
        let pause = if self.backoff.failures() <= FREQUENT_DIALS {
            pause.min(FREQUENT_PAUSE)
        } else {
            pause
        };
        pause.saturating_sub(spent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "/ip4/127.0.0.1/tcp/8080/ws";

    fn actions(nodes: &mut Nodes, now: Instant) -> Vec<Action> {
        nodes.tick(now);
        std::iter::from_fn(|| nodes.poll()).collect()
    }

    fn id(n: usize) -> ConnectionId {
        ConnectionId::new_unchecked(n)
    }

    fn named() -> Nodes {
        let mut nodes = Nodes::new(Jitter::new(3));
        nodes.set(&[ADDRESS.into(), "rubbish".into(), ADDRESS.into()], Instant(0));
        nodes
    }

    /// Dials made, all in vain, from one time to another.
    fn dials(nodes: &mut Nodes, from: Instant, to: Instant) -> usize {
        let (mut now, mut dials) = (nodes.poll_timeout().unwrap().max(from), 0);
        while now < to {
            for action in actions(nodes, now) {
                if matches!(action, Action::Dial { slot: 0, .. }) {
                    dials += 1;
                    nodes.dialled(0, id(dials), now);
                    assert!(nodes.failed(id(dials), now));
                }
            }
            now = nodes.poll_timeout().unwrap();
        }
        dials
    }

    #[test]
    fn a_dead_node_is_not_hammered_and_tried_at_once_when_named_again() {
        for seed in 0..500 {
            let mut nodes = Nodes::new(Jitter::new(seed));
            nodes.set(&[ADDRESS.into()], Instant(0));
            let half = dials(&mut nodes, Instant(0), Instant(30_000));
            assert!((9..=13).contains(&half), "{half} dials in half a minute");
        }
        let mut nodes = named();
        let minutes = |n: u64| Instant(n * 60_000);
        dials(&mut nodes, Instant(0), Instant(30_000));
        let soon = dials(&mut nodes, Instant(30_000), minutes(10));
        assert!((120..=150).contains(&soon), "{soon} dials in ten minutes");
        dials(&mut nodes, minutes(10), minutes(20));
        let later = dials(&mut nodes, minutes(20), minutes(80));
        assert!((120..=300).contains(&later), "{later} dials in an hour");
        nodes.set(&[ADDRESS.into()], minutes(80));
        assert_eq!(actions(&mut nodes, minutes(80)).len(), 1);
    }

    #[test]
    fn a_node_that_returns_is_found_within_five_seconds() {
        let lost = Instant(60_000);
        for away in [2, 30, 300, 600] {
            for seed in 0..500 {
                let mut nodes = Nodes::new(Jitter::new(seed));
                nodes.set(&[ADDRESS.into()], Instant(0));
                actions(&mut nodes, Instant(0));
                nodes.dialled(0, id(0), Instant(0));
                assert!(nodes.established(PeerId::random(), id(0), Instant(0)));
                nodes.closed(id(0), lost);
                let back = lost + Duration::from_secs(away);
                dials(&mut nodes, lost, back);
                // The first dial from now on succeeds.
                let found = nodes.poll_timeout().unwrap();
                let took = found.since(back);
                assert!(took <= FREQUENT_PAUSE, "{took:?} after {away} s, seed {seed}");
                assert!(matches!(actions(&mut nodes, found)[..], [Action::Dial { .. }, ..]));
            }
        }
    }

    #[test]
    fn a_dial_that_takes_long_to_fail_is_part_of_the_pause() {
        let mut nodes = named();
        let (mut now, mut starts) = (Instant(0), Vec::new());
        while now < Instant(300_000) {
            let actions = actions(&mut nodes, now);
            if actions.iter().any(|action| matches!(action, Action::Dial { .. })) {
                nodes.dialled(0, id(starts.len()), now);
                starts.push(now);
                // As browsers do, once some dials have failed.
                let held =
                    if starts.len() < 15 { 0 } else { 1000 + 500 * (starts.len() as u64 % 9) };
                now = now + Duration::from_millis(held);
                assert!(nodes.failed(id(starts.len() - 1), now));
            }
            now = nodes.poll_timeout().unwrap().max(now);
        }
        for pair in starts.windows(2) {
            let between = pair[1].since(pair[0]);
            assert!(between <= Duration::from_secs(5), "{between:?} from dial to dial");
        }
        assert!(starts.len() > 60, "{}", starts.len());
    }

    #[test]
    fn it_is_up_with_a_reservation_and_meeting_and_found_again_when_lost() {
        let mut nodes = named();
        assert_eq!(actions(&mut nodes, Instant(0)).len(), 1);
        nodes.dialled(0, id(1), Instant(0));
        let peer = PeerId::random();
        assert!(nodes.established(peer, id(1), Instant(5)));
        assert!(
            matches!(actions(&mut nodes, Instant(5))[..], [Action::Reserve(p, _)] if p == peer)
        );
        nodes.answers(id(1));
        assert_eq!(actions(&mut nodes, Instant(6)), []);
        nodes.reserved(peer);
        assert_eq!(actions(&mut nodes, Instant(6)), [Action::State(NodeState::Up)]);
        assert_eq!(nodes.address(peer).unwrap().to_string(), format!("{ADDRESS}/p2p/{peer}"));
        nodes.closed(id(1), Instant(60_000));
        assert_eq!(actions(&mut nodes, Instant(60_000)), [Action::State(NodeState::Connecting)]);
        let again = nodes.poll_timeout().unwrap();
        assert!(again <= Instant(60_500));
        assert!(matches!(actions(&mut nodes, again)[..], [Action::Dial { .. }]));
    }

    #[test]
    fn a_refused_reservation_is_asked_for_again_later() {
        let mut nodes = named();
        actions(&mut nodes, Instant(0));
        nodes.dialled(0, id(1), Instant(0));
        let peer = PeerId::random();
        nodes.established(peer, id(1), Instant(0));
        actions(&mut nodes, Instant(0));
        nodes.unreserved(peer, Instant(0));
        assert_eq!(actions(&mut nodes, Instant(0)), []);
        let again = nodes.poll_timeout().unwrap();
        assert!(matches!(actions(&mut nodes, again)[..], [Action::Reserve(..)]));
    }
}
