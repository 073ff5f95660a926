//! The events that the page is told.

use crate::call::Told;
use crate::live::{Here, Topic};
use covey_wire::id::{ClientId, DocName};

/// What the page is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Someone else's update, for the view of a document.
    Update {
        /// Which document.
        name: DocName,
        /// The update (yrs and Yjs, version 1).
        update: Vec<u8>,
    },
    /// One's own update was refused: the view must be made anew from `state`.
    Rejected {
        /// Which document.
        name: DocName,
        /// The counter's name.
        reason: &'static str,
    },
    /// Someone's presence: name, colour and caret by client id; nothing when they left.
    Presence {
        /// Whose.
        client: ClientId,
        /// What they say.
        here: Option<Here>,
    },
    /// Somebody said something about a document that passes; nothing when it was taken back or
    /// they left.
    Said {
        /// Who.
        client: ClientId,
        /// About what.
        topic: Topic,
        /// The page's bytes.
        value: Option<Vec<u8>>,
    },
    /// Something of the call: for the browser's media, or news.
    Call(Told),
    /// The list of people changed.
    People,
    /// The status changed.
    Status,
    /// A peer refused us: the link is not valid any more.
    NotAllowed,
    /// One was let in, and can't write all the same: others would not take what this page writes.
    Unseated {
        /// The counter's name.
        reason: &'static str,
    },
    /// Segments that the disk has of the room can't be read, or not yet.
    Unreadable {
        /// How many.
        segments: usize,
    },
    /// Somebody uses a newer version: what only it can read is kept, and not shown here.
    Newer,
    /// The link that was opened gives nothing that one does not have.
    AlreadyHere,
}
