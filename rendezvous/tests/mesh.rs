//! Pages' meshes against the real node: meeting, relayed and direct links, loss and return.

#![allow(clippy::unwrap_used, reason = "a step that fails is a test that fails")]

mod crowd;

use covey_wire::net::{Class, Misuse, NetCommand, NodeState, Path};
use crowd::{linked, node, node_at, page, until};

fn number(n: u32) -> Vec<u8> {
    n.to_be_bytes().to_vec()
}

#[tokio::test]
async fn two_pages_meet_and_exchange_messages_in_order() {
    let (_node, address) = node().await;
    let mut pages = linked(2, false, &address).await;
    let (a, b) = (pages[0].seat, pages[1].seat);
    assert_eq!(pages[0].found, [(b, true)], "the first is told of the newcomer");
    assert!(pages[1].found.contains(&(a, false)));
    assert!(pages[1].found.iter().all(|found| *found == (a, false)), "it may be told twice");
    assert_eq!(pages[0].ice.borrow()[0].urls, ["stun:127.0.0.1:3478"]);
    const COUNT: u32 = 2000;
    for n in 0..COUNT {
        pages[0].send(b, Class::Sync, number(n));
        pages[1].send(a, Class::Sync, number(n));
    }
    until("all messages", &mut pages, |pages| pages.iter().all(|p| p.frames.len() >= 2000)).await;
    let expected: Vec<_> = (0..COUNT).map(number).collect();
    assert!(pages[0].from(b, Class::Sync).eq(&expected));
    assert!(pages[1].from(a, Class::Sync).eq(&expected));
    assert_eq!(pages[0].downs + pages[1].downs, 0);
}

#[tokio::test]
async fn large_messages_pass_the_relay() {
    let (_node, address) = node().await;
    let mut pages = linked(2, false, &address).await;
    let (a, b) = (pages[0].seat, pages[1].seat);
    let large = |n: u8| (0..1 << 20).map(|at: u32| (at % 251) as u8 ^ n).collect::<Vec<u8>>();
    for n in 0..3 {
        pages[0].send(b, Class::Sync, large(n));
        pages[1].send(a, Class::Sync, large(n));
    }
    pages[0].send(b, Class::Live, number(1));
    until("large messages", &mut pages, |pages| {
        pages[0].frames.len() == 3 && pages[1].frames.len() == 4
    })
    .await;
    assert!(pages[0].from(b, Class::Sync).eq(&[large(0), large(1), large(2)]));
    assert!(pages[1].from(a, Class::Sync).eq(&[large(0), large(1), large(2)]));
}

#[tokio::test]
async fn messages_keep_their_order_while_the_link_becomes_direct() {
    let (_node, address) = node().await;
    let mut pages = vec![page(true), page(true)];
    let (a, b) = (pages[0].seat, pages[1].seat);
    pages[0].join(&address);
    until("the first", &mut pages, |pages| pages[0].node == NodeState::Up).await;
    pages[1].join(&address);
    let mut sent = [0u32; 2];
    until("direct, and the relayed connection closed", &mut pages, |pages| {
        for (me, other) in [(0, b), (1, a)] {
            if pages[me].up.contains_key(&other) && sent[me] < 20_000 {
                pages[me].send(other, Class::Sync, number(sent[me]));
                sent[me] += 1;
            }
        }
        pages[0].path(b) == Some(Path::Direct)
            && pages[1].path(a) == Some(Path::Direct)
            && pages[0].mesh.connections(b) == 1
            && pages[1].mesh.connections(a) == 1
    })
    .await;
    until("every message", &mut pages, |pages| {
        pages[0].frames.len() == sent[1] as usize && pages[1].frames.len() == sent[0] as usize
    })
    .await;
    assert!(pages[0].from(b, Class::Sync).eq(&(0..sent[1]).map(number).collect::<Vec<_>>()));
    assert!(pages[1].from(a, Class::Sync).eq(&(0..sent[0]).map(number).collect::<Vec<_>>()));
    assert_eq!(pages[0].downs + pages[1].downs, 0);
}

