//! A meeting of two people in memory: found, invite, join, admit, write, read.
//!
//! Browsers compile a module's functions when they are called first, which takes longer than what
//! they do. A page that has rehearsed while nobody waited meets people sooner.

use core::time::Duration;
use std::collections::VecDeque;

use super::{Input, Output, Room, Setup};
use crate::capability::{Link, Role, Terms, VerifiedLink};
use crate::disk::DiskCommand;
use crate::identity::DeviceSecret;
use covey_wire::frame::Writer;
use covey_wire::id::{ClientId, DocName, SeatId};
use covey_wire::net::{NetCommand, NetEvent, Path};
use covey_wire::time::Now;

/// What is due in a room comes within some hundredths of a second.
const PACE: Duration = Duration::from_millis(20);
/// So many of them let everything come to an end.
const PACES: u32 = 8;
/// Where the two write.
const ROOT: &[u8] = b"file/rehearsal";

/// Two pages, and what is on its way between them.
pub struct Rehearsal {
    now: Now,
    pages: Vec<(SeatId, Room)>,
    mail: VecDeque<(usize, Input)>,
    step: u32,
}

impl Rehearsal {
    /// Nothing has happened.
    pub fn new(now: Now) -> Self {
        Self { now, pages: Vec::new(), mail: VecDeque::new(), step: 0 }
    }

    /// Does the next thing, some milliseconds' worth where nothing is compiled yet. False when that
    /// was the last.
    pub fn step(&mut self) -> bool {
        if let Some((page, input)) = self.mail.pop_front() {
            self.handle(page, input);
            return true;
        }
        self.step += 1;
        match self.step {
            1 => self.enter(Room::found(setup(1), "", self.now).ok()),
            2 => self.write(0),
            3 => {
                let link = self.invite();
                self.enter(link.and_then(|link| Room::join(setup(2), &link, None, self.now).ok()));
            }
            4 => self.write(1),
            5 => {
                for (at, (seat, _)) in self.pages.iter().enumerate() {
                    let up = NetEvent::Up { seat: *seat, path: Path::Direct };
                    self.mail.push_back((1 - at, Input::Net(up)));
                }
            }
            _ => {
                self.now = self.now + PACE;
                (0..self.pages.len()).for_each(|page| self.handle(page, Input::Tick));
            }
        }
        self.step < 5 + PACES
    }

    fn enter(&mut self, room: Option<Room>) {
        if let Some(room) = room {
            self.pages.push((room.me.seat, room));
            self.collect(self.pages.len() - 1);
        }
    }

    fn invite(&mut self) -> Option<VerifiedLink> {
        let link = self.pages.first_mut()?.1.invite(Terms::new(Role::Participant)).ok()?;
        Link::parse(&link.to_fragment()).ok()
    }

    fn write(&mut self, page: usize) {
        let update = self.pages.get(page).map(|(_, room)| update(room.client_id()));
        if let Some(update) = update {
            self.handle(page, Input::Edit(DocName::Code, update));
        }
        // As a view does when it is opened.
        let _ = self.pages.get_mut(page).map(|(_, room)| room.state(&DocName::Code));
    }

    fn handle(&mut self, page: usize, input: Input) {
        if let Some((_, room)) = self.pages.get_mut(page) {
            room.handle(input, self.now);
        }
        self.collect(page);
    }

    /// Takes what a page sends to the other, and what it stores.
    fn collect(&mut self, page: usize) {
        let Some((seat, room)) = self.pages.get_mut(page) else { return };
        while let Some(output) = room.poll() {
            match output {
                Output::Net(NetCommand::Send { class, bytes, .. }) => {
                    let frame = NetEvent::Frame { seat: *seat, class, bytes };
                    self.mail.push_back((1 - page, Input::Net(frame)));
                }
                Output::Disk(DiskCommand::Append { token, .. }) => {
                    self.mail.push_back((page, Input::Stored(token)))
                }
                _ => {}
            }
        }
    }
}

/// Nobody is ever to know these people, so their secrets need not be any.
fn setup(who: u8) -> Setup {
    Setup {
        device: DeviceSecret::new([who; 32]),
        installation: [who; 16],
        seed: [who; 32],
        name: String::new(),
        nodes: Vec::new(),
    }
}

/// A letter inserted by a client that has written nothing yet, as a Yjs update, version 1.
pub(super) fn update(client: ClientId) -> Vec<u8> {
    let mut w = Writer::new();
    // One client with one block, from clock 0.
    w.raw(&[1, 1]).put(&client).u8(0);
    // A string, in a root of the document; nothing is deleted.
    w.raw(&[4, 1]).bytes(ROOT).bytes(b"r").u8(0);
    w.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::seat_secret;
    use covey_wire::time::{Instant, Time};

    const START: Now = Now { wall: Time(1_000_000), elapsed: Instant(1_000) };

    #[test]
    fn a_seat_is_known_before_there_is_a_client() {
        let room = Room::found(setup(3), "", START).unwrap();
        assert_eq!(room.seat_secret(), seat_secret(&setup(3).seed));
    }

    #[test]
    fn two_meet_and_read_what_both_wrote() {
        let mut rehearsal = Rehearsal::new(START);
        let mut steps = 0;
        while rehearsal.step() {
            steps += 1;
            assert!(steps < 1_000, "it ends");
        }
        assert_eq!(rehearsal.pages.len(), 2);
        for (_, room) in &mut rehearsal.pages {
            assert!(room.status().admitted);
            assert_eq!(room.text(&DocName::Code, "file/rehearsal").as_deref(), Some("rr"));
            assert_eq!(room.people().len(), 2);
        }
    }
}
