//! Everything there is, and the loop through virtual time: pages, devices, wires, the node.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use covey_rooms::capability::VerifiedLink;
use covey_rooms::disk::DiskCommand;
use covey_rooms::room::Event as Told;
use covey_rooms::room::{Input, Output};
use covey_wire::id::SeatId;
use covey_wire::net::{Class, NetCommand, Path};
use covey_wire::time::{Instant, Now, Time};

use crate::disk::{Disk, Mark};
use crate::intruder::{Intruder, Rogue};
use crate::node::Node;
use crate::page::{Page, PageId};
use crate::reference::Reference;
use crate::rng::Rng;
use crate::run::Counts;
use crate::wires::Wires;

/// Clocks of two devices differ by less than this, in milliseconds.
pub const SKEW: u64 = 4_000;
/// Ticks in a row after which a timer that is due at once counts as busy.
const BUSY: u32 = 20;
/// Outputs of one input, far above what a page with a long log makes.
const OUTPUTS: usize = 100_000;

/// A browser profile.
pub struct Device {
    pub person: usize,
    pub installation: [u8; 16],
    pub disk: Disk,
    /// The link its last page came by.
    pub ticket: Option<usize>,
    /// Milliseconds its clock is ahead of virtual time.
    pub ahead: u64,
    /// Which part of the network it is in; the node is in part 0.
    pub side: u8,
    /// Milliseconds one write takes.
    pub slow: u64,
    /// It will not be used any more.
    pub gone: bool,
    /// A member who breaks the rules handed it segments, whatever its links say.
    pub leaked: bool,
}

/// What will happen.
pub enum Event {
    /// A page's timer rings.
    Tick(PageId, Time),
    /// A page's write is on its disk.
    Written(PageId),
    /// A page that said goodbye is gone.
    Closed(PageId),
    /// A message arrives.
    Deliver { wire: u64, to: PageId, class: Class, bytes: Vec<u8> },
    /// An end of a wire can be sent to.
    Up { wire: u64, to: PageId, path: Path },
    /// An end notices that the wire is broken.
    Down { wire: u64, to: PageId },
    /// A page tries to reach another.
    Dial { from: PageId, to: PageId },
    /// A page tries to reach the node.
    Node(PageId),
    /// The node tells who is there.
    Found { to: PageId, seats: Vec<SeatId>, newcomer: bool },
    /// The node notices that a page is gone.
    Forget(PageId),
}

/// The world.
pub struct World {
    pub now: Time,
    pub rng: Rng,
    pub devices: Vec<Device>,
    pub pages: BTreeMap<PageId, Page>,
    /// Seats of people who break the rules; they have ids as pages have.
    pub intruders: BTreeMap<PageId, Intruder>,
    /// The memory of all seats that there ever were.
    pub rogues: BTreeMap<SeatId, Rogue>,
    /// Links that let in nobody any more.
    pub spent: Option<VerifiedLink>,
    /// Segments signed by the pages that keep the rules.
    pub signed: BTreeSet<Mark>,
    /// Whether what is handled now came from somebody who was never let in.
    pub from_stranger: bool,
    pub seats: BTreeMap<SeatId, PageId>,
    pub wires: Wires,
    pub node: Node,
    pub reference: Reference,
    pub counts: Counts,
    /// The first thing that was wrong.
    pub failure: Option<String>,
    /// Faults happen only before the end.
    pub faults: bool,
    /// What is refused now was meant to be.
    pub trespassing: bool,
    /// The seats of all pages there ever were, by page.
    pub roll: Vec<SeatId>,
    /// When a log was last sent or written.
    pub busy: Time,
    queue: BTreeMap<(Time, u64), Event>,
    order: u64,
    trace: bool,
}

impl World {
    /// Nobody yet.
    pub fn new(seed: u64, trace: bool) -> Self {
        Self {
            now: Time(1_700_000_000_000),
            rng: Rng::new(seed),
            devices: Vec::new(),
            pages: BTreeMap::new(),
            intruders: BTreeMap::new(),
            rogues: BTreeMap::new(),
            spent: None,
            signed: BTreeSet::new(),
            from_stranger: false,
            seats: BTreeMap::new(),
            wires: Wires::default(),
            node: Node::default(),
            reference: Reference::default(),
            counts: Counts::default(),
            failure: None,
            faults: true,
            trespassing: false,
            roll: Vec::new(),
            busy: Time(0),
            queue: BTreeMap::new(),
            order: 0,
            trace,
        }
    }

    /// Notes what is wrong; the first counts.
    pub fn fail(&mut self, why: impl FnOnce() -> String) {
        if self.failure.is_none() {
            let why = why();
            self.say(|| format!("FAILURE: {why}"));
            self.failure = Some(why);
        }
    }

    /// A line of the trace, if one is wanted.
    pub fn say(&self, line: impl FnOnce() -> String) {
        if self.trace {
            println!("{:>9} {}", self.now.0 % 1_000_000_000, line());
        }
    }

    /// Something will happen after `wait` milliseconds.
    pub fn later(&mut self, wait: u64, event: Event) {
        self.at(self.now + Duration::from_millis(wait), event);
    }

    /// Something will happen then.
    pub fn at(&mut self, at: Time, event: Event) {
        self.order += 1;
        self.queue.insert((at.max(self.now), self.order), event);
    }

    /// Whether anything of that kind is going to happen.
    pub fn awaits(&self, kind: impl Fn(&Event) -> bool) -> bool {
        self.queue.values().any(kind)
    }

