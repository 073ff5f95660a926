//! Inputs of every kind in any order, often enough: nothing panics, grows without bound or wants a tick for ever, and
//! honest people have the same afterwards.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::time::Duration;

use covey_rooms::capability::{Role, Terms, VerifiedLink};
use covey_rooms::disk::DiskCommand;
use covey_rooms::documents::Document;
use covey_rooms::guard::{CODE_FILE, DocKind};
use covey_rooms::identity::{DeviceSecret, SeatKey};
use covey_rooms::live::{Caret, Say, Topic};
use covey_rooms::room::{Attack, Event, Input, Output, Room, Setup};
use covey_wire::id::{DocName, Namespace, SeatId};
use covey_wire::limits;
use covey_wire::net::{Class, Misuse, NetCommand, NetEvent, NodeState, Path};
use covey_wire::time::{Instant, Now, Time};
use proptest::prelude::*;

/// So many ticks at one moment are more than a turn of reading ever needs.
const TICKS: u32 = 2_000;
/// Messages that are kept to be delivered late, twice or to somebody else.
const MAIL: usize = 400;

/// A small generator of numbers that are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most)).map(|_| self.below(256) as u8).collect()
    }
}

/// A message that a page sent.
#[derive(Clone)]
struct Letter {
    from: SeatId,
    to: SeatId,
    class: Class,
    bytes: Vec<u8>,
}

struct Page {
    room: Room,
    seat: SeatId,
    view: Document,
    tokens: Vec<u64>,
    stored: Vec<Vec<u8>>,
    events: usize,
}

/// Pages whose network, disk and clocks do what the dice say.
struct World {
    dice: Dice,
    now: Now,
    pages: Vec<Page>,
    mail: Vec<Letter>,
    /// While it is honest, everything is delivered once and in order.
    honest: bool,
    seeds: u8,
}

impl World {
    fn new(seed: u64) -> Self {
        let now = Now { wall: Time(1_700_000_000_000), elapsed: Instant(5) };
        let dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut world =
            Self { dice, now, pages: Vec::new(), mail: Vec::new(), honest: false, seeds: 0 };
        let setup = world.setup(1);
        world.add(Room::found(setup, "Tea", now).unwrap());
        let link = world.pages[0].room.invite(Terms::new(Role::Participant)).unwrap();
        let viewer = link.attenuate(Terms::new(Role::Viewer), [9; 16]).unwrap();
        // Two pages of one device, another person, and one who only reads.
        for (device, link) in [(2, &link), (2, &link), (3, &link), (4, &viewer)] {
            world.join(device, link);
        }
        world
    }

    fn setup(&mut self, device: u8) -> Setup {
        self.seeds += 1;
        let (device, installation) = (DeviceSecret::new([device; 32]), [device; 16]);
        let name = String::from_utf8_lossy(&self.dice.bytes(600)).into_owned();
        Setup { device, installation, seed: [self.seeds; 32], name, nodes: Vec::new() }
    }

    fn join(&mut self, device: u8, link: &VerifiedLink) {
        let setup = self.setup(device);
        self.add(Room::join(setup, link, None, self.now).unwrap());
    }

    fn add(&mut self, room: Room) {
        let seat = SeatKey::new(room.seat_secret()).id();
        let view = Document::new(DocKind::Code, room.client_id());
        let (tokens, stored) = (Vec::new(), Vec::new());
        self.pages.push(Page { room, seat, view, tokens, stored, events: 0 });
        self.collect(self.pages.len() - 1);
    }

    /// Gives a page an input, does what it asks for, and lets it do all that is due at this moment.
    fn handle(&mut self, page: usize, input: Input) {
        self.pages[page].room.handle(input, self.now);
        self.collect(page);
        let mut ticks = 0;
        while self.pages[page].room.poll_timeout().is_some_and(|due| due <= self.now.elapsed) {
            self.pages[page].room.handle(Input::Tick, self.now);
            self.collect(page);
            ticks += 1;
            assert!(ticks < TICKS, "a tick is wanted for ever");
        }
    }

