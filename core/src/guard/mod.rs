//! Checks every update of a document before yrs sees it, one's own included.
//!
//! ```text
//!   bytes ─► parse: form ─► order: origins ─► tree, rules: containers, kinds ─► Checked ─► accept
//! ```
//!
//! The verdict is a function of the update and of what its author had seen: blocks only of the
//! author and in sequence, origins and deletions in the past, content that the document has, and
//! origins that can have been neighbours (`Order::between`). To judge those, the guard keeps
//! every block's place, integrated as yrs does it.
//!
//! Two honest things are refused, because yrs, and Yjs too, would have in them another thing than
//! their author: what some undos make. They are written in another form (`mend`).
//!
//! Not checked:
//! - That origins *were* neighbours for their author. Blocks that a view had not shown yet may
//!   stand between them, though the entry builds on them; replicas agree all the same.
//! - What is deleted: it keeps its place, and a type that is gone its contents. yrs turns what
//!   comes for those into filler, and all of it is out of sight.
//! - Where surrogate pairs are: yrs and Yjs both put two replacement characters in place of a
//!   pair that is cut.
//! - How long yrs looks for the place of a block among blocks that its author hadn't seen. That
//!   depends on the replica, so it can't decide what is admissible; `Checked::work` tells it
//!   beforehand. One step takes yrs about 0.15 µs: a hostile author can make it look at every run
//!   of the document for every block.

mod content;
mod join;
mod json;
mod labels;
mod mend;
mod order;
mod parse;
mod refusal;
mod rename;
mod rules;
mod split;
#[cfg(test)]
mod tests;
mod touched;
mod tree;
mod write;

use std::collections::BTreeMap;

use self::content::{Content, Unit};
pub use self::join::Joined;
use self::order::{Between, Order};
use self::parse::{Block, Id, Parent, Section, Strictness, Update};
pub use self::refusal::Refusal;
pub use self::rename::{Blocks, hollow, rename};
pub(crate) use self::rules::RootShape;
pub use self::rules::{CODE_FILE, DocKind};
pub use self::split::{SplitError, split};
pub use self::touched::touched;
use self::tree::Tree;
use crate::broken::{Rule, is_broken};
use crate::id::{ClientId, MemberId};
use crate::limits;

const STRICT: Strictness = Strictness {
    sections: 1,
    ranges: limits::DELETE_RANGES,
    ordered: true,
    nodes: limits::VALUE_NODES,
    filler: limits::FILLER,
};

/// What the author of an entry had seen of the document: decided by the entry's causal past,
/// never by what a replica happens to have.
pub trait Seen {
    /// Clocks of `client` below this are known to the entry; 0 where it knows none.
    fn clock(&self, client: ClientId) -> u32;
    /// Whose client it is, where the entry or its past has something of it.
    fn member(&self, client: ClientId) -> Option<MemberId>;
}

impl Seen for BTreeMap<ClientId, u32> {
    fn clock(&self, client: ClientId) -> u32 {
        self.get(&client).copied().unwrap_or(0)
    }

    fn member(&self, _: ClientId) -> Option<MemberId> {
        None
    }
}

/// The guard of one document: knows where each block stands, and nothing of what it says.
///
/// Every admissible entry passes through it in causal order, whether it counts or not, so that
/// its verdict depends only on the entry and its past.
#[derive(Debug)]
pub struct Guard {
    kind: DocKind,
    tree: Tree,
    order: Order,
}

/// An update that may be given to yrs. It is taken into the guard's index by `accept`; dropped,
/// it leaves no trace.
#[derive(Debug)]
#[must_use = "dropped, the guard forgets the update"]
pub struct Checked<'a> {
    guard: &'a mut Guard,
    next: u32,
    accepted: bool,
}

impl Guard {
    /// The guard of an empty document.
    pub fn new(kind: DocKind) -> Self {
        Self { kind, tree: Tree::new(kind), order: Order::new() }
    }

