//! How two peers bring their logs level: what each has, what it is sent, what it acknowledged.

mod hello;
mod message;
mod parcel;
mod peer;

use std::time::Duration;

use litemap::LiteMap;

pub use self::hello::{Between, FEATURES, Hello, VERSION};
pub use self::message::{Installation, Message, Refusal};
use self::peer::{Extent, Peer};
use crate::ledger::{Held, Line};
use covey_wire::id::{Head, SeatId};
use covey_wire::limits;
use covey_wire::sorted::SortedSet;
use covey_wire::time::Instant;

/// How long what a third peer wrote is held back: usually it goes there by itself.
const FORWARD_AFTER: Duration = Duration::from_millis(750);
/// Acknowledgements gather this long.
const ACK_AFTER: Duration = Duration::from_millis(100);
/// Unless this much came since the last one: the sender's window must not run dry.
const ACK_BYTES: u64 = limits::SYNC_WINDOW as u64 / 4;

/// Nothing confirmed for so long though the window is full: the peer does not read.
const STALLED: Duration = Duration::from_secs(30);

/// How new a segment from a peer is, by what that peer said and sent before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Novelty {
    /// The peer had it before we met.
    Old,
    /// It came about since.
    New,
    /// The peer sent it twice before: no honest one sends anything three times on one connection.
    Repeated,
}

/// The sync with every connected peer.
#[derive(Debug, Default)]
pub struct Sync {
    peers: LiteMap<SeatId, Peer>,
    /// When a log item came from a peer; nothing for one's own and what the disk gave.
    arrived: LiteMap<usize, Instant>,
}

impl Sync {
    /// A peer can be sent to.
    pub fn add_peer(&mut self, seat: SeatId) {
        self.peers.insert(seat, Peer::default());
        for (_, peer) in self.peers.iter_mut() {
            peer.asked_changed |= peer.asked.remove(&seat);
        }
    }

    /// Forgets a peer. What it wrote does not go to the others by itself any more.
    pub fn clear_peer(&mut self, seat: SeatId, log: &[Held]) {
        self.peers.remove(&seat);
        let is_of_seat = |place: usize| log.get(place).is_some_and(|held| held.seat == seat);
        self.arrived.retain(|place, _| !is_of_seat(*place));
        for (_, peer) in self.peers.iter_mut() {
            for ((of, _), head) in peer.heads.iter_mut() {
                head.grew_at = head.grew_at.filter(|_| *of != seat);
            }
            peer.release(log, &|of| of == seat);
        }
    }

    /// Takes a peer's hello, and what it has.
    pub fn hello(&mut self, seat: SeatId, installation: Installation, has: &[(Line, u64)]) {
        let Some(peer) = self.peers.get_mut(&seat) else { return };
        peer.installation = Some(installation);
        let told = |(line, seq): &(Line, u64)| {
            (*line, Extent { has: *seq, announced: *seq, stored: *seq, ..Extent::default() })
        };
        peer.heads = has.iter().map(told).collect();
        peer.cursor = 0;
        peer.later.clear();
    }

    /// A peer wants to be sent again all that it does not have.
    pub fn again(&mut self, seat: SeatId, has: &[(Line, u64)]) {
        let Some(peer) = self.peers.get_mut(&seat) else { return };
        peer.heads.values_mut().for_each(|head| head.has = 0);
        for (line, seq) in has {
            if let Some(head) = extent(peer, *line) {
                head.has = *seq;
            }
        }
        peer.cursor = 0;
        peer.later.clear();
    }

    /// We asked a peer for what it gave once.
    pub fn asked_again(&mut self, seat: SeatId) {
        let Some(peer) = self.peers.get_mut(&seat) else { return };
        peer.heads.values_mut().for_each(|head| (head.received, head.received_again) = (0, 0));
    }

    /// The branches of some seats have other names now: who has what of them is not known any more.
    pub fn reopen(&mut self, seats: &[SeatId]) {
        for (_, peer) in self.peers.iter_mut() {
            peer.heads.retain(|(seat, _), _| !seats.contains(seat));
            peer.stored.retain(|(seat, _), _| !seats.contains(seat));
            peer.cursor = 0;
            peer.later.clear();
        }
    }

