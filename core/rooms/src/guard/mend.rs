//! Mends what Yjs makes by an undo and the guard refuses, so that it means what its author sees.
//!
//! - Bringing back a nested type, Yjs brings back its contents block by block. Where it looks for
//!   what was to the right of one, it can come upon an older copy of what was to the left, and so
//!   to a right origin that is not behind the origin, or to one beyond another block. Where the
//!   author's Yjs puts the block is clear. Another Yjs, or yrs, first splits the block that holds
//!   both origins, and puts it elsewhere: among the author's readers the text is another. It is
//!   sent with the origins that are beside it where the author has it.
//! - Several values that were set under one key are one block when they come back, none of them
//!   deleted: they are sent one by one.

use core::cell::RefCell;

use super::cost::Bill;
use super::parse::{Block, Update};
use super::refusal::Refusal;
use super::split::cut;
use super::{Checked, Guard, Past, STRICT, Seen, section_end, write};
use covey_wire::id::{ClientId, MemberId};

/// The heads that an own update builds on. Whether it passes is checked again.
struct Everything;

impl Seen for Everything {
    fn clock(&self, _: ClientId) -> u32 {
        u32::MAX
    }

    fn member(&self, _: ClientId) -> Option<MemberId> {
        None
    }
}

impl Guard {
    /// An own update that was refused, in a form that may pass. The guard is as before.
    pub fn mend(&mut self, update: &[u8], author: ClientId) -> Result<Vec<u8>, Refusal> {
        let update = Update::read(update, STRICT)?;
        let section = update.sections.first().ok_or(Refusal::Empty)?;
        let next = section_end(section, author, self.order.clock(author))?;
        let mut trial = Checked { guard: self, next, bill: Bill::default(), accepted: false };
        let (clock, of_others) = (section.clock, RefCell::default());
        let mut past = Past { seen: &Everything, author, own: next, next: clock, of_others };
        let (mut count, mut blocks) = (0, Vec::new());
        for block in section.blocks() {
            let mut rest = Some(block?);
            while let Some(mut block) = rest.take() {
                if block.is_entry_of_many()
                    && !update.deleted(author).covers(&block)
                    && let Some((head, tail)) = cut(&block, author)
                {
                    (block, rest) = (head, Some(tail));
                }
                let block = trial.guard.beside(block, author)?;
                past.own = block.clock;
                trial.place(&block, &past)?;
                blocks.extend(write::block(&block));
                count += 1;
            }
        }
        let section = Some((author, section.clock, count));
        let deletes = update.deletes.into_iter().map(|of| (of.client, of.ranges));
        Ok(write::update(section, &blocks, &deletes.collect::<Vec<_>>()))
    }

    /// A block with the origins beside which it stands, if its own can't have been neighbours.
    fn beside<'a>(&mut self, block: Block<'a>, author: ClientId) -> Result<Block<'a>, Refusal> {
        match self.order.between(block.origin, block.right) {
            Err(Refusal::OriginOrder | Refusal::OriginCrossed) if !block.keyed => {
                let [origin, right] = self.order.beside(author, block.origin, block.right)?;
                Ok(Block { origin, right, ..block })
            }
            _ => Ok(block),
        }
    }
}
