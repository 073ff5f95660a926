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
use covey_wire::time::Time;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Dial the node; the answer is `dialled`.
    Dial {
        /// Which of the list.
        slot: usize,
        /// Where.
        address: Multiaddr,
        /// Who must answer, where that is said.
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
    Waiting(Time),
    Dialling(ConnectionId, Time),
    Connected(Connected),
}

#[derive(Debug, Clone)]
struct Connected {
    peer: PeerId,
    connection: ConnectionId,
    since: Time,
    /// When to ask for a reservation; none while one is asked for or stands.
    reserve: Option<Time>,
    reserved: bool,
    met: bool,
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
    told: NodeState,
    acts: VecDeque<Act>,
}

/// A connection that stood so long was not a failure.
const STOOD: Duration = Duration::from_secs(20);
/// A dial that says nothing for so long has failed.
const DIAL: Duration = Duration::from_secs(20);
/// A node that is away for minutes is found again within five seconds of its return: so long at most
/// passes between two dials, and the rest is for the dial.
const SOON: Duration = Duration::from_millis(4500);
/// After so many failures, some eleven minutes, a node is dialled more seldom.
const SOON_FOR: u32 = 150;
/// How long another address of a connected node is left alone.
const SAME: Duration = Duration::from_secs(300);

impl Nodes {
    /// No nodes yet.
    pub fn new(jitter: Jitter) -> Self {
        Self { list: Vec::new(), jitter, told: NodeState::Connecting, acts: VecDeque::new() }
    }

    /// What is to be done next.
    pub fn poll(&mut self) -> Option<Act> {
        self.acts.pop_front()
    }

    /// When `tick` can do something.
    pub fn poll_timeout(&self) -> Option<Time> {
        let due = |node: &Node| match &node.state {
            State::Waiting(at) | State::Dialling(_, at) => Some(*at),
            State::Connected(connected) => connected.reserve,
        };
        self.list.iter().filter_map(due).min()
    }

    /// Replaces the list; what can't be read is left out, what failed is tried at once.
    pub fn name(&mut self, list: &[String], now: Time) {
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
                State::Dialling(connection, _) => self.acts.push_back(Act::Close(connection)),
                State::Connected(connected) => {
                    self.acts.push_back(Act::Close(connected.connection));
                }
            }
        }
        self.tell();
    }

    /// Starts what is due.
    pub fn tick(&mut self, now: Time) {
        for (slot, node) in self.list.iter_mut().enumerate() {
            match &mut node.state {
                State::Dialling(connection, until) if *until <= now => {
                    self.acts.push_back(Act::Close(*connection));
                    let pause = node.fail(DIAL, &mut self.jitter);
                    node.state = State::Waiting(now + pause);
                }
                State::Waiting(at) if *at <= now => {
                    // Until the dial is told of it must not be started twice.
                    *at = now + DIAL;
                    let (address, peer) = (node.address.clone(), node.peer);
                    self.acts.push_back(Act::Dial { slot, address, peer });
                }
                State::Connected(connected) if connected.reserve.is_some_and(|at| at <= now) => {
                    connected.reserve = None;
                    self.acts.push_back(Act::Reserve(connected.peer, node.address.clone()));
                }
                _ => {}
            }
        }
    }

    /// A dial was started, as asked for.
    pub fn dialled(&mut self, slot: usize, connection: ConnectionId, now: Time) {
        if let Some(node) = self.list.get_mut(slot) {
            node.state = State::Dialling(connection, now + DIAL);
        }
    }

    /// A dial failed; false when it was none of these.
    pub fn failed(&mut self, connection: ConnectionId, now: Time) -> bool {
        for node in &mut self.list {
            let State::Dialling(dialling, until) = node.state else { continue };
            if dialling == connection {
                let spent = DIAL.saturating_sub(until.since(now));
                node.state = State::Waiting(now + node.fail(spent, &mut self.jitter));
                return true;
            }
        }
        false
    }

    /// A connection to a node stands; false when nobody asked for it.
    pub fn established(&mut self, peer: PeerId, connection: ConnectionId, now: Time) -> bool {
        let twice = self.connection(peer).is_some();
        let dialled = |node: &Node| matches!(node.state, State::Dialling(c, _) if c == connection);
        let Some(node) = self.list.iter_mut().find(|node| dialled(node)) else { return false };
        if twice {
            // The same node under another address: one connection is enough.
            self.acts.push_back(Act::Close(connection));
            node.state = State::Waiting(now + SAME);
            return true;
        }
        node.state = State::Connected(Connected {
            peer,
            connection,
            since: now,
            reserve: Some(now),
            reserved: false,
            met: false,
        });
        true
    }

    /// A connection is gone.
    pub fn closed(&mut self, connection: ConnectionId, now: Time) {
        for node in &mut self.list {
            let State::Connected(connected) = &node.state else { continue };
            if connected.connection == connection {
                if now.since(connected.since) >= STOOD {
                    node.backoff.reset();
                }
                node.state = State::Waiting(now + node.fail(Duration::ZERO, &mut self.jitter));
            }
        }
        self.tell();
    }

    /// The node answers `/covey/meet/1`.
    pub fn met(&mut self, connection: ConnectionId) {
        self.change(|connected| connected.connection == connection, |c| c.met = true);
        self.tell();
    }

    /// The node keeps a reservation for us.
    pub fn reserved(&mut self, peer: PeerId) {
        self.change(|connected| connected.peer == peer, |c| c.reserved = true);
        for node in &mut self.list {
            if matches!(&node.state, State::Connected(connected) if connected.peer == peer) {
                node.reservations.reset();
            }
        }
        self.tell();
    }

    /// The reservation is gone, or was refused.
    pub fn unreserved(&mut self, peer: PeerId, now: Time) {
        for node in &mut self.list {
            let State::Connected(connected) = &mut node.state else { continue };
            if connected.peer == peer {
                connected.reserved = false;
                connected.reserve = Some(now + node.reservations.fail(&mut self.jitter));
            }
        }
        self.tell();
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

    fn tell(&mut self) {
        let up = self.connections().any(|connected| connected.reserved && connected.met);
        let state = if up { NodeState::Up } else { NodeState::Connecting };
        if state != self.told {
            self.told = state;
            self.acts.push_back(Act::State(state));
        }
    }
}

