//! How much of what a peer writes is read: as much at once as a large paste has, then slowly, unless it shows
//! that it waits. Who keeps to its window falls silent when nothing is confirmed; who does not, overruns it.

use std::time::Duration;

use crate::budget::Bucket;
use covey_wire::limits;
use covey_wire::time::Instant;

/// Silent for so long with something unread, a peer waits to be read. Messages of one window come closer
/// together, even from a page that has no processor for itself.
const SILENCE: Duration = Duration::from_millis(200);

/// Bytes of entries, opened.
#[derive(Debug, Clone)]
pub struct Volume {
    bucket: Bucket,
    /// Too much was read: nothing is until half of it is paid.
    waits: bool,
    /// When the last came of what was more than a little.
    heard: Instant,
    /// What came since.
    little: usize,
}

impl Volume {
    /// Of a peer of which nothing was read.
    pub fn new() -> Self {
        let bucket = Bucket::new(limits::VOLUME_RATE, limits::VOLUME_BURST);
        Self { bucket, waits: false, heard: Instant(0), little: 0 }
    }

    /// So many bytes came that are not read yet.
    pub fn hear(&mut self, bytes: usize, now: Instant) {
        self.review(now);
        self.little += bytes;
        if self.little >= limits::VOLUME_SMALL {
            (self.heard, self.little) = (now, 0);
        }
    }

    /// Whether more may be read.
    pub fn is_sound(&mut self, now: Instant) -> bool {
        self.review(now);
        !self.waits
    }

    /// Whether at most a little too much was read.
    pub fn is_nearly_sound(&mut self, now: Instant) -> bool {
        self.review(now);
        self.bucket.is_nearly_sound(now)
    }

    /// So many bytes were read.
    pub fn charge(&mut self, bytes: u32, now: Instant) {
        self.bucket.charge(bytes, now);
        self.review(now);
    }

    /// When more may be read, as far as is known.
    pub fn due(&self) -> Instant {
        if !self.waits {
            return Instant(0);
        }
        self.bucket.due(limits::VOLUME_BURST / 2).min(self.heard + SILENCE)
    }

    fn review(&mut self, now: Instant) {
        // A clock that was set back starts anew.
        self.heard = self.heard.min(now);
        if !self.waits && !self.bucket.is_sound(now) {
            (self.waits, self.heard) = (true, now);
        }
        if !self.waits {
            return;
        }
        if now.since(self.heard) >= SILENCE {
            self.bucket.refill(now);
            self.heard = now;
        }
        self.waits = !self.bucket.has(limits::VOLUME_BURST / 2, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000;

    const MUCH: usize = 64 << 10;

    fn exhausted() -> Volume {
        let mut volume = Volume::new();
        assert!(volume.is_sound(Instant(SECOND)));
        volume.charge(limits::VOLUME_BURST + 1, Instant(SECOND));
        assert!(!volume.is_sound(Instant(SECOND)));
        volume
    }

    #[test]
    fn a_peer_that_falls_silent_is_read_on_soon() {
        let mut volume = exhausted();
        volume.hear(MUCH, Instant(SECOND + 50));
        assert!(!volume.is_sound(Instant(SECOND + 249)));
        assert_eq!(volume.due(), Instant(SECOND + 250));
        assert!(volume.is_sound(Instant(SECOND + 250)));
    }

    #[test]
    fn a_peer_that_types_on_counts_as_silent() {
        let mut volume = exhausted();
        for now in (SECOND..SECOND + 200).step_by(20) {
            volume.hear(200, Instant(now));
        }
        assert!(volume.is_sound(Instant(SECOND + 200)));
    }

    #[test]
    fn a_peer_that_goes_on_is_read_at_the_rate() {
        let mut volume = exhausted();
        let mut read = 0;
        for now in (SECOND..11 * SECOND).step_by(10) {
            volume.hear(MUCH, Instant(now));
            if volume.is_sound(Instant(now)) {
                volume.charge(MUCH as u32, Instant(now));
                read += MUCH as u32;
            }
        }
        let rate = 10 * limits::VOLUME_RATE;
        let part = limits::VOLUME_BURST;
        assert!((rate - part..=rate + part).contains(&read), "{read}");
    }

    #[test]
    fn far_too_much_takes_longer_than_one_silence() {
        let mut volume = Volume::new();
        volume.charge(3 * limits::VOLUME_BURST, Instant(SECOND));
        assert!(!volume.is_sound(Instant(SECOND + 200)));
        assert!(!volume.is_sound(Instant(SECOND + 400)));
        assert_eq!(volume.due(), Instant(SECOND + 600));
        assert!(volume.is_sound(Instant(SECOND + 600)));
    }

    #[test]
    fn a_clock_that_is_set_back_ends_no_reading() {
        let mut volume = exhausted();
        volume.hear(MUCH, Instant(SECOND));
        assert!(!volume.is_sound(Instant(10)));
        assert!(volume.is_sound(Instant(210)));
    }
}