#[tokio::test]
async fn direct_links_outlive_the_node_which_is_found_again() {
    let (server, address) = node().await;
    let port = server.address().port();
    let mut pages = linked(2, true, &address).await;
    let (a, b) = (pages[0].seat, pages[1].seat);
    until("one connection each", &mut pages, |pages| {
        pages[0].mesh.connections(b) == 1 && pages[1].mesh.connections(a) == 1
    })
    .await;
    server.stop().await;
    until("the loss", &mut pages, |pages| {
        pages.iter().all(|page| page.node == NodeState::Connecting)
    })
    .await;
    pages[0].send(b, Class::Sync, number(1));
    pages[1].send(a, Class::Sync, number(2));
    until("messages without a node", &mut pages, |pages| {
        pages.iter().all(|page| page.frames.len() == 1)
    })
    .await;
    let (_again, same) = node_at(port, [7; 32]).await;
    assert_eq!(same, address);
    pages.push(page(true));
    let c = pages[2].seat;
    pages[2].join(&address);
    until("a third page meets both", &mut pages, |pages| {
        pages.iter().all(|page| page.node == NodeState::Up)
            && pages[2].up.len() == 2
            && pages[0].up.contains_key(&c)
            && pages[1].up.contains_key(&c)
    })
    .await;
    assert_eq!(pages[0].downs + pages[1].downs, 0, "nothing that stood was touched");
}

#[tokio::test]
async fn relayed_links_come_back_with_the_node() {
    let (server, address) = node().await;
    let port = server.address().port();
    let mut pages = linked(2, false, &address).await;
    let (a, b) = (pages[0].seat, pages[1].seat);
    server.stop().await;
    until("the loss", &mut pages, |pages| pages.iter().all(|page| page.up.is_empty())).await;
    let (_again, _) = node_at(port, [7; 32]).await;
    until("the return", &mut pages, |pages| pages.iter().all(|page| page.up.len() == 1)).await;
    pages[0].send(b, Class::Sync, number(1));
    pages[1].send(a, Class::Sync, number(2));
    until("messages", &mut pages, |pages| pages.iter().all(|page| page.frames.len() == 1)).await;
}

#[tokio::test]
async fn a_failed_upgrade_leaves_the_relayed_link() {
    let (_node, address) = node().await;
    let mut pages = vec![page(true), page(true)];
    pages.iter_mut().for_each(|page| page.shut());
    let (a, b) = (pages[0].seat, pages[1].seat);
    pages[0].join(&address);
    until("the first", &mut pages, |pages| pages[0].node == NodeState::Up).await;
    pages[1].join(&address);
    until("relayed", &mut pages, |pages| {
        pages[0].path(b) == Some(Path::Relayed) && pages[1].path(a) == Some(Path::Relayed)
    })
    .await;
    pages[0].send(b, Class::Live, number(5));
    until("a message", &mut pages, |pages| pages[1].frames.len() == 1).await;
    for page in &pages {
        page.open.store(true, std::sync::atomic::Ordering::SeqCst);
    }
    until("direct in the end", &mut pages, |pages| {
        pages[0].path(b) == Some(Path::Direct) && pages[1].path(a) == Some(Path::Direct)
    })
    .await;
    assert_eq!(pages[0].downs + pages[1].downs, 0);
}

#[tokio::test]
async fn hanging_up_ends_the_link() {
    let (_node, address) = node().await;
    let mut pages = linked(2, true, &address).await;
    let (a, b) = (pages[0].seat, pages[1].seat);
    pages[1].mesh.command(NetCommand::Hangup(a));
    until("both down", &mut pages, |pages| pages.iter().all(|page| page.up.is_empty())).await;
    assert_eq!(pages[1].mesh.connections(a), 0);
    pages[0].send(b, Class::Sync, number(1));
    pages[1].mesh.command(NetCommand::Dial(a));
    until("up again", &mut pages, |pages| pages.iter().all(|page| page.up.len() == 1)).await;
    assert!(pages[1].frames.is_empty(), "what was sent while it was down is gone");
}

