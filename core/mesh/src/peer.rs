//! One peer: its connections, which of them is best, and when it is dialled again.

use core::cmp::Reverse;
use core::time::Duration;

use libp2p::PeerId;
use libp2p::swarm::ConnectionId;
use litemap::LiteMap;

use super::backoff::{Backoff, Jitter};
use super::session::{Mark, Session};
use covey_wire::limits;
use covey_wire::net::Path;
use covey_wire::sorted::SortedSet;
use covey_wire::time::Instant;

/// The room's wish about a peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// It may connect to us.
    Nothing,
    /// It is dialled whenever it is not connected.
    Dial,
}

/// One connection.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub path: Path,
    pub we_dialled: bool,
    /// The dialer is the side with the smaller peer id: both sides prefer that one.
    pub smaller_dialled: bool,
    pub order: u64,
    pub node: Option<PeerId>,
    pub since: Instant,
}

#[derive(Debug)]
pub(super) struct Peer {
    pub wants: Want,
    /// Where it can be dialled.
    pub nodes: SortedSet<PeerId>,
    pub links: LiteMap<ConnectionId, Link>,
    /// Dials under way and when they count as failed.
    pub pending: LiteMap<Path, (ConnectionId, Instant)>,
    pub dials: Backoff,
    pub next_dial: Instant,
    pub upgrades: Backoff,
    pub next_upgrade: Instant,
    /// Until when the upgrade is the dialer's.
    grace: Instant,
    pub session: Session<ConnectionId>,
    pub since: Instant,
    /// Since when it is connected, over whichever connections.
    pub connected_since: Instant,
    /// When superfluous connections are closed.
    linger: Option<Instant>,
    /// When a connected peer that does not open its channels is left.
    silent: Option<Instant>,
    /// Whether it was left for breaking its streams.
    left: bool,
    /// Whether its connections may be dead: it is dialled once more beside them.
    suspect: bool,
    orders: u64,
}

/// How long a connection is kept that we no longer need: the other side is as far by then, and a
/// close would take away what it has not read.
const LINGER: Duration = Duration::from_secs(2);
/// How long the dialer leaves the upgrade until what was written has gone over the relayed connection:
/// both at once takes longer for either, and people wait for the first.
pub(super) const HEAD_START: Duration = Duration::from_millis(40);
/// How long the side that was dialled leaves the upgrade to the dialer.
pub(super) const UPGRADE_GRACE: Duration = Duration::from_secs(4);
/// How long a connected peer may take to open its channels: each takes up one of our few places.
const OPEN_TIMEOUT: Duration = Duration::from_secs(20);
/// How long to wait after `limits::DIALS` failures: the peer may be asleep or behind a network
/// that comes back.
const SELDOM_PAUSE: Duration = Duration::from_secs(300);
/// So often, an hour in all; then it must be found again.
const SELDOM_DIALS: u32 = 12;
/// A connection that stood so long was not a failure.
const STABLE: Duration = Duration::from_secs(10);

impl Peer {
    pub fn new(now: Instant) -> Self {
        Self {
            wants: Want::Nothing,
            nodes: SortedSet::new(),
            links: LiteMap::new(),
            pending: LiteMap::new(),
            dials: Backoff::new(Duration::from_millis(500), Duration::from_secs(30)),
            next_dial: now,
            upgrades: Backoff::new(Duration::from_secs(5), Duration::from_secs(120)),
            next_upgrade: now,
            grace: now,
            session: Session::default(),
            since: now,
            connected_since: now,
            linger: None,
            silent: None,
            left: false,
            suspect: false,
            orders: 0,
        }
    }

    pub fn next_order(&mut self) -> u64 {
        self.orders += 1;
        self.orders
    }

    pub fn has(&self, path: Path) -> bool {
        self.links.values().any(|link| link.path == path)
    }

    /// Direct before relayed, then the one dialled by the smaller peer id, then the older.
    pub fn best(&self) -> Option<ConnectionId> {
        let rank = |link: &Link| (link.path, link.smaller_dialled, Reverse(link.order));
        self.links.iter().max_by_key(|(_, link)| rank(link)).map(|(id, _)| *id)
    }

