//! Strangers that connect, say nothing, or signal, and what they get: whole meshes at a node.

use std::pin::Pin;
use std::task::Waker;

use futures::AsyncRead;
use futures::executor::block_on;
use libp2p::Stream;

use super::test_network::TestNetwork;
use super::*;
use crate::webrtc::address::Target;
use crate::webrtc::signalling::{self, Kind, Message};
use crate::webrtc::simulated::{opened, standing};
use crate::webrtc::{RequestError, Signaller};
use covey_wire::limits;
use covey_wire::net::Path;

/// A stream of signalling from a forger to a page, with an offer on it.
fn signal(network: &mut TestNetwork, signaller: &Signaller, to: usize) -> Stream {
    let peer = *network.pages[to].mesh.swarm.local_peer_id();
    let target = Target { peer, relayed: network.relayed(to) };
    let mut open: futures::future::BoxFuture<'static, Result<Stream, RequestError>> =
        signaller.open(target).boxed();
    let mut stream = None;
    network.until("a stream", |_| {
        stream = (&mut open).now_or_never();
        stream.is_some()
    });
    let mut stream = stream.unwrap().unwrap();
    let offer = Message::new(Kind::SdpOffer, "end 0");
    // Bytes that are written wait in the connection's queue.
    block_on(signalling::write(&mut stream, &offer)).unwrap();
    stream
}

/// The bytes that came on a stream: nothing yet, its end, or some bytes.
fn comes(stream: &mut Stream) -> Option<Vec<u8>> {
    let mut bytes = vec![0; 1024];
    let mut cx = Context::from_waker(Waker::noop());
    match Pin::new(stream).poll_read(&mut cx, &mut bytes) {
        Poll::Pending => None,
        Poll::Ready(read) => Some(bytes[..read.unwrap_or(0)].to_vec()),
    }
}

#[test]
fn two_who_trust_each_other_meet_directly_at_the_first_attempt_whoever_does_first() {
    for dialer_first in [true, false] {
        let mut network = TestNetwork::new();
        let (a, b) = (network.page(Trust::default()), network.page(Trust::default()));
        let before = opened();
        network.dial(a, b);
        network.until("both are up", |network| {
            network.path(a, b).is_some() && network.path(b, a).is_some()
        });
        network.speak(a, b);
        assert_eq!(opened(), before, "nobody has described anything");
        if dialer_first {
            network.trust(a, b);
            network.until("the offer waits", |network| network.held(b) == 1);
            network.speak(a, b);
            assert_eq!((opened(), network.path(b, a)), (before + 1, Some(Path::Relayed)));
            network.trust(b, a);
        } else {
            network.trust(b, a);
            network.speak(a, b);
            network.trust(a, b);
        }
        network.until("direct", |network| {
            [(a, b), (b, a)].iter().all(|(x, y)| network.path(*x, *y) == Some(Path::Direct))
        });
        assert_eq!(opened(), before + 2, "one attempt, one end each");
    }
}

#[test]
fn of_two_who_dial_each_other_at_once_one_attempt_succeeds_whenever_trust_comes() {
    for [first, second] in [[0, 1], [1, 0]] {
        let mut network = TestNetwork::new();
        network.page(Trust::default());
        network.page(Trust::default());
        network.dial(0, 1);
        network.dial(1, 0);
        network.until("up", |network| network.path(0, 1).is_some() && network.path(1, 0).is_some());
        network.trust(first, second);
        network.until("the offer waits", |network| network.held(second) == 1);
        network.trust(second, first);
        network.until("direct", |network| {
            network.path(0, 1) == Some(Path::Direct) && network.path(1, 0) == Some(Path::Direct)
        });
        network.speak(0, 1);
    }
}

#[test]
fn a_stranger_that_signals_gets_no_byte_until_it_is_trusted() {
    let mut network = TestNetwork::new();
    let page = network.page(Trust::default());
    let (stranger, signaller) = network.forger();
    network.dial(stranger, page);
    network.until("up", |network| network.path(page, stranger).is_some());
    let mut stream = signal(&mut network, &signaller, page);
    network.until("the offer waits", |network| network.held(page) == 1);
    network.speak(stranger, page);
    assert_eq!((comes(&mut stream), opened()), (None, 0));

    network.trust(page, stranger);
    let mut came = None;
    network.until("an answer", |_| {
        came = comes(&mut stream);
        came.is_some()
    });
    let answer = block_on(signalling::read(&mut &came.unwrap()[..])).unwrap();
    assert_eq!((answer.kind, opened(), standing()), (Kind::SdpAnswer, 1, 1));

    network.hangup(page, stranger);
    network.until("the attempt is given up", |_| standing() == 0);
}

