//! How two peers bring their logs level: what each has, what it is sent, what it acknowledged.

mod message;
mod parcel;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use litemap::LiteMap;

pub use self::message::{Installation, Message, Refusal};
use self::parcel::Parcel;
use crate::id::SeatId;
use crate::ledger::Held;
use crate::limits;
use crate::time::Time;

/// How long what a third peer wrote is held back: usually it goes there by itself.
const FORWARD_AFTER: Duration = Duration::from_millis(750);
/// Acknowledgements gather this long.
const ACK_AFTER: Duration = Duration::from_millis(100);
/// Unless this much came since the last one: the sender's window must not run dry.
const ACK_BYTES: u64 = limits::SYNC_WINDOW as u64 / 4;

/// Nothing confirmed for so long though the window is full: the peer does not read.
const STALLED: Duration = Duration::from_secs(30);

/// What a segment from a peer is to us, by what that peer said and gave before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gift {
    /// The peer had it before we met.
    Old,
    /// It came about since.
    New,
    /// The peer gave it before: no honest one sends anything twice on one connection.
    Again,
}

/// How far one seat's entries are with a peer.
#[derive(Debug, Default, Clone, Copy)]
struct Head {
    /// What it has, as far as it said or was sent it.
    has: u64,
    /// What it said in its hello.
    told: u64,
    /// What it sent.
    gave: u64,
    /// When it last said that it has more.
    grew: Option<Time>,
}

/// Where one peer stands.
#[derive(Debug, Default)]
struct Peer {
    installation: Option<Installation>,
    heads: BTreeMap<SeatId, Head>,
    /// How far in the log everything was sent or held back.
    cursor: usize,
    /// Held back until then: places in the log.
    later: VecDeque<(Time, usize)>,
    /// Seats it does not hear itself: nothing they write is held back.
    forwarded: BTreeSet<SeatId>,
    /// Seats we hear only from it, as far as we know, and whether it is not told of them yet.
    relied: BTreeSet<SeatId>,
    relied_changed: bool,
    sent: u64,
    sent_confirmed: u64,
    /// Since when the window is full and nothing was confirmed.
    full_since: Option<Time>,
    received: u64,
    taken: u64,
    taken_confirmed: u64,
    stored: BTreeMap<SeatId, u64>,
    ack_at: Option<Time>,
    /// Whether the peer could be sent more when it was last looked at.
    ready: bool,
}

/// The sync with every connected peer.
#[derive(Debug, Default)]
pub struct Sync {
    peers: LiteMap<SeatId, Peer>,
    /// When a log item came from a peer; nothing for one's own and what the disk gave.
    came: LiteMap<usize, Time>,
}

impl Sync {
    /// A peer can be sent to.
    pub fn add_peer(&mut self, seat: SeatId) {
        self.peers.insert(seat, Peer::default());
        for (_, peer) in self.peers.iter_mut() {
            peer.relied_changed |= peer.relied.remove(&seat);
        }
    }

    /// Forgets a peer. What it wrote does not go to the others by itself any more.
    pub fn clear_peer(&mut self, seat: SeatId, log: &[Held]) {
        self.peers.remove(&seat);
        let is_of_seat = |place: usize| log.get(place).is_some_and(|held| held.seat == seat);
        self.came.retain(|place, _| !is_of_seat(*place));
        for (_, peer) in self.peers.iter_mut() {
            if let Some(head) = peer.heads.get_mut(&seat) {
                head.grew = None;
            }
            peer.hold_no_longer(log, &|of| of == seat);
        }
    }

    /// Takes a peer's hello.
    pub fn hello(&mut self, seat: SeatId, installation: Installation, heads: &[(SeatId, u64)]) {
        let Some(peer) = self.peers.get_mut(&seat) else { return };
        peer.installation = Some(installation);
        let told = |(seat, seq): &(SeatId, u64)| {
            (*seat, Head { has: *seq, told: *seq, ..Head::default() })
        };
        peer.heads = heads.iter().map(told).collect();
        peer.cursor = 0;
        peer.later.clear();
    }

