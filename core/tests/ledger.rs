//! The log by itself: order of arrival, forks, forgeries, waiting.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::Net;
use covey_core::capability::{Chain, Grant, Role, Terms};
use covey_core::documents::Document;
use covey_core::frame::Wire;
use covey_core::guard::{CODE_FILE, DocKind};
use covey_core::id::{ClientId, DocName, Hash, MemberId, RoomId};
use covey_core::identity::{DeviceSecret, SeatKey, Signed};
use covey_core::ledger::{Body, Entry, Ledger, Offer, Reason, Segment};
use covey_core::limits;
use covey_core::roster::{Genesis, Right, RosterAct, claim};
use covey_core::seal::{ContentKey, EpochId, Position};
use ed25519_dalek::SigningKey;
use proptest::prelude::*;

const KEY: [u8; 32] = [5; 32];

/// A founded room and everything needed to write into it by hand.
struct Bench {
    room: RoomId,
    epoch: EpochId,
    owner: DeviceSecret,
    seat: SeatKey,
    ledger: Ledger,
}

fn bench() -> Bench {
    let (room, epoch, seat, act) = founding();
    let mut bench = Bench { room, epoch, owner: owner(), seat, ledger: empty(room, epoch) };
    let bytes = bench.segment(&bench.seat, 1, Hash([0; 32]), vec![entry(1, act)]);
    assert_eq!(bench.ledger.offer(&bytes), Offer::Accepted);
    bench
}

fn owner() -> DeviceSecret {
    DeviceSecret::new([2; 32])
}

/// A room, its epoch, and the founder's seat with its first act.
fn founding() -> (RoomId, EpochId, SeatKey, RosterAct) {
    let (root, seat) = (SeatKey::new([1; 32]), SeatKey::new([3; 32]));
    let room = RoomId(root.id().0);
    let member = owner().member(room);
    let genesis = Genesis { owner: member.id(), exchange: member.exchange() };
    let epoch = genesis.epoch(room);
    let right = Right::Founder(Box::new(Signed::sign(genesis, &room.0, root.signer())));
    let act = RosterAct::enter(room, &member, seat.id(), right);
    (room, epoch, seat, act)
}

fn empty(room: RoomId, epoch: EpochId) -> Ledger {
    let mut ledger = Ledger::new(room);
    ledger.add_key(epoch, ContentKey::new(KEY));
    ledger
}

fn entry(lamport: u64, act: RosterAct) -> Entry {
    Entry { lamport, deps: Vec::new(), body: Body::Roster(act) }
}

#[test]
fn what_is_written_at_once_is_one_entry_whatever_is_refused_between() {
    let (room, epoch, seat, act) = founding();
    let mut page = Document::new(DocKind::Code, seat.id().client());
    let mut ledger = empty(room, epoch);
    ledger.sit(seat, act).unwrap();
    ledger.flush();
    for n in 0..1000 {
        let update = page.edit(CODE_FILE, n, 0, "x");
        ledger.write(&DocName::Code, epoch, &update).unwrap();
        assert!(ledger.write(&DocName::Code, epoch, b"no update").is_err());
        assert!(ledger.write(&DocName::Code, epoch, &update).is_err(), "twice");
    }
    ledger.write(&DocName::Chat, epoch, &[0, 0]).unwrap_err();
    ledger.flush();
    let mut reader = bench();
    let (mut seen, mut entries) = (Document::new(DocKind::Code, ClientId(9)), 0);
    while let Some(fresh) = ledger.poll() {
        entries += Segment::from_bytes(&fresh.bytes).unwrap().entries.len();
        reader.ledger.offer(&fresh.bytes);
    }
    while let Some(fresh) = reader.ledger.poll() {
        fresh.updates.iter().for_each(|(_, update)| seen.apply(update).unwrap());
    }
    assert_eq!(seen.text(CODE_FILE), "x".repeat(1000));
    // The entrance, and as many as a thousand small updates of some twenty bytes fill.
    assert!((2..=4).contains(&entries), "{entries} entries");
}

