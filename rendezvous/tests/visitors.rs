//! How often one address may ask, with and without a proxy in between.
#![allow(clippy::unwrap_used)]

use covey_rendezvous::{Rate, Server, ServerConfig};
use reqwest::{Client, StatusCode};

/// Four requests at once, of which a connection counts for one, and hardly any more after that.
async fn node(proxy: Option<&str>) -> Server {
    let mut config = ServerConfig::for_tests().unwrap();
    config.visitors.requests = Rate::new(1, 4);
    config.visitors.proxies = proxy.into_iter().map(|net| net.parse().unwrap()).collect();
    Server::spawn(config).await.unwrap()
}

async fn ask(client: &Client, node: &Server, forwarded: Option<&str>) -> StatusCode {
    let request = client.get(format!("http://{}/healthz", node.address()));
    let request = match forwarded {
        Some(origin) => request.header("x-forwarded-for", origin),
        None => request,
    };
    request.send().await.unwrap().status()
}

/// Asks until that is too often.
async fn until_refused(ask: impl AsyncFn(usize) -> StatusCode) {
    for n in 0..20 {
        if ask(n).await == StatusCode::TOO_MANY_REQUESTS {
            return;
        }
    }
    panic!("never refused");
}

/// Other systems have only one address of their own.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_address_that_asks_too_often_is_told_so_and_others_are_served() {
    let node = node(None).await;
    let from =
        |address: &str| Client::builder().local_address(address.parse().ok()).build().unwrap();
    let (greedy, other) = (from("127.0.0.1"), from("127.0.0.2"));
    for _ in 0..3 {
        assert_eq!(ask(&greedy, &node, None).await, StatusCode::OK);
    }
    until_refused(async |_| ask(&greedy, &node, None).await).await;
    assert_eq!(ask(&other, &node, None).await, StatusCode::OK);
    let text = other.get(format!("http://{}/metrics", node.address())).send().await.unwrap();
    let text = text.text().await.unwrap();
    assert!(text.contains(r#"covey_refused_total{what="request",why="rate"}"#), "{text}");
    node.stop().await;
}

#[tokio::test]
async fn a_forged_origin_makes_nobody_another() {
    let node = node(None).await;
    let client = Client::new();
    until_refused(async |n| ask(&client, &node, Some(&format!("192.0.2.{n}"))).await).await;
    node.stop().await;
}

#[tokio::test]
async fn behind_a_trusted_proxy_everyone_is_counted_on_their_own() {
    let node = node(Some("127.0.0.1/32")).await;
    let client = Client::new();
    for n in 0..20 {
        let origin = format!("198.51.100.200, 192.0.2.{n}");
        assert_eq!(ask(&client, &node, Some(&origin)).await, StatusCode::OK, "{origin}");
    }
    let forged = |n| format!("198.51.100.{n}, 192.0.2.100");
    until_refused(async |n| ask(&client, &node, Some(&forged(n))).await).await;
    node.stop().await;
}