impl Node {
    fn new(address: Multiaddr, peer: Option<PeerId>, now: Time) -> Self {
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
        let pause = if self.backoff.failures() <= SOON_FOR { pause.min(SOON) } else { pause };
        pause.saturating_sub(spent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "/ip4/127.0.0.1/tcp/8080/ws";

    fn acts(nodes: &mut Nodes, now: Time) -> Vec<Act> {
        nodes.tick(now);
        std::iter::from_fn(|| nodes.poll()).collect()
    }

    fn id(n: usize) -> ConnectionId {
        ConnectionId::new_unchecked(n)
    }

    fn named() -> Nodes {
        let mut nodes = Nodes::new(Jitter::new(3));
        nodes.name(&[ADDRESS.into(), "rubbish".into(), ADDRESS.into()], Time(0));
        nodes
    }

    /// Dials made, all in vain, from one time to another.
    fn dials(nodes: &mut Nodes, from: Time, to: Time) -> usize {
        let (mut now, mut dials) = (nodes.poll_timeout().unwrap().max(from), 0);
        while now < to {
            for act in acts(nodes, now) {
                if matches!(act, Act::Dial { slot: 0, .. }) {
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
            nodes.name(&[ADDRESS.into()], Time(0));
            let half = dials(&mut nodes, Time(0), Time(30_000));
            assert!((9..=13).contains(&half), "{half} dials in half a minute");
        }
        let mut nodes = named();
        let minutes = |n: u64| Time(n * 60_000);
        dials(&mut nodes, Time(0), Time(30_000));
        let soon = dials(&mut nodes, Time(30_000), minutes(10));
        assert!((120..=150).contains(&soon), "{soon} dials in ten minutes");
        dials(&mut nodes, minutes(10), minutes(20));
        let later = dials(&mut nodes, minutes(20), minutes(80));
        assert!((120..=300).contains(&later), "{later} dials in an hour");
        nodes.name(&[ADDRESS.into()], minutes(80));
        assert_eq!(acts(&mut nodes, minutes(80)).len(), 1);
    }

    #[test]
    fn a_node_that_returns_is_found_within_five_seconds() {
        let lost = Time(60_000);
        for away in [2, 30, 300, 600] {
            for seed in 0..500 {
                let mut nodes = Nodes::new(Jitter::new(seed));
                nodes.name(&[ADDRESS.into()], Time(0));
                acts(&mut nodes, Time(0));
                nodes.dialled(0, id(0), Time(0));
                assert!(nodes.established(PeerId::random(), id(0), Time(0)));
                nodes.closed(id(0), lost);
                let back = lost + Duration::from_secs(away);
                dials(&mut nodes, lost, back);
                // The first dial from now on succeeds.
                let found = nodes.poll_timeout().unwrap();
                let took = found.since(back);
                assert!(took <= SOON, "{took:?} after {away} s, seed {seed}");
                assert!(matches!(acts(&mut nodes, found)[..], [Act::Dial { .. }, ..]));
            }
        }
    }

    #[test]
    fn a_dial_that_takes_long_to_fail_is_part_of_the_pause() {
        let mut nodes = named();
        let (mut now, mut starts) = (Time(0), Vec::new());
        while now < Time(300_000) {
            let acts = acts(&mut nodes, now);
            if acts.iter().any(|act| matches!(act, Act::Dial { .. })) {
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
        assert_eq!(acts(&mut nodes, Time(0)).len(), 1);
        nodes.dialled(0, id(1), Time(0));
        let peer = PeerId::random();
        assert!(nodes.established(peer, id(1), Time(5)));
        assert!(matches!(acts(&mut nodes, Time(5))[..], [Act::Reserve(p, _)] if p == peer));
        nodes.met(id(1));
        assert_eq!(acts(&mut nodes, Time(6)), []);
        nodes.reserved(peer);
        assert_eq!(acts(&mut nodes, Time(6)), [Act::State(NodeState::Up)]);
        assert_eq!(nodes.address(peer).unwrap().to_string(), format!("{ADDRESS}/p2p/{peer}"));
        nodes.closed(id(1), Time(60_000));
        assert_eq!(acts(&mut nodes, Time(60_000)), [Act::State(NodeState::Connecting)]);
        let again = nodes.poll_timeout().unwrap();
        assert!(again <= Time(60_500));
        assert!(matches!(acts(&mut nodes, again)[..], [Act::Dial { .. }]));
    }

    #[test]
    fn a_refused_reservation_is_asked_for_again_later() {
        let mut nodes = named();
        acts(&mut nodes, Time(0));
        nodes.dialled(0, id(1), Time(0));
        let peer = PeerId::random();
        nodes.established(peer, id(1), Time(0));
        acts(&mut nodes, Time(0));
        nodes.unreserved(peer, Time(0));
        assert_eq!(acts(&mut nodes, Time(0)), []);
        let again = nodes.poll_timeout().unwrap();
        assert!(matches!(acts(&mut nodes, again)[..], [Act::Reserve(..)]));
    }
}
