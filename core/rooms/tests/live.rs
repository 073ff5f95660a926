//! What people say in passing, and their colours, among real clients.
#![allow(clippy::unwrap_used)]

mod stranger;

use std::time::Duration;

use covey_rooms::capability::{Role, Terms};
use covey_rooms::identity::{Author, DeviceSecret};
use covey_rooms::live::{Here, Message, Say, Topic};
use covey_rooms::room::Event;
use covey_rooms::room::Input;
use covey_testnet::{Net, refused};
use covey_wire::id::{ClientId, DocName};
use stranger::Stranger;

fn say(value: &[u8]) -> Input {
    let topic = Topic::new(DocName::Code, "view").unwrap();
    Input::Say(Say::new(topic, value.to_vec()).unwrap())
}

/// The last that was heard of somebody.
fn heard(net: &Net, page: usize, from: ClientId) -> Option<Vec<u8>> {
    let events = net.pages[page].events.iter().rev();
    let mut said = events.filter_map(|event| match event {
        Event::Said { client, value, .. } if *client == from => Some(value.clone()),
        _ => None,
    });
    said.next().flatten()
}

#[test]
fn live_values_are_heard_by_those_here_and_by_those_who_come() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let link = net.invite(ada, Role::Participant);
    let bo = net.join(2, "Bo", &link);
    net.wait(Duration::from_secs(1));
    let from = net.pages[ada].client.client_id();
    net.handle(ada, say(b"line 3"));
    net.wait(Duration::from_secs(1));
    assert_eq!(heard(&net, bo, from), Some(b"line 3".to_vec()));
    let cy = net.join(3, "Cy", &link);
    net.wait(Duration::from_millis(500));
    assert_eq!(heard(&net, cy, from), Some(b"line 3".to_vec()));
    net.handle(ada, say(b""));
    net.wait(Duration::from_secs(1));
    assert_eq!(heard(&net, bo, from), None);
}

#[test]
fn a_seat_that_is_shown_before_it_enters_is_known_by_its_member() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let link = net.invite(ada, Role::Participant);
    net.join(2, "Bo", &link);
    net.wait(Duration::from_secs(1));
    let mut page = Stranger::of_member(&link, 9, 2);
    page.meet(&mut net, ada);
    let here = Here { name: "Bo again".to_owned(), color: 1, caret: None };
    page.say_live(&mut net, ada, &Message::Here(here));
    let client = page.seat.client();
    let shown =
        |event: &Event| matches!(event, Event::Presence { client: of, .. } if *of == client);
    assert!(net.pages[ada].events.iter().any(shown));
    let bo = DeviceSecret::new([2; 32]).member(link.room).id();
    assert_eq!(net.pages[ada].client.author(client), Some(bo));
}

#[test]
fn live_values_go_with_their_author() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let link = net.invite(ada, Role::Participant);
    let bo = net.join(2, "Bo", &link);
    net.wait(Duration::from_secs(1));
    let from = net.pages[bo].client.client_id();
    net.handle(bo, say(b"here"));
    net.wait(Duration::from_secs(1));
    assert_eq!(heard(&net, ada, from), Some(b"here".to_vec()));
    net.handle(bo, Input::Leave);
    net.wait(Duration::from_secs(1));
    assert_eq!(heard(&net, ada, from), None);
}

#[test]
fn a_viewer_says_nothing() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let link = net.invite(ada, Role::Participant);
    let viewer = net.join(2, "Vi", &link.attenuate(Terms::new(Role::Viewer), [7; 16]).unwrap());
    net.wait(Duration::from_secs(1));
    let from = net.pages[viewer].client.client_id();
    net.handle(viewer, say(b"graffiti"));
    net.wait(Duration::from_secs(3));
    assert_eq!(heard(&net, ada, from), None);
    assert_eq!(refused(&net.pages[ada]).get("live"), None);
}

#[test]
fn fewer_than_a_dozen_people_have_colours_of_their_own() {
    let mut net = Net::new();
    let first = net.found(1, "1");
    let link = net.invite(first, Role::Participant);
    for device in 2..=11 {
        net.join(device, &device.to_string(), &link);
    }
    net.wait(Duration::from_secs(10));
    for page in &net.pages {
        let people = page.client.people();
        let mut colors: Vec<u8> = people.iter().map(|person| person.color).collect();
        colors.sort_unstable();
        colors.dedup();
        assert_eq!(colors.len(), people.len());
    }
}

#[test]
fn an_entry_says_when_it_was_written_and_by_whom() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let link = net.invite(ada, Role::Participant);
    let bo = net.join(2, "Bo", &link);
    net.wait(Duration::from_secs(1));
    net.edit(ada, 0, 0, "first ");
    net.wait(Duration::from_secs(1));
    net.edit(bo, 6, 0, "second");
    net.wait(Duration::from_secs(1));
    let [a, b] = [ada, bo].map(|page| net.pages[page].client.client_id());
    for page in [ada, bo] {
        let client = &net.pages[page].client;
        let lamport = |id, clock| client.lamport(&DocName::Code, id, clock);
        assert!(lamport(a, 0).unwrap() < lamport(b, 0).unwrap());
        assert_eq!(lamport(a, 0), lamport(a, 5));
        assert_eq!(lamport(a, 6), None);
        assert_eq!(lamport(ClientId(1), 0), None);
        assert!(client.author(a).is_some() && client.author(a) != client.author(b));
    }
}
