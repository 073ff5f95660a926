//! How two peers bring their logs level: `/covey/sync/1`.
//!
//! ```text
//!   hello:    version 1 │ 0 │ room │ installation │ own first segment │ own claim, or none │ heads
//!   segments: version 1 │ 1 │ segment…             in causal order, within the window
//!   ack:      version 1 │ 2 │ bytes taken so far │ heads the disk has
//!   refusal:  version 1 │ 3 │ reason
//!   goodbye:  version 1 │ 4
//! ```

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::frame::{DecodeError, Reader, Wire, Writer};
use crate::id::{RoomId, SeatId};
use crate::identity::Signed;
use crate::ledger::Held;
use crate::limits;
use crate::roster::Claim;
use crate::time::Time;

const VERSION: u8 = 1;
/// Segments gather in one message up to this size, so that a long catch-up never blocks a
/// keystroke behind one large message.
const BATCH: usize = 64 << 10;
/// How long what a third peer wrote is held back: usually it goes there by itself.
const FORWARD_AFTER: Duration = Duration::from_millis(750);
/// Acknowledgements gather this long.
const ACK_AFTER: Duration = Duration::from_millis(100);
/// Unless this much came since the last one: the sender's window must not run dry.
const ACK_BYTES: u64 = limits::SYNC_WINDOW as u64 / 4;

/// A person's random mark of one browser profile: a second tab of it is no second copy.
pub type Installation = [u8; 16];

/// Why a peer wants nothing to do with us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Not this room.
    Room = 0,
    /// No valid right to be here, or not any more.
    Right = 1,
}

/// A message between two peers of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// The first message in each direction.
    Hello {
        /// Which room.
        room: RoomId,
        /// Which browser profile.
        installation: Installation,
        /// The sender's first segment: by what right it is here.
        entrance: Vec<u8>,
        /// The link it came by, for whoever has not heard of its admission.
        claim: Option<Box<Signed<Claim>>>,
        /// What the sender has of each seat.
        heads: Vec<(SeatId, u64)>,
    },
    /// Encoded segments, each after what it builds on.
    Segments(Vec<Vec<u8>>),
    /// What arrived.
    Ack {
        /// Bytes of segments taken since the hello: opens the sender's window.
        taken: u64,
        /// What is safely stored, where that changed.
        stored: Vec<(SeatId, u64)>,
    },
    /// The end: nothing will be answered.
    Refused(Refusal),
    /// The page is being closed; everything before this was sent.
    Goodbye,
}

fn write_heads(w: &mut Writer, heads: &[(SeatId, u64)]) {
    w.varint(heads.len() as u64);
    for (seat, seq) in heads {
        w.put(seat).varint(*seq);
    }
}

fn read_heads(r: &mut Reader<'_>) -> Result<Vec<(SeatId, u64)>, DecodeError> {
    let mut heads = Vec::new();
    for _ in 0..r.count(limits::SEATS)? {
        heads.push((r.take()?, r.varint()?));
    }
    Ok(heads)
}

