//! Whether a connection carries anything, and what is done when it does not.
//!
//! It judges by packets. The states that browsers report come after five seconds and more, and can say "connected" where
//! nothing arrives. A connection that is silent is restarted. Where a restart was agreed on and nothing comes all the
//! same, or nothing is agreed on for long, it is made anew, and again after growing pauses.

use std::time::Duration;

use covey_wire::time::Instant;

/// A connection that nothing came through for so long is silent. Sound comes 50 times a second, beats twice.
pub const SILENCE: Duration = Duration::from_millis(1200);
/// How long a new connection may take to carry something.
const SETUP: Duration = Duration::from_secs(8);
/// How long an agreed restart may take to carry something.
const RESTARTED: Duration = Duration::from_secs(4);
/// How long a restart waits for the other side: as long as a blackout may last, which ends by itself.
const UNANSWERED: Duration = Duration::from_secs(30);
/// Restarts before the connection is made anew.
const RESTARTS: u32 = 2;
/// Pauses before the next new connection, the last one for good.
const PAUSES: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_millis(300),
    Duration::from_millis(1200),
    Duration::from_millis(2700),
    Duration::from_secs(7),
];
/// New connections after which it is said that the way is lost.
const LOST_AFTER: usize = 2;

/// A remedy for a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Restart ICE (RFC 8445, section 9).
    Restart,
    /// Make a new connection.
    Rebuild,
    /// Something comes again: the pictures begin with key frames.
    KeyFrames,
}

/// How a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// It is being made.
    Connecting,
    /// It carries what is sent.
    Up,
    /// Nothing comes, and it is being mended.
    Silent,
    /// It was made anew and nothing came, more than once.
    Lost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Made at that time.
    New(Instant),
    Up,
    /// Silent, with so many restarts, since the last of which was `begun`, and `agreed` on.
    Silent {
        restarts: u32,
        begun: Instant,
        agreed: Option<Instant>,
    },
    /// To be made anew at that time.
    Waiting(Instant),
}

/// The recovery of the connections to one attendee, over all that are made one after the other.
#[derive(Debug)]
pub struct Recovery {
    state: State,
    /// Connections that were made anew since something came.
    rebuilt: usize,
}

impl Recovery {
    /// A connection is being made.
    pub fn new(now: Instant) -> Self {
        Self { state: State::New(now), rebuilt: 0 }
    }

    /// Another connection is being made in place of the last one.
    pub fn begin_again(&mut self, now: Instant) {
        self.state = State::New(now);
    }

    /// How the connection is.
    pub fn health(&self) -> Health {
        match self.state {
            _ if self.rebuilt >= LOST_AFTER => Health::Lost,
            State::Up => Health::Up,
            State::New(_) if self.rebuilt == 0 => Health::Connecting,
            State::New(_) | State::Silent { .. } | State::Waiting(_) => Health::Silent,
        }
    }

    /// The last packet came so long ago.
    pub fn heard(&mut self, ago: Duration, now: Instant) -> Option<Remedy> {
        if ago < SILENCE {
            let before = core::mem::replace(&mut self.state, State::Up);
            self.rebuilt = 0;
            return (before != State::Up).then_some(Remedy::KeyFrames);
        }
        if self.state != State::Up {
            return None;
        }
        self.state = State::Silent { restarts: 1, begun: now, agreed: None };
        Some(Remedy::Restart)
    }

    /// Both sides have described themselves anew.
    pub fn agreed(&mut self, now: Instant) {
        if let State::Silent { agreed, .. } = &mut self.state {
            *agreed = Some(now);
        }
    }

    /// The browser has given the connection up.
    pub fn broken(&mut self, now: Instant) {
        if !matches!(self.state, State::Waiting(_)) {
            self.wait(now);
        }
    }

    /// Time passed.
    pub fn tick(&mut self, now: Instant) -> Option<Remedy> {
        if self.poll_timeout().is_none_or(|due| now < due) {
            return None;
        }
        match self.state {
            State::New(_) => self.wait(now),
            State::Silent { restarts, agreed: Some(_), .. } if restarts < RESTARTS => {
                self.state = State::Silent { restarts: restarts + 1, begun: now, agreed: None };
                return Some(Remedy::Restart);
            }
            State::Silent { .. } => self.wait(now),
            State::Waiting(_) => {
                self.rebuilt += 1;
                self.state = State::New(now);
                return Some(Remedy::Rebuild);
            }
            State::Up => {}
        }
        self.tick(now)
    }

