//! One's own edits: split, written into the log, applied; those made before one was admitted wait.

use super::{Change, Replica};
use crate::event::Event;
use crate::guard::split;
use crate::identity::Author;
use crate::ledger::Reason;
use covey_wire::id::DocName;
use covey_wire::limits;
use covey_wire::time::Instant;

impl Replica {
    /// An edit made in this page's view of a document.
    pub fn edit(&mut self, name: &DocName, update: &[u8], now: Instant) {
        if !self.is_in() {
            let size: usize = self.unadmitted.iter().map(|(_, update)| update.len()).sum();
            if size + update.len() <= limits::WAITING_BYTES {
                self.unadmitted.push((name.clone(), update.to_vec()));
            } else {
                self.reject(name, "quota");
            }
            return;
        }
        if let Err(reason) = self.write(name, update) {
            self.reject(name, reason);
        }
        self.flush_if_due(now);
    }

    fn write(&mut self, name: &DocName, update: &[u8]) -> Result<(), &'static str> {
        let parts = split(update, self.own.seat.client()).map_err(|e| e.reason())?;
        for part in parts {
            let part = self.log(name, part)?;
            if !self.show(self.own.seat, name, &part) {
                return Err("apply");
            }
        }
        Ok(())
    }

    /// Writes a part into the log, mended if it has to be; returns it as it was written.
    fn log(&mut self, name: &DocName, part: Vec<u8>) -> Result<Vec<u8>, &'static str> {
        let epoch = self.epoch().ok_or(Reason::Epoch.name())?;
        let refused = match self.ledger.write(name, epoch, &part) {
            Ok(()) => return Ok(part),
            Err(refused) => refused,
        };
        let mended = match refused {
            Reason::Guard(_) => self.ledger.mend(name, &part),
            _ => None,
        };
        let mended = mended.ok_or(refused.name())?;
        self.ledger.write(name, epoch, &mended).map_err(|reason| reason.name())?;
        Ok(mended)
    }

    fn reject(&mut self, name: &DocName, reason: &'static str) {
        self.out.push_back(Change::Refused("own"));
        self.emit(Event::Rejected { name: name.clone(), reason });
    }

    /// Takes back what was edited before one was admitted: blocks that it builds on may have other ids now.
    pub(super) fn reject_unadmitted(&mut self) {
        for (name, _) in core::mem::take(&mut self.unadmitted) {
            self.reject(&name, "unadmitted");
        }
    }

    /// Writes what was edited before one was admitted; true if there was anything.
    pub(super) fn write_unadmitted(&mut self) -> bool {
        if self.unadmitted.is_empty() || !self.is_in() {
            return false;
        }
        for (name, update) in core::mem::take(&mut self.unadmitted) {
            if let Err(reason) = self.write(&name, &update) {
                self.reject(&name, reason);
            }
        }
        true
    }
}
