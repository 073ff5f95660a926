//! Few who want everything of the node, and those who come after them.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]
// Other systems have only one address of their own.
#![cfg(target_os = "linux")]

mod common;
mod crowd;

use std::net::Ipv4Addr;
use std::time::Duration;

use common::dialer::connect;
use common::raw::{OK, Raw, status};
use common::{Client, PATIENCE, refused};
use covey_mesh::peer_id;
use covey_rendezvous::{Server, ServerConfig};
use covey_wire::id::Namespace;
use covey_wire::meet::{MEET_PROTOCOL, MeetReply, MeetRequest};
use covey_wire::net::NodeState;
use crowd::until;
use libp2p::futures::future::join_all;
use libp2p::futures::{SinkExt, StreamExt};
use libp2p::{Stream, StreamProtocol};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

const MALLORY: Ipv4Addr = Ipv4Addr::new(127, 4, 0, 1);
const OTHER_MALLORY: Ipv4Addr = Ipv4Addr::new(127, 4, 0, 2);
const ANN: Ipv4Addr = Ipv4Addr::new(127, 5, 0, 1);
const BEN: Ipv4Addr = Ipv4Addr::new(127, 5, 0, 2);

const ROOM: Namespace = Namespace([1; 32]);

async fn metrics(node: &Server) -> String {
    let url = format!("http://{}/metrics", node.address());
    reqwest::get(url).await.unwrap().text().await.unwrap()
}

/// Waits until the node counts this.
async fn counts(node: &Server, line: &str) {
    let line = format!("{line}\n");
    let counted = async { while !metrics(node).await.contains(&line) {} };
    timeout(PATIENCE, counted).await.unwrap_or_else(|_| panic!("never {line}"));
}

/// One who takes all circuits that it gets to these peers; what it holds.
async fn hogs(node: &Server, from: Ipv4Addr, peers: &[&Raw], each: usize) -> (Raw, Vec<Stream>) {
    let mut hog = Raw::connect(node, from).await;
    let mut held = Vec::new();
    for n in 0..each {
        if let Some((OK, stream)) = hog.dial(peers[n % peers.len()].peer_id).await {
            held.push(stream);
        }
    }
    (hog, held)
}

#[tokio::test]
async fn four_keys_of_one_address_leave_circuits_for_everybody_else() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.relay.circuits = 128;
    let node = Server::spawn(config).await.unwrap();
    let mut friends = Vec::new();
    for _ in 0..16 {
        friends.push(Raw::takes(&node, MALLORY).await);
    }
    let friends = friends.iter().collect::<Vec<_>>();
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(hogs(&node, MALLORY, &friends, 64).await);
    }
    let taken = held.iter().map(|(_, streams)| streams.len()).sum::<usize>();
    let ben = Raw::takes(&node, BEN).await;
    let mut ann = Raw::connect(&node, ANN).await;
    let mut calls = Vec::new();
    for n in 0..8 {
        let (answer, stream) = ann.dial(ben.peer_id).await.expect("a connection that stands");
        assert_eq!(answer, OK, "call {n}, while another address holds {taken}");
        calls.push(stream);
    }
    // Somebody who shares the address of those who hog has a share of it too.
    assert!((32..=64).contains(&taken), "{taken}");
    refused(&node, "circuit", "network").await;
    node.stop().await;
}

#[tokio::test]
async fn addresses_that_hog_one_after_the_other_leave_the_next_one_a_circuit() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.relay.circuits = 64;
    let node = Server::spawn(config).await.unwrap();
    let mut friends = Vec::new();
    for _ in 0..8 {
        friends.push(Raw::takes(&node, MALLORY).await);
    }
    let friends = friends.iter().collect::<Vec<_>>();
    let mut held = Vec::new();
    for network in 0..12 {
        let got = hogs(&node, Ipv4Addr::new(127, 4, 1, network), &friends, 64).await;
        assert!(!got.1.is_empty(), "the address number {network} gets none");
        held.push(got);
    }
    let ben = Raw::takes(&node, BEN).await;
    let (answer, _stream) = Raw::connect(&node, ANN).await.dial(ben.peer_id).await.unwrap();
    assert_eq!(answer, OK);
    node.stop().await;
}

#[tokio::test]
async fn a_peer_that_is_called_without_end_still_calls_and_is_called() {
    let node = Server::spawn_for_tests().await.unwrap();
    let (mut victim, friend) = (Raw::takes(&node, ANN).await, Raw::takes(&node, BEN).await);
    let _held = hogs(&node, MALLORY, &[&victim], 64).await;
    let (answer, _call) = victim.dial(friend.peer_id).await.expect("a connection that stands");
    assert_eq!(answer, OK, "the victim calls");
    let mut guest = Raw::connect(&node, BEN).await;
    let (answer, _call) = guest.dial(victim.peer_id).await.expect("a connection that stands");
    assert_eq!(answer, OK, "the victim is called");
    refused(&node, "circuit", "pair").await;
    node.stop().await;
}

