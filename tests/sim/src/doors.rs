//! How people come and go: founding, joining by a link, opening again, closing, crashing.

use covey_rooms::identity::DeviceSecret;
use covey_rooms::room::{Input, Room, RoomError, Setup};
use covey_wire::time::Time;

use crate::disk::Disk;
use crate::page::{Page, PageId};
use crate::reference::Person;
use crate::world::{Device, Event, World};

/// How long a goodbye may take.
const GOODBYE: u64 = 300;
/// A write of a healthy disk, in milliseconds.
pub const HEALTHY: u64 = 40;

impl World {
    /// Someone makes the room, and has it on the disk.
    pub fn found_room(&mut self) {
        let device = self.new_person();
        let setup = self.setup(device);
        let client = Room::found(setup, "Tea", self.clock(device));
        self.seat(device, client);
        while self.failure.is_none()
            && self.devices[device].disk.kept().is_none_or(|k| k.1.is_empty())
        {
            self.pass(100);
        }
    }

    /// A new person on a new device.
    pub fn new_person(&mut self) -> usize {
        let secret = self.rng.bytes();
        let name = format!("P{}", self.reference.people.len());
        self.reference.people.push(Person { secret, name, came: Vec::new() });
        self.new_device(self.reference.people.len() - 1)
    }

    /// One more device of a person.
    pub fn new_device(&mut self, person: usize) -> usize {
        let mut installation = [0; 16];
        installation.copy_from_slice(&self.rng.bytes()[..16]);
        let ahead = self.rng.below(crate::world::SKEW - 1_000);
        let disk = Disk::default();
        let slow = HEALTHY;
        self.devices.push(Device {
            person,
            installation,
            disk,
            ticket: None,
            ahead,
            side: 0,
            slow,
            gone: false,
            leaked: false,
        });
        self.devices.len() - 1
    }

    pub fn setup(&mut self, device: usize) -> Setup {
        let person = &self.reference.people[self.devices[device].person];
        Setup {
            device: DeviceSecret::new(person.secret),
            installation: self.devices[device].installation,
            name: person.name.clone(),
            seed: self.rng.bytes(),
            nodes: vec!["/dns4/node.example/tcp/443/tls/ws".to_owned()],
        }
    }

    /// A device opens a page by a link, with what it has of the room.
    pub fn join(&mut self, device: usize, ticket: usize) {
        let Some(link) = self.reference.tickets.get(ticket).map(|ticket| ticket.link.clone())
        else {
            return;
        };
        let person = self.devices[device].person;
        let now = self.now;
        self.reference.people[person].came.push((ticket, now));
        self.devices[device].ticket = Some(ticket);
        let kept = self.devices[device].disk.kept();
        let setup = self.setup(device);
        let client = Room::join(setup, &link, kept, self.clock(device));
        self.seat(device, client);
    }

    /// A device opens a page by what its disk has, or by the link it came by.
    pub fn reopen(&mut self, device: usize) {
        let Some((record, log)) = self.devices[device].disk.kept() else {
            let person = &self.reference.people[self.devices[device].person];
            let ticket = person.came.last().map(|(ticket, _)| *ticket);
            return ticket.into_iter().for_each(|ticket| self.join(device, ticket));
        };
        // A crash may have taken the last link along, so that the one before counts.
        let mut tickets = self.reference.tickets.iter();
        let chain = record.links.last().map(|joined| &joined.chain);
        self.devices[device].ticket = tickets.position(|ticket| Some(&ticket.link.chain) == chain);
        let setup = self.setup(device);
        let client = Room::reopen(setup, record, log, self.clock(device));
        self.seat(device, client);
    }

    fn seat(&mut self, device: usize, client: Result<Room, RoomError>) {
        match client {
            Ok(client) => {
                let Ok(id) = PageId::try_from(self.roll.len()) else { return };
                let page = Page::new(client, device);
                self.say(|| format!("page {id} opens on device {device}"));
                self.seats.insert(page.seat, id);
                self.roll.push(page.seat);
                self.pages.insert(id, page);
                self.drain(id);
            }
            Err(error) => self.fail(|| format!("device {device} can't open the room: {error}")),
        }
    }

    /// A page says goodbye and is closed a moment later.
    pub fn close(&mut self, id: PageId) {
        self.handle(id, Input::Leave);
        if let Some(page) = self.pages.get_mut(&id) {
            page.leaving = true;
            let wait = self.rng.between(1, GOODBYE);
            self.later(wait, Event::Closed(id));
        }
    }

    /// A page is gone at once. Of what it was writing all is on the disk, or nothing.
    pub fn crash(&mut self, id: PageId) {
        self.remove(id, false);
    }

    /// Takes a page away; an orderly one has written everything.
    pub fn remove(&mut self, id: PageId, orderly: bool) {
        let Some(mut page) = self.pages.remove(&id) else { return };
        self.say(|| format!("page {id} is gone, orderly: {orderly}"));
        if orderly {
            while let Some(batch) = page.spool.end() {
                self.devices[page.device].disk.write(&batch);
                page.spool.begin();
            }
        } else if let Some(batch) = page.spool.end().filter(|_| self.rng.chance(50)) {
            self.devices[page.device].disk.write(&batch);
        }
        self.drop_node(id);
        self.cut_wires(id, orderly);
    }

    /// All pages of a device.
    pub fn pages_of(&self, device: usize) -> Vec<PageId> {
        let of = self.pages.iter().filter(|(_, page)| page.device == device && !page.leaving);
        of.map(|(id, _)| *id).collect()
    }

    /// Moves a device's clock, but never as far ahead as `SKEW`.
    pub fn set_clock(&mut self, device: usize, ahead: u64) {
        self.devices[device].ahead = ahead.min(crate::world::SKEW - 1);
        // Timers are set anew by the next input.
        for id in self.pages_of(device) {
            self.handle(id, Input::Tick);
        }
    }

    /// The instant `wait` milliseconds from here, on every clock at least.
    pub fn in_about(&self, wait: u64) -> Time {
        Time(self.now.0 + wait)
    }
}
