//! The connected seats, their rights to be here, and their conduct.
//!
//! A peer that breaks a rule is dealt with in one place, [`Peers::offend`]; what it did and what follows is a table
//! (`offence.rs`). [`Peers::poll`] gives what is to be done about connections.

mod conduct;
mod quarantine;
mod rights;
mod volume;

use std::collections::VecDeque;
use std::time::Duration;

use litemap::LiteMap;

use self::conduct::Conduct;
pub use self::conduct::segment_cost;
use self::quarantine::Quarantine;
use crate::identity::Signed;
use crate::offence::{Consequence, Offence};
use crate::roster::{Claim, SeenClaim, Who};
use covey_wire::id::{MemberId, SeatId};
use covey_wire::limits;
use covey_wire::net::Path;
use covey_wire::sorted::SortedMap;
use covey_wire::time::Instant;

/// How long a peer without a right may be silent before it is told so: its admission may be held
/// back for a moment (`sync`), and come through a slow relay.
const PATIENCE: Duration = Duration::from_secs(3);

/// An order about a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Tell the peer that it has no right to be here; a hang-up follows.
    Refuse(SeatId),
    /// End the connection.
    Hangup(SeatId),
    /// Forget the peer everywhere.
    Clear(SeatId),
    /// The peer has shown that it may read.
    Trust(SeatId),
    /// Connect to a seat again.
    Dial(SeatId),
}

/// A connected seat.
#[derive(Debug)]
struct Peer {
    path: Path,
    /// The higher the later it came.
    order: u64,
    /// The member whose seat it is, by the certificate in its hello.
    member: Option<MemberId>,
    /// The links it came by, as it says in its hello, and what they give.
    claims: Vec<(Signed<Claim>, SeenClaim)>,
    /// When it will be refused, unless its right to be here has shown by then.
    doubt: Option<Instant>,
    /// Whether it has shown that it may read: it is told what passes, and how we are reached.
    trusted: bool,
    /// Whether its first message opened.
    greeted: bool,
    /// Whether our first message went to it.
    greeted_by_us: bool,
    conduct: Conduct,
}

/// All connected seats.
pub struct Peers {
    peers: LiteMap<SeatId, Peer>,
    quarantine: Quarantine,
    /// Seats that were refused last, since by what was known here they had no right.
    refused: Vec<SeatId>,
    /// How many peers ever came.
    arrivals: u64,
    /// The peer whose segment was read last.
    read_last: SeatId,
    counts: SortedMap<&'static str, u64>,
    out: VecDeque<Output>,
}

impl Default for Peers {
    fn default() -> Self {
        Self {
            peers: LiteMap::new(),
            quarantine: Quarantine::default(),
            refused: Vec::new(),
            arrivals: 0,
            read_last: SeatId([0; 32]),
            counts: SortedMap::new(),
            out: VecDeque::new(),
        }
    }
}

impl Peers {
    /// A way to a seat was found, or changed; true where the seat was not connected before.
    pub fn add_peer(&mut self, seat: SeatId, path: Path, now: Instant) -> bool {
        if let Some(peer) = self.peers.get_mut(&seat) {
            peer.path = path;
            return false;
        }
        self.arrivals += 1;
        let peer = Peer {
            path,
            order: self.arrivals,
            member: None,
            claims: Vec::new(),
            doubt: None,
            trusted: false,
            greeted: false,
            greeted_by_us: false,
            conduct: Conduct::new(now),
        };
        self.peers.insert(seat, peer);
        true
    }

    /// A seat is gone; false where it was not connected.
    pub fn clear_peer(&mut self, seat: SeatId) -> bool {
        self.peers.remove(&seat).is_some()
    }

    /// Whether a seat is connected.
    pub fn has(&self, seat: SeatId) -> bool {
        self.peers.contains_key(&seat)
    }

    /// All connected seats.
    pub fn seats(&self) -> Vec<SeatId> {
        self.peers.keys().copied().collect()
    }

