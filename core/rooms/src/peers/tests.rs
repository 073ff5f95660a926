//! The machine driven alone: what peers do, and what is done about their connections.

use super::*;
use covey_wire::net::Misuse;

const START: Instant = Instant(10_000);
const MEMBER: MemberId = MemberId([7; 32]);

fn who(seat: u8) -> Who {
    Who { seat: SeatId([seat; 32]), member: Some(MEMBER), standing: None }
}

/// So many connected seats, from 1 on.
fn connected(count: u8) -> Peers {
    let mut peers = Peers::default();
    for seat in 1..=count {
        assert!(peers.add_peer(SeatId([seat; 32]), Path::Direct, START));
    }
    peers
}

fn hangups(peers: &mut Peers) -> Vec<SeatId> {
    let outputs = core::iter::from_fn(|| peers.poll());
    let hangup = |output| if let Output::Hangup(seat) = output { Some(seat) } else { None };
    outputs.filter_map(hangup).collect()
}

#[test]
fn a_quarantined_peer_is_left_alone_with_its_member_and_a_disconnected_one_is_not() {
    for (offence, quarantined) in [
        (Offence::Malformed, true),
        (Offence::Network(Misuse::Streams), true),
        (Offence::Silent, false),
        (Offence::Seats, false),
    ] {
        let mut peers = connected(2);
        peers.offend(&who(1), offence, START);
        assert_eq!(hangups(&mut peers), [SeatId([1; 32])], "{offence:?}");
        assert!(!peers.has(SeatId([1; 32])) && peers.has(SeatId([2; 32])));
        assert_eq!(
            peers.is_quarantined(SeatId([9; 32]), Some(MEMBER), START),
            quarantined,
            "{offence:?}"
        );
        assert_eq!(peers.counts().get(offence.name()), Some(&1));
    }
}

#[test]
fn a_strike_too_many_ends_the_connection() {
    let mut peers = connected(1);
    for _ in 0..limits::STRIKES {
        peers.offend(&who(1), Offence::Useless, START);
    }
    assert!(hangups(&mut peers).is_empty());
    peers.offend(&who(1), Offence::Useless, START);
    assert_eq!(hangups(&mut peers), [SeatId([1; 32])]);
}

#[test]
fn a_peer_that_wants_too_much_attention_floods() {
    let mut peers = connected(1);
    peers.pay_attention(&who(1), limits::FLOOD_BURST, START);
    assert!(hangups(&mut peers).is_empty());
    peers.offend(&who(1), Offence::Live, START);
    assert_eq!(hangups(&mut peers), [SeatId([1; 32])]);
    assert_eq!(peers.counts().get("flood"), Some(&1));
}

#[test]
fn segments_are_read_one_of_each_peer_after_the_other() {
    let mut peers = connected(2);
    for seat in [1, 2] {
        peers.put(SeatId([seat; 32]), vec![vec![seat]; 2], START);
    }
    let order = core::iter::from_fn(|| peers.next_segment(|_| false, START));
    assert_eq!(order.map(|(_, bytes)| bytes[0]).collect::<Vec<_>>(), [1, 2, 1, 2]);
}

#[test]
fn of_more_seats_of_one_member_than_are_held_the_oldest_is_disconnected() {
    let most = u8::try_from(limits::MEMBER_PEERS).expect("a few");
    let mut peers = connected(most + 1);
    for seat in 1..=most + 1 {
        peers.met(&who(seat), Vec::new());
        peers.limit_member(&who(seat), |_| None, START);
    }
    assert_eq!(hangups(&mut peers), [SeatId([1; 32])]);
}

#[test]
fn a_peer_that_says_no_hello_is_noticed_in_time() {
    let mut peers = connected(2);
    assert!(peers.greet(SeatId([1; 32])) && !peers.greet(SeatId([1; 32])));
    peers.met(&who(1), Vec::new());
    let due = peers.poll_timeout().expect("one is awaited");
    assert_eq!(peers.ungreeted(due), [SeatId([2; 32])]);
    peers.greet(SeatId([2; 32]));
    let due = peers.poll_timeout().expect("it is still silent");
    assert_eq!(peers.silent(due), [SeatId([2; 32])]);
    assert!(peers.silent(Instant(due.0 - 1)).is_empty());
}
