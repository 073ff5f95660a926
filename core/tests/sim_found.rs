//! Faults that the simulation found, each as small as it can be.

#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Net, refused};
use covey_core::capability::{Link, Role};
use covey_core::client::Input;
use covey_core::documents::Document;
use covey_core::frame::Wire;
use covey_core::guard::{CODE_FILE, DocKind};
use covey_core::id::{DocName, Hash};
use covey_core::identity::SeatKey;
use covey_core::ledger::{Body, Entry, Segment};
use covey_core::net::{Class, NetEvent};
use covey_core::seal::Position;
use covey_core::sync::Message;

/// Three people; whoever came last signs what it likes.
struct Scene {
    net: Net,
    ada: usize,
    bo: usize,
    mallory: usize,
    link: Link,
}

fn scene() -> Scene {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let link = net.invite(ada, Role::Participant);
    let bo = net.join(2, "Bo", &link);
    let mallory = net.join(3, "Mallory", &link);
    net.wait(Duration::from_secs(2));
    Scene { net, ada, bo, mallory, link }
}

impl Scene {
    /// A history of Mallory's seat behind its first entry: so many entries that type this text.
    fn history(&self, count: u64, text: &str) -> Vec<u8> {
        let (room, key) = (self.link.room, &self.link.key);
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

    fn show(&mut self, to: usize, segment: Vec<u8>) {
        let (seat, class) = (self.net.pages[self.mallory].seat, Class::Sync);
        let bytes = Message::Segments(vec![segment]).to_bytes();
        self.net.handle(to, Input::Net(NetEvent::Frame { seat, class, bytes }));
        self.net.settle();
    }

    fn apart(&mut self) {
        let seat = |page: usize| self.net.pages[page].seat;
        let [ada, bo, mallory] = [self.ada, self.bo, self.mallory].map(seat);
        self.net.cut(ada, bo);
        self.net.cut(bo, mallory);
    }

    fn together(&mut self) {
        self.net.handle(self.bo, Input::Reconnect);
        self.net.wait(Duration::from_secs(4));
    }

    fn are_level(&mut self) {
        let stats = [self.ada, self.bo].map(|page| self.net.pages[page].client.stats());
        let [a, b] = stats;
        assert_eq!((a.entries, a.digests), (b.entries, b.digests));
        assert_eq!(self.net.text(self.ada), self.net.text(self.bo));
    }
}

/// A page with both histories of a seat hands on both: the second is no repetition of the first.
#[test]
fn a_second_history_that_is_no_longer_than_the_first_is_heard() {
    for (one, two) in [(2, 1), (1, 1), (1, 2)] {
        let mut scene = scene();
        scene.apart();
        let segments = [scene.history(one, "one"), scene.history(two, "two")];
        for segment in segments {
            scene.show(scene.ada, segment);
        }
        scene.net.wait(Duration::from_secs(2));
        assert_eq!(refused(&scene.net.pages[scene.ada]).get("fork"), Some(&1));
        scene.together();
        scene.are_level();
        assert_eq!(refused(&scene.net.pages[scene.bo]).get("useless"), None);
    }
}