#[tokio::test]
async fn messages_sent_before_hanging_up_arrive() {
    for upgrades in [false, true] {
        let (_node, address) = node().await;
        let mut pages = linked(2, upgrades, &address).await;
        let (a, b) = (pages[0].seat, pages[1].seat);
        let large = vec![7; 200_000];
        pages[1].send(a, Class::Sync, large.clone());
        pages[1].send(a, Class::Live, number(3));
        pages[1].mesh.command(NetCommand::Hangup(a));
        until("down at once", &mut pages[1..], |pages| pages[0].up.is_empty()).await;
        assert_eq!(pages[1].mesh.connections(a), 0);
        pages[0].send(b, Class::Sync, number(1));
        until("the other, too", &mut pages, |pages| pages[0].up.is_empty()).await;
        assert!(pages[0].from(b, Class::Sync).eq(&[large]));
        assert!(pages[0].from(b, Class::Live).eq(&[number(3)]));
        assert!(pages[1].frames.is_empty(), "nothing comes from who was left");
    }
}

#[tokio::test]
async fn a_page_that_closes_is_noticed() {
    let (_node, address) = node().await;
    let mut pages = linked(3, true, &address).await;
    let gone = pages.pop().unwrap().seat;
    until("down", &mut pages, |pages| pages.iter().all(|page| !page.up.contains_key(&gone))).await;
    assert!(pages.iter().all(|page| page.up.len() == 1));
}

#[tokio::test]
async fn ten_pages_that_come_at_once_are_all_linked_by_one_connection() {
    let (_node, address) = node().await;
    let mut pages: Vec<_> = (0..10).map(|_| page(true)).collect();
    for page in &mut pages {
        page.join(&address);
    }
    // Of two who come at the same moment one may not find the other: here each dials everybody.
    let mut dialled = false;
    until("all linked directly by one connection", &mut pages, |pages| {
        let seats: Vec<_> = pages.iter().map(|page| page.seat).collect();
        if !dialled && pages.iter().all(|page| page.node == NodeState::Up) {
            dialled = true;
            for page in pages.iter_mut() {
                for seat in seats.iter().filter(|seat| **seat != page.seat) {
                    page.mesh.command(NetCommand::Dial(*seat));
                }
            }
        }
        pages.iter().all(|page| {
            page.up.len() == 9
                && page.up.values().all(|path| *path == Path::Direct)
                && seats.iter().all(|seat| *seat == page.seat || page.mesh.connections(*seat) == 1)
        })
    })
    .await;
    let first = pages[0].seat;
    for page in pages.iter_mut().skip(1) {
        page.send(first, Class::Sync, number(1));
    }
    until("a message from each", &mut pages, |pages| pages[0].frames.len() == 9).await;
}

#[tokio::test]
async fn a_slow_reader_gets_the_newest_live_messages_and_is_left_with_too_many_others() {
    let (_node, address) = node().await;
    let mut pages = linked(2, false, &address).await;
    let (a, b) = (pages[0].seat, pages[1].seat);
    for n in 0..5000u32 {
        let mut bytes = number(n);
        bytes.resize(8192, 0);
        pages[0].send(b, Class::Live, bytes);
    }
    let newest = number(4999);
    until("the newest", &mut pages, |pages| {
        pages[1].from(a, Class::Live).any(|bytes| bytes.starts_with(&newest))
    })
    .await;
    assert!(pages[1].frames.len() < 5000);
    for _ in 0..16 {
        pages[0].send(b, Class::Sync, vec![1; 1 << 20]);
    }
    until("left", &mut pages, |pages| pages.iter().all(|page| page.downs > 0)).await;
    assert_eq!(pages[0].mesh.misuses().get(&Misuse::Overflow), Some(&1));
}
