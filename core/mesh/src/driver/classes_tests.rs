//! Classes of messages between whole meshes that meet at a node and move to a direct connection.

use super::town::Town;
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
    let mut town = Town::new();
    let (a, b) = (town.page(Trust::default()), town.page(Trust::default()));
    town.dial(a, b);
    town.until("both are up", |town| town.path(a, b).is_some() && town.path(b, a).is_some());
    town.trust(a, b);
    town.trust(b, a);
    let (seat, class) = (town.pages[b].seat, Class::Blob);
    let size = blob(0).len();
    let (mut sent, mut relayed) = (0, None);
    town.until("the blobs have come", |town| {
        if relayed.is_none() && town.path(a, b) == Some(Path::Direct) {
            relayed = Some(sent);
        }
        let page = &mut town.pages[a];
        while relayed.is_none_or(|relayed| sent < relayed + 50)
            && sent * size < page.written + window() * size
        {
            page.mesh.command(NetCommand::Send { seat, class, bytes: blob(sent as u8) });
            sent += 1;
            // The mesh is to be looked at again.
            std::thread::current().unpark();
        }
        relayed.is_some() && town.pages[b].frames.len() == sent
    });
    assert!(relayed.is_some_and(|relayed| relayed > window()), "some went by way of the relay");
    let came = &town.pages[b].frames;
    assert!(came.iter().enumerate().all(|(n, came)| *came == (class, blob(n as u8))));
    assert_eq!(town.pages[a].written, sent * size);
    assert!(town.pages[a].mesh.misuses().is_empty() && town.pages[b].mesh.misuses().is_empty());
}

#[test]
fn an_older_page_is_told_of_and_stays_by_whichever_path() {
    let mut town = Town::new();
    let a = town.page(Trust::default());
    let b = town.older_page(Trust::default(), &[Class::Live, Class::Sync]);
    town.dial(a, b);
    town.until("both are up", |town| town.path(a, b).is_some() && town.path(b, a).is_some());
    let seat = town.pages[b].seat;
    for path in [Path::Relayed, Path::Direct] {
        town.until("the path", |town| town.path(a, b) == Some(path));
        town.pages[a].unsupported.clear();
        for class in [Class::Call, Class::Blob, Class::Blob] {
            let bytes = vec![1; class.channel().message];
            town.pages[a].mesh.command(NetCommand::Send { seat, class, bytes });
        }
        town.until("it is told", |town| town.pages[a].unsupported.len() == 2);
        town.pages[a].unsupported.sort();
        assert_eq!(town.pages[a].unsupported, [Class::Call, Class::Blob]);
        town.speak(a, b);
        town.trust(a, b);
        town.trust(b, a);
    }
    let class = |(class, _): &(Class, Vec<u8>)| *class == Class::Sync;
    assert!(town.pages[b].frames.iter().all(class));
    assert_eq!((town.path(a, b), town.path(b, a)), (Some(Path::Direct), Some(Path::Direct)));
    assert!(town.pages[a].mesh.misuses().is_empty() && town.pages[b].mesh.misuses().is_empty());
}
