//! Peers that misuse their streams, and rooms in which one of five attacks, through the real node.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod common;
mod crowd;
mod rooms;

use std::future::pending;
use std::time::Duration;

use common::Client;
use covey_mesh::peer_id;
use covey_rendezvous::Server;
use covey_rooms::room::Attack;
use covey_wire::net::{Misuse, NodeState};
use crowd::{Page, node, page, until};
use libp2p::futures::{AsyncWriteExt, StreamExt};
use libp2p::{PeerId, Stream, StreamProtocol};
use rooms::Rooms;

const SYNC: &str = "/covey/sync/1";
const LIVE: &str = "/covey/live/1";

/// The first bytes of a stream: epoch 1, index 0.
const MARK: [u8; 2] = [1, 0];

/// An honest page on a node, and somebody connected to it who speaks libp2p and means ill.
async fn honest() -> (Server, Vec<Page>, PeerId) {
    let (server, address) = node().await;
    let mut pages = vec![page(false)];
    pages[0].join(&address);
    until("the honest page is there", &mut pages, |pages| pages[0].node == NodeState::Up).await;
    let peer = peer_id(pages[0].seat).unwrap();
    (server, pages, peer)
}

async fn attacker(server: &Server, peer: PeerId) -> common::Running {
    let mut client = Client::new();
    client.connect(server).await;
    client.dial_relayed(server, peer).await;
    let mut running = client.run();
    for protocol in [SYNC, LIVE] {
        // Streams that nobody takes are dropped, and then nothing is read of ours.
        let mut streams = running.control.accept(StreamProtocol::new(protocol)).unwrap();
        tokio::spawn(async move {
            let mut kept = Vec::new();
            while let Some(stream) = streams.next().await {
                kept.push(stream);
            }
        });
    }
    running
}

async fn write(stream: &mut Stream, bytes: &[u8]) {
    // It may be closed already, which is what is waited for.
    let _ = stream.write_all(bytes).await;
    let _ = stream.flush().await;
}

/// Runs an attack until the honest page has closed the connection for this reason.
async fn ends(reason: Misuse, attack: impl AsyncFn(&Server, PeerId)) {
    let (server, mut pages, peer) = honest().await;
    let attack = async {
        attack(&server, peer).await;
        pending::<()>().await;
    };
    let counted = until("the connection is closed and counted", &mut pages, |pages| {
        pages[0].refused.iter().any(|(_, why)| *why == reason)
    });
    tokio::select! {
        () = attack => {}
        () = counted => {}
    }
    let (seat, _) = pages[0].refused[0];
    until("nothing is left of it", &mut pages, |pages| pages[0].mesh.connections(seat) == 0).await;
}

#[tokio::test]
async fn a_giant_length_ends_the_connection_before_it_arrives() {
    for protocol in [SYNC, LIVE] {
        ends(Misuse::Malformed, async |server, peer| {
            let mut running = attacker(server, peer).await;
            let mut stream = running.open(peer, protocol).await;
            write(&mut stream, &MARK).await;
            write(&mut stream, &[0xff, 0xff, 0xff, 0xff, 0x0f]).await;
            pending::<()>().await;
        })
        .await;
    }
}

#[tokio::test]
async fn streams_without_end_end_the_connection() {
    ends(Misuse::Streams, async |server, peer| {
        let mut running = attacker(server, peer).await;
        let mut streams = Vec::new();
        loop {
            let open = running.control.open_stream(peer, StreamProtocol::new(SYNC));
            match open.await {
                Ok(stream) => streams.push(stream),
                Err(_) => return,
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_stream_that_says_nothing_is_not_kept() {
    ends(Misuse::HalfOpen, async |server, peer| {
        let mut running = attacker(server, peer).await;
        let mut stream = running.open(peer, LIVE).await;
        write(&mut stream, &MARK[..1]).await;
        pending::<()>().await;
    })
    .await;
}

/// How often a second of writing is repeated until the attacker is left by all. How late edits are
/// and how long an attacker may stay is measured in `tests/e2e`.
const ROUNDS: usize = 20;

/// The four who keep the rules write on while the fifth attacks, one attack after the other.
#[tokio::test]
async fn an_attacker_holds_up_nobody_and_is_left() {
    let mut rooms = Rooms::of(4).await;
    let quiet = rooms.write_for(Duration::from_secs(2)).await;
    println!("quiet: p99 {quiet:?}");
    for (device, (attack, reason)) in [
        (Attack::FloodHellos, "unexpected"),
        (Attack::Replay, "useless"),
        (Attack::ForgeClient, "cut-off"),
        (Attack::Giant, "window"),
    ]
    .into_iter()
    .enumerate()
    {
        let mallory = rooms.enter(100 + device as u8).await;
        mallory.attack(attack);
        let mut rounds = 0;
        while rooms.left(mallory.seat).is_none() {
            rounds += 1;
            assert!(rounds <= ROUNDS, "{attack:?}: somebody is still connected to the attacker");
            let late = rooms.write_for(Duration::from_secs(1)).await;
            println!("{attack:?}: p99 {late:?}, left after {:?}", rooms.left(mallory.seat));
        }
        assert!(rooms.refused(reason) > 0, "{attack:?} was not counted as {reason}");
    }
}
