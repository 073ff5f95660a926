//! One run: a seed, its steps, the end.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::step::Step;
use crate::world::World;

/// How a run is made.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How many steps.
    pub steps: u64,
    /// Whether every step is printed.
    pub trace: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { steps: 300, trace: false }
    }
}

/// What happened in a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Steps drawn.
    pub steps: u64,
    /// Edits made.
    pub edits: u64,
    /// Records written in the chat.
    pub records: u64,
    /// Elements of the board written or deleted.
    pub elements: u64,
    /// Tries to write in another's part of the chat.
    pub trespasses: u64,
    /// Seats of people who break the rules.
    pub intruders: u64,
    /// Their acts.
    pub intrusions: u64,
    /// Entries in the logs by them, in the end.
    pub foreign: u64,
    /// Seats that were closed for several histories, in the end.
    pub forks: u64,
    /// Times the network fell apart.
    pub partitions: u64,
    /// Connections that broke by it.
    pub cut: u64,
    /// Connections that broke by themselves.
    pub breaks: u64,
    /// Pages that crashed.
    pub crashes: u64,
    /// Devices that lost their disks.
    pub wipes: u64,
    /// Times the node stopped.
    pub outages: u64,
    /// Times a disk became slow.
    pub stalls: u64,
    /// Times a clock was set.
    pub clocks: u64,
    /// Sync messages that came twice.
    pub doubled: u64,
    /// Sync messages that overtook others.
    pub overtaken: u64,
    /// Live messages that were dropped.
    pub dropped: u64,
    /// Sync messages sent.
    pub messages: u64,
    /// Timers that rang.
    pub ticks: u64,
    /// Milliseconds of virtual time.
    pub time: u64,
}

impl Counts {
    /// All faults but partitions.
    pub fn faults(&self) -> u64 {
        let network = self.cut + self.breaks + self.outages + self.doubled + self.overtaken;
        network + self.dropped + self.crashes + self.wipes + self.stalls + self.clocks
    }

    /// Both together.
    pub fn and(self, other: Counts) -> Counts {
        Counts {
            steps: self.steps + other.steps,
            edits: self.edits + other.edits,
            records: self.records + other.records,
            elements: self.elements + other.elements,
            trespasses: self.trespasses + other.trespasses,
            intruders: self.intruders + other.intruders,
            intrusions: self.intrusions + other.intrusions,
            foreign: self.foreign + other.foreign,
            forks: self.forks + other.forks,
            partitions: self.partitions + other.partitions,
            cut: self.cut + other.cut,
            breaks: self.breaks + other.breaks,
            crashes: self.crashes + other.crashes,
            wipes: self.wipes + other.wipes,
            outages: self.outages + other.outages,
            stalls: self.stalls + other.stalls,
            clocks: self.clocks + other.clocks,
            doubled: self.doubled + other.doubled,
            overtaken: self.overtaken + other.overtaken,
            dropped: self.dropped + other.dropped,
            messages: self.messages + other.messages,
            ticks: self.ticks + other.ticks,
            time: self.time + other.time,
        }
    }
}

/// What was wrong, in the run of a seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The seed that replays it.
    pub seed: u64,
    /// What was wrong.
    pub why: String,
}

/// Runs a seed. A panic of a client is a failure like any other.
pub fn run(seed: u64, settings: Settings) -> Result<Counts, Failure> {
    let why = match catch_unwind(AssertUnwindSafe(|| walk(seed, settings))) {
        Ok(Ok(counts)) => return Ok(counts),
        Ok(Err(why)) => why,
        Err(panic) => {
            let words = panic.downcast_ref::<String>().map(String::as_str);
            let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
            format!("panic: {}", words.unwrap_or("without words"))
        }
    };
    Err(Failure { seed, why })
}

fn walk(seed: u64, settings: Settings) -> Result<Counts, String> {
    let mut world = World::new(seed, settings.trace);
    let begin = world.now;
    world.found_room();
    world.walk(Step::Invite);
    world.walk(Step::Join);
    world.walk(Step::Intruder);
    for _ in 0..settings.steps {
        if world.failure.is_some() {
            break;
        }
        let step = Step::draw(&mut world.rng);
        world.walk(step);
    }
    if world.failure.is_none() {
        world.finish();
    }
    world.counts.time = world.now.since(begin).as_millis().try_into().unwrap_or(u64::MAX);
    for (id, page) in &world.pages {
        let stats = page.client.stats();
        world.say(|| format!("page {id}: {} entries, {:?}", stats.entries, stats.refused));
    }
    match world.failure.take() {
        Some(why) => Err(why),
        None => Ok(world.counts),
    }
}
