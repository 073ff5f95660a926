//! Updates of seats that wrote several histories: with other ids, and with nothing in them.

use core::ops::Range;

use super::content::Content;
use super::parse::{Block, Id, Parent, Update};
use super::refusal::Refusal;
use super::{STRICT, write};
use covey_wire::id::ClientId;
use covey_wire::sorted::SortedMap;

/// Where units of a client are: from `shift` on under another id, up to and without `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocks {
    /// The id they have.
    pub client: ClientId,
    /// By how much their clocks are smaller there.
    pub shift: u32,
    /// Behind their last clock, by the old count.
    pub until: u32,
}

/// An update of `author` with the ids that `place` tells for each unit it writes or names; refused where
/// that tells none.
pub fn rename(
    update: &[u8],
    author: ClientId,
    mut place: impl FnMut(ClientId, u32) -> Option<Blocks>,
) -> Result<Vec<u8>, Refusal> {
    let read = Update::read(update, STRICT)?;
    let mut at = |id: Id| -> Result<Id, Refusal> {
        let blocks = place(id.client, id.clock).ok_or(Refusal::OriginUnseen)?;
        let clock = id.clock.checked_sub(blocks.shift).ok_or(Refusal::OriginUnseen)?;
        Ok(Id { client: blocks.client, clock })
    };
    let (mut section, mut blocks) = (None, Vec::new());
    if let Some(of) = read.sections.first() {
        if of.client != author {
            return Err(Refusal::Author);
        }
        let first = at(Id { client: author, clock: of.clock }).map_err(|_| Refusal::Clock)?;
        let mut count = 0;
        for block in of.blocks() {
            let block = block?;
            let parent = match block.parent {
                Some(Parent::Type(id)) => Some(Parent::Type(at(id)?)),
                other => other,
            };
            let [origin, right] = [block.origin, block.right].map(|id| id.map(&mut at).transpose());
            let block = Block { origin: origin?, right: right?, parent, ..block };
            blocks.extend(write::block(&block));
            count += 1;
        }
        section = Some((first.client, first.clock, count));
    }
    let mut deletes: Vec<(ClientId, Vec<Range<u32>>)> = Vec::new();
    let mut places: SortedMap<ClientId, u32> = SortedMap::new();
    for of in &read.deletes {
        for range in &of.ranges {
            let mut start = range.start;
            while start < range.end {
                let blocks = place(of.client, start).ok_or(Refusal::DeleteUnseen)?;
                let end = range.end.min(blocks.until);
                let shifted = start.checked_sub(blocks.shift).ok_or(Refusal::DeleteUnseen)?;
                let at = *places.or_insert_with(blocks.client, || deletes.len() as u32) as usize;
                if at == deletes.len() {
                    deletes.push((blocks.client, Vec::new()));
                }
                deletes[at].1.push(shifted..end - blocks.shift);
                start = end.max(start + 1);
            }
        }
    }
    for (_, ranges) in &mut deletes {
        ranges.sort_unstable_by_key(|range| range.start);
    }
    Ok(write::update(section, &blocks, &deletes))
}

/// An update with all its blocks deleted, which keeps the places of others, and without what it deletes;
/// nothing if nothing is left.
pub fn hollow(update: &[u8]) -> Result<Option<Vec<u8>>, Refusal> {
    let read = Update::read(update, STRICT)?;
    let Some(section) = read.sections.first() else { return Ok(None) };
    let (mut blocks, mut count) = (Vec::new(), 0);
    for block in section.blocks() {
        let mut block = block?;
        if block.content != Content::Filler {
            block.content = Content::Deleted;
        }
        blocks.extend(write::block(&block));
        count += 1;
    }
    Ok(Some(write::update(Some((section.client, section.clock, count)), &blocks, &[])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::Document;
    use crate::guard::{CODE_FILE, DocKind};

    const AUTHOR: ClientId = ClientId(7);
    const BRANCH: ClientId = ClientId(900);

    #[test]
    fn an_update_without_anything_to_rename_stays_as_it_is() {
        let mut view = Document::new(DocKind::Code, AUTHOR);
        let same = |client, _| Some(Blocks { client, shift: 0, until: u32::MAX });
        for update in [view.edit(CODE_FILE, 0, 0, "some text"), view.edit(CODE_FILE, 2, 3, "🦀")]
        {
            assert_eq!(rename(&update, AUTHOR, same).as_ref(), Ok(&update));
        }
    }

    #[test]
    fn a_hollow_update_shows_nothing_and_keeps_the_place_of_others() {
        let (mut one, mut two) =
            (Document::new(DocKind::Code, AUTHOR), Document::new(DocKind::Code, ClientId(8)));
        let first = one.edit(CODE_FILE, 0, 0, "abc");
        two.apply(&first).expect("it is honest");
        let second = two.edit(CODE_FILE, 2, 1, "-");
        let place = |client, clock| {
            let parted = client == AUTHOR && clock >= 1;
            Some(if parted {
                Blocks { client: BRANCH, shift: 1, until: u32::MAX }
            } else {
                Blocks { client, shift: 0, until: if client == AUTHOR { 1 } else { u32::MAX } }
            })
        };
        let base = one.edit(CODE_FILE, 0, 0, "");
        assert!(rename(&base, AUTHOR, place).is_ok());
        let mut seen = Document::new(DocKind::Code, ClientId(9));
        // The first letter counts, the others don't.
        let mut prefix = Document::new(DocKind::Code, AUTHOR);
        let letter = prefix.edit(CODE_FILE, 0, 0, "a");
        let rest = prefix.edit(CODE_FILE, 1, 0, "bc");
        seen.apply(&letter).expect("it is honest");
        let rest = rename(&rest, AUTHOR, place).expect("it is all behind the parting");
        seen.apply(&hollow(&rest).expect("it is sound").expect("it has blocks")).expect("sound");
        assert_eq!(seen.text(CODE_FILE), "a");
        let renamed = rename(&second, ClientId(8), place).expect("all is known");
        seen.apply(&renamed).expect("its origins are there");
        assert_eq!(seen.text(CODE_FILE), "a-");
    }
}
