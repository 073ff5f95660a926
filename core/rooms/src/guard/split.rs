//! Splits an own update into parts that pass the guard and do the same when applied in order.

use core::ops::Range;

use thiserror::Error;

use super::content::{self, Content};
use super::cost::Tally;
use super::parse::{Block, Id, Strictness, Update};
use super::refusal::Refusal;
use super::write;
use covey_wire::frame::Reader;
use covey_wire::id::ClientId;
use covey_wire::limits;
use covey_wire::sorted::SortedMap;

/// An own update may carry blocks of others, which are known and dropped.
const LENIENT: Strictness = Strictness {
    sections: 1 << 16,
    ranges: usize::MAX,
    ordered: false,
    nodes: usize::MAX,
    filler: limits::CLOCK,
};

/// Bytes of a part beside its blocks and ranges: counts, client and clock at their longest.
const FRAME: usize = 48;

/// Why an own update can't be split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SplitError {
    /// It isn't an update whose parts could pass the guard.
    #[error("not an update: {0}")]
    Refused(#[from] Refusal),
    /// One value in it is larger than any update may be.
    #[error("one value is larger than an update may be")]
    TooLarge,
}

impl SplitError {
    /// A stable name for counters and messages.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Refused(_) => "guard",
            Self::TooLarge => "too-large",
        }
    }
}

/// Splits an update that `author` made into parts of at most `limits::UPDATE_PART`, at block
/// borders, inside long texts and between values. A value that is longer by itself has a part for
/// itself, of at most `limits::UPDATE`. Blocks of others are left out: the author of the update has them
/// from elsewhere. Delete ranges are sorted and merged, and spread over parts where there are
/// many. An update that does nothing of its own has no parts.
pub fn split(update: &[u8], author: ClientId) -> Result<Vec<Vec<u8>>, SplitError> {
    let one = update.len() <= limits::UPDATE_PART / 2;
    let update = Update::read(update, LENIENT)?;
    let mut parts = Parts { author, one, done: Vec::new(), open: Part::default() };
    for section in update.sections.iter().filter(|section| section.client == author) {
        for block in section.blocks() {
            parts.block(block?)?;
        }
    }
    let mut merged: SortedMap<ClientId, Vec<Range<u32>>> = SortedMap::new();
    for deletes in update.deletes {
        merged.or_default(deletes.client).extend(deletes.ranges);
    }
    // Clients in falling order, as Yjs and yrs write them: a small update comes back unchanged.
    for (client, mut ranges) in merged.into_iter().rev() {
        merge(&mut ranges);
        for range in ranges {
            parts.delete(client, range);
        }
    }
    parts.close();
    Ok(parts.done)
}

/// Sorts ranges and joins those that touch.
pub(super) fn merge(ranges: &mut Vec<Range<u32>>) {
    ranges.sort_unstable_by_key(|range| range.start);
    ranges.dedup_by(|next, range| {
        let touches = next.start <= range.end;
        if touches {
            range.end = range.end.max(next.end);
        }
        touches
    });
}

struct Parts {
    author: ClientId,
    /// Whether all of it goes into one part.
    one: bool,
    done: Vec<Vec<u8>>,
    open: Part,
}

#[derive(Default)]
struct Part {
    clock: u32,
    count: u64,
    nodes: usize,
    blocks: Vec<u8>,
    deletes: Vec<(ClientId, Vec<Range<u32>>)>,
    /// Bytes of the ranges at most.
    delete_bytes: usize,
}

impl Parts {
    fn block(&mut self, mut block: Block<'_>) -> Result<(), SplitError> {
        // Several values under a key have to be deleted where they come, which may be elsewhere.
        while !fits(&block, limits::UPDATE_PART) || (!self.one && block.is_entry_of_many()) {
            let Some((head, tail)) = cut(&block, self.author) else { break };
            self.push(head);
            block = tail;
        }
        if !fits(&block, limits::UPDATE) {
            return Err(SplitError::TooLarge);
        }
        self.push(block);
        Ok(())
    }

