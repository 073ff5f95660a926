//! What goes to whom, and when.

use super::*;
use covey_wire::frame::Writer;
use covey_wire::id::ShortHash;

const ME: SeatId = SeatId([1; 32]);
const YOU: SeatId = SeatId([2; 32]);

/// A segment of about this size; entry `last` of a seat, and not to be joined with others.
fn held(seat: SeatId, last: u64, size: usize) -> Held {
    let mut w = Writer::new();
    w.u8(1).put(&seat).varint(2 * last).raw(&[0; 32]).varint(1);
    let entry = size.saturating_sub(w.len() + 64 + 3).max(1);
    let bytes = w.bytes(&vec![0; entry]).raw(&[0; 64]).since(0).into();
    Held { seat, line: ShortHash::default(), first: 2 * last, last, roster: false, bytes }
}

fn ready(heads: &[(SeatId, u64)]) -> Sync {
    let mut sync = Sync::default();
    sync.add_peer(YOU);
    let heads: Vec<_> = heads.iter().map(|(seat, seq)| (line(*seat), *seq)).collect();
    sync.hello(YOU, [7; 16], &heads);
    sync
}

/// The only branch of a seat.
fn line(seat: SeatId) -> Line {
    (seat, ShortHash::default())
}

fn head((seat, hash): Line, seq: u64) -> Option<Head> {
    Some(Head { seat, seq, hash })
}

fn segments(out: &[(SeatId, Message)]) -> usize {
    out.iter().map(|(_, m)| if let Message::Segments(s) = m { s.len() } else { 0 }).sum()
}

#[test]
fn only_what_the_peer_lacks_is_sent_and_only_once() {
    let log = [held(ME, 1, 10), held(ME, 2, 10), held(ME, 3, 10)];
    let mut sync = ready(&[(ME, 1)]);
    assert_eq!(segments(&sync.pump(&log, Instant(0), |_| true, head)), 2);
    assert_eq!(segments(&sync.pump(&log, Instant(0), |_| true, head)), 0);
}

#[test]
fn nothing_is_sent_to_whom_may_not_read() {
    let mut sync = ready(&[]);
    assert_eq!(segments(&sync.pump(&[held(ME, 1, 10)], Instant(0), |_| false, head)), 0);
    assert_eq!(segments(&sync.pump(&[held(ME, 1, 10)], Instant(0), |_| true, head)), 1);
}

#[test]
fn the_window_stops_the_sender_until_it_is_confirmed() {
    let log: Vec<Held> = (1..=100).map(|n| held(ME, n, limits::SYNC_WINDOW / 8)).collect();
    let mut sync = ready(&[]);
    assert_eq!(segments(&sync.pump(&log, Instant(0), |_| true, head)), 8);
    assert_eq!(segments(&sync.pump(&log, Instant(0), |_| true, head)), 0);
    sync.confirmed(YOU, limits::SYNC_WINDOW as u64 / 2);
    assert_eq!(segments(&sync.pump(&log, Instant(0), |_| true, head)), 4);
}

#[test]
fn entries_of_others_are_forwarded_only_when_they_did_not_come_by_themselves() {
    let third = SeatId([3; 32]);
    let log = [held(third, 1, 10), held(third, 2, 10)];
    let mut sync = ready(&[]);
    sync.arrived_from_peer(0, Instant(100));
    sync.arrived_from_peer(1, Instant(100));
    assert_eq!(segments(&sync.pump(&log, Instant(100), |_| true, head)), 0);
    sync.note_has(YOU, line(third), 1, Instant(0));
    let due = sync.poll_timeout().unwrap();
    assert_eq!(segments(&sync.pump(&log, due, |_| true, head)), 1);
}

#[test]
fn nothing_is_forwarded_to_who_hears_of_it_slowly() {
    let (third, fourth) = (SeatId([3; 32]), SeatId([4; 32]));
    let log = [held(third, 1, 10), held(third, 2, 10), held(fourth, 1, 10), held(third, 3, 10)];
    let mut sync = ready(&[]);
    (0..4).for_each(|place| sync.arrived_from_peer(place, Instant(100)));
    let sent = |sync: &mut Sync, now| {
        let out = sync.pump(&log, now, |_| true, head);
        segments(&out)
    };
    assert_eq!(sent(&mut sync, Instant(100)), 0);
    sync.note_has(YOU, line(third), 1, Instant(500));
    let due = sync.poll_timeout().unwrap();
    assert_eq!(due, Instant(100) + FORWARD_AFTER);
    assert_eq!(sent(&mut sync, due), 1, "what the fourth wrote did not come");
    sync.note_has(YOU, line(third), 2, Instant(900));
    assert_eq!(sent(&mut sync, Instant(500) + FORWARD_AFTER), 0);
    assert_eq!(sent(&mut sync, Instant(900) + FORWARD_AFTER), 1, "it stopped after the second");
}