    fn collect(&mut self, at: usize) {
        while let Some(output) = self.pages[at].room.poll() {
            let page = &mut self.pages[at];
            match output {
                Output::Net(NetCommand::Send { seat: to, class, bytes }) => {
                    let most = if class == Class::Sync {
                        limits::SYNC_MESSAGE
                    } else {
                        limits::LIVE_MESSAGE
                    };
                    assert!(bytes.len() <= most, "a message is too long");
                    let from = page.seat;
                    self.mail.push(Letter { from, to, class, bytes });
                }
                Output::Disk(DiskCommand::Append { token, bytes, .. }) => {
                    page.tokens.push(token);
                    page.stored.push(bytes.to_vec());
                }
                Output::Event(Event::Update { name: DocName::Code, update }) => {
                    page.view.apply(&update).unwrap();
                }
                Output::Event(Event::Rejected { name: DocName::Code, .. }) => self.look_anew(at),
                Output::Net(_) | Output::Disk(_) => {}
                Output::Event(_) => page.events += 1,
            }
        }
        if !self.honest && self.mail.len() > MAIL {
            self.mail.drain(..self.mail.len() - MAIL);
        }
    }

    fn look_anew(&mut self, at: usize) {
        let page = &mut self.pages[at];
        page.view = Document::new(DocKind::Code, page.room.client_id());
        page.view.apply(&page.room.state(&DocName::Code).unwrap()).unwrap();
    }

    fn any_seat(&mut self) -> SeatId {
        match self.dice.below(8) {
            0 => SeatId([self.dice.below(200) as u8; 32]),
            _ => self.pages[self.dice.below(5)].seat,
        }
    }

    fn any_net(&mut self) -> NetEvent {
        let seat = self.any_seat();
        match self.dice.below(14) {
            0 => NetEvent::Node([NodeState::Up, NodeState::Connecting][self.dice.below(2)]),
            1 => {
                let seats = (0..self.dice.below(50)).map(|_| self.any_seat()).collect();
                let newcomer = self.dice.below(2) == 0;
                NetEvent::Found { namespace: Namespace([0; 32]), seats, newcomer }
            }
            2..=5 => NetEvent::Up { seat, path: [Path::Relayed, Path::Direct][self.dice.below(2)] },
            6 => NetEvent::Down(seat),
            7 => {
                let why = [Misuse::Malformed, Misuse::Resets, Misuse::Overflow];
                NetEvent::Refused { seat, why: why[self.dice.below(3)] }
            }
            8 => {
                let class = [Class::Sync, Class::Live][self.dice.below(2)];
                let mut bytes = vec![1, self.dice.below(8) as u8];
                bytes.extend(self.dice.bytes(100));
                NetEvent::Frame { seat, class, bytes }
            }
            _ => {
                if self.mail.is_empty() {
                    return NetEvent::Down(seat);
                }
                let at = self.dice.below(self.mail.len());
                let mut letter = self.mail[at].clone();
                if self.dice.below(10) == 0 && !letter.bytes.is_empty() {
                    let byte = self.dice.below(letter.bytes.len());
                    letter.bytes[byte] ^= 1 << self.dice.below(8);
                }
                let from = if self.dice.below(10) == 0 { seat } else { letter.from };
                NetEvent::Frame { seat: from, class: letter.class, bytes: letter.bytes }
            }
        }
    }

    fn any_input(&mut self, page: usize) -> Input {
        match self.dice.below(30) {
            0 => Input::Stored([0, 1, 7, u64::MAX][self.dice.below(4)]),
            1 => {
                let known = &self.pages[page].tokens;
                let token = known.get(self.dice.0 as usize % known.len().max(1)).copied();
                Input::Stored(token.unwrap_or(3))
            }
            2 => {
                let from = self.dice.below(5);
                let mut found = self.pages[from].stored.clone();
                let middle = self.dice.below(found.len());
                found.rotate_left(middle);
                found.push(self.dice.bytes(200));
                Input::Found(found)
            }
            // A page that may misbehave in a test does not hold its own person to a role.
            3..=5 if page < 4 => {
                let length = self.pages[page].view.text(CODE_FILE).encode_utf16().count();
                let at = self.dice.below(length + 1) as u32;
                Input::Edit(DocName::Code, self.pages[page].view.edit(CODE_FILE, at, 0, "x"))
            }
            6 => Input::Edit(DocName::Chat, self.dice.bytes(60)),
            7 => {
                let anchor = self.dice.bytes(limits::POSITION);
                Input::Caret(Some(Caret { document: DocName::Code, anchor, head: vec![1] }))
            }
            8 => {
                let topic = Topic::new(DocName::Code, &self.dice.below(40).to_string()).unwrap();
                Input::Say(Say::new(topic, self.dice.bytes(limits::SAID)).unwrap())
            }
            9 => Input::Name(String::from_utf8_lossy(&self.dice.bytes(700)).into_owned()),
            10 => Input::Reconnect,
            11 if self.dice.below(4) == 0 => Input::Leave,
            12 => Input::Tick,
            _ => Input::Net(self.any_net()),
        }
    }

