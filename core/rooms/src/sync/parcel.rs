//! Segments on their way to one peer, joined and put together into messages.

use std::sync::Arc;

use crate::ledger::{Held, Packer};
use covey_wire::limits;

/// What goes out in one turn.
#[derive(Debug, Default)]
pub(super) struct Parcel {
    packer: Packer,
    /// Of the last segment in the log.
    place: Option<usize>,
    messages: Vec<Vec<Vec<u8>>>,
    /// Of the last message.
    size: usize,
}

impl Parcel {
    /// One more segment, and its place in the log: only what stands side by side there is joined.
    pub fn add(&mut self, place: usize, held: &Held) {
        let follows = self.place.replace(place).is_some_and(|before| before + 1 == place);
        let apart = if follows { None } else { self.packer.finish() };
        let done = self.packer.push(held.clone());
        for pack in apart.into_iter().chain(done) {
            self.put(pack.held.bytes);
        }
    }

    /// All messages.
    pub fn close(mut self) -> Vec<Vec<Vec<u8>>> {
        if let Some(done) = self.packer.finish() {
            self.put(done.held.bytes);
        }
        self.messages
    }

    fn put(&mut self, segment: Arc<[u8]>) {
        let fits = self.size + segment.len() <= limits::PACKED;
        match self.messages.last_mut().filter(|_| fits) {
            Some(message) => {
                self.size += segment.len();
                message.push(segment.to_vec());
            }
            None => {
                self.size = segment.len();
                self.messages.push(vec![segment.to_vec()]);
            }
        }
    }
}
