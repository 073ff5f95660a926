//! What comes from peers: messages are read at once, segments in turns, so that nobody who sends
//! much keeps the others waiting. Limits by rate only slow down reading: a peer's window opens
//! when what it sent was read.

use super::Room;
use crate::broken::{Rule, is_broken};
use crate::call;
use crate::event::Event;
use crate::ledger::{Offer, Reason, Received};
use crate::live;
use crate::offence::Offence;
use crate::peers::segment_cost;
use crate::sync::{Message, Novelty};
use covey_wire::frame::{DecodeError, Wire};
use covey_wire::id::{Hash, Head, SeatId, ShortHash};
use covey_wire::limits;
use covey_wire::net::Class;

impl Room {
    /// A message came from a seat.
    pub(super) fn frame(&mut self, seat: SeatId, class: Class, bytes: &[u8]) {
        if !self.peers.has(seat) {
            return;
        }
        #[cfg(feature = "misbehave")]
        if self.misbehaving.ignores(class, bytes) {
            return;
        }
        match class {
            Class::Sync => match Message::from_bytes(bytes) {
                Ok(message) => self.sync_message(seat, message),
                Err(error) => self.unread(seat, error, bytes.len()),
            },
            Class::Live => match live::Message::from_bytes(bytes) {
                Ok(message) => self.live_message(seat, message),
                Err(error) => self.unread(seat, error, bytes.len()),
            },
            Class::Call => match call::Message::from_bytes(bytes) {
                Ok(message) => self.call_message(seat, message),
                Err(error) => self.unread(seat, error, bytes.len()),
            },
            // A newer page knows what it says.
            Class::Blob => self.unread(seat, DecodeError::Unknown, bytes.len()),
        }
    }

    /// A message cannot be read. One that a newer version knows is ignored, but costs attention.
    fn unread(&mut self, seat: SeatId, error: DecodeError, bytes: usize) {
        self.offend(
            seat,
            match error {
                DecodeError::Unknown => Offence::Newer(bytes),
                _ => Offence::Malformed,
            },
        );
    }

    fn offend(&mut self, seat: SeatId, offence: Offence) {
        self.peers.offend(&self.who(seat), offence, self.now.elapsed);
    }

    fn live_message(&mut self, seat: SeatId, message: live::Message) {
        let (who, now) = (self.who(seat), self.now.elapsed);
        self.peers.pay_attention(&who, message.cost(), now);
        if self.peers.has(seat) {
            self.live.message(&who, message, now);
        }
    }

    fn call_message(&mut self, seat: SeatId, message: call::Message) {
        let (who, now) = (self.who(seat), self.now.elapsed);
        self.peers.pay_attention(&who, message.cost(), now);
        if self.peers.has(seat) {
            self.call.message(&who, message, now);
        }
    }

    fn sync_message(&mut self, seat: SeatId, message: Message) {
        let (met, now) = (self.peers.is_met(seat), self.now.elapsed);
        match message {
            Message::Goodbye => self.peers.hang_up(seat),
            Message::Hello(sealed) if !met => self.meet(seat, &sealed),
            // Nobody is spoken to, or believed, before it has shown that it holds a link.
            Message::Hello(_) => self.offend(seat, Offence::Unexpected),
            _ if !met => self.offend(seat, Offence::Unexpected),
            Message::Segments(segments) => self.receive(seat, segments),
            Message::Ack { taken, stored } => {
                self.sync.confirmed(seat, taken);
                let has = self.replica.ledger().extents(&stored);
                for (line, seq) in &has {
                    self.sync.acknowledged(seat, *line, *seq, now);
                }
                self.acknowledged(seat, &has);
                self.charge_list(seat, stored.len());
            }
            Message::Forward(seats) => {
                let looked = self.sync.forward(seat, &seats, self.replica.ledger().log());
                self.charge_list(seat, seats.len() + looked);
            }
            Message::Again(heads) => {
                let ledger = self.replica.ledger();
                self.sync.again(seat, &ledger.extents(&heads));
                // Where it lacks nothing, only the ends of the log's segments are looked at.
                let length = heads.len() + ledger.log().len() / 64;
                self.charge_list(seat, length);
            }
            Message::Refused(_) => self.refused_by(seat),
        }
    }

    /// Takes the attention that a list costs.
    fn charge_list(&mut self, seat: SeatId, length: usize) {
        let cost = 1 + u32::try_from(length / 64).unwrap_or(u32::MAX);
        self.peers.pay_attention(&self.who(seat), cost, self.now.elapsed);
    }