impl Wire for Message {
    fn write(&self, w: &mut Writer) {
        w.u8(VERSION);
        match self {
            Message::Hello { room, installation, entrance, claim, heads } => {
                w.u8(0).put(room).raw(installation).bytes(entrance);
                match claim {
                    None => w.u8(0),
                    Some(claim) => w.u8(1).put(claim.as_ref()),
                };
                write_heads(w, heads);
            }
            Message::Segments(segments) => {
                w.u8(1).varint(segments.len() as u64);
                for segment in segments {
                    w.bytes(segment);
                }
            }
            Message::Ack { taken, stored } => {
                w.u8(2).varint(*taken);
                write_heads(w, stored);
            }
            Message::Refused(refusal) => {
                w.u8(3).u8(*refusal as u8);
            }
            Message::Goodbye => {
                w.u8(4);
            }
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if r.u8()? != VERSION {
            return Err(DecodeError::Unknown);
        }
        Ok(match r.u8()? {
            0 => Message::Hello {
                room: r.take()?,
                installation: r.array()?,
                entrance: r.bytes(limits::ENTRANCE)?.to_vec(),
                claim: match r.u8()? {
                    0 => None,
                    1 => Some(Box::new(r.take()?)),
                    _ => return Err(DecodeError::Unknown),
                },
                heads: read_heads(r)?,
            },
            1 => {
                let mut segments = Vec::new();
                for _ in 0..r.count(limits::SEGMENTS)? {
                    segments.push(r.bytes(limits::SYNC_MESSAGE)?.to_vec());
                }
                Message::Segments(segments)
            }
            2 => Message::Ack { taken: r.varint()?, stored: read_heads(r)? },
            3 => Message::Refused(match r.u8()? {
                0 => Refusal::Room,
                1 => Refusal::Right,
                _ => return Err(DecodeError::Unknown),
            }),
            4 => Message::Goodbye,
            _ => return Err(DecodeError::Unknown),
        })
    }
}

/// Where one peer stands.
#[derive(Debug, Default)]
struct Peer {
    installation: Option<Installation>,
    /// What the peer has, as far as it said or was sent it.
    has: BTreeMap<SeatId, u64>,
    /// How far in the log everything was sent or held back.
    cursor: usize,
    /// Held back until then: places in the log.
    later: VecDeque<(Time, usize)>,
    sent: u64,
    sent_confirmed: u64,
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
    peers: BTreeMap<SeatId, Peer>,
    /// When a log item came from a peer; nothing for one's own and what the disk gave.
    came: BTreeMap<usize, Time>,
}

impl Sync {
    /// A peer can be sent to.
    pub fn add_peer(&mut self, seat: SeatId) {
        self.peers.insert(seat, Peer::default());
    }

    /// Forgets a peer.
    pub fn clear_peer(&mut self, seat: SeatId) {
        self.peers.remove(&seat);
    }

    /// Takes a peer's hello.
    pub fn hello(&mut self, seat: SeatId, installation: Installation, heads: &[(SeatId, u64)]) {
        let Some(peer) = self.peers.get_mut(&seat) else { return };
        peer.installation = Some(installation);
        peer.has = heads.iter().copied().collect();
        peer.cursor = 0;
        peer.later.clear();
    }

    /// Whether the peer said hello.
    pub fn greeted(&self, seat: SeatId) -> bool {
        self.installation(seat).is_some()
    }

    /// The browser profile of a peer that said hello.
    pub fn installation(&self, seat: SeatId) -> Option<Installation> {
        self.peers.get(&seat)?.installation
    }

    /// Bytes of segments came from a peer.
    pub fn taken(&mut self, seat: SeatId, bytes: usize, now: Time) {
        let Some(peer) = self.peers.get_mut(&seat) else { return };
        peer.taken += bytes as u64;
        let hurry = peer.taken - peer.taken_confirmed >= ACK_BYTES;
        peer.ack_by(if hurry { now } else { now + ACK_AFTER });
    }

    /// A peer sent or confirmed what it has of a seat.
    pub fn has(&mut self, peer: SeatId, seat: SeatId, seq: u64) {
        if let Some(peer) = self.peers.get_mut(&peer)
            && (peer.has.len() < limits::SEATS || peer.has.contains_key(&seat))
        {
            let has = peer.has.entry(seat).or_default();
            *has = (*has).max(seq);
        }
    }

    /// A peer confirmed how many bytes it took.
    pub fn confirmed(&mut self, seat: SeatId, taken: u64) {
        if let Some(peer) = self.peers.get_mut(&seat) {
            peer.sent_confirmed = taken.min(peer.sent).max(peer.sent_confirmed);
        }
    }

    /// A place in the log was filled by a peer.
    pub fn came_from_peer(&mut self, place: usize, now: Time) {
        self.came.insert(place, now);
    }