    /// Connections that both sides know to be worse than the best, once nothing flows over them.
    fn superfluous(&self) -> impl Iterator<Item = ConnectionId> {
        let best = self.best().filter(|_| self.session.settled());
        let best = best.and_then(|id| self.links.get(&id));
        self.links
            .iter()
            .filter(move |(id, link)| {
                best.is_some_and(|best| {
                    let worse = (link.path, link.smaller_dialled)
                        < (best.path, best.smaller_dialled)
                        // Of several by one dialer, the dialer alone decides.
                        || link.order > best.order && link.we_dialled;
                    worse && !self.session.uses(**id)
                })
            })
            .map(|(id, _)| *id)
    }

    /// Superfluous connections that have been so for long enough.
    pub fn expired_superfluous(&mut self, now: Instant) -> Vec<ConnectionId> {
        let superfluous: Vec<_> = self.superfluous().collect();
        if superfluous.is_empty() {
            self.linger = None;
            return superfluous;
        }
        if *self.linger.get_or_insert(now + LINGER) > now {
            return Vec::new();
        }
        self.linger = None;
        superfluous
    }

    /// Whether a connected peer has kept its channels closed for too long.
    pub fn is_silent(&mut self, now: Instant) -> bool {
        if self.links.is_empty() || self.session.is_up() {
            self.silent = None;
            return false;
        }
        if *self.silent.get_or_insert(now + OPEN_TIMEOUT) > now {
            return false;
        }
        self.silent = None;
        true
    }

    /// Whether it broke its streams once too often; told once for the connections that stand.
    pub fn breaks_too_often(&mut self) -> bool {
        let often = self.session.resets() > limits::RESETS;
        let told = core::mem::replace(&mut self.left, often);
        often && !told
    }

    pub fn dial_due(&self, now: Instant) -> bool {
        (self.wants_dial() || self.wants_proof()) && self.next_dial <= now
    }

    /// This device slept, or its network was away: the peer may have given its connections up meanwhile.
    pub fn suspect(&mut self, now: Instant) {
        self.suspect = self.is_connected();
        self.next_dial = now;
    }

    /// It is dialled.
    pub fn dials(&mut self) {
        self.suspect = false;
    }

    /// Connections that stood for a while and are better than one on which the peer began anew: if it had
    /// them, it would have used them.
    pub fn outlived(
        &self,
        connection: ConnectionId,
        mark: Mark,
        now: Instant,
    ) -> Vec<ConnectionId> {
        let rank = |link: &Link| (link.path, link.smaller_dialled, Reverse(link.order));
        let Some(used) = self.links.get(&connection).filter(|_| self.session.precedes(mark)) else {
            return Vec::new();
        };
        let old = |link: &Link| rank(link) > rank(used) && now.since(link.since) >= STABLE;
        self.links.iter().filter(|(_, link)| old(link)).map(|(id, _)| *id).collect()
    }

    /// Only for a peer that is trusted.
    pub fn upgrade_due(&self, now: Instant) -> bool {
        self.wants_upgrade() && self.next_upgrade.max(self.grace) <= now
    }

    pub fn is_connected(&self) -> bool {
        !self.links.is_empty()
    }

    /// Whether it is somebody's wish, and not its own alone, that it is connected.
    pub fn is_dialled(&self) -> bool {
        self.links.values().any(|link| link.we_dialled)
    }

    /// It had to leave for another: it is dialled when there may be room again.
    pub fn displaced(&mut self, now: Instant) {
        self.next_dial = now + SELDOM_PAUSE;
    }

    /// The direct dial under way, which is given up and has not failed.
    pub fn cancel_upgrade(&mut self, now: Instant) -> Option<ConnectionId> {
        let (connection, _) = self.pending.remove(&Path::Direct)?;
        self.next_upgrade = now;
        Some(connection)
    }

