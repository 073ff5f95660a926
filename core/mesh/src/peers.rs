//! Peers: which is dialled when, by which path, and which connections stay. Decisions only.
//!
//! ```text
//!   wanted ─dial─► relayed ─upgrade─► direct (the relayed one is closed when nothing uses it)
//!      ▲              │ lost             │ lost
//!      └── back-off ──┴──────────────────┘
//! ```
//! The upgrade waits until the peer is trusted, and who is not leaves first when places are wanted.

use core::time::Duration;
use std::collections::VecDeque;

use libp2p::PeerId;
use libp2p::swarm::ConnectionId;
use litemap::LiteMap;

use super::backoff::Jitter;
use super::peer::{Link, Peer, Want};
use super::session::{Mark, Step};
use super::trust::Trust;
use covey_wire::limits;
use covey_wire::net::Path;
use covey_wire::sorted::SortedSet;
use covey_wire::time::Instant;

/// An action for the driver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Dial a peer through a node; the answer is `dialled`.
    Dial {
        /// Whom.
        peer: PeerId,
        /// Through which node, or signalled through which.
        node: PeerId,
        /// Relayed or direct.
        path: Path,
    },
    /// Close a connection.
    Close(ConnectionId),
    /// Do something about the streams on a connection.
    Streams(PeerId, Step<ConnectionId>),
    /// A peer can be sent to, or its path changed.
    Up(PeerId, Path),
    /// Messages may be lost.
    Down(PeerId),
    /// It broke its streams once too often; its connections are being closed.
    Broke(PeerId),
}

/// All peers.
#[derive(Debug)]
pub struct Peers {
    local: PeerId,
    upgrades: bool,
    trust: Trust,
    jitter: Jitter,
    peers: LiteMap<PeerId, Peer>,
    /// Connections that were left, and until when what is queued on them may still go out.
    leaving: LiteMap<ConnectionId, Instant>,
    /// Dials that nobody wants any more, though they may yet succeed.
    cancelled: SortedSet<ConnectionId>,
    actions: VecDeque<Action>,
}

impl Peers {
    /// Nobody yet. Without `upgrades` nobody is dialled directly; with them, whoever is trusted.
    pub fn new(local: PeerId, upgrades: bool, trust: Trust, jitter: Jitter) -> Self {
        Self {
            local,
            upgrades,
            trust,
            jitter,
            peers: LiteMap::new(),
            leaving: LiteMap::new(),
            cancelled: SortedSet::new(),
            actions: VecDeque::new(),
        }
    }

    /// The next action.
    pub fn poll(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// When `tick` can do something.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let upgrades = |id| self.upgrades && self.trust.holds(id);
        let peers = self.peers.iter().filter_map(|(id, peer)| peer.timeout(upgrades(id)));
        peers.chain(self.leaving.values().copied()).min()
    }

    /// A node knows the peer: it can be dialled there, and failures before don't count any more.
    pub fn found(&mut self, id: PeerId, node: PeerId, now: Instant) {
        self.make_room(id);
        let peer = self.peers.entry(id).or_insert_with(|| Peer::new(now));
        peer.nodes.insert(node);
        if peer.is_given_up() {
            peer.dials.reset();
            peer.next_dial = now;
        }
    }

    /// Reach the peer, until `hangup`.
    pub fn dial(&mut self, id: PeerId, now: Instant) {
        if id == self.local {
            return;
        }
        self.make_room(id);
        let peer = self.peers.entry(id).or_insert_with(|| Peer::new(now));
        if peer.wants != Want::Dial {
            peer.wants = Want::Dial;
            peer.dials.reset();
            peer.next_dial = now;
        }
    }

    /// The peer has shown that it may read: remembered while it is connected or wanted.
    pub fn trust(&mut self, id: PeerId) {
        let wanted = |peer: &Peer| peer.is_connected() || peer.wants == Want::Dial;
        if self.peers.get(&id).is_some_and(wanted) {
            self.trust.give(id);
        }
    }

