//! Reads a Yjs update of version 1 into blocks and delete ranges, strictly: one form per number,
//! every length at most what remains, memory in proportion to the input.
//!
//! ```text
//!   update  = count { blocks count, client, clock, block… }… delete set
//!   block   = info [origin] [right origin] [parent [key]] content
//!   info    = origin 80 | right origin 40 | key 20 | kind
//!   parent  = 1 root | 0 client clock
//!   deletes = count { client, count { clock, length }… }…
//! ```

use core::ops::Range;

use super::content::{Content, KIND_FILLER};
use super::cost::Tally;
use super::refusal::Refusal;
use covey_wire::frame::{DecodeError, Reader};
use covey_wire::id::ClientId;
use covey_wire::limits;

pub(super) const HAS_ORIGIN: u8 = 0x80;
pub(super) const HAS_RIGHT: u8 = 0x40;
pub(super) const HAS_KEY: u8 = 0x20;
const KIND: u8 = 0x1f;
const KIND_SKIP: u8 = 10;

/// One unit of content: a client and its clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Id {
    pub(super) client: ClientId,
    pub(super) clock: u32,
}

/// The container that a block names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parent<'a> {
    /// A root by its name.
    Root(&'a str),
    /// A type by the block that it is.
    Type(Id),
}

/// One block as it is in the update.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block<'a> {
    pub(super) clock: u32,
    pub(super) len: u32,
    pub(super) origin: Option<Id>,
    pub(super) right: Option<Id>,
    /// Where it stands; without one, where its origins stand.
    pub(super) parent: Option<Parent<'a>>,
    /// The key it stands under, where it names a parent.
    pub(super) key: Option<&'a str>,
    /// Whether it stands under a key.
    pub(super) keyed: bool,
    pub(super) content: Content<'a>,
    /// How many JSON values it holds, those inside others counted.
    pub(super) nodes: usize,
    /// The memory of its content.
    pub(super) memory: usize,
}

impl Block<'_> {
    /// Whether several values stand under one key. Yjs writes that where a key was set more than
    /// once and all but the last are deleted. yrs takes for granted that they are: what is split
    /// off such a block and not deleted outlives its container, and points to where that was.
    pub(super) fn is_entry_of_many(&self) -> bool {
        self.keyed && self.len > 1 && matches!(self.content, Content::Values(_))
    }
}

/// The blocks of one client. They are read once to see that they can be, and again with
/// each walk over them: in memory a block is many times as long.
#[derive(Debug)]
pub(super) struct Section<'a> {
    pub(super) client: ClientId,
    pub(super) clock: u32,
    /// The clock behind the last block.
    pub(super) end: u32,
    body: Reader<'a>,
    count: u64,
}

impl<'a> Section<'a> {
    pub(super) fn blocks(&self) -> impl Iterator<Item = Result<Block<'a>, Refusal>> + use<'a> {
        let (mut r, mut clock, mut tally) = (self.body.clone(), self.clock, Tally::new(usize::MAX));
        (0..self.count).map(move |_| {
            let block = block(&mut r, clock, &mut tally)?;
            clock += block.len;
            Ok(block)
        })
    }
}

/// The ranges that one update deletes of one client: in order, none empty.
#[derive(Debug)]
pub(super) struct Deletes {
    pub(super) client: ClientId,
    pub(super) ranges: Vec<Range<u32>>,
}

/// The ranges that an update deletes of its author.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deleted<'a>(&'a [Range<u32>]);

impl Deleted<'_> {
    /// Whether all of a block is deleted in the update that brings it.
    pub(super) fn covers(self, block: &Block<'_>) -> bool {
        let at = self.0.partition_point(|range| range.end <= block.clock);
        let range = self.0.get(at);
        range
            .is_some_and(|range| range.start <= block.clock && block.clock + block.len <= range.end)
    }
}

/// A whole update.
#[derive(Debug)]
pub(super) struct Update<'a> {
    pub(super) sections: Vec<Section<'a>>,
    pub(super) deletes: Vec<Deletes>,
}

/// How strictly an update is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strictness {
    /// Blocks of at most so many clients.
    pub(super) sections: usize,
    /// So many delete ranges per client.
    pub(super) ranges: usize,
    /// Delete ranges stand in order, each client's in one list; else they are put in order.
    pub(super) ordered: bool,
    /// So many JSON values in all, those inside others counted.
    pub(super) nodes: usize,
    /// So much filler in a block.
    pub(super) filler: u32,
}

impl From<DecodeError> for Refusal {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::NotMinimal => Self::Number,
            DecodeError::Trailing => Self::Trailing,
            _ => Self::Truncated,
        }
    }
}

impl<'a> Update<'a> {
    /// The ranges that are deleted of `client`.
    pub(super) fn deleted(&self, client: ClientId) -> Deleted<'_> {
        let of = self.deletes.iter().find(|deletes| deletes.client == client);
        Deleted(of.map_or(&[], |deletes| &deletes.ranges))
    }

    /// Reads all of `bytes`.
    pub(super) fn read(bytes: &'a [u8], strictness: Strictness) -> Result<Self, Refusal> {
        let mut r = Reader::new(bytes);
        let count = r.varint()?;
        if count > strictness.sections as u64 {
            return Err(Refusal::Sections);
        }
        let mut tally = Tally::new(strictness.nodes);
        let mut sections = Vec::with_capacity(reserve(count, &r));
        for _ in 0..count {
            sections.push(section(&mut r, strictness.filler, &mut tally)?);
        }
        if !distinct(sections.iter().map(|section| section.client)) {
            return Err(Refusal::Sections);
        }
        let deletes = deletes(&mut r, strictness)?;
        r.finish()?;
        Ok(Self { sections, deletes })
    }
}