    /// Whether only being found again, or time, can help.
    pub fn is_given_up(&self) -> bool {
        self.dials.failures() >= limits::DIALS
    }

    fn wants_dial(&self) -> bool {
        self.wants == Want::Dial
            && self.links.is_empty()
            && self.pending.is_empty()
            && self.dials.failures() < limits::DIALS + SELDOM_DIALS
    }

    fn wants_proof(&self) -> bool {
        self.suspect && self.is_connected() && self.pending.is_empty()
    }

    fn wants_upgrade(&self) -> bool {
        self.has(Path::Relayed)
            && !self.has(Path::Direct)
            && !self.pending.contains_key(&Path::Direct)
    }

    pub fn timeout(&self, upgrades: bool) -> Option<Instant> {
        let dial = (self.wants_dial() || self.wants_proof()).then_some(self.next_dial);
        let upgrade =
            (upgrades && self.wants_upgrade()).then_some(self.next_upgrade.max(self.grace));
        let pending = self.pending.values().map(|(_, until)| *until);
        pending.chain(dial).chain(upgrade).chain(self.linger).chain(self.silent).min()
    }

    /// A connection stands. The upgrade of a relayed one is left to the dialer for a while, unless
    /// we dialled one too.
    pub fn stands(&mut self, path: Path, now: Instant) {
        let dialled = self.links.values().any(|l| l.path == Path::Relayed && l.we_dialled);
        match path {
            // Of two dials at once one fails, maybe before the other stands.
            Path::Direct => self.next_upgrade = now,
            Path::Relayed if dialled => self.grace = now + HEAD_START,
            Path::Relayed => self.grace = self.grace.max(now + UPGRADE_GRACE),
        }
    }

    /// A connected node to dial through; each failure tries another.
    pub fn node(&self, connected: &SortedSet<PeerId>) -> Option<PeerId> {
        let mut at: Vec<_> =
            self.nodes.iter().filter(|node| connected.contains(node)).copied().collect();
        if at.is_empty() {
            at.extend(connected.iter());
        }
        let turn = self.dials.failures() as usize;
        (!at.is_empty()).then(|| at[turn % at.len()])
    }

    /// The node whose relayed connection carries the signalling.
    pub fn relay(&self, connected: &SortedSet<PeerId>) -> Option<PeerId> {
        let relays = self.links.values().filter_map(|link| link.node);
        relays.into_iter().find(|node| connected.contains(node)).or_else(|| self.node(connected))
    }

    pub fn failed(&mut self, path: Path, now: Instant, jitter: &mut Jitter) {
        self.pending.remove(&path);
        match path {
            Path::Relayed => self.dial_failed(now, jitter),
            // The peer's own dial came first: nothing has failed.
            Path::Direct if self.has(Path::Direct) => {}
            Path::Direct => self.next_upgrade = now + self.upgrades.fail(jitter),
        }
    }

    fn dial_failed(&mut self, now: Instant, jitter: &mut Jitter) {
        let pause = self.dials.fail(jitter);
        self.next_dial = now + if self.is_given_up() { SELDOM_PAUSE } else { pause };
    }

    pub fn expire(&mut self, now: Instant, jitter: &mut Jitter) {
        for path in [Path::Relayed, Path::Direct] {
            if self.pending.get(&path).is_some_and(|(_, until)| *until <= now) {
                self.failed(path, now, jitter);
            }
        }
    }

    /// Takes a connection away; false when it was none of this peer.
    pub fn lost(&mut self, connection: ConnectionId, now: Instant, jitter: &mut Jitter) -> bool {
        let Some(link) = self.links.remove(&connection) else { return false };
        let stood = self.session.is_up() && now.since(link.since) >= STABLE;
        if link.path == Path::Direct && !self.has(Path::Direct) {
            if stood {
                self.upgrades.reset();
            }
            self.next_upgrade = now + self.upgrades.fail(jitter);
        }
        if self.links.is_empty() {
            if stood {
                self.dials.reset();
            }
            self.dial_failed(now, jitter);
        }
        true
    }
}