    fn pass_any_time(&mut self) {
        let elapsed = [0, 1, 20, 20, 20, 800, 800, 3_000, 40_000, 86_400_000][self.dice.below(10)];
        if self.dice.below(6) == 0 {
            self.now.elapsed.0 += elapsed;
        }
        if self.dice.below(40) == 0 {
            // Somebody sets the clock.
            self.now.wall = Time([0, 1, 1_700_000_000_000, u64::MAX][self.dice.below(4)]);
        }
    }

    fn is_bounded(&self) {
        for page in &self.pages {
            let held = page.room.stats().held;
            assert!(held <= limits::WAITING_TOTAL + limits::PEERS * limits::SYNC_MESSAGE);
            let people = page.room.people();
            assert!(people.len() <= limits::SEATS);
            assert!(people.iter().all(|person| person.name.len() <= limits::NAME));
        }
    }

    /// Everybody's connections end, what is on its way is lost, the disks answer, and a day passes.
    fn calms_down(&mut self) {
        self.honest = true;
        let seats: Vec<SeatId> = self.pages.iter().map(|page| page.seat).collect();
        self.now.wall = Time(1_700_000_000_000);
        self.now = self.now + Duration::from_secs(86_400);
        for page in 0..self.pages.len() {
            let all = seats.iter().copied().chain((0..200).map(|n| SeatId([n; 32])));
            for seat in all.collect::<Vec<_>>() {
                self.handle(page, Input::Net(NetEvent::Down(seat)));
            }
        }
        self.mail.clear();
        for page in 0..self.pages.len() {
            for seat in seats.iter().copied() {
                if seat == self.pages[page].seat {
                    continue;
                }
                self.handle(page, Input::Net(NetEvent::Up { seat, path: Path::Direct }));
            }
        }
        for _ in 0..600 {
            self.deliver();
            self.now = self.now + Duration::from_millis(100);
            (0..self.pages.len()).for_each(|page| self.handle(page, Input::Tick));
        }
    }

    fn deliver(&mut self) {
        while !self.mail.is_empty() {
            for Letter { from, to, class, bytes } in core::mem::take(&mut self.mail) {
                let Some(page) = self.pages.iter().position(|page| page.seat == to) else {
                    continue;
                };
                self.handle(page, Input::Net(NetEvent::Frame { seat: from, class, bytes }));
                if let Some(token) = self.pages[page].tokens.last().copied() {
                    self.handle(page, Input::Stored(token));
                }
            }
        }
    }
}

/// One of the pages may break the rules.
const MALLORY: usize = 3;

fn chaos(seed: u64, steps: u32, attack: Option<Attack>) {
    let mut world = World::new(seed);
    for step in 0..steps {
        if step == steps / 2 {
            world.handle(MALLORY, Input::Misbehave(attack));
        }
        // Now and then the network keeps its word for a moment: else nobody would get far.
        if world.dice.below(12) == 0 {
            world.deliver();
        }
        let page = world.dice.below(5);
        let input = world.any_input(page);
        world.handle(page, input);
        world.pass_any_time();
    }
    world.is_bounded();
    world.handle(MALLORY, Input::Misbehave(None));
    world.calms_down();
    let mut texts = BTreeMap::new();
    let honest = (0..world.pages.len()).filter(|page| *page != MALLORY || attack.is_none());
    for page in honest.collect::<Vec<_>>() {
        let page = &mut world.pages[page];
        let text = page.room.text(&DocName::Code, CODE_FILE).unwrap();
        assert_eq!(page.view.text(CODE_FILE), text, "seed {seed}: view and replica differ");
        let status = page.room.status();
        assert!(status.admitted, "seed {seed}: {:?}", page.room.stats().refused);
        assert_eq!((status.waiting, status.unsaved), (0, 0), "seed {seed}");
        texts.entry(text).or_insert_with(Vec::new).push(page.room.stats().entries);
    }
    assert_eq!(texts.len(), 1, "seed {seed}: {texts:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn inputs_in_any_order_end_in_one_room(seed in any::<u64>()) {
        chaos(seed, 400, None);
    }

    #[test]
    fn honest_people_end_in_one_room_whatever_one_of_them_does(
        seed in any::<u64>(),
        attack in 0..Attack::ALL.len(),
    ) {
        chaos(seed, 200, Some(Attack::ALL[attack].1));
    }
}
