//! Peers that may learn where we are: the mesh decides, WebRTC asks before it describes anything.
//!
//! A session description and its candidates carry our addresses. They are for those of whom the room
//! has seen that they may read; an attempt that is under way when the trust ends is given up.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::Shared;
use libp2p::PeerId;
use litemap::LiteMap;

/// The trust of one page. Clones share it; nobody is trusted at first.
#[derive(Debug, Clone, Default)]
pub struct Trust(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    everyone: bool,
    /// No more than the mesh knows: `limits::KNOWN_SEATS`.
    peers: LiteMap<PeerId, Given>,
    waker: Option<Waker>,
}

/// Lasts until it is taken back.
#[derive(Debug)]
struct Given {
    _held: oneshot::Sender<Infallible>,
    end: Shared<oneshot::Receiver<Infallible>>,
}

/// The end of a trust; none where everybody is trusted.
#[derive(Debug)]
pub(super) struct End(Option<Shared<oneshot::Receiver<Infallible>>>);

impl Trust {
    /// Everybody is trusted, always: for a mesh without a room, which would see nothing of anybody.
    pub fn everyone() -> Self {
        let inner = Inner { everyone: true, ..Inner::default() };
        Self(Arc::new(Mutex::new(inner)))
    }

    /// Trusts a peer until `end`.
    pub(super) fn give(&self, peer: PeerId) {
        let mut inner = self.lock();
        if inner.everyone || inner.peers.contains_key(&peer) {
            return;
        }
        let (held, end) = oneshot::channel();
        inner.peers.insert(peer, Given { _held: held, end: end.shared() });
        if let Some(waker) = inner.waker.take() {
            waker.wake();
        }
    }

    /// Trusts a peer no longer; whether that changes anything.
    pub(super) fn end(&self, peer: &PeerId) -> bool {
        let given = self.lock().peers.remove(peer);
        // Tasks that wait for the end are woken when nothing is locked any more.
        given.is_some()
    }

    /// Whether a peer is trusted.
    pub(super) fn holds(&self, peer: &PeerId) -> bool {
        let inner = self.lock();
        inner.everyone || inner.peers.contains_key(peer)
    }

    /// The end of the trust in a peer, if it is trusted.
    pub(super) fn of(&self, peer: &PeerId) -> Option<End> {
        let inner = self.lock();
        let given = inner.peers.get(peer).map(|given| given.end.clone());
        (inner.everyone || given.is_some()).then_some(End(given))
    }

    /// The task to wake when somebody is trusted.
    pub(super) fn wake(&self, waker: &Waker) {
        let mut inner = self.lock();
        match &mut inner.waker {
            Some(known) => known.clone_from(waker),
            none => *none = Some(waker.clone()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl End {
    /// Resolves when the trust has ended.
    pub(super) async fn reached(self) {
        match self.0 {
            Some(end) => drop(end.await),
            None => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_told_to_all_who_wait_and_the_next_trust_is_another() {
        let (trust, peer) = (Trust::default(), PeerId::random());
        assert!(trust.of(&peer).is_none() && !trust.end(&peer), "nobody at first");
        trust.give(peer);
        trust.give(peer);
        let [mut one, mut two] = [(), ()].map(|()| Box::pin(trust.of(&peer).unwrap().reached()));
        assert!((&mut one).now_or_never().is_none() && trust.holds(&peer));
        assert!(!trust.holds(&PeerId::random()), "nobody else");
        assert!(trust.end(&peer) && !trust.holds(&peer));
        trust.give(peer);
        assert!((&mut one).now_or_never().is_some() && (&mut two).now_or_never().is_some());
        assert!(trust.of(&peer).unwrap().reached().now_or_never().is_none());
    }

    #[test]
    fn the_trust_in_everyone_never_ends() {
        let (trust, peer) = (Trust::everyone(), PeerId::random());
        trust.give(peer);
        assert!(!trust.end(&peer) && trust.holds(&peer));
        assert!(trust.of(&peer).unwrap().reached().now_or_never().is_none());
        assert!(trust.lock().peers.is_empty(), "nothing is kept");
    }
}
