//! The cost of an update for every keeper of the document: memory for good, and work at every load.
//!
//! Both are counted in bytes, and only from what the entry says and its past holds, so that every
//! replica charges the same.

use super::refusal::Refusal;
use covey_wire::limits;

/// The memory of a block's content, counted as it is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tally {
    /// How many JSON values there may still be.
    left: usize,
    memory: usize,
}

impl Tally {
    /// Nothing yet, of at most so many JSON values.
    pub(super) fn new(most: usize) -> Self {
        Self { left: most, memory: 0 }
    }

    /// How many values there were since then, and what all of it takes in memory.
    pub(super) fn since(&self, before: Self) -> (usize, usize) {
        (before.left - self.left, self.memory - before.memory)
    }

    /// One JSON value, whatever it holds.
    pub(super) fn value(&mut self) -> Result<(), Refusal> {
        self.left = self.left.checked_sub(1).ok_or(Refusal::Values)?;
        self.add(limits::VALUE_COST);
        Ok(())
    }

    /// Characters or bytes as they are.
    pub(super) fn text(&mut self, len: usize) {
        self.add(len);
    }

    /// Characters or bytes of a value.
    pub(super) fn string(&mut self, len: usize) {
        self.add(limits::SHARED_COST + len);
    }

    /// A list or a map as a value.
    pub(super) fn open(&mut self, map: bool) {
        self.add(limits::SHARED_COST + if map { limits::MAP_COST } else { 0 });
    }

    /// The key of a map's entry.
    pub(super) fn entry(&mut self, len: usize) {
        self.add(limits::ENTRY_COST + len);
    }

    /// A container inside another.
    pub(super) fn container(&mut self) {
        self.add(limits::TYPE_COST);
    }

    fn add(&mut self, bytes: usize) {
        self.memory = self.memory.saturating_add(bytes);
    }
}

/// The cost so far of the update that is being checked.
#[derive(Debug, Default)]
pub(super) struct Bill {
    bytes: usize,
    /// Blocks so far that each went on where the one before ended: making them one, yrs copies each
    /// for every one before it.
    row: usize,
}

impl Bill {
    /// Adds bytes. An update that costs more than one member may ever cost is refused, however small it
    /// is on the wire.
    pub(super) fn add(&mut self, bytes: usize) -> Result<(), Refusal> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > limits::AUTHOR_BYTES { Err(Refusal::Cost) } else { Ok(()) }
    }

    /// A block that makes one with the last: how many there are before it in a row.
    pub(super) fn goes_on(&mut self) -> usize {
        self.row += 1;
        self.row
    }

    /// A block that makes none with the last.
    pub(super) fn begins(&mut self) {
        self.row = 0;
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}
