//! Connections between pages: reliable streams with latency that break, and what was under way on
//! them is gone.
//!
//! Stricter than the mesh: each end notices at its own time, and acknowledgements may come twice
//! or overtake other messages. Segments come twice and in any order where they come from several.

use std::collections::BTreeMap;
use std::time::Duration;

use covey_rooms::room::Input;
use covey_wire::id::SeatId;
use covey_wire::limits;
use covey_wire::net::{Class, NetEvent, Path};
use covey_wire::time::Time;

use crate::page::PageId;
use crate::world::{Event, World};

/// The longest pause before a page is dialled again.
const PAUSE: u64 = 8_000;
/// The second byte of a sync message that acknowledges segments.
const ACK: u8 = 2;

type Pair = (PageId, PageId);

/// One direction of a wire.
#[derive(Default)]
struct Way {
    /// When its reader is told of it.
    up: Time,
    /// When its first sync message arrives: nothing overtakes that.
    first: Option<Time>,
    /// When the last sync and live messages arrive.
    sync: Time,
    live: Time,
    /// Sync bytes that did not arrive yet.
    queued: usize,
}

/// A connection.
struct Wire {
    ends: Pair,
    /// Nothing arrives any more.
    broken: bool,
    /// An end hung up: what it sent arrives, nothing else is sent.
    closing: bool,
    /// Milliseconds a message takes at least.
    pace: u64,
    /// To the first end, to the second.
    ways: [Way; 2],
}

impl Wire {
    fn way(&mut self, to: PageId) -> &mut Way {
        let [first, second] = &mut self.ways;
        if to == self.ends.0 { first } else { second }
    }

    fn other(&self, end: PageId) -> PageId {
        if end == self.ends.0 { self.ends.1 } else { self.ends.0 }
    }
}

/// All connections.
#[derive(Default)]
pub struct Wires {
    all: BTreeMap<u64, Wire>,
    /// The standing wire of a pair, smaller id first.
    standing: BTreeMap<Pair, u64>,
    /// The wire that a page (first) uses to reach another.
    used: BTreeMap<Pair, u64>,
    /// Whom a page (first) wants to reach, and how often in a row that failed.
    wanted: BTreeMap<Pair, u32>,
    made: u64,
}

fn pair(a: PageId, b: PageId) -> Pair {
    (a.min(b), a.max(b))
}

impl Wires {
    /// Standing wires with both their ends.
    pub fn standing(&self) -> Vec<(u64, Pair)> {
        self.standing.iter().map(|(pair, wire)| (*wire, *pair)).collect()
    }

    /// Forgets a page; tells which wires it had.
    fn forget(&mut self, id: PageId) -> Vec<u64> {
        self.used.retain(|(from, _), _| *from != id);
        self.wanted.retain(|(from, _), _| *from != id);
        let own = self.standing.iter().filter(|((a, b), _)| *a == id || *b == id);
        own.map(|(_, wire)| *wire).collect()
    }
}

impl World {
    /// A page wants to reach a seat.
    pub fn dial(&mut self, from: PageId, seat: SeatId) {
        let Some(to) = self.seats.get(&seat).copied() else { return };
        if from == to {
            return;
        }
        self.wires.wanted.entry((from, to)).or_insert_with(|| 0);
        let wait = self.rng.between(5, 60);
        self.later(wait, Event::Dial { from, to });
    }

    /// The node told of a seat: failures before don't count any more.
    pub fn found_again(&mut self, from: PageId, seat: SeatId) {
        let Some(to) = self.seats.get(&seat).copied() else { return };
        let given_up = self.wires.wanted.get_mut(&(from, to)).filter(|f| **f >= limits::DIALS);
        if let Some(failures) = given_up {
            *failures = 0;
            self.later(1, Event::Dial { from, to });
        }
    }

