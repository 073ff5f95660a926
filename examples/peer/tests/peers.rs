//! Native peers in one room through the real node: they meet directly, and what one keeps on its
//! disk it gives to those who come when everybody else is gone.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

use std::path::Path;
use std::time::Duration;

use covey_peer::{Disk, News, Peer, Setting};
use covey_rendezvous::{NodeKey, Server, ServerConfig};
use covey_rooms::capability::{Link, Role, Terms};
use covey_rooms::documents::Document;
use covey_rooms::guard::{CODE_FILE, DocKind};
use covey_rooms::identity::DeviceSecret;
use covey_rooms::room::{Input, Room, Setup};
use covey_wire::id::DocName;
use covey_wire::net::{NodeState, Path as Way};
use covey_wire::time::{Instant, Now, Time};
use futures::future::select_all;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(60);

/// Steps all of them until `done`.
async fn until(what: &str, peers: &mut [Peer], mut done: impl FnMut(&mut [Peer]) -> bool) {
    let run = async {
        while !done(peers) {
            let steps = peers.iter_mut().map(|peer| Box::pin(peer.step()));
            select_all(steps).await.0.unwrap();
        }
    };
    timeout(PATIENCE, run).await.unwrap_or_else(|_| panic!("timed out: {what}"));
}

async fn node() -> (Server, String) {
    let listen = (std::net::Ipv4Addr::LOCALHOST, 0).into();
    let node = Server::spawn(ServerConfig::new(listen, NodeKey::from_seed([7; 32]))).await.unwrap();
    let page = format!("http://{}", node.address());
    (node, page)
}

fn found(data: &Path, page: &str) -> (Peer, String) {
    let setup = Setup {
        device: DeviceSecret::new([1; 32]),
        installation: [1; 16],
        seed: std::array::from_fn(|_| random_byte()),
        name: "Founder".to_owned(),
        nodes: vec![page.replace("http://", "/ip4/").replace(':', "/tcp/") + "/ws"],
    };
    let mut client =
        Room::found(setup, "Tea", Now { wall: Time(1_000_000), elapsed: Instant(0) }).unwrap();
    let link = client.invite(Terms::new(Role::Participant)).unwrap();
    let (disk, stored, _) = Disk::open(data, client.id()).unwrap();
    assert!(stored.is_none());
    let news = News::new(|line| println!("founder: {line}"));
    (Peer::new(client, disk, news).unwrap(), format!("{page}/#{}", link.to_fragment()))
}

fn random_byte() -> u8 {
    let mut byte = [0];
    getrandom::fill(&mut byte).unwrap();
    byte[0]
}

fn join(data: &Path, name: &'static str, link: &str) -> Peer {
    let setting = Setting {
        link: Link::parse(link).unwrap(),
        address: link.to_owned(),
        name: name.to_owned(),
    };
    Peer::open(data, setting, move |line| println!("{name}: {line}")).unwrap()
}

/// So many letters that nobody can guess.
fn noise(letters: usize) -> String {
    let mut bytes = vec![0; letters];
    blake3::Hasher::new().finalize_xof().fill(&mut bytes);
    bytes.iter().map(|byte| char::from(b'a' + byte % 16)).collect()
}

fn text(peer: &mut Peer) -> String {
    peer.room().text(&DocName::Code, CODE_FILE).unwrap_or_default()
}

fn is_direct(peer: &mut Peer) -> bool {
    let people = peer.room().people();
    people.iter().filter(|person| !person.own).any(|person| person.path == Some(Way::Direct))
}

fn is_met(peers: &mut [Peer]) -> bool {
    peers[0].room().status().node == NodeState::Up
}

#[tokio::test]
async fn a_room_that_a_peer_keeps_reaches_people_who_come_when_everybody_else_is_gone() {
    let (_node, page) = node().await;
    let (first, second, third) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (founder, link) = found(first.path(), &page);
    let mut peers = vec![founder];
    until("the founder can be met", &mut peers, is_met).await;
    peers.push(join(second.path(), "Keeper", &link));
    until("both are connected directly", &mut peers, |peers| peers.iter_mut().all(is_direct)).await;
    until("the keeper is admitted", &mut peers, |peers| peers[1].room().status().admitted).await;

    let client = peers[0].room();
    let mut view = Document::new(DocKind::Code, client.client_id());
    // More than fits into the queue of a channel, and does not get much smaller on the wire.
    let long = noise(1_000_000);
    let update = view.edit(CODE_FILE, 0, 0, &long);
    peers[0].handle(Input::Edit(DocName::Code, update));
    until("the text came and is kept", &mut peers, |peers| {
        text(&mut peers[1]) == long && peers[0].room().status().waiting == 0
    })
    .await;
    assert!(peers.iter_mut().all(is_direct), "all of it took the direct way");

    let keeper = peers.remove(1);
    peers.remove(0).leave().await.unwrap();
    keeper.leave().await.unwrap();

    let keeper = join(second.path(), "Keeper", &link);
    let mut peers = vec![keeper];
    assert_eq!(text(&mut peers[0]), long, "it is on the keeper's disk");
    until("the keeper can be met", &mut peers, is_met).await;
    peers.push(join(third.path(), "Newcomer", &link));
    until("the newcomer has it", &mut peers, |peers| {
        text(&mut peers[1]) == long && is_direct(&mut peers[1])
    })
    .await;
    for peer in peers {
        peer.leave().await.unwrap();
    }
}
