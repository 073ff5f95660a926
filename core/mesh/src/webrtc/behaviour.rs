//! Gets the transport its signalling streams: on relayed connections for those it opens, on any
//! authenticated connection for those a peer opens. Those of peers that are not trusted yet wait here.

use core::time::Duration;
use std::collections::VecDeque;
use std::task::{Context, Poll};

use futures::channel::{mpsc, oneshot};
use futures::{FutureExt, StreamExt};
use futures_timer::Delay;
use libp2p::core::{ConnectedPoint, Endpoint, transport::PortUse};
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{
    ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, NotifyHandler, StreamProtocol,
    THandler, THandlerInEvent, THandlerOutEvent, ToSwarm,
};
use libp2p::{Multiaddr, PeerId, Stream};
use litemap::LiteMap;
use thiserror::Error;

use super::address::{self, Target};
use super::handler::{Handler, HandlerEvent, OpenStream};
use super::held::Held;
use super::signalling::PROTOCOL;
use crate::Trust;
use covey_wire::limits;
use covey_wire::net::Path;
use covey_wire::time::Instant;

/// A stream for signalling is wanted.
#[derive(Debug)]
pub struct Request {
    target: Target,
    reply: oneshot::Sender<Result<Stream, RequestError>>,
}

/// Why there is no signalling stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The peer is not reached through the relay.
    #[error("peer is not reached through the relay")]
    NotReached,
    /// The peer does not speak the protocol.
    #[error("peer does not take WebRTC signalling")]
    NotSupported,
    /// The relayed connection broke.
    #[error("relayed connection broke")]
    Broken,
    /// Too many are wanted at once.
    #[error("too many attempts at once")]
    Busy,
}

/// A peer opened a signalling stream.
#[derive(Debug)]
pub struct Offer {
    /// The peer, as its connection proves.
    pub peer: PeerId,
    /// The stream.
    pub stream: Stream,
}

/// The transport's end of the pair.
#[derive(Debug)]
pub struct Signaller {
    requests: mpsc::Sender<Request>,
    /// Streams that peers opened.
    pub offers: mpsc::Receiver<Offer>,
}

impl Signaller {
    /// Opens a signalling stream to a peer on a relayed connection, which is made first where
    /// there is none. Does nothing before it is polled.
    pub fn open(
        &self,
        target: Target,
    ) -> impl Future<Output = Result<Stream, RequestError>> + Send + use<> {
        let mut requests = self.requests.clone();
        async move {
            // Relayed connections come and go (a peer may close a second one at any time).
            for _ in 0..3 {
                let (reply, stream) = oneshot::channel();
                let request = Request { target: target.clone(), reply };
                requests.try_send(request).map_err(|_| RequestError::Busy)?;
                match stream.await {
                    Ok(Err(RequestError::Broken)) | Err(oneshot::Canceled) => {}
                    Ok(result) => return result,
                }
            }
            Err(RequestError::Broken)
        }
    }
}

/// The two ends, joined: one for the platform's transport, one for the swarm. Streams of peers that
/// are not trusted are held back.
pub fn pair(trust: Trust) -> (Signaller, Behaviour) {
    let (requests, wanted) = mpsc::channel(limits::SIGNALLING);
    let (offered, offers) = mpsc::channel(limits::SIGNALLING);
    let behaviour = Behaviour {
        wanted,
        offered,
        relayed: LiteMap::new(),
        waiting: Vec::new(),
        trust,
        held: Held::default(),
        started: web_time::Instant::now(),
        timer: None,
        actions: VecDeque::new(),
    };
    (Signaller { requests, offers }, behaviour)
}

type Action = ToSwarm<std::convert::Infallible, OpenStream>;

/// The swarm's end of the pair. It also declares the `/webrtc` form of every reservation, so
/// that peers learn by identify how they reach us directly.
pub struct Behaviour {
    wanted: mpsc::Receiver<Request>,
    offered: mpsc::Sender<Offer>,
    relayed: LiteMap<PeerId, Vec<ConnectionId>>,
    /// Requests that wait for a relayed connection, with the dial that makes it.
    waiting: Vec<(ConnectionId, Request)>,
    trust: Trust,
    held: Held<Stream>,
    started: web_time::Instant,
    /// When the first of what is held has waited for long enough.
    timer: Option<(Instant, Delay)>,
    actions: VecDeque<Action>,
}

impl Behaviour {
    fn on_request(&mut self, request: Request) {
        if self.relayed.contains_key(&request.target.peer) {
            return self.forward(request);
        }
        self.waiting.retain(|(_, waiting)| !waiting.reply.is_canceled());
        if self.waiting.len() >= limits::SIGNALLING {
            let _ = request.reply.send(Err(RequestError::Busy));
            return;
        }
        let under_way = self.waiting.iter().find(|(_, other)| other.target == request.target);
        let dial = under_way.map(|(dial, _)| *dial).unwrap_or_else(|| self.dial(&request.target));
        self.waiting.push((dial, request));
    }

