//! The documents made anew when the log was judged anew.

use crate::identity::Author;
use std::collections::BTreeSet;
use std::time::Duration;

use super::{Event, PAUSE, Room, Source};
use crate::documents::Document;
use crate::guard::DocKind;
use crate::ledger::Reason;
use covey_wire::time::Time;

impl Room {
    /// When the log may be judged anew once more: in a browser some ten entries take a millisecond, and the
    /// page has other things to do.
    pub(super) fn settle_due(&self) -> Time {
        self.settled + PAUSE + Duration::from_millis(self.ledger.entry_count() / 5)
    }

    /// Judges the log anew if a seat was seen to have written several histories: it is left alone, and what
    /// is shown is what counts now. True if that was done.
    pub(super) fn reshow(&mut self, source: Source, now: Time) -> bool {
        let soon = now < self.settle_due() && now >= self.settled && source != Source::Disk;
        if soon || !self.ledger.is_parted() {
            return false;
        }
        let Some((parted, fresh)) = self.ledger.settle() else { return false };
        self.settled = now;
        let lost = self.ledger.take_lost();
        if lost > 0 {
            self.tell(Event::Unreadable { segments: lost });
        }
        self.sync.reopen(&parted);
        self.stored.retain(|(seat, _), _| !parted.contains(seat));
        for held in self.ledger.log().iter().filter(|held| parted.contains(&held.seat)) {
            let stored = self.stored.entry((held.seat, held.line)).or_default();
            *stored = (*stored).max(held.last);
        }
        let mut names: BTreeSet<_> =
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
                let document = Document::new(kind, self.seat.client());
                self.documents.insert(name.clone(), document);
            }
            self.tell(Event::Rejected { name, reason: "fork" });
        }
        if parted.contains(&self.seat) {
            // Somebody has this page's client id: its views write under another one now than its log.
            self.tell(Event::Unseated { reason: Reason::Client.name() });
        }
        for seat in
            parted.into_iter().filter(|seat| self.ledger.is_forked(*seat)).collect::<Vec<_>>()
        {
            self.count_as("fork");
            self.expose(seat, now);
        }
        self.tell(Event::People);
        true
    }
}
