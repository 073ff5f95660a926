//! The documents as yrs has them: views of the log that are made anew from it when yrs fails.

use super::{Change, Replica};
use crate::documents::{ApplyError, Document};
use crate::event::Event;
use crate::guard::{DocKind, Joined};
use crate::identity::Author;
use covey_wire::id::{ClientId, DocName, Hash, SeatId};

/// What yrs refuses where a test wants it to: no update that the guard passes is known to.
#[cfg(feature = "misbehave")]
const POISON: &[u8] = b"refused by yrs for a test";

impl Replica {
    pub(crate) fn document(&mut self, name: &DocName) -> Option<&mut Document> {
        if !self.documents.contains_key(name) {
            let document = Document::new(DocKind::of(name)?, self.own.seat.client());
            self.documents.insert(name.clone(), document);
        }
        self.documents.get_mut(name)
    }

    /// Shows the updates of a segment, whose blocks have this client id here if it is one. Those that
    /// follow each other in one document, as when somebody typed, are one for yrs and for the view;
    /// where something was left out, each is by itself: it may wait for that.
    pub(super) fn show_all(
        &mut self,
        (by, client): (SeatId, Option<ClientId>),
        updates: &[(DocName, Vec<u8>)],
    ) {
        let mut rest = updates;
        while let Some((name, first)) = rest.first() {
            let mut joined = Joined::new(client.unwrap_or(by.client()));
            let fits = |(of, update): &&(DocName, Vec<u8>)| {
                of == name && joined.has_room(update.len()) && joined.push(update).is_ok()
            };
            let alone = rest.len() == 1 || client.is_none() || !self.left_out.is_empty();
            let count = if alone { 1 } else { rest.iter().take_while(fits).count().max(1) };
            let (parts, after) = rest.split_at(count);
            rest = after;
            let update = if count > 1 { joined.finish() } else { first.clone() };
            if count == 1 {
                if self.show(by, name, &update) {
                    self.showed(name, update);
                }
            } else if self.document(name).is_some_and(|document| apply(document, &update).is_ok()) {
                self.showed(name, update);
            } else {
                self.show_apart((by, client), parts);
            }
        }
    }

    fn showed(&mut self, name: &DocName, update: Vec<u8>) {
        self.has_text = true;
        self.emit(Event::Update { name: name.clone(), update });
    }

    /// Shows updates of which yrs failed on one: the document is made anew without all of them first.
    fn show_apart(&mut self, by: (SeatId, Option<ClientId>), parts: &[(DocName, Vec<u8>)]) {
        self.left_out.extend(parts.iter().map(|(_, update)| digest(update)));
        if let Some((name, _)) = parts.first() {
            self.make_anew(name);
        }
        for part in parts {
            self.left_out.remove(&digest(&part.1));
            self.show_all(by, core::slice::from_ref(part));
        }
    }

    /// Gives an update of a seat to its document; false where yrs fails on it. Then the document
    /// is made anew without it, and so must its views be.
    pub(super) fn show(&mut self, by: SeatId, name: &DocName, update: &[u8]) -> bool {
        let Some(document) = self.document(name) else { return false };
        match apply(document, update) {
            Ok(()) => return true,
            // What builds on an update that was left out waits in yrs and shows nothing.
            Err(ApplyError::Missing) if !self.left_out.is_empty() => {}
            Err(_) => {
                self.left_out.insert(digest(update));
                self.make_anew(name);
                if by != self.own.seat {
                    self.out.push_back(Change::Failed(by));
                    return false;
                }
            }
        }
        self.out.push_back(Change::Refused("apply"));
        false
    }

    /// Whether yrs failed on an update before.
    pub(super) fn is_left_out(&self, update: &[u8]) -> bool {
        !self.left_out.is_empty() && self.left_out.contains(&digest(update))
    }

    /// A document from the log, without what yrs failed on.
    fn make_anew(&mut self, name: &DocName) {
        let Some(kind) = DocKind::of(name) else { return };
        let mut document = Document::new(kind, self.own.seat.client());
        for update in self.ledger.updates(name) {
            let left_out = self.left_out.contains(&digest(&update));
            // Only what builds on something left out can fail, and waits.
            let _ = (!left_out).then(|| document.apply(&update));
        }
        self.documents.insert(name.clone(), document);
        self.emit(Event::Rejected { name: name.clone(), reason: "apply" });
    }
}

fn digest(update: &[u8]) -> Hash {
    Hash(blake3::derive_key("covey/v1/left out", update))
}

fn apply(document: &mut Document, update: &[u8]) -> Result<(), ApplyError> {
    #[cfg(feature = "misbehave")]
    if update.windows(POISON.len()).any(|part| part == POISON) {
        return Err(ApplyError::Integrate("poison".to_owned()));
    }
    document.apply(update)
}
