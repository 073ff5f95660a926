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
//! - Deleted blocks: they keep their place, and a deleted type keeps its contents. yrs turns what
//!   comes for those into filler, and all of it is out of sight.
//! - Where surrogate pairs are: yrs and Yjs both put two replacement characters in place of a
//!   pair that is cut.
//! - How long yrs looks for the place of a block among blocks that its author hadn't seen. That
//!   depends on the replica, so it can't decide what is admissible. Blocks that the author could have
//!   seen there are counted, bounded and charged (`Order::apart`), as are the pieces it cuts (`Accounts`)
//!   and what its blocks take in memory (`cost`).

mod accounts;
mod content;
mod cost;
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

use core::cell::RefCell;
use std::collections::BTreeMap;

use self::accounts::Accounts;
use self::content::{Content, Unit};
use self::cost::Bill;
pub use self::join::Joined;
use self::order::{Between, Order};
use self::parse::{Block, Deletes, Id, Parent, Section, Strictness, Update};
pub use self::refusal::Refusal;
pub use self::rename::{Blocks, hollow, rename};
pub(crate) use self::rules::RootShape;
pub use self::rules::{CODE_FILE, DocKind};
pub use self::split::{SplitError, split};
pub use self::touched::touched;
use self::tree::Tree;
use crate::broken::{Rule, is_broken};
use covey_wire::id::{ClientId, MemberId};
use covey_wire::limits;
use covey_wire::sorted::SortedMap;

const STRICT: Strictness = Strictness {
    sections: 1,
    ranges: limits::DELETE_RANGES,
    ordered: true,
    nodes: limits::VALUE_NODES,
    filler: limits::FILLER,
};

/// Steps of a journal for which room is kept from one update to the next.
const SPARE_STEPS: usize = 16;

/// The part of the document that the author of an entry had seen: decided by the entry's causal past,
/// never by what a replica happens to have.
pub trait Seen {
    /// Clocks of `client` below this are known to the entry; 0 where it knows none.
    fn clock(&self, client: ClientId) -> u32;
    /// The member whose client it is, if the entry or its past has something of it.
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
    accounts: Accounts,
}

/// An update that may be given to yrs. It is taken into the guard's index by `accept`; dropped,
/// it leaves no trace.
#[derive(Debug)]
#[must_use = "dropped, the guard forgets the update"]
pub struct Checked<'a> {
    guard: &'a mut Guard,
    next: u32,
    bill: Bill,
    accepted: bool,
}

/// The clocks that the author of an update had seen, looked up once for each client.
struct Past<'a> {
    seen: &'a dyn Seen,
    author: ClientId,
    /// Of one's own everything below is known, …
    own: u32,
    /// … and this much was there before the update.
    next: u32,
    of_others: RefCell<SortedMap<ClientId, u32>>,
}

impl Past<'_> {
    fn clock(&self, client: ClientId) -> u32 {
        if client == self.author {
            return self.own;
        }
        *self.of_others.borrow_mut().or_insert_with(client, || self.seen.clock(client))
    }

    /// The clock known of a client before the update: the same whether edits come one by one or
    /// joined, or less where they are joined.
    fn settled(&self, client: ClientId) -> u32 {
        if client == self.author { self.next } else { self.clock(client) }
    }

    fn has(&self, id: Id) -> Result<(), Refusal> {
        if id.clock < self.clock(id.client) { Ok(()) } else { Err(Refusal::OriginUnseen) }
    }
}

impl Guard {
    /// The guard of an empty document.
    pub fn new(kind: DocKind) -> Self {
        Self { kind, tree: Tree::new(kind), order: Order::new(), accounts: Accounts::default() }
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
        let mut past = Past { seen, author, own: end, next, of_others: RefCell::default() };
        for deletes in &update.deletes {
            if deletes.ranges.last().is_some_and(|last| last.end > past.clock(deletes.client)) {
                return Err(Refusal::DeleteUnseen);
            }
            let own = seen.member(deletes.client) == seen.member(author);
            if self.kind.guards_deletion() && !own && !is_broken(Rule::Ownership) {
                return Err(Refusal::Owner);
            }
        }
        let mut checked =
            Checked { guard: self, next: end, bill: Bill::default(), accepted: false };
        // From here on an early return drops `checked`, which takes back what was placed.
        if next == 0 && end > 0 {
            checked.bill.add(limits::DOCUMENT_COST)?;
        }
        let deleted = update.deleted(author);
        for section in &update.sections {
            for block in section.blocks() {
                let block = block?;
                if block.is_entry_of_many() && !deleted.covers(&block) {
                    return Err(Refusal::Entry);
                }
                past.own = block.clock;
                checked.place(&block, &past)?;
            }
        }
        past.own = end;
        checked.delete(&update.deletes, &past)?;
        Ok(checked)
    }

