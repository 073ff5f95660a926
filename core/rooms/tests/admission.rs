//! Whole pages against each other: whom a link lets in, and who has heard of it.

use std::time::Duration;

use covey_rooms::capability::{Link, Role, Terms};
use covey_rooms::ledger::Segment;
use covey_rooms::room::Event;
use covey_rooms::room::{Input, Room};
use covey_testnet::{Net, refused, two};
use covey_wire::frame::Wire;
use covey_wire::limits;
use covey_wire::net::Path;
use covey_wire::time::Time;

#[test]
fn an_expired_link_lets_nobody_in() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let terms = Terms { expires: Some(Time(net.now.0 + 10)), ..Terms::new(Role::Participant) };
    let link = net.pages[ada].client.invite(terms).unwrap();
    net.pass(Duration::from_millis(10));
    let late = net.join(2, "Late", &link);
    net.wait(Duration::from_secs(2));
    assert!(!net.pages[late].client.status().admitted);
    assert!(!net.pages[late].client.status().loaded);
}

#[test]
fn a_person_whose_link_is_of_no_use_is_told_so() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let terms = Terms { expires: Some(Time(net.now.0 + 10)), ..Terms::new(Role::Participant) };
    let link = net.pages[ada].client.invite(terms).unwrap();
    net.pass(Duration::from_millis(10));
    let late = net.join(2, "Late", &link);
    net.wait(Duration::from_secs(4));
    assert!(net.pages[late].events.contains(&Event::NotAllowed));
}

/// Ada lets Bo in by a link that ends then, and loads her page from a disk that lacks it.
#[test]
fn a_member_is_not_refused_by_a_page_that_has_not_heard_of_its_admission() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let terms = Terms { expires: Some(Time(net.now.0 + 1_000)), ..Terms::new(Role::Participant) };
    let link = net.pages[ada].client.invite(terms).unwrap();
    net.all_offline();
    let bo = net.join(2, "Bo", &link);
    net.node_back();
    net.wait(Duration::from_millis(200));
    assert!(net.pages[bo].client.status().admitted);
    // Ada's disk has nothing of Bo.
    let own = Segment::from_bytes(&net.pages[ada].disk.segments[0]).unwrap().seat;
    let is_first = |segment: &Segment| segment.seat == own && segment.first == 1;
    let kept = |bytes: &Vec<u8>| is_first(&Segment::from_bytes(bytes).unwrap());
    net.pages[ada].disk.segments.retain(kept);
    assert_eq!(net.pages[ada].disk.segments.len(), 1);
    net.pass(Duration::from_secs(60));
    net.reload(ada);
    net.wait(Duration::from_secs(6));
    assert!(!net.pages[bo].events.contains(&Event::NotAllowed));
    assert_eq!(net.pages[ada].client.people().len(), 2);
    assert_eq!(net.pages[ada].client.people()[1].path, Some(Path::Direct));
}

/// Who let Bo in is away when he comes again with a link that has ended since.
#[test]
fn a_newcomer_that_was_refused_reaches_everyone_once_it_is_admitted() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let lasting = net.invite(ada, Role::Participant);
    let terms = Terms { expires: Some(Time(net.now.0 + 5_000)), ..Terms::new(Role::Participant) };
    let link = net.pages[ada].client.invite(terms).unwrap();
    let cy = net.join(3, "Cy", &lasting);
    net.wait(Duration::from_millis(500));
    let (ada_seat, ada_disk) = (net.pages[ada].seat, net.pages[ada].disk.clone());
    net.gone(net.pages[cy].seat);
    let bo = net.join(2, "Bo", &link);
    net.wait(Duration::from_millis(500));
    assert!(net.pages[bo].client.status().admitted);
    // Neither disk has anything of Bo.
    net.gone(ada_seat);
    net.pages[bo].disk.segments.clear();
    net.pages[cy].disk.segments.clone_from(&ada_disk.segments);
    net.pass(Duration::from_secs(60));
    net.reload(bo);
    net.reload(cy);
    net.wait(Duration::from_secs(8));
    assert!(net.pages[bo].events.contains(&Event::NotAllowed));
    net.reload(ada);
    net.wait(Duration::from_secs(8));
    assert!(net.pages[bo].client.status().admitted);
    let mut here = net.pages[bo].client.people();
    here.retain(|person| person.path.is_some());
    assert_eq!(here.len(), 2, "{here:?}");
}