    /// Leave the peer: it is down at once, and its connections close when it has read what was
    /// sent to it, or soon.
    pub fn hangup(&mut self, id: PeerId, now: Instant) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        peer.wants = Want::Nothing;
        self.leave(id, now);
    }

    fn leave(&mut self, id: PeerId, now: Instant) {
        self.trust.end(&id);
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let pending = core::mem::take(&mut peer.pending);
        self.cancelled.extend(pending.into_iter().map(|(_, (connection, _))| connection));
        for connection in core::mem::take(&mut peer.links).into_iter().map(|(id, _)| id) {
            if peer.session.sends(connection) {
                self.leaving.insert(connection, now + LEAVE_TIMEOUT);
            } else {
                self.actions.push_back(Action::Close(connection));
            }
        }
        peer.session.leave();
        self.work(id);
    }

    /// A dial was started, as asked for.
    pub fn dialled(&mut self, id: PeerId, path: Path, connection: ConnectionId, now: Instant) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.pending.insert(path, (connection, now + DIAL_TIMEOUT));
        }
    }

    /// A dial failed.
    pub fn failed(&mut self, id: PeerId, connection: ConnectionId, now: Instant) {
        self.cancelled.remove(&connection);
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let path = peer.pending.iter().find(|(_, (c, _))| *c == connection).map(|(path, _)| *path);
        if let Some(path) = path {
            peer.failed(path, now, &mut self.jitter);
        }
    }

    /// A connection stands. `node` is the relay of a relayed one, where known.
    pub fn established(
        &mut self,
        id: PeerId,
        connection: ConnectionId,
        path: Path,
        we_dialled: bool,
        node: Option<PeerId>,
        now: Instant,
    ) {
        if self.cancelled.remove(&connection) {
            return self.actions.push_back(Action::Close(connection));
        }
        if !self.has_place(id, now) {
            self.failed(id, connection, now);
            return self.actions.push_back(Action::Close(connection));
        }
        self.make_room(id);
        let local = self.local;
        let peer = self.peers.entry(id).or_insert_with(|| Peer::new(now));
        peer.pending.retain(|_, (pending, _)| *pending != connection);
        let smaller_dialled = we_dialled == (local < id);
        if !peer.is_connected() {
            peer.connected_since = now;
        }
        let order = peer.next_order();
        let link = Link { path, we_dialled, smaller_dialled, order, node, since: now };
        peer.links.insert(connection, link);
        peer.stands(path, now);
        if let Some(best) = peer.best() {
            peer.session.prefer(best);
        }
        self.work(id);
    }

    /// A connection is gone.
    pub fn closed(&mut self, id: PeerId, connection: ConnectionId, now: Instant) {
        self.leaving.remove(&connection);
        let Some(peer) = self.peers.get_mut(&id) else { return };
        if peer.lost(connection, now, &mut self.jitter) {
            let best = peer.best();
            peer.session.closed(connection, best);
            if best.is_none() && self.trust.end(&id) {
                self.cancelled.extend(peer.cancel_upgrade(now));
            }
            self.work(id);
        }
    }

    /// The streams asked for can be written.
    pub fn opened(&mut self, id: PeerId, connection: ConnectionId, mark: Mark) {
        self.with(id, connection, |peer| peer.session.opened(connection, mark));
    }

    /// The peer opened streams. Where it begins anew on a worse connection, it has lost the better ones,
    /// which a browser would tell of much later.
    pub fn started(&mut self, id: PeerId, connection: ConnectionId, mark: Mark, now: Instant) {
        let outlived = self.peers.get(&id).map(|peer| peer.outlived(connection, mark, now));
        for dead in outlived.into_iter().flatten() {
            self.actions.push_back(Action::Close(dead));
            self.closed(id, dead, now);
        }
        self.with(id, connection, |peer| peer.session.started(connection, mark));
    }

    /// The peer's streams ended as they should.
    pub fn ended(&mut self, id: PeerId, connection: ConnectionId, mark: Mark) {
        self.with(id, connection, |peer| peer.session.ended(connection, mark));
    }

    /// Our streams ended and all of them was read.
    pub fn finished(&mut self, id: PeerId, connection: ConnectionId, mark: Mark) {
        self.close_left(connection);
        self.with(id, connection, |peer| peer.session.finished(connection, mark));
    }

    /// Streams broke though their connection stands.
    pub fn broken(&mut self, id: PeerId, connection: ConnectionId, mark: Mark) {
        self.with(id, connection, |peer| peer.session.broken(connection, mark));
    }

    /// The connection that messages for the peer take.
    pub fn out(&self, id: PeerId) -> Option<ConnectionId> {
        self.peers.get(&id)?.session.out()
    }

    /// Whether a message that came on streams with this mark counts.
    pub fn reads(&self, id: PeerId, connection: ConnectionId, mark: Mark) -> bool {
        self.peers.get(&id).is_some_and(|peer| peer.session.reads(connection, mark))
    }

    /// Whether messages sent on streams of ours with this mark count.
    pub fn sends(&self, id: PeerId, connection: ConnectionId, mark: Mark) -> bool {
        self.peers.get(&id).is_some_and(|peer| peer.session.counts(connection, mark))
    }

    /// Every connection of the peer.
    pub fn connections(&self, id: PeerId) -> impl Iterator<Item = ConnectionId> {
        self.peers.get(&id).into_iter().flat_map(|peer| peer.links.keys().copied())
    }

    /// Starts what is due. Only the nodes named are connected.
    pub fn tick(&mut self, nodes: &SortedSet<PeerId>, now: Instant) {
        let said = self.leaving.iter().filter(|(_, until)| **until <= now);
        self.actions.extend(said.map(|(connection, _)| Action::Close(*connection)));
        self.leaving.retain(|_, until| *until > now);
        for (id, peer) in self.peers.iter_mut() {
            if peer.is_silent(now) {
                self.actions.extend(peer.links.keys().copied().map(Action::Close));
            }
            peer.expire(now, &mut self.jitter);
            self.actions.extend(peer.expired_superfluous(now).into_iter().map(Action::Close));
            if peer.dial_due(now) {
                match peer.node(nodes) {
                    Some(node) => {
                        peer.dials();
                        self.actions.push_back(Action::Dial {
                            peer: *id,
                            node,
                            path: Path::Relayed,
                        });
                    }
                    // Not a failure of the peer; it is asked again when there is a node.
                    None => peer.next_dial = now + NODE_CHECK,
                }
            }
            if self.upgrades && peer.upgrade_due(now) && self.trust.holds(id) {
                match peer.relay(nodes) {
                    Some(node) => {
                        self.actions.push_back(Action::Dial {
                            peer: *id,
                            node,
                            path: Path::Direct,
                        });
                    }
                    None => peer.next_upgrade = now + NODE_CHECK,
                }
            }
        }
    }

    /// This device slept, or its network was away: whoever seems connected is dialled once more, beside
    /// what stands. A connection that both still have stays.
    pub fn suspect(&mut self, now: Instant) {
        for (_, peer) in self.peers.iter_mut() {
            peer.suspect(now);
        }
    }

    /// A node is there: dials that wait for one are due.
    pub fn node_up(&mut self, now: Instant) {
        for (_, peer) in self.peers.iter_mut() {
            if peer.dials.failures() == 0 {
                peer.next_dial = peer.next_dial.min(now);
            }
        }
    }

    /// Closes a connection that was left.
    fn close_left(&mut self, connection: ConnectionId) {
        if self.leaving.remove(&connection).is_some() {
            self.actions.push_back(Action::Close(connection));
        }
    }

    /// Changes a peer; what is told of connections that were left changes nothing.
    fn with(&mut self, id: PeerId, connection: ConnectionId, change: impl FnOnce(&mut Peer)) {
        if let Some(peer) = self.peers.get_mut(&id)
            && peer.links.contains_key(&connection)
        {
            change(peer);
            self.work(id);
        }
    }

    /// Carries out what the session asks.
    fn work(&mut self, id: PeerId) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        while let Some(step) = peer.session.poll() {
            self.actions.push_back(match step {
                Step::Up(c) => Action::Up(id, peer.links.get(&c).map_or(Path::Relayed, |l| l.path)),
                Step::Down => Action::Down(id),
                Step::Close(c) => Action::Close(c),
                other => Action::Streams(id, other),
            });
        }
        if peer.breaks_too_often() {
            self.actions.push_back(Action::Broke(id));
            self.actions.extend(peer.links.keys().copied().map(Action::Close));
        }
    }

    /// Whether a connection of this peer may stay. When all places are taken somebody who showed
    /// nothing has to leave, the one first who was there longest, and whom we dialled last. Who has
    /// just come has time to show something: else a crowd could keep everybody from doing so.
    fn has_place(&mut self, id: PeerId, now: Instant) -> bool {
        let trusted = self.trust.holds(&id);
        if let Some(peer) = self.peers.get(&id).filter(|peer| peer.is_connected()) {
            return trusted || peer.links.len() < limits::UNTRUSTED_CONNECTIONS;
        }
        let connected = self.peers.iter().filter(|(_, peer)| peer.is_connected());
        if connected.clone().count() < limits::PEERS {
            return true;
        }
        let strangers = connected.filter(|(other, peer)| {
            !self.trust.holds(other)
                && (trusted || now.since(peer.connected_since) >= PROOF_TIMEOUT)
        });
        let first = strangers.min_by_key(|(_, peer)| (peer.is_dialled(), peer.connected_since));
        let Some(first) = first.map(|(other, _)| *other) else { return false };
        if let Some(peer) = self.peers.get_mut(&first) {
            peer.displaced(now);
        }
        self.leave(first, now);
        true
    }

    /// Forgets somebody who is neither wanted nor connected, when too many are known.
    fn make_room(&mut self, id: PeerId) {
        if self.peers.len() < limits::KNOWN_SEATS || self.peers.contains_key(&id) {
            return;
        }
        let idle = |peer: &Peer| peer.wants == Want::Nothing && peer.links.is_empty();
        let free = self.peers.iter().filter(|(_, peer)| idle(peer));
        let oldest = free.min_by_key(|(_, peer)| peer.since).map(|(id, _)| *id);
        // With everybody wanted or connected the least recent wish goes.
        let oldest = oldest.or_else(|| {
            let free = self.peers.iter().filter(|(_, peer)| peer.links.is_empty());
            free.min_by_key(|(_, peer)| peer.since).map(|(id, _)| *id)
        });
        if let Some(oldest) = oldest {
            self.trust.end(&oldest);
            self.peers.remove(&oldest);
        }
    }
}

/// A dial that says nothing for so long has failed.
const DIAL_TIMEOUT: Duration = Duration::from_secs(40);
/// How long a peer that was left may take to read what was sent to it before.
const LEAVE_TIMEOUT: Duration = Duration::from_millis(500);
/// How long a peer that came may take to show that it may read before another gets its place:
/// three times as long as a slow phone takes.
const PROOF_TIMEOUT: Duration = Duration::from_secs(3);
/// How soon to look again for a node to dial through.
const NODE_CHECK: Duration = Duration::from_secs(1);

#[cfg(test)]
#[path = "peers_tests.rs"]
mod tests;
