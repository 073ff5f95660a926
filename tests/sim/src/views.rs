//! The documents of one page as its person sees them: kept by updates, as the page's Yjs views are.

use covey_rooms::documents::{DocKind, Document};
use covey_rooms::room::Room;
use covey_wire::id::DocName;

/// What is written in.
pub const DOCUMENTS: [DocName; 3] = [DocName::Chat, DocName::Board, DocName::Code];

/// A view of each document.
pub struct Views([Document; 3]);

impl Views {
    /// What the client has.
    pub fn new(client: &mut Room) -> Self {
        Self(DOCUMENTS.map(|name| replica(client, &name)))
    }

    /// The view of a document.
    pub fn of(&mut self, name: &DocName) -> &mut Document {
        let [chat, board, code] = &mut self.0;
        match name {
            DocName::Chat => chat,
            DocName::Board => board,
            _ => code,
        }
    }

    /// Makes a view anew, as after a refusal.
    pub fn renew(&mut self, client: &mut Room, name: &DocName) {
        *self.of(name) = replica(client, name);
    }
}

/// A document as the replica has it.
pub fn replica(client: &mut Room, name: &DocName) -> Document {
    let kind = DocKind::of(name).unwrap_or(DocKind::Code);
    let mut view = Document::new(kind, client.client_id());
    if let Some(state) = client.state(name) {
        // A view that misses something is noticed when it is compared.
        let _ = view.apply(&state);
    }
    view
}
