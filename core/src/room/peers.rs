//! What connected peers say, and what they may: hello, segments, presence; who is let in.

use std::collections::BTreeSet;

use super::{Event, Output, Room, Source};
use crate::capability::Tools;
use crate::frame::Wire;
use crate::id::{Hash, MemberId, SeatId};
use crate::identity::Signed;
use crate::ledger::{Offer, Reason, Segment};
use crate::net::{Class, NetCommand};
use crate::presence::{Here, Say, free_color};
use crate::roster::{Act, Claim, SeenClaim, may};
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
        match message {
            Message::Hello { .. } if self.sync.greeted(seat) => self.cut_off(seat, "unexpected"),
            Message::Hello { room, installation, entrance, claim, heads } => {
                if room != self.identity.room {
                    return self.refuse(seat, Refusal::Room);
                }
                if let Err(refusal) = self.meet(seat, &entrance, claim.as_deref(), now) {
                    return self.refuse(seat, refusal);
                }
                self.sync.hello(seat, installation, &heads);
                self.acknowledged(seat, &heads);
            }
            Message::Segments(_) if !self.sync.greeted(seat) => self.cut_off(seat, "unexpected"),
            Message::Segments(segments) => self.segments(seat, &segments, now),
            Message::Ack { taken, stored } => {
                self.sync.confirmed(seat, taken);
                for (author, seq) in &stored {
                    self.sync.has(seat, *author, *seq);
                }
                self.acknowledged(seat, &stored);
            }
            Message::Goodbye => {
                self.out.push_back(Output::Net(NetCommand::Hangup(seat)));
                self.clear_peer(seat);
            }
            Message::Refused(_) => {
                self.tell(Event::NotAllowed);
                self.out.push_back(Output::Net(NetCommand::Hangup(seat)));
                self.clear_peer(seat);
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
        match self.ledger.offer(entrance) {
            // The buffer being full says nothing about this peer.
            Offer::Refused(reason) if reason != Reason::Quota => {
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
        // A link that gives nothing any more gets an honest answer. One's own log may lag behind,
        // so only a claim that is known here is judged.
        let known = self.ledger.roster().claims_of(member).next().is_some();
        let approval = self.ledger.roster().claims_of(member).any(|(_, c)| c.terms.approval);
        let hopeless = known && !approval && self.standing().is_some() && !self.may_read(seat, now);
        if hopeless { Err(Refusal::Right) } else { Ok(()) }
    }

    fn segments(&mut self, seat: SeatId, segments: &[Vec<u8>], now: Time) {
        let size = segments.iter().map(Vec::len).sum();
        self.sync.taken(seat, size, now);
        for bytes in segments {
            match self.ledger.offer(bytes) {
                Offer::Accepted | Offer::Known | Offer::Waiting => {
                    if let Ok(segment) = Segment::from_bytes(bytes) {
                        self.sync.has(seat, segment.seat, segment.last());
                    }
                }
                Offer::Refused(reason) => {
                    self.count(reason);
                    if reason.ends_connection() {
                        return self.cut_off(seat, "cut off");
                    }
                }
            }
        }
    }

    fn acknowledged(&mut self, peer: SeatId, heads: &[(SeatId, u64)]) {
        let installation = self.sync.installation(peer);
        if installation.is_none() || installation == Some(self.identity.installation) {
            return;
        }
        let before = self.outbox.waiting();
        for (seat, seq) in heads {
            if self.ledger.member(*seat) == Some(self.identity.member) {
                self.outbox.ack(*seat, (*seq).min(self.ledger.held(*seat)));
            }
        }
        if self.outbox.waiting() != before {
            self.tell(Event::Status);
        }
    }

    /// The live channel is often faster than the one that says who a seat is, and that it was
    /// admitted: what it said by then is heard later.
    pub(super) fn heard(&mut self, seat: SeatId, here: Here, now: Time) {
        let member = self.ledger.member(seat).filter(|member| {
            let standing = self.ledger.standing(*member);
            standing.is_some_and(|standing| may(standing, Act::Presence))
        });
        let Some(member) = member else {
            self.unheard.insert(seat, here);
            return;
        };
        if self.names.heard(member, &here.name, here.color) {
            self.tell(Event::People);
        }
        self.yield_color(member, here.color);
        if self.presence.heard(seat, here.clone(), now) {
            self.tell(Event::Presence { client: seat.client(), here: Some(here) });
        }
    }

    /// What a seat says that passes: heard from those who may write in that document. Before it is
    /// known here who they are it is let go, since it is said again.
    pub(super) fn heard_say(&mut self, seat: SeatId, say: &Say) {
        let member = self.ledger.member(seat);
        let Some(standing) = member.and_then(|member| self.ledger.standing(member)) else { return };
        let topic = say.topic();
        if !may(standing, Act::Write(Tools::of(topic.document()))) {
            return self.count_as("live");
        }
        if self.says.heard(seat, say) {
            let value = Some(say.value().to_vec()).filter(|value| !value.is_empty());
            self.tell(Event::Said { client: seat.client(), topic: topic.clone(), value });
        }
    }

    /// Takes back what a seat had said.
    pub(super) fn silence(&mut self, seat: SeatId) {
        for topic in self.says.clear_peer(seat) {
            self.tell(Event::Said { client: seat.client(), topic, value: None });
        }
    }

    /// Of two people with one colour the one with the higher id takes another.
    fn yield_color(&mut self, other: MemberId, color: u8) {
        let me = self.identity.member;
        if color != self.presence.own().color || other >= me {
            return;
        }
        let members = self.ledger.roster().members().into_iter().filter(|member| *member != me);
        let taken = members.filter_map(|member| Some(self.names.of(member)?.1));
        let color = free_color(taken);
        self.presence.set_color(color);
        let name = self.presence.own().name.clone();
        self.names.heard(me, &name, color);
        self.tell(Event::People);
    }

    /// Lets in whoever is connected and whose link's terms hold. Where the link asks for a
    /// moderator's word, a page gives none by itself.
    pub(super) fn admit_claims(&mut self, now: Time) -> bool {
        let me = self.identity.member;
        if self.standing().is_none() {
            return false;
        }
        let connected: BTreeSet<MemberId> =
            self.peers.keys().filter_map(|seat| self.member(*seat)).collect();
        let open = connected.iter().filter(|member| **member != me);
        let open = open.flat_map(|member| self.ledger.roster().open_claims_of(*member));
        let holds = open.filter(|(_, claim)| {
            !claim.terms.approval && self.holds(claim, now) && self.ledger.may_admit(me, claim)
        });
        let hashes: Vec<Hash> = holds.map(|(hash, _)| *hash).collect();
        if hashes.is_empty() {
            return false;
        }
        self.ledger.flush();
        hashes.iter().filter(|hash| self.ledger.admit(**hash).is_ok()).count() > 0
    }

    /// Whether a peer may be sent the log: it was admitted, or its link's terms hold (then it
    /// reads until someone with enough rights admits it).
    pub(super) fn may_read(&self, seat: SeatId, now: Time) -> bool {
        let Some(member) = self.member(seat) else { return false };
        if self.ledger.standing(member).is_some() {
            return true;
        }
        let told = self.peers.get(&seat).and_then(|peer| peer.claim.as_ref());
        let known = self.ledger.roster().claims_of(member).map(|(_, claim)| claim);
        known.chain(told).any(|claim| !claim.terms.approval && self.holds(claim, now))
    }

    /// Whether a claim's terms hold by one's own clock and by who is known here.
    fn holds(&self, claim: &SeenClaim, now: Time) -> bool {
        let anchor = self.ledger.standing(claim.anchor);
        let first = claim.first;
        claim.terms.valid_at(now)
            && first.valid_at(now)
            && self.ledger.roster().uses_left(claim, |_| true)
            && anchor.is_some_and(|anchor| {
                may(anchor, Act::Anchor(first.role)) && anchor.tools.include(first.tools)
            })
    }

    /// The member whose seat a peer is, by the log or by its own first segment.
    pub(super) fn member(&self, seat: SeatId) -> Option<MemberId> {
        self.ledger.member(seat).or_else(|| self.peers.get(&seat)?.member)
    }

    fn refuse(&mut self, seat: SeatId, refusal: Refusal) {
        self.send(seat, Class::Sync, Message::Refused(refusal).to_bytes());
        self.cut_off(seat, "right");
    }

    /// Ends the connection to a peer that does not keep to the protocol.
    pub(super) fn cut_off(&mut self, seat: SeatId, why: &'static str) {
        *self.refused.entry(why).or_default() += 1;
        self.out.push_back(Output::Net(NetCommand::Hangup(seat)));
        self.clear_peer(seat);
    }
}
