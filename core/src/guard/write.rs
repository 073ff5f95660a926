//! Writes blocks and delete ranges in the form that `parse` reads.

use core::ops::Range;

use super::parse::{
    Block, Content, HAS_ORIGIN, HAS_RIGHT, Id, KIND_DELETED, KIND_FILLER, KIND_TEXT,
};
use crate::frame::Writer;
use crate::id::ClientId;
use crate::limits;

/// A client and a count at their longest.
pub(super) const CLIENT_BOUND: usize = 16;
/// A delete range at its longest.
pub(super) const RANGE_BOUND: usize = 10;
/// A block without its text at its longest: info, two ids, root name, lengths.
pub(super) const HEAD_BOUND: usize = 1 + 2 * 13 + 4 + limits::ROOT_NAME + 10;

/// How long a block is at most.
pub(super) fn block_bound(block: &Block<'_>) -> usize {
    match block.content {
        Content::Text(text) => HEAD_BOUND + text.len(),
        Content::Filler | Content::Deleted => HEAD_BOUND,
    }
}

/// One block.
pub(super) fn block(block: &Block<'_>) -> Vec<u8> {
    let kind = match block.content {
        Content::Filler => KIND_FILLER,
        Content::Deleted => KIND_DELETED,
        Content::Text(_) => KIND_TEXT,
    };
    let flag = |id: Option<Id>, flag| if id.is_some() { flag } else { 0 };
    let mut w = Writer::new();
    w.u8(kind | flag(block.origin, HAS_ORIGIN) | flag(block.right, HAS_RIGHT));
    for id in block.origin.iter().chain(&block.right) {
        w.varint(id.client.0).varint(id.clock.into());
    }
    if let Some(root) = block.root {
        w.varint(1).bytes(root.as_bytes());
    }
    match block.content {
        Content::Text(text) => w.bytes(text.as_bytes()),
        Content::Filler | Content::Deleted => w.varint(block.len.into()),
    };
    w.into_bytes()
}

/// A whole update: at most one section (client, clock, count of blocks) and what it deletes.
pub(super) fn update(
    section: Option<(ClientId, u32, u64)>,
    blocks: &[u8],
    deletes: &[(ClientId, Vec<Range<u32>>)],
) -> Vec<u8> {
    let mut w = Writer::new();
    match section {
        Some((client, clock, count)) => {
            w.varint(1).varint(count).varint(client.0).varint(clock.into()).raw(blocks)
        }
        None => w.varint(0),
    };
    w.varint(deletes.len() as u64);
    for (client, ranges) in deletes {
        w.varint(client.0).varint(ranges.len() as u64);
        for range in ranges {
            w.varint(range.start.into()).varint((range.end - range.start).into());
        }
    }
    w.into_bytes()
}
