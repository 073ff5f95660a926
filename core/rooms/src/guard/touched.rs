//! The blocks that an update builds on.

use super::STRICT;
use super::parse::{Id, Parent, Update};
use covey_wire::id::ClientId;
use covey_wire::sorted::SortedMap;

/// The last unit of each client that an update stands beside, stands in or deletes; nothing of what
/// can't be read.
pub fn touched(update: &[u8]) -> SortedMap<ClientId, u32> {
    let mut last = SortedMap::new();
    let Ok(update) = Update::read(update, STRICT) else { return last };
    let mut touch = |Id { client, clock }| {
        let newest = last.get(&client).map_or(clock, |before| clock.max(*before));
        last.insert(client, newest);
    };
    for block in update.sections.iter().flat_map(|section| section.blocks()).flatten() {
        block.origin.map(&mut touch);
        block.right.map(&mut touch);
        if let Some(Parent::Type(id)) = block.parent {
            touch(id);
        }
    }
    for deletes in &update.deletes {
        let end = deletes.ranges.last().map_or(0, |range| range.end);
        if let Some(clock) = end.checked_sub(1) {
            touch(Id { client: deletes.client, clock });
        }
    }
    last
}
