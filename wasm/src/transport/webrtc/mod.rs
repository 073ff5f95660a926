//! Browser-to-browser WebRTC as a libp2p transport (specification `webrtc/webrtc.md`).
//!
//! ```text
//!   dial(…/p2p-circuit/webrtc/p2p/B)
//!     └► signalling stream on a relayed connection ─► offer, answer, candidates ─► Muxer
//!   a peer's signalling stream ─► Incoming ─► answer ─► Muxer
//! ```
//! Who is at the other end is proved by the connection that carries the signalling: the DTLS
//! fingerprints travel inside its Noise session.

mod answer;
mod channel;
mod connection;
mod dial;
mod error;
mod exchange;
mod muxer;
mod stream;

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use covey_core::mesh::webrtc::{Attempts, Behaviour, Offer, Signaller, Verdict, address, pair};
use futures::future::{Either, LocalBoxFuture, select};
use futures::{FutureExt, StreamExt};
use futures_timer::Delay;
use libp2p::core::transport::{DialOpts, ListenerId, TransportError, TransportEvent};
use libp2p::{Multiaddr, PeerId};
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::*;

pub use error::Error;
pub use muxer::Muxer;

use super::IceServers;

/// The relayed connection, signalling, ICE and DTLS together.
const UPGRADE: Duration = Duration::from_secs(15);

/// A Rust function that JavaScript calls with an event.
type Listener = Closure<dyn FnMut(JsValue)>;
type Upgrade = SendWrapper<LocalBoxFuture<'static, Result<(PeerId, Muxer), Error>>>;
type Event = TransportEvent<Upgrade, Error>;

/// The transport and the behaviour that gets it its signalling streams.
pub fn new(local: PeerId, ice: IceServers) -> (Transport, Behaviour) {
    let (signaller, behaviour) = pair();
    let attempts = Attempts::new(local);
    let events = VecDeque::new();
    (Transport { signaller, attempts, ice, listener: None, events, waker: None }, behaviour)
}

/// Dials `…/p2p-circuit/webrtc/p2p/B`, listens on `/webrtc`.
pub struct Transport {
    signaller: Signaller,
    attempts: Attempts<libp2p::Stream>,
    ice: IceServers,
    listener: Option<ListenerId>,
    events: VecDeque<Event>,
    waker: Option<Waker>,
}

impl Transport {
    fn push(&mut self, event: Event) {
        self.events.push_back(event);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// What becomes of a signalling stream that a peer opened. One that is dropped tells the peer.
    fn on_offer(&self, peer: PeerId, stream: libp2p::Stream) -> Option<Event> {
        let listener_id = self.listener?;
        let Verdict::Answer(stream, answering) = self.attempts.offer(peer, stream) else {
            return None;
        };
        let ice = self.ice.clone();
        let upgrade = in_time(async move {
            let muxer = answer::answer(stream, &ice).await?;
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

impl libp2p::Transport for Transport {
    type Output = (PeerId, Muxer);
    type Error = Error;
    type ListenerUpgrade = Upgrade;
    type Dial = Upgrade;

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
    ) -> Result<Upgrade, TransportError<Error>> {
        let target = match address::target(&address) {
            Some(target) if opts.role.is_dialer() => target,
            _ => return Err(TransportError::MultiaddrNotSupported(address)),
        };
        let (attempts, ice) = (self.attempts.clone(), self.ice.clone());
        let opened = self.signaller.open(target.clone());
        Ok(in_time(async move {
            let peer = target.peer;
            Ok((peer, dial::dial(target, attempts, opened, &ice).await?))
        }))
    }

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Event> {
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

/// The whole of an upgrade has one time limit.
fn in_time(upgrade: impl Future<Output = Result<(PeerId, Muxer), Error>> + 'static) -> Upgrade {
    let limited = async move {
        match select(Box::pin(upgrade), Delay::new(UPGRADE)).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => Err(Error::TimedOut),
        }
    };
    SendWrapper::new(limited.boxed_local())
}
