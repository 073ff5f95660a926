//! Where one peer stands: what it has, what it is sent and what is held back from it.

use std::collections::VecDeque;

use litemap::LiteMap;

use super::FORWARD_AFTER;
use super::message::{Installation, Message};
use super::parcel::Parcel;
use crate::ledger::{Held, Line};
use covey_wire::id::SeatId;
use covey_wire::limits;
use covey_wire::sorted::{SortedMap, SortedSet};
use covey_wire::time::Instant;

/// How far one seat's entries are with a peer.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Extent {
    /// What it has, as far as it said or was sent it.
    pub(super) has: u64,
    /// What it said in its hello.
    pub(super) announced: u64,
    /// What it sent.
    pub(super) received: u64,
    /// Of that, what it sent twice.
    pub(super) received_again: u64,
    /// The entry up to which its disk has all, as it says.
    pub(super) stored: u64,
    /// When it last said that it has more.
    pub(super) grew_at: Option<Instant>,
}

/// Where one peer stands.
#[derive(Debug, Default)]
pub(super) struct Peer {
    pub(super) installation: Option<Installation>,
    pub(super) heads: SortedMap<Line, Extent>,
    /// How far in the log everything was sent or held back.
    pub(super) cursor: usize,
    /// Held back until then: places in the log.
    pub(super) later: VecDeque<(Instant, usize)>,
    /// Seats it does not hear itself: nothing they write is held back.
    pub(super) forwarded: SortedSet<SeatId>,
    /// Seats we hear only from it, as far as we know, and whether it is not told of them yet.
    pub(super) asked: SortedSet<SeatId>,
    pub(super) asked_changed: bool,
    pub(super) sent: u64,
    pub(super) sent_confirmed: u64,
    /// Since when the window is full and nothing was confirmed.
    pub(super) full_since: Option<Instant>,
    pub(super) received: u64,
    pub(super) taken: u64,
    pub(super) taken_confirmed: u64,
    /// Entries to be acknowledged.
    pub(super) stored: SortedMap<Line, u64>,
    pub(super) ack_at: Option<Instant>,
    /// Whether the peer might read when it was last looked at.
    pub(super) may_read: bool,
    /// Whether the peer could be sent more when it was last looked at.
    pub(super) ready: bool,
}

impl Peer {
    pub(super) fn ack_by(&mut self, at: Instant) {
        self.ack_at = Some(self.ack_at.map_or(at, |old| old.min(at)));
    }

    /// The acknowledgement that is due now: the disk's entries are told only to peers that may read.
    pub(super) fn ack(
        &mut self,
        may_read: bool,
        head: impl Fn(Line, u64) -> Option<covey_wire::id::Head>,
        now: Instant,
    ) -> Option<Message> {
        if self.ack_at.is_none_or(|at| at > now) {
            return None;
        }
        self.ack_at = None;
        self.taken_confirmed = self.taken;
        let stored = if may_read { core::mem::take(&mut self.stored) } else { SortedMap::new() };
        let stored = stored.into_iter().filter_map(|(line, seq)| head(line, seq)).collect();
        Some(Message::Ack { taken: self.taken, stored })
    }

    pub(super) fn has_room(&self) -> bool {
        self.sent - self.sent_confirmed < limits::SYNC_WINDOW as u64
    }

    fn lacks(&self, held: &Held) -> bool {
        self.heads.get(&(held.seat, held.line)).is_none_or(|head| head.has < held.last)
    }

    pub(super) fn send_log(
        &mut self,
        own: SeatId,
        log: &[Held],
        arrived: &LiteMap<usize, Instant>,
        now: Instant,
        out: &mut Vec<(SeatId, Message)>,
    ) {
        let before = self.sent;
        let mut parcel = Parcel::default();
        while self.has_room() {
            let Some(place) = self.next_place(log, arrived, now) else { break };
            let Some(held) = log.get(place) else { continue };
            self.heads.or_default((held.seat, held.line)).has = held.last;
            self.sent += held.bytes.len() as u64;
            parcel.add(place, held);
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
        arrived: &LiteMap<usize, Instant>,
        now: Instant,
    ) -> Option<usize> {
        while let Some((at, place)) = self.later.front().copied() {
            if at > now {
                break;
            }
            self.later.pop_front();
            let Some(held) = log.get(place).filter(|held| self.lacks(held)) else { continue };
            let head = self.heads.get(&(held.seat, held.line));
            let head = head.filter(|_| !self.forwarded.contains(&held.seat));
            let grew = head.and_then(|head| head.grew_at);
            match grew.map(|grew| grew + FORWARD_AFTER).filter(|at| *at > now) {
                // Whoever hears of it elsewhere, if slowly, is not told twice.
                Some(at) => self.postpone(log, (at, place)),
                None => return Some(place),
            }
        }
        while let Some(held) = log.get(self.cursor) {
            let place = self.cursor;
            self.cursor += 1;
            if !self.lacks(held) {
                continue;
            }
            match arrived.get(&place).filter(|_| !self.forwarded.contains(&held.seat)) {
                Some(arrived) => self.later.push_back((*arrived + FORWARD_AFTER, place)),
                // Not before what is held back of the same seat.
                None if self.holds_back(log, held.seat) => self.later.push_back((now, place)),
                None => return Some(place),
            }
        }
        None
    }

    /// What is held back of some seats is due now.
    pub(super) fn release(&mut self, log: &[Held], of: &dyn Fn(SeatId) -> bool) {
        let (now, later) = self.drain_later(log, of);
        self.later = now.into_iter().map(|(_, place)| (Instant(0), place)).chain(later).collect();
    }

    /// Holds back a place for longer, and all that are held back of the same seat: they go in order.
    fn postpone(&mut self, log: &[Held], (at, place): (Instant, usize)) {
        let Some(held) = log.get(place) else { return };
        let (same, others) = self.drain_later(log, &|seat| seat == held.seat);
        self.later.extend(others);
        self.later.push_back((at, place));
        self.later.extend(same.into_iter().map(|(due, place)| (due.max(at), place)));
    }

    /// What is held back of some seats, and of the others.
    fn drain_later(&mut self, log: &[Held], of: &dyn Fn(SeatId) -> bool) -> (Places, Places) {
        let of = |(_, place): &(Instant, usize)| log.get(*place).is_some_and(|held| of(held.seat));
        self.later.drain(..).partition(of)
    }

    fn holds_back(&self, log: &[Held], seat: SeatId) -> bool {
        let of =
            |(_, place): &(Instant, usize)| log.get(*place).is_some_and(|held| held.seat == seat);
        self.later.iter().any(of)
    }
}

/// Places in the log, and until when they are held back.
type Places = Vec<(Instant, usize)>;
