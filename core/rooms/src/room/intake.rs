//! What comes from peers: messages are read at once, segments in turns, so that nobody who sends
//! much keeps the others waiting. Limits by rate only slow down reading: a peer's window opens
//! when what it sent was looked at.

use super::admit::PATIENCE;
use super::conduct::segment_cost;
use super::{Room, Source};
use crate::ledger::{Offer, Reason, Segment};
use crate::presence::Live;
use crate::sync::{Gift, Message};
use covey_wire::frame::{DecodeError, Wire};
use covey_wire::id::{Hash, Head, SeatId, ShortHash};
use covey_wire::limits;
use covey_wire::net::Class;
use covey_wire::time::Time;

impl Room {
    /// A message came from a seat.
    pub fn frame(&mut self, seat: SeatId, class: Class, bytes: &[u8], now: Time) {
        if !self.peers.contains_key(&seat) {
            return;
        }
        #[cfg(feature = "misbehave")]
        if self.misbehaving.ignores(class, bytes) {
            return;
        }
        match class {
            Class::Sync => match Message::from_bytes(bytes) {
                Ok(message) => self.sync_message(seat, message, now),
                Err(error) => self.unread(seat, error, bytes.len(), now),
            },
            Class::Live => match Live::from_bytes(bytes) {
                Ok(live) => self.live(seat, live, now),
                Err(error) => self.unread(seat, error, bytes.len(), now),
            },
            // A newer page knows what these say.
            Class::Call | Class::Blob => self.unread(seat, DecodeError::Unknown, bytes.len(), now),
        }
    }

    /// A message could not be read. One that a newer version knows is ignored, but costs attention.
    fn unread(&mut self, seat: SeatId, error: DecodeError, length: usize, now: Time) {
        if error != DecodeError::Unknown {
            return self.offend(seat, "malformed", now);
        }
        self.count_as("newer");
        let units = u32::try_from(length / limits::LIVE_UNIT).unwrap_or(u32::MAX);
        self.charge_attention(seat, units.saturating_add(1), now);
    }

    /// Takes segments into the peer's inbox.
    pub(super) fn receive(&mut self, seat: SeatId, segments: Vec<Vec<u8>>, now: Time) {
        if !segments.iter().all(|segment| self.sync.received(seat, segment.len())) {
            return self.offend(seat, "window", now);
        }
        if let Some(peer) = self.peers.get_mut(&seat) {
            peer.conduct.put(segments, now);
            // Among them may be its admission.
            peer.doubt = peer.doubt.map(|_| now + PATIENCE);
        }
    }

    /// Looks at as many segments as one turn bears, one of each peer after the other.
    pub(super) fn take_turn(&mut self, now: Time) {
        let mut left = limits::TURN;
        while left > 0 {
            let Some((seat, bytes)) = self.next_segment(now) else { break };
            let cost = self.take_segment(seat, &bytes, now);
            left = left.saturating_sub(cost);
        }
        if left < limits::TURN {
            self.route(Source::Peer, now);
        }
    }

    /// The next segment of whoever comes after the one read last.
    fn next_segment(&mut self, now: Time) -> Option<(SeatId, Vec<u8>)> {
        let last = self.read_last;
        let (before, after): (Vec<_>, Vec<_>) = self.peers.keys().partition(|seat| **seat <= last);
        after.into_iter().chain(before).find_map(|seat| {
            let wanted = self.ledger.waits_for(seat);
            let bytes = self.peers.get_mut(&seat)?.conduct.next_segment(wanted, now)?;
            self.read_last = seat;
            Some((seat, bytes))
        })
    }

