//! Faults that the simulation found, each as small as it can be.

#![allow(clippy::unwrap_used)]

mod common;
mod scene;

use std::time::Duration;

use common::refused;
use covey_core::client::Input;
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