    /// The entries that a peer's disk has, as far as it said.
    pub fn acknowledged_by(&self, seat: SeatId) -> Vec<(Line, u64)> {
        let heads = self.peers.get(&seat).into_iter().flat_map(|peer| peer.heads.iter());
        heads.filter(|(_, head)| head.stored > 0).map(|(line, head)| (*line, head.stored)).collect()
    }

    /// A peer's disk has this of a seat.
    pub fn acknowledged(&mut self, peer: SeatId, line: Line, seq: u64, now: Instant) {
        self.note_has(peer, line, seq, now);
        if let Some(head) = self.head(peer, line) {
            head.stored = head.stored.max(seq);
        }
    }

    /// A peer hears nothing of these seats itself; tells how many places were looked at for that.
    pub fn forward(&mut self, peer: SeatId, seats: &[SeatId], log: &[Held]) -> usize {
        let Some(peer) = self.peers.get_mut(&peer) else { return 0 };
        let seats: SortedSet<SeatId> = seats.iter().copied().collect();
        let looked = if seats.iter().all(|seat| peer.forwarded.contains(seat)) {
            0
        } else {
            peer.later.len()
        };
        if looked > 0 {
            peer.release(log, &|seat| seats.contains(&seat));
        }
        peer.forwarded = seats;
        looked
    }

    /// Something came from a peer that is by a seat, or builds on a seat, that we don't hear ourselves.
    /// One peer is asked for each such seat, the last one.
    pub fn ask_to_forward(&mut self, peer: SeatId, on: SeatId) {
        for (seat, other) in self.peers.iter_mut() {
            if *seat != peer {
                other.asked_changed |= other.asked.remove(&on);
            } else if !other.asked.contains(&on) {
                // Most are gone by then; who is not comes in again with the next thing it writes.
                if other.asked.len() >= limits::FORWARDED {
                    other.asked.clear();
                }
                other.asked.insert(on);
                other.asked_changed = true;
            }
        }
    }

    /// Whether we asked anybody to hand on what a seat writes.
    pub fn is_forwarded(&self, on: SeatId) -> bool {
        self.peers.values().any(|peer| peer.asked.contains(&on))
    }

    /// Whether the peer said hello.
    pub fn greeted(&self, seat: SeatId) -> bool {
        self.installation(seat).is_some()
    }

    /// The browser profile of a peer that said hello.
    pub fn installation(&self, seat: SeatId) -> Option<Installation> {
        self.peers.get(&seat)?.installation
    }

    /// A segment came from a peer; false where its window was full before.
    #[must_use]
    pub fn received(&mut self, seat: SeatId, bytes: usize) -> bool {
        let Some(peer) = self.peers.get_mut(&seat) else { return false };
        // The last segment may overshoot the window, none may follow it.
        let had_room = peer.received - peer.taken_confirmed < limits::SYNC_WINDOW as u64;
        peer.received += bytes as u64;
        had_room
    }

    /// Bytes of segments from a peer were looked at.
    pub fn taken(&mut self, seat: SeatId, bytes: usize, now: Instant) {
        let Some(peer) = self.peers.get_mut(&seat) else { return };
        peer.taken += bytes as u64;
        let is_due = peer.taken - peer.taken_confirmed >= ACK_BYTES;
        peer.ack_by(if is_due { now } else { now + ACK_AFTER });
    }

    /// A peer sent what it has of a seat.
    pub fn note_received(&mut self, peer: SeatId, line: Line, seq: u64) -> Novelty {
        let Some(head) = self.head(peer, line) else { return Novelty::New };
        if seq <= head.received {
            // Once more, if it saw that some seat wrote several histories and doesn't know who has which.
            if seq <= head.received_again {
                return Novelty::Repeated;
            }
            head.received_again = seq;
            return Novelty::New;
        }
        head.received = seq;
        if seq <= head.announced { Novelty::Old } else { Novelty::New }
    }

