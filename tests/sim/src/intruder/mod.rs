//! Intruders, who break the rules: strangers with a link that is dead, and members with rights and a page of their
//! own making. They have no client: they speak the protocol by hand, and sign what they like.

mod forge;
mod raw;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use covey_rooms::capability::{Role, VerifiedLink};
use covey_rooms::identity::{DeviceSecret, MemberKey, SeatKey, Signed};
use covey_rooms::ledger::{Body, Entry, Ledger, Offer, Segment};
use covey_rooms::roster::{Certificate, Claim, RosterAct, SeenClaim, claim};
use covey_rooms::seal::ContentKey;
use covey_rooms::sync::{Between, FEATURES, Hello, Message, VERSION};
use covey_wire::frame::Wire;
use covey_wire::id::{DocName, Hash, Head, MemberId, RoomId, SeatId};
use covey_wire::net::Class;

use crate::rng::Rng;
use forge::Place;
pub use walk::Rogue;

/// Segments that are kept to be sent again.
const KEPT: usize = 200;

/// The link or the rights of an intruder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A link that ended before it came.
    Expired,
    /// A link that let in as many as it was made for.
    UsedUp,
    /// A link that waits for a moderator's word, which nobody gives.
    Approval,
    /// No link: what it knows is which room it is, and who is there.
    Keyless,
    /// A link that lets it in.
    Member(Role),
}

impl Kind {
    /// Whether nobody who keeps the rules ever lets it in, or lets it read.
    pub fn is_shut_out(self) -> bool {
        matches!(self, Kind::Expired | Kind::Approval | Kind::Keyless)
    }
}

/// A message and whom it goes to.
pub type Mail = (SeatId, Class, Vec<u8>);

/// A connected peer.
#[derive(Default)]
struct Met {
    /// Bytes of segments that came.
    taken: u64,
    /// Own segments that it was shown, by their signatures.
    shown: BTreeSet<Vec<u8>>,
}

/// An entry as it is remembered.
struct Seen {
    lamport: u64,
    before: Vec<Head>,
}

/// One seat of somebody who breaks the rules.
pub struct Intruder {
    pub seat: SeatId,
    pub kind: Kind,
    /// How often it asked for the same: it is gone after a while.
    pub age: u32,
    secret: [u8; 32],
    link: VerifiedLink,
    room: RoomId,
    member: MemberKey,
    key: SeatKey,
    claim: Option<Signed<Claim>>,
    met: BTreeMap<SeatId, Met>,
    /// The log it heard, by the rules that all keep.
    ledger: Ledger,
    seen: BTreeMap<Head, Seen>,
    /// Its admission.
    admitted: Option<Head>,
    /// Updates of others, opened.
    heard: Vec<(DocName, Vec<u8>)>,
    kept: Vec<Vec<u8>>,
    /// Claims of people who may come in in any case.
    claims: Vec<Signed<Claim>>,
    /// Ends of the histories that it signed.
    places: Vec<Place>,
}

impl Intruder {
    /// A new seat of whoever has this secret, with a link.
    pub fn new(secret: [u8; 32], seed: [u8; 32], link: VerifiedLink, kind: Kind) -> Self {
        let (room, key) = (link.room, SeatKey::new(seed));
        let member = DeviceSecret::new(secret).member(room);
        let signer = link.signer().filter(|_| kind != Kind::Keyless);
        let claim = signer.map(|signer| claim(room, &member, link.chain.clone(), &signer));
        let mut ledger = Ledger::new(room);
        ledger.add_key(link.key.epoch(room), link.key.clone());
        Self {
            seat: key.id(),
            kind,
            age: 0,
            secret,
            link,
            room,
            member,
            key,
            claim,
            met: BTreeMap::new(),
            ledger,
            seen: BTreeMap::new(),
            admitted: None,
            heard: Vec::new(),
            kept: Vec::new(),
            claims: Vec::new(),
            places: Vec::new(),
        }
    }

    /// The person whose seat it is.
    pub fn member(&self) -> MemberId {
        self.member.id()
    }

    /// The parts that another seat of the same person needs.
    pub fn papers(&self) -> ([u8; 32], VerifiedLink) {
        (self.secret, self.link.clone())
    }

    /// Whether nobody hears it.
    pub fn is_alone(&self) -> bool {
        self.met.is_empty()
    }

    /// Whether the log says that it is a member.
    pub fn is_admitted(&self) -> bool {
        self.admitted.is_some()
    }

    /// A seat can be sent to: the first words.
    pub fn meet(&mut self, seat: SeatId, rng: &mut Rng) -> Vec<Mail> {
        if self.met.contains_key(&seat) {
            return Vec::new();
        }
        self.met.insert(seat, Met::default());
        // Some say nothing.
        if rng.chance(4) { Vec::new() } else { vec![self.greeting(seat, rng)] }
    }