    /// Checks an update by `author`, whose next clock in this document is `next`.
    pub fn check(
        &mut self,
        update: &[u8],
        author: ClientId,
        next: u32,
        seen: &impl Seen,
    ) -> Result<Checked<'_>, Refusal> {
        if update.len() > limits::UPDATE {
            return Err(Refusal::Size);
        }
        let update = Update::read(update, STRICT)?;
        if update.sections.is_empty() && update.deletes.is_empty() {
            return Err(Refusal::Empty);
        }
        if self.order.clock(author) != next {
            return Err(Refusal::Clock);
        }
        let end = match update.sections.first() {
            Some(section) => section_end(section, author, next)?,
            None => next,
        };
        let known = |client| if client == author { end } else { seen.clock(client) };
        for deletes in &update.deletes {
            if deletes.ranges.last().is_some_and(|last| last.end > known(deletes.client)) {
                return Err(Refusal::DeleteUnseen);
            }
            let own = seen.member(deletes.client) == seen.member(author);
            if self.kind.guards_deletion() && !own && !is_broken(Rule::Ownership) {
                return Err(Refusal::Owner);
            }
        }
        let checked = Checked { guard: self, next: end, accepted: false };
        // From here on an early return drops `checked`, which takes back what was placed.
        for section in &update.sections {
            for block in section.blocks() {
                let block = block?;
                if block.is_entry_of_many() && !update.deletes(author, &block) {
                    return Err(Refusal::Entry);
                }
                checked.guard.place(&block, author, seen)?;
            }
        }
        Ok(checked)
    }

    /// Keeps what was accepted for now.
    pub fn keep(&mut self) {
        self.order.keep();
        self.tree.keep();
    }

    /// Takes back what was accepted for now.
    pub fn undo(&mut self) {
        self.order.undo();
        self.tree.undo();
    }

    /// Gives one block of `author` its place, if it may stand there.
    fn place(
        &mut self,
        block: &Block<'_>,
        author: ClientId,
        seen: &dyn Seen,
    ) -> Result<(), Refusal> {
        let id = Id { client: author, clock: block.clock };
        let past = |at: &Id| {
            let known = if at.client == author { block.clock } else { seen.clock(at.client) };
            if at.clock < known { Ok(()) } else { Err(Refusal::OriginUnseen) }
        };
        block.origin.iter().chain(&block.right).try_for_each(past)?;
        let Some(sequence) = self.sequence(block, past)? else {
            self.order.fill(id, block.len);
            return Ok(());
        };
        if block.keyed && block.right.is_some() {
            return Err(Refusal::Key);
        }
        self.tree.admit(sequence, block.keyed, block.content, seen.member(author))?;
        self.order.insert(sequence, id, block);
        match block.content {
            Content::Unit(Unit::Type(shape), _) => self.tree.add_type(id, shape, sequence),
            _ => Ok(()),
        }
    }

    /// The sequence a block belongs to; none if it stands nowhere: filler, and what stands in or
    /// among what is filler, as yrs and Yjs both have it.
    fn sequence(
        &mut self,
        block: &Block<'_>,
        past: impl Fn(&Id) -> Result<(), Refusal>,
    ) -> Result<Option<u32>, Refusal> {
        if block.content == Content::Filler {
            return Ok(None);
        }
        match self.order.between(block.origin, block.right)? {
            Between::Sequence(sequence) => return Ok(Some(sequence)),
            Between::Nowhere => return Ok(None),
            Between::Open => (),
        }
        let container = match block.parent.ok_or(Refusal::Parent)? {
            Parent::Root(name) => self.tree.root(name)?,
            Parent::Type(id) => {
                past(&id)?;
                match self.tree.type_at(id) {
                    Some(container) => container,
                    None if self.order.is_dead(id) => return Ok(None),
                    None => return Err(Refusal::Parent),
                }
            }
        };
        Ok(Some(self.tree.sequence(container, block.key)))
    }
}

/// Where the author's clock stands behind a section.
fn section_end(section: &Section<'_>, author: ClientId, next: u32) -> Result<u32, Refusal> {
    if section.client != author {
        return Err(Refusal::Author);
    }
    if section.clock != next {
        return Err(Refusal::Clock);
    }
    Ok(section.end)
}

impl Checked<'_> {
    /// The author's next clock once this is accepted.
    pub fn next(&self) -> u32 {
        self.next
    }

    /// Takes the update into the index; returns the author's next clock.
    pub fn accept(mut self) -> u32 {
        self.accepted = true;
        self.guard.keep();
        self.next
    }

    /// Takes the update into the index until [`Guard::undo`], which the refusal of a later one is, too;
    /// returns the author's next clock.
    pub fn accept_for_now(mut self) -> u32 {
        self.accepted = true;
        self.next
    }
}

impl Drop for Checked<'_> {
    fn drop(&mut self) {
        if !self.accepted {
            self.guard.undo();
        }
    }
}
