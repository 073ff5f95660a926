//! The policy of a sender: one budget for the uplink, divided among those who watch.
//!
//! ```text
//!   what each attendee shows ─┐
//!   how each connection does ─┴─► caps, budget ─► speech, screens, pinned, tiles ─► an order for each source
//! ```
//! A connection has a cap, and all together have a budget. Speech is taken out of both first. Screens come next, then
//! pinned pictures, then tiles, each raised in turn as far as it is shown. Lowering happens at once. Raising waits for
//! room to spare, and for longer each time that it proved too much.

use std::time::Duration;

use super::message::{Sends, Shown};
use covey_wire::sorted::SortedMap;
use covey_wire::time::Instant;

/// Bits a second that speech takes with everything around it, of every connection.
pub const SPEECH: u32 = 48_000;
/// The same of somebody who is muted.
const SILENCE: u32 = 6_000;
/// The least cap of a connection, in bits a second: speech must do with it.
const LEAST: u32 = 30_000;
/// The cap that a connection begins with, and its highest, in bits a second.
const MOST: u32 = 4_000_000;
/// The highest budget for all connections, in bits a second.
const UPLINK: u32 = 12_000_000;
/// The budget of somebody who saves data, in bits a second.
const SAVING: u32 = 500_000;
/// The share of packets that may be lost, in thousandths, before less is sent.
const LOSS: u32 = 100;
/// The share at which a connection is called poor.
const POOR_LOSS: u32 = 50;
/// How much longer than ever a round trip may take, in milliseconds, before less is sent.
const QUEUE: u32 = 200;
/// A browser's estimate begins low and says nothing for so long.
const RAMP: Duration = Duration::from_secs(4);
/// Nothing is raised for so long after it was too much, at first and at most.
const CALM: Duration = Duration::from_secs(4);
const LONGEST_CALM: Duration = Duration::from_secs(32);
/// A raise that is followed by trouble within so long was too much.
const PROBE: Duration = Duration::from_secs(6);
/// Between two steps up.
const STEP: Duration = Duration::from_secs(1);
/// Connections that are too slow within so long are taken for one uplink that is.
const TOGETHER: Duration = Duration::from_secs(2);

/// A size of pictures: the height in pixels, frames a second, bits a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Size {
    height: u16,
    rate: u8,
    bits: u32,
}

const fn size(height: u16, rate: u8, bits: u32) -> Size {
    Size { height, rate, bits }
}

/// Each takes about a third more than the one before, so that no step is a leap for a line.
const CAMERA: [Size; 11] = [
    size(180, 8, 80_000),
    size(180, 15, 120_000),
    size(180, 15, 170_000),
    size(270, 20, 230_000),
    size(270, 20, 310_000),
    size(360, 25, 410_000),
    size(360, 25, 540_000),
    size(540, 25, 720_000),
    size(540, 30, 950_000),
    size(720, 30, 1_250_000),
    size(720, 30, 1_700_000),
];
const SCREEN: [Size; 8] = [
    size(720, 2, 60_000),
    size(720, 3, 150_000),
    size(1080, 5, 230_000),
    size(1080, 5, 350_000),
    size(1080, 10, 520_000),
    size(1080, 10, 800_000),
    size(1440, 15, 1_200_000),
    size(1440, 15, 1_800_000),
];

/// A source of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Video {
    /// The camera.
    Camera = 1,
    /// The screen.
    Screen = 2,
}

impl Video {
    const ALL: [Video; 2] = [Video::Camera, Video::Screen];

    fn sizes(self) -> &'static [Size] {
        match self {
            Video::Camera => &CAMERA,
            Video::Screen => &SCREEN,
        }
    }

    fn is_sent(self, sends: Sends) -> bool {
        sends.has(match self {
            Video::Camera => Sends::CAMERA,
            Video::Screen => Sends::SCREEN,
        })
    }

    /// The level that is shown in full at this height; 0 for nothing.
    fn level(self, shown: Shown) -> usize {
        let height = match self {
            Video::Camera => shown.camera,
            Video::Screen => shown.screen,
        };
        if height == 0 {
            return 0;
        }
        let sizes = self.sizes();
        let enough = sizes.iter().find(|size| size.height >= height);
        // Text on a screen is read on a small picture, too.
        let least = if self == Video::Screen { 1080 } else { 0 };
        let enough = enough.map_or(u16::MAX, |size| size.height.max(least));
        self.highest(enough)
    }

    /// The highest level that is not larger than this.
    fn highest(self, height: u16) -> usize {
        self.sizes().iter().filter(|size| size.height <= height).count()
    }

    fn bits(self, level: usize) -> u32 {
        level.checked_sub(1).map_or(0, |at| self.sizes()[at].bits)
    }
}