#[tokio::test]
async fn nobody_is_called_so_often_that_the_node_ends_their_connection() {
    let node = Server::spawn_for_tests().await.unwrap();
    let (mut victim, friend) = (Raw::takes(&node, ANN).await, Raw::takes(&node, BEN).await);
    let mut kept = Vec::new();
    for n in 0..24 {
        // From few networks, and then from many.
        let from = if n < 12 { MALLORY } else { Ipv4Addr::new(127, 4, 2, n) };
        kept.push(hogs(&node, from, &[&victim], 24).await);
    }
    // As many as it may have itself, on the same connection.
    let mut own = Vec::new();
    for n in 0..8 {
        let (answer, stream) = victim.dial(friend.peer_id).await.expect("a connection that stands");
        assert_eq!(answer, OK, "{n}");
        own.push(stream);
    }
    let meet = StreamProtocol::new(MEET_PROTOCOL);
    let stream = victim.control.open_stream(node.peer_id(), meet).await.unwrap();
    let mut meeting = common::Meeting(common::Messages::new(stream));
    meeting.register(ROOM).await;
    refused(&node, "circuit", "destination").await;
    node.stop().await;
}

/// A page takes what it is called with before it knows by whom.
#[tokio::test]
async fn a_page_that_is_called_by_many_who_say_nothing_is_reached_all_the_same() {
    let (node, address) = crowd::node().await;
    let mut pages = vec![crowd::page(false), crowd::page(false)];
    pages[0].join(&address);
    until("it can be reached", &mut pages, |pages| pages[0].node == NodeState::Up).await;
    let victim = peer_id(pages[0].seat).unwrap();
    let connect = (0..12u8).map(|n| Raw::connect(&node, Ipv4Addr::new(127, 4, 5, n / 3)));
    let mut hogs = join_all(connect).await;
    let attack = async {
        let calls = hogs.iter_mut().map(async |hog| {
            let mut held = Vec::new();
            for _ in 0..6 {
                held.push(hog.dial(victim).await.expect("a connection that stands"));
            }
            held
        });
        let held = join_all(calls).await;
        counts(&node, "covey_circuits 72").await;
        held
    };
    let _held = tokio::select! {
        held = attack => held,
        () = until("nothing of it itself", &mut pages, |_| false) => unreachable!(),
    };
    pages[1].join(&address);
    until("they are linked", &mut pages, |pages| pages.iter().all(|page| page.up.len() == 1)).await;
    node.stop().await;
}

/// The relay makes ten circuits to one page at a time; those who wait for the others are told when
/// that page is gone.
#[tokio::test]
async fn a_peer_that_does_not_answer_blocks_no_calls_to_others() {
    let node = Server::spawn_for_tests().await.unwrap();
    let (deaf, ben) = (Raw::ignores(&node, MALLORY).await, Raw::takes(&node, BEN).await);
    let mut held = Vec::new();
    for n in 0..8 {
        let mut hog = Raw::connect(&node, Ipv4Addr::new(127, 4, 3, n)).await;
        for _ in 0..8 {
            held.push(hog.calls(deaf.peer_id).await);
        }
        let (answer, stream) = hog.dial(ben.peer_id).await.expect("a connection that stands");
        assert_eq!(answer, OK);
        held.push(stream);
    }
    // Once the deaf one is gone, all who waited are told.
    drop(deaf);
    for mut stream in held.into_iter().enumerate().filter(|(n, _)| n % 9 != 8).map(|(_, s)| s) {
        let answer = status(&mut stream).await;
        assert!(answer.is_none_or(|answer| answer != OK), "{answer:?}");
    }
    node.stop().await;
}

/// Of a school class that calls one person at the same time everyone gets through: the relay makes
/// ten circuits to one page at a time, and loses those beyond.
#[tokio::test]
async fn thirty_who_call_one_at_the_same_time_all_get_through() {
    let node = Server::spawn_for_tests().await.unwrap();
    let mut ben = Client::at(BEN);
    ben.connect(&node).await;
    ben.reserve(&node, 1).await;
    let ben = ben.run();
    let call = async || {
        let mut caller = Client::at(ANN);
        caller.connect(&node).await;
        caller.dial_relayed(&node, ben.peer_id).await;
        caller.run()
    };
    let _callers = join_all((0..30).map(|_| call())).await;
    counts(&node, "covey_circuits 30").await;
    node.stop().await;
}

#[tokio::test]
async fn circuits_are_counted_once_whoever_hangs_up() {
    let node = Server::spawn_for_tests().await.unwrap();
    let eve = Raw::takes(&node, BEN).await;
    let mut ann = Raw::connect(&node, ANN).await;
    for _ in 0..3 {
        let ben = Raw::takes(&node, BEN).await;
        let (_, _call) = ann.dial(ben.peer_id).await.unwrap();
        let (_, _other) = ann.dial(ben.peer_id).await.unwrap();
        counts(&node, "covey_circuits 2").await;
        // The library tells of each twice: that a connection ended, and that its streams broke.
        drop(ben);
        counts(&node, "covey_circuits 0").await;
    }
    let (_, _call) = ann.dial(eve.peer_id).await.unwrap();
    counts(&node, "covey_circuits 1").await;
    assert!(!metrics(&node).await.contains("covey_circuits -"));
    drop(ann);
    counts(&node, "covey_circuits 0").await;
    node.stop().await;
}