    /// A seat is gone.
    pub fn lose(&mut self, seat: SeatId) {
        self.met.remove(&seat);
    }

    fn greeting(&self, seat: SeatId, rng: &mut Rng) -> Mail {
        let key = if self.kind == Kind::Keyless {
            ContentKey::new(rng.bytes())
        } else {
            self.link.key.clone()
        };
        let installation = rng.half();
        // Of a member's word about what it has others are to believe what it says.
        let heads = if matches!(self.kind, Kind::Member(_) | Kind::UsedUp) {
            Vec::new()
        } else {
            self.made_up_heads(rng)
        };
        let certificate = Certificate::sign(self.room, &self.member, self.seat);
        let hello = Hello {
            version: VERSION,
            features: FEATURES,
            installation,
            certificate,
            claims: self.claim.clone().into_iter().collect(),
            heads,
        };
        let between = Between { room: self.room, from: self.seat, to: seat };
        (seat, Class::Sync, Message::Hello(hello.seal(&key, &between)).to_bytes())
    }

    /// A message came: what it says is kept, and what came is confirmed as by anybody.
    pub fn hear(&mut self, seat: SeatId, class: Class, bytes: &[u8], rng: &mut Rng) -> Vec<Mail> {
        if class != Class::Sync {
            return Vec::new();
        }
        match Message::from_bytes(bytes) {
            Ok(Message::Hello(sealed)) => {
                self.hear_hello(seat, &sealed);
                Vec::new()
            }
            Ok(Message::Segments(segments)) => {
                let taken: u64 = segments.iter().map(|segment| segment.len() as u64).sum();
                segments.iter().for_each(|segment| self.hear_segment(segment));
                let Some(met) = self.met.get_mut(&seat) else { return Vec::new() };
                met.taken += taken;
                let ack = Message::Ack { taken: met.taken, stored: Vec::new() };
                // Some read nothing for a while.
                if rng.chance(95) { vec![(seat, Class::Sync, ack.to_bytes())] } else { Vec::new() }
            }
            _ => Vec::new(),
        }
    }

    fn hear_hello(&mut self, seat: SeatId, sealed: &[u8]) {
        let between = Between { room: self.room, from: seat, to: self.seat };
        let Some(hello) = Hello::open(&self.link.key, &between, sealed) else { return };
        for claim in hello.claims {
            let Some(seen) = SeenClaim::verify(&claim, self.room) else { continue };
            let lasts = !seen.is_counted() && seen.terms.expires.is_none() && !seen.terms.approval;
            if lasts && !self.claims.contains(&claim) {
                self.claims.push(claim);
            }
        }
    }

    fn hear_segment(&mut self, bytes: &[u8]) {
        if self.kept.len() < KEPT {
            self.kept.push(bytes.to_vec());
        }
        self.take(bytes);
    }

    /// Takes a segment into its own log, one's own as well.
    fn take(&mut self, bytes: &[u8]) -> Offer {
        let Ok(segment) = Segment::from_bytes(bytes) else { return Offer::Known };
        let (mut seq, mut before) = (segment.first, segment.before);
        for (entry, hash) in segment.entries.iter().zip(segment.hashes(self.room)) {
            self.note((segment.seat, seq), before, hash, entry);
            (seq, before) = (seq + 1, hash);
        }
        let offer = self.ledger.offer(bytes);
        while let Some(fresh) = self.ledger.poll() {
            if fresh.seat != self.seat {
                self.heard.extend(fresh.updates);
            }
        }
        while let Some((_, fresh)) = self.ledger.settle() {
            // Blocks of closed seats have other ids now.
            self.heard.clear();
            let rest = core::iter::from_fn(|| self.ledger.poll());
            let all = fresh.into_iter().chain(rest).filter(|fresh| fresh.seat != self.seat);
            self.heard.extend(all.flat_map(|fresh| fresh.updates));
        }
        while self.ledger.poll_refused().is_some() {}
        offer
    }

    fn note(&mut self, (seat, seq): (SeatId, u64), before: Hash, hash: Hash, entry: &[u8]) {
        let Ok(Entry { lamport, deps, body }) = Entry::from_bytes(entry) else { return };
        let head = Head { seat, seq, hash: hash.short() };
        if let Body::Roster(RosterAct::Admit(claim)) = &body
            && claim.claimed().member == self.member()
        {
            self.admitted.get_or_insert(head);
        }
        let mut all = deps;
        if seq > 1 {
            all.push(Head { seat, seq: seq - 1, hash: before.short() });
        }
        self.seen.insert(head, Seen { lamport, before: all });
    }

    /// Some of those that are connected.
    fn some(&self, rng: &mut Rng) -> Vec<SeatId> {
        let mut all: Vec<SeatId> = self.met.keys().copied().collect();
        match rng.below(4) {
            0 => {}
            1 => all = rng.pick(&all).into_iter().collect(),
            _ => all.retain(|_| rng.chance(50)),
        }
        all
    }
}
