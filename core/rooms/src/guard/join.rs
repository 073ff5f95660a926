//! Joins own updates that follow each other into one that does the same, so that what a page writes
//! at once is sealed, checked and shown at once. Text typed in a row becomes one block.

use core::ops::Range;

use super::content::Content;
use super::parse::{Block, Id, Update};
use super::refusal::Refusal;
use super::split::merge;
use super::{STRICT, write};
use covey_wire::id::ClientId;
use covey_wire::limits;
use covey_wire::sorted::SortedMap;

/// Updates of one author as one. Each has passed the guard before it comes here.
#[derive(Debug)]
pub struct Joined {
    author: ClientId,
    /// The first block's clock, where there are blocks.
    clock: Option<u32>,
    end: u32,
    count: u64,
    blocks: Vec<u8>,
    run: Option<Run>,
    deletes: SortedMap<ClientId, Vec<Range<u32>>>,
    /// Bytes of what was joined, each as it came.
    size: usize,
}

/// Text or values that go on where the last block ended.
#[derive(Debug)]
struct Run {
    head: Vec<u8>,
    right: Option<Id>,
    content: Grown,
}

#[derive(Debug)]
enum Grown {
    Text(String),
    /// So many values, encoded one behind another.
    Values(u32, Vec<u8>),
}

impl Grown {
    /// The beginning of what can be made longer.
    fn of(block: &Block<'_>) -> Option<Self> {
        match block.content {
            _ if block.keyed => None,
            Content::Text(text) => Some(Self::Text(text.to_owned())),
            Content::Values(bytes) => Some(Self::Values(block.len, bytes.to_owned())),
            _ => None,
        }
    }

    /// Makes it longer by a block of the same kind; false for another.
    fn extend(&mut self, block: &Block<'_>) -> bool {
        match (self, block.content) {
            (Self::Text(all), Content::Text(text)) => all.push_str(text),
            (Self::Values(len, all), Content::Values(bytes)) => {
                *len += block.len;
                all.extend(bytes);
            }
            _ => return false,
        }
        true
    }
}

impl Joined {
    /// Nothing of this author yet.
    pub fn new(author: ClientId) -> Self {
        Self {
            author,
            clock: None,
            end: 0,
            count: 0,
            blocks: Vec::new(),
            run: None,
            deletes: SortedMap::new(),
            size: 0,
        }
    }

    /// Whether an update of so many bytes may come as well.
    pub fn has_room(&self, bytes: usize) -> bool {
        self.size == 0 || self.size + bytes <= limits::JOINED
    }

    /// Bytes of what was joined.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Adds the author's next update. An error leaves everything as it was.
    pub fn push(&mut self, update: &[u8]) -> Result<(), Refusal> {
        let read = Update::read(update, STRICT)?;
        for section in &read.sections {
            self.clock.get_or_insert(section.clock);
            self.end = section.clock;
            for block in section.blocks() {
                self.block(&block?);
            }
        }
        for deletes in read.deletes {
            self.deletes.or_default(deletes.client).extend(deletes.ranges);
        }
        self.size += update.len();
        Ok(())
    }

    fn block(&mut self, block: &Block<'_>) {
        let last = self.end.checked_sub(1).map(|clock| Id { client: self.author, clock });
        self.end = block.clock + block.len;
        if let Some(run) = &mut self.run
            && block.origin == last
            && block.right == run.right
            && !block.keyed
            && run.content.extend(block)
        {
            return;
        }
        self.close_run();
        self.count += 1;
        match Grown::of(block) {
            Some(content) => {
                let (head, right) = (write::head(block), block.right);
                self.run = Some(Run { head, right, content });
            }
            None => self.blocks.extend(write::block(block)),
        }
    }

    fn close_run(&mut self) {
        if let Some(Run { mut head, content, .. }) = self.run.take() {
            match &content {
                Grown::Text(text) => write::content(&mut head, &Content::Text(text), 0),
                Grown::Values(len, all) => {
                    write::content(&mut head, &Content::Values(all), *len);
                }
            }
            self.blocks.extend(head);
        }
    }

