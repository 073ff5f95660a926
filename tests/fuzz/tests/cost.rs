//! The cost of the attacks in the end, each until its author may write no more.
//!
//! `TABLE=1 cargo test --release -p covey-fuzz --test cost -- --nocapture` prints a line for each.

use std::time::{Duration, Instant};

use covey_fuzz::cost::{ATTACKS, play};
use covey_fuzz::memory;
use covey_wire::limits;

/// So often each in `cargo test`; `TIMES` for more.
const TIMES: u32 = 2_000;
/// The bytes a document may hold for each byte that is charged.
const HELD: usize = 2;
/// The bytes a document may hold whatever is charged: one list of a million values that others split is
/// copied with room to spare.
const SPARE: usize = 8 << 20;
/// How long all that a member may write may keep a page busy, on a machine as busy as one likes.
const WORK: Duration = Duration::from_secs(60);

#[test]
fn memory_and_work_are_charged() {
    let times = std::env::var("TIMES").ok().and_then(|times| times.parse().ok());
    for attack in ATTACKS {
        let documents = (attack.documents)(times.unwrap_or(TIMES));
        let (before, begun) = (memory::held(), Instant::now());
        let outcome = play(&documents);
        let (held, took) = (memory::held().saturating_sub(before), begun.elapsed());
        let charged = outcome.charged.max(outcome.wire);
        if std::env::var_os("TABLE").is_some() {
            println!(
                "{:32} wire {:9} charged {charged:9} held {held:10} {:5.2}x in {:7.1} ms {:?}",
                attack.name,
                outcome.wire,
                held as f64 / charged.max(1) as f64,
                took.as_secs_f64() * 1e3,
                outcome.refused,
            );
        }
        assert!(charged <= limits::AUTHOR_BYTES, "{}", attack.name);
        assert!(held <= HELD * charged + SPARE, "{}: {held} for {charged}", attack.name);
        assert!(took <= WORK, "{}: {took:?}", attack.name);
    }
}