#[test]
fn a_stranger_that_signals_without_end_keeps_one_stream_waiting_and_that_not_for_long() {
    let mut network = TestNetwork::new();
    let page = network.page(Trust::default());
    let (stranger, signaller) = network.forger();
    network.dial(stranger, page);
    network.until("up", |network| network.path(page, stranger).is_some());
    let mut streams: Vec<_> = (0..50).map(|_| signal(&mut network, &signaller, page)).collect();
    let mut last = streams.pop().unwrap();
    network.until("all but the last are refused", |_| {
        streams.retain_mut(|stream| comes(stream).is_none());
        streams.is_empty()
    });
    assert_eq!((comes(&mut last), network.held(page)), (None, 1));
    // An honest one comes meanwhile.
    let member = network.page(Trust::default());
    network.dial(member, page);
    network.until("up", |network| network.path(page, member).is_some());
    network.trust(member, page);
    network.trust(page, member);
    network.until("direct", |network| network.path(page, member) == Some(Path::Direct));
    network.until("the last is refused", |_| comes(&mut last) == Some(Vec::new()));
    assert_eq!((network.held(page), opened()), (0, 2), "the member's attempt is the only one");
}

#[test]
fn a_direct_address_that_is_dialled_past_all_decisions_tells_a_stranger_nothing() {
    let mut network = TestNetwork::new();
    let (page, stranger) = (network.page(Trust::default()), network.page(Trust::everyone()));
    network.dial_directly(page, stranger);
    // Reserving a place takes longer than being refused.
    network.page(Trust::default());
    let seat = network.pages[stranger].seat;
    assert_eq!((opened(), network.pages[page].mesh.connections(seat)), (0, 0));

    // The other way round there is no relayed connection either, before the dial makes one.
    network.dial_directly(stranger, page);
    network.until("the offer waits", |network| network.held(page) == 1);
    network.until("up", |network| network.path(page, stranger).is_some());
    network.speak(stranger, page);
    assert_eq!((opened(), network.path(page, stranger)), (1, Some(Path::Relayed)));
    network.trust(page, stranger);
    network.until("direct", |network| network.path(page, stranger) == Some(Path::Direct));
    assert_eq!(opened(), 2);
}

#[test]
fn the_signalling_of_a_stranger_is_gone_with_it() {
    let mut network = TestNetwork::new();
    let page = network.page(Trust::default());
    let (stranger, signaller) = network.forger();
    network.dial(stranger, page);
    network.until("up", |network| network.path(page, stranger).is_some());
    let stream = signal(&mut network, &signaller, page);
    network.until("the offer waits", |network| network.held(page) == 1);
    network.hangup(stranger, page);
    drop(stream);
    network.until("nothing waits", |network| network.held(page) == 0);
    network.trust(page, stranger);
    network.dial(stranger, page);
    network.until("up again", |network| network.path(page, stranger).is_some());
    signal(&mut network, &signaller, page);
    network.until("it is a stranger again", |network| network.held(page) == 1);
    assert_eq!(opened(), 0);
}

#[test]
fn thirty_two_silent_strangers_do_not_keep_out_who_comes_after_them() {
    let mut network = TestNetwork::new();
    let page = network.page(Trust::default());
    for _ in 0..limits::PEERS {
        let stranger = network.page(Trust::default());
        network.dial(stranger, page);
        network.until("up", |network| network.path(page, stranger).is_some());
    }
    assert_eq!(network.pages[page].up.len(), limits::PEERS);
    let member = network.page(Trust::default());
    network.dial(member, page);
    network.until("the member is up", |network| network.path(page, member).is_some());
    network.trust(page, member);
    network.trust(member, page);
    network.until("direct", |network| network.path(page, member) == Some(Path::Direct));
    assert!(network.pages[page].up.len() <= limits::PEERS);
    let again = network.page(Trust::default());
    network.dial(again, page);
    network.until("a stranger comes in place of another", |network| {
        network.path(page, again).is_some()
    });
    assert_eq!(network.path(page, member), Some(Path::Direct));
}

#[test]
fn a_mesh_that_trusts_everyone_meets_whoever_comes() {
    let mut network = TestNetwork::new();
    let (a, b) = (network.page(Trust::everyone()), network.page(Trust::everyone()));
    network.dial(a, b);
    network.until("direct", |network| {
        network.path(a, b) == Some(Path::Direct) && network.path(b, a) == Some(Path::Direct)
    });
}
