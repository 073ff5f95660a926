//! Where every block stands: each sequence of the document, as yrs integrates it, in runs.
//!
//! A run is a stretch of one client's clocks that stand behind one another and share a right
//! origin; typing extends a run, an insertion inside one splits it. Runs of a sequence form a list
//! whose labels grow from left to right, so that "stands before" is one comparison. Deletions are
//! not kept: what is deleted keeps its place.

mod apart;
mod runs;

use super::content::Content;
use super::parse::{Block, Id};
use super::refusal::Refusal;
use covey_wire::id::ClientId;
use covey_wire::sorted::SortedMap;

/// No run, no client.
const NONE: u32 = u32::MAX;

/// All sequences, with a journal of what is not yet kept.
#[derive(Debug)]
pub(super) struct Order {
    clients: Vec<Client>,
    numbers: SortedMap<ClientId, u32>,
    runs: Vec<Run>,
    /// The first run of each sequence.
    heads: Vec<u32>,
    journal: Vec<Step>,
}

#[derive(Debug)]
struct Client {
    id: ClientId,
    /// Its runs by clock, without gaps.
    runs: Vec<(u32, u32)>,
}

/// An id with the client's number in place of the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spot {
    client: u32,
    clock: u32,
}

impl Spot {
    const NONE: Self = Self { client: NONE, clock: 0 };
}

#[derive(Debug, Clone, Copy)]
struct Run {
    start: Spot,
    len: u32,
    origin: Spot,
    right: Spot,
    /// `NONE` for filler, which stands nowhere.
    sequence: u32,
    /// Whether it came deleted: a type that did has become nothing.
    dead: bool,
    previous: u32,
    next: u32,
    label: u64,
}

/// The edits that `undo` takes back, last first.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// The last run was put in.
    New,
    /// The last run is the right half of this one.
    Split(u32),
    /// This run became longer by so many clocks.
    Longer(u32, u32),
}

/// Where one unit stands, and between which units it was written.
#[derive(Debug, Clone, Copy)]
struct Place {
    sequence: u32,
    label: u64,
    offset: u32,
    origin: Spot,
    right: Spot,
}

impl Place {
    /// Whether this stands before another unit of the same sequence, or is that unit.
    fn until(&self, other: &Self) -> bool {
        (self.label, self.offset) <= (other.label, other.offset)
    }
}

/// Where a block stands by its origins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Between {
    /// It has none.
    Open,
    /// In a sequence.
    Sequence(u32),
    /// Among filler, so it becomes filler.
    Nowhere,
}

impl Order {
    /// No sequences.
    pub(super) fn new() -> Self {
        Self {
            clients: Vec::new(),
            numbers: SortedMap::new(),
            runs: Vec::new(),
            heads: Vec::new(),
            journal: Vec::new(),
        }
    }

    /// A client's next clock.
    pub(super) fn clock(&self, client: ClientId) -> u32 {
        let Some(&number) = self.numbers.get(&client) else { return 0 };
        let last = self.clients[number as usize].runs.last();
        last.map_or(0, |&(clock, run)| clock + self.runs[run as usize].len)
    }

    /// The sequence in which a block with these origins stands.
    ///
    /// Refuses origins that nobody can have had side by side. An author who sees a unit sees what it
    /// was written between. So nothing that `right` was written behind, and nothing that `origin`
    /// was written before, may stand between the two. Other units there are those that the
    /// author hadn't seen. With this rule replicas agree in whatever order blocks come; without
    /// it one in fifty made-up histories of a dozen blocks left them different.
    pub(super) fn between(
        &self,
        origin: Option<Id>,
        right: Option<Id>,
    ) -> Result<Between, Refusal> {
        let stands = |id: &Option<Id>| id.is_some_and(|id| !self.is_filler(id));
        match (origin.is_some() || right.is_some(), stands(&origin) || stands(&right)) {
            (false, _) => return Ok(Between::Open),
            (true, false) => return Ok(Between::Nowhere),
            (true, true) => (),
        }
        let a = origin.map(|id| self.find(self.spot(Some(id)))).transpose()?;
        let b = right.map(|id| self.find(self.spot(Some(id)))).transpose()?;
        if let (Some(a), Some(b)) = (&a, &b) {
            if a.sequence != b.sequence {
                return Err(Refusal::NotSiblings);
            }
            if b.until(a) {
                return Err(Refusal::OriginOrder);
            }
        }
        if let Some(b) = b.filter(|b| b.origin != Spot::NONE) {
            let behind = self.find(b.origin)?;
            if !a.is_some_and(|a| behind.until(&a)) {
                return Err(Refusal::OriginCrossed);
            }
        }
        if let Some(a) = a.filter(|a| a.right != Spot::NONE) {
            let before = self.find(a.right)?;
            if !b.is_some_and(|b| b.until(&before)) {
                return Err(Refusal::OriginCrossed);
            }
        }
        Ok(a.or(b).map_or(Between::Open, |place| Between::Sequence(place.sequence)))
    }

