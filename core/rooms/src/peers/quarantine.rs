//! Who broke the rules and is left alone for a while: seats, and the members whose seats they are.

use std::time::Duration;

use litemap::LiteMap;

use covey_wire::id::{MemberId, SeatId};
use covey_wire::limits;
use covey_wire::time::Instant;

/// A seat dies with its page: there is no reason to hear it again soon.
const SEAT: Duration = Duration::from_secs(600);
/// A member may have been unlucky once; each time it takes four times as long.
const MEMBER: Duration = Duration::from_secs(10);
/// The longest: the next day is another day.
const MOST: Duration = Duration::from_secs(3600);

#[derive(Debug, Clone, Copy)]
struct Ban {
    until: Instant,
    times: u32,
}

/// In memory only: a page that is loaded anew gives everyone another chance.
#[derive(Debug, Default)]
pub struct Quarantine {
    seats: LiteMap<SeatId, Ban>,
    members: LiteMap<MemberId, Ban>,
}

impl Quarantine {
    /// Takes a seat in, and its member where that is known.
    pub fn add(&mut self, seat: SeatId, member: Option<MemberId>, now: Instant) {
        add(&mut self.seats, seat, now, |_| SEAT);
        if let Some(member) = member {
            add(&mut self.members, member, now, |times| {
                (MEMBER * 4u32.pow(times.min(5))).min(MOST)
            });
        }
    }

    /// Whether a seat is in it.
    pub fn has_seat(&self, seat: SeatId, now: Instant) -> bool {
        self.seats.get(&seat).is_some_and(|ban| ban.until > now)
    }

    /// Whether a member is in it.
    pub fn has_member(&self, member: MemberId, now: Instant) -> bool {
        self.members.get(&member).is_some_and(|ban| ban.until > now)
    }
}

fn add<K: Ord + Copy>(
    bans: &mut LiteMap<K, Ban>,
    who: K,
    now: Instant,
    span: impl Fn(u32) -> Duration,
) {
    if bans.len() >= limits::QUARANTINE && !bans.contains_key(&who) {
        let soonest = bans.iter().min_by_key(|(_, ban)| ban.until).map(|(who, _)| *who);
        soonest.map(|who| bans.remove(&who));
    }
    let times = bans.get(&who).map_or(0, |ban| ban.times);
    bans.insert(who, Ban { until: now + span(times), times: times.saturating_add(1) });
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEAT: SeatId = SeatId([1; 32]);
    const MEMBER: MemberId = MemberId([2; 32]);

    #[test]
    fn it_lasts_longer_each_time() {
        let mut quarantine = Quarantine::default();
        let mut now = Instant(1_000);
        for seconds in [10, 40, 160, 640, 2560, 3600, 3600] {
            quarantine.add(SEAT, Some(MEMBER), now);
            let end = now + Duration::from_secs(seconds);
            assert!(quarantine.has_member(MEMBER, Instant(end.0 - 1)));
            assert!(!quarantine.has_member(MEMBER, end));
            assert!(quarantine.has_seat(SEAT, now));
            now = end;
        }
    }

    #[test]
    fn it_is_bounded() {
        let mut quarantine = Quarantine::default();
        for n in 0..limits::QUARANTINE as u64 + 10 {
            let mut seat = [0; 32];
            seat[..8].copy_from_slice(&n.to_be_bytes());
            quarantine.add(SeatId(seat), None, Instant(n));
        }
        assert_eq!(quarantine.seats.len(), limits::QUARANTINE);
        assert!(!quarantine.has_seat(SeatId([0; 32]), Instant(0)), "the oldest left first");
    }
}
