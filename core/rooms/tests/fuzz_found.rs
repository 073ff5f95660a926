//! Histories that a fuzzer found: each is here as small as it could be made.
#![allow(clippy::unwrap_used)]

use covey_rooms::capability::{Chain, Grant, Role, Terms};
use covey_rooms::documents::Document;
use covey_rooms::guard::{CODE_FILE, DocKind};
use covey_rooms::identity::{Author, DeviceSecret, MemberKey, SeatKey, Signed};
use covey_rooms::ledger::{Body, Entry, Ledger, Offer, Segment};
use covey_rooms::roster::{Genesis, Right, RosterAct, claim};
use covey_rooms::seal::{ContentKey, Position};
use covey_wire::frame::Wire;
use covey_wire::id::{ClientId, DocName, Hash, Head, RoomId};
use ed25519_dalek::SigningKey;

const OWNER: u8 = 2;
const MALLORY: u8 = 5;

fn room() -> RoomId {
    RoomId(SeatKey::new([1; 32]).id().0)
}

fn key() -> ContentKey {
    ContentKey::new([9; 32])
}

fn member(device: u8) -> MemberKey {
    DeviceSecret::new([device; 32]).member(room())
}

fn seat(device: u8) -> SeatKey {
    SeatKey::new([device; 32])
}

fn empty() -> Ledger {
    let mut ledger = Ledger::new(room());
    ledger.add_key(key().epoch(room()), key());
    ledger
}

fn drain(ledger: &mut Ledger) -> Vec<Vec<u8>> {
    core::iter::from_fn(|| ledger.poll()).map(|fresh| fresh.bytes.to_vec()).collect()
}

fn replica(log: &[Vec<u8>]) -> Ledger {
    let mut ledger = empty();
    log.iter().for_each(|bytes| assert!(matches!(ledger.offer(bytes), Offer::Accepted(_))));
    drain(&mut ledger);
    ledger
}

/// The owner's log, in which Mallory may write, and the head of her seat and of the owner's.
fn beginning() -> (Ledger, Vec<Vec<u8>>, (Hash, u64)) {
    let (owner, epoch) = (member(OWNER), key().epoch(room()));
    let genesis = Genesis { owner: owner.id(), exchange: owner.exchange(), epoch };
    let genesis = Signed::sign(genesis, &room().0, SeatKey::new([1; 32]).signer());
    let mut ledger = empty();
    let founder = Right::Founder(Box::new(genesis));
    let act = RosterAct::enter(room(), &owner, seat(OWNER).id(), founder);
    ledger.sit(seat(OWNER), act).unwrap();
    let link = SigningKey::from_bytes(&[7; 32]);
    let audience = link.verifying_key().to_bytes();
    let grant = Grant { audience, terms: Terms::new(Role::Participant) };
    let chain = Chain::root(room(), owner.signer(), grant);
    ledger.admit(claim(room(), &member(MALLORY), chain, &link)).unwrap();
    ledger.flush();
    let mut log = drain(&mut ledger);
    let mut own = replica(&log);
    let act = RosterAct::enter(room(), &member(MALLORY), seat(MALLORY).id(), Right::Member);
    own.sit(seat(MALLORY), act).unwrap();
    let entrance = drain(&mut own).pop().unwrap();
    assert!(matches!(ledger.offer(&entrance), Offer::Accepted(_)));
    log.extend(drain(&mut ledger));
    let entrance = Segment::from_bytes(&entrance).unwrap();
    let end = entrance.hashes(room()).pop().unwrap();
    let lamport = Entry::from_bytes(&entrance.entries[0]).unwrap().lamport;
    (ledger, log, (end, lamport))
}

/// Words of Mallory's that follow each other, one entry each, behind her entrance.
fn words(end: (Hash, u64), words: &[&str]) -> Vec<u8> {
    let (name, epoch) = (DocName::Code, key().epoch(room()));
    let mut page = Document::new(DocKind::Code, seat(MALLORY).id().client());
    let entries = (2..).zip(words).map(|(seq, word)| {
        let update = page.edit(CODE_FILE, 0, 0, word);
        let at = Position { room: room(), epoch, seat: seat(MALLORY).id(), seq };
        let sealed = key().seal(&at, &name.to_bytes(), &update);
        let body = Body::Document { name: name.clone(), epoch, sealed };
        Entry { lamport: end.1 + seq - 1, deps: Vec::new(), body }.to_bytes()
    });
    Segment::sign(room(), seat(MALLORY).signer(), 2, end.0, entries.collect()).to_bytes()
}

fn text(ledger: &mut Ledger) -> String {
    drain(ledger);
    while ledger.poll_refused().is_some() {}
    ledger.settle();
    let mut document = Document::new(DocKind::Code, ClientId(9));
    ledger.updates(&DocName::Code).iter().for_each(|update| document.apply(update).unwrap());
    document.text(CODE_FILE)
}