/// A WebSocket that was opened, and on which nothing was said.
async fn silent(node: &Server, from: Ipv4Addr) -> Option<WebSocketStream<TcpStream>> {
    let stream = connect(from, node.address()).await.ok()?;
    let url = format!("ws://{}/", node.address());
    let (socket, _) = tokio_tungstenite::client_async(url, stream).await.ok()?;
    Some(socket)
}

#[tokio::test]
async fn two_addresses_that_say_nothing_hold_up_nobody() {
    let node = Server::spawn_for_tests().await.unwrap();
    let mut quiet = Vec::new();
    for _ in 0..12 {
        for from in [MALLORY, OTHER_MALLORY] {
            quiet.extend(join_all((0..30).map(|_| silent(&node, from))).await);
        }
    }
    assert!(quiet.iter().flatten().count() > 600);
    for n in 0..20 {
        // A connection that fails is a panic here.
        Raw::connect(&node, Ipv4Addr::new(127, 5, 1, n)).await;
    }
    refused(&node, "connection", "crowd").await;
    node.stop().await;
}

#[tokio::test]
async fn addresses_that_connect_and_ask_nothing_keep_nobody_from_asking() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.http.connections = 64;
    let node = Server::spawn(config).await.unwrap();
    let mut quiet = Vec::new();
    for host in 1..4 {
        for _ in 0..40 {
            quiet.push(connect(Ipv4Addr::new(127, 4, 4, host), node.address()).await.unwrap());
        }
    }
    let page = async {
        let mut stream = connect(ANN, node.address()).await.unwrap();
        let ask = b"GET /healthz HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n";
        stream.write_all(ask).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    // Those who ask nothing are let go after twenty seconds.
    let answer = timeout(Duration::from_secs(15), page).await.expect("an answer in time");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    refused(&node, "connection", "share").await;
    node.stop().await;
}

#[tokio::test]
async fn a_socket_has_two_seconds_for_its_first_byte_and_no_more_for_the_rest_than_before() {
    let node = Server::spawn_for_tests().await.unwrap();
    let mut mute = silent(&node, MALLORY).await.unwrap();
    let mut slow = silent(&node, OTHER_MALLORY).await.unwrap();
    // The length of libp2p's first message, and nothing of it.
    slow.send(Message::Binary(vec![0x13].into())).await.unwrap();
    let end = async { while let Some(Ok(_)) = mute.next().await {} };
    // Ten seconds is what a handshake may take, whoever speaks.
    assert!(timeout(Duration::from_secs(8), end).await.is_ok(), "still open");
    refused(&node, "connection", "silent").await;
    let end = async { while let Some(Ok(_)) = slow.next().await {} };
    assert!(timeout(PATIENCE, end).await.is_ok(), "still open");
    node.stop().await;
}

#[tokio::test]
async fn strangers_of_one_address_hide_nobody_and_take_nobody_a_place() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.meet.registrations_per_namespace = 240;
    let node = Server::spawn(config).await.unwrap();
    let mut members = Vec::new();
    for n in 0..3 {
        let mut member = Client::at(Ipv4Addr::new(127, 5, 0, n));
        member.connect(&node).await;
        let mut member = member.run();
        let mut meeting = member.meet(&node).await;
        meeting.register(ROOM).await;
        members.push((member, meeting));
    }
    let mut strangers = Vec::new();
    let mut refusals = 0;
    for _ in 0..100 {
        let mut stranger = Client::at(MALLORY);
        stranger.connect(&node).await;
        let mut stranger = stranger.run();
        let mut meeting = stranger.meet(&node).await;
        match meeting.ask(MeetRequest::Register(ROOM)).await {
            MeetReply::Registered(_) => strangers.push((stranger, meeting)),
            _ => refusals += 1,
        }
    }
    assert!(strangers.len() > 64 && refusals > 0, "{} strangers", strangers.len());
    let mut guest = Client::at(Ipv4Addr::new(127, 5, 0, 9));
    guest.connect(&node).await;
    let mut guest = guest.run();
    let mut meeting = guest.meet(&node).await;
    let found = meeting.discover(ROOM).await;
    assert_eq!(found.len(), 64);
    for (member, _) in &members {
        assert!(found.contains(&member.seat), "a member is hidden");
    }
    meeting.register(ROOM).await;
    let (_, at_member) = &mut members[0];
    let joined = MeetReply::Joined { namespace: ROOM, seat: guest.seat };
    let told = async { while at_member.next().await != joined {} };
    timeout(PATIENCE, told).await.expect("a member is told of the newcomer");
    refused(&node, "registration", "network").await;
    node.stop().await;
}
