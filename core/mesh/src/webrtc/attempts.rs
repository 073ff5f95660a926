//! Attempts to connect: when two peers dial each other at once, the smaller peer id's dial goes on.
//!
//! ```text
//!                       we are smaller                 we are greater
//!   offer while dialling   held until our dial ends       our dial answers it in place of its own
//!   dial while answering   waits for the answer           waits for the answer
//! ```
//! An offer is held and not refused because js-libp2p does not know this rule: it would take a
//! refusal for a failed dial. A peer that knows the rule has withdrawn its offer by then.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use futures::channel::oneshot;
use libp2p::PeerId;
use litemap::LiteMap;

use covey_wire::limits;

/// The attempts of one transport, by peer. `S` is a signalling stream.
#[derive(Debug)]
pub struct Attempts<S> {
    local: PeerId,
    inner: Arc<Mutex<Inner<S>>>,
}

impl<S> Clone for Attempts<S> {
    fn clone(&self) -> Self {
        Self { local: self.local, inner: self.inner.clone() }
    }
}

#[derive(Debug)]
struct Inner<S> {
    peers: LiteMap<PeerId, Peer<S>>,
    answering: usize,
    /// Offers that were held and may be answered.
    released: Vec<(PeerId, S)>,
    waker: Option<Waker>,
}

#[derive(Debug)]
struct Peer<S> {
    dials: usize,
    /// Where a dial takes an offer that replaces its own.
    replace: Vec<oneshot::Sender<S>>,
    held: Option<S>,
    answering: usize,
    /// Dials that wait for an answer to succeed or fail.
    waiting: Vec<oneshot::Sender<bool>>,
}

impl<S> Default for Peer<S> {
    fn default() -> Self {
        Self { dials: 0, replace: vec![], held: None, answering: 0, waiting: vec![] }
    }
}

/// The decision about a dial.
#[derive(Debug)]
pub enum Opening<S> {
    /// Go on.
    Go(Dialling<S>),
    /// The peer's own dial is being answered. Once that has ended: true when it succeeded, so
    /// that there is nothing left to dial.
    Wait(oneshot::Receiver<bool>),
}

/// A dial in progress; dropping it ends it.
#[derive(Debug)]
pub struct Dialling<S> {
    attempts: Attempts<S>,
    peer: PeerId,
    /// Resolves to an offer that is to be answered in place of ours; an error when none comes.
    pub replacement: oneshot::Receiver<S>,
}

/// The decision about an offer.
#[derive(Debug)]
pub enum Verdict<S> {
    /// It is to be answered.
    Answer(S, Answering<S>),
    /// It is held, or answered by our own dial.
    Kept,
    /// There are too many.
    Refused(S),
}

/// An answer in progress; dropping it counts as a failure.
#[derive(Debug)]
pub struct Answering<S> {
    attempts: Attempts<S>,
    peer: PeerId,
    succeeded: bool,
}

impl<S> Attempts<S> {
    /// None yet.
    pub fn new(local: PeerId) -> Self {
        let inner = Inner { peers: LiteMap::new(), answering: 0, released: vec![], waker: None };
        Self { local, inner: Arc::new(Mutex::new(inner)) }
    }

    /// We want to dial.
    pub fn dial(&self, peer: PeerId) -> Opening<S> {
        let mut inner = self.lock();
        let entry = inner.peers.entry(peer).or_default();
        let (sender, receiver) = oneshot::channel();
        if entry.answering > 0 {
            let (sender, receiver) = oneshot::channel();
            entry.waiting.push(sender);
            return Opening::Wait(receiver);
        }
        entry.dials += 1;
        entry.replace.push(sender);
        drop(inner);
        Opening::Go(Dialling { attempts: self.clone(), peer, replacement: receiver })
    }

    /// A peer opened a signalling stream.
    pub fn offer(&self, peer: PeerId, mut stream: S) -> Verdict<S> {
        let mut inner = self.lock();
        let full = inner.answering >= limits::SIGNALLING;
        let entry = inner.peers.entry(peer).or_default();
        if entry.dials > 0 && self.local < peer {
            return match &entry.held {
                Some(_) => Verdict::Refused(stream),
                None => {
                    entry.held = Some(stream);
                    Verdict::Kept
                }
            };
        }
        while let Some(dial) = entry.replace.pop() {
            match dial.send(stream) {
                Ok(()) => return Verdict::Kept,
                Err(back) => stream = back,
            }
        }
        if full || entry.answering >= limits::SIGNALLING_PER_PEER {
            inner.forget_idle(peer);
            return Verdict::Refused(stream);
        }
        entry.answering += 1;
        inner.answering += 1;
        drop(inner);
        Verdict::Answer(stream, Answering { attempts: self.clone(), peer, succeeded: false })
    }

