//! `/covey/meet/1` and `/covey/node/1` as pages use them, over real connections.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod common;

use common::{Client, Messages, node_address, refused};
use covey_rendezvous::{Rate, Server, ServerConfig};
use covey_wire::id::Namespace;
use covey_wire::limits;
use covey_wire::meet::{
    IceServer, InfoRequest, MEET_PROTOCOL, MeetReply, MeetRequest, NODE_PROTOCOL, NodeInfo, Refusal,
};
use libp2p::futures::AsyncWriteExt;

const ROOM: Namespace = Namespace([1; 32]);
const OTHER: Namespace = Namespace([2; 32]);

#[tokio::test]
async fn newcomers_find_the_others_and_are_announced() {
    let node = Server::spawn_for_tests().await.unwrap();
    let (mut ann, mut ben) = (Client::connected(&node).await, Client::connected(&node).await);
    let (mut at_ann, mut at_ben) = (ann.meet(&node).await, ben.meet(&node).await);
    assert_eq!(at_ann.discover(ROOM).await, vec![]);
    at_ann.register(ROOM).await;
    assert_eq!(at_ben.discover(ROOM).await, vec![ann.seat]);
    at_ben.register(ROOM).await;
    assert_eq!(at_ann.next().await, MeetReply::Joined { namespace: ROOM, seat: ben.seat });
    assert_eq!(at_ann.discover(ROOM).await, vec![ben.seat]);
    node.stop().await;
}

#[tokio::test]
async fn rooms_never_see_each_other() {
    let node = Server::spawn_for_tests().await.unwrap();
    let mut peers = Vec::new();
    for _ in 0..3 {
        peers.push(Client::connected(&node).await);
    }
    let mut at_ann = peers[0].meet(&node).await;
    let mut at_eve = peers[1].meet(&node).await;
    let mut at_ben = peers[2].meet(&node).await;
    at_ann.register(ROOM).await;
    at_eve.register(OTHER).await;
    assert_eq!(at_eve.discover(OTHER).await, vec![]);
    at_ben.register(ROOM).await;
    // The first thing either hears of concerns its own room.
    assert_eq!(at_ann.next().await, MeetReply::Joined { namespace: ROOM, seat: peers[2].seat });
    at_ann.register(OTHER).await;
    assert_eq!(at_eve.next().await, MeetReply::Joined { namespace: OTHER, seat: peers[0].seat });
    node.stop().await;
}

#[tokio::test]
async fn a_seat_that_leaves_or_disconnects_is_not_found() {
    let node = Server::spawn_for_tests().await.unwrap();
    let (mut ann, mut ben) = (Client::connected(&node).await, Client::connected(&node).await);
    let (mut at_ann, mut at_ben) = (ann.meet(&node).await, ben.meet(&node).await);
    at_ann.register(ROOM).await;
    at_ann.register(OTHER).await;
    at_ann.tell(MeetRequest::Leave(ROOM)).await;
    // Requests of one connection are answered in their order, so this one comes after leaving.
    at_ann.discover(ROOM).await;
    assert_eq!(at_ben.discover(ROOM).await, vec![]);
    assert_eq!(at_ben.discover(OTHER).await, vec![ann.seat]);
    drop((ann, at_ann));
    while !at_ben.discover(OTHER).await.is_empty() {}
    node.stop().await;
}

#[tokio::test]
async fn one_namespace_too_many_is_refused_and_the_rest_stays() {
    let node = Server::spawn_for_tests().await.unwrap();
    let mut ann = Client::connected(&node).await;
    let mut at_ann = ann.meet(&node).await;
    let namespace = |n: usize| Namespace([n as u8; 32]);
    for n in 0..limits::NAMESPACES {
        at_ann.register(namespace(n)).await;
    }
    let one_more = namespace(limits::NAMESPACES);
    let reply = at_ann.ask(MeetRequest::Register(one_more)).await;
    let reason = Refusal::Namespaces;
    assert_eq!(reply, MeetReply::Refused { namespace: one_more, reason, retry_after_ms: 0 });
    refused(&node, "registration", "namespaces").await;
    let mut ben = Client::connected(&node).await;
    let mut at_ben = ben.meet(&node).await;
    assert_eq!(at_ben.discover(namespace(3)).await, vec![ann.seat]);
    assert_eq!(at_ben.discover(one_more).await, vec![]);
    node.stop().await;
}

#[tokio::test]
async fn a_full_node_says_when_to_ask_again() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.meet.registrations = 1;
    let node = Server::spawn(config).await.unwrap();
    let mut ann = Client::connected(&node).await;
    let mut at_ann = ann.meet(&node).await;
    at_ann.register(ROOM).await;
    match at_ann.ask(MeetRequest::Register(OTHER)).await {
        MeetReply::Refused { reason: Refusal::Full, retry_after_ms, .. } => {
            assert!(retry_after_ms > 0);
        }
        other => panic!("not refused: {other:?}"),
    }
    node.stop().await;
}

