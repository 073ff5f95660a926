//! Live messages, and the machines that keep the newest of each.

use covey_rooms::capability::{Role, Tools};
use covey_rooms::live::{Message, Presence, Says};
use covey_rooms::roster::{Act, Standing, may};
use covey_wire::frame::{Wire, Writer};
use covey_wire::id::SeatId;
use covey_wire::limits;
use covey_wire::time::Instant;

use crate::corpus;
use crate::mutation::mutate;
use crate::rng::Rng;

/// One case: a few messages of a few seats.
pub fn case(seed: u64) {
    let rng = &mut Rng::new(seed);
    let (mut presence, mut says) = (Presence::new("Ada", 1), Says::default());
    let standing = Standing::new(Role::Participant, Tools::ALL);
    let permit = may(standing, Act::Presence).expect("a participant is seen");
    let mut now = Instant(0);
    for _ in 0..=rng.below(5) {
        now = Instant(now.0.wrapping_add(rng.edge()));
        let seat = SeatId([rng.below(40) as u8; 32]);
        match read(&message(rng)) {
            Some(Message::Here(here)) => drop(presence.heard(seat, here.clone(), now, &permit)),
            Some(Message::Say(say)) => {
                let act = Act::Write(Tools::of(say.topic().document()));
                let permit = may(standing, act).expect("a participant writes everywhere");
                says.heard(seat, &say, &permit);
            }
            None => {}
        }
        presence.expire(now);
        if let Some(live) = presence.poll(now) {
            assert_eq!(Message::from_bytes(&live.to_bytes()), Ok(live), "own state can be read");
        }
        if rng.one_in(4) {
            presence.clear_peer(seat);
            assert!(says.clear_peer(seat).len() <= limits::TOPICS, "too many topics are kept");
        }
    }
}

/// Names are cleaned while they are read, so what is written again may be shorter, and only once.
fn read(bytes: &[u8]) -> Option<Message> {
    let live = Message::from_bytes(bytes).ok()?;
    let again = live.to_bytes();
    assert!(again.len() <= bytes.len(), "grew while it was read");
    assert_eq!(Message::from_bytes(&again).as_ref(), Ok(&live), "cleaned twice, it is another");
    Some(live)
}

fn message(rng: &mut Rng) -> Vec<u8> {
    let mut bytes = match rng.below(4) {
        0 => corpus::vectors("live").swap_remove(0),
        1 => corpus::vectors("say").swap_remove(0),
        _ => made(rng),
    };
    if !rng.one_in(4) {
        mutate(rng, &mut bytes, b"\x04\x09Notizen 1\xc2\x85");
    }
    bytes
}

/// A well-formed message with lengths on either side of their limits.
fn made(rng: &mut Rng) -> Vec<u8> {
    let mut w = Writer::new();
    w.u8(1);
    let around = |rng: &mut Rng, limit: usize| (limit + rng.below(3)).saturating_sub(1);
    if rng.one_in(2) {
        w.u8(0).bytes("é".repeat(around(rng, limits::NAME / 2)).as_bytes()).u8(rng.byte() % 13);
        w.u8(1).u8(1 + rng.byte() % 3);
        w.bytes(&vec![1; around(rng, limits::POSITION)]).bytes(&rng.bytes(4));
    } else {
        w.u8(1).u8(4).bytes("x".repeat(around(rng, limits::DOC_NAME)).as_bytes());
        w.bytes("t".repeat(around(rng, limits::TOPIC)).as_bytes());
        let value = if rng.one_in(8) { around(rng, limits::SAID) } else { rng.below(20) };
        w.bytes(&vec![7; value]);
    }
    w.into_bytes()
}