    /// An offer that was held while we dialled.
    pub fn poll_released(&self, cx: &mut Context<'_>) -> Poll<(PeerId, S)> {
        let mut inner = self.lock();
        match inner.released.pop() {
            Some(offer) => Poll::Ready(offer),
            None => {
                inner.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<S>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> Inner<S> {
    fn forget_idle(&mut self, peer: PeerId) {
        if self.peers.get(&peer).is_some_and(|peer| peer.dials == 0 && peer.answering == 0) {
            self.peers.remove(&peer);
        }
    }
}

impl<S> Answering<S> {
    /// The connection stands.
    pub fn succeeded(mut self) {
        self.succeeded = true;
    }
}

impl<S> Drop for Answering<S> {
    fn drop(&mut self) {
        let mut inner = self.attempts.lock();
        inner.answering = inner.answering.saturating_sub(1);
        let Some(entry) = inner.peers.get_mut(&self.peer) else { return };
        entry.answering = entry.answering.saturating_sub(1);
        let waiting = if entry.answering == 0 || self.succeeded {
            std::mem::take(&mut entry.waiting)
        } else {
            Vec::new()
        };
        inner.forget_idle(self.peer);
        drop(inner);
        for dial in waiting {
            // A dial that was given up no longer listens.
            let _ = dial.send(self.succeeded);
        }
    }
}

impl<S> Drop for Dialling<S> {
    fn drop(&mut self) {
        self.replacement.close();
        let mut inner = self.attempts.lock();
        let Some(entry) = inner.peers.get_mut(&self.peer) else { return };
        entry.dials = entry.dials.saturating_sub(1);
        entry.replace.retain(|dial| !dial.is_canceled());
        if entry.dials > 0 {
            return;
        }
        let held = entry.held.take();
        inner.forget_idle(self.peer);
        if let Some(stream) = held {
            inner.released.push((self.peer, stream));
            if let Some(waker) = inner.waker.take() {
                waker.wake();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use futures::task::noop_waker;

    /// Two peer ids, the smaller first.
    fn peers() -> (PeerId, PeerId) {
        let (a, b) = (PeerId::random(), PeerId::random());
        if a < b { (a, b) } else { (b, a) }
    }

    fn go<S: std::fmt::Debug>(opening: Opening<S>) -> Dialling<S> {
        match opening {
            Opening::Go(dialling) => dialling,
            Opening::Wait(_) => panic!("had to wait"),
        }
    }

    fn released<S>(attempts: &Attempts<S>) -> Option<S> {
        match attempts.poll_released(&mut Context::from_waker(&noop_waker())) {
            Poll::Ready((_, stream)) => Some(stream),
            Poll::Pending => None,
        }
    }

    #[test]
    fn an_offer_without_a_dial_is_answered() {
        let (small, great) = peers();
        for (local, remote) in [(small, great), (great, small)] {
            let attempts = Attempts::new(local);
            assert!(matches!(attempts.offer(remote, 1), Verdict::Answer(1, _)));
            assert!(attempts.lock().peers.is_empty(), "nothing is kept of it");
        }
    }

    #[test]
    fn the_smaller_goes_on_and_holds_the_offer_until_it_is_done() {
        let (local, remote) = peers();
        let attempts = Attempts::new(local);
        let mut dialling = go(attempts.dial(remote));
        assert!(matches!(attempts.offer(remote, 1), Verdict::Kept));
        assert!(matches!(attempts.offer(remote, 2), Verdict::Refused(2)), "one is held");
        assert_eq!((&mut dialling.replacement).now_or_never(), None);
        assert_eq!(released(&attempts), None);
        drop(dialling);
        assert_eq!(released(&attempts), Some(1));
        assert!(attempts.lock().peers.is_empty());
    }

    #[test]
    fn the_greater_answers_within_its_own_dial() {
        let (remote, local) = peers();
        let attempts = Attempts::new(local);
        let mut dialling = go(attempts.dial(remote));
        assert!(matches!(attempts.offer(remote, 1), Verdict::Kept));
        assert_eq!((&mut dialling.replacement).now_or_never(), Some(Ok(1)));
        assert!(matches!(attempts.offer(remote, 2), Verdict::Answer(2, _)), "the dial has one");
        drop(dialling);
        assert!(attempts.lock().peers.is_empty());
    }

    #[test]
    fn a_dial_waits_for_the_answer_in_progress() {
        let (small, great) = peers();
        for (local, remote) in [(small, great), (great, small)] {
            for succeeds in [true, false] {
                let attempts = Attempts::new(local);
                let Verdict::Answer(_, answering) = attempts.offer(remote, 1) else { panic!() };
                let Opening::Wait(mut end) = attempts.dial(remote) else { panic!("must wait") };
                assert_eq!((&mut end).now_or_never(), None);
                if succeeds {
                    answering.succeeded()
                } else {
                    drop(answering)
                }
                assert_eq!(end.now_or_never(), Some(Ok(succeeds)));
                drop(go(attempts.dial(remote)));
                assert!(attempts.lock().peers.is_empty());
            }
        }
    }

    #[test]
    fn a_dial_given_up_takes_no_offer() {
        let (remote, local) = peers();
        let attempts = Attempts::new(local);
        let (first, second) = (go(attempts.dial(remote)), go(attempts.dial(remote)));
        drop(second);
        assert!(matches!(attempts.offer(remote, 1), Verdict::Kept));
        drop(first);
        assert_eq!(released(&attempts), None, "the dial had it");
    }

    #[test]
    fn offers_are_bounded_by_peer_and_in_all() {
        let attempts = Attempts::new(PeerId::random());
        let one = PeerId::random();
        let mut kept = Vec::new();
        for stream in 0..limits::SIGNALLING_PER_PEER {
            kept.push(attempts.offer(one, stream));
        }
        assert!(matches!(attempts.offer(one, 9), Verdict::Refused(9)));
        while kept.len() < limits::SIGNALLING {
            kept.push(attempts.offer(PeerId::random(), 0));
        }
        assert!(kept.iter().all(|verdict| matches!(verdict, Verdict::Answer(..))));
        assert!(matches!(attempts.offer(PeerId::random(), 9), Verdict::Refused(9)));
        drop(kept);
        assert!(attempts.lock().peers.is_empty());
        assert_eq!(attempts.lock().answering, 0);
    }
}
