//! The call of a whole room: who is in it, by the rights of real links, and what a changed page can do.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use covey_rooms::call::{
    Abilities, Attendee, Input as Said, May, Message, Sends, Shown, Told, Way,
};
use covey_rooms::capability::{Role, Terms, Tools};
use covey_rooms::identity::Author;
use covey_rooms::room::{Event, Input};
use covey_testnet::{Net, refused};
use covey_wire::class::Class;
use covey_wire::frame::Wire;

const BOTH: Sends = Sends::MICROPHONE;

fn join(net: &mut Net, page: usize) {
    net.handle(page, Input::Call(Said::Join(Abilities::default())));
    net.handle(page, Input::Call(Said::Sends(Sends::from_bits(1 | 4 | 8))));
    net.wait(Duration::from_secs(1));
}

fn attendee(net: &Net, page: usize, other: usize) -> Option<Attendee> {
    let seat = net.pages[other].seat;
    net.pages[page].client.call().attendees().into_iter().find(|of| of.seat == seat)
}

fn told(net: &Net, page: usize, what: impl Fn(&Told) -> bool) -> usize {
    let of = |event: &&Event| matches!(event, Event::Call(told) if what(told));
    net.pages[page].events.iter().filter(of).count()
}

/// A room with somebody who came by a link for these parts.
fn with(role: Role, tools: Tools) -> (Net, usize, usize) {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let terms = Terms { tools, ..Terms::new(role) };
    let link = net.pages[ada].client.invite(terms).unwrap();
    let bo = net.join(2, "Bo", &link);
    net.wait(Duration::from_secs(2));
    (net, ada, bo)
}

#[test]
fn two_people_are_told_to_connect_and_what_goes_where() {
    let (mut net, ada, bo) = with(Role::Participant, Tools::ALL);
    join(&mut net, ada);
    assert_eq!(attendee(&net, bo, ada).unwrap().way, None, "Bo sees the call and is not in it");
    join(&mut net, bo);
    for (page, other) in [(ada, bo), (bo, ada)] {
        let of = attendee(&net, page, other).unwrap();
        assert_eq!((of.way, of.sends.bits()), (Some(Way::Connecting), 1 | 4 | 8));
        assert!(of.sends.has(BOTH));
        let may = May { speak: true, share: true };
        let client = net.pages[other].seat.client();
        let open = |told: &Told| matches!(told, Told::Open { client: with, may: of, .. } if (*with, *of) == (client, may));
        assert_eq!(told(&net, page, open), 1);
        assert!(told(&net, page, |told| matches!(told, Told::Order { .. })) > 0);
    }
    let offers = |told: &Told| matches!(told, Told::Offer { .. });
    assert_eq!(told(&net, ada, offers) + told(&net, bo, offers), 1, "one of them offers");
    let shown = Shown { camera: 720, screen: 0, pinned: true };
    let client = net.pages[ada].seat.client();
    net.handle(bo, Input::Call(Said::Shown(vec![(client, shown)])));
    net.handle(bo, Input::Call(Said::Leave));
    net.wait(Duration::from_secs(1));
    assert_eq!(attendee(&net, ada, bo), None);
    assert_eq!(told(&net, ada, |told| matches!(told, Told::Close(_))), 1);
}

#[test]
fn a_link_without_the_call_lets_one_listen_and_a_changed_page_changes_nothing() {
    for (role, tools) in [(Role::Viewer, Tools::ALL), (Role::Participant, Tools::CHAT)] {
        let (mut net, ada, bo) = with(role, tools);
        join(&mut net, ada);
        join(&mut net, bo);
        let of = attendee(&net, ada, bo).expect("Bo listens");
        assert_eq!((of.sends, of.may), (Sends::default(), May::default()));
        let silent = |told: &Told| matches!(told, Told::Open { may, .. } if *may == May::default());
        assert_eq!(told(&net, ada, silent), 1, "nothing of Bo's is received");
        assert_eq!(refused(&net.pages[ada]).get("call"), None);

        let from = net.pages[bo].seat;
        let state = Message::State(Some(Sends::from_bits(127)), Abilities::default());
        net.deliver(from, ada, Class::Call, state.to_bytes());
        net.wait(Duration::from_secs(1));
        assert_eq!(refused(&net.pages[ada]).get("call"), Some(&1));
        let of = attendee(&net, ada, bo).expect("Bo listens");
        assert!(!of.sends.has(Sends::from_bits(1 | 4 | 8 | 16)), "{of:?}");
    }
}

#[test]
fn a_link_may_open_the_call_and_not_screens() {
    let (mut net, ada, bo) = with(Role::Participant, Tools::MEDIA);
    join(&mut net, ada);
    join(&mut net, bo);
    let of = attendee(&net, ada, bo).unwrap();
    assert_eq!((of.sends.bits(), of.may), (1 | 4, May { speak: true, share: false }));
}

#[test]
fn a_member_that_floods_signalling_is_disconnected() {
    let (mut net, ada, bo) = with(Role::Participant, Tools::ALL);
    join(&mut net, ada);
    join(&mut net, bo);
    let from = net.pages[bo].seat;
    for turn in 1..=2_000 {
        let message = Message::State(Some(Sends::from_bits(turn % 2)), Abilities::default());
        net.deliver(from, ada, Class::Call, message.to_bytes());
    }
    net.wait(Duration::from_millis(100));
    assert_eq!(refused(&net.pages[ada]).get("flood"), Some(&1));
    assert_eq!(attendee(&net, ada, bo), None);
}
