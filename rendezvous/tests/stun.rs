//! STUN over a real socket.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Client, Messages};
use covey_rendezvous::{Rate, Server, ServerConfig};
use covey_wire::meet::{InfoRequest, NODE_PROTOCOL, NodeInfo};
use tokio::net::UdpSocket;
use tokio::time::timeout;

/// A binding request without attributes.
const REQUEST: [u8; 20] = *b"\x00\x01\x00\x00\x21\x12\xa4\x42covey stun..";

async fn node(burst: u32) -> Server {
    let mut config = ServerConfig::for_tests().unwrap();
    config.stun.listen = "127.0.0.1:0".parse().ok();
    config.stun.answers = Rate::new(1, burst);
    Server::spawn(config).await.unwrap()
}

#[tokio::test]
async fn a_page_learns_its_address_and_where_to_ask() {
    let node = node(10).await;
    let stun = node.stun().unwrap();
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    socket.send_to(&REQUEST, stun).await.unwrap();
    let mut answer = [0; 64];
    let size = timeout(common::PATIENCE, socket.recv(&mut answer)).await.unwrap().unwrap();
    let port = u16::from_be_bytes([answer[26], answer[27]]) ^ 0x2112;
    assert_eq!((size, port), (32, socket.local_addr().unwrap().port()));

    let mut page = Client::connected(&node).await;
    let mut ask = Messages::new(page.open(node.peer_id(), NODE_PROTOCOL).await);
    ask.send(&InfoRequest).await;
    let info: NodeInfo = ask.next().await.unwrap();
    assert_eq!(info.ice_servers[0].urls, [format!("stun:127.0.0.1:{}", stun.port())]);
    node.stop().await;
}

/// Other systems have only one address of their own.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_address_that_asks_too_often_hears_nothing_more_and_others_do() {
    let node = node(5).await;
    let stun = node.stun().unwrap();
    let greedy = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let other = UdpSocket::bind("127.0.0.2:0").await.unwrap();
    for _ in 0..50 {
        greedy.send_to(&REQUEST, stun).await.unwrap();
    }
    other.send_to(&REQUEST, stun).await.unwrap();
    let mut answer = [0; 64];
    // Questions are answered in order: after this one nothing more comes for those before.
    timeout(common::PATIENCE, other.recv(&mut answer)).await.unwrap().unwrap();
    let answers = std::iter::from_fn(|| greedy.try_recv(&mut answer).ok()).count();
    // One more for each second that this took.
    assert!((5..10).contains(&answers), "{answers}");
    common::refused(&node, "stun", "rate").await;
    other.send_to(b"no question", stun).await.unwrap();
    common::refused(&node, "stun", "malformed").await;
    node.stop().await;
}