#[test]
fn entries_of_a_peer_that_left_are_forwarded_at_once() {
    let (third, fourth) = (SeatId([3; 32]), SeatId([4; 32]));
    let log = [held(fourth, 1, 10), held(third, 1, 10), held(third, 2, 10), held(third, 3, 10)];
    let mut sync = ready(&[]);
    (0..3).for_each(|place| sync.arrived_from_peer(place, Instant(100)));
    sync.note_has(YOU, line(third), 1, Instant(100));
    assert_eq!(segments(&sync.pump(&log[..3], Instant(100), |_| true, head)), 0);
    sync.arrived_from_peer(3, Instant(110));
    sync.clear_peer(third, &log);
    assert_eq!(segments(&sync.pump(&log, Instant(120), |_| true, head)), 2);
}

#[test]
fn a_seat_that_a_peer_does_not_hear_is_forwarded_at_once_until_it_does() {
    let third = SeatId([3; 32]);
    let log = [held(third, 1, 10), held(third, 2, 10), held(third, 3, 10)];
    let mut sync = ready(&[]);
    sync.arrived_from_peer(0, Instant(100));
    assert_eq!(segments(&sync.pump(&log[..1], Instant(100), |_| true, head)), 0);
    sync.forward(YOU, &[third], &log[..1]);
    assert_eq!(segments(&sync.pump(&log[..1], Instant(110), |_| true, head)), 1);
    sync.arrived_from_peer(1, Instant(120));
    assert_eq!(segments(&sync.pump(&log[..2], Instant(120), |_| true, head)), 1);
    sync.forward(YOU, &[], &log[..2]);
    sync.arrived_from_peer(2, Instant(130));
    assert_eq!(segments(&sync.pump(&log, Instant(130), |_| true, head)), 0);
}

#[test]
fn a_peer_is_told_whom_we_do_not_hear_and_when_we_do() {
    let third = SeatId([3; 32]);
    let mut sync = ready(&[]);
    let told = |sync: &mut Sync| sync.pump(&[], Instant(0), |_| true, head);
    sync.ask_to_forward(YOU, third);
    sync.ask_to_forward(YOU, third);
    assert!(sync.is_forwarded(third));
    assert_eq!(told(&mut sync), [(YOU, Message::Forward(vec![third]))]);
    assert_eq!(told(&mut sync), []);
    sync.add_peer(third);
    assert!(!sync.is_forwarded(third));
    assert_eq!(told(&mut sync), [(YOU, Message::Forward(Vec::new()))]);
}

#[test]
fn one_peer_is_asked_for_a_seat_the_last_one_that_needed_it() {
    let (third, fourth) = (SeatId([3; 32]), SeatId([4; 32]));
    let mut sync = ready(&[]);
    sync.add_peer(fourth);
    sync.hello(fourth, [8; 16], &[]);
    let asked = |peer: SeatId, seats: &[SeatId]| (peer, Message::Forward(seats.to_vec()));
    sync.ask_to_forward(YOU, third);
    sync.pump(&[], Instant(0), |_| true, head);
    sync.ask_to_forward(fourth, third);
    let told = sync.pump(&[], Instant(0), |_| true, head);
    assert_eq!(told, [asked(YOU, &[]), asked(fourth, &[third])]);
}

#[test]
fn entries_held_back_go_before_those_that_came_after() {
    let third = SeatId([3; 32]);
    let log = [held(third, 1, 10), held(third, 2, 10)];
    let mut sync = ready(&[]);
    sync.arrived_from_peer(0, Instant(100));
    assert_eq!(segments(&sync.pump(&log[..1], Instant(100), |_| true, head)), 0);
    // Nothing tells when the second came.
    assert_eq!(segments(&sync.pump(&log, Instant(200), |_| true, head)), 0);
    let out = sync.pump(&log, Instant(100) + FORWARD_AFTER, |_| true, head);
    assert_eq!(segments(&out), 2);
}

#[test]
fn a_list_that_says_nothing_new_costs_nothing() {
    let third = SeatId([3; 32]);
    let log = [held(third, 1, 10)];
    let mut sync = ready(&[]);
    sync.arrived_from_peer(0, Instant(100));
    sync.pump(&log, Instant(100), |_| true, head);
    assert_eq!(sync.forward(YOU, &[SeatId([5; 32])], &log), 1);
    assert_eq!(sync.forward(YOU, &[SeatId([5; 32])], &log), 0);
}

#[test]
fn a_full_window_asks_for_no_time() {
    let third = SeatId([3; 32]);
    let log: Vec<Held> = (1..=10).map(|n| held(third, n, limits::SYNC_WINDOW / 4)).collect();
    let mut sync = ready(&[]);
    for place in 0..log.len() {
        sync.arrived_from_peer(place, Instant(0));
    }
    sync.pump(&log, Instant(0), |_| true, head);
    let due = sync.poll_timeout().unwrap();
    assert_eq!(segments(&sync.pump(&log, due, |_| true, head)), 4);
    assert_eq!(sync.poll_timeout(), Some(due + STALLED));
    sync.confirmed(YOU, limits::SYNC_WINDOW as u64);
    assert_eq!(segments(&sync.pump(&log, due, |_| true, head)), 4);
}