    /// A peer has this of a seat.
    pub fn note_has(&mut self, peer: SeatId, line: Line, seq: u64, now: Instant) {
        if let Some(head) = self.head(peer, line)
            && head.has < seq
        {
            (head.has, head.grew_at) = (seq, Some(now));
        }
    }

    fn head(&mut self, peer: SeatId, line: Line) -> Option<&mut Extent> {
        extent(self.peers.get_mut(&peer)?, line)
    }

    /// A peer confirmed how many bytes it took.
    pub fn confirmed(&mut self, seat: SeatId, taken: u64) {
        if let Some(peer) = self.peers.get_mut(&seat) {
            let confirmed = taken.min(peer.sent).max(peer.sent_confirmed);
            if confirmed > peer.sent_confirmed {
                peer.sent_confirmed = confirmed;
                peer.full_since = None;
            }
        }
    }

    /// A place in the log was filled by a peer.
    pub fn arrived_from_peer(&mut self, place: usize, now: Instant) {
        self.arrived.insert(place, now);
    }

    /// The disk has a seat's entries up to `seq`: everyone will be told, who has not said hello yet
    /// when it does. Our own hello may have gone before.
    pub fn stored(&mut self, line: Line, seq: u64, now: Instant) {
        for (_, peer) in self.peers.iter_mut() {
            let stored = peer.stored.or_default(line);
            *stored = (*stored).max(seq);
            peer.ack_by(now + ACK_AFTER);
        }
    }

    /// Messages that are due, for peers that `may_read`; `head` tells how an entry is named.
    pub fn pump(
        &mut self,
        log: &[Held],
        now: Instant,
        may_read: impl Fn(SeatId) -> bool,
        head: impl Fn(Line, u64) -> Option<Head>,
    ) -> Vec<(SeatId, Message)> {
        let mut out = Vec::new();
        self.arrived.retain(|_, at| now.since(*at) < FORWARD_AFTER);
        for (seat, peer) in self.peers.iter_mut().filter(|(_, p)| p.installation.is_some()) {
            peer.ready = may_read(*seat);
            if peer.ready && !peer.may_read && !peer.stored.is_empty() && peer.ack_at.is_none() {
                peer.ack_by(now + ACK_AFTER);
            }
            peer.may_read = peer.ready;
            out.extend(peer.ack(peer.ready, &head, now).map(|ack| (*seat, ack)));
            if peer.ready && core::mem::take(&mut peer.asked_changed) {
                out.push((*seat, Message::Forward(peer.asked.iter().copied().collect())));
            }
            if peer.ready {
                peer.send_log(*seat, log, &self.arrived, now, &mut out);
                peer.ready = peer.has_room();
                if !peer.ready {
                    peer.full_since.get_or_insert(now);
                }
            }
        }
        out
    }

    /// Peers that read nothing of what they are sent.
    pub fn stalled(&self, now: Instant) -> Vec<SeatId> {
        let stalls = |peer: &Peer| peer.full_since.is_some_and(|since| since + STALLED <= now);
        self.peers.iter().filter(|(_, peer)| stalls(peer)).map(|(seat, _)| *seat).collect()
    }

    /// When the next message is due by time alone.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let due = |peer: &Peer| {
            // What can't be sent yet waits for an acknowledgement or an admission, not for time.
            let later = peer.later.front().filter(|_| peer.ready).map(|(at, _)| *at);
            let stalled = peer.full_since.map(|since| since + STALLED);
            let ack = peer.ack_at.filter(|_| peer.installation.is_some());
            [ack, later, stalled].into_iter().flatten().min()
        };
        self.peers.values().filter_map(due).min()
    }
}

fn extent(peer: &mut Peer, line: Line) -> Option<&mut Extent> {
    let room = peer.heads.len() < limits::SEATS || peer.heads.contains_key(&line);
    room.then(|| peer.heads.or_default(line))
}

#[cfg(test)]
mod tests;
