//! The model: what each person wrote, what they were told of it, and who may be in the room. It
//! knows nothing of logs, clocks or connections.

use std::collections::{BTreeMap, BTreeSet};

use covey_rooms::capability::{Role, Terms, Tools, VerifiedLink};
use covey_wire::id::DocName;
use covey_wire::time::Time;

use crate::page::PageId;

/// The first letter that edits write: every letter is written once in a run.
const FIRST: u32 = 0x4e00;
/// How many letters there are.
const LETTERS: u32 = 0x5000;

/// A link that was made.
pub struct Ticket {
    pub link: VerifiedLink,
    pub terms: Terms,
}

impl Ticket {
    /// A link with what its last grant gives.
    pub fn new(link: VerifiedLink) -> Self {
        Self { terms: *link.terms(), link }
    }

    /// Whether it lets in whoever holds it, whenever they come.
    pub fn lasts(&self) -> bool {
        self.terms.expires.is_none() && self.terms.uses.is_none() && !self.terms.approval
    }

    fn writes(&self, name: &DocName) -> bool {
        self.terms.role >= Role::Participant && self.terms.tools.include(Tools::of(name))
    }
}

/// A person: one device secret, on one browser profile or several.
pub struct Person {
    pub secret: [u8; 32],
    pub name: String,
    /// The links they came by, and when.
    pub came: Vec<(usize, Time)>,
}

/// What was told of an edit to its author.
#[derive(Debug, Default, Clone, Copy)]
pub struct Told {
    /// It was refused.
    pub rejected: bool,
    /// Another installation has it on its disk.
    pub acked: bool,
    /// The author's own disk has it.
    pub saved: bool,
    /// Its page is there, and in the room.
    pub here: bool,
}

impl Told {
    /// Whether it must be there. What a crashed page left on a disk is in the room again when the
    /// next page has read it.
    pub(crate) fn is_kept(self, loaded: bool) -> bool {
        self.here || loaded && (self.acked || self.saved)
    }
}

/// One edit.
pub struct Edit {
    pub page: PageId,
    pub device: usize,
    pub person: usize,
    pub document: DocName,
    /// The text or list it is in; on the board the map and the key.
    pub root: String,
    /// What it wrote, in this order.
    pub letters: Vec<char>,
    /// What it deleted.
    pub deletes: Vec<char>,
    /// It was made before its author was let in.
    pub early: bool,
    pub told: Told,
}

/// Everything that was done.
#[derive(Default)]
pub struct Reference {
    pub tickets: Vec<Ticket>,
    pub people: Vec<Person>,
    pub edits: Vec<Edit>,
    /// Edits that their page was not told to be acknowledged, and to be saved.
    unacked: BTreeMap<PageId, Vec<usize>>,
    unsaved: BTreeMap<PageId, Vec<usize>>,
    letters: u32,
}

impl Reference {
    /// Letters that were never written before; fewer when they run out.
    pub fn letters(&mut self, count: u64) -> Vec<char> {
        let mut letters = Vec::new();
        while (letters.len() as u64) < count && self.letters < LETTERS {
            letters.extend(char::from_u32(FIRST + self.letters));
            self.letters += 1;
        }
        letters
    }

    /// Takes an edit.
    pub fn edit(&mut self, edit: Edit) {
        for open in [&mut self.unacked, &mut self.unsaved] {
            open.entry(edit.page).or_default().push(self.edits.len());
        }
        self.edits.push(edit);
    }

    /// Whether a page wrote a letter.
    pub fn wrote(&self, page: PageId, letter: char) -> bool {
        self.edits.iter().any(|edit| edit.page == page && edit.letters.contains(&letter))
    }

    /// Takes an edit that all have to refuse.
    pub fn trespass(&mut self, mut edit: Edit) {
        edit.told.rejected = true;
        self.edits.push(edit);
    }

    /// A page's edit of a document was refused: the last one, or all that waited for it to be let in.
    pub fn rejected(&mut self, page: PageId, name: &DocName) {
        let mut open = self.unsaved.get(&page).cloned().unwrap_or_default();
        open.retain(|at| self.edits[*at].document == *name);
        let last = open.last().copied();
        for at in open {
            let edit = &mut self.edits[at];
            edit.told.rejected |= edit.early || Some(at) == last;
        }
        let edits = &self.edits;
        for open in [&mut self.unacked, &mut self.unsaved] {
            open.entry(page).or_default().retain(|at| !edits[*at].told.rejected);
        }
    }

    /// A page shows that none of its edits waits, or that all are saved.
    pub fn told(&mut self, page: PageId, acked: bool, saved: bool) {
        for at in taken(&mut self.unacked, page, acked) {
            self.edits[at].told.acked = true;
        }
        for at in taken(&mut self.unsaved, page, saved) {
            self.edits[at].told.saved = true;
        }
    }