#[test]
fn acknowledgements_gather() {
    let mut sync = ready(&[]);
    sync.taken(YOU, 10, Instant(0));
    sync.stored(line(ME), 4, Instant(5));
    assert!(sync.pump(&[], Instant(50), |_| true, head).is_empty());
    let due = sync.poll_timeout().unwrap();
    let ack = Message::Ack { taken: 10, stored: head(line(ME), 4).into_iter().collect() };
    assert_eq!(sync.pump(&[], due, |_| true, head), vec![(YOU, ack)]);
}

#[test]
fn entries_stored_before_a_hello_are_acknowledged_after_it() {
    let mut sync = Sync::default();
    sync.add_peer(YOU);
    sync.stored(line(ME), 4, Instant(5));
    assert!(sync.pump(&[], Instant(200), |_| true, head).is_empty());
    assert_eq!(sync.poll_timeout(), None, "it waits for the hello, not for time");
    sync.hello(YOU, [7; 16], &[]);
    let ack = Message::Ack { taken: 0, stored: head(line(ME), 4).into_iter().collect() };
    assert_eq!(sync.pump(&[], Instant(210), |_| true, head), vec![(YOU, ack)]);
}

#[test]
fn a_peer_that_confirms_nothing_for_long_is_named() {
    let mut sync = ready(&[]);
    let log = [held(ME, 1, limits::SYNC_WINDOW), held(ME, 2, 10)];
    sync.pump(&log, Instant(5), |_| true, head);
    assert!(sync.stalled(Instant(5)).is_empty());
    assert_eq!(sync.stalled(Instant(5) + STALLED), [YOU]);
    sync.confirmed(YOU, 1);
    assert!(sync.stalled(Instant(5) + STALLED).is_empty());
}

#[test]
fn a_segment_sent_three_times_and_more_than_the_window_are_noticed() {
    let mut sync = ready(&[(ME, 2)]);
    assert_eq!(sync.note_received(YOU, line(ME), 2), Novelty::Old);
    assert_eq!(
        sync.note_received(YOU, line(ME), 2),
        Novelty::New,
        "once more, which costs as what is new"
    );
    assert_eq!(sync.note_received(YOU, line(ME), 2), Novelty::Repeated);
    assert_eq!(sync.note_received(YOU, line(ME), 3), Novelty::New);
    assert!(sync.received(YOU, limits::SYNC_WINDOW - 1));
    assert!(sync.received(YOU, limits::SYNC_MESSAGE), "the last may be too large");
    assert!(!sync.received(YOU, 1));
}

#[test]
fn segments_that_a_peer_had_no_room_for_are_sent_again_when_it_asks() {
    let log = [held(ME, 1, 10), held(ME, 2, 10), held(ME, 3, 10)];
    let mut sync = ready(&[]);
    assert_eq!(segments(&sync.pump(&log, Instant(0), |_| true, head)), 3);
    sync.again(YOU, &[(line(ME), 1)]);
    assert_eq!(segments(&sync.pump(&log, Instant(0), |_| true, head)), 2);
    assert_eq!(segments(&sync.pump(&log, Instant(0), |_| true, head)), 0);
}

#[test]
fn of_two_branches_a_peer_is_sent_what_it_lacks_of_each() {
    let mut log = [held(ME, 1, 10), held(ME, 3, 10), held(ME, 2, 10)];
    log[1].line = ShortHash([1; 16]);
    log[2].line = ShortHash([2; 16]);
    let mut sync = ready(&[(ME, 1)]);
    sync.note_has(YOU, (ME, ShortHash([1; 16])), 3, Instant(0));
    assert_eq!(segments(&sync.pump(&log, Instant(0), |_| true, head)), 1);
    sync.reopen(&[ME]);
    assert_eq!(segments(&sync.pump(&log, Instant(0), |_| true, head)), 3);
}

#[test]
fn entries_on_the_disk_are_acknowledged_to_peers_that_may_read() {
    let mut sync = ready(&[]);
    sync.stored(line(ME), 4, Instant(5));
    sync.taken(YOU, 10, Instant(5));
    let due = sync.poll_timeout().unwrap();
    let ack = |stored| vec![(YOU, Message::Ack { taken: 10, stored })];
    assert_eq!(sync.pump(&[], due, |_| false, head), ack(Vec::new()));
    assert_eq!(sync.pump(&[], due, |_| true, head), []);
    let stored = head(line(ME), 4).into_iter().collect();
    assert_eq!(sync.pump(&[], due + ACK_AFTER, |_| true, head), ack(stored));
}