    /// The connected seats that have shown that they may read.
    pub fn trusted(&self) -> impl Iterator<Item = SeatId> + '_ {
        self.peers.iter().filter(|(_, peer)| peer.trusted).map(|(seat, _)| *seat)
    }

    /// The member whose seat a peer is, by the certificate in its hello.
    pub fn member(&self, seat: SeatId) -> Option<MemberId> {
        self.peers.get(&seat)?.member
    }

    /// The way to a peer.
    pub fn path(&self, seat: SeatId) -> Option<Path> {
        Some(self.peers.get(&seat)?.path)
    }

    /// The best way to anyone.
    pub fn best_path(&self) -> Option<Path> {
        self.peers.values().map(|peer| peer.path).max()
    }

    /// Notes that our first message goes to a peer; false where one went before.
    pub fn greet(&mut self, seat: SeatId) -> bool {
        let peer = self.peers.get_mut(&seat);
        peer.is_some_and(|peer| !core::mem::replace(&mut peer.greeted_by_us, true))
    }

    /// Our first message may go to a peer once more, for pages that break the rules.
    #[cfg(feature = "misbehave")]
    pub fn greet_again(&mut self, seat: SeatId) {
        self.peers.get_mut(&seat).into_iter().for_each(|peer| peer.greeted_by_us = false);
    }

    /// Peers that said nothing either, though ours waited for theirs long enough.
    pub fn ungreeted(&self, now: Instant) -> Vec<SeatId> {
        let due = |(seat, peer): (&SeatId, &Peer)| {
            (!peer.greeted_by_us && peer.conduct.greeting_due() <= now).then_some(*seat)
        };
        self.peers.iter().filter_map(due).collect()
    }

    /// A peer's first message opened: it has shown whose seat it is, and the links it came by.
    pub fn met(&mut self, who: &Who, claims: Vec<(Signed<Claim>, SeenClaim)>) {
        if let Some(peer) = self.peers.get_mut(&who.seat) {
            (peer.greeted, peer.member, peer.claims) = (true, who.member, claims);
        }
    }

    /// Whether a peer's first message opened.
    pub fn is_met(&self, seat: SeatId) -> bool {
        self.peers.get(&seat).is_some_and(|peer| peer.greeted)
    }

    /// Whether somebody else's first message opened.
    pub fn has_met_others(&self, than: SeatId) -> bool {
        self.peers.iter().any(|(seat, peer)| *seat != than && peer.greeted)
    }

    /// A member has a few tabs and devices: of more the oldest is disconnected, and of one that is left alone all are.
    pub fn limit_member(
        &mut self,
        who: &Who,
        member_of: impl Fn(SeatId) -> Option<MemberId>,
        now: Instant,
    ) {
        let Some(member) = who.member else { return };
        if self.quarantine.has_member(member, now) {
            return self.offend(who, Offence::Quarantine, now);
        }
        let known =
            |(seat, peer): &(&SeatId, &Peer)| member_of(**seat).or(peer.member) == Some(member);
        let of_member = self.peers.iter().filter(known);
        let oldest = of_member.clone().min_by_key(|(_, peer)| peer.order).map(|(seat, _)| *seat);
        if of_member.count() > limits::MEMBER_PEERS
            && let Some(seat) = oldest
        {
            self.offend(&Who { seat, ..*who }, Offence::Seats, now);
        }
    }

    /// Whether a seat, or its member, is left alone for what it did.
    pub fn is_quarantined(&self, seat: SeatId, member: Option<MemberId>, now: Instant) -> bool {
        self.quarantine.has_seat(seat, now)
            || member.is_some_and(|member| self.quarantine.has_member(member, now))
    }

    /// Counts what somebody did, and does what follows from it. The seat need not be connected.
    pub fn offend(&mut self, who: &Who, offence: Offence, now: Instant) {
        self.count(offence.name());
        match offence.consequence() {
            Consequence::Counted | Consequence::Lost => {}
            Consequence::Charged(cost) => self.pay_attention(who, cost, now),
            Consequence::Struck => {
                let peer = self.peers.get_mut(&who.seat);
                if peer.is_some_and(|peer| !peer.conduct.strike(now)) {
                    self.quarantine(who, now);
                }
            }
            Consequence::Closed => self.hang_up(who.seat),
            Consequence::Quarantined => self.quarantine(who, now),
        }
    }

    /// Takes some of the attention that a peer has; one that wants too much of it floods.
    pub fn pay_attention(&mut self, who: &Who, cost: u32, now: Instant) {
        let peer = self.peers.get_mut(&who.seat);
        if peer.is_some_and(|peer| !peer.conduct.pay_attention(cost, now)) {
            self.offend(who, Offence::Flood, now);
        }
    }

    fn quarantine(&mut self, who: &Who, now: Instant) {
        if self.has(who.seat) {
            self.count("cut-off");
        }
        self.quarantine.add(who.seat, who.member, now);
        self.hang_up(who.seat);
    }

    /// Ends a connection.
    pub fn hang_up(&mut self, seat: SeatId) {
        self.out.push_back(Output::Hangup(seat));
        if self.clear_peer(seat) {
            self.out.push_back(Output::Clear(seat));
        }
    }

    /// Takes segments of a peer's, to be read in turn.
    pub fn put(&mut self, seat: SeatId, segments: Vec<Vec<u8>>, now: Instant) {
        if let Some(peer) = self.peers.get_mut(&seat) {
            peer.conduct.put(segments, now);
            // Among them may be its admission.
            peer.doubt = peer.doubt.map(|_| now + PATIENCE);
        }
    }

    /// The next segment, of whoever comes after the peer that was read last. One that others build on is `wanted`
    /// sooner.
    pub fn next_segment(
        &mut self,
        wanted: impl Fn(SeatId) -> bool,
        now: Instant,
    ) -> Option<(SeatId, Vec<u8>)> {
        let last = self.read_last;
        let (before, after): (Vec<_>, Vec<_>) = self.peers.keys().partition(|seat| **seat <= last);
        after.into_iter().chain(before).find_map(|seat| {
            let bytes = self.peers.get_mut(&seat)?.conduct.next_segment(wanted(seat), now)?;
            self.read_last = seat;
            Some((seat, bytes))
        })
    }

    /// Charges entries that were read: their author answers for them, not who handed them on, unless there is too much
    /// of them.
    pub fn charge(
        &mut self,
        from: SeatId,
        author: SeatId,
        (entries, bytes): (usize, usize),
        now: Instant,
    ) {
        let answers = |peer: &mut Peer| peer.conduct.is_nearly_sound(now);
        let account = if self.peers.get_mut(&author).is_some_and(answers) { author } else { from };
        if let Some(peer) = self.peers.get_mut(&account) {
            peer.conduct.charge(entries, bytes, now);
        }
    }

    /// Peers that said no hello in time.
    pub fn silent(&self, now: Instant) -> Vec<SeatId> {
        let silent = |(seat, peer): (&SeatId, &Peer)| {
            (!peer.greeted && peer.conduct.hello_due() <= now).then_some(*seat)
        };
        self.peers.iter().filter_map(silent).collect()
    }

    /// When a peer wants to be looked at.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let each = self.peers.values().flat_map(|peer| {
            let hello = (!peer.greeted).then(|| peer.conduct.hello_due());
            let greeting = (!peer.greeted_by_us).then(|| peer.conduct.greeting_due());
            [hello, greeting, peer.doubt, peer.conduct.poll_timeout()]
        });
        each.flatten().min()
    }

    /// The next thing to be done about a connection.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// Counts something under a name.
    pub fn count(&mut self, name: &'static str) {
        *self.counts.or_default(name) += 1;
    }

    /// How often each thing was counted.
    pub fn counts(&self) -> &SortedMap<&'static str, u64> {
        &self.counts
    }

    /// Bytes that wait to be read.
    pub fn held(&self) -> usize {
        self.peers.values().map(|peer| peer.conduct.held()).sum()
    }
}

#[cfg(test)]
mod tests;
