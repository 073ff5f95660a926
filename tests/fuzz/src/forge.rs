//! A room whose keys are all known, so that whatever is changed in it can be signed again.

use std::sync::OnceLock;

use covey_rooms::capability::{Chain, Grant, Role, Terms};
use covey_rooms::identity::{DeviceSecret, MemberKey, SeatKey, Signed};
use covey_rooms::ledger::{Entry, Ledger, Offer, Segment};
use covey_rooms::roster::{Claim, Genesis, Right, RosterAct, claim};
use covey_rooms::seal::{ContentKey, EpochId, Position};
use covey_wire::frame::Wire;
use covey_wire::id::{DocName, Hash, Head, RoomId, SeatId};
use ed25519_dalek::SigningKey;

/// Who is in the room; the number makes their keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Person {
    /// Founded it. Her keys are never used for anything hostile.
    Owner = 2,
    /// Writes, and does no harm either.
    Ben = 3,
    /// May only read.
    Vera = 4,
    /// Writes, and wants harm.
    Mallory = 5,
}

impl Person {
    /// The person's key in the room.
    pub fn member(self) -> MemberKey {
        member(self as u8)
    }

    /// The key of the seat the person sits on.
    pub fn seat(self) -> SeatKey {
        seat(self as u8)
    }
}

/// The key in the room of whoever has this device.
pub fn member(device: u8) -> MemberKey {
    DeviceSecret::new([device; 32]).member(room().id)
}

/// The key of a device's first seat.
pub fn seat(device: u8) -> SeatKey {
    SeatKey::new([device; 32])
}

/// The secret of the link a device came by.
pub fn link(device: u8) -> SigningKey {
    SigningKey::from_bytes(&[device ^ 0xff; 32])
}

/// The room, and its log as far as everyone has it.
pub struct Room {
    /// Its name.
    pub id: RoomId,
    /// The epoch all write in.
    pub epoch: EpochId,
    /// The log, in causal order.
    pub log: Vec<Vec<u8>>,
}

/// The people whom the owner let in, and their roles.
const ADMITTED: [(Person, Role); 3] = [
    (Person::Ben, Role::Participant),
    (Person::Vera, Role::Viewer),
    (Person::Mallory, Role::Participant),
];

/// The claim of a person who came by a link of the owner's that gives a role.
fn claim_of(room: RoomId, person: Person, role: Role) -> Signed<Claim> {
    let device = |person: Person| DeviceSecret::new([person as u8; 32]).member(room);
    let link = link(person as u8);
    let grant = Grant { audience: link.verifying_key().to_bytes(), terms: Terms::new(role) };
    let chain = Chain::root(room, device(Person::Owner).signer(), grant);
    claim(room, &device(person), chain, &link)
}

/// A claim that was taken into the log at the beginning.
pub fn honest_claim(person: Person) -> Signed<Claim> {
    let role =
        ADMITTED.iter().find(|(of, _)| *of == person).map_or(Role::Viewer, |(_, role)| *role);
    claim_of(room().id, person, role)
}

/// Whether it is in the ledger now, and was not before.
pub fn is_accepted(offer: Offer) -> bool {
    matches!(offer, Offer::Accepted(_))
}

/// The end of a chain.
#[derive(Debug, Clone, Copy)]
pub struct End {
    /// The last sequence number.
    pub seq: u64,
    /// The hash there.
    pub hash: Hash,
    /// The lamport time there.
    pub lamport: u64,
}

const ROOT: [u8; 32] = [1; 32];

/// The key of everything written.
pub fn key() -> ContentKey {
    ContentKey::new([9; 32])
}

/// The room, made once.
pub fn room() -> &'static Room {
    static ROOM: OnceLock<Room> = OnceLock::new();
    ROOM.get_or_init(Room::new)
}

