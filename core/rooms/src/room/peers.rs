//! Peers that come, say who they are, acknowledge and go; those who are sent away.

use litemap::LiteMap;

use super::{Event, Output, PAUSE, Room, Source};
use crate::broken::{Rule, is_broken};
use crate::identity::Signed;
use crate::roster::{Claim, SeenClaim};
use crate::seal::ContentKey;
use crate::sync::{Between, FEATURES, Hello, Line, Message, Refusal, VERSION};
use covey_wire::frame::Wire;
use covey_wire::id::{Head, MemberId, SeatId, ShortHash};
use covey_wire::limits;
use covey_wire::net::{Class, Misuse, NetCommand};
use covey_wire::time::Time;

impl Room {
    /// Whether the first words wait until the peer's show which key it has: of a room that is not known
    /// yet one may hold several links, and not each has the key of those who are there.
    fn listens_first(&self) -> bool {
        self.identity.keys.len() > 1 && self.ledger.epoch().is_none()
    }

    /// Says the first words to who came, unless they wait.
    pub(super) fn greet(&mut self, seat: SeatId) {
        if !self.listens_first() {
            self.greet_with(seat, self.hello_key().cloned());
        }
    }

    /// Says them to those who say none either.
    pub(super) fn greet_silent(&mut self, now: Time) {
        let due = |(seat, peer): (&SeatId, &super::Peer)| {
            (!peer.greeted && peer.conduct.greeting_due() <= now).then_some(*seat)
        };
        for seat in self.peers.iter().filter_map(due).collect::<Vec<_>>() {
            self.greet_with(seat, self.hello_key().cloned());
        }
    }

    fn greet_with(&mut self, seat: SeatId, key: Option<ContentKey>) {
        let peer = self.peers.get_mut(&seat).filter(|peer| !peer.greeted);
        let Some(peer) = peer else { return };
        peer.greeted = true;
        let Some(key) = key else { return };
        let head = |((seat, line), seq): (&Line, &u64)| self.ledger.head_at(*seat, *line, *seq);
        let mut heads: Vec<Head> = self.stored.iter().filter_map(head).collect();
        // Of more than can be named the rest is sent once too often.
        heads.truncate(limits::SEATS);
        let version = VERSION;
        #[cfg(feature = "misbehave")]
        let version = self.misbehaving.version(version);
        let hello = Hello {
            version,
            features: FEATURES,
            installation: self.identity.installation,
            certificate: self.identity.certificate.clone(),
            claims: self.identity.claims.clone(),
            heads,
        };
        let sealed = hello.seal(&key, &self.between(self.seat, seat));
        self.send(seat, Class::Sync, Message::Hello(sealed).to_bytes());
    }

    /// The key of the epoch that the room is in; before that is known, the one that was learnt last.
    fn hello_key(&self) -> Option<&ContentKey> {
        let (room, epoch) = (self.identity.room, self.ledger.epoch());
        let current = self.identity.keys.iter().find(|key| Some(key.epoch(room)) == epoch);
        current.or(self.identity.keys.last())
    }

    fn between(&self, from: SeatId, to: SeatId) -> Between {
        Between { room: self.identity.room, from, to }
    }

    pub(super) fn sync_message(&mut self, seat: SeatId, message: Message, now: Time) {
        let greeted = self.sync.greeted(seat);
        match message {
            Message::Goodbye => self.hang_up(seat),
            Message::Hello(sealed) if !greeted => self.meet(seat, &sealed, now),
            // Nobody is spoken to, or believed, before it has shown that it holds a link.
            Message::Hello(_) => self.offend(seat, "unexpected", now),
            _ if !greeted => self.offend(seat, "unexpected", now),
            Message::Segments(segments) => self.receive(seat, segments, now),
            Message::Ack { taken, stored } => {
                self.sync.confirmed(seat, taken);
                let has = self.extents(&stored);
                for (line, seq) in &has {
                    self.sync.acknowledged(seat, *line, *seq, now);
                }
                self.acknowledged(seat, &has);
                self.charge_list(seat, stored.len(), now);
            }
            Message::Forward(seats) => {
                let looked = self.sync.forward(seat, &seats, self.ledger.log());
                self.charge_list(seat, seats.len() + looked, now);
            }
            Message::Again(heads) => {
                let has = self.extents(&heads);
                self.sync.again(seat, &has);
                // Where it lacks nothing, only the ends of the log's segments are looked at.
                self.charge_list(seat, heads.len() + self.ledger.log().len() / 64, now);
            }
            Message::Refused(_) => self.refused_by(seat),
        }
        self.route(Source::Peer, now);
    }

