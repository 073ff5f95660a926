//! What an update builds on.

use super::STRICT;
use super::parse::{Id, Parent, Update};
use crate::id::ClientId;

/// The last unit of `client` that an update stands beside, stands in or deletes; none of what can't be
/// read.
pub fn touched(update: &[u8], client: ClientId) -> Option<u32> {
    let update = Update::read(update, STRICT).ok()?;
    let mut last = None;
    let mut touch = |id: Option<Id>| {
        last = last.max(id.filter(|id| id.client == client).map(|id| id.clock));
    };
    for block in update.sections.iter().flat_map(|section| section.blocks()).flatten() {
        touch(block.origin);
        touch(block.right);
        if let Some(Parent::Type(id)) = block.parent {
            touch(Some(id));
        }
    }
    for deletes in &update.deletes {
        let end = deletes.ranges.last().map_or(0, |range| range.end);
        touch(end.checked_sub(1).map(|clock| Id { client: deletes.client, clock }));
    }
    last
}