    /// Lets so many milliseconds pass.
    pub fn pass(&mut self, wait: u64) {
        let end = self.now + Duration::from_millis(wait);
        while self.failure.is_none() {
            let Some(next) = self.queue.first_entry().filter(|next| next.key().0 <= end) else {
                break;
            };
            let ((at, _), event) = next.remove_entry();
            self.now = at;
            self.happen(event);
        }
        self.now = end;
    }

    /// Both times of a device: what its clock shows may be wrong, and nobody sets what has elapsed.
    pub fn clock(&self, device: usize) -> Now {
        let wall = self.now + Duration::from_millis(self.devices[device].ahead);
        Now { wall, elapsed: Instant(self.now.0) }
    }

    /// A page takes an input, and does all that follows from it.
    pub fn handle(&mut self, id: PageId, input: Input) {
        if self.intruders.contains_key(&id) {
            return self.tell_intruder(id, input);
        }
        let Some(device) = self.pages.get(&id).map(|page| page.device) else { return };
        let clock = self.clock(device);
        if let Some(page) = self.pages.get_mut(&id) {
            page.client.handle(input, clock);
        }
        self.drain(id);
    }

    /// Performs a page's outputs, and sets its timer.
    pub fn drain(&mut self, id: PageId) {
        let mut rejected = BTreeMap::new();
        for count in 0.. {
            let Some(page) = self.pages.get_mut(&id) else { return };
            let Some(output) = page.client.poll() else { break };
            match &output {
                Output::Event(Told::Rejected { name, reason }) if *reason != "fork" => {
                    rejected.insert(name.clone(), *reason);
                }
                Output::Event(event) => self.judge_event(id, event),
                _ => {}
            }
            self.perform(id, output);
            if count > OUTPUTS {
                return self.fail(|| format!("page {id} never stops"));
            }
        }
        self.observe(id, &rejected);
        self.wind(id);
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Tick(id, due) => self.tick(id, due),
            Event::Written(id) => self.written(id),
            Event::Closed(id) => self.remove(id, true),
            Event::Deliver { wire, to, class, bytes } => self.deliver(wire, to, class, bytes),
            Event::Up { wire, to, path } => self.wire_up(wire, to, path),
            Event::Down { wire, to } => self.wire_down(wire, to),
            Event::Dial { from, to } => self.dial_now(from, to),
            Event::Node(id) => self.try_node(id),
            Event::Found { to, seats, newcomer } => self.found(to, seats, newcomer),
            Event::Forget(id) => self.node.forget(id),
        }
    }

    fn tick(&mut self, id: PageId, due: Time) {
        let Some(page) = self.pages.get_mut(&id).filter(|page| page.timer == Some(due)) else {
            return;
        };
        page.timer = None;
        self.counts.ticks += 1;
        self.handle(id, Input::Tick);
        let Some(page) = self.pages.get_mut(&id) else { return };
        page.busy = if page.timer.is_some_and(|due| due <= self.now) { page.busy + 1 } else { 0 };
        if page.busy > BUSY {
            self.fail(|| format!("page {id} wants a tick at the same instant for ever"));
        }
    }

    fn perform(&mut self, id: PageId, output: Output) {
        match output {
            Output::Net(command) => self.network(id, command),
            Output::Disk(command) => {
                let Some(page) = self.pages.get_mut(&id) else { return };
                if let DiskCommand::Append { bytes, .. } = &command {
                    self.busy = self.now;
                    self.signed.extend(page.stores(bytes));
                }
                page.spool.take(command);
                self.write(id);
            }
            Output::Event(event) => {
                let shown = self.pages.get_mut(&id).is_none_or(|page| page.shows(event));
                if !shown {
                    self.fail(|| format!("the view of page {id} can't take an update"));
                }
            }
        }
    }

    fn network(&mut self, id: PageId, command: NetCommand) {
        match command {
            NetCommand::Nodes(_) => self.later(0, Event::Node(id)),
            NetCommand::Meet(namespace) => self.meet(id, namespace),
            NetCommand::Dial(seat) => self.dial(id, seat),
            NetCommand::Send { seat, class, bytes } => {
                self.judge_words(id, seat, class, &bytes);
                self.send(id, seat, class, bytes);
            }
            NetCommand::Trust(seat) => self.judge_trust(id, seat),
            NetCommand::Hangup(seat) => {
                self.judge_hangup(id, seat);
                self.hangup(id, seat);
            }
        }
    }

    fn write(&mut self, id: PageId) {
        let Some(page) = self.pages.get_mut(&id) else { return };
        if page.spool.begin() {
            let slow = self.devices[page.device].slow;
            let wait = self.rng.between(1, slow.max(2));
            self.later(wait, Event::Written(id));
        }
    }

    fn written(&mut self, id: PageId) {
        let Some(page) = self.pages.get_mut(&id) else { return };
        let Some(batch) = page.spool.end() else { return };
        self.devices[page.device].disk.write(&batch);
        self.write(id);
        for token in batch.tokens {
            self.handle(id, Input::Stored(token));
        }
    }

    /// Sets a page's timer to when its client wants it; browsers ring late, never early.
    fn wind(&mut self, id: PageId) {
        let Some(page) = self.pages.get_mut(&id) else { return };
        let due = page.client.poll_timeout().map(|due| Time(due.0).max(self.now));
        if due == page.timer {
            return;
        }
        page.timer = due;
        if let Some(due) = due {
            let late =
                if self.faults && self.rng.chance(10) { self.rng.between(1, 900) } else { 0 };
            self.at(due + Duration::from_millis(late), Event::Tick(id, due));
        }
    }
}
