//! Each author's blocks, in stretches, and where else it cut: what the cost of its next update
//! depends on.
//!
//! A stretch is what an author wrote one behind another, before the same unit and of the same kind,
//! whatever others have put between since: yrs holds it in one item as long as nobody cuts it. Where
//! it is cut by others differs from replica to replica, so each author pays for a piece as long as
//! its own cuts leave it.

use core::ops::Range;

use super::Past;
use super::content::Content;
use super::cost::Bill;
use super::parse::{Block, Id};
use super::refusal::Refusal;
use covey_wire::id::ClientId;
use covey_wire::limits;
use covey_wire::sorted::{SortedMap, SortedSet};

/// All authors, with a journal of what is not yet kept.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    authors: SortedMap<ClientId, Account>,
    journal: Vec<Step>,
}

#[derive(Debug, Default)]
struct Account {
    /// Its blocks: where each stretch begins.
    stretches: Vec<(u32, Kind)>,
    /// Before which unit the last stretch stands.
    right: Option<Id>,
    /// Where it cut stretches, its own and others'.
    cuts: SortedMap<ClientId, SortedSet<u32>>,
    /// The roots it has named.
    roots: SortedSet<u32>,
}

/// The content of a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Filler,
    Deleted,
    Text,
    Values,
    /// Something that makes one with nothing: a unit, or whatever stands under a key.
    Single,
}

/// The edits that `undo` takes back, last first.
#[derive(Debug)]
enum Step {
    /// The last stretch of an author, with what its last one stood before.
    Stretch(ClientId, Option<Id>),
    /// A cut of one author in what another wrote.
    Cut(ClientId, Id),
    /// A root that an author named.
    Root(ClientId, u32),
}

impl Kind {
    fn of(block: &Block<'_>) -> Self {
        match block.content {
            Content::Filler => Self::Filler,
            _ if block.keyed => Self::Single,
            Content::Deleted => Self::Deleted,
            Content::Text(_) => Self::Text,
            Content::Values(_) => Self::Values,
            Content::Unit(..) => Self::Single,
        }
    }

    /// The cost of copying so much of it.
    fn copied(self, len: usize) -> usize {
        match self {
            Self::Text => len / limits::SPLIT_TEXT,
            Self::Values => len / limits::SPLIT_VALUES,
            Self::Filler | Self::Deleted | Self::Single => 0,
        }
    }
}

impl Account {
    /// How many stretches begin below a clock.
    fn before(&self, clock: u32) -> usize {
        self.stretches.partition_point(|(start, _)| *start < clock)
    }
}

impl Accounts {
    /// Whether a block stands behind its author's last unit, and before the same as that one: then
    /// nothing can have come between its origins but what was put behind that unit since.
    pub(super) fn goes_on(&self, author: ClientId, block: &Block<'_>) -> bool {
        let last = block.clock.checked_sub(1).map(|clock| Id { client: author, clock });
        let account = self.authors.get(&author);
        last.is_some()
            && block.origin == last
            && account.is_some_and(|account| {
                let filler = account.stretches.last().is_none_or(|last| last.1 == Kind::Filler);
                !filler && account.right == block.right
            })
    }

    /// Adds a block; `goes_on` as above.
    pub(super) fn block(
        &mut self,
        author: ClientId,
        block: &Block<'_>,
        goes_on: bool,
        bill: &mut Bill,
    ) -> Result<(), Refusal> {
        let account = self.authors.or_default(author);
        let kind = Kind::of(block);
        let last = account.stretches.last().map(|last| last.1);
        let joins = last == Some(kind)
            && match kind {
                Kind::Single => false,
                Kind::Filler => true,
                _ => goes_on,
            };
        bill.add(block.memory)?;
        if joins {
            let copied = bill.goes_on().saturating_mul(block.len as usize * limits::ROW);
            return bill.add(kind.copied(copied));
        }
        bill.begins();
        bill.add(limits::BLOCK_COST)?;
        self.journal.push(Step::Stretch(author, account.right));
        account.stretches.push((block.clock, kind));
        account.right = block.right;
        Ok(())
    }

    /// Names a root; whether it is the first time.
    pub(super) fn names(&mut self, author: ClientId, root: u32) -> bool {
        let fresh = self.authors.or_default(author).roots.insert(root);
        if fresh {
            self.journal.push(Step::Root(author, root));
        }
        fresh
    }

    /// Cuts before a unit that the author knows, or behind the last that is `known` of its client:
    /// what comes there later makes no more one with what was before.
    pub(super) fn cut(
        &mut self,
        at: Id,
        known: u32,
        past: &Past<'_>,
        bill: &mut Bill,
    ) -> Result<(), Refusal> {
        let Some(written) = self.authors.get(&at.client) else { return Ok(()) };
        // A stretch that begins behind the known may be here or not.
        let stretches = &written.stretches[..written.before(known)];
        let behind = stretches.partition_point(|(start, _)| *start <= at.clock);
        let Some(&(start, kind)) = behind.checked_sub(1).and_then(|at| stretches.get(at)) else {
            return Ok(());
        };
        if start == at.clock || at.clock > known || kind == Kind::Filler {
            return Ok(());
        }
        let end = stretches.get(behind).map_or(known, |next| next.0.min(known));
        let moved = written.before(past.settled(at.client)).saturating_sub(behind);
        let cuts = self.authors.or_default(past.author).cuts.or_default(at.client);
        let before = cuts.last_before(&at.clock).map_or(start, |cut| start.max(*cut));
        if cuts.contains(&at.clock) {
            return Ok(());
        }
        let next = cuts.iter_from(&at.clock).next().map_or(end, |cut| end.min(*cut));
        let copied = if at.clock < known { next - before } else { 0 };
        bill.add(kind.copied(copied as usize))?;
        bill.add(limits::BLOCK_COST + (moved + cuts.len()) / limits::PASSED)?;
        cuts.insert(at.clock);
        self.journal.push(Step::Cut(past.author, at));
        Ok(())
    }

    /// Passes over all that a client wrote between two clocks.
    pub(super) fn pass(
        &self,
        client: ClientId,
        range: &Range<u32>,
        past: &Past<'_>,
        bill: &mut Bill,
    ) -> Result<(), Refusal> {
        let Some(written) = self.authors.get(&client) else { return Ok(()) };
        let settled = past.settled(client);
        let passed =
            written.before(range.end.min(settled)) - written.before(range.start.min(settled));
        bill.add(passed / limits::PASSED)
    }

    /// Keeps what was put in since the last `keep`.
    pub(super) fn keep(&mut self) {
        self.journal.clear();
        self.journal.shrink_to(super::SPARE_STEPS);
    }

    /// Takes back what was put in since the last `keep`.
    pub(super) fn undo(&mut self) {
        while let Some(step) = self.journal.pop() {
            let (Step::Stretch(author, _) | Step::Cut(author, _) | Step::Root(author, _)) = step;
            let Some(account) = self.authors.get_mut(&author) else { continue };
            match step {
                Step::Stretch(_, right) => {
                    account.stretches.pop();
                    account.right = right;
                }
                Step::Cut(_, at) => {
                    if let Some(cuts) = account.cuts.get_mut(&at.client) {
                        cuts.remove(&at.clock);
                    }
                }
                Step::Root(_, root) => drop(account.roots.remove(&root)),
            }
        }
    }
}
