//! What peers say to each other: read, and given to a page in a room.

use core::time::Duration;

use covey_rooms::room::{Input, Output, Room};
use covey_rooms::sync::{Between, Message};
use covey_wire::frame::{Wire, Writer};
use covey_wire::id::{Head, SeatId, ShortHash};
use covey_wire::limits;
use covey_wire::net::{Class, NetCommand, NetEvent, Path};
use covey_wire::time::{Instant, Now, Time};

use super::seal::INFLATED;
use super::{canonical, hello, page};
use crate::corpus;
use crate::forge::{Person, room};
use crate::memory;
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
    let mut now = Now { wall: Time(1_000_000), elapsed: Instant(1_000) };
    let mut client = page::open(page::record(), room().log.clone(), now).expect("an honest disk");
    let (seat, to) = (Person::Mallory.seat().id(), page::seat(&client));
    let between = Between { room: room().id, from: seat, to };
    let mut visit = Visit { seat, sent: 0, heard: 0 };
    visit.tell(&mut client, NetEvent::Up { seat, path: Path::Direct }, now);
    for n in 0..rng.below(7) {
        let mut bytes = match n {
            0 => Message::Hello(hello::sealed(rng, &between)).to_bytes(),
            _ => message(rng),
        };
        if rng.one_in(if n == 0 { 6 } else { 2 }) {
            mutate(rng, &mut bytes, &room().log[0]);
        }
        let class = if rng.one_in(6) { Class::Live } else { Class::Sync };
        visit.tell(&mut client, NetEvent::Frame { seat, class, bytes }, now);
        now = now + Duration::from_millis(rng.below(2000) as u64);
        visit.tell_by_time(&mut client, now);
    }
    page::still_writes(&mut client, now);
}

/// The messages between her and the page.
struct Visit {
    seat: SeatId,
    /// Bytes she sent.
    sent: usize,
    /// Bytes she was sent.
    heard: usize,
}

impl Visit {
    fn tell(&mut self, client: &mut Room, event: NetEvent, now: Now) {
        let size = if let NetEvent::Frame { bytes, .. } = &event { bytes.len() } else { 0 };
        self.sent += size;
        memory::bounded_with(size, INFLATED, || client.handle(Input::Net(event), now));
        self.hear(client);
    }

    fn tell_by_time(&mut self, client: &mut Room, now: Now) {
        memory::bounded_with(self.sent, INFLATED, || client.handle(Input::Tick, now));
        self.hear(client);
    }

    /// However often she asks for it again, she is sent no more than the window lets through.
    fn hear(&mut self, client: &mut Room) {
        while let Some(output) = client.poll() {
            if let Output::Net(NetCommand::Send { seat, class: Class::Sync, bytes }) = output {
                assert_eq!(seat, self.seat, "nobody else is there");
                self.heard += bytes.len();
            }
        }
        let most = limits::SYNC_QUEUE + 16 * self.sent;
        assert!(self.heard <= most, "{} bytes said, {} heard", self.sent, self.heard);
    }
}

/// A message as peers send it, or as large as they come.
fn message(rng: &mut Rng) -> Vec<u8> {
    match rng.below(10) {
        0 => {
            let all = corpus::vectors("sync-");
            rng.pick(&all).clone()
        }
        1 => {
            let (from, to) = (Person::Mallory.seat().id(), Person::Ben.seat().id());
            let between = Between { room: room().id, from, to };
            Message::Hello(hello::sealed(rng, &between)).to_bytes()
        }
        2 => Message::Segments(room().log.iter().skip(rng.below(6)).cloned().collect()).to_bytes(),
        3 => Message::Ack { taken: rng.edge(), stored: heads(rng, 200) }.to_bytes(),
        4 => Message::Goodbye.to_bytes(),
        5 => {
            let seats = (0..rng.below(300)).map(|n| SeatId([n as u8; 32])).collect();
            Message::Forward(seats).to_bytes()
        }
        6 | 7 => Message::Again(heads(rng, 20)).to_bytes(),
        _ => {
            // A count that the rest can't bear out.
            let mut w = Writer::new();
            w.u8(1).u8(rng.byte() % 7).varint(rng.edge()).raw(&rng.bytes(60));
            w.into_bytes()
        }
    }
}

/// Heads that somebody says to have: some are there, some nowhere.
pub fn heads(rng: &mut Rng, most: usize) -> Vec<Head> {
    let people = [Person::Owner, Person::Ben, Person::Vera, Person::Mallory];
    let one = |rng: &mut Rng| match rng.below(3) {
        0 => room().head(*rng.pick(&people)),
        1 => Head { seq: rng.edge(), ..room().head(*rng.pick(&people)) },
        _ => {
            let (seat, hash) = (SeatId([rng.byte(); 32]), ShortHash([rng.byte(); 16]));
            Head { seat, seq: rng.edge(), hash }
        }
    };
    (0..rng.below(most)).map(|_| one(rng)).collect()
}
