//! Peers that come, say who they are, acknowledge and go; those who are sent away.

use super::{Event, Output, Room, Source};
use crate::frame::Wire;
use crate::id::{MemberId, SeatId};
use crate::identity::Signed;
use crate::ledger::{Offer, Reason, Segment};
use crate::limits;
use crate::net::{Class, Misuse, NetCommand};
use crate::roster::{Claim, SeenClaim};
use crate::sync::{Message, Refusal};
use crate::time::Time;

impl Room {
    pub(super) fn greet(&mut self, seat: SeatId) {
        let entrance = self.ledger.entrance(self.seat).map(|bytes| bytes.to_vec());
        let hello = Message::Hello {
            room: self.identity.room,
            installation: self.identity.installation,
            entrance: entrance.unwrap_or_default(),
            claim: self.identity.claim.clone(),
            heads: self.stored.iter().map(|(seat, seq)| (*seat, *seq)).collect(),
        };
        self.send(seat, Class::Sync, hello.to_bytes());
        self.presence.greet();
        self.says.greet();
    }

    pub(super) fn sync_message(&mut self, seat: SeatId, message: Message, now: Time) {
        let greeted = self.sync.greeted(seat);
        match message {
            Message::Hello { .. } if greeted => self.offend(seat, "unexpected", now),
            Message::Hello { room, installation, entrance, claim, heads } => {
                if room != self.identity.room {
                    return self.refuse(seat, Refusal::Room);
                }
                if let Err(refusal) = self.meet(seat, &entrance, claim.as_deref(), now) {
                    return self.refuse(seat, refusal);
                }
                self.sync.hello(seat, installation, &heads);
                self.acknowledged(seat, &heads);
                self.seat_members(seat, now);
                self.doubt(seat, now);
            }
            Message::Segments(_) if !greeted => self.offend(seat, "unexpected", now),
            Message::Segments(segments) => self.receive(seat, segments, now),
            Message::Ack { taken, stored } => {
                self.sync.confirmed(seat, taken);
                for (author, seq) in &stored {
                    self.sync.has(seat, *author, *seq, now);
                }
                self.acknowledged(seat, &stored);
                self.charge_list(seat, stored.len(), now);
            }
            Message::Forward(seats) => {
                let looked = self.sync.forward(seat, &seats, self.ledger.log());
                self.charge_list(seat, seats.len() + looked, now);
            }
            Message::Goodbye => self.hang_up(seat),
            Message::Refused(_) => {
                self.tell(Event::NotAllowed);
                self.hang_up(seat);
            }
        }
        self.route(Source::Peer, now);
    }

    /// Looks at a peer's first segment and claim: whose seat it is, and by what right.
    fn meet(
        &mut self,
        seat: SeatId,
        entrance: &[u8],
        claim: Option<&Signed<Claim>>,
        now: Time,
    ) -> Result<(), Refusal> {
        let segment = Segment::from_bytes(entrance).map_err(|_| Refusal::Right)?;
        let member = self.ledger.vouched(&segment).ok_or(Refusal::Right)?;
        if segment.seat != seat || segment.first != 1 {
            return Err(Refusal::Right);
        }
        match self.ledger.offer_from(None, entrance) {
            // The buffer being full says nothing about this peer.
            Offer::Refused(reason) if !matches!(reason, Reason::Quota | Reason::Full) => {
                self.count(reason);
                return Err(Refusal::Right);
            }
            _ => {}
        }
        let claim = claim.and_then(|claim| SeenClaim::verify(claim, self.identity.room));
        let claim = claim.filter(|claim| claim.member == member);
        if let Some(peer) = self.peers.get_mut(&seat) {
            peer.member = Some(member);
            peer.claim = claim;
        }
        self.route(Source::Peer, now);
        Ok(())
    }

    fn acknowledged(&mut self, peer: SeatId, heads: &[(SeatId, u64)]) {
        let installation = self.sync.installation(peer);
        if installation.is_none() || installation == Some(self.identity.installation) {
            return;
        }
        let before = self.outbox.waiting();
        for (seat, seq) in heads {
            let (author, held) = (self.ledger.member(*seat), self.ledger.held(*seat));
            if author == Some(self.identity.member) {
                self.outbox.ack(*seat, (*seq).min(held));
            }
            let maybe_own = author.is_none_or(|author| author == self.identity.member);
            if maybe_own && *seq > held && *seat != self.seat {
                self.outbox.ack_ahead(*seat, *seq);
            }
        }
        if self.outbox.waiting() != before {
            self.tell(Event::Status);
        }
    }

