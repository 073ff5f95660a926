//! What breaks a promise is found, and what is stored keeps them.

use std::time::{Duration, Instant};

use covey_fuzz::targets::{TARGETS, Target, find};
use covey_fuzz::{corpus, memory, watch};

/// In `cargo test`; `cargo xtask test` runs a million.
const CASES: u64 = 100;

fn target(case: fn(u64)) -> Target {
    Target { name: "made up", share: 1, case }
}

fn idle(time: Duration) {
    let begun = Instant::now();
    while begun.elapsed() <= time {}
}

/// One test, since memory is counted for the whole process.
#[test]
fn broken_promises_are_found_and_every_target_keeps_its_own() {
    watch::keep_panics();
    let what = |case, seed| watch::run(&target(case), seed).err().map(|failure| failure.what);

    assert_eq!(what(|_| (), 1), None);
    let panics = what(|seed| assert!(seed != 7, "seven"), 7).unwrap_or_default();
    assert!(panics.contains("seven"), "{panics}");

    let hoards = what(|_| memory::bounded(b"few", |_| drop(vec![0u8; 2 << 20])), 1);
    assert!(hoards.unwrap_or_default().contains("3 bytes of input took"));

    let idles = what(|_| idle(watch::LIMIT), 1);
    assert!(idles.unwrap_or_default().contains("alone and at best"));
    let dawdles = what(|_| memory::bounded(b"few", |_| idle(watch::LIMIT / 5)), 1);
    assert!(dawdles.unwrap_or_default().contains("as long as its input may take"));

    for (name, seed) in corpus::seeds() {
        let target = find(name).expect("a stored case has a target");
        assert_eq!(watch::run(target, seed).err(), None);
    }
    for target in TARGETS {
        for seed in 0..CASES {
            assert_eq!(watch::run(target, seed).err(), None);
        }
    }
}
