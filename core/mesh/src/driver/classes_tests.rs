//! Classes of messages between whole meshes that meet at a node and move to a direct connection.

use super::test_network::TestNetwork;
use super::*;
use crate::trust::Trust;
use covey_wire::class::Queue;
use covey_wire::net::Path;

fn blob(n: u8) -> Vec<u8> {
    vec![n; Class::Blob.channel().message]
}

/// As many blobs as a sender may send before one of them was written.
fn window() -> usize {
    let Queue::Wait(bytes) = Class::Blob.channel().queue else { panic!("blobs wait") };
    bytes / Class::Blob.channel().message
}

#[test]
fn blobs_of_a_pair_that_moves_to_a_direct_connection_arrive_whole_and_in_order() {
    let mut network = TestNetwork::new();
    let (a, b) = (network.page(Trust::default()), network.page(Trust::default()));
    network.dial(a, b);
    network.until("both are up", |network| {
        network.path(a, b).is_some() && network.path(b, a).is_some()
    });
    network.trust(a, b);
    network.trust(b, a);
    let (seat, class) = (network.pages[b].seat, Class::Blob);
    let size = blob(0).len();
    let (mut sent, mut relayed) = (0, None);
    network.until("the blobs have come", |network| {
        if relayed.is_none() && network.path(a, b) == Some(Path::Direct) {
            relayed = Some(sent);
        }
        let page = &mut network.pages[a];
        while relayed.is_none_or(|relayed| sent < relayed + 50)
            && sent * size < page.written + window() * size
        {
            page.mesh.command(NetCommand::Send { seat, class, bytes: blob(sent as u8) });
            sent += 1;
            // The mesh is to be looked at again.
            std::thread::current().unpark();
        }
        relayed.is_some() && network.pages[b].frames.len() == sent
    });
    assert!(relayed.is_some_and(|relayed| relayed > window()), "some went by way of the relay");
    let came = &network.pages[b].frames;
    assert!(came.iter().enumerate().all(|(n, came)| *came == (class, blob(n as u8))));
    assert_eq!(network.pages[a].written, sent * size);
    assert!(
        network.pages[a].mesh.misuses().is_empty() && network.pages[b].mesh.misuses().is_empty()
    );
}

#[test]
fn an_older_page_is_told_of_and_stays_by_whichever_path() {
    let mut network = TestNetwork::new();
    let a = network.page(Trust::default());
    let b = network.older_page(Trust::default(), &[Class::Live, Class::Sync]);
    network.dial(a, b);
    network.until("both are up", |network| {
        network.path(a, b).is_some() && network.path(b, a).is_some()
    });
    let seat = network.pages[b].seat;
    for path in [Path::Relayed, Path::Direct] {
        network.until("the path", |network| network.path(a, b) == Some(path));
        network.pages[a].unsupported.clear();
        for class in [Class::Call, Class::Blob, Class::Blob] {
            let bytes = vec![1; class.channel().message];
            network.pages[a].mesh.command(NetCommand::Send { seat, class, bytes });
        }
        network.until("it is told", |network| network.pages[a].unsupported.len() == 2);
        network.pages[a].unsupported.sort();
        assert_eq!(network.pages[a].unsupported, [Class::Call, Class::Blob]);
        network.speak(a, b);
        network.trust(a, b);
        network.trust(b, a);
    }
    let class = |(class, _): &(Class, Vec<u8>)| *class == Class::Sync;
    assert!(network.pages[b].frames.iter().all(class));
    assert_eq!((network.path(a, b), network.path(b, a)), (Some(Path::Direct), Some(Path::Direct)));
    assert!(
        network.pages[a].mesh.misuses().is_empty() && network.pages[b].mesh.misuses().is_empty()
    );
}
