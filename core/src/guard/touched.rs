//! Which units an update builds on.

use super::STRICT;
use super::parse::{Id, Parent, Update};
use crate::id::ClientId;

/// A client and one of its clocks.
pub type Unit = (ClientId, u32);

/// What an update stands beside, stands in or deletes: of what it deletes at a stretch the last. Nothing
/// of what can't be read.
pub fn touched(update: &[u8]) -> Vec<Unit> {
    let mut units = Vec::new();
    let Ok(update) = Update::read(update, STRICT) else { return units };
    for block in update.sections.iter().flat_map(|section| section.blocks()).flatten() {
        let parent = match block.parent {
            Some(Parent::Type(id)) => Some(id),
            _ => None,
        };
        let ids = [block.origin, block.right, parent].into_iter().flatten();
        units.extend(ids.map(|Id { client, clock }| (client, clock)));
    }
    for deletes in &update.deletes {
        units.extend(deletes.ranges.last().map(|range| (deletes.client, range.end - 1)));
    }
    units
}