#[test]
fn who_wrote_all_that_a_member_may_is_told_before_others_refuse_it() {
    let (room, epoch, seat, act) = founding();
    let (member, place) = (owner().member(room).id(), seat.id());
    let mut page = Document::new(DocKind::Code, place.client());
    let mut ledger = empty(room, epoch);
    ledger.sit(seat, act).unwrap();
    let mut write = |text: &str| {
        let written = ledger.write(&DocName::Code, epoch, &page.edit(CODE_FILE, 0, 0, text));
        ledger.flush();
        written
    };
    // It gets smaller, so what counts is what it is opened.
    let lines = (0..limits::UPDATE_PART / 32).map(|n| format!("{n:05} a line like all others\n"));
    let part: String = lines.collect();
    let refused = core::iter::repeat_with(|| write(&part)).find_map(Result::err);
    assert_eq!(refused, Some(Reason::Quota));
    let kept = ledger.bytes_of(place);
    assert!((limits::OWN_BYTES - 2 * part.len()..=limits::AUTHOR_BYTES).contains(&kept), "{kept}");
    let mut reader = empty(room, epoch);
    while let Some(fresh) = ledger.poll() {
        assert_eq!(reader.offer_from(Some(member), &fresh.bytes), Offer::Accepted);
    }
    assert_eq!(reader.bytes_of(place), kept);
}

#[test]
fn what_was_joined_counts_as_it_did_before() {
    let (room, epoch, seat, act) = founding();
    let place = seat.id();
    let mut page = Document::new(DocKind::Code, place.client());
    let mut ledger = empty(room, epoch);
    ledger.sit(seat, act).unwrap();
    for _ in 0..100 {
        ledger.write(&DocName::Code, epoch, &page.edit(CODE_FILE, 0, 0, "x")).unwrap();
        ledger.flush();
    }
    let kept = ledger.bytes_of(place);
    assert!(!ledger.pack().is_empty());
    let mut again = empty(room, epoch);
    for held in ledger.log() {
        assert_eq!(again.offer(&held.bytes), Offer::Accepted);
    }
    assert_eq!(again.bytes_of(place), kept);
}

impl Bench {
    fn segment(&self, seat: &SeatKey, first: u64, before: Hash, entries: Vec<Entry>) -> Vec<u8> {
        let entries = entries.iter().map(Wire::to_bytes).collect();
        Segment::sign(self.room, seat.signer(), first, before, entries).to_bytes()
    }

    fn hash(&self, bytes: &[u8]) -> Hash {
        Segment::from_bytes(bytes).unwrap().hashes(self.room).pop().unwrap()
    }

    fn update(&self, seat: &SeatKey, seq: u64, lamport: u64, update: &[u8]) -> Entry {
        let (room, epoch, name) = (self.room, self.epoch, DocName::Code);
        let at = Position { room, epoch, seat: seat.id(), seq };
        let sealed = ContentKey::new(KEY).seal(&at, &name.to_bytes(), update);
        Entry { lamport, deps: Vec::new(), body: Body::Document { name, epoch, sealed } }
    }

    /// The first segment of someone with a link of this role.
    fn newcomer(&self, device: u8, seat: &SeatKey, role: Role) -> Entry {
        let owner = self.owner.member(self.room);
        let link = SigningKey::from_bytes(&[device; 32]);
        let audience = link.verifying_key().to_bytes();
        let terms = Terms::new(role);
        let chain = Chain::root(self.room, owner.signer(), Grant { audience, terms });
        let member = DeviceSecret::new([device; 32]).member(self.room);
        let right = Right::Claim(Box::new(claim(self.room, &member, chain, &link)));
        entry(1, RosterAct::enter(self.room, &member, seat.id(), right))
    }

    /// The member of a device.
    fn who(&self, device: u8) -> MemberId {
        DeviceSecret::new([device; 32]).member(self.room).id()
    }

    fn genesis_bytes(&self) -> Vec<u8> {
        self.ledger.log()[0].bytes.to_vec()
    }
}

