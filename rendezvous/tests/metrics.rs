//! The counters of the node, as its host sees them.
#![allow(clippy::unwrap_used)]

mod common;

use common::Client;
use covey_rendezvous::{Server, ServerConfig};
use covey_wire::id::Namespace;
use reqwest::StatusCode;

async fn metrics(node: &Server) -> String {
    let answer = reqwest::get(format!("http://{}/metrics", node.address())).await.unwrap();
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    answer.text().await.unwrap()
}

#[tokio::test]
async fn introductions_and_refusals_are_counted() {
    let mut config = ServerConfig::for_tests().unwrap();
    // Of four places one network gets two.
    config.meet.registrations_per_namespace = 4;
    let node = Server::spawn(config).await.unwrap();
    let namespace = Namespace([7; 32]);
    let mut pages = Vec::new();
    for expected in ["Registered", "Registered", "Refused"] {
        let mut page = Client::connected(&node).await;
        let mut meeting = page.meet(&node).await;
        let answer = meeting.ask(covey_wire::meet::MeetRequest::Register(namespace)).await;
        assert!(format!("{answer:?}").starts_with(expected), "{answer:?}");
        pages.push((page, meeting));
    }
    let text = metrics(&node).await;
    for line in [
        "covey_connections 3",
        "covey_introductions_total 1",
        r#"covey_refused_total{what="registration",why="network"} 1"#,
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    node.stop().await;
}

#[tokio::test]
async fn a_full_node_is_alive_and_not_ready() {
    let mut config = ServerConfig::for_tests().unwrap();
    config.socket.open = 1;
    let node = Server::spawn(config).await.unwrap();
    let status = async |path: &str| {
        reqwest::get(format!("http://{}{path}", node.address())).await.unwrap().status()
    };
    assert_eq!(status("/readyz").await, StatusCode::OK);
    let page = Client::connected(&node).await;
    assert_eq!(status("/readyz").await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(status("/healthz").await, StatusCode::OK);
    drop(page);
    node.stop().await;
}

#[tokio::test]
async fn reachable_peers_are_counted_until_they_leave() {
    let node = Server::spawn_for_tests().await.unwrap();
    let has = async |line: &str| metrics(&node).await.contains(line);
    let mut ann = Client::new();
    ann.connect(&node).await;
    ann.reserve(&node, 1).await;
    let ann = ann.run();
    // Somebody without a reservation comes and goes.
    drop(Client::connected(&node).await);
    while !has("covey_connections 1\n").await {}
    assert!(has("covey_reservations 1\n").await);
    drop(ann);
    while !has("covey_reservations 0\n").await {}
    node.stop().await;
}
