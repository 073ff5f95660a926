//! The machine driven alone: messages in, events and offences out.

use super::*;
use crate::capability::Role;
use covey_wire::id::{DocName, NewerName};
use covey_wire::limits;

const ME: MemberId = MemberId([9; 32]);
const BO: SeatId = SeatId([2; 32]);
const BO_MEMBER: MemberId = MemberId([3; 32]);
const NOW: Instant = Instant(10_000);

fn bo(standing: Option<Standing>) -> Who {
    Who { seat: BO, member: standing.map(|_| BO_MEMBER), standing }
}

fn writer() -> Who {
    bo(Some(Standing::new(Role::Participant, Tools::ALL)))
}

fn machine() -> Live {
    let mut live = Live::new(ME, "Ada", []);
    live.add_peer(BO);
    live
}

fn here(name: &str, color: u8) -> Message {
    Message::Here(Here { name: name.to_owned(), color, caret: None })
}

fn say(document: DocName, value: &[u8]) -> Message {
    let topic = Topic::new(document, "draft").expect("a sound name");
    Message::Say(Say::new(topic, value.to_vec()).expect("short enough"))
}

fn outputs(live: &mut Live) -> Vec<Output> {
    core::iter::from_fn(|| live.poll()).collect()
}

fn offences(live: &mut Live) -> Vec<Offence> {
    let offence = |output| match output {
        Output::Offence(_, offence) => Some(offence),
        _ => None,
    };
    outputs(live).into_iter().filter_map(offence).collect()
}

/// What the page is told.
fn told(live: &mut Live) -> Vec<Output> {
    let outputs = outputs(live).into_iter();
    outputs.filter(|output| !matches!(output, Output::Offence(..))).collect()
}

#[test]
fn what_a_seat_says_before_it_is_known_is_shown_once_it_is() {
    let mut live = machine();
    live.message(&bo(None), here("Bo", 1), NOW);
    assert!(outputs(&mut live).is_empty());
    live.members_changed(|_| writer(), NOW);
    let shown = told(&mut live);
    assert!(shown.iter().any(|output| matches!(output, Output::People)), "{shown:?}");
    assert!(shown.iter().any(|output| matches!(output, Output::Presence(_, Some(_)))));
    assert_eq!(live.name_of(BO_MEMBER), ("Bo", 1));
}

#[test]
fn a_viewer_is_seen_and_speaks_about_no_document() {
    let mut live = machine();
    let viewer = bo(Some(Standing::new(Role::Viewer, Tools::ALL)));
    live.message(&viewer, here("Bo", 1), NOW);
    assert_eq!(told(&mut live).len(), 2);
    live.message(&viewer, say(DocName::Board, b"stroke"), NOW);
    assert_eq!(offences(&mut live), [Offence::Live]);
}

#[test]
fn a_document_of_a_newer_version_is_counted_and_not_shown() {
    let mut live = machine();
    let name = NewerName::new(200, 0, b"plan").expect("a sound name");
    live.message(&writer(), say(DocName::Newer(name), b"x"), NOW);
    assert_eq!(offences(&mut live), [Offence::Newer(0)]);
}

#[test]
fn a_seat_that_leaves_takes_back_what_it_said() {
    let mut live = machine();
    live.message(&writer(), here("Bo", 1), NOW);
    live.message(&writer(), say(DocName::Board, b"stroke"), NOW);
    outputs(&mut live);
    live.clear_peer(BO);
    let gone = told(&mut live);
    assert!(gone.iter().any(|output| matches!(output, Output::Said(_, _, None))), "{gone:?}");
    assert!(gone.iter().any(|output| matches!(output, Output::Presence(_, None))));
    live.message(&writer(), here("Bo", 1), NOW);
    assert!(outputs(&mut live).is_empty(), "it is not connected any more");
}

#[test]
fn beyond_the_budget_the_newest_is_shown_later() {
    let mut live = machine();
    let most = limits::LIVE_BURST + 10;
    for n in 0..most {
        live.message(&writer(), say(DocName::Board, &n.to_be_bytes()), NOW);
    }
    assert_eq!(offences(&mut live).len(), 9, "older ones gave way");
    let due = live.poll_timeout().expect("one waits");
    live.tick(|_| writer(), due);
    let last = (most - 1).to_be_bytes().to_vec();
    let shown = told(&mut live);
    assert!(matches!(&shown[..], [Output::Said(_, _, Some(value))] if *value == last));
    assert_eq!(live.held(), 0);
}

#[test]
fn of_two_people_with_one_colour_the_higher_id_takes_another() {
    let mut live = machine();
    let color = live.name_of(ME).1;
    live.message(&writer(), here("Bo", color), NOW);
    assert_ne!(live.name_of(ME).1, color);
    assert_eq!(live.name_of(BO_MEMBER).1, color);
}

#[test]
fn only_what_one_may_write_about_is_said() {
    let mut live = machine();
    let Message::Say(words) = say(DocName::Chat, b"typing") else { unreachable!() };
    live.say(Some(Standing::new(Role::Participant, Tools::CODE)), words.clone());
    assert_eq!(live.due(NOW).count(), 1, "presence alone");
    live.say(Some(Standing::new(Role::Participant, Tools::CHAT)), words);
    assert_eq!(live.due(Instant(NOW.0 + 40)).count(), 1);
}
