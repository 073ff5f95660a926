//! WebRTC as a libp2p transport, on any platform that has peer connections.
//!
//! ```text
//!   dial(…/p2p-circuit/webrtc/p2p/B)
//!     └► signalling stream on a relayed connection ─► offer, answer, candidates ─► Muxer
//!   a peer's signalling stream ─► Incoming ─► answer ─► Muxer
//! ```
//! The peer at the other end is proved by the connection that carries the signalling: the DTLS
//! fingerprints travel inside its Noise session.

use std::collections::VecDeque;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::future::{Either, LocalBoxFuture, select};
use futures::{FutureExt, StreamExt};
use futures_timer::Delay;
use libp2p::core::transport::{DialOpts, ListenerId, TransportError, TransportEvent};
use libp2p::{Multiaddr, PeerId};
use send_wrapper::SendWrapper;

use super::address;
use super::answer::answer;
use super::attempts::{Attempts, Verdict};
use super::behaviour::{Behaviour, Offer, Signaller, pair};
use super::dial::dial;
use super::error::Error;
use super::ice::IceServers;
use super::muxer::Muxer;
use super::platform::PeerConnection;
use crate::Trust;
use crate::trust::End;

/// The relayed connection, signalling, ICE and DTLS together.
const UPGRADE: Duration = Duration::from_secs(15);

type Upgrade<P> = SendWrapper<LocalBoxFuture<'static, Result<(PeerId, Muxer<P>), Error>>>;
type Event<P> = TransportEvent<Upgrade<P>, Error>;

/// The transport and the behaviour that gets it its signalling streams. Only who is trusted is
/// dialled and answered.
pub fn new<P: PeerConnection>(
    local: PeerId,
    ice: IceServers,
    trust: Trust,
) -> (Transport<P>, Behaviour) {
    let (signaller, behaviour) = pair(trust.clone());
    let attempts = Attempts::new(local);
    let (listener, events, waker) = (None, VecDeque::new(), None);
    let platform = PhantomData;
    (Transport { signaller, attempts, ice, trust, listener, events, waker, platform }, behaviour)
}

/// Dials `…/p2p-circuit/webrtc/p2p/B`, listens on `/webrtc`.
pub struct Transport<P: PeerConnection> {
    signaller: Signaller,
    attempts: Attempts<libp2p::Stream>,
    ice: IceServers,
    trust: Trust,
    listener: Option<ListenerId>,
    events: VecDeque<Event<P>>,
    waker: Option<Waker>,
    platform: PhantomData<fn() -> P>,
}

impl<P: PeerConnection> Transport<P> {
    fn push(&mut self, event: Event<P>) {
        self.events.push_back(event);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// The fate of a signalling stream that a peer opened. One that is dropped tells the peer.
    fn on_offer(&self, peer: PeerId, stream: libp2p::Stream) -> Option<Event<P>> {
        let listener_id = self.listener?;
        // It may have ended while the stream waited for a dial of ours.
        let end = self.trust.of(&peer)?;
        let Verdict::Answer(stream, answering) = self.attempts.offer(peer, stream) else {
            return None;
        };
        let ice = self.ice.clone();
        let upgrade = in_time(end, async move {
            let muxer = answer(stream, &ice).await?;
            answering.succeeded();
            Ok((peer, muxer))
        });
        Some(TransportEvent::Incoming {
            listener_id,
            upgrade,
            local_addr: address::listen(),
            send_back_addr: address::remote(peer),
        })
    }

    fn poll_offer(&mut self, cx: &mut Context<'_>) -> Poll<(PeerId, libp2p::Stream)> {
        if let Poll::Ready(released) = self.attempts.poll_released(cx) {
            return Poll::Ready(released);
        }
        match self.signaller.offers.poll_next_unpin(cx) {
            Poll::Ready(Some(Offer { peer, stream })) => Poll::Ready((peer, stream)),
            // Without its behaviour there is nobody to hear of offers.
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }
}

impl<P: PeerConnection> libp2p::Transport for Transport<P> {
    type Output = (PeerId, Muxer<P>);
    type Error = Error;
    type ListenerUpgrade = Upgrade<P>;
    type Dial = Upgrade<P>;

    fn listen_on(
        &mut self,
        listener_id: ListenerId,
        listen_addr: Multiaddr,
    ) -> Result<(), TransportError<Error>> {
        if !address::is_listen(&listen_addr) || self.listener.is_some() {
            return Err(TransportError::MultiaddrNotSupported(listen_addr));
        }
        self.listener = Some(listener_id);
        self.push(TransportEvent::NewAddress { listener_id, listen_addr });
        Ok(())
    }

    fn remove_listener(&mut self, listener_id: ListenerId) -> bool {
        if self.listener != Some(listener_id) {
            return false;
        }
        self.listener = None;
        self.push(TransportEvent::ListenerClosed { listener_id, reason: Ok(()) });
        true
    }

    fn dial(
        &mut self,
        address: Multiaddr,
        opts: DialOpts,
    ) -> Result<Upgrade<P>, TransportError<Error>> {
        let target = match address::target(&address) {
            Some(target) if opts.role.is_dialer() => target,
            _ => return Err(TransportError::MultiaddrNotSupported(address)),
        };
        let end = self.trust.of(&target.peer).ok_or(TransportError::Other(Error::Untrusted))?;
        let (attempts, ice) = (self.attempts.clone(), self.ice.clone());
        let opened = self.signaller.open(target.clone());
        Ok(in_time(end, async move {
            let peer = target.peer;
            Ok((peer, dial(target, attempts, opened, &ice).await?))
        }))
    }

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Event<P>> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Poll::Ready(event);
            }
            match self.poll_offer(cx) {
                Poll::Ready((peer, stream)) => {
                    let event = self.on_offer(peer, stream);
                    self.events.extend(event);
                }
                Poll::Pending => {
                    self.waker = Some(cx.waker().clone());
                    return Poll::Pending;
                }
            }
        }
    }
}

/// The whole of an upgrade has one time limit, and is given up when the trust in the peer ends.
fn in_time<P: PeerConnection>(
    end: End,
    upgrade: impl Future<Output = Result<(PeerId, Muxer<P>), Error>> + 'static,
) -> Upgrade<P> {
    let limited = async move {
        let limit = select(Delay::new(UPGRADE), Box::pin(end.reached()));
        match select(Box::pin(upgrade), limit).await {
            Either::Left((result, _)) => result,
            Either::Right((Either::Left(_), _)) => Err(Error::TimedOut),
            Either::Right((Either::Right(_), _)) => Err(Error::Untrusted),
        }
    };
    SendWrapper::new(limited.boxed_local())
}
