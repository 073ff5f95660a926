//! What must hold when everyone is connected and the room is quiet.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use covey_rooms::capability::Role;
use covey_rooms::identity::DeviceSecret;
use covey_rooms::live::Here;
use covey_wire::id::{DocName, MemberId};

use crate::page::PageId;
use crate::walk::FILES;
use crate::world::{Event, World};

/// How long no log is sent or written in a quiet room: longer than anything is held back.
const STILL: Duration = Duration::from_secs(7);
/// After this long every room is quiet.
const MOST: Duration = Duration::from_secs(180);
/// Ticks of one page in a minute of quiet: beats of two kinds, every two seconds.
const TICKS: u64 = 100;
/// What honest clients may refuse of each other: links that ended, and whoever brings them; that a
/// page's own edit is refused is checked where it happens.
const HARMLESS: [&str; 2] = ["right", "own"];

impl World {
    /// Ends all faults, lets everyone come back and the room become quiet, and checks it; then
    /// every page crashes, and what the disks have must be everything.
    pub fn finish(&mut self) {
        for id in self.intruders.keys().copied().collect::<Vec<_>>() {
            self.intruder_goes(id);
        }
        self.settle();
        self.check(false);
        if self.failure.is_some() {
            return;
        }
        self.say(|| "every page crashes".to_owned());
        for id in self.pages.keys().copied().collect::<Vec<_>>() {
            self.crash(id);
        }
        self.settle();
        self.check(true);
    }

    /// Whether anyone tries to reach someone, or writes.
    pub fn is_working(&self) -> bool {
        let tries = |event: &Event| match event {
            Event::Dial { from, to } => {
                self.pages.contains_key(from) && self.pages.contains_key(to)
            }
            Event::Node(id) => self.pages.contains_key(id),
            Event::Closed(_) | Event::Up { .. } | Event::Found { .. } => true,
            _ => false,
        };
        self.pages.values().any(|page| !page.spool.is_idle()) || self.awaits(tries)
    }

    fn settle(&mut self) {
        self.faults = false;
        self.node.down = false;
        self.heal();
        for device in 0..self.devices.len() {
            self.devices[device].slow = crate::doors::HEALTHY;
            let away = !self.devices[device].gone && self.pages_of(device).is_empty();
            if away {
                self.reopen(device);
            }
        }
        self.quiet(STILL, MOST);
        let (ticks, pages) = (self.counts.ticks, self.pages.len() as u64);
        let messages = self.counts.messages;
        self.pass(60_000);
        if self.counts.ticks - ticks > TICKS * pages {
            self.fail(|| "timers are busy in a quiet room".to_owned());
        }
        if self.counts.messages != messages {
            self.fail(|| "a quiet room sends its log".to_owned());
        }
    }

    /// `loaded`: every page has read its disk since anyone wrote.
    fn check(&mut self, loaded: bool) {
        self.check_rights();
        let inside = self.inside();
        for id in &inside {
            self.reference.stays(*id);
        }
        self.check_level(&inside, loaded);
        self.check_texts(&inside, loaded);
        self.check_values(&inside, loaded);
        self.check_people(&inside);
        self.check_presence(&inside);
        self.check_authors();
        if loaded {
            self.check_disks(&inside);
            self.check_loading(&inside);
        }
    }

    /// Pages whose people were let in.
    fn inside(&self) -> Vec<PageId> {
        let inside = self.pages.iter().filter(|(_, page)| page.client.status().admitted);
        inside.map(|(id, _)| *id).collect()
    }

    /// Whose page it is.
    pub fn person_of(&self, id: PageId) -> usize {
        self.devices[self.pages[&id].device].person
    }

    /// The member that a person is.
    pub fn member_of(&self, person: usize) -> MemberId {
        let room = self.pages.values().next().map(|page| page.client.id());
        let secret = DeviceSecret::new(self.reference.people[person].secret);
        room.map_or(MemberId([0; 32]), |room| secret.member(room).id())
    }

    /// Nobody is more than their links give, and whose link lasts is let in.
    fn check_rights(&mut self) {
        let owner = self.pages.values().find(|page| self.devices[page.device].person == 0);
        let roles: BTreeMap<MemberId, Role> = owner
            .map(|page| page.client.people().into_iter().map(|p| (p.member, p.role)).collect())
            .unwrap_or_default();
        let mut wrong = None;
        for (id, page) in &self.pages {
            let (person, status) = (self.devices[page.device].person, page.client.status());
            if status.admitted && status.role > self.reference.at_most(person) {
                wrong = Some(format!("page {id} is {:?}, more than its links give", status.role));
            }
            let Some(ticket) = self.reference.sure(self.devices[page.device].ticket) else {
                continue;
            };
            let anchor = roles.get(&ticket.link.chain.anchor);
            let holds = anchor.is_some_and(|role| *role >= Role::Moderator);
            if holds && !(status.admitted && status.role >= ticket.terms.role) {
                wrong = Some(format!("page {id} was not let in: {status:?}"));
            }
        }
        if let Some(wrong) = wrong {
            for id in self.pages.keys().copied().collect::<Vec<_>>() {
                self.explain(id);
            }
            self.fail(|| wrong);
        }
    }

