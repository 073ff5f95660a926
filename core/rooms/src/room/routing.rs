//! Routes between the ledger, its documents, the sync with peers, presence and the disk.

use super::storing::Segment;
use super::{Event, GATHER, Output, Room};
use crate::broken::{Rule, is_broken};
use crate::ledger::Fresh;
use covey_wire::time::Time;

/// Where what is routed came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Disk,
    Own,
    Peer,
}

impl Room {
    /// A clock that was set back must not hold edits.
    pub(super) fn flush_is_due(&self, now: Time) -> bool {
        now >= self.flushed + GATHER || now < self.flushed
    }

    /// Carries on whatever came into the ledger.
    pub(super) fn route(&mut self, source: Source, now: Time) {
        if source == Source::Own && self.flush_is_due(now) {
            self.ledger.flush();
            self.flushed = now;
        }
        loop {
            while let Some(fresh) = self.ledger.poll() {
                self.take_fresh(fresh, source, now);
            }
            while let Some((_, reason)) = self.ledger.poll_refused() {
                self.count(reason);
            }
            if self.ledger.take_newer() {
                self.tell(Event::Newer);
            }
            if self.reshow(source, now) {
                continue;
            }
            if source == Source::Disk
                || !(self.enter_if_admitted() || self.admit_claims(now) || self.write_early(now))
            {
                break;
            }
            self.ledger.flush();
        }
        if source != Source::Disk {
            self.pump(now);
        }
    }

    fn take_fresh(&mut self, fresh: Fresh, source: Source, now: Time) {
        let place = self.routed;
        self.routed += 1;
        let (own, author) = (fresh.is_by(self.seat), (fresh.seat, fresh.client));
        if self.ledger.member(fresh.seat) == Some(self.identity.member) && !fresh.roster {
            self.outbox.add(fresh.seat, fresh.first, fresh.last);
            self.tell(Event::Status);
        }
        if source == Source::Disk {
            let stored = self.stored.entry((fresh.seat, fresh.line)).or_default();
            *stored = (*stored).max(fresh.last);
        } else {
            if !own {
                self.sync.came_from_peer(place, now);
            }
            let Fresh { seat, line, first, last, .. } = fresh;
            let token = self.storing.add(Segment { seat, line, first, last, own });
            if is_broken(Rule::Durability) {
                self.sync.stored((seat, line), last, now);
            }
            self.out.push_back(Output::Store { token, bytes: fresh.bytes });
        }
        self.show_all(author, &fresh.updates, now);
        if fresh.roster {
            for (seat, here) in core::mem::take(&mut self.unheard) {
                self.heard(seat, here, now);
            }
            // A peer that sat down knows by now who we are.
            self.presence.greet();
            self.says.greet();
            self.dial_again(now);
            self.count_acknowledgements();
            self.tell(Event::People);
            self.tell(Event::Status);
        }
    }
}