    /// Offers one segment to the log; tells what it cost, in entries.
    fn take_segment(&mut self, seat: SeatId, bytes: &[u8], now: Time) -> u32 {
        self.sync.taken(seat, bytes.len(), now);
        let segment = match Segment::from_bytes(bytes) {
            Ok(segment) => segment,
            Err(error) => {
                self.unread(seat, error, bytes.len(), now);
                return segment_cost(0, bytes.len());
            }
        };
        let entries = segment.entries.len();
        let cost = segment_cost(entries, bytes.len());
        let (author, last) = (segment.seat, segment.last());
        // Of a seat with several histories the number does not tell which it is.
        let closed = self.ledger.is_closed(author);
        let line = (author, ShortHash::default());
        let mut gift = if closed { Gift::New } else { self.sync.gave(seat, line, last) };
        let hash = segment.hashes(self.identity.room).last().map(Hash::short);
        let head = Head { seat: author, seq: last, hash: hash.unwrap_or_default() };
        if gift == Gift::Again && self.ledger.has(&head) {
            self.count_as("useless");
            self.strike(seat, now);
            return cost;
        }
        if gift == Gift::Again {
            // Another history of its seat, which whoever has both hands on behind the first.
            gift = Gift::New;
        }
        let member = self.member(seat).filter(|member| self.ledger.standing(*member).is_some());
        let offer = self.ledger.offer_from(seat, member, bytes);
        self.rely(seat, author, gift, offer);
        match offer {
            Offer::Accepted(_) | Offer::Known | Offer::Newer | Offer::Waiting(_) if !closed => {
                self.sync.has(seat, line, last, now);
            }
            Offer::Accepted(_) | Offer::Known | Offer::Newer | Offer::Waiting(_) => {
                let lines: Vec<_> = self.ledger.lines(&head).collect();
                for (line, seq) in lines {
                    self.sync.has(seat, (author, line), seq, now);
                }
            }
            Offer::Refused(reason) => {
                self.count(reason);
                self.refused_from(seat, author, reason, now);
            }
        }
        if gift == Gift::New {
            // A segment that is small on the wire may be large in memory. Only its author answers for it.
            let (account, size) = match offer {
                Offer::Accepted(size) => (author, size.max(bytes.len())),
                _ => (seat, bytes.len()),
            };
            self.charge(seat, account, (entries, size), now);
        }
        cost
    }

    /// Asks a peer to hand on at once what is written by whom we don't hear ourselves: held back as
    /// usual, it would keep everything waiting that builds on it.
    fn rely(&mut self, seat: SeatId, author: SeatId, gift: Gift, offer: Offer) {
        let on = match offer {
            // The peer that was asked so far does not have it, or not yet; or we have another history of it.
            Offer::Waiting(on) => {
                let other = self.ledger.held(on.seat) >= on.seq;
                Some(on.seat).filter(|on| other || !self.peers.contains_key(on))
            }
            Offer::Accepted(_) => Some(author).filter(|on| {
                gift == Gift::New && !self.sync.relies(*on) && !self.peers.contains_key(on)
            }),
            _ => None,
        };
        if let Some(on) = on.filter(|on| *on != self.seat) {
            self.sync.rely(seat, on);
        }
    }

    /// Whoever wrote entries answers for them, not who hands them on, unless there is too much of
    /// them.
    fn charge(
        &mut self,
        seat: SeatId,
        author: SeatId,
        (entries, bytes): (usize, usize),
        now: Time,
    ) {
        let owes_little = |peer: &mut super::Peer| peer.conduct.owes_little(now);
        let answers = self.peers.get_mut(&author).is_some_and(owes_little);
        let account = if answers { author } else { seat };
        if let Some(peer) = self.peers.get_mut(&account) {
            peer.conduct.charge(entries, bytes, now);
        }
    }

    /// A peer sent what is not admissible. The causes of an entry are named by hash, so its author can't be
    /// mistaken about what it signed; whoever hands something on may have checked it by keys that it has and
    /// we don't, and what is refused for want of room is nobody's fault.
    fn refused_from(&mut self, seat: SeatId, author: SeatId, reason: Reason, now: Time) {
        if reason.ends_connection() {
            self.cut_off(seat, now);
        } else if author == seat && reason.is_authors_fault() {
            self.strike(seat, now);
        }
    }

    /// Sends those away who neither say hello nor read nor have a right to be here, and hears what
    /// had to wait.
    pub(super) fn watch(&mut self, now: Time) {
        self.greet_silent(now);
        let silent = |(seat, peer): (&SeatId, &super::Peer)| {
            (!self.sync.greeted(*seat) && peer.conduct.hello_due() <= now).then_some(*seat)
        };
        for seat in self.peers.iter().filter_map(silent).collect::<Vec<_>>() {
            self.send_away(seat, "silent");
        }
        let doubted = |(seat, peer): (&SeatId, &super::Peer)| {
            peer.doubt.is_some_and(|due| due <= now).then_some(*seat)
        };
        for seat in self.peers.iter().filter_map(doubted).collect::<Vec<_>>() {
            self.judge(seat, now);
        }
        while let Some(seat) = self.sync.stalled(now) {
            self.send_away(seat, "stalled");
        }
        self.late_live(now);
    }

    /// When a peer wants to be looked at.
    pub(super) fn intake_timeout(&self) -> Option<Time> {
        let each = self.peers.iter().flat_map(|(seat, peer)| {
            let hello = (!self.sync.greeted(*seat)).then(|| peer.conduct.hello_due());
            let greeting = (!peer.greeted).then(|| peer.conduct.greeting_due());
            [hello, greeting, peer.doubt, peer.conduct.poll_timeout()]
        });
        each.flatten().min()
    }
}