    /// A dial happens: it needs the node, and that both are in one part of the network.
    pub fn dial_now(&mut self, from: PageId, to: PageId) {
        if self.wires.standing.contains_key(&pair(from, to)) || !self.is_open(from) {
            return;
        }
        let reached = self.at_node(from) && self.at_node(to);
        self.say(|| format!("  page {from} dials page {to}, reached: {reached}"));
        let Some(failures) = self.wires.wanted.get_mut(&(from, to)) else { return };
        if reached && !(self.faults && self.rng.chance(10)) {
            *failures = 0;
            return self.connect(from, to);
        }
        *failures += 1;
        if *failures < limits::DIALS {
            let pause = (500 << *failures).min(PAUSE);
            let wait = self.rng.between(pause / 10, pause);
            self.later(wait, Event::Dial { from, to });
        }
    }

    fn connect(&mut self, a: PageId, b: PageId) {
        self.wires.made += 1;
        let id = self.wires.made;
        let (first, second) = (self.rng.between(5, 80), self.rng.between(5, 80));
        let pace = self.rng.between(1, 120);
        let way = |wait| Way { up: self.now + Duration::from_millis(wait), ..Way::default() };
        let ways = [way(first), way(second)];
        let wire = Wire { ends: (a, b), broken: false, closing: false, pace, ways };
        self.wires.all.insert(id, wire);
        self.wires.standing.insert(pair(a, b), id);
        let upgrade = self.rng.chance(70).then(|| self.rng.between(200, 3_000));
        for (to, wait) in [(a, first), (b, second)] {
            self.later(wait, Event::Up { wire: id, to, path: Path::Relayed });
            if let Some(upgrade) = upgrade {
                self.later(wait + upgrade, Event::Up { wire: id, to, path: Path::Direct });
            }
        }
    }

    /// An end is told that it can send, or that the path changed.
    pub fn wire_up(&mut self, id: u64, to: PageId, path: Path) {
        let Some(wire) = self.wires.all.get(&id).filter(|wire| !wire.broken && !wire.closing)
        else {
            return;
        };
        let other = wire.other(to);
        let (Some(peer), true) = (self.seat_of(other), self.is_open(to)) else {
            return;
        };
        self.say(|| format!("  page {to} reaches page {other}"));
        match self.wires.used.insert((to, other), id) {
            Some(old) if old != id => self.handle(to, Input::Net(NetEvent::Down(peer))),
            _ => {}
        }
        self.handle(to, Input::Net(NetEvent::Up { seat: peer, path }));
    }

    /// An end notices that a wire is gone.
    pub fn wire_down(&mut self, id: u64, to: PageId) {
        let Some(other) = self.wires.all.get(&id).map(|wire| wire.other(to)) else { return };
        if self.wires.used.get(&(to, other)) == Some(&id) {
            self.say(|| format!("  page {to} lost page {other}"));
            self.wires.used.remove(&(to, other));
            if let Some(peer) = self.seat_of(other) {
                self.handle(to, Input::Net(NetEvent::Down(peer)));
            }
        }
        // A seat that is not wanted tries again, or not.
        if self.intruders.contains_key(&to) && self.rng.chance(70) {
            self.wires.wanted.remove(&(to, other));
        }
        if self.wires.wanted.contains_key(&(to, other)) {
            let wait = self.rng.between(50, 500);
            self.later(wait, Event::Dial { from: to, to: other });
        }
    }

    /// A wire breaks: what is under way is gone.
    pub fn break_wire(&mut self, id: u64) {
        let Some(wire) = self.wires.all.get_mut(&id) else { return };
        wire.broken = true;
        let (a, b) = wire.ends;
        self.wires.standing.remove(&pair(a, b));
        for to in [a, b] {
            let wait = self.rng.between(0, 3_000);
            self.later(wait, Event::Down { wire: id, to });
        }
    }

    /// A page hangs up: what it sent before still arrives.
    pub fn hangup(&mut self, from: PageId, seat: SeatId) {
        let Some(to) = self.seats.get(&seat).copied() else { return };
        self.say(|| format!("  page {from} hangs up on page {to}"));
        self.wires.wanted.remove(&(from, to));
        let Some(id) = self.wires.used.remove(&(from, to)) else { return };
        self.close_wire(id, to);
    }