    /// Everyone has the same entries and content, and nothing waits.
    fn check_level(&mut self, inside: &[PageId], loaded: bool) {
        let mut first = None;
        let installations: BTreeSet<usize> =
            inside.iter().map(|id| self.pages[id].device).collect();
        for id in inside {
            let page = &self.pages[id];
            let hangups = page.hangups;
            let (stats, status) = (page.client.stats(), page.client.status());
            let has = (stats.entries, stats.seats, stats.digests);
            let (other, expected) = first.get_or_insert_with(|| (*id, has.clone())).clone();
            if has != expected {
                self.explain(other);
                self.explain(*id);
                return self
                    .fail(|| format!("pages {other} and {id} differ: {expected:?}, {has:?}"));
            }
            let waits = if installations.len() > 1 { status.waiting } else { 0 };
            if waits + status.unsaved > 0 {
                return self.fail(|| format!("something waits on page {id}: {status:?}"));
            }
            // Of those who broke the rules nobody is there any more, and nothing that they did.
            let quiet = loaded || self.rogues.is_empty();
            let odd = stats.refused.keys().find(|why| !HARMLESS.contains(why));
            if let Some(odd) = odd.filter(|why| quiet && **why != "fork") {
                return self.fail(|| format!("page {id} refused something: {odd}"));
            }
            if stats.refused.get("cut-off").is_some_and(|cut| *cut > hangups) {
                return self.fail(|| format!("page {id} cut off an honest seat"));
            }
        }
    }

    /// Texts are what the model allows; views show what replicas have; strangers have nothing.
    fn check_texts(&mut self, inside: &[PageId], loaded: bool) {
        for root in FILES {
            for id in self.pages.keys().copied().collect::<Vec<_>>() {
                let person = self.person_of(id);
                let Some(page) = self.pages.get_mut(&id) else { continue };
                let stranger = self.reference.at_most(person) == Role::Replica
                    && !self.devices[page.device].leaked;
                let text = page.text(root);
                let shown = page.views.of(&DocName::Code).text(root);
                if inside.contains(&id) {
                    if shown != text {
                        return self.fail(|| format!("page {id} does not show its text"));
                    }
                    if let Err(why) = self.reference.judge(root, &text, loaded) {
                        return self.fail(|| format!("page {id}: {why}"));
                    }
                } else if stranger && !text.is_empty() {
                    return self.fail(|| format!("page {id} reads without any right"));
                }
            }
        }
    }

    /// Everyone sees the same people, under their names, and who is here.
    fn check_people(&mut self, inside: &[PageId]) {
        let mut members: Option<BTreeMap<MemberId, Role>> = None;
        for id in inside {
            let people = self.pages[id].client.people();
            let all = people.iter().map(|row| (row.member, row.role)).collect::<BTreeMap<_, _>>();
            if *members.get_or_insert_with(|| all.clone()) != all {
                return self.fail(|| format!("page {id} sees other people"));
            }
            for (at, person) in self.reference.people.iter().enumerate() {
                let member = self.member_of(at);
                let here = inside.iter().any(|other| other != id && self.person_of(*other) == at);
                let Some(row) = people.iter().find(|row| row.member == member) else { continue };
                if row.path.is_some() != here || here && row.name != person.name {
                    let (row, name) = (row.clone(), person.name.clone());
                    return self.fail(|| format!("page {id} sees {row:?} of {name}, {here}"));
                }
            }
        }
    }

    /// Everyone sees each other's carets and hears what is said, and nothing of anyone gone.
    fn check_presence(&mut self, inside: &[PageId]) {
        for id in inside {
            let (mut here, mut said) = (BTreeMap::new(), BTreeMap::new());
            for other in inside.iter().filter(|other| *other != id) {
                let page = &self.pages[other];
                let name = &self.reference.people[self.person_of(*other)].name;
                here.insert(page.client_id(), (name.clone(), page.caret.clone()));
                let own = page.says.iter();
                said.extend(own.map(|(t, v)| ((page.client_id(), t.clone()), v.clone())));
            }
            let page = &self.pages[id];
            let seen = |here: &Here| (here.name.clone(), here.caret.clone());
            let seen: BTreeMap<_, _> = page.here.iter().map(|(c, h)| (*c, seen(h))).collect();
            if seen != here {
                return self.fail(|| format!("page {id} sees {seen:?}, not {here:?}"));
            }
            if page.said != said {
                let heard = page.said.clone();
                return self.fail(|| format!("page {id} hears {heard:?}, not {said:?}"));
            }
        }
    }

    /// Every disk has the whole log.
    fn check_disks(&mut self, inside: &[PageId]) {
        let devices: BTreeSet<usize> = inside.iter().map(|id| self.pages[id].device).collect();
        let disks: Vec<_> = devices.iter().map(|at| (at, self.devices[*at].disk.marks())).collect();
        let differs = disks.windows(2).find(|two| two[0].1 != two[1].1);
        if let Some([(a, _), (b, _)]) = differs {
            let why = format!("the disks of devices {a} and {b} differ");
            self.fail(|| why);
        }
    }
}
