//! The log by itself: order of arrival, forks, forgeries, waiting.

#![allow(clippy::unwrap_used)]

mod hand;

use std::time::Duration;

use covey_rooms::capability::{Role, Terms};
use covey_rooms::documents::Document;
use covey_rooms::guard::{CODE_FILE, DocKind};
use covey_rooms::identity::{Author, DeviceSecret, SeatKey};
use covey_rooms::ledger::{Body, Entry, Ledger, Offer, Reason, Received, Segment};
use covey_rooms::roster::{Right, RosterAct};
use covey_testnet::Net;
use covey_wire::frame::Wire;
use covey_wire::id::{ClientId, DocName, Hash};
use covey_wire::limits;
use hand::{accepted, bench, empty, entry, founding, owner};
use proptest::prelude::*;

#[test]
fn edits_made_at_once_are_one_entry_whatever_is_refused_between() {
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
fn a_member_who_wrote_all_it_may_is_told_before_others_refuse_it() {
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
        let received = Received::read(fresh.bytes.clone()).unwrap();
        assert!(accepted(reader.offer_from(place, Some(member), &received)));
    }
    assert_eq!(reader.bytes_of(place), kept);
}

#[test]
fn joined_segments_count_as_they_did_before() {
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
        assert!(accepted(again.offer(&held.bytes)));
    }
    assert_eq!(again.bytes_of(place), kept);
}

#[test]
fn a_refused_segment_leaves_its_place_to_an_admissible_one() {
    let mut b = bench();
    let before = b.hash(&b.genesis_bytes());
    let nobody = b.claim_by(&DeviceSecret::new([66; 32]), 7, Terms::new(Role::Owner));
    let act = entry(2, RosterAct::Admit(Box::new(nobody)));
    let refused = b.segment(&b.seat, 2, before, vec![act]);
    assert_eq!(b.ledger.offer(&refused), Offer::Refused(Reason::Role));
    let other = b.segment(&b.seat, 1, Hash([0; 32]), vec![b.update(&b.seat, 1, 1, b"anything")]);
    assert_eq!(b.ledger.offer(&other), Offer::Refused(Reason::Entrance));
    let good = entry(2, RosterAct::Admit(Box::new(b.claim(7, Role::Viewer))));
    let good = b.segment(&b.seat, 2, before, vec![good]);
    assert!(accepted(b.ledger.offer(&good)));
    assert!(!b.ledger.is_closed(b.seat.id()), "what is not admissible is no history");
}

#[test]
fn a_segment_behind_another_history_waits_for_that() {
    let mut b = bench();
    let act = || entry(3, RosterAct::Admit(Box::new(b.claim(7, Role::Viewer))));
    let elsewhere = b.segment(&b.seat, 2, Hash([9; 32]), vec![act()]);
    assert!(matches!(b.ledger.offer(&elsewhere), Offer::Waiting(on) if on.seat == b.seat.id()));
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
fn content_sealed_for_another_place_is_refused() {
    let mut b = bench();
    let before = b.hash(&b.genesis_bytes());
    let mut moved = b.update(&b.seat, 3, 2, b"whatever");
    moved.lamport = 2;
    let bytes = b.segment(&b.seat, 2, before, vec![moved]);
    assert_eq!(b.ledger.offer(&bytes), Offer::Refused(Reason::Seal));
}

#[test]
fn of_a_segment_with_something_refused_nothing_is_kept_and_what_is_good_can_come_again() {
    let mut b = bench();
    let before = b.hash(&b.genesis_bytes());
    let mut view = Document::new(DocKind::Code, b.seat.id().client());
    let good = b.update(&b.seat, 2, 2, &view.edit(CODE_FILE, 0, 0, "good"));
    let bad = b.update(&b.seat, 3, 3, &[0, 0]);
    let both = b.segment(&b.seat, 2, before, vec![good.clone(), bad]);
    while b.ledger.poll().is_some() {}
    for _ in 0..2 {
        assert!(matches!(b.ledger.offer(&both), Offer::Refused(Reason::Guard(_))));
        assert_eq!((b.ledger.entry_count(), b.ledger.log().len()), (1, 1));
        assert!(b.ledger.poll().is_none());
    }
    // Nor does an admission in it stand, nor a document.
    let act = entry(2, RosterAct::Admit(Box::new(b.claim(7, Role::Viewer))));
    let mut bad = b.update(&b.seat, 3, 3, &[0, 0]);
    bad.body = match bad.body {
        Body::Document { epoch, sealed, .. } => {
            Body::Document { name: DocName::Chat, epoch, sealed }
        }
        other => other,
    };
    let both = b.segment(&b.seat, 2, before, vec![act, bad]);
    assert!(matches!(b.ledger.offer(&both), Offer::Refused(_)));
    assert!(b.ledger.standing(b.who(7)).is_none());
    let bytes = b.segment(&b.seat, 2, before, vec![good]);
    assert!(accepted(b.ledger.offer(&bytes)));
    let updates = b.ledger.poll().unwrap().updates;
    let mut seen = Document::new(DocKind::Code, ClientId(9));
    updates.iter().for_each(|(_, update)| seen.apply(update).unwrap());
    assert_eq!(seen.text(CODE_FILE), "good");
}

#[test]
fn a_segment_sent_again_with_more_behind_it_is_kept_once() {
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
        assert!(accepted(b.ledger.offer(&bytes)));
    }
    let held: usize = b.ledger.log().iter().map(|held| held.bytes.len()).sum();
    assert!((large..large + 2_000).contains(&held), "{held}");
    let mut other = empty(b.room, b.epoch);
    for held in b.ledger.log() {
        assert!(accepted(other.offer(&held.bytes)));
    }
    assert_eq!(other.entry_count(), 4);
    assert_eq!(other.bytes_of(place), b.ledger.bytes_of(place));
}

