//! How often one address may ask, with and without a proxy in between.
#![allow(clippy::unwrap_used)]

use std::num::NonZeroU32;

use covey_rendezvous::{Server, ServerConfig};
use reqwest::{Client, StatusCode};

/// Two requests at once, and hardly any more after that.
async fn node(proxy: Option<&str>) -> Server {
    let mut config = ServerConfig::for_tests().unwrap();
    config.visitors.per_second = NonZeroU32::MIN;
    config.visitors.burst = NonZeroU32::new(2).unwrap();
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

/// Other systems have only one address of their own.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn whoever_asks_too_often_is_told_so_and_others_are_served() {
    let node = node(None).await;
    let from =
        |address: &str| Client::builder().local_address(address.parse().ok()).build().unwrap();
    let (greedy, other) = (from("127.0.0.1"), from("127.0.0.2"));
    let mut answers = Vec::new();
    for _ in 0..20 {
        answers.push(ask(&greedy, &node, None).await);
    }
    assert_eq!(answers[..2], [StatusCode::OK; 2]);
    assert!(answers.contains(&StatusCode::TOO_MANY_REQUESTS), "{answers:?}");
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
    let mut answers = Vec::new();
    for n in 0..20 {
        answers.push(ask(&client, &node, Some(&format!("192.0.2.{n}"))).await);
    }
    assert!(answers.contains(&StatusCode::TOO_MANY_REQUESTS), "{answers:?}");
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
    let mut answers = Vec::new();
    for n in 0..20 {
        answers.push(ask(&client, &node, Some(&format!("198.51.100.{n}, 192.0.2.100"))).await);
    }
    assert!(answers.contains(&StatusCode::TOO_MANY_REQUESTS), "{answers:?}");
    node.stop().await;
}
