//! Whom to dial, and when: a newcomer dials those it finds; the others wait for it, and dial
//! only if it does not come.

use std::time::Duration;

use litemap::LiteMap;

use covey_wire::id::SeatId;
use covey_wire::limits;
use covey_wire::time::Instant;

/// How long a newcomer has to dial by itself.
const PATIENCE: Duration = Duration::from_secs(5);

/// Who was told of and is not connected yet.
#[derive(Debug, Default)]
pub struct Dialling {
    expected: LiteMap<SeatId, Instant>,
}

impl Dialling {
    /// A newcomer was told of.
    pub fn expect(&mut self, seat: SeatId, now: Instant) {
        if self.expected.len() < limits::PEERS {
            self.expected.entry(seat).or_insert(now + PATIENCE);
        }
    }

    /// Whether a newcomer is left to dial by itself.
    pub fn expects(&self, seat: SeatId) -> bool {
        self.expected.contains_key(&seat)
    }

    /// Someone came, or will not come.
    pub fn clear_peer(&mut self, seat: SeatId) {
        self.expected.remove(&seat);
    }

    /// The next one who did not come by itself.
    pub fn poll(&mut self, now: Instant) -> Option<SeatId> {
        let seat = *self.expected.iter().find(|(_, due)| **due <= now)?.0;
        self.expected.remove(&seat);
        Some(seat)
    }

    /// When to look again.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.expected.values().min().copied()
    }
}