    /// All of it as one update.
    pub fn finish(mut self) -> Vec<u8> {
        self.close_run();
        let section = self.clock.map(|clock| (self.author, clock, self.count));
        // Clients in falling order, as Yjs and yrs write them.
        let deletes = self.deletes.into_iter().rev().map(|(client, mut ranges)| {
            merge(&mut ranges);
            (client, ranges)
        });
        write::update(section, &self.blocks, &deletes.collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::documents::Document;
    use crate::guard::{DocKind, Guard};
    use proptest::prelude::*;

    const AUTHOR: ClientId = ClientId(7);
    const ROOT: &str = "file/0";

    fn joined(updates: &[Vec<u8>]) -> Vec<u8> {
        let mut joined = Joined::new(AUTHOR);
        for update in updates {
            joined.push(update).expect("sound");
        }
        joined.finish()
    }

    fn text_of(updates: &[Vec<u8>]) -> Document {
        let mut document = Document::new(DocKind::Custom, ClientId(1));
        updates.iter().for_each(|update| document.apply(update).expect("sound"));
        document
    }

    /// The cost, as the guard says, of updates that pass it one behind another.
    fn cost_of(updates: &[Vec<u8>]) -> usize {
        let mut guard = Guard::new(DocKind::Custom);
        let (mut next, mut cost) = (0, 0);
        for update in updates {
            let seen = BTreeMap::<ClientId, u32>::new();
            let checked = guard.check(update, AUTHOR, next, &seen).expect("passes");
            cost += checked.cost();
            next = checked.accept();
        }
        cost
    }

    #[test]
    fn values_that_are_pushed_in_a_row_are_one_block() {
        let mut author = Document::new(DocKind::Custom, AUTHOR);
        let pushed: Vec<_> =
            (0..100).map(|n| author.splice("list", n, 0, vec![n.into()])).collect();
        let one = joined(&pushed);
        assert!(one.len() < pushed[0].len() + 3 * 100, "{} bytes", one.len());
        assert!(cost_of(&[one]) <= cost_of(&pushed));
    }

    #[test]
    fn one_update_stays_as_it_is() {
        let mut author = Document::new(DocKind::Custom, AUTHOR);
        let first = author.edit(ROOT, 0, 0, "hello");
        let second = author.edit(ROOT, 2, 2, "y");
        for update in [first, second] {
            assert_eq!(joined(std::slice::from_ref(&update)), update);
        }
    }

    #[test]
    fn text_typed_in_a_row_is_one_block() {
        let mut author = Document::new(DocKind::Custom, AUTHOR);
        author.edit(ROOT, 0, 0, "[]");
        let typed: Vec<_> = (0..100).map(|n| author.edit(ROOT, 1 + n, 0, "ä")).collect();
        let joined = joined(&typed);
        assert!(joined.len() < typed[0].len() + 2 * 100, "{} bytes", joined.len());
    }

    proptest! {
        #[test]
        fn joined_updates_do_the_same_and_pass_the_guard(
            edits in prop::collection::vec((0..40u32, 0..4u32, "[aä😀]{0,3}"), 1..60),
            keys in prop::collection::vec((0..3u8, any::<bool>()), 0..10),
            cut in 1..12usize,
        ) {
            let mut author = Document::new(DocKind::Custom, AUTHOR);
            let mut updates: Vec<_> =
                edits.iter().map(|(at, delete, text)| author.edit(ROOT, *at, *delete, text)).collect();
            let set = |(key, on): &(u8, bool)| {
                author.set("map", &key.to_string(), on.then_some(yrs::Any::Bool(true)))
            };
            updates.extend(keys.iter().map(set));
            updates.retain(|update| update != &[0, 0]);
            let all: Vec<_> = updates.chunks(cut).map(joined).collect();
            // But for what is rounded down once or twice.
            let (one_by_one, joined) = (cost_of(&updates), cost_of(&all));
            prop_assert!(joined <= one_by_one + one_by_one / 64, "{joined} and {one_by_one}");
            prop_assert_eq!(text_of(&all).content(), text_of(&updates).content());
        }
    }
}
