//! First contact and fallback: the circuit relay between two peers.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod common;

use std::time::Duration;

use common::{Client, PATIENCE, Running, circuit, refused};
use covey_rendezvous::{Server, ServerConfig};
use libp2p::futures::{AsyncReadExt, AsyncWriteExt, StreamExt, future};
use libp2p::multiaddr::Protocol;
use libp2p::swarm::SwarmEvent;
use libp2p::{PeerId, StreamProtocol};
use tokio::time::timeout;

const ECHO: &str = "/test/echo/1";

/// A peer that can be reached through the node and echoes what it is sent.
async fn echo(node: &Server) -> Running {
    let mut client = Client::new();
    client.connect(node).await;
    client.reserve(node, 1).await;
    let mut peer = client.run();
    let mut incoming = peer.control.accept(StreamProtocol::new(ECHO)).unwrap();
    tokio::spawn(async move {
        while let Some((_, mut stream)) = incoming.next().await {
            tokio::spawn(async move {
                let mut buffer = vec![0; 32 << 10];
                while let Ok(size @ 1..) = stream.read(&mut buffer).await {
                    if stream.write_all(&buffer[..size]).await.is_err() {
                        return;
                    }
                    if stream.flush().await.is_err() {
                        return;
                    }
                }
                let _ = stream.close().await;
            });
        }
    });
    peer
}

async fn caller(node: &Server, peer: PeerId) -> Running {
    let mut client = Client::new();
    client.connect(node).await;
    client.dial_relayed(node, peer).await;
    client.run()
}

/// Sends `size` bytes in writes of `frame` bytes and counts what comes back unchanged.
async fn echoed(caller: &mut Running, peer: PeerId, size: usize, frame: usize) -> usize {
    let stream = caller.open(peer, ECHO).await;
    let (mut reader, mut writer) = stream.split();
    let data = (0..size).map(|n| (n * 31 % 251) as u8).collect::<Vec<_>>();
    let write = async {
        for part in data.chunks(frame) {
            writer.write_all(part).await?;
            writer.flush().await?;
        }
        writer.close().await
    };
    let mut back = Vec::new();
    let (_, _) = timeout(PATIENCE, future::join(write, reader.read_to_end(&mut back)))
        .await
        .expect("the echo in time");
    back.iter().zip(&data).take_while(|(a, b)| a == b).count()
}

#[tokio::test]
async fn two_peers_exchange_a_mebibyte_in_large_frames() {
    let node = Server::spawn_for_tests().await.unwrap();
    let ben = echo(&node).await;
    let mut ann = caller(&node, ben.peer_id).await;
    for frame in [1 << 10, 16 << 10, 60 << 10, 1 << 20] {
        assert_eq!(echoed(&mut ann, ben.peer_id, 1 << 20, frame).await, 1 << 20, "{frame}");
    }
    node.stop().await;
}

#[tokio::test]
async fn a_reservation_names_exactly_the_declared_addresses() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.external =
        vec!["https://one.example".parse().unwrap(), "https://two.example:444".parse().unwrap()];
    let node = Server::spawn(config).await.unwrap();
    let mut ben = Client::new();
    ben.connect(&node).await;
    let mut addresses = ben.reserve(&node, 2).await;
    addresses.sort();
    let expected = ["one.example/tcp/443", "two.example/tcp/444"].map(|place| {
        let (node, ben) = (node.peer_id(), ben.swarm.local_peer_id());
        format!("/dns4/{place}/tls/ws/p2p/{node}/p2p-circuit/p2p/{ben}").parse().unwrap()
    });
    assert_eq!(addresses, expected);
    node.stop().await;
}

#[tokio::test]
async fn ten_peers_of_one_address_all_reach_each_other() {
    let node = Server::spawn_for_tests().await.unwrap();
    let mut peers = Vec::new();
    for _ in 0..10 {
        let mut client = Client::new();
        client.connect(&node).await;
        client.reserve(&node, 1).await;
        for (other, _) in &peers {
            client.dial_relayed(&node, *other).await;
        }
        let peer = client.run();
        peers.push((peer.peer_id, peer));
    }
    node.stop().await;
}