impl Room {
    fn new() -> Self {
        let id = RoomId(SeatKey::new(ROOT).id().0);
        let key = |person: Person| DeviceSecret::new([person as u8; 32]).member(id);
        let (owner, epoch) = (key(Person::Owner), self::key().epoch(id));
        let genesis = Genesis { owner: owner.id(), exchange: owner.exchange(), epoch };
        let mut room = Self { id, epoch, log: Vec::new() };
        let genesis = Signed::sign(genesis, &id.0, SeatKey::new(ROOT).signer());
        let mut ledger = room.empty();
        let founder = Right::Founder(Box::new(genesis));
        let founding = RosterAct::enter(id, &owner, Person::Owner.seat().id(), founder);
        ledger.sit(Person::Owner.seat(), founding).expect("a founding is admissible");
        for (person, role) in ADMITTED {
            ledger.admit(claim_of(id, person, role)).expect("the owner admits");
            ledger.flush();
            room.log = segments(&mut ledger, room.log);
            let mut own = room.empty();
            give(&mut own, &room.log);
            let act = RosterAct::enter(id, &key(person), person.seat().id(), Right::Member);
            own.sit(person.seat(), act).expect("who was admitted enters");
            let entrance = segments(&mut own, Vec::new()).pop().expect("an entrance");
            assert!(is_accepted(ledger.offer(&entrance)), "an honest entrance is admissible");
            room.log = segments(&mut ledger, room.log);
        }
        room
    }

    /// A log without anything in it.
    pub fn empty(&self) -> Ledger {
        let mut ledger = Ledger::new(self.id);
        ledger.add_key(self.epoch, key());
        ledger
    }

    /// What someone has who heard everything so far.
    pub fn replica(&self) -> Ledger {
        let mut ledger = self.empty();
        give(&mut ledger, &self.log);
        while ledger.poll().is_some() {}
        ledger
    }

    /// Where a person's chain ends.
    pub fn end(&self, person: Person) -> End {
        let seat = person.seat().id();
        let mut end = End { seq: 0, hash: Hash([0; 32]), lamport: 0 };
        for segment in self.log.iter().filter_map(|bytes| Segment::from_bytes(bytes).ok()) {
            let last = segment.entries.last().and_then(|entry| Entry::from_bytes(entry).ok());
            if let (true, Some(entry)) = (segment.seat == seat, last) {
                let hash = segment.hashes(self.id).pop().unwrap_or(segment.before);
                end = End { seq: segment.last(), hash, lamport: entry.lamport };
            }
        }
        end
    }

    /// How the last entry of a person is named.
    pub fn head(&self, person: Person) -> Head {
        let End { seq, hash, .. } = self.end(person);
        Head { seat: person.seat().id(), seq, hash: hash.short() }
    }

    /// Whether a person's entries build on the last one of the owner's.
    pub fn knows_owner(&self, person: Person) -> bool {
        let (owner, seat) = (self.head(Person::Owner), person.seat().id());
        let of = self.log.iter().filter_map(|bytes| Segment::from_bytes(bytes).ok());
        let entries = of.filter(|segment| segment.seat == seat).flat_map(|s| s.entries);
        let mut entries = entries.filter_map(|entry| Entry::from_bytes(&entry).ok());
        entries.any(|entry| entry.deps.contains(&owner))
    }

    /// Where an entry's content is sealed.
    pub fn position(&self, seat: &SeatKey, seq: u64) -> Position {
        Position { room: self.id, epoch: self.epoch, seat: seat.id(), seq }
    }

    /// Seals an update as it should be.
    pub fn seal(&self, seat: &SeatKey, seq: u64, name: &DocName, update: &[u8]) -> Vec<u8> {
        key().seal(&self.position(seat, seq), &name.to_bytes(), update)
    }

    /// Signs entries as a segment, whatever they are.
    pub fn sign(&self, seat: &SeatKey, first: u64, before: Hash, entries: Vec<Vec<u8>>) -> Segment {
        Segment::sign(self.id, seat.signer(), first, before, entries)
    }
}

/// A seat more of Ben's, in a ledger of his own.
pub fn ben_writes(room: &Room) -> (Ledger, SeatId) {
    let mut ledger = room.replica();
    let (seat, id) = (seat(33), seat(33).id());
    let act = RosterAct::enter(room.id, &Person::Ben.member(), id, Right::Member);
    ledger.sit(seat, act).expect("a member sits down");
    ledger.flush();
    (ledger, id)
}

fn give(ledger: &mut Ledger, log: &[Vec<u8>]) {
    for segment in log {
        assert!(is_accepted(ledger.offer(segment)), "the honest log is admissible");
    }
}

/// What came into a ledger, behind what came before.
pub fn segments(ledger: &mut Ledger, mut before: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    while let Some(fresh) = ledger.poll() {
        before.push(fresh.bytes.to_vec());
    }
    before
}