#[test]
fn two_histories_of_one_seat_are_a_fork_and_the_first_one_stays() {
    let mut b = bench();
    let before = b.hash(&b.genesis_bytes());
    let claim = |n| RosterAct::Admit(Hash([n; 32]));
    let (one, two) = (entry(2, claim(1)), entry(2, claim(2)));
    let one = b.segment(&b.seat, 2, before, vec![one]);
    let two = b.segment(&b.seat, 2, before, vec![two]);
    assert_eq!(b.ledger.offer(&one), Offer::Refused(Reason::Claim));
    assert_eq!(b.ledger.offer(&two), Offer::Refused(Reason::Broken));
    let other_start = b.segment(&b.seat, 1, Hash([0; 32]), vec![entry(1, claim(1))]);
    assert_eq!(b.ledger.offer(&other_start), Offer::Refused(Reason::Fork));
}

#[test]
fn a_segment_that_does_not_continue_the_chain_is_a_fork() {
    let mut b = bench();
    let wrong =
        b.segment(&b.seat, 2, Hash([9; 32]), vec![entry(2, RosterAct::Admit(Hash([1; 32])))]);
    assert_eq!(b.ledger.offer(&wrong), Offer::Refused(Reason::Fork));
}

#[test]
fn lamport_time_is_one_more_than_the_causal_past() {
    for lamport in [0, 1, 3, u64::MAX] {
        let mut b = bench();
        let before = b.hash(&b.genesis_bytes());
        let update = b.update(&b.seat, 2, lamport, b"whatever");
        let bytes = b.segment(&b.seat, 2, before, vec![update]);
        assert_eq!(b.ledger.offer(&bytes), Offer::Refused(Reason::Causality), "{lamport}");
    }
}

#[test]
fn a_claim_without_admission_gives_no_right_to_write() {
    let mut b = bench();
    let seat = SeatKey::new([8; 32]);
    let first = b.segment(&seat, 1, Hash([0; 32]), vec![b.newcomer(7, &seat, Role::Participant)]);
    assert_eq!(b.ledger.offer(&first), Offer::Accepted);
    let update = b.update(&seat, 2, 2, b"whatever");
    let second = b.segment(&seat, 2, b.hash(&first), vec![update]);
    assert_eq!(b.ledger.offer(&second), Offer::Refused(Reason::Role));
}

#[test]
fn nobody_admits_above_the_own_role() {
    let mut b = bench();
    let viewer = SeatKey::new([8; 32]);
    let first = b.segment(&viewer, 1, Hash([0; 32]), vec![b.newcomer(7, &viewer, Role::Viewer)]);
    assert_eq!(b.ledger.offer(&first), Offer::Accepted);
    // The owner admits the viewer.
    let hash = *b.ledger.roster().open_claims_of(b.who(7)).next().unwrap().0;
    let deps = vec![(viewer.id(), 1)];
    let admit = Entry { lamport: 2, deps, body: Body::Roster(RosterAct::Admit(hash)) };
    let bytes = b.segment(&b.seat, 2, b.hash(&b.genesis_bytes()), vec![admit]);
    assert_eq!(b.ledger.offer(&bytes), Offer::Accepted);
    // The viewer admits a participant: refused.
    let other = SeatKey::new([10; 32]);
    let second =
        b.segment(&other, 1, Hash([0; 32]), vec![b.newcomer(9, &other, Role::Participant)]);
    assert_eq!(b.ledger.offer(&second), Offer::Accepted);
    let hash = *b.ledger.roster().open_claims_of(b.who(9)).next().unwrap().0;
    let mut deps = vec![(b.seat.id(), 2), (other.id(), 1)];
    deps.sort();
    let admit = Entry { lamport: 3, deps, body: Body::Roster(RosterAct::Admit(hash)) };
    let bytes = b.segment(&viewer, 2, b.hash(&first), vec![admit]);
    assert_eq!(b.ledger.offer(&bytes), Offer::Refused(Reason::Role));
}

#[test]
fn a_claim_whose_anchor_is_a_stranger_waits_for_ever() {
    let mut b = bench();
    let stranger = DeviceSecret::new([66; 32]);
    b.owner = stranger;
    let seat = SeatKey::new([8; 32]);
    let first = b.segment(&seat, 1, Hash([0; 32]), vec![b.newcomer(7, &seat, Role::Owner)]);
    assert_eq!(b.ledger.offer(&first), Offer::Waiting(None));
}

