//! Time as the caller tells it: rooms have no clock.

use core::ops::Add;
use core::time::Duration;

use crate::frame::{DecodeError, Reader, Wire, Writer};

/// Milliseconds since the Unix epoch, by the caller's clock.
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

impl Wire for Time {
    fn write(&self, w: &mut Writer) {
        w.varint(self.0);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.varint().map(Self)
    }
}
