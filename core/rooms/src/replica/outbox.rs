//! One's own edits that no other installation has yet, and those the disk does not have.

use covey_wire::id::SeatId;
use covey_wire::limits;
use covey_wire::sorted::SortedMap;

/// A run of own document entries.
#[derive(Debug)]
struct Run {
    seat: SeatId,
    first: u64,
    last: u64,
}

/// What waits to be sent and saved.
#[derive(Debug, Default)]
pub struct Outbox {
    runs: Vec<Run>,
    acked: SortedMap<SeatId, u64>,
    /// What others have of one's other seats that is not here yet.
    ahead: SortedMap<SeatId, u64>,
    changed: bool,
}

impl Outbox {
    /// With what other installations were known to have.
    pub fn new(acked: impl IntoIterator<Item = (SeatId, u64)>) -> Self {
        Self { acked: acked.into_iter().collect(), ..Self::default() }
    }

    /// Own document entries came into the ledger.
    pub fn add(&mut self, seat: SeatId, first: u64, last: u64) {
        if last <= self.acked(seat) {
            return;
        }
        match self.runs.last_mut() {
            Some(run) if run.seat == seat && run.last + 1 == first => run.last = last,
            _ => self.runs.push(Run { seat, first, last }),
        }
        if let Some(seq) = self.ahead.get(&seat).copied() {
            self.ack(seat, seq.min(last));
        }
    }

    /// Another installation has this of an own seat.
    pub fn ack(&mut self, seat: SeatId, seq: u64) {
        if seq <= self.acked(seat) {
            return;
        }
        self.acked.insert(seat, seq);
        self.changed = true;
        self.runs.retain(|run| run.seat != seat || run.last > seq);
    }

    /// Another installation has this of a seat that may be one's own, though it is not here: the
    /// edits of one's other page may come after the news that someone has them.
    pub fn ack_ahead(&mut self, seat: SeatId, seq: u64) {
        if self.ahead.len() < limits::SEATS || self.ahead.contains_key(&seat) {
            let ahead = self.ahead.or_default(seat);
            *ahead = (*ahead).max(seq);
        }
    }

    /// How many edits wait.
    pub fn waiting(&self) -> u64 {
        let left = |run: &Run| run.last.saturating_sub(self.acked(run.seat).max(run.first - 1));
        self.runs.iter().map(left).sum()
    }

    /// What others are known to have, for keeping.
    pub fn acks(&self) -> impl Iterator<Item = (SeatId, u64)> + '_ {
        self.acked.iter().map(|(seat, seq)| (*seat, *seq))
    }

    /// Whether that changed since the last call.
    pub fn drain_changed(&mut self) -> bool {
        core::mem::take(&mut self.changed)
    }

    fn acked(&self, seat: SeatId) -> u64 {
        self.acked.get(&seat).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: SeatId = SeatId([1; 32]);
    const B: SeatId = SeatId([2; 32]);

    #[test]
    fn edits_wait_until_they_are_acknowledged() {
        let mut outbox = Outbox::default();
        outbox.add(A, 2, 5);
        outbox.add(A, 6, 6);
        outbox.add(B, 2, 2);
        assert_eq!(outbox.waiting(), 6);
        outbox.ack(A, 4);
        assert_eq!(outbox.waiting(), 3);
        outbox.ack(A, 3);
        assert_eq!(outbox.waiting(), 3);
        outbox.ack(A, 6);
        outbox.ack(B, 2);
        assert_eq!(outbox.waiting(), 0);
        let again = Outbox::new(outbox.acks());
        assert_eq!(again.waiting(), 0);
    }

    #[test]
    fn an_acknowledgement_may_come_before_the_edit() {
        let mut outbox = Outbox::default();
        outbox.ack_ahead(A, 3);
        outbox.add(A, 2, 2);
        assert_eq!(outbox.waiting(), 0);
        outbox.add(A, 3, 4);
        assert_eq!(outbox.waiting(), 1);
    }
}
