//! The simulation finds nothing wrong where all rules hold, and notices each rule that is broken.

use covey_core::broken::{self, Rule};
use covey_sim::{Counts, Settings, run};

/// Seeds that are tried; the first few notice.
const SEEDS: std::ops::Range<u64> = 1..40;

fn notices(rule: Rule) -> bool {
    broken::set(Some(rule));
    let noticed = SEEDS.clone().any(|seed| run(seed, Settings::default()).is_err());
    broken::set(None);
    noticed
}

#[test]
fn segments_that_do_not_wait_for_what_they_build_on_are_noticed() {
    assert!(notices(Rule::Dependencies));
}

#[test]
fn acknowledgements_before_the_disk_has_it_are_noticed() {
    assert!(notices(Rule::Durability));
}

#[test]
fn writing_without_the_right_to_is_noticed() {
    assert!(notices(Rule::Rights));
}

#[test]
fn writing_in_the_chat_of_another_is_noticed() {
    assert!(notices(Rule::Ownership));
}

#[test]
fn rooms_that_keep_the_rules_pass_and_meet_every_kind_of_fault() {
    let settings = Settings { steps: 200, trace: false };
    let runs = (1..9).map(|seed| run(seed, settings).expect("no failure"));
    let all = runs.fold(Counts::default(), Counts::and);
    assert!(all.partitions > 0 && all.breaks > 0 && all.crashes > 0 && all.outages > 0);
    assert!(all.records > 0 && all.elements > 0 && all.trespasses > 0);
    assert!(all.doubled > 0 && all.overtaken > 0 && all.dropped > 0 && all.stalls > 0);
}

#[test]
fn a_seed_tells_everything_that_happens() {
    let settings = Settings { steps: 60, trace: false };
    assert_eq!(run(7, settings), run(7, settings));
}
