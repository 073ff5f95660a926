//! The first message each way: who one is and by what right, for whoever holds a link of the room.

use super::Room;
use crate::broken::{Rule, is_broken};
use crate::event::Event;
use crate::identity::Signed;
use crate::ledger::Line;
use crate::offence::Offence;
use crate::roster::{Claim, SeenClaim};
use crate::seal::ContentKey;
use crate::sync::{Between, FEATURES, Hello, Message, VERSION};
use covey_wire::frame::Wire;
use covey_wire::id::SeatId;
use covey_wire::limits;
use covey_wire::net::Class;

impl Room {
    /// Says the first words to a peer that came, unless they wait until the peer's show which key it has: of a room
    /// that is not known yet one may hold several links, and not each has the key of those who are there.
    pub(super) fn greet(&mut self, seat: SeatId) {
        if self.record.keys.len() < 2 || self.replica.epoch().is_some() {
            self.greet_with(seat, self.hello_key().cloned());
        }
    }

    pub(super) fn greet_with(&mut self, seat: SeatId, key: Option<ContentKey>) {
        if !self.peers.greet(seat) {
            return;
        }
        let Some(key) = key else { return };
        let mut heads = self.replica.stored_heads();
        // Of more than can be named the rest is sent once too often.
        heads.truncate(limits::SEATS);
        let version = VERSION;
        #[cfg(feature = "misbehave")]
        let version = self.misbehaving.version(version);
        let hello = Hello {
            version,
            features: FEATURES,
            installation: self.me.installation,
            certificate: self.me.certificate.clone(),
            claims: self.me.claims.clone(),
            heads,
        };
        let sealed = hello.seal(&key, &self.between(self.me.seat, seat));
        self.send(seat, Class::Sync, Message::Hello(sealed).to_bytes());
    }

    /// The key of the epoch that the room is in; before that is known, the one that was learnt last.
    pub(super) fn hello_key(&self) -> Option<&ContentKey> {
        self.record.key(self.replica.epoch())
    }

    fn between(&self, from: SeatId, to: SeatId) -> Between {
        Between { room: self.me.room, from, to }
    }

    /// Looks at a peer's first words: whose seat it is, and by what right.
    pub(super) fn meet(&mut self, seat: SeatId, sealed: &[u8]) {
        let (now, between) = (self.now, self.between(seat, self.me.seat));
        let open = |key: &ContentKey| Some((key.clone(), Hello::open(key, &between, sealed)?));
        let Some((key, hello)) = self.record.keys.iter().rev().find_map(open) else {
            return self.peers.offend(&self.who(seat), Offence::Unproven, now.elapsed);
        };
        let Hello { version, installation, certificate, claims, heads, .. } = hello;
        if version > VERSION {
            self.emit(Event::Newer);
        }
        let (room, member) = (self.me.room, certificate.claimed().member);
        let words = certificate.verify(&room.0, &member.0);
        if words.map(|words| words.seat) != Ok(seat) {
            return self.peers.offend(&self.who(seat), Offence::Signature, now.elapsed);
        }
        let seen = |claim: Signed<Claim>| {
            let seen = SeenClaim::verify(&claim, room).filter(|seen| seen.member == member)?;
            Some((claim, seen))
        };
        let claims = claims.into_iter().filter_map(seen).collect();
        let mut who = self.who(seat);
        who.member = who.member.or(Some(member));
        self.peers.met(&who, claims);
        let who = self.who(seat);
        self.greet_with(seat, Some(key));
        let has = self.replica.ledger().extents(&heads);
        self.sync.hello(seat, installation, &has);
        self.acknowledged(seat, &has);
        let ledger = self.replica.ledger();
        self.peers.limit_member(&who, |seat| ledger.member(seat), now.elapsed);
        if self.replica.standing().is_some() {
            self.peers.doubt(&who, ledger, now);
        }
        self.judge_call();
        self.emit(Event::People);
    }

    /// A peer's disk has this; counts only from a member, on another disk than one's own.
    pub(super) fn acknowledged(&mut self, peer: SeatId, has: &[(Line, u64)]) {
        let other = |installation| installation != self.me.installation;
        let member = self.who(peer).standing.is_some() || is_broken(Rule::Acknowledgements);
        if member && self.sync.installation(peer).is_some_and(other) {
            self.replica.acknowledged(has);
        }
    }

    /// Somebody became a member: what it acknowledged before counts.
    pub(super) fn count_acknowledgements(&mut self) {
        if !self.replica.awaits_acknowledgement() {
            return;
        }
        for seat in self.peers.seats() {
            let told = self.sync.acknowledged_by(seat);
            self.acknowledged(seat, &told);
        }
    }
}