#[test]
fn a_second_genesis_is_refused() {
    let mut b = bench();
    let (other_root, seat) = (SeatKey::new([40; 32]), SeatKey::new([41; 32]));
    let member = DeviceSecret::new([42; 32]).member(b.room);
    let genesis = Genesis { owner: member.id(), exchange: member.exchange() };
    let right = Right::Founder(Box::new(Signed::sign(genesis, &b.room.0, other_root.signer())));
    let act = RosterAct::enter(b.room, &member, seat.id(), right);
    let bytes = b.segment(&seat, 1, Hash([0; 32]), vec![entry(1, act)]);
    assert_eq!(b.ledger.offer(&bytes), Offer::Refused(Reason::Signature));
}

#[test]
fn someone_elses_certificate_does_not_fit_a_seat() {
    let mut b = bench();
    let seat = SeatKey::new([8; 32]);
    let stolen = b.newcomer(7, &SeatKey::new([9; 32]), Role::Viewer);
    let bytes = b.segment(&seat, 1, Hash([0; 32]), vec![stolen]);
    assert_eq!(b.ledger.offer(&bytes), Offer::Refused(Reason::Entrance));
}

#[test]
fn what_was_sealed_for_another_place_is_refused() {
    let mut b = bench();
    let before = b.hash(&b.genesis_bytes());
    let mut moved = b.update(&b.seat, 3, 2, b"whatever");
    moved.lamport = 2;
    let bytes = b.segment(&b.seat, 2, before, vec![moved]);
    assert_eq!(b.ledger.offer(&bytes), Offer::Refused(Reason::Seal));
}

#[test]
fn a_hostile_update_is_refused_and_the_good_part_of_its_segment_stays() {
    let mut b = bench();
    let before = b.hash(&b.genesis_bytes());
    let mut view = covey_core::documents::Document::new(
        covey_core::guard::DocKind::Code,
        b.seat.id().client(),
    );
    let good = view.edit(covey_core::guard::CODE_FILE, 0, 0, "good");
    let entries = vec![b.update(&b.seat, 2, 2, &good), b.update(&b.seat, 3, 3, &[0, 0])];
    let bytes = b.segment(&b.seat, 2, before, entries);
    assert_eq!(b.ledger.offer(&bytes), Offer::Accepted);
    assert!(matches!(b.ledger.poll_refused(), Some((_, Reason::Guard(_)))));
    b.ledger.poll();
    assert_eq!(b.ledger.poll().unwrap().updates.len(), 1);
    let again = b.segment(&b.seat, 4, Hash([0; 32]), vec![b.update(&b.seat, 4, 4, &good)]);
    assert_eq!(b.ledger.offer(&again), Offer::Refused(Reason::Broken));
}

#[test]
fn what_is_sent_again_with_more_behind_it_is_kept_once() {
    let mut b = bench();
    let (before, place) = (b.hash(&b.genesis_bytes()), b.seat.id());
    let mut view = Document::new(DocKind::Code, place.client());
    let texts = ["large ".repeat(10_000), "small".to_owned(), "smaller".to_owned()];
    let updates = texts.map(|text| view.edit(CODE_FILE, 0, 0, &text));
    let entries = (2..).zip(updates).map(|(seq, update)| b.update(&b.seat, seq, seq, &update));
    let entries: Vec<Entry> = entries.collect();
    let large = entries[0].to_bytes().len();
    for count in 1..=entries.len() {
        let bytes = b.segment(&b.seat, 2, before, entries[..count].to_vec());
        assert_eq!(b.ledger.offer(&bytes), Offer::Accepted);
    }
    let held: usize = b.ledger.log().iter().map(|held| held.bytes.len()).sum();
    assert!((large..large + 2_000).contains(&held), "{held}");
    let mut other = empty(b.room, b.epoch);
    for held in b.ledger.log() {
        assert_eq!(other.offer(&held.bytes), Offer::Accepted);
    }
    assert_eq!(other.entry_count(), 4);
    assert_eq!(other.bytes_of(place), b.ledger.bytes_of(place));
}

