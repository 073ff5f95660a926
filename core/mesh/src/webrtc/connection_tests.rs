//! Connections and streams on the simulated platform: every order of events is the test's own.

use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures::task::noop_waker_ref;
use futures::{AsyncReadExt, AsyncWriteExt, FutureExt};
use libp2p::core::muxing::StreamMuxer;

use super::connection::Connection;
use super::error::Error;
use super::ice::IceServers;
use super::muxer::Muxer;
use super::platform::PeerConnection;
use super::simulated::{Simulated, settle};
use super::stream::Stream;

type Side = Muxer<Simulated>;

/// The result of a future that is ready at once.
fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("nothing to wait for")
}

/// The bytes that have come by now.
fn polled<T>(poll: impl FnOnce(&mut Context<'_>) -> Poll<T>) -> Option<T> {
    match poll(&mut Context::from_waker(noop_waker_ref())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

/// Two that are connected, the dialler first.
fn connected() -> (Side, Side) {
    let ice = IceServers::default();
    let [a, b] = [(), ()].map(|()| now(Connection::<Simulated>::new(&ice)).expect("opened"));
    a.open_init().expect("open");
    now(a.pc.offer()).expect("offered");
    now(b.pc.set_offer(&now(a.description()).expect("described"))).expect("taken");
    now(b.pc.answer()).expect("answered");
    now(a.pc.set_answer(&now(b.description()).expect("described"))).expect("taken");
    settle();
    assert!(polled(|cx| a.poll_established(cx)).is_none(), "nobody was told where the other is");
    for (from, to) in [(&a, &b), (&b, &a)] {
        let candidate = polled(|cx| from.poll_candidate(cx)).expect("a candidate");
        to.pc.add_candidate(&candidate);
    }
    settle();
    for side in [&a, &b] {
        assert!(matches!(polled(|cx| side.poll_established(cx)), Some(Ok(()))));
    }
    (Muxer::new(a), Muxer::new(b))
}

fn opened(side: &mut Side) -> Stream<Simulated> {
    let stream = polled(|cx| Pin::new(side).poll_outbound(cx)).expect("there is room");
    settle();
    stream.expect("opened")
}

fn accepted(side: &mut Side) -> Stream<Simulated> {
    polled(|cx| Pin::new(side).poll_inbound(cx)).expect("a stream came").expect("it stands")
}

/// Both ends of a stream on which something was written and not read.
fn sent(a: &mut Side, b: &mut Side, words: &[u8]) -> (Stream<Simulated>, Stream<Simulated>) {
    let mut near = opened(a);
    now(near.write_all(words)).expect("written");
    settle();
    (near, accepted(b))
}

fn end_of(side: &mut Side) -> Option<Error> {
    polled(|cx| Pin::new(side).poll(cx)).and_then(Result::err)
}

/// Lets a task run to its end, with all that happens meanwhile.
fn finished<T: 'static>(task: impl Future<Output = T> + 'static) -> T {
    let (done, result) = futures::channel::oneshot::channel();
    Simulated::spawn(async move {
        let _ = done.send(task.await);
    });
    settle();
    now(result).expect("it ends")
}

#[test]
fn both_sides_open_streams_and_each_half_ends_by_itself() {
    let (mut a, mut b) = connected();
    for swap in [false, true] {
        if swap {
            std::mem::swap(&mut a, &mut b);
        }
        let mut near = opened(&mut a);
        now(near.write_all(b"question")).expect("written");
        settle();
        let mut far = accepted(&mut b);
        let closing = async move {
            near.close().await.expect("closed");
            let mut answer = Vec::new();
            near.read_to_end(&mut answer).await.expect("read");
            answer
        };
        let answering = async move {
            let mut question = Vec::new();
            far.read_to_end(&mut question).await.expect("read");
            far.write_all(b"answer").await.expect("our half is open");
            far.close().await.expect("closed");
            question
        };
        let both = finished(futures::future::join(closing, answering));
        assert_eq!(both, (b"answer".to_vec(), b"question".to_vec()));
    }
    assert!(end_of(&mut a).is_none() && end_of(&mut b).is_none());
}

#[test]
fn a_megabyte_waits_for_the_queue_and_arrives_whole() {
    let (mut a, mut b) = connected();
    let bytes: Vec<u8> = (0..1_000_000u32).map(|n| n as u8).collect();
    let mut near = opened(&mut a);
    let sent = bytes.clone();
    let writing = async move {
        near.write_all(&sent).await.expect("written");
        near.close().await.expect("closed");
    };
    let mut far = accepted(&mut b);
    let reading = async move {
        let mut read = Vec::new();
        far.read_to_end(&mut read).await.expect("read");
        read
    };
    let ((), read) = finished(futures::future::join(writing, reading));
    assert!(read == bytes);
}

#[test]
fn a_stream_that_is_given_up_is_reset_there() {
    let (mut a, mut b) = connected();
    let (near, mut far) = sent(&mut a, &mut b, b"half a");
    drop(near);
    settle();
    let read = finished(async move { far.read_to_end(&mut Vec::new()).await });
    assert!(read.is_err());
    assert!(end_of(&mut b).is_none(), "the connection stands");
}

#[test]
fn a_close_is_heard() {
    let (mut a, mut b) = connected();
    let (_near, mut far) = sent(&mut a, &mut b, b"last words");
    let closed = finished(async move { poll_fn(|cx| Pin::new(&mut a).poll_close(cx)).await });
    assert!(closed.is_ok());
    assert!(matches!(end_of(&mut b), Some(Error::ClosedByPeer)));
    let mut words = [0; 10];
    finished(async move {
        far.read_exact(&mut words).await.expect("what was sent before is there");
        assert_eq!(&words, b"last words");
    });
}

#[test]
fn a_lost_network_ends_both_and_nothing_is_left() {
    let (mut a, mut b) = connected();
    a.connection().pc.fail();
    settle();
    for side in [&mut a, &mut b] {
        assert!(matches!(end_of(side), Some(Error::Failed)));
    }
    let weak = [&a, &b].map(|side| Rc::downgrade(side.connection()));
    drop((a, b));
    settle();
    assert!(weak.iter().all(|connection| connection.upgrade().is_none()));
}