    /// The member whose seat a peer is, by the log or by its own first segment.
    pub(super) fn member(&self, seat: SeatId) -> Option<MemberId> {
        self.ledger.member(seat).or_else(|| self.peers.get(&seat)?.member)
    }

    /// A member has a few tabs and devices: of more the oldest is left, and one in quarantine has
    /// none here.
    fn seat_members(&mut self, seat: SeatId, now: Time) {
        let Some(member) = self.member(seat) else { return };
        if self.quarantine.has_member(member, now) {
            return self.send_away(seat, "quarantine");
        }
        let of_member = self.peers.iter().filter(|(seat, _)| self.member(**seat) == Some(member));
        let oldest = of_member.clone().min_by_key(|(_, peer)| peer.order).map(|(seat, _)| *seat);
        if of_member.count() > limits::MEMBER_PEERS
            && let Some(oldest) = oldest
        {
            self.send_away(oldest, "seats");
        }
    }

    /// Whether a seat is left alone for what it did.
    pub fn shuns(&self, seat: SeatId, now: Time) -> bool {
        let member = self.ledger.member(seat);
        self.quarantine.has_seat(seat, now)
            || member.is_some_and(|member| self.quarantine.has_member(member, now))
    }

    /// Takes the attention that a list costs.
    fn charge_list(&mut self, seat: SeatId, length: usize, now: Time) {
        let cost = 1 + u32::try_from(length / 64).unwrap_or(u32::MAX);
        self.charge_attention(seat, cost, now);
    }

    /// Takes some of the attention a peer has; who wants too much of it is cut off.
    pub(super) fn charge_attention(&mut self, seat: SeatId, cost: u32, now: Time) {
        let Some(peer) = self.peers.get_mut(&seat) else { return };
        if !peer.conduct.bears(cost, now) {
            self.offend(seat, "flood", now);
        }
    }

    /// Something useless or inadmissible came; again and again it ends the connection.
    pub(super) fn strike(&mut self, seat: SeatId, now: Time) {
        let Some(peer) = self.peers.get_mut(&seat) else { return };
        if !peer.conduct.forgives(now) {
            self.cut_off(seat, now);
        }
    }

    /// Counts what no honest peer does, and cuts the peer off.
    pub(super) fn offend(&mut self, seat: SeatId, why: &'static str, now: Time) {
        self.count_as(why);
        self.cut_off(seat, now);
    }

    /// Ends the connection to a peer that does not keep to the rules, and leaves it and its member
    /// alone for a while.
    pub(super) fn cut_off(&mut self, seat: SeatId, now: Time) {
        self.count_as("cut-off");
        self.quarantine.add(seat, self.member(seat), now);
        self.hang_up(seat);
    }

    /// The network closed connections to a seat.
    pub fn misused(&mut self, seat: SeatId, why: Misuse, now: Time) {
        self.count_as(why.name());
        if why.is_meant() {
            self.cut_off(seat, now);
        }
    }

    /// A seat was seen to write two histories: it and its member are left alone.
    pub(super) fn expose(&mut self, author: SeatId, now: Time) {
        if self.peers.contains_key(&author) {
            self.cut_off(author, now);
        } else {
            self.quarantine.add(author, self.member(author), now);
        }
    }

    pub(super) fn refuse(&mut self, seat: SeatId, refusal: Refusal) {
        self.send(seat, Class::Sync, Message::Refused(refusal).to_bytes());
        self.send_away(seat, "right");
    }

    /// Ends a connection that is no good, which says nothing of who is at its other end.
    pub(super) fn send_away(&mut self, seat: SeatId, why: &'static str) {
        self.count_as(why);
        self.hang_up(seat);
    }

    fn hang_up(&mut self, seat: SeatId) {
        self.out.push_back(Output::Net(NetCommand::Hangup(seat)));
        self.clear_peer(seat);
    }
}
