//! Time as the caller tells it: rooms have no clock.
//!
//! Wall time is what people read and what links end by; anybody may set it, also back. Elapsed time is what timers run
//! by; it never goes back while a page lives, and says nothing outside of it.

use core::ops::Add;
use core::time::Duration;

use crate::frame::{DecodeError, Reader, Wire, Writer};

/// Wall time: milliseconds since the Unix epoch, by the clock of the device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub u64);

impl Time {
    /// How long ago `earlier` was; zero when it lies ahead.
    pub fn since(self, earlier: Time) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Time {
    type Output = Time;

    fn add(self, rhs: Duration) -> Time {
        Time(self.0.saturating_add(u64::try_from(rhs.as_millis()).unwrap_or(u64::MAX)))
    }
}

/// Elapsed time: milliseconds since some moment before the caller began, on a clock that never goes back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub u64);

impl Instant {
    /// How long ago `earlier` was; zero when it lies ahead.
    pub fn since(self, earlier: Instant) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Instant {
    type Output = Instant;

    fn add(self, rhs: Duration) -> Instant {
        Instant(self.0.saturating_add(u64::try_from(rhs.as_millis()).unwrap_or(u64::MAX)))
    }
}

/// Both times of one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Now {
    /// The time that the device's clock shows.
    pub wall: Time,
    /// The time that has elapsed.
    pub elapsed: Instant,
}

impl Add<Duration> for Now {
    type Output = Now;

    fn add(self, rhs: Duration) -> Now {
        Now { wall: self.wall + rhs, elapsed: self.elapsed + rhs }
    }
}

impl Wire for Time {
    fn write(&self, w: &mut Writer) {
        w.varint(self.0);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.varint().map(Self)
    }
}
