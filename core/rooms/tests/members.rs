//! Geneses, admissions and entrances, as the log judges them.

#![allow(clippy::unwrap_used)]

mod hand;

use covey_rooms::capability::{Role, Terms};
use covey_rooms::documents::Document;
use covey_rooms::guard::{CODE_FILE, DocKind};
use covey_rooms::identity::{Author, DeviceSecret, SeatKey};
use covey_rooms::ledger::{Offer, Reason};
use covey_rooms::roster::{Right, RosterAct};
use covey_wire::id::Hash;
use hand::{accepted, bench, empty, entry, owner};

#[test]
fn nothing_of_somebody_who_is_not_admitted_is_kept() {
    let mut b = bench();
    let (seat, log) = (SeatKey::new([8; 32]), b.ledger.log().len());
    for deps in [Vec::new(), vec![b.head(&b.genesis_bytes())]] {
        let enter = b.enter(7, &seat, 1 + deps.len() as u64, deps);
        let first = b.segment(&seat, 1, Hash([0; 32]), vec![enter]);
        assert_eq!(b.ledger.offer(&first), Offer::Refused(Reason::Role));
    }
    assert_eq!((b.ledger.log().len(), b.ledger.seat_count()), (log, 1));
    assert_eq!((b.ledger.waiting_bytes(), b.ledger.heads().len()), (0, 1));
}

#[test]
fn nobody_admits_above_the_own_role() {
    let mut b = bench();
    let viewer = SeatKey::new([8; 32]);
    let [_, first] = b.admitted(7, &viewer, Role::Viewer);
    let act = RosterAct::Admit(Box::new(b.claim(9, Role::Participant)));
    let bytes = b.segment(&viewer, 2, b.hash(&first), vec![entry(4, act)]);
    assert_eq!(b.ledger.offer(&bytes), Offer::Refused(Reason::Role));
}

/// Fifty people by a link for two: each was admitted by a fresh seat that had heard of no other.
#[test]
fn by_a_link_for_so_many_only_its_maker_and_moderators_admit() {
    let mut b = bench();
    let bo = SeatKey::new([8; 32]);
    let [_, first] = b.admitted(7, &bo, Role::Participant);
    let counted = Terms { uses: Some(2), ..Terms::new(Role::Participant) };
    for device in 20..70 {
        let claim = b.claim_by(&b.owner, device, counted);
        let act = entry(4, RosterAct::Admit(Box::new(claim)));
        let bytes = b.segment(&bo, 2, b.hash(&first), vec![act]);
        assert_eq!(b.ledger.offer(&bytes), Offer::Refused(Reason::Role));
    }
    // A neighbour: a link that narrows one for so many.
    let endless = b.claim(90, Role::Participant);
    let act = entry(4, RosterAct::Admit(Box::new(endless)));
    let bytes = b.segment(&bo, 2, b.hash(&first), vec![act]);
    assert!(accepted(b.ledger.offer(&bytes)), "without a number everyone does");
}

#[test]
fn a_claim_whose_anchor_is_a_stranger_is_admitted_by_nobody() {
    let mut b = bench();
    let claim = b.claim_by(&DeviceSecret::new([66; 32]), 7, Terms::new(Role::Viewer));
    let act = entry(2, RosterAct::Admit(Box::new(claim)));
    let bytes = b.segment(&b.seat, 2, b.hash(&b.genesis_bytes()), vec![act]);
    assert_eq!(b.ledger.offer(&bytes), Offer::Refused(Reason::Role));
}

#[test]
fn a_genesis_that_the_root_did_not_sign_is_refused() {
    let mut b = bench();
    let (other_root, seat) = (SeatKey::new([40; 32]), SeatKey::new([41; 32]));
    let act = b.founder(&DeviceSecret::new([42; 32]), &other_root, &seat);
    let bytes = b.segment(&seat, 1, Hash([0; 32]), vec![entry(1, act)]);
    assert_eq!(b.ledger.offer(&bytes), Offer::Refused(Reason::Signature));
}