/// An order for one source on one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Bits a second at most; 0 pauses it.
    pub bits: u32,
    /// Pixels at most.
    pub height: u16,
    /// Frames a second at most.
    pub rate: u8,
}

impl Order {
    fn of(video: Video, level: usize, bits: u32) -> Self {
        match level.checked_sub(1).map(|at| video.sizes()[at]) {
            Some(Size { height, rate, .. }) => Self { bits, height, rate },
            None => Self { bits: 0, height: 0, rate: 0 },
        }
    }
}

/// How a connection did in the last second. Shares are in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Measure {
    /// Milliseconds.
    pub round_trip: Option<u32>,
    /// Of the packets that were sent the share that did not arrive.
    pub loss: Option<u32>,
    /// The browser's estimate of what the way carries, in bits a second. It never says more than twice of what may be
    /// sent.
    pub estimate: Option<u32>,
    /// Bits that were sent.
    pub sent: u32,
    /// The processor is too slow to encode what was ordered.
    pub slow_encoder: bool,
}

/// The uplink to one attendee.
#[derive(Debug)]
struct Road {
    since: Instant,
    cap: u32,
    shown: Shown,
    /// By source, the level that was ordered, once something was.
    levels: [usize; 2],
    /// By source, the bits a second that were ordered: after trouble they are raised in small steps.
    bits: [u32; 2],
    ordered: bool,
    /// The shortest round trip, in milliseconds.
    nearest: u32,
    /// The share of lost packets, smoothed, in thousandths.
    loss: u32,
    sent: u32,
    congested: Option<Instant>,
    /// Nothing is raised before.
    calm: Instant,
    pause: Duration,
    raised: Option<Instant>,
    /// Whether the cap, or the budget, keeps the camera or the screen smaller than it is shown.
    held: bool,
    silent: bool,
}

impl Road {
    fn new(now: Instant) -> Self {
        Self {
            since: now,
            cap: MOST,
            shown: Shown { camera: 360, screen: 1080, pinned: false },
            levels: [0; 2],
            bits: [0; 2],
            ordered: false,
            nearest: u32::MAX,
            loss: 0,
            sent: 0,
            congested: None,
            calm: now,
            pause: CALM,
            raised: None,
            held: false,
            silent: false,
        }
    }

    fn demanded(&self) -> u32 {
        SPEECH + self.bits.iter().sum::<u32>()
    }

    /// Whether something was too much not long ago.
    fn is_troubled(&self, now: Instant) -> bool {
        self.congested.is_some_and(|at| now.since(at) < LONGEST_CALM * 2)
    }

    fn measured(&mut self, measure: &Measure, now: Instant) {
        let loss = measure.loss.unwrap_or(0);
        self.loss = (self.loss * 3 + loss.min(1000)) / 4;
        self.sent = measure.sent;
        let mut queued = false;
        if let Some(round_trip) = measure.round_trip {
            self.nearest = self.nearest.min(round_trip);
            let near = self.nearest;
            queued = round_trip / 2 > near && round_trip.saturating_sub(near) > QUEUE;
        }
        let demanded = self.demanded();
        let ramps = now.since(self.since) < RAMP;
        let estimate = measure.estimate.filter(|_| !ramps);
        let too_much =
            estimate.is_some_and(|estimate| percent(estimate, 90) < demanded.min(self.cap));
        if loss > LOSS || queued || too_much {
            let carried = if measure.sent > 0 { measure.sent } else { self.cap };
            let by_loss = percent(carried.min(self.cap), if loss > LOSS { 75 } else { 90 });
            let by_estimate = estimate.map_or(MOST, |estimate| percent(estimate, 90));
            // No picture is paused before the smallest was too much.
            let smallest = SPEECH + CAMERA[0].bits;
            let least = if demanded > smallest { percent(smallest, 120) } else { LEAST };
            self.cap = by_loss.min(by_estimate).clamp(least, MOST);
            self.too_much(now);
        } else if loss < POOR_LOSS {
            // The estimate proves as much; without one the cap feels its way.
            let proven = estimate.map_or(0, |estimate| percent(estimate, 90));
            self.cap =
                (percent(self.cap, 108) + 10_000).max(proven.min(percent(self.cap, 150))).min(MOST);
        }
    }

    fn too_much(&mut self, now: Instant) {
        if self.raised.take().is_some_and(|raised| now.since(raised) < PROBE) {
            self.pause = (self.pause * 2).min(LONGEST_CALM);
        } else if self.congested.is_none_or(|before| now.since(before) > LONGEST_CALM) {
            self.pause = CALM;
        }
        self.congested = Some(now);
        self.calm = now + self.pause;
    }