    /// The neighbours of a block of `client` where Yjs puts it, though its origins can't have
    /// been neighbours.
    pub(super) fn beside(
        &mut self,
        client: ClientId,
        origin: Option<Id>,
        right: Option<Id>,
    ) -> Result<[Option<Id>; 2], Refusal> {
        let (client, origin, right) = (self.number(client), self.spot(origin), self.spot(right));
        let sequence = self.find(origin)?.sequence;
        if right != Spot::NONE && self.find(right)?.sequence != sequence {
            return Err(Refusal::NotSiblings);
        }
        // In this order: the right origin may be in the run that ends with the origin.
        let until = self.start_at(right);
        let left = self.end_at(origin);
        let previous = self.resolve(sequence, left, until, client, origin, right);
        let next = self.next(sequence, previous);
        let last = self
            .runs
            .get(previous as usize)
            .map(|run| Spot { client: run.start.client, clock: run.start.clock + run.len - 1 });
        let first = self.runs.get(next as usize).map(|run| run.start);
        Ok([last, first].map(|spot| self.id(spot?)))
    }

    fn is_filler(&self, id: Id) -> bool {
        let run = self.run_at(self.spot(Some(id))).and_then(|run| self.runs.get(run as usize));
        run.is_some_and(|run| run.sequence == NONE)
    }

    /// Whether a block is filler or came deleted.
    pub(super) fn is_dead(&self, id: Id) -> bool {
        let run = self.run_at(self.spot(Some(id))).and_then(|run| self.runs.get(run as usize));
        run.is_some_and(|run| run.dead)
    }

    fn find(&self, spot: Spot) -> Result<Place, Refusal> {
        let run = self.runs[self.run_at(spot).ok_or(Refusal::OriginUnseen)? as usize];
        if run.sequence == NONE {
            return Err(Refusal::OriginFiller);
        }
        let offset = spot.clock - run.start.clock;
        let origin = match offset {
            0 => run.origin,
            _ => Spot { client: spot.client, clock: spot.clock - 1 },
        };
        Ok(Place { sequence: run.sequence, label: run.label, offset, origin, right: run.right })
    }

    /// Adds clocks that stand nowhere.
    pub(super) fn fill(&mut self, id: Id, len: u32) {
        let start = Spot { client: self.number(id.client), clock: id.clock };
        let last = self.clients[start.client as usize].runs.last();
        match last {
            Some(&(_, run)) if self.runs[run as usize].sequence == NONE => self.lengthen(run, len),
            _ => {
                let (origin, right) = (Spot::NONE, Spot::NONE);
                let (sequence, previous, next, label) = (NONE, NONE, NONE, 0);
                let dead = true;
                self.push(Run { start, len, origin, right, sequence, dead, previous, next, label });
            }
        }
    }

    /// Puts a block where yrs would put it. Its origins were found in `sequence`, in order.
    pub(super) fn insert(&mut self, sequence: u32, id: Id, block: &Block<'_>) {
        let start = Spot { client: self.number(id.client), clock: id.clock };
        let origin = self.spot(block.origin);
        let right = self.spot(block.right);
        let left = self.end_at(origin);
        let until = self.start_at(right);
        let previous = self.resolve(sequence, left, until, start.client, origin, right);
        let dead = block.content == Content::Deleted;
        if self.continues(previous, start, origin, right, dead) {
            self.lengthen(previous, block.len);
            return;
        }
        let next = self.next(sequence, previous);
        let label = self.label_between(previous, next);
        let len = block.len;
        let run = Run { start, len, origin, right, sequence, dead, previous, next, label };
        let run = self.push(run);
        self.link(sequence, previous, run);
        if next != NONE {
            self.runs[next as usize].previous = run;
        }
    }

    /// The run behind which a new one stands: `Item::resolve_conflict` of yrs. Its two sets of
    /// blocks are stretches of the list, so labels tell membership.
    fn resolve(
        &mut self,
        sequence: u32,
        left: u32,
        until: u32,
        client: u32,
        origin: Spot,
        right: Spot,
    ) -> u32 {
        let author = self.clients[client as usize].id;
        let mut previous = left;
        let mut at = self.next(sequence, left);
        if at == until || at == NONE {
            return previous;
        }
        let first = self.runs[at as usize].label;
        let mut conflicting = first;
        while at != NONE && at != until {
            let other = &self.runs[at as usize];
            let goes_before = if other.origin == origin {
                let before = self.clients[other.start.client as usize].id < author;
                if !before && other.right == right {
                    break;
                }
                before
            } else {
                let Some(run) = self.run_at(other.origin) else { break };
                let label = self.runs[run as usize].label;
                if label < first {
                    break;
                }
                label < conflicting
            };
            if goes_before {
                previous = at;
                conflicting = other.label.saturating_add(1);
            }
            at = other.next;
        }
        previous
    }

    /// Whether a block continues a run, so that both are one.
    fn continues(&self, previous: u32, start: Spot, origin: Spot, right: Spot, dead: bool) -> bool {
        let Some(run) = self.runs.get(previous as usize) else { return false };
        run.start.client == start.client
            && run.start.clock + run.len == start.clock
            && origin == Spot { client: start.client, clock: start.clock.wrapping_sub(1) }
            && run.right == right
            && run.dead == dead
    }
}

#[cfg(test)]
impl Order {
    /// Every unit of a sequence, from left to right.
    pub(super) fn units(&self, sequence: u32) -> Vec<Id> {
        let mut units = Vec::new();
        let mut at = self.next(sequence, NONE);
        while at != NONE {
            let run = &self.runs[at as usize];
            let client = self.clients[run.start.client as usize].id;
            units.extend((0..run.len).map(|n| Id { client, clock: run.start.clock + n }));
            assert!(run.next == NONE || self.runs[run.next as usize].label > run.label);
            assert!(run.next == NONE || self.runs[run.next as usize].previous == at);
            at = run.next;
        }
        units
    }
}