    /// All of a page's edits that were not refused, and surely could be made, are kept: the page is
    /// there.
    pub fn stays(&mut self, page: PageId) {
        for at in 0..self.edits.len() {
            let Edit { page: by, person, ref document, told, .. } = self.edits[at];
            let stays = by == page && !told.rejected && self.surely_writes(person, document);
            self.edits[at].told.here |= stays;
        }
    }

    /// A device lost its disk: its own edits are on those of others, theirs perhaps only on their
    /// own.
    pub fn wiped(&mut self, device: usize) {
        for edit in &mut self.edits {
            if edit.device == device {
                edit.told.saved = false;
            } else {
                edit.told.acked = false;
            }
        }
    }

    /// The most a person may be.
    pub fn at_most(&self, person: usize) -> Role {
        if person == 0 {
            return Role::Owner;
        }
        self.useful(person).map(|ticket| ticket.terms.role).max().unwrap_or(Role::Replica)
    }

    /// A link, if it lets in whoever has it in any case.
    pub fn sure(&self, ticket: Option<usize>) -> Option<&Ticket> {
        self.tickets.get(ticket?).filter(|ticket| ticket.lasts())
    }

    /// Whether a person may write a document by any link they came by.
    pub fn may_write(&self, person: usize, name: &DocName) -> bool {
        person == 0 || self.useful(person).any(|ticket| ticket.writes(name))
    }

    /// Whether a person may write a document by every link they came by.
    pub fn surely_writes(&self, person: usize, name: &DocName) -> bool {
        person == 0 || self.came(person).all(|(ticket, _)| ticket.writes(name))
    }

    fn came(&self, person: usize) -> impl Iterator<Item = (&Ticket, Time)> {
        let came = self.people.get(person).map(|person| person.came.as_slice());
        came.unwrap_or_default()
            .iter()
            .filter_map(|(ticket, at)| Some((self.tickets.get(*ticket)?, *at)))
    }

    /// Links that had not ended when the person came; clocks differ by less than `SKEW`.
    fn useful(&self, person: usize) -> impl Iterator<Item = &Ticket> {
        let holds = |(ticket, at): &(&Ticket, Time)| {
            ticket.terms.expires.is_none_or(|end| at.0 < end.0 + crate::world::SKEW)
                && !ticket.terms.approval
        };
        self.came(person).filter(holds).map(|(ticket, _)| ticket)
    }

    /// What is wrong with a text or a list of the chat, if anything; `loaded` after every disk was read.
    pub fn judge(&self, root: &str, text: &str, loaded: bool) -> Result<(), String> {
        let mut places: BTreeMap<char, usize> = BTreeMap::new();
        for (place, letter) in text.chars().enumerate() {
            let ours = (FIRST..FIRST + LETTERS).contains(&u32::from(letter));
            if ours && places.insert(letter, place).is_some() {
                return Err(format!("{letter} stands twice"));
            }
        }
        let of_file = || self.edits.iter().filter(|edit| edit.root == root);
        let (mut gone, mut maybe_gone) = (BTreeSet::new(), BTreeSet::new());
        for edit in of_file().filter(|edit| !edit.told.rejected) {
            maybe_gone.extend(edit.deletes.iter().copied());
            if edit.told.is_kept(loaded) {
                gone.extend(edit.deletes.iter().copied());
            }
        }
        for edit in of_file() {
            let mut before = None;
            for letter in &edit.letters {
                let place = places.remove(letter);
                self.judge_letter(edit, *letter, place, &gone)?;
                let kept = edit.told.is_kept(loaded) && self.may_write(edit.person, &edit.document);
                if kept && place.is_none() && !maybe_gone.contains(letter) {
                    return Err(format!(
                        "{letter} of page {} ({:?}) is lost",
                        edit.page, edit.told
                    ));
                }
                if place.is_some() && place < before {
                    return Err(format!("{letter} stands before what was written before it"));
                }
                before = place.or(before);
            }
        }
        match places.keys().next() {
            Some(stray) => Err(format!("nobody wrote {stray} in {root}")),
            None => Ok(()),
        }
    }

    pub(crate) fn judge_letter(
        &self,
        edit: &Edit,
        letter: char,
        place: Option<usize>,
        gone: &BTreeSet<char>,
    ) -> Result<(), String> {
        let by = format!("{letter} of page {} ({:?})", edit.page, edit.told);
        match place {
            Some(_) if edit.told.rejected => Err(format!("{by} was refused and is there")),
            Some(_) if !self.may_write(edit.person, &edit.document) => {
                Err(format!("{by} is there, though its author may not write"))
            }
            Some(_) if gone.contains(&letter) => Err(format!("{by} was deleted and is there")),
            _ => Ok(()),
        }
    }
}

/// A page's open edits, if they are to be taken.
fn taken(open: &mut BTreeMap<PageId, Vec<usize>>, page: PageId, take: bool) -> Vec<usize> {
    if take { open.remove(&page).unwrap_or_default() } else { Vec::new() }
}