    /// Whether it speaks for a slow uplink: one that can't be lowered any more is slow by itself.
    fn is_congested(&self, now: Instant) -> bool {
        self.congested.is_some_and(|at| now.since(at) < TOGETHER) && self.demanded() > SPEECH
    }

    /// The step from the level that is ordered towards the one that fits, not above the one that fits with room to
    /// spare.
    fn step(&self, video: Video, fits: usize, safe: usize, now: Instant) -> usize {
        let at = video as usize - 1;
        let before = self.levels[at];
        let full = video.bits(before);
        let safe = safe.min(fits);
        if fits < before || !self.ordered {
            return fits;
        }
        if safe <= before || now < self.calm {
            return before;
        }
        if !self.is_troubled(now) {
            return safe;
        }
        // First all that the level takes.
        before + usize::from(self.bits[at] == full)
    }

    /// The bits a second for a level: after trouble a quarter more than before, at most.
    fn ramp(&mut self, at: usize, full: u32, now: Instant) -> u32 {
        let before = self.bits[at];
        if full <= before || !self.is_troubled(now) {
            return full;
        }
        if now < self.calm {
            return before;
        }
        (self.calm, self.raised) = (now + STEP, Some(now));
        // The smallest picture has no smaller step before it.
        if before == 0 { full } else { percent(before, 125).min(full) }
    }
}

/// A picture that somebody shows.
struct Demand {
    road: usize,
    video: Video,
    wanted: usize,
    /// Lesser ones go first.
    class: u8,
}

/// The uplinks to all attendees, by the number of the connection.
#[derive(Debug)]
pub struct Steering {
    roads: SortedMap<u32, Road>,
    budget: u32,
    /// When nothing was too much for a while, the budget grows again.
    budget_calm: Instant,
    saving: bool,
    /// The largest height of the camera that the processor bears.
    encoder: u16,
    encoder_since: Instant,
}

impl Steering {
    /// Nobody is sent anything.
    pub fn new() -> Self {
        Self {
            roads: SortedMap::new(),
            budget: UPLINK,
            budget_calm: Instant(0),
            saving: false,
            encoder: u16::MAX,
            encoder_since: Instant(0),
        }
    }

    /// A connection is made.
    pub fn add(&mut self, link: u32, now: Instant) {
        self.roads.insert(link, Road::new(now));
    }

    /// A connection is gone.
    pub fn remove(&mut self, link: u32) {
        self.roads.remove(&link);
    }

    /// Sends less, whatever the way would carry.
    pub fn set_saving(&mut self, saving: bool) {
        self.saving = saving;
    }

    /// An attendee shows something else.
    pub fn set_shown(&mut self, link: u32, shown: Shown) {
        if let Some(road) = self.roads.get_mut(&link) {
            road.shown = shown;
        }
    }

    /// Nothing comes through a connection: its budget is nobody's until something does.
    pub fn set_silent(&mut self, link: u32, silent: bool, now: Instant) {
        if let Some(road) = self.roads.get_mut(&link) {
            road.silent = silent;
            if !silent {
                road.since = now;
            }
        }
    }

    /// Takes how a connection did.
    pub fn measured(&mut self, link: u32, measure: &Measure, now: Instant) {
        let Some(road) = self.roads.get_mut(&link) else { return };
        road.measured(measure, now);
        let congested = self.roads.values().filter(|road| road.is_congested(now)).count();
        if congested >= 2 && congested * 2 >= self.roads.len() {
            if now >= self.budget_calm {
                let sent =
                    self.roads.values().fold(0u32, |sum, road| sum.saturating_add(road.sent));
                self.budget = percent(sent.min(self.budget), 85).clamp(LEAST, UPLINK);
                self.budget_calm = now + CALM;
            }
        } else if congested == 0 && now >= self.budget_calm {
            let share = 5 / self.roads.len().max(1) as u32;
            self.budget = percent(self.budget, 100 + share.max(1)).min(UPLINK);
        }
        self.judge_encoder(measure.slow_encoder, now);
    }

    /// A processor that is too slow gets smaller pictures, and larger ones again when it was fast enough for a while.
    fn judge_encoder(&mut self, slow: bool, now: Instant) {
        let for_long = now.since(self.encoder_since);
        let heights = || CAMERA.iter().map(|size| size.height);
        let next = if slow && for_long >= CALM {
            heights().rev().find(|height| *height < self.encoder.min(720))
        } else if !slow && for_long >= LONGEST_CALM {
            heights().find(|height| *height > self.encoder)
        } else {
            None
        };
        if let Some(height) = next {
            (self.encoder, self.encoder_since) = (height, now);
        }
    }

