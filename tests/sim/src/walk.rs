//! Performs steps on the real clients and on the model, and notes what each page shows.

use std::collections::BTreeMap;

use covey_rooms::capability::{Role, Terms, Tools};
use covey_rooms::live::{Caret, Say, Topic};
use covey_rooms::room::Input;
use covey_wire::id::DocName;

use crate::disk::Mark;
use crate::page::PageId;
use crate::reference::{Edit, Ticket, Told};
use crate::step::Step;
use crate::world::World;

/// The files that are written in.
pub const FILES: [&str; 3] = ["file/main", "file/a", "file/Notes_2"];
/// Devices in a run.
const DEVICES: usize = 8;
/// Pages that are open at once.
const PAGES: usize = 9;
/// What a pasted text is made of besides its letters.
const PASTE: u64 = 60_000;
const TOPICS: [&str; 3] = ["view", "draft", "typing"];

impl World {
    /// Performs one step, and lets some time pass.
    pub fn walk(&mut self, step: Step) {
        self.counts.steps += 1;
        self.say(|| format!("{step:?}"));
        let wait = match step {
            Step::Pause => self.rng.between(2_000, 12_000),
            _ => self.rng.between(0, 250),
        };
        match step {
            Step::Edit | Step::Burst | Step::Paste => self.edits(step),
            Step::Chat | Step::Draw | Step::Trespass => self.scribbles(step),
            Step::Caret | Step::Say | Step::Rename | Step::Reconnect => self.gestures(step),
            Step::Invite => self.invite(),
            Step::Join | Step::Open | Step::Upgrade => self.comes(step),
            Step::Close | Step::Crash | Step::Wipe => self.goes(step),
            Step::Break | Step::Part | Step::Heal | Step::Node => self.network_fault(step),
            Step::Disk | Step::Clock => self.device_fault(step),
            Step::Intruder => self.intruder_comes(),
            Step::Intrude => self.intrude(),
            Step::Pause => {}
        }
        self.pass(wait);
    }

    /// Notes what a page shows after everything that followed from an input.
    pub fn observe(&mut self, id: PageId, rejected: &BTreeMap<DocName, &str>) {
        let Some(page) = self.pages.get(&id) else { return };
        let person = self.devices[page.device].person;
        let status = page.client.status();
        for (name, reason) in rejected {
            let Some(page) = self.pages.get_mut(&id) else { return };
            page.renew(name);
            if self.trespassing {
                continue;
            }
            self.reference.rejected(id, name);
            // Written before one was admitted, when a seat turned out to have several histories.
            let excused = *reason == "unadmitted";
            if status.admitted && !excused && self.reference.surely_writes(person, name) {
                self.fail(|| format!("page {id} may write {name}, and was refused: {reason}"));
            }
        }
        let (acked, saved) = (status.waiting == 0, status.unsaved == 0);
        self.reference.told(id, acked, saved);
        self.check_promises(id, acked, saved);
    }

    /// What a page shows as acknowledged or saved lies on disks at that instant.
    fn check_promises(&mut self, id: PageId, acked: bool, saved: bool) {
        let Some(page) = self.pages.get_mut(&id) else { return };
        let device = page.device;
        let promised = |marks: &mut Vec<Mark>, told: bool| {
            if told { core::mem::take(marks) } else { Vec::new() }
        };
        let unacked = promised(&mut page.unacked, acked);
        let unsaved = promised(&mut page.unsaved, saved);
        let others = || self.devices.iter().enumerate().filter(|(at, _)| *at != device);
        let acks_hold = unacked.iter().all(|mark| others().any(|(_, other)| other.disk.had(mark)));
        let saves_hold = unsaved.iter().all(|mark| self.devices[device].disk.had(mark));
        if !acks_hold {
            self.fail(|| format!("page {id} shows edits as acknowledged that no other disk has"));
        }
        if !saves_hold {
            self.fail(|| format!("page {id} shows edits as saved that its disk does not have"));
        }
    }

    /// Some page that is not being closed.
    pub fn some_page(&mut self) -> Option<PageId> {
        let open = self.pages.iter().filter(|(_, page)| !page.leaving);
        let open: Vec<PageId> = open.map(|(id, _)| *id).collect();
        self.rng.pick(&open)
    }

    fn edits(&mut self, step: Step) {
        let Some(id) = self.some_page() else { return };
        let count = if step == Step::Burst { self.rng.between(5, 30) } else { 1 };
        for _ in 0..count {
            self.edit(id, step == Step::Paste);
            if step == Step::Burst {
                let wait = self.rng.between(0, 30);
                self.pass(wait);
            }
        }
    }

    fn edit(&mut self, id: PageId, paste: bool) {
        let root = self.rng.pick(&FILES).unwrap_or(FILES[0]);
        let Some(page) = self.pages.get_mut(&id).filter(|page| !page.leaving) else { return };
        let text: Vec<char> = page.views.of(&DocName::Code).text(root).chars().collect();
        let (device, early) = (page.device, !page.client.status().admitted);
        let at = self.rng.below(text.len() as u64 + 1) as usize;
        let delete = if self.rng.chance(25) { self.rng.between(1, 4) as usize } else { 0 };
        let deletes: Vec<char> = text.iter().skip(at).take(delete).copied().collect();
        let count = self.rng.between(u64::from(deletes.is_empty()), 4);
        let letters = self.reference.letters(count);
        let mut insert: String = letters.iter().collect();
        if paste {
            let noise = (0..PASTE).map(|_| char::from(b'!' + self.rng.below(90) as u8));
            insert.extend(noise);
        }
        if insert.is_empty() && deletes.is_empty() {
            return;
        }
        let person = self.devices[device].person;
        let told = Told::default();
        self.say(|| format!("  page {id} writes {insert:.9} at {at}, deletes {deletes:?}"));
        let (document, file) = (DocName::Code, root);
        let root = file.to_owned();
        let edit = Edit { page: id, device, person, document, root, letters, deletes, early, told };
        self.reference.edit(edit);
        self.counts.edits += 1;
        let Some(page) = self.pages.get_mut(&id) else { return };
        let update = page.views.of(&DocName::Code).edit(file, at as u32, delete as u32, &insert);
        self.handle(id, Input::Edit(DocName::Code, update));
    }

