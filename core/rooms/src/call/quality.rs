//! How connections do, and the orders that follow from it.

use std::time::Duration;

use super::attendee::Seat;
use super::recovery::Health;
use super::{Call, Measure, Output, Sends, Told, Way};
use covey_wire::time::Instant;

impl Call {
    /// How an attendee is reached.
    pub(super) fn way(&self, peer: &Seat, sends: Sends) -> Way {
        let health =
            peer.recovery.as_ref().map_or(Health::Connecting, |recovery| recovery.health());
        match (health, &peer.link) {
            (Health::Connecting, _) | (_, None) => Way::Connecting,
            (Health::Silent, _) => Way::Reconnecting,
            (Health::Lost, _) => Way::Lost,
            (Health::Up, Some(link)) => match self.steering.quality(link.id, sends) {
                (_, true) => Way::SoundOnly,
                (true, _) => Way::Poor,
                _ => Way::Good,
            },
        }
    }

    /// A report on how a connection did.
    pub(super) fn measured(
        &mut self,
        link: u32,
        silence: Duration,
        measure: &Measure,
        now: Instant,
    ) {
        let Some(seat) = self.seat_of(link) else { return };
        let before =
            self.seats.get(&seat).zip(self.sends).map(|(peer, sends)| self.way(peer, sends));
        self.steering.measured(link, measure, now);
        let recovery = self.seats.get_mut(&seat).and_then(|peer| peer.recovery.as_mut());
        if let Some(remedy) = recovery.and_then(|recovery| recovery.heard(silence, now)) {
            self.mend(seat, remedy, now);
        }
        self.steer(now);
        let after =
            self.seats.get(&seat).zip(self.sends).map(|(peer, sends)| self.way(peer, sends));
        self.changed |= before != after;
    }

    /// Orders what is to be sent otherwise than before.
    pub(super) fn steer(&mut self, now: Instant) {
        let Some(sends) = self.sends else { return };
        self.steered = now;
        for (link, video, order) in self.steering.divide(sends, now) {
            self.out.push_back(Output::Told(Told::Order { link, video, order }));
        }
    }
}
