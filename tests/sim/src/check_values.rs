//! What must hold of the chat and the board when everyone is connected and the room is quiet.

use covey_rooms::capability::Role;
use covey_rooms::documents::{Any, Document};
use covey_wire::id::DocName;

use crate::page::PageId;
use crate::scribble::{KEYS, MAPS};
use crate::values;
use crate::views;
use crate::world::World;

impl World {
    /// All who are inside have the same content, which is what the model allows; views show it;
    /// strangers have nothing.
    pub fn check_values(&mut self, inside: &[PageId], loaded: bool) {
        for name in [DocName::Chat, DocName::Board] {
            let mut first = None;
            for id in self.pages.keys().copied().collect::<Vec<_>>() {
                let person = self.person_of(id);
                let Some(page) = self.pages.get_mut(&id) else { continue };
                let stranger = self.reference.at_most(person) == Role::Replica
                    && !self.devices[page.device].leaked;
                let replica = views::replica(&mut page.client, &name);
                let shown = page.views.of(&name).content();
                let content = replica.content();
                if inside.contains(&id) {
                    if shown != content {
                        return self.fail(|| format!("page {id} does not show its {name}"));
                    }
                    if *first.get_or_insert_with(|| content.clone()) != content {
                        return self.fail(|| format!("page {id} has another {name}"));
                    }
                    if let Err(why) = self.judge_values(&name, &replica, loaded) {
                        return self.fail(|| format!("page {id}, {name}: {why}"));
                    }
                } else if stranger && !self.is_own(id, &replica) {
                    return self.fail(|| format!("page {id} reads {name} without any right"));
                }
            }
        }
    }

    /// Whether all that is shown was written by the page itself, before it was let in.
    fn is_own(&self, id: PageId, replica: &Document) -> bool {
        let people = 0..self.reference.people.len();
        let lists = people.flat_map(|person| replica.list(&self.list_of(person)));
        let maps = MAPS.iter().flat_map(|root| replica.map(root).into_values());
        lists.chain(maps).all(|value| {
            values::letter(&value).is_some_and(|letter| self.reference.wrote(id, letter))
        })
    }

    fn judge_values(&self, name: &DocName, replica: &Document, loaded: bool) -> Result<(), String> {
        if *name == DocName::Chat {
            let mut lists = (0..self.reference.people.len()).map(|person| self.list_of(person));
            return lists.try_for_each(|root| {
                let letters: Option<String> =
                    replica.list(&root).iter().map(values::letter).collect();
                let letters = letters.ok_or("a record is none")?;
                self.reference.judge(&root, &letters, loaded)
            });
        }
        MAPS.iter().try_for_each(|root| self.judge_map(root, &replica.map(root), loaded))
    }

    fn judge_map(
        &self,
        root: &str,
        map: &std::collections::BTreeMap<String, Any>,
        loaded: bool,
    ) -> Result<(), String> {
        if let Some(key) = map.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(format!("nobody wrote {key} in {root}"));
        }
        KEYS.iter().try_for_each(|key| {
            let value = map.get(*key);
            let letter = value.and_then(values::letter);
            if value.is_some() && letter.is_none() {
                return Err(format!("{key} in {root} is no element"));
            }
            self.reference.judge_key(&format!("{root} {key}"), letter, loaded)
        })
    }
}
