//! Strangers that connect, say nothing, or signal, and what they get: whole meshes at a node.

use std::pin::Pin;
use std::task::Waker;

use futures::AsyncRead;
use futures::executor::block_on;
use libp2p::Stream;

use super::town::Town;
use super::*;
use crate::webrtc::address::Target;
use crate::webrtc::signalling::{self, Kind, Message};
use crate::webrtc::simulated::{opened, standing};
use crate::webrtc::{RequestError, Signaller};
use covey_wire::limits;
use covey_wire::net::Path;

/// A stream of signalling from a forger to a page, with an offer on it.
fn signal(town: &mut Town, signaller: &Signaller, to: usize) -> Stream {
    let peer = *town.pages[to].mesh.swarm.local_peer_id();
    let target = Target { peer, relayed: town.relayed(to) };
    let mut open: futures::future::BoxFuture<'static, Result<Stream, RequestError>> =
        signaller.open(target).boxed();
    let mut stream = None;
    town.until("a stream", |_| {
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
        let mut town = Town::new();
        let (a, b) = (town.page(Trust::default()), town.page(Trust::default()));
        let before = opened();
        town.dial(a, b);
        town.until("both are up", |town| town.path(a, b).is_some() && town.path(b, a).is_some());
        town.speak(a, b);
        assert_eq!(opened(), before, "nobody has described anything");
        if dialer_first {
            town.trust(a, b);
            town.until("the offer waits", |town| town.held(b) == 1);
            town.speak(a, b);
            assert_eq!((opened(), town.path(b, a)), (before + 1, Some(Path::Relayed)));
            town.trust(b, a);
        } else {
            town.trust(b, a);
            town.speak(a, b);
            town.trust(a, b);
        }
        town.until("direct", |town| {
            [(a, b), (b, a)].iter().all(|(x, y)| town.path(*x, *y) == Some(Path::Direct))
        });
        assert_eq!(opened(), before + 2, "one attempt, one end each");
    }
}

#[test]
fn of_two_who_dial_each_other_at_once_one_attempt_succeeds_whenever_trust_comes() {
    for [first, second] in [[0, 1], [1, 0]] {
        let mut town = Town::new();
        town.page(Trust::default());
        town.page(Trust::default());
        town.dial(0, 1);
        town.dial(1, 0);
        town.until("up", |town| town.path(0, 1).is_some() && town.path(1, 0).is_some());
        town.trust(first, second);
        town.until("the offer waits", |town| town.held(second) == 1);
        town.trust(second, first);
        town.until("direct", |town| {
            town.path(0, 1) == Some(Path::Direct) && town.path(1, 0) == Some(Path::Direct)
        });
        town.speak(0, 1);
    }
}

#[test]
fn a_stranger_that_signals_gets_no_byte_until_it_is_trusted() {
    let mut town = Town::new();
    let page = town.page(Trust::default());
    let (stranger, signaller) = town.forger();
    town.dial(stranger, page);
    town.until("up", |town| town.path(page, stranger).is_some());
    let mut stream = signal(&mut town, &signaller, page);
    town.until("the offer waits", |town| town.held(page) == 1);
    town.speak(stranger, page);
    assert_eq!((comes(&mut stream), opened()), (None, 0));

    town.trust(page, stranger);
    let mut came = None;
    town.until("an answer", |_| {
        came = comes(&mut stream);
        came.is_some()
    });
    let answer = block_on(signalling::read(&mut &came.unwrap()[..])).unwrap();
    assert_eq!((answer.kind, opened(), standing()), (Kind::SdpAnswer, 1, 1));

    town.hangup(page, stranger);
    town.until("the attempt is given up", |_| standing() == 0);
}

#[test]
fn a_stranger_that_signals_without_end_keeps_one_stream_waiting_and_that_not_for_long() {
    let mut town = Town::new();
    let page = town.page(Trust::default());
    let (stranger, signaller) = town.forger();
    town.dial(stranger, page);
    town.until("up", |town| town.path(page, stranger).is_some());
    let mut streams: Vec<_> = (0..50).map(|_| signal(&mut town, &signaller, page)).collect();
    let mut last = streams.pop().unwrap();
    town.until("all but the last are refused", |_| {
        streams.retain_mut(|stream| comes(stream).is_none());
        streams.is_empty()
    });
    assert_eq!((comes(&mut last), town.held(page)), (None, 1));
    // An honest one comes meanwhile.
    let member = town.page(Trust::default());
    town.dial(member, page);
    town.until("up", |town| town.path(page, member).is_some());
    town.trust(member, page);
    town.trust(page, member);
    town.until("direct", |town| town.path(page, member) == Some(Path::Direct));
    town.until("the last is refused", |_| comes(&mut last) == Some(Vec::new()));
    assert_eq!((town.held(page), opened()), (0, 2), "the member's attempt is the only one");
}

#[test]
fn a_direct_address_that_is_dialled_past_all_decisions_tells_a_stranger_nothing() {
    let mut town = Town::new();
    let (page, stranger) = (town.page(Trust::default()), town.page(Trust::everyone()));
    town.dial_directly(page, stranger);
    // Reserving a place takes longer than being refused.
    town.page(Trust::default());
    let seat = town.pages[stranger].seat;
    assert_eq!((opened(), town.pages[page].mesh.connections(seat)), (0, 0));

    // The other way round there is no relayed connection either, before the dial makes one.
    town.dial_directly(stranger, page);
    town.until("the offer waits", |town| town.held(page) == 1);
    town.until("up", |town| town.path(page, stranger).is_some());
    town.speak(stranger, page);
    assert_eq!((opened(), town.path(page, stranger)), (1, Some(Path::Relayed)));
    town.trust(page, stranger);
    town.until("direct", |town| town.path(page, stranger) == Some(Path::Direct));
    assert_eq!(opened(), 2);
}

#[test]
fn what_a_stranger_signalled_is_gone_with_it() {
    let mut town = Town::new();
    let page = town.page(Trust::default());
    let (stranger, signaller) = town.forger();
    town.dial(stranger, page);
    town.until("up", |town| town.path(page, stranger).is_some());
    let stream = signal(&mut town, &signaller, page);
    town.until("the offer waits", |town| town.held(page) == 1);
    town.hangup(stranger, page);
    drop(stream);
    town.until("nothing waits", |town| town.held(page) == 0);
    town.trust(page, stranger);
    town.dial(stranger, page);
    town.until("up again", |town| town.path(page, stranger).is_some());
    signal(&mut town, &signaller, page);
    town.until("it is a stranger again", |town| town.held(page) == 1);
    assert_eq!(opened(), 0);
}

#[test]
fn thirty_two_silent_strangers_do_not_keep_out_who_comes_after_them() {
    let mut town = Town::new();
    let page = town.page(Trust::default());
    for _ in 0..limits::PEERS {
        let stranger = town.page(Trust::default());
        town.dial(stranger, page);
        town.until("up", |town| town.path(page, stranger).is_some());
    }
    assert_eq!(town.pages[page].up.len(), limits::PEERS);
    let member = town.page(Trust::default());
    town.dial(member, page);
    town.until("the member is up", |town| town.path(page, member).is_some());
    town.trust(page, member);
    town.trust(member, page);
    town.until("direct", |town| town.path(page, member) == Some(Path::Direct));
    assert!(town.pages[page].up.len() <= limits::PEERS);
    let again = town.page(Trust::default());
    town.dial(again, page);
    town.until("a stranger comes in place of another", |town| town.path(page, again).is_some());
    assert_eq!(town.path(page, member), Some(Path::Direct));
}

#[test]
fn a_mesh_that_trusts_everyone_meets_whoever_comes() {
    let mut town = Town::new();
    let (a, b) = (town.page(Trust::everyone()), town.page(Trust::everyone()));
    town.dial(a, b);
    town.until("direct", |town| {
        town.path(a, b) == Some(Path::Direct) && town.path(b, a) == Some(Path::Direct)
    });
}