/// Who was let in while the other was away, by somebody who is away now, is refused by it and refuses
/// it, once the link has ended. They meet when both have heard.
#[test]
fn two_who_refused_each_other_since_neither_had_heard_meet_when_they_have() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let moderator = net.invite(ada, Role::Moderator);
    let dan = net.join(2, "Dan", &moderator);
    let expires = Some(net.now + Duration::from_secs(60));
    let terms = Terms { expires, ..Terms::new(Role::Participant) };
    let link = net.pages[ada].client.invite(terms).unwrap();
    net.wait(Duration::from_secs(1));
    let seat = |net: &Net, page: usize| net.pages[page].seat;
    let leave = |net: &mut Net, page: usize| {
        net.gone(seat(net, page));
        net.settle();
    };
    leave(&mut net, dan);
    let bo = net.join(3, "Bo", &link);
    net.wait(Duration::from_secs(1));
    leave(&mut net, ada);
    leave(&mut net, bo);
    net.handle(dan, Input::Reconnect);
    net.settle();
    let cleo = net.join(4, "Cleo", &link);
    net.wait(Duration::from_secs(1));
    leave(&mut net, dan);
    net.wait(Duration::from_secs(60));
    let pair = (seat(&net, bo), seat(&net, cleo));
    net.handle(bo, Input::Reconnect);
    net.wait(Duration::from_secs(1));
    assert!(net.links.contains(&pair), "they are in doubt");
    net.wait(Duration::from_secs(8));
    assert!(!net.links.contains(&pair), "they refused each other");
    for page in [ada, dan] {
        net.handle(page, Input::Reconnect);
        net.wait(Duration::from_secs(8));
    }
    assert!(net.links.contains(&pair));
}

#[test]
fn a_link_that_asks_for_approval_lets_nobody_in_by_itself() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    net.edit(ada, 0, 0, "secret");
    let terms = Terms { approval: true, ..Terms::new(Role::Participant) };
    let link = net.pages[ada].client.invite(terms).unwrap();
    let bo = net.join(2, "Bo", &link);
    net.wait(Duration::from_secs(3));
    assert!(!net.pages[bo].client.status().admitted);
    assert_eq!(net.text(bo), "");
    assert!(!net.pages[bo].events.contains(&Event::NotAllowed));
}

#[test]
fn links_of_no_use_are_not_made() {
    let (mut net, ada, bo) = two();
    let useless = [
        Terms::new(Role::Replica),
        Terms { uses: Some(0), ..Terms::new(Role::Viewer) },
        Terms { expires: Some(Time(0)), ..Terms::new(Role::Viewer) },
    ];
    for terms in useless {
        assert!(net.pages[ada].client.invite(terms).is_err());
        assert!(net.pages[bo].client.invite(terms).is_err());
    }
}

#[test]
fn a_newcomer_that_met_only_a_viewer_is_admitted_later_by_another_page() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    net.edit(ada, 0, 0, "text");
    let participant = net.invite(ada, Role::Participant);
    let viewer = net.invite(ada, Role::Viewer);
    let vi = net.join(2, "Vi", &viewer);
    net.wait(Duration::from_secs(1));
    let ada_seat = net.pages[ada].seat;
    net.gone(ada_seat);
    let bo = net.join(3, "Bo", &participant);
    net.wait(Duration::from_secs(1));
    assert!(!net.pages[bo].client.status().admitted);
    assert_eq!(net.text(bo), "text");
    net.reload(bo);
    net.reload(ada);
    net.wait(Duration::from_secs(3));
    assert!(net.pages[bo].client.status().admitted);
    net.edit(bo, 0, 0, "more ");
    net.wait(Duration::from_secs(2));
    for page in [ada, bo, vi] {
        assert_eq!(net.text(page), "more text");
        assert_eq!(refused(&net.pages[page]), Default::default());
    }
}

#[test]
fn two_who_never_heard_of_each_others_admission_exchange_what_they_have() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let link = net.invite(ada, Role::Participant);
    let bo = net.join(2, "Bo", &link);
    net.wait(Duration::from_secs(1));
    net.all_offline();
    net.node = true;
    net.reload(ada);
    let cy = net.join(3, "Cy", &link);
    net.wait(Duration::from_secs(1));
    assert!(net.pages[cy].client.status().admitted);
    let ada_seat = net.pages[ada].seat;
    net.gone(ada_seat);
    net.reload(bo);
    net.reload(cy);
    net.edit(bo, 0, 0, "b");
    net.wait(Duration::from_secs(2));
    net.edit(cy, 0, 0, "c");
    net.wait(Duration::from_secs(2));
    assert_eq!(net.text(bo), "cb");
    assert_eq!(net.text(cy), "cb");
}

#[test]
fn a_link_for_one_lets_one_in() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let terms = Terms { uses: Some(1), ..Terms::new(Role::Participant) };
    let link = net.pages[ada].client.invite(terms).unwrap();
    let first = net.join(2, "First", &link);
    let second = net.join(3, "Second", &link);
    net.wait(Duration::from_secs(2));
    assert!(net.pages[first].client.status().admitted);
    assert!(!net.pages[second].client.status().admitted);
}

#[test]
fn links_name_the_nodes_that_a_room_was_made_with() {
    let elsewhere = "/dns/node.example.org/tcp/443/tls/ws".to_owned();
    let endless = "/".repeat(limits::NODE_ADDRESS + 1);
    let named = [vec![endless], vec![elsewhere.clone(); limits::LINK_NODES + 1]].concat();
    let mut net = Net::new();
    let setup = net.setup(1, "Ada");
    let mut ada = Room::found_at(setup, "Tea", named, net.clock()).unwrap();
    let link = ada.invite(Terms::new(Role::Participant)).unwrap();
    assert_eq!(link.nodes, vec![elsewhere; limits::LINK_NODES]);
    assert_eq!(Link::parse(&link.to_fragment()).unwrap().nodes, link.nodes);
}