    fn gestures(&mut self, step: Step) {
        let Some(id) = self.some_page() else { return };
        match step {
            Step::Caret => {
                let bytes = self.rng.bytes();
                let (anchor, head) = (bytes[..4].to_vec(), bytes[4..9].to_vec());
                let caret = Caret { document: DocName::Code, anchor, head };
                let caret = Some(caret).filter(|_| !self.rng.chance(15));
                if let Some(page) = self.pages.get_mut(&id) {
                    page.caret.clone_from(&caret);
                }
                self.handle(id, Input::Caret(caret));
            }
            Step::Say => self.speak(id),
            Step::Rename => self.rename(id),
            _ => self.handle(id, Input::Reconnect),
        }
    }

    fn speak(&mut self, id: PageId) {
        let Some(page) = self.pages.get(&id) else { return };
        let (person, status) = (self.devices[page.device].person, page.client.status());
        // What someone says who is being let in, or has some tools only, may or may not be heard.
        let writes = self.reference.surely_writes(person, &DocName::Code);
        if writes && !(status.admitted && status.role >= Role::Participant) {
            return;
        }
        if !writes && self.reference.may_write(person, &DocName::Code) {
            return;
        }
        let name = self.rng.pick(&TOPICS).unwrap_or("view");
        let value = self.rng.bytes()[..self.rng.below(4) as usize].to_vec();
        let Some(topic) = Topic::new(DocName::Code, name) else { return };
        let Some(say) = Say::new(topic, value.clone()) else { return };
        if let Some(page) = self.pages.get_mut(&id).filter(|_| writes) {
            if value.is_empty() {
                page.says.remove(name);
            } else {
                page.says.insert(name.to_owned(), value);
            }
        }
        self.handle(id, Input::Say(say));
    }

    fn rename(&mut self, id: PageId) {
        let Some(page) = self.pages.get(&id) else { return };
        let person = self.devices[page.device].person;
        let name = format!("P{person} the {}", self.rng.below(1_000));
        self.reference.people[person].name.clone_from(&name);
        let of = self.pages.iter().filter(|(_, p)| self.devices[p.device].person == person);
        for id in of.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.handle(id, Input::Name(name.clone()));
        }
    }

    fn invite(&mut self) {
        let Some(id) = self.some_page() else { return };
        let role = match self.rng.below(10) {
            0..2 => Role::Viewer,
            2..8 => Role::Participant,
            _ => Role::Moderator,
        };
        let soon = self.in_about(self.rng.clone().between(1_000, 40_000));
        let expires = self.rng.chance(15).then_some(soon);
        let uses = self.rng.chance(8).then(|| self.rng.between(1, 2) as u32);
        let tools = if self.rng.chance(8) { Tools::CHAT } else { Tools::ALL };
        let approval = self.rng.chance(4);
        let terms = Terms { expires, uses, tools, approval, ..Terms::new(role) };
        let Some(page) = self.pages.get_mut(&id) else { return };
        // Whose rights don't reach that far makes no link.
        let Ok(link) = page.client.invite(terms) else { return };
        let narrow = self
            .rng
            .chance(20)
            .then(|| Terms::new(self.rng.pick(&[Role::Viewer, role]).unwrap_or(role)));
        let secret = self.rng.half();
        let narrowed = narrow.and_then(|terms| link.attenuate(terms, secret).ok());
        let ticket = Ticket::new(narrowed.unwrap_or(link));
        self.reference.tickets.push(ticket);
    }

    fn comes(&mut self, step: Step) {
        if self.pages.len() >= PAGES {
            return;
        }
        let usable = |(_, device): &(usize, &crate::world::Device)| !device.gone;
        let devices: Vec<usize> =
            self.devices.iter().enumerate().filter(usable).map(|(at, _)| at).collect();
        let tickets: Vec<usize> = (0..self.reference.tickets.len()).collect();
        let (Some(device), Some(ticket)) = (self.rng.pick(&devices), self.rng.pick(&tickets))
        else {
            return;
        };
        match step {
            Step::Join if devices.len() < DEVICES => {
                let person = self.devices[device].person;
                let known = person > 0 && self.rng.chance(15);
                let new = if known { self.new_device(person) } else { self.new_person() };
                let ticket =
                    if known { self.last_ticket(person).unwrap_or(ticket) } else { ticket };
                self.join(new, ticket);
            }
            Step::Upgrade => self.upgrade(device, ticket),
            // A second page of one profile is rarer than one that was closed.
            _ if self.pages_of(device).is_empty() || self.rng.chance(15) => self.reopen(device),
            _ => {}
        }
    }

    fn last_ticket(&self, person: usize) -> Option<usize> {
        self.reference.people[person].came.last().map(|(ticket, _)| *ticket)
    }

    /// A link that gives less than the one before would be the only one that is kept.
    fn upgrade(&mut self, device: usize, ticket: usize) {
        let person = self.devices[device].person;
        let role = |ticket: usize| self.reference.tickets[ticket].terms.role;
        let best = self.reference.people[person].came.iter().map(|(t, _)| role(*t)).max();
        if best.is_some_and(|best| role(ticket) >= best) && self.pages_of(device).is_empty() {
            self.join(device, ticket);
        }
    }
}