fn section<'a>(r: &mut Reader<'a>, filler: u32, tally: &mut Tally) -> Result<Section<'a>, Refusal> {
    let count = r.varint()?;
    let client = client(r)?;
    let clock = clock(r)?;
    if count == 0 {
        return Err(Refusal::EmptySection);
    }
    let body = r.clone();
    let mut end = clock;
    for _ in 0..count {
        let block = block(r, end, tally)?;
        if block.content == Content::Filler && block.len > filler {
            return Err(Refusal::Filler);
        }
        end = end.checked_add(block.len).ok_or(Refusal::ClockLimit)?;
        if end >= limits::CLOCK {
            return Err(Refusal::ClockLimit);
        }
    }
    Ok(Section { client, clock, end, body, count })
}

fn block<'a>(r: &mut Reader<'a>, clock: u32, tally: &mut Tally) -> Result<Block<'a>, Refusal> {
    let info = r.u8()?;
    let kind = info & KIND;
    if kind == KIND_SKIP {
        return Err(Refusal::Skip);
    }
    if kind == KIND_FILLER {
        if info != KIND_FILLER {
            return Err(Refusal::Kind);
        }
        return Ok(filler(clock, length(r)?));
    }
    let origin = if info & HAS_ORIGIN != 0 { Some(id(r)?) } else { None };
    let right = if info & HAS_RIGHT != 0 { Some(id(r)?) } else { None };
    let keyed = info & HAS_KEY != 0;
    let (mut parent, mut key) = (None, None);
    if origin.is_none() && right.is_none() {
        parent = Some(self::parent(r)?);
        key = if keyed { Some(text(r, r.remaining())?) } else { None };
    }
    let before = *tally;
    let (len, content) = Content::read(kind, r, tally)?;
    if len == 0 {
        return Err(Refusal::EmptyBlock);
    }
    let (nodes, memory) = tally.since(before);
    Ok(Block { clock, len, origin, right, parent, key, keyed, content, nodes, memory })
}

/// Clocks that stand nowhere.
pub(super) fn filler<'a>(clock: u32, len: u32) -> Block<'a> {
    Block {
        clock,
        len,
        origin: None,
        right: None,
        parent: None,
        key: None,
        keyed: false,
        content: Content::Filler,
        nodes: 0,
        memory: 0,
    }
}

fn parent<'a>(r: &mut Reader<'a>) -> Result<Parent<'a>, Refusal> {
    match r.varint()? {
        1 => Ok(Parent::Root(text(r, limits::ROOT_NAME)?)),
        0 => Ok(Parent::Type(id(r)?)),
        _ => Err(Refusal::Number),
    }
}

fn deletes(r: &mut Reader<'_>, strictness: Strictness) -> Result<Vec<Deletes>, Refusal> {
    let count = r.varint()?;
    let mut all: Vec<Deletes> = Vec::with_capacity(reserve(count, r));
    for _ in 0..count {
        let client = client(r)?;
        let count = r.varint()?;
        if count == 0 {
            return Err(Refusal::DeleteEmpty);
        }
        if count > strictness.ranges as u64 {
            return Err(Refusal::DeleteRanges);
        }
        let mut ranges: Vec<Range<u32>> = Vec::with_capacity(reserve(count, r));
        for _ in 0..count {
            let start = clock(r)?;
            let end = start + length(r)?;
            if strictness.ordered && ranges.last().is_some_and(|last| start < last.end) {
                return Err(Refusal::DeleteOrder);
            }
            ranges.push(start..end);
        }
        all.push(Deletes { client, ranges });
    }
    if strictness.ordered && !distinct(all.iter().map(|deletes| deletes.client)) {
        return Err(Refusal::DeleteOrder);
    }
    Ok(all)
}

fn distinct(clients: impl Iterator<Item = ClientId>) -> bool {
    let mut clients: Vec<ClientId> = clients.collect();
    clients.sort_unstable();
    clients.is_sorted_by(|a, b| a < b)
}

/// How many values to make room for: a hostile count reserves no more than the input could hold.
fn reserve(count: u64, r: &Reader<'_>) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX).min(r.remaining() / 2).min(1024)
}

fn client(r: &mut Reader<'_>) -> Result<ClientId, Refusal> {
    let client = ClientId(r.varint()?);
    if client <= ClientId::MAX { Ok(client) } else { Err(Refusal::Number) }
}

fn clock(r: &mut Reader<'_>) -> Result<u32, Refusal> {
    match u32::try_from(r.varint()?) {
        Ok(clock) if clock < limits::CLOCK => Ok(clock),
        _ => Err(Refusal::ClockLimit),
    }
}

pub(super) fn length(r: &mut Reader<'_>) -> Result<u32, Refusal> {
    match clock(r)? {
        0 => Err(Refusal::EmptyBlock),
        len => Ok(len),
    }
}

fn id(r: &mut Reader<'_>) -> Result<Id, Refusal> {
    Ok(Id { client: client(r)?, clock: clock(r)? })
}

fn text<'a>(r: &mut Reader<'a>, max: usize) -> Result<&'a str, Refusal> {
    core::str::from_utf8(r.bytes(max)?).map_err(|_| Refusal::Text)
}