    fn dial(&mut self, target: &Target) -> ConnectionId {
        let opts = DialOpts::peer_id(target.peer)
            .condition(PeerCondition::Always)
            .addresses(vec![target.relayed.clone()])
            .build();
        let id = opts.connection_id();
        self.actions.push_back(ToSwarm::Dial { opts });
        id
    }

    /// Passes the request on to the newest relayed connection.
    fn forward(&mut self, request: Request) {
        let peer_id = request.target.peer;
        match self.relayed.get(&peer_id).and_then(|connections| connections.last()) {
            Some(connection) => self.actions.push_back(ToSwarm::NotifyHandler {
                peer_id,
                handler: NotifyHandler::One(*connection),
                event: OpenStream(request.reply),
            }),
            None => {
                let _ = request.reply.send(Err(RequestError::NotReached));
            }
        }
    }

    fn forward_waiting(&mut self, ready: impl Fn(&(ConnectionId, Request)) -> bool) {
        let (ready, rest) = std::mem::take(&mut self.waiting).into_iter().partition(ready);
        self.waiting = rest;
        let ready: Vec<_> = ready;
        for (_, request) in ready {
            self.forward(request);
        }
    }

    fn on_established(&mut self, peer: PeerId, id: ConnectionId, endpoint: &ConnectedPoint) {
        if address::path(endpoint) == Path::Relayed {
            self.relayed.entry(peer).or_default().push(id);
            self.forward_waiting(|(_, request)| request.target.peer == peer);
        }
    }

    fn on_closed(&mut self, peer: PeerId, id: ConnectionId) {
        if let Some(connections) = self.relayed.get_mut(&peer) {
            connections.retain(|connection| *connection != id);
            if connections.is_empty() {
                self.relayed.remove(&peer);
            }
        }
    }

    fn offer(&mut self, peer: PeerId, stream: Stream) {
        // A full queue drops the stream, which tells the peer.
        let _ = self.offered.try_send(Offer { peer, stream });
    }

    /// How many streams wait for our trust.
    #[cfg(test)]
    pub(crate) fn held(&self) -> usize {
        self.held.len()
    }

    fn now(&self) -> Instant {
        Instant(0) + self.started.elapsed()
    }

    /// Hands on what is held of those who are trusted by now, and refuses what waited in vain.
    fn poll_held(&mut self, cx: &mut Context<'_>) {
        if self.held.due().is_none() {
            return self.timer = None;
        }
        self.trust.wake(cx.waker());
        let trust = self.trust.clone();
        while let Some((peer, stream)) = self.held.release(|peer| trust.holds(peer)) {
            self.offer(peer, stream);
        }
        loop {
            self.held.expire(self.now());
            let Some(due) = self.held.due() else { return self.timer = None };
            if self.timer.as_ref().is_none_or(|(set, _)| *set != due) {
                // Clocks count whole milliseconds.
                let pause = due.since(self.now()).max(Duration::from_millis(1));
                self.timer = Some((due, Delay::new(pause)));
            }
            let Some((_, delay)) = &mut self.timer else { return };
            if delay.poll_unpin(cx).is_pending() {
                return;
            }
            self.timer = None;
        }
    }

    fn handler(&self) -> Handler {
        Handler::new(StreamProtocol::new(PROTOCOL), limits::SIGNALLING)
    }
}

impl NetworkBehaviour for Behaviour {
    type ConnectionHandler = Handler;
    type ToSwarm = std::convert::Infallible;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(self.handler())
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(self.handler())
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        match event {
            FromSwarm::ConnectionEstablished(e) => {
                self.on_established(e.peer_id, e.connection_id, e.endpoint);
            }
            FromSwarm::ConnectionClosed(e) => {
                self.on_closed(e.peer_id, e.connection_id);
                if e.remaining_established == 0 {
                    self.held.forget(&e.peer_id);
                }
            }
            FromSwarm::DialFailure(e) => {
                self.forward_waiting(|(dial, _)| *dial == e.connection_id);
            }
            FromSwarm::NewListenAddr(e) => {
                let direct = address::direct_of_relayed(e.addr);
                self.actions.extend(direct.map(ToSwarm::ExternalAddrConfirmed));
            }
            FromSwarm::ExpiredListenAddr(e) => {
                let direct = address::direct_of_relayed(e.addr);
                self.actions.extend(direct.map(ToSwarm::ExternalAddrExpired));
            }
            _ => {}
        }
    }

    fn on_connection_handler_event(
        &mut self,
        peer: PeerId,
        _: ConnectionId,
        HandlerEvent(stream): THandlerOutEvent<Self>,
    ) {
        if self.trust.holds(&peer) {
            self.offer(peer, stream);
        } else {
            let now = self.now();
            self.held.hold(peer, stream, now);
        }
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        self.poll_held(cx);
        loop {
            if let Some(action) = self.actions.pop_front() {
                return Poll::Ready(action);
            }
            match self.wanted.next().poll_unpin(cx) {
                Poll::Ready(Some(request)) => self.on_request(request),
                // Without its transport there is nothing to ask for.
                Poll::Ready(None) | Poll::Pending => return Poll::Pending,
            }
        }
    }
}