    /// A peer wants nothing to do with us. Of a member, only members are believed.
    fn refused_by(&mut self, seat: SeatId) {
        let member = self.member(seat).and_then(|member| self.ledger.standing(member));
        let others = self.peers.keys().any(|other| *other != seat && self.sync.greeted(*other));
        let believed = match self.standing() {
            Some(_) => member.is_some(),
            // A newcomer can't tell who it is; others may let it in.
            None => !others,
        };
        if believed || is_broken(Rule::Refusals) {
            self.tell(Event::NotAllowed);
        }
        self.hang_up(seat);
    }

    /// Looks at a peer's first words: whose seat it is, and by what right.
    fn meet(&mut self, seat: SeatId, sealed: &[u8], now: Time) {
        let between = self.between(seat, self.seat);
        let open = |key: &ContentKey| Some((key.clone(), Hello::open(key, &between, sealed)?));
        let Some((key, hello)) = self.identity.keys.iter().rev().find_map(open) else {
            return self.send_away(seat, "unproven");
        };
        let Hello { version, installation, certificate, claims, heads, .. } = hello;
        if version > VERSION {
            self.tell(Event::Newer);
        }
        let (room, member) = (self.identity.room, certificate.claimed().member);
        let words = certificate.verify(&room.0, &member.0);
        if words.map(|words| words.seat) != Ok(seat) {
            return self.offend(seat, "signature", now);
        }
        let seen = |claim: Signed<Claim>| {
            let seen = SeenClaim::verify(&claim, room).filter(|seen| seen.member == member)?;
            Some((claim, seen))
        };
        let claims = claims.into_iter().filter_map(seen).collect();
        if let Some(peer) = self.peers.get_mut(&seat) {
            (peer.member, peer.claims) = (Some(member), claims);
        }
        self.greet_with(seat, Some(key));
        let has = self.extents(&heads);
        self.sync.hello(seat, installation, &has);
        self.acknowledged(seat, &has);
        self.seat_members(seat, now);
        self.doubt(seat, now);
        self.tell(Event::People);
    }

    /// How far a peer that names these heads is with each branch. A head that is not here may be
    /// what comes next; another history of a seat than ours says nothing of ours.
    fn extents(&self, heads: &[Head]) -> Vec<(Line, u64)> {
        let mut has: LiteMap<Line, u64> = LiteMap::new();
        let mut told: Vec<&Head> = heads.iter().collect();
        told.sort_unstable();
        told.dedup();
        for head in told {
            let mut lines = self.ledger.lines(head).peekable();
            let ahead = head.seq > self.ledger.held(head.seat) && !self.ledger.is_closed(head.seat);
            if lines.peek().is_none() && (ahead || is_broken(Rule::Heads)) {
                has.insert((head.seat, ShortHash::default()), head.seq);
            }
            for (line, seq) in lines {
                let known = has.get(&(head.seat, line)).copied();
                has.insert((head.seat, line), known.map_or(seq, |known| known.max(seq)));
                // The branches before it are the same whichever of its entries is named.
                if known.is_some() {
                    break;
                }
            }
        }
        has.into_iter().collect()
    }

    /// A peer's disk has this; counts only from a member, on another disk than one's own.
    fn acknowledged(&mut self, peer: SeatId, has: &[(Line, u64)]) {
        let installation = self.sync.installation(peer);
        let member = self.member(peer).and_then(|member| self.ledger.standing(member));
        if installation.is_none()
            || installation == Some(self.identity.installation)
            || member.is_none() && !is_broken(Rule::Acknowledgements)
        {
            return;
        }
        let before = self.outbox.waiting();
        for ((seat, _), seq) in has {
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

    /// Somebody became a member: what it acknowledged before counts.
    pub(super) fn count_acknowledgements(&mut self) {
        if self.outbox.waiting() == 0 {
            return;
        }
        for seat in self.peers.keys().copied().collect::<Vec<_>>() {
            let told = self.sync.told(seat);
            self.acknowledged(seat, &told);
        }
    }

    /// Asks for what was refused for want of room, once there is room.
    pub(super) fn ask_again(&mut self, now: Time) {
        let soon = now < self.asked + PAUSE && now >= self.asked;
        if soon || !self.ledger.wants_again() {
            return;
        }
        self.asked = now;
        self.ledger.asked_again();
        let mut heads = self.ledger.heads();
        heads.truncate(limits::SEATS);
        let again = Message::Again(heads).to_bytes();
        for seat in self.peers.keys().copied().collect::<Vec<_>>() {
            if self.sync.greeted(seat) {
                self.sync.asked_again(seat);
                self.send(seat, Class::Sync, again.clone());
            }
        }
    }

    /// The member whose seat a peer is, by the log or by the certificate in its hello.
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
