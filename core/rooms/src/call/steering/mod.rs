//! The policy of a sender: one budget for the uplink, divided among those who watch.
//!
//! ```text
//!   what each attendee shows ─┐
//!   how each connection does ─┴─► caps, budget ─► speech, screens, pinned, tiles ─► an order for each source
//! ```
//! A connection has a cap, and all together have a budget. Speech is taken out of both first. Screens come next, then
//! pinned pictures, then tiles, each raised in turn as far as it is shown. Lowering happens at once. Raising waits for
//! room to spare, and for longer each time that it proved too much.

mod ladder;
mod road;

use self::ladder::CAMERA;
pub use self::ladder::{Order, Video};
pub use self::road::Measure;
use self::road::{CALM, LEAST, LONGEST_CALM, POOR_LOSS, Road, SPEECH, percent};
use super::message::{Sends, Shown};
use covey_wire::sorted::SortedMap;
use covey_wire::time::Instant;

/// Bits a second that the connection of somebody who is muted takes.
const SILENCE: u32 = 6_000;
/// The highest budget for all connections, in bits a second.
const UPLINK: u32 = 12_000_000;
/// The budget of somebody who saves data, in bits a second.
const SAVING: u32 = 500_000;

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

#[cfg(test)]
mod tests;
