//! What peers say to each other: read, and given to a page in a room.

use covey_core::client::{Client, Input};
use covey_core::frame::{Wire, Writer};
use covey_core::id::SeatId;
use covey_core::net::{Class, NetEvent, Path};
use covey_core::sync::Message;
use covey_core::time::Time;

use super::{canonical, page};
use crate::corpus;
use crate::forge::{Person, room};
use crate::mutation::mutate;
use crate::rng::Rng;

/// One case: mostly a message alone, since a page takes a hundred times as long.
pub fn case(seed: u64) {
    let rng = &mut Rng::new(seed);
    if rng.one_in(24) {
        return visited(rng);
    }
    let mut bytes = message(rng);
    if !rng.one_in(8) {
        mutate(rng, &mut bytes, &[1, 2, 3]);
    }
    canonical::read::<Message>(&bytes);
}

/// Mallory comes to Ben's page and says this and that.
fn visited(rng: &mut Rng) {
    let mut now = Time(1_000_000);
    let mut client = page::open(page::record(), room().log.clone(), now).expect("an honest disk");
    let seat = Person::Mallory.seat().id();
    tell(&mut client, NetEvent::Up { seat, path: Path::Direct }, now);
    for n in 0..rng.below(6) {
        let mut bytes = if n == 0 { hello(rng) } else { message(rng) };
        if n > 0 || rng.one_in(4) {
            mutate(rng, &mut bytes, &room().log[0]);
        }
        let class = if rng.one_in(6) { Class::Live } else { Class::Sync };
        tell(&mut client, NetEvent::Frame { seat, class, bytes }, now);
        now = Time(now.0 + rng.below(2000) as u64);
        client.handle(Input::Tick, now);
    }
    page::still_writes(&mut client, now);
}

fn tell(client: &mut Client, event: NetEvent, now: Time) {
    client.handle(Input::Net(event), now);
    while client.poll().is_some() {}
}

/// Mallory's honest hello.
fn hello(rng: &mut Rng) -> Vec<u8> {
    let seats = [Person::Owner, Person::Ben, Person::Mallory].map(|p| p.seat().id());
    let heads = seats.iter().map(|seat| (*seat, rng.edge() % 4)).collect();
    let entrance = room().log.iter().find(|segment| {
        // A segment's version, then its seat.
        segment.get(1..33) == Some(&Person::Mallory.seat().id().0[..])
    });
    let entrance = entrance.cloned().unwrap_or_default();
    let hello =
        Message::Hello { room: room().id, installation: [5; 16], entrance, claim: None, heads };
    hello.to_bytes()
}

/// A message as peers send it, or as large as they come.
fn message(rng: &mut Rng) -> Vec<u8> {
    match rng.below(9) {
        0 => corpus::vectors("sync-").swap_remove(rng.below(4)),
        1 => hello(rng),
        2 => Message::Segments(room().log.iter().skip(rng.below(6)).cloned().collect()).to_bytes(),
        3 => {
            let stored = (0..rng.below(200)).map(|n| (SeatId([n as u8; 32]), rng.edge())).collect();
            Message::Ack { taken: rng.edge(), stored }.to_bytes()
        }
        4 => Message::Goodbye.to_bytes(),
        5 => {
            let seats = (0..rng.below(300)).map(|n| SeatId([n as u8; 32])).collect();
            Message::Forward(seats).to_bytes()
        }
        _ => {
            // A count that the rest can't bear out.
            let mut w = Writer::new();
            w.u8(1).u8(rng.byte() % 6).varint(rng.edge()).raw(&rng.bytes(60));
            w.into_bytes()
        }
    }
}
