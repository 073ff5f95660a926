//! The containers of a document: its roots and the types inside them, each with one sequence for
//! its list and one for every key.
//!
//! A container or a key is there from the first block in it, whose bytes name it: what the tree
//! keeps is in proportion to the updates that passed.

use super::content::Content;
use super::parse::Id;
use super::refusal::Refusal;
use super::rules::{DocKind, Root, Shape};
use crate::broken::{Rule, is_broken};
use covey_wire::id::MemberId;
use covey_wire::limits;
use covey_wire::sorted::SortedMap;

/// All containers, with a journal of what is not yet kept.
#[derive(Debug)]
pub(super) struct Tree {
    kind: DocKind,
    containers: Vec<Container>,
    roots: SortedMap<Box<str>, u32>,
    types: SortedMap<Id, u32>,
    sequences: Vec<Sequence>,
    journal: Vec<Step>,
}

#[derive(Debug)]
struct Container {
    root: Root,
    /// How many containers it stands in.
    depth: usize,
    list: Option<u32>,
    keys: SortedMap<Box<str>, u32>,
}

#[derive(Debug, Clone, Copy)]
struct Sequence {
    container: u32,
    keyed: bool,
}

/// The edits that `undo` takes back, last first. Each put the last container or the last sequence there.
#[derive(Debug)]
enum Step {
    Root(Box<str>),
    Type(Id),
    List,
    Key(Box<str>),
}

impl Tree {
    /// No containers.
    pub(super) fn new(kind: DocKind) -> Self {
        Self {
            kind,
            containers: Vec::new(),
            roots: SortedMap::new(),
            types: SortedMap::new(),
            sequences: Vec::new(),
            journal: Vec::new(),
        }
    }

    /// The container of a root, if the document has it.
    pub(super) fn root(&mut self, name: &str) -> Result<u32, Refusal> {
        if let Some(&container) = self.roots.get(name) {
            return Ok(container);
        }
        let container = self.add(self.kind.root(name)?, 0);
        self.roots.insert(name.into(), container);
        self.journal.push(Step::Root(name.into()));
        Ok(container)
    }

    /// The container that is a block.
    pub(super) fn type_at(&self, id: Id) -> Option<u32> {
        self.types.get(&id).copied()
    }

    /// Makes a block in a sequence a container.
    pub(super) fn add_type(&mut self, id: Id, shape: Shape, within: u32) -> Result<(), Refusal> {
        let outer = &self.containers[self.sequences[within as usize].container as usize];
        let (depth, owner) = (outer.depth + 1, outer.root.owner);
        if depth > limits::TYPE_DEPTH {
            return Err(Refusal::Depth);
        }
        let container = self.add(Root { shape, owner }, depth);
        self.types.insert(id, container);
        self.journal.push(Step::Type(id));
        Ok(())
    }

    /// The number of a container's list, or of what stands under a key.
    pub(super) fn sequence(&mut self, container: u32, key: Option<&str>) -> u32 {
        let fresh = self.sequences.len() as u32;
        let at = &mut self.containers[container as usize];
        let step = match key {
            None => match at.list {
                Some(list) => return list,
                None => {
                    at.list = Some(fresh);
                    Step::List
                }
            },
            Some(key) => match at.keys.get(key) {
                Some(&sequence) => return sequence,
                None => {
                    at.keys.insert(key.into(), fresh);
                    Step::Key(key.into())
                }
            },
        };
        self.sequences.push(Sequence { container, keyed: key.is_some() });
        self.journal.push(step);
        fresh
    }

    /// Whether `member` may put a block into a sequence.
    pub(super) fn admit(
        &self,
        sequence: u32,
        keyed: bool,
        content: Content<'_>,
        member: Option<MemberId>,
    ) -> Result<(), Refusal> {
        let Sequence { container, keyed: by_key } = self.sequences[sequence as usize];
        let Root { shape, owner } = self.containers[container as usize].root;
        if keyed != by_key {
            return Err(Refusal::Key);
        }
        if owner.is_some() && owner != member && !is_broken(Rule::Ownership) {
            return Err(Refusal::Owner);
        }
        shape.admit(keyed, content)
    }

    /// Keeps what was put in since the last `keep`.
    pub(super) fn keep(&mut self) {
        self.journal.clear();
        self.journal.shrink_to(super::SPARE_STEPS);
    }

    /// Takes back what was put in since the last `keep`.
    pub(super) fn undo(&mut self) {
        while let Some(step) = self.journal.pop() {
            match step {
                Step::Root(name) => {
                    self.roots.remove(&name);
                    self.containers.pop();
                }
                Step::Type(id) => {
                    self.types.remove(&id);
                    self.containers.pop();
                }
                Step::List => {
                    if let Some(at) = self.pop_sequence() {
                        at.list = None;
                    }
                }
                Step::Key(key) => {
                    if let Some(at) = self.pop_sequence() {
                        at.keys.remove(&key);
                    }
                }
            }
        }
    }

    fn pop_sequence(&mut self) -> Option<&mut Container> {
        let sequence = self.sequences.pop()?;
        self.containers.get_mut(sequence.container as usize)
    }

    fn add(&mut self, root: Root, depth: usize) -> u32 {
        let fresh = self.containers.len() as u32;
        self.containers.push(Container { root, depth, list: None, keys: SortedMap::new() });
        fresh
    }
}

#[cfg(test)]
impl Tree {
    /// The list of a root; one that has none is left out of the journal.
    pub(super) fn list_of(&self, root: &str) -> Option<u32> {
        self.containers[*self.roots.get(root)? as usize].list
    }
}
