//! The document updates in the log, opened again.

use super::{Body, Entry, Ledger, Segment};
use crate::frame::Wire;
use crate::id::DocName;
use crate::seal::Position;

impl Ledger {
    /// Every admissible update of a document, each after what it builds on.
    pub fn updates(&self, name: &DocName) -> impl Iterator<Item = Vec<u8>> {
        let segments = self.log.iter().filter_map(|held| Segment::from_bytes(&held.bytes).ok());
        segments.flat_map(move |segment| {
            let head = self.chain(segment.seat).map_or(0, |chain| chain.head);
            let entries = (segment.first..=head).zip(&segment.entries);
            entries
                .filter_map(|(seq, entry)| self.update(name, &segment, seq, entry))
                .collect::<Vec<_>>()
        })
    }

    fn update(&self, of: &DocName, segment: &Segment, seq: u64, entry: &[u8]) -> Option<Vec<u8>> {
        let Body::Document { name, epoch, sealed } = Entry::from_bytes(entry).ok()?.body else {
            return None;
        };
        let position = Position { room: self.room, epoch, seat: segment.seat, seq };
        let key = self.keys.get(&epoch).filter(|_| name == *of)?;
        key.open(&position, &name.to_bytes(), &sealed).ok()
    }
}