    /// Keeps what was accepted for now.
    pub fn keep(&mut self) {
        self.order.keep();
        self.tree.keep();
        self.accounts.keep();
    }

    /// Takes back what was accepted for now.
    pub fn undo(&mut self) {
        self.order.undo();
        self.tree.undo();
        self.accounts.undo();
    }

    /// The sequence a block belongs to; none if it stands nowhere: filler, and what stands in or
    /// among what is filler, as yrs and Yjs both have it.
    fn sequence(
        &mut self,
        block: &Block<'_>,
        past: impl Fn(Id) -> Result<(), Refusal>,
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
                past(id)?;
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
    /// Gives one block its place, if it may stand there.
    fn place(&mut self, block: &Block<'_>, past: &Past<'_>) -> Result<(), Refusal> {
        let (guard, author) = (&mut *self.guard, past.author);
        let id = Id { client: author, clock: block.clock };
        block.origin.into_iter().chain(block.right).try_for_each(|id| past.has(id))?;
        let goes_on = guard.accounts.goes_on(author, block);
        let Some(sequence) = guard.sequence(block, |id| past.has(id))? else {
            guard.order.fill(id, block.len);
            return guard.accounts.block(author, block, false, &mut self.bill);
        };
        if block.keyed && block.right.is_some() {
            return Err(Refusal::Key);
        }
        guard.tree.admit(sequence, block.keyed, block.content, past.seen.member(author))?;
        self.charge(sequence, block, goes_on, past)?;
        self.guard.order.insert(sequence, id, block);
        match block.content {
            Content::Unit(Unit::Type(shape), _) => self.guard.tree.add_type(id, shape, sequence),
            _ => Ok(()),
        }
    }

    /// The cost of a block that is to stand in a sequence.
    fn charge(
        &mut self,
        sequence: u32,
        block: &Block<'_>,
        goes_on: bool,
        past: &Past<'_>,
    ) -> Result<(), Refusal> {
        let (guard, bill, author) = (&mut *self.guard, &mut self.bill, past.author);
        if !goes_on {
            let known = |client| past.clock(client);
            let (origin, right) = (block.origin, block.right);
            let between = guard.order.apart(sequence, origin, right, known, limits::BETWEEN);
            if between > limits::BETWEEN {
                return Err(Refusal::OriginsApart);
            }
            bill.add(between * limits::BETWEEN_COST)?;
        }
        let behind = block.origin.map(|id| Id { clock: id.clock + 1, ..id });
        let own = Id { client: author, clock: block.clock };
        for at in behind.filter(|at| *at != own).into_iter().chain(block.right) {
            let known = past.clock(at.client).min(guard.order.clock(at.client));
            guard.accounts.cut(at, known, past, bill)?;
        }
        if let Some(Parent::Root(name)) = block.parent {
            let root = guard.tree.root(name)?;
            if guard.accounts.names(author, root) {
                bill.add(limits::ROOT_COST + 2 * name.len())?;
            }
        }
        if let Some(key) = block.key {
            bill.add(limits::KEY_COST + 2 * key.len())?;
        }
        guard.accounts.block(author, block, goes_on, bill)
    }

    /// The cost of deletions.
    fn delete(&mut self, deletes: &[Deletes], past: &Past<'_>) -> Result<(), Refusal> {
        let (guard, bill) = (&mut *self.guard, &mut self.bill);
        for Deletes { client, ranges } in deletes {
            let known = past.clock(*client).min(guard.order.clock(*client));
            for range in ranges {
                for clock in [range.start, range.end] {
                    let at = Id { client: *client, clock };
                    guard.accounts.cut(at, known, past, bill)?;
                }
                guard.accounts.pass(*client, range, past, bill)?;
            }
        }
        Ok(())
    }

    /// Its cost for every keeper of the document, in bytes: decided by the update and its past alone.
    /// Edits that are checked one by one cost about as much as joined, or more.
    pub fn cost(&self) -> usize {
        self.bill.bytes()
    }

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