#[tokio::test]
async fn a_circuit_ends_at_its_limit_of_bytes() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.relay.circuit_bytes = 256 << 10;
    let node = Server::spawn(config).await.unwrap();
    let ben = echo(&node).await;
    let mut ann = caller(&node, ben.peer_id).await;
    let back = echoed(&mut ann, ben.peer_id, 1 << 20, 16 << 10).await;
    assert!(back <= 256 << 10, "{back} bytes");
    refused(&node, "circuit", "bytes").await;
    node.stop().await;
}

#[tokio::test]
async fn a_circuit_ends_at_its_limit_of_time() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.relay.circuit_duration = Duration::from_secs(2);
    let node = Server::spawn(config).await.unwrap();
    let ben = echo(&node).await;
    let mut ann = caller(&node, ben.peer_id).await;
    let mut stream = ann.open(ben.peer_id, ECHO).await;
    stream.write_all(b"hello").await.unwrap();
    stream.flush().await.unwrap();
    let mut back = Vec::new();
    let end = timeout(PATIENCE, stream.read_to_end(&mut back)).await.expect("an end in time");
    assert!(end.is_err() || back == b"hello", "{back:?}");
    refused(&node, "circuit", "time").await;
    node.stop().await;
}

/// Dials through the node, which does not do it.
async fn dials_in_vain(node: &Server, client: &mut Client, peer: PeerId) {
    client.swarm.dial(circuit(node).with(Protocol::P2p(peer))).unwrap();
    let end = async {
        loop {
            match client.swarm.select_next_some().await {
                SwarmEvent::OutgoingConnectionError { .. } => return,
                SwarmEvent::ConnectionEstablished { peer_id, .. } if peer_id == peer => {
                    panic!("connected");
                }
                _ => {}
            }
        }
    };
    timeout(PATIENCE, end).await.expect("a refusal in time");
}

#[tokio::test]
async fn one_peer_has_only_so_many_circuits_and_keeps_those() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.relay.circuits_per_peer = 1;
    let node = Server::spawn(config).await.unwrap();
    let (ben, eve) = (echo(&node).await, echo(&node).await);
    let mut ann = Client::new();
    ann.connect(&node).await;
    ann.dial_relayed(&node, ben.peer_id).await;
    dials_in_vain(&node, &mut ann, eve.peer_id).await;
    refused(&node, "circuit", "limit").await;
    let mut ann = ann.run();
    assert_eq!(echoed(&mut ann, ben.peer_id, 1000, 100).await, 1000);
    // Others have their own.
    caller(&node, eve.peer_id).await;
    node.stop().await;
}

#[tokio::test]
async fn a_peer_without_a_reservation_is_not_reached() {
    let node = Server::spawn_for_tests().await.unwrap();
    let ben = Client::connected(&node).await;
    let mut ann = Client::new();
    ann.connect(&node).await;
    dials_in_vain(&node, &mut ann, ben.peer_id).await;
    refused(&node, "circuit", "absent").await;
    node.stop().await;
}

#[tokio::test]
async fn a_full_relay_takes_no_reservations() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.relay.reservations = 1;
    let node = Server::spawn(config).await.unwrap();
    let _ann = echo(&node).await;
    let mut ben = Client::new();
    ben.connect(&node).await;
    ben.swarm.listen_on(circuit(&node)).unwrap();
    ben.until("a refusal", |event| match event {
        SwarmEvent::ListenerClosed { reason, .. } => reason.is_err().then_some(()),
        SwarmEvent::NewListenAddr { .. } => panic!("reserved"),
        _ => None,
    })
    .await;
    refused(&node, "reservation", "limit").await;
    node.stop().await;
}