    /// When [`Recovery::tick`] wants to be called.
    pub fn poll_timeout(&self) -> Option<Instant> {
        match self.state {
            State::Up => None,
            State::New(since) => Some(since + SETUP),
            State::Silent { agreed: Some(agreed), .. } => Some(agreed + RESTARTED),
            State::Silent { begun, .. } => Some(begun + UNANSWERED),
            State::Waiting(until) => Some(until),
        }
    }

    fn wait(&mut self, now: Instant) {
        let pause = PAUSES[self.rebuilt.min(PAUSES.len() - 1)];
        self.state = State::Waiting(now + pause);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEARD: Duration = Duration::from_millis(20);
    const NEVER: Duration = Duration::from_secs(60);

    fn at(millis: u64) -> Instant {
        Instant(millis)
    }

    fn up() -> Recovery {
        let mut recovery = Recovery::new(at(0));
        assert_eq!(recovery.heard(HEARD, at(300)), Some(Remedy::KeyFrames));
        assert_eq!(recovery.health(), Health::Up);
        recovery
    }

    #[test]
    fn a_connection_that_carries_something_is_left_alone() {
        let mut recovery = up();
        assert_eq!(recovery.heard(HEARD, at(1300)), None);
        assert_eq!(recovery.poll_timeout(), None);
        assert_eq!(recovery.tick(at(1_000_000)), None);
    }

    #[test]
    fn a_silent_one_is_restarted_and_begins_with_key_frames() {
        let mut recovery = up();
        assert_eq!(recovery.heard(SILENCE, at(2000)), Some(Remedy::Restart));
        assert_eq!(recovery.heard(SILENCE * 2, at(3000)), None, "once");
        assert_eq!(recovery.health(), Health::Silent);
        recovery.agreed(at(3100));
        assert_eq!(recovery.heard(HEARD, at(3200)), Some(Remedy::KeyFrames));
        assert_eq!(recovery.health(), Health::Up);
    }

    #[test]
    fn a_blackout_of_ten_seconds_costs_one_restart() {
        let mut recovery = up();
        recovery.heard(SILENCE, at(2000));
        for second in 3..12 {
            assert_eq!(recovery.tick(at(second * 1000)), None);
            assert_eq!(recovery.heard(SILENCE * 3, at(second * 1000)), None);
        }
        assert_eq!(recovery.heard(HEARD, at(12_000)), Some(Remedy::KeyFrames));
    }

    #[test]
    fn agreed_restarts_that_carry_nothing_lead_to_a_new_connection() {
        let mut recovery = up();
        recovery.heard(SILENCE, at(2000));
        recovery.agreed(at(2100));
        assert_eq!(recovery.tick(at(6000)), None);
        assert_eq!(recovery.tick(at(6100)), Some(Remedy::Restart));
        recovery.agreed(at(6200));
        assert_eq!(recovery.tick(at(10_200)), Some(Remedy::Rebuild));
        assert_eq!(recovery.health(), Health::Silent);
        assert_eq!(recovery.heard(HEARD, at(11_000)), Some(Remedy::KeyFrames));
    }

    #[test]
    fn a_way_that_stays_silent_is_lost_and_tried_after_growing_pauses() {
        let mut recovery = Recovery::new(at(0));
        let (mut now, mut rebuilds) = (0, Vec::new());
        while now < 60_000 {
            now += 100;
            match recovery.tick(at(now)) {
                Some(Remedy::Rebuild) => rebuilds.push(now),
                other => assert_eq!(other, None),
            }
            assert_eq!(recovery.heard(NEVER, at(now)), None);
        }
        assert_eq!(recovery.health(), Health::Lost);
        assert_eq!(rebuilds[..4], [8_000, 16_300, 25_500, 36_200]);
        recovery.heard(HEARD, at(60_100));
        assert_eq!(recovery.health(), Health::Up);
    }

    #[test]
    fn a_broken_connection_is_made_anew_at_once() {
        let mut recovery = up();
        recovery.broken(at(5000));
        assert_eq!(recovery.tick(at(5000)), Some(Remedy::Rebuild));
        assert_eq!(recovery.health(), Health::Silent);
    }
}