    /// The disk has a seat's entries up to `seq`: everyone will be told.
    pub fn stored(&mut self, seat: SeatId, seq: u64, now: Time) {
        for peer in self.peers.values_mut().filter(|peer| peer.installation.is_some()) {
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
            if let Some(ack) = peer.ack(now) {
                out.push((*seat, ack));
            }
            peer.ready = may_read(*seat);
            if peer.ready {
                peer.send_log(*seat, log, &self.came, now, &mut out);
                peer.ready = peer.has_room();
            }
        }
        out
    }

    /// When the next message is due by time alone.
    pub fn poll_timeout(&self) -> Option<Time> {
        let due = |peer: &Peer| {
            // What can't be sent yet waits for an acknowledgement or an admission, not for time.
            let later = peer.later.front().filter(|_| peer.ready).map(|(at, _)| *at);
            [peer.ack_at, later].into_iter().flatten().min()
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
        self.has.get(&held.seat).is_none_or(|has| *has < held.last)
    }

    fn send_log(
        &mut self,
        own: SeatId,
        log: &[Held],
        came: &BTreeMap<usize, Time>,
        now: Time,
        out: &mut Vec<(SeatId, Message)>,
    ) {
        let mut batch = Vec::new();
        let mut size = 0;
        while self.has_room() {
            let Some(place) = self.next_place(log, came, now) else { break };
            let Some(held) = log.get(place) else { continue };
            self.has.insert(held.seat, held.last);
            self.sent += held.bytes.len() as u64;
            if size > 0 && size + held.bytes.len() > BATCH {
                out.push((own, Message::Segments(core::mem::take(&mut batch))));
                size = 0;
            }
            size += held.bytes.len();
            batch.push(held.bytes.to_vec());
        }
        if !batch.is_empty() {
            out.push((own, Message::Segments(batch)));
        }
    }

    /// The next place in the log that the peer should be sent.
    fn next_place(
        &mut self,
        log: &[Held],
        came: &BTreeMap<usize, Time>,
        now: Time,
    ) -> Option<usize> {
        while let Some((at, place)) = self.later.front().copied() {
            if at > now {
                break;
            }
            self.later.pop_front();
            if log.get(place).is_some_and(|held| self.lacks(held)) {
                return Some(place);
            }
        }
        while let Some(held) = log.get(self.cursor) {
            let place = self.cursor;
            self.cursor += 1;
            if !self.lacks(held) {
                continue;
            }
            match came.get(&place) {
                Some(came) => self.later.push_back((*came + FORWARD_AFTER, place)),
                None => return Some(place),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ME: SeatId = SeatId([1; 32]);
    const YOU: SeatId = SeatId([2; 32]);

    fn held(seat: SeatId, last: u64, size: usize) -> Held {
        Held { seat, last, bytes: vec![0; size].into() }
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
        sync.has(YOU, third, 1);
        let due = sync.poll_timeout().unwrap();
        assert_eq!(segments(&sync.pump(&log, due, |_| true)), 1);
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
        assert_eq!(sync.poll_timeout(), None);
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
    fn messages_have_the_golden_form() {
        let hello = Message::Hello {
            room: RoomId([5; 32]),
            installation: [6; 16],
            entrance: vec![1, 2, 3],
            claim: None,
            heads: vec![(ME, 1), (YOU, 300)],
        };
        crate::golden::check("sync-hello.hex", &hello.to_bytes());
        let ack = Message::Ack { taken: 1000, stored: vec![(ME, 2)] };
        crate::golden::check("sync-ack.hex", &ack.to_bytes());
        let segments = Message::Segments(vec![vec![9; 3], vec![8; 2]]);
        crate::golden::check("sync-segments.hex", &segments.to_bytes());
        for message in [hello, ack, segments, Message::Refused(Refusal::Right), Message::Goodbye] {
            assert_eq!(Message::from_bytes(&message.to_bytes()), Ok(message));
        }
    }

    proptest! {
        #[test]
        fn hostile_bytes_are_only_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(message) = Message::from_bytes(&bytes) {
                prop_assert_eq!(message.to_bytes(), bytes);
            }
        }
    }
}