#[test]
fn one_claim_from_two_seats_is_admitted_whichever_came_first() {
    let mut b = bench();
    let (one, two) = (SeatKey::new([8; 32]), SeatKey::new([9; 32]));
    let first = b.segment(&one, 1, Hash([0; 32]), vec![b.newcomer(7, &one, Role::Viewer)]);
    let second = b.segment(&two, 1, Hash([0; 32]), vec![b.newcomer(7, &two, Role::Viewer)]);
    assert_eq!(b.ledger.offer(&second), Offer::Accepted);
    let hash = *b.ledger.roster().open_claims_of(b.who(7)).next().unwrap().0;
    let deps = vec![(two.id(), 1)];
    let admit = Entry { lamport: 2, deps, body: Body::Roster(RosterAct::Admit(hash)) };
    let admit = b.segment(&b.seat, 2, b.hash(&b.genesis_bytes()), vec![admit]);
    for order in [[&first, &second, &admit], [&second, &admit, &first], [&admit, &first, &second]] {
        let mut other = bench();
        for segment in order {
            assert!(matches!(other.ledger.offer(segment), Offer::Accepted | Offer::Waiting(_)));
        }
        assert_eq!(other.ledger.log().len(), 4);
        assert_eq!(other.ledger.standing(b.who(7)).unwrap().role, Role::Viewer);
    }
}

#[test]
fn a_claim_is_admitted_once() {
    let mut b = bench();
    let seat = SeatKey::new([8; 32]);
    let first = b.segment(&seat, 1, Hash([0; 32]), vec![b.newcomer(7, &seat, Role::Viewer)]);
    assert_eq!(b.ledger.offer(&first), Offer::Accepted);
    let hash = *b.ledger.roster().open_claims_of(b.who(7)).next().unwrap().0;
    let deps = vec![(seat.id(), 1)];
    let admit = Entry { lamport: 2, deps, body: Body::Roster(RosterAct::Admit(hash)) };
    let again = entry(3, RosterAct::Admit(hash));
    let bytes = b.segment(&b.seat, 2, b.hash(&b.genesis_bytes()), vec![admit]);
    assert_eq!(b.ledger.offer(&bytes), Offer::Accepted);
    let bytes = b.segment(&b.seat, 3, b.hash(&bytes), vec![again]);
    assert_eq!(b.ledger.offer(&bytes), Offer::Refused(Reason::Claim));
}

#[test]
fn refused_first_segments_leave_no_trace() {
    let mut b = bench();
    for n in 20..200 {
        let seat = SeatKey::new([n; 32]);
        let nobody = DeviceSecret::new([n; 32]).member(b.room);
        let act = RosterAct::enter(b.room, &nobody, seat.id(), Right::Member);
        let bytes = b.segment(&seat, 1, Hash([0; 32]), vec![entry(1, act)]);
        assert_eq!(b.ledger.offer(&bytes), Offer::Refused(Reason::Role));
        assert_eq!(b.ledger.offer(&bytes), Offer::Refused(Reason::Role));
    }
    assert_eq!(b.ledger.heads().len(), 1);
}

/// Everything that two busy people wrote, as one of them stored it.
fn history() -> (covey_core::client::Record, Vec<Vec<u8>>) {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let link = net.invite(ada, Role::Participant);
    let bo = net.join(2, "Bo", &link);
    for n in 0..30 {
        net.edit(ada, 0, 0, "a");
        net.edit(bo, n, 0, "b");
        if n == 15 {
            net.reload(bo);
        }
        net.wait(Duration::from_millis(30));
    }
    net.wait(Duration::from_secs(2));
    let disk = net.pages[ada].disk.clone();
    (covey_core::client::Record::from_bytes(&disk.record).unwrap(), disk.segments)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn every_order_of_arrival_ends_alike(order in Just(history()).prop_flat_map(|(r, s)| (Just(r), Just(s).prop_shuffle()))) {
        let (record, segments) = order;
        let mut ledger = Ledger::new(record.room);
        ledger.add_key(record.epoch, record.key.clone());
        for segment in &segments {
            prop_assert!(!matches!(ledger.offer(segment), Offer::Refused(_)));
        }
        prop_assert_eq!(ledger.log().len(), segments.len());
        prop_assert_eq!(ledger.poll_refused(), None);
        // What is handed on stands in causal order: a fresh ledger takes it without waiting.
        let mut second = Ledger::new(record.room);
        second.add_key(record.epoch, record.key);
        for held in ledger.log() {
            prop_assert_eq!(second.offer(&held.bytes), Offer::Accepted);
        }
    }
}
