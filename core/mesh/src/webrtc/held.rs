//! Signalling streams of peers that are not trusted yet: each waits unread, and a short while only.
//!
//! The peer's trust in us may come before ours in it, by as much as the two hellos take. Its stream
//! then waits, since a refusal would cost it the pause after a failure.

use core::time::Duration;
use std::collections::VecDeque;

use libp2p::PeerId;

use covey_wire::limits;
use covey_wire::time::Instant;

/// How long a stream waits: a hello is there within a round trip or two, however slow the way.
const WAIT: Duration = Duration::from_secs(5);

/// Streams that wait, the oldest first. `S` is a signalling stream; dropping one tells the peer.
#[derive(Debug)]
pub(super) struct Held<S>(VecDeque<(PeerId, S, Instant)>);

impl<S> Default for Held<S> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<S> Held<S> {
    /// Keeps a stream. Of one peer the newest is kept, which has given up on those before; of too
    /// many the oldest goes.
    pub fn hold(&mut self, peer: PeerId, stream: S, now: Instant) {
        self.forget(&peer);
        if self.0.len() >= limits::UNTRUSTED_OFFERS {
            self.0.pop_front();
        }
        self.0.push_back((peer, stream, now + WAIT));
    }

    /// A stream whose peer is trusted by now.
    pub fn release(&mut self, trusts: impl Fn(&PeerId) -> bool) -> Option<(PeerId, S)> {
        let at = self.0.iter().position(|(peer, ..)| trusts(peer))?;
        self.0.remove(at).map(|(peer, stream, _)| (peer, stream))
    }

    /// The peer is gone.
    pub fn forget(&mut self, peer: &PeerId) {
        self.0.retain(|(other, ..)| other != peer);
    }

    /// Refuses what has waited for long enough.
    pub fn expire(&mut self, now: Instant) {
        while self.due().is_some_and(|due| due <= now) {
            self.0.pop_front();
        }
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// When `expire` has something to do.
    pub fn due(&self) -> Option<Instant> {
        self.0.front().map(|(.., until)| *until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(held: &Held<u32>) -> Vec<u32> {
        held.0.iter().map(|(_, stream, _)| *stream).collect()
    }

    #[test]
    fn a_stream_waits_for_trust_and_no_longer_than_it_may() {
        let (one, two) = (PeerId::random(), PeerId::random());
        let mut held = Held::default();
        held.hold(one, 1, Instant(1000));
        held.hold(two, 2, Instant(2000));
        assert_eq!(held.release(|_| false), None);
        assert_eq!(held.release(|peer| *peer == two), Some((two, 2)));
        assert_eq!(held.release(|peer| *peer == two), None, "once");
        held.expire(Instant(5999));
        assert_eq!((kept(&held), held.due()), (vec![1], Some(Instant(6000))));
        held.expire(Instant(6000));
        assert_eq!((kept(&held), held.due()), (vec![], None));
    }

    #[test]
    fn a_peer_that_floods_keeps_one_and_takes_no_place_of_others() {
        let (honest, flood) = (PeerId::random(), PeerId::random());
        let mut held = Held::default();
        held.hold(honest, 0, Instant(0));
        for stream in 1..10_000 {
            held.hold(flood, stream, Instant(0));
        }
        assert_eq!(kept(&held), [0, 9999]);
        held.forget(&flood);
        assert_eq!(kept(&held), [0]);
    }

    #[test]
    fn waiting_streams_are_bounded_whoever_opened_them() {
        let mut held = Held::default();
        for stream in 0..1000 {
            held.hold(PeerId::random(), stream, Instant(0));
        }
        assert_eq!(kept(&held).len(), limits::UNTRUSTED_OFFERS);
        assert_eq!(kept(&held).last(), Some(&999));
    }
}