fn heads(ledger: &Ledger) -> Vec<Head> {
    let mut heads = ledger.heads();
    heads.sort();
    heads
}

/// Two segments have their first entry in common, so that the histories part in the middle of both.
#[test]
fn histories_that_part_inside_a_segment_are_the_same_in_any_order() {
    let (_, log, end) = beginning();
    let (one, two) = (words(end, &["same ", "one "]), words(end, &["same ", "two "]));
    let [mut a, mut b] = [[&one, &two], [&two, &one]].map(|order| {
        let mut ledger = replica(&log);
        order
            .into_iter()
            .for_each(|bytes| assert!(matches!(ledger.offer(bytes), Offer::Accepted(_))));
        ledger
    });
    assert_eq!((text(&mut a), heads(&a)), (text(&mut b), heads(&b)));
    assert_eq!(text(&mut a), "same ");
    // Judged anew once more, what they have in common still counts.
    let three = words(end, &["same ", "one ", "three "]);
    for ledger in [&mut a, &mut b] {
        assert!(!matches!(ledger.offer(&three), Offer::Refused(_)));
        let four = words(end, &["same ", "four "]);
        assert!(!matches!(ledger.offer(&four), Offer::Refused(_)));
        assert_eq!(text(ledger), "same ");
    }
    assert_eq!(heads(&a), heads(&b));
}

/// A replica that has settled writes beside a closed seat's blocks, and names them as they are there.
fn beside(order: [&str; 2]) -> (Vec<Vec<u8>>, Vec<u8>, Ledger) {
    let (mut owner, log, end) = beginning();
    let forks = order.map(|word| words(end, &[word])).to_vec();
    forks.iter().for_each(|bytes| assert!(matches!(owner.offer(bytes), Offer::Accepted(_))));
    assert_eq!(text(&mut owner), "");
    let mut page = Document::new(DocKind::Code, seat(OWNER).id().client());
    owner.updates(&DocName::Code).iter().for_each(|update| page.apply(update).unwrap());
    let update = page.edit(CODE_FILE, 0, 0, "honest");
    owner.write(&DocName::Code, key().epoch(room()), &update).unwrap();
    owner.flush();
    let honest = drain(&mut owner).pop().unwrap();
    assert_eq!(text(&mut owner), "honest");
    let before = [&log[..], &forks].concat();
    (before, honest, owner)
}

/// Which of both stands beside it is chance.
const ORDERS: [[&str; 2]; 2] = [["one ", "two "], ["two ", "one "]];

#[test]
fn a_replica_that_has_not_settled_yet_takes_entries_of_those_that_have() {
    for order in ORDERS {
        let (before, honest, _) = beside(order);
        let mut other = replica(&before);
        let offer = other.offer(&honest);
        assert!(matches!(offer, Offer::Accepted(_) | Offer::Waiting(_)), "{offer:?}");
        assert_eq!(text(&mut other), "honest");
    }
}

#[test]
fn a_log_with_a_closed_seat_is_read_from_the_disk_in_its_own_order() {
    for order in ORDERS {
        let (_, _, owner) = beside(order);
        let log: Vec<Vec<u8>> = owner.log().iter().map(|held| held.bytes.to_vec()).collect();
        let mut again = empty();
        let refused = |bytes: &&Vec<u8>| matches!(again.offer(bytes), Offer::Refused(_));
        assert_eq!(log.iter().filter(refused).count(), 0);
        assert_eq!(text(&mut again), "honest");
        assert_eq!(again.entry_count(), owner.entry_count());
    }
}

/// Between what two wrote at one place the order is that of their client ids: under another id a closed
/// seat's blocks may stand on the other side of what was written beside them.
#[test]
fn text_written_between_two_seats_stays_when_one_is_closed() {
    let code = DocName::Code;
    for word in ('a'..='z').map(String::from) {
        let (mut owner, _, end) = beginning();
        let mut page = Document::new(DocKind::Code, seat(OWNER).id().client());
        let write = |owner: &mut Ledger, page: &mut Document, at, text| {
            let update = page.edit(CODE_FILE, at, 0, text);
            owner.write(&code, key().epoch(room()), &update).unwrap();
            owner.flush();
            drain(owner);
        };
        write(&mut owner, &mut page, 0, "X");
        assert!(matches!(owner.offer(&words(end, &[&word])), Offer::Accepted(_)));
        while let Some(fresh) = owner.poll() {
            fresh.updates.iter().for_each(|(_, update)| page.apply(update).unwrap());
        }
        write(&mut owner, &mut page, 1, "-");
        let before = owner.entry_count();
        assert!(matches!(owner.offer(&words(end, &["other"])), Offer::Accepted(_)));
        let seen = text(&mut owner);
        assert!(seen == "X-" || seen == "-X", "{word}: {seen}");
        assert_eq!(owner.entry_count(), before + 1);
    }
}
