//! The documents made anew when the log was judged anew.

use std::time::Duration;

use super::{Change, Replica};
use crate::documents::Document;
use crate::event::Event;
use crate::guard::DocKind;
use crate::identity::Author;
use crate::ledger::Reason;
use covey_wire::sorted::SortedSet;
use covey_wire::time::Instant;

/// Between two times that the log is judged anew.
const PAUSE: Duration = Duration::from_secs(1);

impl Replica {
    /// When the log may be judged anew once more: in a browser some ten entries take a millisecond, and the
    /// page has other things to do.
    pub(super) fn settle_due(&self) -> Instant {
        let pause = PAUSE + Duration::from_millis(self.ledger.entry_count() / 5);
        self.settled.map_or(Instant(0), |settled| settled + pause)
    }

    /// Judges the log anew if that is due.
    pub(super) fn reshow_if_due(&mut self, now: Instant) -> bool {
        let due = self.ledger.is_parted() && now >= self.settle_due() && self.reshow();
        if due {
            self.settled = Some(now);
        }
        due
    }

    /// Judges the log anew if a seat was seen to have written several histories: it is left alone, and what
    /// is shown is what counts now. True if that was done.
    pub(super) fn reshow(&mut self) -> bool {
        let Some((parted, fresh)) = self.ledger.settle() else { return false };
        let lost = self.ledger.drain_lost();
        if lost > 0 {
            self.emit(Event::Unreadable { segments: lost });
        }
        self.out.push_back(Change::Reopened(parted.clone()));
        self.stored.retain(|(seat, _), _| !parted.contains(seat));
        for held in self.ledger.log().iter().filter(|held| parted.contains(&held.seat)) {
            let stored = self.stored.or_default((held.seat, held.line));
            *stored = (*stored).max(held.last);
        }
        let mut names: SortedSet<_> =
            core::mem::take(&mut self.documents).into_iter().map(|(name, _)| name).collect();
        for (name, update) in fresh.iter().flat_map(|fresh| &fresh.updates) {
            names.insert(name.clone());
            if self.is_left_out(update) {
                continue;
            }
            let Some(document) = self.document(name) else { continue };
            // Updates that build on something left out wait in yrs.
            let _ = document.apply(update);
        }
        for name in names {
            if !self.documents.contains_key(&name)
                && let Some(kind) = DocKind::of(&name)
            {
                let document = Document::new(kind, self.own.seat.client());
                self.documents.insert(name.clone(), document);
            }
            self.emit(Event::Rejected { name, reason: "fork" });
        }
        if parted.contains(&self.own.seat) {
            // Somebody has this page's client id: its views write under another one now than its log.
            self.emit(Event::Unseated { reason: Reason::Client.name() });
        }
        self.reject_unadmitted();
        let forked = parted.into_iter().filter(|seat| self.ledger.is_forked(*seat));
        self.out.extend(forked.map(Change::Forked));
        self.emit(Event::People);
        true
    }
}