    /// A peer hears nothing of these seats itself; tells how many places were looked at for that.
    pub fn forward(&mut self, peer: SeatId, seats: &[SeatId], log: &[Held]) -> usize {
        let Some(peer) = self.peers.get_mut(&peer) else { return 0 };
        let seats: BTreeSet<SeatId> = seats.iter().copied().collect();
        let looked = if seats.is_subset(&peer.forwarded) { 0 } else { peer.later.len() };
        if looked > 0 {
            peer.hold_no_longer(log, &|seat| seats.contains(&seat));
        }
        peer.forwarded = seats;
        looked
    }

    /// Something came from a peer that is by a seat, or builds on a seat, that we don't hear ourselves.
    /// One peer is asked for each such seat, the last one.
    pub fn rely(&mut self, peer: SeatId, on: SeatId) {
        for (seat, other) in self.peers.iter_mut() {
            if *seat != peer {
                other.relied_changed |= other.relied.remove(&on);
            } else if !other.relied.contains(&on) {
                // Most are gone by then; who is not comes in again with the next thing it writes.
                if other.relied.len() >= limits::FORWARDED {
                    other.relied.clear();
                }
                other.relied.insert(on);
                other.relied_changed = true;
            }
        }
    }

    /// Whether we asked anybody to hand on what a seat writes.
    pub fn relies(&self, on: SeatId) -> bool {
        self.peers.values().any(|peer| peer.relied.contains(&on))
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
    pub fn taken(&mut self, seat: SeatId, bytes: usize, now: Time) {
        let Some(peer) = self.peers.get_mut(&seat) else { return };
        peer.taken += bytes as u64;
        let hurry = peer.taken - peer.taken_confirmed >= ACK_BYTES;
        peer.ack_by(if hurry { now } else { now + ACK_AFTER });
    }

    /// A peer sent what it has of a seat.
    pub fn gave(&mut self, peer: SeatId, seat: SeatId, seq: u64) -> Gift {
        let Some(head) = self.head(peer, seat) else { return Gift::New };
        if seq <= head.gave {
            return Gift::Again;
        }
        head.gave = seq;
        if seq <= head.told { Gift::Old } else { Gift::New }
    }

    /// A peer has this of a seat.
    pub fn has(&mut self, peer: SeatId, seat: SeatId, seq: u64, now: Time) {
        if let Some(head) = self.head(peer, seat)
            && head.has < seq
        {
            (head.has, head.grew) = (seq, Some(now));
        }
    }

    fn head(&mut self, peer: SeatId, seat: SeatId) -> Option<&mut Head> {
        let peer = self.peers.get_mut(&peer)?;
        let room = peer.heads.len() < limits::SEATS || peer.heads.contains_key(&seat);
        room.then(|| peer.heads.entry(seat).or_default())
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
    pub fn came_from_peer(&mut self, place: usize, now: Time) {
        self.came.insert(place, now);
    }

    /// The disk has a seat's entries up to `seq`: everyone will be told, who has not said hello yet
    /// when it does. Our own hello may have gone before.
    pub fn stored(&mut self, seat: SeatId, seq: u64, now: Time) {
        for (_, peer) in self.peers.iter_mut() {
            let stored = peer.stored.entry(seat).or_default();
            *stored = (*stored).max(seq);
            peer.ack_by(now + ACK_AFTER);
        }
    }

    /// Messages that are due, for peers that `may_read`.
    pub fn pump(
        &mut self,
        log: &[Held],
        now: Time,
        may_read: impl Fn(SeatId) -> bool,
    ) -> Vec<(SeatId, Message)> {
        let mut out = Vec::new();
        self.came.retain(|_, came| now.since(*came) < FORWARD_AFTER);
        for (seat, peer) in self.peers.iter_mut().filter(|(_, p)| p.installation.is_some()) {
            out.extend(peer.ack(now).map(|ack| (*seat, ack)));
            if core::mem::take(&mut peer.relied_changed) {
                out.push((*seat, Message::Forward(peer.relied.iter().copied().collect())));
            }
            peer.ready = may_read(*seat);
            if peer.ready {
                peer.send_log(*seat, log, &self.came, now, &mut out);
                peer.ready = peer.has_room();
                if !peer.ready {
                    peer.full_since.get_or_insert(now);
                }
            }
        }
        out
    }

    /// A peer that reads nothing of what it is sent.
    pub fn stalled(&self, now: Time) -> Option<SeatId> {
        let stalls = |peer: &Peer| peer.full_since.is_some_and(|since| since + STALLED <= now);
        self.peers.iter().find(|(_, peer)| stalls(peer)).map(|(seat, _)| *seat)
    }

    /// When the next message is due by time alone.
    pub fn poll_timeout(&self) -> Option<Time> {
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

impl Peer {
    fn ack_by(&mut self, at: Time) {
        self.ack_at = Some(self.ack_at.map_or(at, |old| old.min(at)));
    }

    fn ack(&mut self, now: Time) -> Option<Message> {
        if self.ack_at.is_none_or(|at| at > now) {
            return None;
        }
        self.ack_at = None;
        self.taken_confirmed = self.taken;
        let stored = core::mem::take(&mut self.stored).into_iter().collect();
        Some(Message::Ack { taken: self.taken, stored })
    }

    fn has_room(&self) -> bool {
        self.sent - self.sent_confirmed < limits::SYNC_WINDOW as u64
    }

    fn lacks(&self, held: &Held) -> bool {
        self.heads.get(&held.seat).is_none_or(|head| head.has < held.last)
    }

    fn send_log(
        &mut self,
        own: SeatId,
        log: &[Held],
        came: &LiteMap<usize, Time>,
        now: Time,
        out: &mut Vec<(SeatId, Message)>,
    ) {
        let before = self.sent;
        let mut parcel = Parcel::default();
        while self.has_room() {
            let Some(place) = self.next_place(log, came, now) else { break };
            let Some(held) = log.get(place) else { continue };
            self.heads.entry(held.seat).or_default().has = held.last;
            self.sent += held.bytes.len() as u64;
            parcel.add(place, &held.bytes);
        }
        let messages = parcel.close();
        // Joined, they are smaller.
        self.sent = before + messages.iter().flatten().map(|bytes| bytes.len() as u64).sum::<u64>();
        out.extend(messages.into_iter().map(|segments| (own, Message::Segments(segments))));
    }

    /// The next place in the log that the peer should be sent.
    fn next_place(
        &mut self,
        log: &[Held],
        came: &LiteMap<usize, Time>,
        now: Time,
    ) -> Option<usize> {
        while let Some((at, place)) = self.later.front().copied() {
            if at > now {
                break;
            }
            self.later.pop_front();
            let Some(held) = log.get(place).filter(|held| self.lacks(held)) else { continue };
            let head = self.heads.get(&held.seat).filter(|_| !self.forwarded.contains(&held.seat));
            let grew = head.and_then(|head| head.grew);
            match grew.map(|grew| grew + FORWARD_AFTER).filter(|at| *at > now) {
                // Whoever hears of it elsewhere, if slowly, is not told twice.
                Some(at) => self.put_off(log, (at, place)),
                None => return Some(place),
            }
        }
        while let Some(held) = log.get(self.cursor) {
            let place = self.cursor;
            self.cursor += 1;
            if !self.lacks(held) {
                continue;
            }
            match came.get(&place).filter(|_| !self.forwarded.contains(&held.seat)) {
                Some(came) => self.later.push_back((*came + FORWARD_AFTER, place)),
                // Not before what is held back of the same seat.
                None if self.holds_back(log, held.seat) => self.later.push_back((now, place)),
                None => return Some(place),
            }
        }
        None
    }

    /// What is held back of some seats is due now.
    fn hold_no_longer(&mut self, log: &[Held], of: &dyn Fn(SeatId) -> bool) {
        let (now, later) = self.take_later(log, of);
        self.later = now.into_iter().map(|(_, place)| (Time(0), place)).chain(later).collect();
    }

    /// Holds back a place for longer, and all that are held back of the same seat: they go in order.
    fn put_off(&mut self, log: &[Held], (at, place): (Time, usize)) {
        let Some(held) = log.get(place) else { return };
        let (same, others) = self.take_later(log, &|seat| seat == held.seat);
        self.later.extend(others);
        self.later.push_back((at, place));
        self.later.extend(same.into_iter().map(|(due, place)| (due.max(at), place)));
    }

    /// What is held back of some seats, and of the others.
    fn take_later(&mut self, log: &[Held], of: &dyn Fn(SeatId) -> bool) -> (Places, Places) {
        let of = |(_, place): &(Time, usize)| log.get(*place).is_some_and(|held| of(held.seat));
        self.later.drain(..).partition(of)
    }

    fn holds_back(&self, log: &[Held], seat: SeatId) -> bool {
        let of = |(_, place): &(Time, usize)| log.get(*place).is_some_and(|held| held.seat == seat);
        self.later.iter().any(of)
    }
}

/// Places in the log, and until when they are held back.
type Places = Vec<(Time, usize)>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Writer;

    const ME: SeatId = SeatId([1; 32]);
    const YOU: SeatId = SeatId([2; 32]);

    /// A segment of about this size; entry `last` of a seat, and not to be joined with others.
    fn held(seat: SeatId, last: u64, size: usize) -> Held {
        let mut w = Writer::new();
        w.u8(1).put(&seat).varint(2 * last).raw(&[0; 32]).varint(1);
        let entry = size.saturating_sub(w.len() + 64 + 3).max(1);
        let bytes = w.bytes(&vec![0; entry]).raw(&[0; 64]).since(0).into();
        Held { seat, last, bytes }
    }

    fn ready(heads: &[(SeatId, u64)]) -> Sync {
        let mut sync = Sync::default();
        sync.add_peer(YOU);
        sync.hello(YOU, [7; 16], heads);
        sync
    }

    fn segments(out: &[(SeatId, Message)]) -> usize {
        out.iter().map(|(_, m)| if let Message::Segments(s) = m { s.len() } else { 0 }).sum()
    }

    #[test]
    fn only_what_the_peer_lacks_is_sent_and_only_once() {
        let log = [held(ME, 1, 10), held(ME, 2, 10), held(ME, 3, 10)];
        let mut sync = ready(&[(ME, 1)]);
        assert_eq!(segments(&sync.pump(&log, Time(0), |_| true)), 2);
        assert_eq!(segments(&sync.pump(&log, Time(0), |_| true)), 0);
    }

    #[test]
    fn nothing_is_sent_to_whom_may_not_read() {
        let mut sync = ready(&[]);
        assert_eq!(segments(&sync.pump(&[held(ME, 1, 10)], Time(0), |_| false)), 0);
        assert_eq!(segments(&sync.pump(&[held(ME, 1, 10)], Time(0), |_| true)), 1);
    }

    #[test]
    fn the_window_stops_the_sender_until_it_is_confirmed() {
        let log: Vec<Held> = (1..=100).map(|n| held(ME, n, limits::SYNC_WINDOW / 8)).collect();
        let mut sync = ready(&[]);
        assert_eq!(segments(&sync.pump(&log, Time(0), |_| true)), 8);
        assert_eq!(segments(&sync.pump(&log, Time(0), |_| true)), 0);
        sync.confirmed(YOU, limits::SYNC_WINDOW as u64 / 2);
        assert_eq!(segments(&sync.pump(&log, Time(0), |_| true)), 4);
    }

    #[test]
    fn what_others_wrote_is_forwarded_only_when_it_did_not_come_by_itself() {
        let third = SeatId([3; 32]);
        let log = [held(third, 1, 10), held(third, 2, 10)];
        let mut sync = ready(&[]);
        sync.came_from_peer(0, Time(100));
        sync.came_from_peer(1, Time(100));
        assert_eq!(segments(&sync.pump(&log, Time(100), |_| true)), 0);
        sync.has(YOU, third, 1, Time(0));
        let due = sync.poll_timeout().unwrap();
        assert_eq!(segments(&sync.pump(&log, due, |_| true)), 1);
    }

    #[test]
    fn nothing_is_forwarded_to_who_hears_of_it_slowly() {
        let (third, fourth) = (SeatId([3; 32]), SeatId([4; 32]));
        let log = [held(third, 1, 10), held(third, 2, 10), held(fourth, 1, 10), held(third, 3, 10)];
        let mut sync = ready(&[]);
        (0..4).for_each(|place| sync.came_from_peer(place, Time(100)));
        let sent = |sync: &mut Sync, now| {
            let out = sync.pump(&log, now, |_| true);
            segments(&out)
        };
        assert_eq!(sent(&mut sync, Time(100)), 0);
        sync.has(YOU, third, 1, Time(500));
        let due = sync.poll_timeout().unwrap();
        assert_eq!(due, Time(100) + FORWARD_AFTER);
        assert_eq!(sent(&mut sync, due), 1, "what the fourth wrote did not come");
        sync.has(YOU, third, 2, Time(900));
        assert_eq!(sent(&mut sync, Time(500) + FORWARD_AFTER), 0);
        assert_eq!(sent(&mut sync, Time(900) + FORWARD_AFTER), 1, "it stopped after the second");
    }

    #[test]
    fn what_somebody_wrote_who_left_is_forwarded_at_once() {
        let (third, fourth) = (SeatId([3; 32]), SeatId([4; 32]));
        let log = [held(fourth, 1, 10), held(third, 1, 10), held(third, 2, 10), held(third, 3, 10)];
        let mut sync = ready(&[]);
        (0..3).for_each(|place| sync.came_from_peer(place, Time(100)));
        sync.has(YOU, third, 1, Time(100));
        assert_eq!(segments(&sync.pump(&log[..3], Time(100), |_| true)), 0);
        sync.came_from_peer(3, Time(110));
        sync.clear_peer(third, &log);
        assert_eq!(segments(&sync.pump(&log, Time(120), |_| true)), 2);
    }

    #[test]
    fn what_a_peer_does_not_hear_itself_is_forwarded_at_once_until_it_does() {
        let third = SeatId([3; 32]);
        let log = [held(third, 1, 10), held(third, 2, 10), held(third, 3, 10)];
        let mut sync = ready(&[]);
        sync.came_from_peer(0, Time(100));
        assert_eq!(segments(&sync.pump(&log[..1], Time(100), |_| true)), 0);
        sync.forward(YOU, &[third], &log[..1]);
        assert_eq!(segments(&sync.pump(&log[..1], Time(110), |_| true)), 1);
        sync.came_from_peer(1, Time(120));
        assert_eq!(segments(&sync.pump(&log[..2], Time(120), |_| true)), 1);
        sync.forward(YOU, &[], &log[..2]);
        sync.came_from_peer(2, Time(130));
        assert_eq!(segments(&sync.pump(&log, Time(130), |_| true)), 0);
    }

    #[test]
    fn a_peer_is_told_whom_we_do_not_hear_and_when_we_do() {
        let third = SeatId([3; 32]);
        let mut sync = ready(&[]);
        let told = |sync: &mut Sync| sync.pump(&[], Time(0), |_| true);
        sync.rely(YOU, third);
        sync.rely(YOU, third);
        assert!(sync.relies(third));
        assert_eq!(told(&mut sync), [(YOU, Message::Forward(vec![third]))]);
        assert_eq!(told(&mut sync), []);
        sync.add_peer(third);
        assert!(!sync.relies(third));
        assert_eq!(told(&mut sync), [(YOU, Message::Forward(Vec::new()))]);
    }

    #[test]
    fn one_peer_is_asked_for_a_seat_the_last_one_that_needed_it() {
        let (third, fourth) = (SeatId([3; 32]), SeatId([4; 32]));
        let mut sync = ready(&[]);
        sync.add_peer(fourth);
        sync.hello(fourth, [8; 16], &[]);
        let asked = |peer: SeatId, seats: &[SeatId]| (peer, Message::Forward(seats.to_vec()));
        sync.rely(YOU, third);
        sync.pump(&[], Time(0), |_| true);
        sync.rely(fourth, third);
        let told = sync.pump(&[], Time(0), |_| true);
        assert_eq!(told, [asked(YOU, &[]), asked(fourth, &[third])]);
    }

    #[test]
    fn what_is_held_back_goes_before_what_came_after() {
        let third = SeatId([3; 32]);
        let log = [held(third, 1, 10), held(third, 2, 10)];
        let mut sync = ready(&[]);
        sync.came_from_peer(0, Time(100));
        assert_eq!(segments(&sync.pump(&log[..1], Time(100), |_| true)), 0);
        // Nothing tells when the second came.
        assert_eq!(segments(&sync.pump(&log, Time(200), |_| true)), 0);
        let out = sync.pump(&log, Time(100) + FORWARD_AFTER, |_| true);
        assert_eq!(segments(&out), 2);
    }

    #[test]
    fn a_list_that_says_nothing_new_costs_nothing() {
        let third = SeatId([3; 32]);
        let log = [held(third, 1, 10)];
        let mut sync = ready(&[]);
        sync.came_from_peer(0, Time(100));
        sync.pump(&log, Time(100), |_| true);
        assert_eq!(sync.forward(YOU, &[SeatId([5; 32])], &log), 1);
        assert_eq!(sync.forward(YOU, &[SeatId([5; 32])], &log), 0);
    }

    #[test]
    fn a_full_window_asks_for_no_time() {
        let third = SeatId([3; 32]);
        let log: Vec<Held> = (1..=10).map(|n| held(third, n, limits::SYNC_WINDOW / 4)).collect();
        let mut sync = ready(&[]);
        for place in 0..log.len() {
            sync.came_from_peer(place, Time(0));
        }
        sync.pump(&log, Time(0), |_| true);
        let due = sync.poll_timeout().unwrap();
        assert_eq!(segments(&sync.pump(&log, due, |_| true)), 4);
        assert_eq!(sync.poll_timeout(), Some(due + STALLED));
        sync.confirmed(YOU, limits::SYNC_WINDOW as u64);
        assert_eq!(segments(&sync.pump(&log, due, |_| true)), 4);
    }

    #[test]
    fn acknowledgements_gather() {
        let mut sync = ready(&[]);
        sync.taken(YOU, 10, Time(0));
        sync.stored(ME, 4, Time(5));
        assert!(sync.pump(&[], Time(50), |_| true).is_empty());
        let due = sync.poll_timeout().unwrap();
        let ack = Message::Ack { taken: 10, stored: vec![(ME, 4)] };
        assert_eq!(sync.pump(&[], due, |_| true), vec![(YOU, ack)]);
    }

    #[test]
    fn what_is_stored_before_a_peer_says_hello_is_told_when_it_does() {
        let mut sync = Sync::default();
        sync.add_peer(YOU);
        sync.stored(ME, 4, Time(5));
        assert!(sync.pump(&[], Time(200), |_| true).is_empty());
        assert_eq!(sync.poll_timeout(), None, "it waits for the hello, not for time");
        sync.hello(YOU, [7; 16], &[]);
        let ack = Message::Ack { taken: 0, stored: vec![(ME, 4)] };
        assert_eq!(sync.pump(&[], Time(210), |_| true), vec![(YOU, ack)]);
    }

    #[test]
    fn who_confirms_nothing_for_long_is_named() {
        let mut sync = ready(&[]);
        let log = [held(ME, 1, limits::SYNC_WINDOW), held(ME, 2, 10)];
        sync.pump(&log, Time(5), |_| true);
        assert_eq!(sync.stalled(Time(5)), None);
        assert_eq!(sync.stalled(Time(5) + STALLED), Some(YOU));
        sync.confirmed(YOU, 1);
        assert_eq!(sync.stalled(Time(5) + STALLED), None);
    }

    #[test]
    fn what_was_given_twice_and_more_than_the_window_are_noticed() {
        let mut sync = ready(&[(ME, 2)]);
        assert_eq!(sync.gave(YOU, ME, 2), Gift::Old);
        assert_eq!(sync.gave(YOU, ME, 2), Gift::Again);
        assert_eq!(sync.gave(YOU, ME, 3), Gift::New);
        assert!(sync.received(YOU, limits::SYNC_WINDOW - 1));
        assert!(sync.received(YOU, limits::SYNC_MESSAGE), "the last may be too large");
        assert!(!sync.received(YOU, 1));
    }
}
