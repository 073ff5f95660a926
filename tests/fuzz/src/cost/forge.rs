//! Blocks and updates written byte by byte, of one author.

use covey_wire::frame::Writer;
use covey_wire::id::ClientId;

/// One unit of content.
pub(super) type Id = (ClientId, u32);

pub(super) const DELETED: u8 = 1;
pub(super) const BINARY: u8 = 3;
pub(super) const TEXT: u8 = 4;
pub(super) const EMBED: u8 = 5;
pub(super) const FORMAT: u8 = 6;
pub(super) const TYPE: u8 = 7;
pub(super) const VALUES: u8 = 8;

/// Where a block stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum At<'a> {
    /// Behind a unit, and before another.
    Between(Option<Id>, Option<Id>),
    /// In a root that has nothing yet, or as if it had nothing.
    Root(&'a str),
    /// Under a key of a root.
    Key(&'a str, &'a str),
    /// Behind a unit under the same key.
    Over(Id),
}

/// An update that grows block by block.
pub(super) struct Forged {
    author: ClientId,
    start: u32,
    clock: u32,
    count: u64,
    blocks: Writer,
    deletes: Vec<(u32, u32)>,
}

impl Forged {
    pub(super) fn new(author: ClientId, start: u32) -> Self {
        let (blocks, deletes) = (Writer::new(), Vec::new());
        Self { author, start, clock: start, count: 0, blocks, deletes }
    }

    /// A block of so many clocks, its content as it is on the wire.
    pub(super) fn block(&mut self, at: At<'_>, kind: u8, len: u32, content: &[u8]) -> u32 {
        let w = &mut self.blocks;
        match at {
            At::Between(origin, right) => {
                let flag = |there: bool, flag: u8| if there { flag } else { 0 };
                w.u8(kind | flag(origin.is_some(), 0x80) | flag(right.is_some(), 0x40));
                for (client, clock) in origin.iter().chain(&right) {
                    w.varint(client.0).varint((*clock).into());
                }
            }
            At::Root(name) => drop(w.u8(kind).varint(1).bytes(name.as_bytes())),
            At::Key(name, key) => {
                w.u8(kind | 0x20).varint(1).bytes(name.as_bytes()).bytes(key.as_bytes());
            }
            At::Over((client, clock)) => {
                w.u8(kind | 0x80 | 0x20).varint(client.0).varint(clock.into());
            }
        }
        w.raw(content);
        self.count += 1;
        self.clock += len;
        self.clock - len
    }

    /// Characters.
    pub(super) fn text(&mut self, at: At<'_>, text: &str) -> u32 {
        let mut w = Writer::new();
        w.bytes(text.as_bytes());
        self.block(at, TEXT, text.encode_utf16().count() as u32, &w.into_bytes())
    }

    /// So many times the same value.
    pub(super) fn values(&mut self, at: At<'_>, value: &[u8], count: u32) -> u32 {
        let mut w = Writer::new();
        w.varint(count.into()).raw(&value.repeat(count as usize));
        self.block(at, VALUES, count, &w.into_bytes())
    }

    /// Deletes some of what the author wrote.
    pub(super) fn delete(&mut self, clock: u32, len: u32) {
        self.deletes.push((clock, len));
    }

    pub(super) fn clock(&self) -> u32 {
        self.clock
    }

    pub(super) fn len(&self) -> usize {
        self.blocks.len() + 8 * self.deletes.len()
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let mut w = Writer::new();
        if self.count > 0 {
            w.varint(1).varint(self.count).varint(self.author.0).varint(self.start.into());
            w.raw(&self.blocks.into_bytes());
        } else {
            w.varint(0);
        }
        if self.deletes.is_empty() {
            w.varint(0);
        } else {
            w.varint(1).varint(self.author.0).varint(self.deletes.len() as u64);
            for (clock, len) in self.deletes {
                w.varint(clock.into()).varint(len.into());
            }
        }
        w.into_bytes()
    }
}