    fn close_wire(&mut self, id: u64, to: PageId) {
        let Some(wire) = self.wires.all.get_mut(&id) else { return };
        wire.closing = true;
        let ends = wire.ends;
        let end = wire.way(to).sync.max(self.now) + Duration::from_millis(1);
        if self.wires.standing.get(&pair(ends.0, ends.1)) == Some(&id) {
            self.wires.standing.remove(&pair(ends.0, ends.1));
        }
        self.at(end, Event::Down { wire: id, to });
    }

    /// A page is gone; its wires break, or what it sent last still arrives.
    pub fn cut_wires(&mut self, page: PageId, orderly: bool) {
        for id in self.wires.forget(page) {
            if orderly || self.rng.chance(30) {
                let other = self.wires.all.get(&id).map(|wire| wire.other(page));
                other.into_iter().for_each(|other| self.close_wire(id, other));
            } else {
                self.break_wire(id);
            }
        }
    }

    /// A page sends a message, over the wire it knows of.
    pub fn send(&mut self, from: PageId, seat: SeatId, class: Class, bytes: Vec<u8>) {
        let Some(to) = self.seats.get(&seat).copied() else { return };
        let Some(id) = self.wires.used.get(&(from, to)).copied() else { return };
        let Some(wire) = self.wires.all.get_mut(&id) else { return };
        let wait = Duration::from_millis(self.rng.between(wire.pace, 2 * wire.pace));
        let soonest = (self.now + wait).max(wire.way(to).up);
        if class == Class::Live {
            if self.faults && self.rng.chance(2) {
                self.counts.dropped += 1;
                return;
            }
            let way = wire.way(to);
            way.live = way.live.max(soonest);
            let at = way.live;
            return self.at(at, Event::Deliver { wire: id, to, class, bytes });
        }
        self.busy = self.now;
        self.counts.messages += 1;
        let way = wire.way(to);
        way.queued += bytes.len();
        if way.queued > limits::SYNC_QUEUE && self.intruders.contains_key(&from) {
            // Its network holds it back.
            way.queued -= bytes.len();
            return;
        }
        if way.queued > limits::SYNC_QUEUE {
            return self.fail(|| format!("page {from} queues without bound for page {to}"));
        }
        let (first, last) = (*way.first.get_or_insert(soonest), way.sync.max(soonest));
        let loose = self.faults && bytes.get(1) == Some(&ACK);
        let mut at = last;
        if loose && self.rng.chance(50) {
            at = soonest.max(first);
            self.counts.overtaken += u64::from(at < last);
        }
        way.sync = last;
        if loose && self.rng.chance(5) {
            self.counts.doubled += 1;
            let again = last + Duration::from_millis(self.rng.below(500));
            way.sync = again;
            way.queued += bytes.len();
            let bytes = bytes.clone();
            self.at(again, Event::Deliver { wire: id, to, class, bytes });
        }
        self.at(at, Event::Deliver { wire: id, to, class, bytes });
    }

    /// A message arrives, if its wire is still the one its reader uses.
    pub fn deliver(&mut self, id: u64, to: PageId, class: Class, bytes: Vec<u8>) {
        let Some(wire) = self.wires.all.get_mut(&id).filter(|wire| !wire.broken) else { return };
        let from = wire.other(to);
        if class == Class::Sync {
            wire.way(to).queued -= bytes.len();
        }
        if self.wires.used.get(&(to, from)) != Some(&id) {
            return;
        }
        if let Some(seat) = self.seat_of(from) {
            self.from_stranger = self.is_shut_out(&seat);
            self.note_leak(from, to, &bytes);
            self.handle(to, Input::Net(NetEvent::Frame { seat, class, bytes }));
            self.from_stranger = false;
        }
    }

    /// The seat of a page, gone or not.
    pub fn seat_of(&self, page: PageId) -> Option<SeatId> {
        self.roll.get(usize::try_from(page).ok()?).copied()
    }
}
