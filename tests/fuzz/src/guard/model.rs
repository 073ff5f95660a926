//! What made-up updates have put into a document: where blocks stand, so that others can be put
//! beside them.

use covey_wire::id::ClientId;

use super::replica::Past;
use crate::rng::Rng;

/// One unit of content.
pub(super) type Id = (ClientId, u32);

/// What a container takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Whatever there is.
    Anything,
    /// Values, bytes and types.
    List,
    /// The same by key.
    Map,
    /// Characters, embeds, formats and types; values by key.
    Text,
    /// Types; values by key.
    Xml,
}

/// A block that is there.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) id: Id,
    pub(super) len: u32,
    pub(super) origin: Option<Id>,
    pub(super) right: Option<Id>,
    pub(super) keyed: bool,
    /// What the container that it stands in takes.
    pub(super) within: Holds,
    /// What it takes if it is a type.
    pub(super) holds: Option<Holds>,
}

/// All blocks that made-up updates have put in.
#[derive(Debug, Default)]
pub(super) struct Model(Vec<Known>);

impl Model {
    pub(super) fn learn(&mut self, blocks: Vec<Known>) {
        self.0.extend(blocks);
    }

    /// A block that someone can build on.
    pub(super) fn some<'a>(
        &'a self,
        rng: &mut Rng,
        own: &'a [Known],
        past: &Past,
        wanted: impl Fn(&Known) -> bool,
    ) -> Option<&'a Known> {
        let seen = |known: &&Known| {
            let (client, clock) = known.id;
            past.0.get(&client).is_some_and(|end| clock + known.len <= *end)
        };
        let of_others = self.0.iter().filter(seen);
        let all: Vec<&Known> = of_others.chain(own).filter(|known| wanted(known)).collect();
        if all.is_empty() { None } else { Some(*rng.pick(&all)) }
    }
}
