//! WebSockets that misbehave, and how many there may be.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod common;

use std::net::Ipv4Addr;
use std::time::Duration;

use common::{Client, Messages, PATIENCE, refused};
use covey_rendezvous::{Rate, Server, ServerConfig};
use covey_wire::meet::{InfoRequest, NODE_PROTOCOL, NodeInfo};
use libp2p::futures::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::http::StatusCode;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn socket(node: &Server) -> Result<Socket, Error> {
    connect_async(format!("ws://{}/", node.address())).await.map(|(socket, _)| socket)
}

/// Sends a message and reads until the node has had enough.
async fn is_ended_by(node: &Server, message: Message) {
    let mut socket = socket(node).await.unwrap();
    let _ = socket.send(message.clone()).await;
    let end = async { while let Some(Ok(_)) = socket.next().await {} };
    assert!(timeout(PATIENCE, end).await.is_ok(), "still open after {message:.40?}");
}

#[tokio::test]
async fn noise_on_a_socket_harms_nobody() {
    let node = Server::spawn_for_tests().await.unwrap();
    let mut ann = Client::connected(&node).await;
    let mut state = 1u32;
    let mut noise = |size: usize| {
        let next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        std::iter::repeat_with(next).take(size).collect::<Vec<u8>>()
    };
    for size in [1, 2, 3, 20, 100, 1000, 65_536, 400_000] {
        // A first byte of 0x7f keeps the noise from announcing a length that never arrives.
        let bytes = [vec![0x7f, 0xff], noise(size)].concat();
        let mut socket = socket(&node).await.unwrap();
        let _ = socket.send(Message::Binary(bytes.into())).await;
        drop(socket);
    }
    is_ended_by(&node, Message::Text("GET /".into())).await;
    is_ended_by(&node, Message::Binary(vec![0xff; 64].into())).await;
    is_ended_by(&node, Message::Binary(vec![0; 600 << 10].into())).await;
    let mut at_ann = ann.meet(&node).await;
    at_ann.register(covey_wire::id::Namespace([1; 32])).await;
    Client::connected(&node).await;
    node.stop().await;
}

#[tokio::test]
async fn a_full_node_refuses_sockets_and_takes_them_again() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.socket.open = 2;
    let node = Server::spawn(config).await.unwrap();
    let first = socket(&node).await.unwrap();
    let _second = socket(&node).await.unwrap();
    match socket(&node).await {
        Err(Error::Http(response)) => {
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert!(response.headers().contains_key("retry-after"));
        }
        other => panic!("not refused: {other:?}"),
    }
    refused(&node, "socket", "full").await;
    drop(first);
    let room = async { while socket(&node).await.is_err() {} };
    assert!(timeout(PATIENCE, room).await.is_ok(), "room is made again");
    node.stop().await;
}

#[tokio::test]
async fn a_socket_that_says_nothing_is_not_kept() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.socket.handshake = Duration::from_millis(100);
    let node = Server::spawn(config).await.unwrap();
    let mut socket = socket(&node).await.unwrap();
    let end = async { while let Some(Ok(_)) = socket.next().await {} };
    assert!(timeout(PATIENCE, end).await.is_ok(), "still open");
    refused(&node, "connection", "handshake").await;
    node.stop().await;
}

#[tokio::test]
async fn a_connection_that_wants_nothing_of_the_node_is_not_kept() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.socket.idle = Duration::from_millis(100);
    let node = Server::spawn(config).await.unwrap();
    let (mut ann, mut ben) = (Client::connected(&node).await, Client::connected(&node).await);
    let mut at_ben = ben.meet(&node).await;
    let mut ask = Messages::new(ann.open(node.peer_id(), NODE_PROTOCOL).await);
    ask.send(&InfoRequest).await;
    assert!(ask.next::<NodeInfo>().await.is_some());
    drop(ask);
    let url = format!("http://{}/metrics", node.address());
    let alone = async {
        while !reqwest::get(&url).await.unwrap().text().await.unwrap().contains("connections 1\n") {
        }
    };
    // libp2p looks at it with the next ping, which is every 15 seconds.
    assert!(timeout(PATIENCE * 2, alone).await.is_ok(), "still connected");
    // A registered peer stays, however long nothing is said.
    at_ben.register(covey_wire::id::Namespace([1; 32])).await;
    node.stop().await;
}

#[tokio::test]
async fn one_key_has_only_so_many_connections() {
    let node = Server::spawn_for_tests().await.unwrap();
    let key = libp2p::identity::ed25519::Keypair::generate();
    let mut peers = Vec::new();
    for _ in 0..4 {
        let mut client = Client::of(key.clone(), Ipv4Addr::LOCALHOST);
        client.connect(&node).await;
        peers.push(client.run());
    }
    let mut fifth = Client::of(key, Ipv4Addr::LOCALHOST);
    fifth.swarm.dial(common::node_address(&node)).unwrap();
    let _fifth = fifth.run();
    refused(&node, "connection", "limit").await;
    for peer in &mut peers {
        peer.meet(&node).await.discover(covey_wire::id::Namespace([1; 32])).await;
    }
    node.stop().await;
}

#[tokio::test]
async fn one_address_opens_only_so_many_sockets_in_a_while() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.visitors.requests = Rate::new(1, 16);
    let node = Server::spawn(config).await.unwrap();
    // Each counts as six requests.
    let _two = (socket(&node).await.unwrap(), socket(&node).await.unwrap());
    match socket(&node).await {
        Err(Error::Http(response)) => {
            assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        }
        other => panic!("not refused: {other:?}"),
    }
    node.stop().await;
}
