//! Members write in the chat and draw on the board, and try to write where only others may.

use covey_rooms::documents::{DocKind, Document};
use covey_rooms::room::Input;
use covey_wire::id::DocName;

use crate::page::PageId;
use crate::reference::{Edit, Told};
use crate::step::Step;
use crate::values;
use crate::world::World;

/// The maps of the board that are written in: its pages, and the elements of two.
pub const MAPS: [&str; 3] = ["pages", "page/p1", "page/p2"];
/// The keys of each.
pub const KEYS: [&str; 4] = ["p1", "p2", "e3", "e4"];

impl World {
    /// Someone writes in the chat or on the board.
    pub fn scribbles(&mut self, step: Step) {
        let Some(id) = self.some_page() else { return };
        match step {
            Step::Chat => self.chats(id),
            Step::Draw => self.draws(id),
            _ => self.trespasses(id),
        }
    }

    /// The list of the chat that only a person writes in.
    pub fn list_of(&self, person: usize) -> String {
        format!("from/{}", covey_wire::id::hex(&self.member_of(person).0))
    }

    fn blank(&self, id: PageId, document: DocName, root: String) -> Edit {
        let page = &self.pages[&id];
        let (device, early) = (page.device, !page.client.status().admitted);
        let person = self.devices[device].person;
        let (letters, deletes) = (Vec::new(), Vec::new());
        let told = Told::default();
        Edit { page: id, device, person, document, root, letters, deletes, early, told }
    }

    fn chats(&mut self, id: PageId) {
        let root = self.list_of(self.devices[self.pages[&id].device].person);
        let mut edit = self.blank(id, DocName::Chat, root.clone());
        edit.letters = self.reference.letters(1);
        let Some(letter) = edit.letters.first().copied() else { return };
        let update = self.say_in(id, &root, letter);
        self.say(|| format!("  page {id} says {letter}"));
        self.reference.edit(edit);
        self.counts.records += 1;
        self.handle(id, Input::Edit(DocName::Chat, update));
    }

    /// Puts a record behind a list of the chat, in a page's view.
    fn say_in(&mut self, id: PageId, root: &str, letter: char) -> Vec<u8> {
        let of = format!("{}.{}", self.rng.below(1 << 50), self.rng.below(100));
        let value = values::record(self.rng.below(6), letter, of);
        let Some(page) = self.pages.get_mut(&id) else { return Vec::new() };
        let mut scratch = Document::new(DocKind::Chat, page.client.client_id());
        values::put(page.views.of(&DocName::Chat), &mut scratch, &value, |document, value| {
            document.splice(root, u32::MAX, 0, vec![value])
        })
    }

    /// Adds or changes an element, or deletes one.
    fn draws(&mut self, id: PageId) {
        let root = self.rng.pick(&MAPS).unwrap_or(MAPS[0]);
        let key = self.rng.pick(&KEYS).unwrap_or(KEYS[0]);
        let erases = self.rng.chance(20);
        let mut edit = self.blank(id, DocName::Board, format!("{root} {key}"));
        let Some(page) = self.pages.get_mut(&id) else { return };
        let view = page.views.of(&DocName::Board);
        edit.deletes.extend(view.map(root).get(key).and_then(values::letter));
        if erases && edit.deletes.is_empty() {
            return;
        }
        edit.letters = self.reference.letters(u64::from(!erases));
        let update = match edit.letters.first() {
            None => view.set(root, key, None),
            Some(letter) => {
                let mut scratch = Document::new(DocKind::Board, page.client.client_id());
                values::put(view, &mut scratch, &values::element(*letter), |document, value| {
                    document.set(root, key, Some(value))
                })
            }
        };
        self.say(|| format!("  page {id} draws {:?} over {:?}", edit.letters, edit.deletes));
        self.reference.edit(edit);
        self.counts.elements += 1;
        self.handle(id, Input::Edit(DocName::Board, update));
    }

    /// A page writes or deletes in another's list, which all refuse, its own replica first.
    fn trespasses(&mut self, id: PageId) {
        let own = self.devices[self.pages[&id].device].person;
        let person = self.rng.below(self.reference.people.len() as u64) as usize;
        if person == own || !self.pages[&id].client.status().admitted {
            return;
        }
        let root = self.list_of(person);
        let mut edit = self.blank(id, DocName::Chat, root.clone());
        let Some(page) = self.pages.get_mut(&id) else { return };
        let view = page.views.of(&DocName::Chat);
        let length = view.list(&root).len() as u64;
        let update = if length > 0 && self.rng.chance(50) {
            let at = self.rng.below(length) as u32;
            view.splice(&root, at, 1, Vec::new())
        } else {
            edit.letters = self.reference.letters(1);
            let Some(letter) = edit.letters.first().copied() else { return };
            self.say_in(id, &root, letter)
        };
        self.say(|| format!("  page {id} writes in the list of person {person}"));
        self.counts.trespasses += 1;
        self.reference.trespass(edit);
        self.trespassing = true;
        self.handle(id, Input::Edit(DocName::Chat, update));
        self.trespassing = false;
    }
}
