//! Two honest people and one whose seat signs what it likes.
#![allow(dead_code, clippy::unwrap_used)]

use std::time::Duration;

use covey_rooms::capability::{Role, VerifiedLink};
use covey_rooms::documents::Document;
use covey_rooms::guard::{CODE_FILE, DocKind};
use covey_rooms::identity::{Author, SeatKey};
use covey_rooms::ledger::{Body, Entry, Segment};
use covey_rooms::room::Input;
use covey_rooms::seal::{ContentKey, Position};
use covey_rooms::sync::Message;
use covey_wire::frame::Wire;
use covey_wire::id::{DocName, Hash};
use covey_wire::net::{Class, NetEvent};

use covey_testnet::{Net, two};

/// The room, and the pages of the three.
pub struct Scene {
    pub net: Net,
    pub ada: usize,
    pub bo: usize,
    pub mallory: usize,
    pub link: VerifiedLink,
}

impl Scene {
    /// All three are connected to each other.
    pub fn new() -> Self {
        let (mut net, ada, bo) = two();
        let link = net.invite(ada, Role::Participant);
        let mallory = net.join(3, "Mallory", &link);
        net.wait(Duration::from_secs(2));
        Self { net, ada, bo, mallory, link }
    }

    /// A history of Mallory's seat behind its first entry: so many entries that type this text, sealed
    /// with some key.
    pub fn history(&self, count: u64, text: &str, key: &ContentKey) -> Vec<u8> {
        let room = self.link.room;
        let seat = SeatKey::new(self.net.pages[self.mallory].client.seat_secret());
        let log = &self.net.pages[self.ada].disk.segments;
        let own = log.iter().map(|bytes| Segment::from_bytes(bytes).unwrap());
        let first = own.into_iter().find(|segment| segment.seat == seat.id()).unwrap();
        let before: Hash = first.hashes(room)[0];
        let lamport = Entry::from_bytes(&first.entries[0]).unwrap().lamport;
        let mut page = Document::new(DocKind::Code, seat.id().client());
        let entry = |n: u64| {
            let update = page.edit(CODE_FILE, 0, 0, text);
            let (name, epoch) = (DocName::Code, key.epoch(room));
            let at = Position { room, epoch, seat: seat.id(), seq: n + 1 };
            let sealed = key.seal(&at, &name.to_bytes(), &update);
            let body = Body::Document { name, epoch, sealed };
            Entry { lamport: lamport + n, deps: Vec::new(), body }.to_bytes()
        };
        let entries = (1..=count).map(entry).collect();
        Segment::sign(room, seat.signer(), 2, before, entries).to_bytes()
    }

    /// Mallory sends a page this segment.
    pub fn show(&mut self, to: usize, segment: Vec<u8>) {
        let (seat, class) = (self.net.pages[self.mallory].seat, Class::Sync);
        let bytes = Message::Segments(vec![segment]).to_bytes();
        self.net.handle(to, Input::Net(NetEvent::Frame { seat, class, bytes }));
        self.net.settle();
    }
}
