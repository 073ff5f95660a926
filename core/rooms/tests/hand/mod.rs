//! A founded room, and segments written into it by hand.

#![allow(dead_code, clippy::unwrap_used)]

use covey_rooms::capability::{Chain, Grant, Role, Terms};
use covey_rooms::identity::{DeviceSecret, SeatKey, Signed};
use covey_rooms::ledger::{Body, Entry, Ledger, Offer, Segment};
use covey_rooms::roster::{Claim, Genesis, Right, RosterAct, claim};
use covey_rooms::seal::{ContentKey, EpochId, Position};
use covey_wire::frame::Wire;
use covey_wire::id::{DocName, Hash, Head, MemberId, RoomId};
use ed25519_dalek::SigningKey;

pub const KEY: [u8; 32] = [5; 32];

/// A founded room and everything needed to write into it by hand.
pub struct Bench {
    pub room: RoomId,
    pub epoch: EpochId,
    pub owner: DeviceSecret,
    pub seat: SeatKey,
    pub ledger: Ledger,
}

pub fn bench() -> Bench {
    let (room, epoch, seat, act) = founding();
    let mut bench = Bench { room, epoch, owner: owner(), seat, ledger: empty(room, epoch) };
    let bytes = bench.segment(&bench.seat, 1, Hash([0; 32]), vec![entry(1, act)]);
    assert!(accepted(bench.ledger.offer(&bytes)));
    bench
}

pub fn owner() -> DeviceSecret {
    DeviceSecret::new([2; 32])
}

/// A room, its epoch, and the founder's seat with its first act.
pub fn founding() -> (RoomId, EpochId, SeatKey, RosterAct) {
    let (root, seat) = (SeatKey::new([1; 32]), SeatKey::new([3; 32]));
    let room = RoomId(root.id().0);
    let member = owner().member(room);
    let epoch = ContentKey::new(KEY).epoch(room);
    let genesis = Genesis { owner: member.id(), exchange: member.exchange(), epoch };
    let right = Right::Founder(Box::new(Signed::sign(genesis, &room.0, root.signer())));
    let act = RosterAct::enter(room, &member, seat.id(), right);
    (room, epoch, seat, act)
}

pub fn empty(room: RoomId, epoch: EpochId) -> Ledger {
    let mut ledger = Ledger::new(room);
    ledger.add_key(epoch, ContentKey::new(KEY));
    ledger
}

pub fn entry(lamport: u64, act: RosterAct) -> Entry {
    Entry { lamport, deps: Vec::new(), body: Body::Roster(act) }
}

pub fn accepted(offer: Offer) -> bool {
    matches!(offer, Offer::Accepted(_))
}

impl Bench {
    pub fn segment(
        &self,
        seat: &SeatKey,
        first: u64,
        before: Hash,
        entries: Vec<Entry>,
    ) -> Vec<u8> {
        let entries = entries.iter().map(Wire::to_bytes).collect();
        Segment::sign(self.room, seat.signer(), first, before, entries).to_bytes()
    }

    pub fn hash(&self, bytes: &[u8]) -> Hash {
        Segment::from_bytes(bytes).unwrap().hashes(self.room).pop().unwrap()
    }

    pub fn update(&self, seat: &SeatKey, seq: u64, lamport: u64, update: &[u8]) -> Entry {
        let (room, epoch, name) = (self.room, self.epoch, DocName::Code);
        let at = Position { room, epoch, seat: seat.id(), seq };
        let sealed = ContentKey::new(KEY).seal(&at, &name.to_bytes(), update);
        Entry { lamport, deps: Vec::new(), body: Body::Document { name, epoch, sealed } }
    }

    /// The claim of somebody with a link of this role.
    pub fn claim(&self, device: u8, role: Role) -> Signed<Claim> {
        self.claim_by(&self.owner, device, Terms::new(role))
    }

    /// The same, with a link that somebody else made.
    pub fn claim_by(&self, anchor: &DeviceSecret, device: u8, terms: Terms) -> Signed<Claim> {
        let link = SigningKey::from_bytes(&[device; 32]);
        let audience = link.verifying_key().to_bytes();
        let anchor = anchor.member(self.room);
        let chain = Chain::root(self.room, anchor.signer(), Grant { audience, terms });
        claim(self.room, &DeviceSecret::new([device; 32]).member(self.room), chain, &link)
    }

    /// A member's first entry, behind the entries that it names.
    pub fn enter(&self, device: u8, seat: &SeatKey, lamport: u64, deps: Vec<Head>) -> Entry {
        let member = DeviceSecret::new([device; 32]).member(self.room);
        let act = RosterAct::enter(self.room, &member, seat.id(), Right::Member);
        Entry { lamport, deps, body: Body::Roster(act) }
    }

    /// The owner admits somebody, who then sits down: both segments.
    pub fn admitted(&mut self, device: u8, seat: &SeatKey, role: Role) -> [Vec<u8>; 2] {
        let act = RosterAct::Admit(Box::new(self.claim(device, role)));
        let last =
            self.ledger.heads().into_iter().find(|head| head.seat == self.seat.id()).unwrap();
        let before = self.ledger.log().iter().rfind(|held| held.seat == self.seat.id()).unwrap();
        let before = self.hash(&before.bytes);
        let lamport = last.seq + 1;
        let admit = self.segment(&self.seat, last.seq + 1, before, vec![entry(lamport, act)]);
        assert!(accepted(self.ledger.offer(&admit)));
        let deps = vec![self.head(&admit)];
        let enter = self.enter(device, seat, lamport + 1, deps);
        let enter = self.segment(seat, 1, Hash([0; 32]), vec![enter]);
        assert!(accepted(self.ledger.offer(&enter)));
        [admit, enter]
    }

    /// How a segment's last entry is named.
    pub fn head(&self, bytes: &[u8]) -> Head {
        let segment = Segment::from_bytes(bytes).unwrap();
        Head { seat: segment.seat, seq: segment.last(), hash: self.hash(bytes).short() }
    }

    /// A founder's first act.
    pub fn founder(&self, device: &DeviceSecret, root: &SeatKey, seat: &SeatKey) -> RosterAct {
        let (member, epoch) = (device.member(self.room), self.epoch);
        let genesis = Genesis { owner: member.id(), exchange: member.exchange(), epoch };
        let right = Right::Founder(Box::new(Signed::sign(genesis, &self.room.0, root.signer())));
        RosterAct::enter(self.room, &member, seat.id(), right)
    }

    /// The member of a device.
    pub fn who(&self, device: u8) -> MemberId {
        DeviceSecret::new([device; 32]).member(self.room).id()
    }

    pub fn genesis_bytes(&self) -> Vec<u8> {
        self.ledger.log()[0].bytes.to_vec()
    }
}
