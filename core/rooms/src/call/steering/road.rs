//! The uplink to one attendee: its cap, by how it does, and the steps of what is sent over it.

use std::time::Duration;

use super::ladder::{CAMERA, Video};
use crate::call::message::Shown;
use covey_wire::time::Instant;

/// Bits a second that speech takes with everything around it, of every connection.
pub(super) const SPEECH: u32 = 48_000;
/// The least cap of a connection, in bits a second: speech must do with it.
pub(super) const LEAST: u32 = 30_000;
/// The cap that a connection begins with, and its highest, in bits a second.
const MOST: u32 = 4_000_000;
/// The share of packets that may be lost, in thousandths, before less is sent.
const LOSS: u32 = 100;
/// The share at which a connection is called poor.
pub(super) const POOR_LOSS: u32 = 50;
/// How much longer than ever a round trip may take, in milliseconds, before less is sent.
const QUEUE: u32 = 200;
/// A browser's estimate begins low and says nothing for so long.
const RAMP: Duration = Duration::from_secs(4);
/// Nothing is raised for so long after it was too much, at first and at most.
pub(super) const CALM: Duration = Duration::from_secs(4);
pub(super) const LONGEST_CALM: Duration = Duration::from_secs(32);
/// A raise that is followed by trouble within so long was too much.
const PROBE: Duration = Duration::from_secs(6);
/// Between two steps up.
const STEP: Duration = Duration::from_secs(1);
/// Connections that are too slow within so long are taken for one uplink that is.
const TOGETHER: Duration = Duration::from_secs(2);

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
pub(super) struct Road {
    pub(super) since: Instant,
    pub(super) cap: u32,
    pub(super) shown: Shown,
    /// By source, the level that was ordered, once something was.
    pub(super) levels: [usize; 2],
    /// By source, the bits a second that were ordered: after trouble they are raised in small steps.
    pub(super) bits: [u32; 2],
    pub(super) ordered: bool,
    /// The shortest round trip, in milliseconds.
    nearest: u32,
    /// The share of lost packets, smoothed, in thousandths.
    pub(super) loss: u32,
    pub(super) sent: u32,
    pub(super) congested: Option<Instant>,
    /// Nothing is raised before.
    calm: Instant,
    pause: Duration,
    raised: Option<Instant>,
    /// Whether the cap, or the budget, keeps the camera or the screen smaller than it is shown.
    pub(super) held: bool,
    pub(super) silent: bool,
}

impl Road {
    pub(super) fn new(now: Instant) -> Self {
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

    pub(super) fn demanded(&self) -> u32 {
        SPEECH + self.bits.iter().sum::<u32>()
    }

    /// Whether something was too much not long ago.
    fn is_troubled(&self, now: Instant) -> bool {
        self.congested.is_some_and(|at| now.since(at) < LONGEST_CALM * 2)
    }

    pub(super) fn measured(&mut self, measure: &Measure, now: Instant) {
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
    pub(super) fn is_congested(&self, now: Instant) -> bool {
        self.congested.is_some_and(|at| now.since(at) < TOGETHER) && self.demanded() > SPEECH
    }

    /// The step from the level that is ordered towards the one that fits, not above the one that fits with room to
    /// spare.
    pub(super) fn step(&self, video: Video, fits: usize, safe: usize, now: Instant) -> usize {
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
    pub(super) fn ramp(&mut self, at: usize, full: u32, now: Instant) -> u32 {
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

pub(super) fn percent(value: u32, percent: u32) -> u32 {
    (u64::from(value) * u64::from(percent) / 100).try_into().unwrap_or(u32::MAX)
}