#[tokio::test]
async fn a_seat_that_comes_and_goes_without_end_is_told_to_wait_and_taken_again() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.meet.registrations_of_key = Rate::new(5, 3);
    let node = Server::spawn(config).await.unwrap();
    let (mut ann, mut ben) = (Client::connected(&node).await, Client::connected(&node).await);
    let (mut at_ann, mut at_ben) = (ann.meet(&node).await, ben.meet(&node).await);
    for _ in 0..3 {
        at_ann.register(ROOM).await;
        // Once more changes nothing, and counts for nothing.
        at_ann.register(ROOM).await;
        at_ann.tell(MeetRequest::Leave(ROOM)).await;
    }
    match at_ann.ask(MeetRequest::Register(ROOM)).await {
        MeetReply::Refused { namespace: ROOM, reason: Refusal::Rate, retry_after_ms } => {
            assert!((1..=200).contains(&retry_after_ms), "{retry_after_ms}");
        }
        other => panic!("not refused: {other:?}"),
    }
    at_ben.register(ROOM).await;
    while at_ann.ask(MeetRequest::Register(ROOM)).await != MeetReply::Registered(ROOM) {}
    assert_eq!(at_ben.next().await, MeetReply::Joined { namespace: ROOM, seat: ann.seat });
    refused(&node, "registration", "rate").await;
    node.stop().await;
}

#[tokio::test]
async fn a_hundred_requests_at_once_are_all_answered() {
    let node = Server::spawn_for_tests().await.unwrap();
    let mut ann = Client::connected(&node).await;
    let mut at_ann = ann.meet(&node).await;
    at_ann.register(ROOM).await;
    for _ in 0..100 {
        at_ann.tell(MeetRequest::Discover(ROOM)).await;
    }
    for _ in 0..100 {
        assert_eq!(at_ann.next().await, MeetReply::Found { namespace: ROOM, seats: vec![] });
    }
    node.stop().await;
}

#[tokio::test]
async fn noise_ends_the_stream_and_its_registrations_and_nothing_else() {
    let node = Server::spawn_for_tests().await.unwrap();
    let (mut ann, mut ben) = (Client::connected(&node).await, Client::connected(&node).await);
    let (mut at_ann, mut at_ben) = (ann.meet(&node).await, ben.meet(&node).await);
    at_ann.register(ROOM).await;
    at_ann.0.stream.write_all(&[0xff; 64]).await.unwrap();
    at_ann.0.stream.flush().await.unwrap();
    assert_eq!(at_ann.0.next::<MeetReply>().await, None);
    while !at_ben.discover(ROOM).await.is_empty() {}
    let mut again = ann.meet(&node).await;
    again.register(ROOM).await;
    assert_eq!(at_ben.discover(ROOM).await, vec![ann.seat]);
    node.stop().await;
}

#[tokio::test]
async fn the_newest_stream_is_the_one_that_counts() {
    let node = Server::spawn_for_tests().await.unwrap();
    let (mut ann, mut ben) = (Client::connected(&node).await, Client::connected(&node).await);
    let mut old = ann.meet(&node).await;
    old.register(ROOM).await;
    let mut new = ann.meet(&node).await;
    new.register(ROOM).await;
    assert_eq!(old.0.next::<MeetReply>().await, None);
    let mut at_ben = ben.meet(&node).await;
    at_ben.register(ROOM).await;
    assert_eq!(new.next().await, MeetReply::Joined { namespace: ROOM, seat: ben.seat });
    node.stop().await;
}

#[tokio::test]
async fn a_page_learns_what_the_node_offers() {
    let ice_servers = vec![IceServer {
        urls: vec!["turn:127.0.0.1:3478".into()],
        username: Some("ann".into()),
        credential: Some("secret".into()),
    }];
    let mut config = ServerConfig::for_tests().unwrap();
    config.ice_servers = ice_servers.clone();
    let node = Server::spawn(config).await.unwrap();
    let mut ann = Client::connected(&node).await;
    let mut messages = Messages::new(ann.open(node.peer_id(), NODE_PROTOCOL).await);
    messages.send(&InfoRequest).await;
    let expected = NodeInfo {
        ice_servers,
        circuit_seconds: 3600,
        circuit_bytes: 64 << 20,
        reservation_seconds: 3600,
    };
    assert_eq!(messages.next().await, Some(expected));
    assert_eq!(messages.next::<NodeInfo>().await, None, "the node closes");
    node.stop().await;
}

#[tokio::test]
async fn identify_names_the_protocols_and_the_address_that_pages_dial() {
    let node = Server::spawn_for_tests().await.unwrap();
    let info = Client::new().connect(&node).await;
    let protocols = info.protocols.iter().map(AsRef::<str>::as_ref).collect::<Vec<_>>();
    for protocol in [MEET_PROTOCOL, NODE_PROTOCOL, "/libp2p/circuit/relay/0.2.0/hop"] {
        assert!(protocols.contains(&protocol), "{protocol} in {protocols:?}");
    }
    assert_eq!(info.listen_addrs, vec![node_address(&node)]);
    assert_eq!(info.agent_version, concat!("covey-node/", env!("CARGO_PKG_VERSION")));
    node.stop().await;
}
