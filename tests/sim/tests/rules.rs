//! The simulation finds nothing wrong where all rules hold, and notices each rule that is broken.

use covey_rooms::broken::{self, Rule};
use covey_sim::{Counts, Settings, run};

/// Seeds that are tried; the first few notice.
const SEEDS: std::ops::Range<u64> = 1..49;

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
fn causes_that_are_compared_by_number_only_are_noticed() {
    assert!(notices(Rule::Causes));
}

#[test]
fn traces_of_what_was_refused_are_noticed() {
    assert!(notices(Rule::Undo));
}

#[test]
fn acknowledgements_that_are_believed_from_anybody_are_noticed() {
    assert!(notices(Rule::Acknowledgements));
}

#[test]
fn refusals_that_are_believed_from_anybody_are_noticed() {
    assert!(notices(Rule::Refusals));
}

#[test]
fn first_words_that_are_not_sealed_are_noticed() {
    assert!(notices(Rule::Sealing));
}

#[test]
fn that_of_two_histories_the_first_heard_stands_is_noticed() {
    assert!(notices(Rule::Forks));
}

#[test]
fn a_seat_with_two_histories_that_is_not_closed_is_noticed() {
    assert!(notices(Rule::Settling));
}

#[test]
fn seats_of_those_whom_nobody_let_in_are_noticed() {
    assert!(notices(Rule::Entrance));
}

#[test]
fn words_to_strangers_are_noticed() {
    assert!(notices(Rule::Trust));
}

#[test]
fn signatures_that_nobody_verifies_are_noticed() {
    assert!(notices(Rule::Signatures));
}

#[test]
fn rooms_that_keep_the_rules_pass_and_meet_every_kind_of_fault() {
    let settings = Settings { steps: 200, trace: false };
    let runs = (1..9).map(|seed| run(seed, settings).expect("no failure"));
    let all = runs.fold(Counts::default(), Counts::and);
    assert!(all.partitions > 0 && all.breaks > 0 && all.crashes > 0 && all.outages > 0);
    assert!(all.records > 0 && all.elements > 0 && all.trespasses > 0);
    assert!(all.doubled > 0 && all.overtaken > 0 && all.dropped > 0 && all.stalls > 0);
    assert!(all.intruders > 0 && all.intrusions > 0 && all.foreign > 0);
}

#[test]
fn a_seed_tells_everything_that_happens() {
    let settings = Settings { steps: 60, trace: false };
    assert_eq!(run(7, settings), run(7, settings));
}