/// Forty megabytes by each of two devices that were apart: whoever heard of one first kept that one only.
#[test]
fn edits_made_apart_on_two_devices_are_taken_by_all_whatever_came_first() {
    let b = bench();
    let part = "what is written on two devices at once ".repeat(6_000);
    let devices = [SeatKey::new([21; 32]), SeatKey::new([22; 32])];
    let logs = devices.map(|seat| {
        let mut ledger = empty(b.room, b.epoch);
        ledger.offer(&b.genesis_bytes());
        let mut page = Document::new(DocKind::Code, seat.id().client());
        let member = b.owner.member(b.room);
        let act = RosterAct::enter(b.room, &member, seat.id(), Right::Member);
        ledger.sit(seat, act).unwrap();
        while ledger.log().iter().map(|held| held.last).max() < Some(170) {
            let update = page.edit(CODE_FILE, 0, 0, &part);
            ledger.write(&DocName::Code, b.epoch, &update).unwrap();
            ledger.flush();
        }
        ledger.log().iter().map(|held| held.bytes.to_vec()).collect::<Vec<_>>()
    });
    let [mut a, mut c] = [[0, 1], [1, 0]].map(|order| {
        let mut ledger = empty(b.room, b.epoch);
        for segment in order.iter().flat_map(|n| &logs[*n]) {
            let received = Received::read(segment.clone()).unwrap();
            let offer = ledger.offer_from(b.seat.id(), None, &received);
            assert!(!matches!(offer, Offer::Refused(_)));
        }
        ledger
    });
    let heads = |ledger: &Ledger| {
        let mut heads = ledger.heads();
        heads.sort();
        heads
    };
    assert_eq!(heads(&a), heads(&c));
    let seat = devices_of(&logs)[0];
    assert!(a.bytes_of(seat) > limits::AUTHOR_BYTES, "{}", a.bytes_of(seat));
    // A page that knows of both has written all that it may.
    for ledger in [&mut a, &mut c] {
        let third = SeatKey::new([23; 32]);
        let mut page = Document::new(DocKind::Code, third.id().client());
        let member = b.owner.member(b.room);
        let act = RosterAct::enter(b.room, &member, third.id(), Right::Member);
        ledger.sit(third, act).unwrap_err();
        let update = page.edit(CODE_FILE, 0, 0, "x");
        assert!(ledger.write(&DocName::Code, b.epoch, &update).is_err());
    }
}

/// The authors of logs' last segments.
fn devices_of(logs: &[Vec<Vec<u8>>]) -> Vec<covey_wire::id::SeatId> {
    logs.iter().map(|log| Segment::from_bytes(log.last().unwrap()).unwrap().seat).collect()
}

/// Everything that two busy people wrote, as one of them stored it.
fn history() -> (covey_rooms::room::Record, Vec<Vec<u8>>) {
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
    (covey_rooms::room::Record::from_bytes(&disk.record).unwrap(), disk.segments)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn every_order_of_arrival_ends_alike(order in Just(history()).prop_flat_map(|(r, s)| (Just(r), Just(s).prop_shuffle()))) {
        let (record, segments) = order;
        let mut ledger = Ledger::new(record.room);
        ledger.add_key(record.keys[0].epoch(record.room), record.keys[0].clone());
        for segment in &segments {
            prop_assert!(!matches!(ledger.offer(segment), Offer::Refused(_)));
        }
        prop_assert_eq!(ledger.log().len(), segments.len());
        prop_assert_eq!(ledger.poll_refused(), None);
        // What is handed on stands in causal order: a fresh ledger takes it without waiting.
        let mut second = Ledger::new(record.room);
        second.add_key(record.keys[0].epoch(record.room), record.keys[0].clone());
        for held in ledger.log() {
            prop_assert!(accepted(second.offer(&held.bytes)));
        }
    }
}
