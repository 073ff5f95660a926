//! The binary as a whole: its output, its key, and how it stops.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use libp2p::futures::StreamExt;
use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

/// Starts the binary and reads the address that it prints.
async fn start(flags: &[&str]) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_covey-node"))
        .args(flags)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = timeout(Duration::from_secs(20), lines.next_line()).await.unwrap().unwrap().unwrap();
    let address = line.strip_prefix("listening on http://").unwrap().to_owned();
    (child, address)
}

fn signal(child: &Child, signal: Signal) {
    let pid = i32::try_from(child.id().unwrap()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
}

async fn peer_id(address: &str) -> String {
    let url = format!("http://{address}/covey.json");
    let card = reqwest::get(url).await.unwrap().json::<serde_json::Value>().await.unwrap();
    card["peer_id"].as_str().unwrap().to_owned()
}

const FREE_PORT: [&str; 3] = ["--dev", "--listen", "127.0.0.1:0"];

async fn stops_gracefully_at(which: Signal) {
    let (mut child, address) = start(&FREE_PORT).await;
    let (mut page, _) = connect_async(format!("ws://{address}/")).await.unwrap();
    // A second page that never answers must not hold the node up.
    let (_silent, _) = connect_async(format!("ws://{address}/")).await.unwrap();
    let idle = reqwest::Client::new();
    idle.get(format!("http://{address}/healthz")).send().await.unwrap();
    let start = Instant::now();
    signal(&child, which);
    let code = loop {
        match page.next().await {
            Some(Ok(Message::Close(Some(frame)))) => break frame.code,
            Some(Ok(_)) => {}
            other => panic!("no goodbye: {other:?}"),
        }
    };
    assert_eq!(code, CloseCode::Away);
    while page.next().await.is_some_and(|message| message.is_ok()) {}
    assert!(child.wait().await.unwrap().success());
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
}

#[tokio::test]
async fn it_stops_gracefully_when_terminated_or_interrupted() {
    stops_gracefully_at(Signal::TERM).await;
    stops_gracefully_at(Signal::INT).await;
}

async fn started_with_key(key: &Path) -> (String, Child) {
    let (child, address) =
        start(&[&FREE_PORT[..], &["--key", key.to_str().unwrap()]].concat()).await;
    (peer_id(&address).await, child)
}

#[tokio::test]
async fn the_same_key_is_the_same_node() {
    let dir = tempfile::tempdir().unwrap();
    let key = dir.path().join("node.key");
    let (first, mut child) = started_with_key(&key).await;
    child.kill().await.unwrap();
    let (second, _child) = started_with_key(&key).await;
    assert_eq!(first, second);
    let (other, _child) = started_with_key(&dir.path().join("other.key")).await;
    assert_ne!(first, other);
}

#[tokio::test]
async fn it_says_why_it_does_not_start() {
    let (_child, address) = start(&FREE_PORT).await;
    let output = Command::new(env!("CARGO_BIN_EXE_covey-node"))
        .args(["--listen", &address])
        .output()
        .await
        .unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("can't listen at"), "{error}");
    assert!(output.stdout.is_empty());
}

#[tokio::test]
async fn a_key_that_others_can_read_stops_it_with_what_to_do() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let key = dir.path().join("node.key");
    let (name, mut child) = started_with_key(&key).await;
    child.kill().await.unwrap();
    let mode =
        |mode| std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o644);
    let output = Command::new(env!("CARGO_BIN_EXE_covey-node"))
        .args(FREE_PORT)
        .args(["--key", key.to_str().unwrap()])
        .kill_on_drop(true)
        .output();
    let output = timeout(Duration::from_secs(20), output).await.expect("it ends").unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains(&format!("chmod 600 {}", key.display())), "{error}");
    mode(0o600);
    let (same, _child) = started_with_key(&key).await;
    assert_eq!(name, same);
}