    fn push(&mut self, block: Block<'_>) {
        let bytes = write::block(&block);
        let full = self.open.bytes() + bytes.len() > limits::UPDATE_PART
            || self.open.nodes + block.nodes > limits::VALUE_NODES;
        if self.open.count > 0 && full {
            self.close();
        }
        if self.open.count == 0 {
            self.open.clock = block.clock;
        }
        self.open.count += 1;
        self.open.nodes += block.nodes;
        self.open.blocks.extend(bytes);
    }

    fn delete(&mut self, client: ClientId, range: Range<u32>) {
        let full = |part: &Part| {
            let same = part.deletes.last().filter(|(last, _)| *last == client);
            same.is_some_and(|(_, ranges)| ranges.len() >= limits::DELETE_RANGES)
                || part.bytes() + write::RANGE_BOUND + write::CLIENT_BOUND > limits::UPDATE_PART
        };
        if full(&self.open) {
            self.close();
        }
        match self.open.deletes.last_mut() {
            Some((last, ranges)) if *last == client => ranges.push(range),
            _ => {
                self.open.deletes.push((client, vec![range]));
                self.open.delete_bytes += write::CLIENT_BOUND;
            }
        }
        self.open.delete_bytes += write::RANGE_BOUND;
    }

    fn close(&mut self) {
        let part = core::mem::take(&mut self.open);
        if part.count > 0 || !part.deletes.is_empty() {
            let section = (part.count > 0).then_some((self.author, part.clock, part.count));
            self.done.push(write::update(section, &part.blocks, &part.deletes));
        }
    }
}

impl Part {
    fn bytes(&self) -> usize {
        FRAME + self.blocks.len() + self.delete_bytes
    }
}

/// Whether a block can stand in an update of so many bytes.
fn fits(block: &Block<'_>, bytes: usize) -> bool {
    write::block_bound(block) <= bytes - FRAME
        && block.nodes <= limits::VALUE_NODES
        && (block.content != Content::Filler || block.len <= limits::FILLER)
}

/// Cuts a block that is too long for a part: a text between two characters, values between two,
/// filler anywhere.
pub(super) fn cut<'a>(block: &Block<'a>, author: ClientId) -> Option<(Block<'a>, Block<'a>)> {
    let most = (limits::UPDATE_PART - FRAME - write::HEAD_BOUND)
        .checked_sub(block.key.map_or(0, str::len))?;
    let (len, head, nodes, tail) = match block.content {
        Content::Text(text) => {
            let (head, tail) = text.split_at_checked(text.floor_char_boundary(most))?;
            let len = head.encode_utf16().count() as u32;
            (len, Content::Text(head), 0, Content::Text(tail))
        }
        Content::Values(bytes) => {
            let most = if block.keyed { 0 } else { most };
            let (len, nodes, at) = first_values(bytes, most);
            let (head, tail) = bytes.split_at_checked(at)?;
            (len, Content::Values(head), nodes, Content::Values(tail))
        }
        Content::Filler => (limits::FILLER, Content::Filler, 0, Content::Filler),
        Content::Deleted | Content::Unit(..) => return None,
    };
    let rest = block.len.checked_sub(len).filter(|rest| len > 0 && *rest > 0)?;
    let clock = block.clock + len;
    let origin = match tail {
        Content::Filler => None,
        _ => Some(Id { client: author, clock: clock - 1 }),
    };
    Some((
        Block { len, content: head, nodes, ..*block },
        Block {
            clock,
            len: rest,
            origin,
            parent: None,
            key: None,
            content: tail,
            nodes: block.nodes - nodes,
            ..*block
        },
    ))
}

/// How many values fit into a part, how many there are inside them, and where they end. The first
/// is taken however large it is.
fn first_values(bytes: &[u8], most: usize) -> (u32, usize, usize) {
    let mut r = Reader::new(bytes);
    let (mut len, mut nodes, mut end) = (0, 0, 0);
    let mut tally = Tally::new(usize::MAX);
    loop {
        let before = tally;
        if content::value(&mut r, &mut tally).is_err() {
            return (len, nodes, end);
        }
        let ((inside, _), at) = (tally.since(before), bytes.len() - r.remaining());
        if len > 0 && (at > most || nodes + inside > limits::VALUE_NODES) {
            return (len, nodes, end);
        }
        (len, nodes, end) = (len + 1, nodes + inside, at);
    }
}