    /// A peer wants nothing to do with us. Of a member, only members are believed.
    fn refused_by(&mut self, seat: SeatId) {
        let member = self.who(seat).standing.is_some();
        let believed = match self.replica.standing() {
            Some(_) => member,
            // A newcomer can't tell who it is; others may let it in.
            None => !self.peers.has_met_others(seat),
        };
        if believed || is_broken(Rule::Refusals) {
            self.refused_before |= self.replica.standing().is_none();
            self.emit(Event::NotAllowed);
        }
        self.peers.hang_up(seat);
    }

    /// Takes segments into the peer's inbox.
    fn receive(&mut self, seat: SeatId, segments: Vec<Vec<u8>>) {
        if segments.iter().all(|segment| self.sync.received(seat, segment.len())) {
            self.peers.put(seat, segments, self.now.elapsed);
        } else {
            self.offend(seat, Offence::Window);
        }
    }

    /// Reads as many segments as one turn bears, one of each peer after the other.
    pub(super) fn read_in_turn(&mut self) {
        let mut left = limits::TURN;
        while left > 0 {
            let ledger = self.replica.ledger();
            let wanted = |seat| ledger.waits_for(seat);
            let Some((seat, bytes)) = self.peers.next_segment(wanted, self.now.elapsed) else {
                break;
            };
            left = left.saturating_sub(self.read_segment(seat, bytes));
        }
        if left < limits::TURN {
            self.settle();
        }
    }

    /// Offers one segment to the log; tells what it cost, in entries.
    fn read_segment(&mut self, seat: SeatId, bytes: Vec<u8>) -> u32 {
        let (now, size) = (self.now.elapsed, bytes.len());
        self.sync.taken(seat, size, now);
        let received = match Received::read(bytes) {
            Ok(received) => received,
            Err(reason) => {
                match reason {
                    Reason::Newer => self.offend(seat, Offence::Newer(size)),
                    _ => self.offend(seat, Offence::Malformed),
                }
                return segment_cost(0, size);
            }
        };
        let segment = &received.segment;
        let entries = segment.entries.len();
        let cost = segment_cost(entries, size);
        let (author, last) = (segment.seat, segment.last());
        // Of a seat with several histories the number does not tell which it is.
        let closed = self.replica.ledger().is_closed(author);
        let line = (author, ShortHash::default());
        let novelty = if closed { Novelty::New } else { self.sync.note_received(seat, line, last) };
        let hash = segment.hashes(self.me.room).last().map(Hash::short);
        let head = Head { seat: author, seq: last, hash: hash.unwrap_or_default() };
        let who = self.who(seat);
        if novelty == Novelty::Repeated && self.replica.ledger().has(&head) {
            self.peers.offend(&who, Offence::Useless, now);
            return cost;
        }
        // Another history of its seat, which whoever has both hands on behind the first.
        let new = novelty != Novelty::Old;
        let member = who.member.filter(|_| who.standing.is_some());
        let offer = self.replica.offer(seat, member, &received);
        self.ask_to_forward(seat, author, new, offer);
        match offer {
            Offer::Accepted(_) | Offer::Known | Offer::Newer | Offer::Waiting(_) if !closed => {
                self.sync.note_has(seat, line, last, now);
            }
            Offer::Accepted(_) | Offer::Known | Offer::Newer | Offer::Waiting(_) => {
                for (line, seq) in self.replica.ledger().lines(&head) {
                    self.sync.note_has(seat, (author, line), seq, now);
                }
            }
            Offer::Refused(reason) => {
                self.peers.offend(&who, Offence::Refused(reason, author == seat), now);
            }
        }
        if new {
            // A segment that is small on the wire may be large in memory. Only its author answers for it.
            let (account, bytes) = match offer {
                Offer::Accepted(filled) => (author, filled.max(size)),
                _ => (seat, size),
            };
            self.peers.charge(seat, account, (entries, bytes), now);
        }
        cost
    }

    /// Asks a peer to forward at once what is written by seats that we don't hear ourselves: held back as
    /// usual, it would keep everything waiting that builds on it.
    fn ask_to_forward(&mut self, seat: SeatId, author: SeatId, new: bool, offer: Offer) {
        let on = match offer {
            // The peer that was asked so far does not have it, or not yet; or we have another history of it.
            Offer::Waiting(on) => {
                let other = self.replica.ledger().held(on.seat) >= on.seq;
                Some(on.seat).filter(|on| other || !self.peers.has(*on))
            }
            Offer::Accepted(_) => Some(author)
                .filter(|on| new && !self.sync.is_forwarded(*on) && !self.peers.has(*on)),
            _ => None,
        };
        if let Some(on) = on.filter(|on| *on != self.me.seat) {
            self.sync.ask_to_forward(seat, on);
        }
    }
}