/// A holder of the root's key can sign as many as they like: the same one stands for everyone.
#[test]
fn of_two_geneses_the_same_one_stands_in_whatever_order_they_come() {
    let b = bench();
    let root = SeatKey::new([1; 32]);
    let segments: Vec<Vec<u8>> = [42, 43, 44]
        .map(|device| {
            let seat = SeatKey::new([device; 32]);
            let act = b.founder(&DeviceSecret::new([device; 32]), &root, &seat);
            b.segment(&seat, 1, Hash([0; 32]), vec![entry(1, act)])
        })
        .to_vec();
    let owner = |order: [usize; 3]| {
        let mut ledger = empty(b.room, b.epoch);
        order.iter().for_each(|n| assert!(accepted(ledger.offer(&segments[*n]))));
        ledger.roster().genesis(|_| true).unwrap().owner
    };
    let first = owner([0, 1, 2]);
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        assert_eq!(owner(order), first);
    }
}

/// The founder's page is loaded twice with the same genesis: one seat is known to some, one to others.
#[test]
fn a_genesis_stands_wherever_a_seat_brings_it() {
    let b = bench();
    let (one, two, root) = (SeatKey::new([41; 32]), SeatKey::new([42; 32]), SeatKey::new([1; 32]));
    let first = |seat: &SeatKey| {
        let act = b.founder(&owner(), &root, seat);
        b.segment(seat, 1, Hash([0; 32]), vec![entry(1, act)])
    };
    for order in [[&one, &two], [&two, &one]] {
        let mut ledger = empty(b.room, b.epoch);
        for seat in order {
            assert!(accepted(ledger.offer(&first(seat))));
        }
        let mut view = Document::new(DocKind::Code, two.id().client());
        let update = b.update(&two, 2, 2, &view.edit(CODE_FILE, 0, 0, "x"));
        let bytes = b.segment(&two, 2, b.hash(&first(&two)), vec![update]);
        assert!(accepted(ledger.offer(&bytes)), "the owner may write by either");
    }
}

#[test]
fn someone_elses_certificate_does_not_fit_a_seat() {
    let mut b = bench();
    let seat = SeatKey::new([8; 32]);
    let stolen = b.enter(7, &SeatKey::new([9; 32]), 1, Vec::new());
    let bytes = b.segment(&seat, 1, Hash([0; 32]), vec![stolen]);
    assert_eq!(b.ledger.offer(&bytes), Offer::Refused(Reason::Entrance));
}

#[test]
fn a_newcomers_entrance_waits_for_its_admission() {
    let mut b = bench();
    let (one, two) = (SeatKey::new([8; 32]), SeatKey::new([9; 32]));
    let [admit, first] = b.admitted(7, &one, Role::Viewer);
    let enter = b.enter(7, &two, 3, vec![b.head(&admit)]);
    let second = b.segment(&two, 1, Hash([0; 32]), vec![enter]);
    for order in [[&first, &second, &admit], [&second, &admit, &first], [&admit, &first, &second]] {
        let mut other = bench();
        for segment in order {
            assert!(matches!(other.ledger.offer(segment), Offer::Accepted(_) | Offer::Waiting(_)));
        }
        assert_eq!(other.ledger.log().len(), 4);
        assert_eq!(other.ledger.standing(b.who(7)).unwrap().role, Role::Viewer);
    }
}

#[test]
fn a_claim_that_gives_a_member_nothing_new_is_not_admitted_again() {
    let mut b = bench();
    let [admit, _] = b.admitted(7, &SeatKey::new([8; 32]), Role::Participant);
    for role in [Role::Participant, Role::Viewer] {
        let again = entry(3, RosterAct::Admit(Box::new(b.claim(7, role))));
        let bytes = b.segment(&b.seat, 3, b.hash(&admit), vec![again]);
        assert_eq!(b.ledger.offer(&bytes), Offer::Refused(Reason::Claim));
    }
    let more = entry(3, RosterAct::Admit(Box::new(b.claim(7, Role::Moderator))));
    let bytes = b.segment(&b.seat, 3, b.hash(&admit), vec![more]);
    assert!(accepted(b.ledger.offer(&bytes)));
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