    /// The orders that are others than before.
    pub fn divide(&mut self, sends: Sends, now: Instant) -> Vec<(u32, Video, Order)> {
        let demands = self.demands(sends);
        let budget = if self.saving { self.budget.min(SAVING) } else { self.budget };
        let speaks = sends.has(Sends::MICROPHONE) && !sends.has(Sends::MUTED)
            || sends.has(Sends::SCREEN_SOUND);
        let fits = self.fill(&demands, budget, 100, speaks);
        let safe = self.fill(&demands, budget, 85, speaks);
        let mut orders = Vec::new();
        for road in self.roads.values_mut() {
            road.held = false;
        }
        let mut wanted_levels = vec![[0; 2]; self.roads.len()];
        for ((demand, fits), safe) in demands.iter().zip(fits).zip(safe) {
            let at = demand.video as usize - 1;
            let (_, road) = self.roads.iter_mut().nth(demand.road).expect("a road of the list");
            wanted_levels[demand.road][at] = road.step(demand.video, fits, safe, now);
            road.held |= wanted_levels[demand.road][at] + 3 < demand.wanted;
        }
        for ((link, road), levels) in self.roads.iter_mut().zip(wanted_levels) {
            let before = (road.levels, road.bits);
            for video in Video::ALL {
                let at = video as usize - 1;
                let bits = road.ramp(at, video.bits(levels[at]), now);
                (road.levels[at], road.bits[at]) = (levels[at], bits);
                if (levels[at], bits) != (before.0[at], before.1[at]) || !road.ordered {
                    orders.push((*link, video, Order::of(video, levels[at], bits)));
                }
            }
            road.ordered = true;
        }
        orders
    }

    /// Whether a connection is poor, and whether no picture fits through it that should.
    pub fn quality(&self, link: u32, sends: Sends) -> (bool, bool) {
        let Some(road) = self.roads.get(&link) else { return (false, false) };
        let left_out = |video: &Video| {
            video.is_sent(sends)
                && video.level(road.shown) > 0
                && road.levels[*video as usize - 1] == 0
        };
        let sound_only = road.ordered && Video::ALL.iter().any(left_out);
        (sound_only || road.held && road.congested.is_some() || road.loss > POOR_LOSS, sound_only)
    }

    /// Bits a second that are ordered in all, with speech.
    #[cfg(test)]
    pub fn ordered(&self) -> u32 {
        self.roads.values().map(Road::demanded).sum()
    }

    fn demands(&self, sends: Sends) -> Vec<Demand> {
        let mut demands = Vec::new();
        for (at, road) in self.roads.values().enumerate().filter(|(_, road)| !road.silent) {
            for video in Video::ALL.into_iter().filter(|video| video.is_sent(sends)) {
                let (wanted, class) = match video {
                    Video::Screen => (video.level(road.shown), 0),
                    Video::Camera => (
                        video.level(road.shown).min(video.highest(self.encoder)),
                        2 - u8::from(road.shown.pinned),
                    ),
                };
                if wanted > 0 {
                    demands.push(Demand { road: at, video, wanted, class });
                }
            }
        }
        demands.sort_by_key(|demand| demand.class);
        demands
    }

    /// The level of each demand by caps and budget, of which only so many per cent are used.
    fn fill(&self, demands: &[Demand], budget: u32, share: u32, speaks: bool) -> Vec<usize> {
        let each = if speaks { SPEECH } else { SILENCE };
        let mut left = percent(budget, share).saturating_sub(each * self.roads.len() as u32);
        let caps = self.roads.values().map(|road| percent(road.cap, share).saturating_sub(each));
        let mut caps: Vec<u32> = caps.collect();
        let mut levels = vec![0; demands.len()];
        let raise = |at: usize, levels: &mut Vec<usize>, left: &mut u32, caps: &mut Vec<u32>| {
            let Demand { road, video, wanted, .. } = demands[at];
            let more =
                video.bits(levels[at] + usize::from(levels[at] < wanted)) - video.bits(levels[at]);
            let fits = more > 0 && more <= *left && more <= caps[road];
            if fits {
                levels[at] += 1;
                *left -= more;
                caps[road] -= more;
            }
            fits
        };
        // Everybody gets something before anybody gets more.
        for at in 0..demands.len() {
            raise(at, &mut levels, &mut left, &mut caps);
        }
        for class in 0..=2 {
            let of_class = || (0..demands.len()).filter(|at| demands[*at].class == class);
            while of_class()
                .fold(false, |any, at| raise(at, &mut levels, &mut left, &mut caps) | any)
            {
            }
        }
        levels
    }
}

fn percent(value: u32, percent: u32) -> u32 {
    (u64::from(value) * u64::from(percent) / 100).try_into().unwrap_or(u32::MAX)
}

#[cfg(test)]
#[path = "steering_tests.rs"]
mod tests;
