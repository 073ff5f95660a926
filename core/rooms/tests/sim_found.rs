//! Faults that the simulation found, each as small as it can be.

#![allow(clippy::unwrap_used)]

mod hand;
mod scene;

use std::time::Duration;

use covey_rooms::capability::Role;
use covey_rooms::documents::Document;
use covey_rooms::guard::{CODE_FILE, DocKind};
use covey_rooms::identity::{Author, SeatKey};
use covey_rooms::ledger::Offer;
use covey_rooms::room::Input;
use covey_testnet::refused;
use covey_wire::id::{DocName, Hash};
use scene::Scene;

impl Scene {
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
        let mut scene = Scene::new();
        scene.apart();
        let segments = [(one, "one"), (two, "two")]
            .map(|(count, text)| scene.history(count, text, &scene.link.key));
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

/// A history that goes on where others of its seat part, and doesn't part there itself, is shown alike
/// whenever it came.
#[test]
fn edits_beside_a_parting_are_shown_alike_whenever_they_came() {
    let mut bench = hand::bench();
    let seat = SeatKey::new([40; 32]);
    let [admit, enter] = bench.admitted(10, &seat, Role::Participant);
    let begin = (bench.hash(&enter), 4);
    let history = |text: &str, (before, lamport): (Hash, u64), first: u64, count: u64| {
        let mut page = Document::new(DocKind::Code, seat.id().client());
        // Each history has the same clocks before it parts.
        (2..first).for_each(|_| drop(page.edit(CODE_FILE, 0, 0, "-")));
        let entries = (0..count).map(|n| {
            let update = page.edit(CODE_FILE, 0, 0, text);
            bench.update(&seat, first + n, lamport + n, &update)
        });
        let entries = entries.collect();
        let bytes = bench.segment(&seat, first, before, entries);
        let end = (bench.hash(&bytes), lamport + count);
        (bytes, end)
    };
    let (x, x_end) = history("x", begin, 2, 2);
    let (y, y_end) = history("y", begin, 2, 2);
    let (x4, _) = history("x", x_end, 4, 1);
    let (z4, _) = history("z", x_end, 4, 1);
    let (y4, _) = history("y", y_end, 4, 1);
    let early = [&x, &y, &y4, &x4, &z4];
    let late = [&x, &y, &x4, &z4, &y4];
    let shown = [early, late].map(|order| {
        let mut ledger = hand::empty(bench.room, bench.epoch);
        for bytes in [&bench.genesis_bytes(), &admit, &enter].into_iter().chain(order) {
            let offer = ledger.offer(bytes);
            assert!(!matches!(offer, Offer::Refused(_)), "{offer:?}");
            while ledger.poll().is_some() {}
            ledger.settle();
        }
        let mut updates = ledger.updates(&DocName::Code);
        updates.sort();
        updates
    });
    assert_eq!(shown[0].len(), 7, "what doesn't count keeps its places");
    assert_eq!(shown[0], shown[1]);
}
