//! Writes blocks and delete ranges in the form that `parse` reads.

use core::ops::Range;

use super::content::{
    Content, KIND_BINARY, KIND_DELETED, KIND_EMBED, KIND_FILLER, KIND_FORMAT, KIND_TEXT, KIND_TYPE,
    KIND_VALUES, Unit,
};
use super::parse::{Block, HAS_KEY, HAS_ORIGIN, HAS_RIGHT, Id, Parent};
use covey_wire::frame::Writer;
use covey_wire::id::ClientId;
use covey_wire::limits;

/// A client and a count at their longest.
pub(super) const CLIENT_BOUND: usize = 16;
/// A delete range at its longest.
pub(super) const RANGE_BOUND: usize = 10;
/// A block without key and content at its longest: info, two ids, parent, lengths.
pub(super) const HEAD_BOUND: usize = 1 + 2 * 13 + 4 + limits::ROOT_NAME + 10;

/// How long a block is at most.
pub(super) fn block_bound(block: &Block<'_>) -> usize {
    let content = match block.content {
        Content::Text(text) => text.len(),
        Content::Values(bytes) | Content::Unit(_, bytes) => bytes.len(),
        Content::Filler | Content::Deleted => 0,
    };
    HEAD_BOUND + block.key.map_or(0, str::len) + content
}

/// One block.
pub(super) fn block(block: &Block<'_>) -> Vec<u8> {
    let mut bytes = head(block);
    content(&mut bytes, &block.content, block.len);
    bytes
}

/// The fields before the content of a block.
pub(super) fn head(block: &Block<'_>) -> Vec<u8> {
    let kind = match block.content {
        Content::Filler => KIND_FILLER,
        Content::Deleted => KIND_DELETED,
        Content::Text(_) => KIND_TEXT,
        Content::Values(_) => KIND_VALUES,
        Content::Unit(Unit::Binary, _) => KIND_BINARY,
        Content::Unit(Unit::Embed, _) => KIND_EMBED,
        Content::Unit(Unit::Format, _) => KIND_FORMAT,
        Content::Unit(Unit::Type(_), _) => KIND_TYPE,
    };
    let flag = |there: bool, flag| if there { flag } else { 0 };
    let mut w = Writer::new();
    w.u8(kind
        | flag(block.origin.is_some(), HAS_ORIGIN)
        | flag(block.right.is_some(), HAS_RIGHT)
        | flag(block.keyed, HAS_KEY));
    for at in block.origin.iter().chain(&block.right) {
        id(&mut w, at);
    }
    match block.parent {
        Some(Parent::Root(name)) => drop(w.varint(1).bytes(name.as_bytes())),
        Some(Parent::Type(at)) => id(w.varint(0), &at),
        None => (),
    }
    if let Some(key) = block.key {
        w.bytes(key.as_bytes());
    }
    w.into_bytes()
}

/// The content of a block of so many clocks, behind its head.
pub(super) fn content(head: &mut Vec<u8>, content: &Content<'_>, len: u32) {
    let mut w = Writer::new();
    match content {
        Content::Text(text) => w.bytes(text.as_bytes()),
        Content::Filler | Content::Deleted => w.varint(len.into()),
        Content::Values(bytes) => w.varint(len.into()).raw(bytes),
        Content::Unit(_, bytes) => w.raw(bytes),
    };
    head.extend(w.into_bytes());
}

fn id(w: &mut Writer, id: &Id) {
    w.varint(id.client.0).varint(id.clock.into());
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
