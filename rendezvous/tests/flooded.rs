//! A node with a crowd, while one address floods it: small, since the real one is `examples/load`.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]
// Other systems have only one address of their own.
#![cfg(target_os = "linux")]

mod common;
mod load;

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use common::PATIENCE;
use covey_rendezvous::{Rate, Server, ServerConfig};
use load::flood::Flood;
use load::{Node, room};
use tokio::time::timeout;

const PEOPLE: usize = 200;
const MALLORY: Ipv4Addr = Ipv4Addr::new(127, 2, 0, 1);
const HONEST: Ipv4Addr = Ipv4Addr::new(127, 3, 0, 1);

/// Honest people come from many networks.
fn visitor(n: u8) -> Ipv4Addr {
    Ipv4Addr::new(127, 3, 1, n)
}

/// Whether the flood was told no: who comes ever anew is mostly shut out without a word.
fn refused(keeps: bool, flood: &Flood) -> bool {
    let (refused, closed) = (flood.refused.load(Relaxed), flood.closed.load(Relaxed));
    if keeps { refused > 100 } else { refused + closed > 1000 }
}

/// Runs both kinds of flood, one after the other, until so many were refused; meanwhile pages are
/// served and people introduced, and nobody who is there is dropped.
#[tokio::test(flavor = "multi_thread")]
async fn one_who_floods_is_refused_and_nobody_else_notices() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.visitors.requests = Rate::new(100, 2000);
    let server = Server::spawn(config).await.unwrap();
    let node = Node { peer: server.peer_id(), http: server.address() };
    let crowd = node.crowd(PEOPLE).await;
    let mut host = node.enter(HONEST, room(9999), false).await;
    let mut visits = 0u8;
    for keeps in [true, false] {
        let flood = Arc::new(Flood::default());
        let tasks = flood.start(MALLORY, node.http, 5000, keeps);
        let enough = async {
            while flood.sent.load(Relaxed) < 4000 || !refused(keeps, &flood) {
                visits = visits.wrapping_add(1);
                let (status, _) = node.page(visitor(visits), "/healthz").await.unwrap();
                assert_eq!(status, 200);
                node.introduction(visitor(visits), &mut host, room(9999)).await;
            }
        };
        timeout(PATIENCE * 2, enough).await.expect("the flood is refused in time");
        drop(tasks);
    }
    let counts = node.metrics(HONEST).await.unwrap();
    for line in [
        format!("covey_reservations {PEOPLE}\n"),
        r#"covey_refused_total{what="request",why="rate"}"#.to_owned(),
        r#"covey_refused_total{what="connection",why="rate"}"#.to_owned(),
    ] {
        assert!(counts.contains(&line), "{line} is not in\n{counts}");
    }
    drop(crowd);
    server.stop().await;
}
