//! Opens streams of one protocol when asked to, and hands on those that the peer opens.

use std::collections::VecDeque;
use std::fmt;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::channel::oneshot;
use libp2p::core::upgrade::ReadyUpgrade;
use libp2p::swarm::handler::{
    ConnectionEvent, DialUpgradeError, FullyNegotiatedInbound, FullyNegotiatedOutbound,
};
use libp2p::swarm::{
    ConnectionHandler, ConnectionHandlerEvent, StreamProtocol, StreamUpgradeError,
    SubstreamProtocol,
};
use libp2p::{Stream, swarm};

use super::behaviour::RequestError;

const NEGOTIATION: Duration = Duration::from_secs(10);

/// Asks for a stream; the answer goes to whoever holds the other end.
pub struct OpenStream(pub oneshot::Sender<Result<Stream, RequestError>>);

impl fmt::Debug for OpenStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenStream")
    }
}

/// The peer opened a stream.
#[derive(Debug)]
pub struct HandlerEvent(pub Stream);

/// Streams of one protocol on one connection.
#[derive(Debug)]
pub struct Handler {
    protocol: StreamProtocol,
    /// How many streams may wait to be opened or handed on; dropping more tells who asked.
    most: usize,
    asked: VecDeque<OpenStream>,
    opened: VecDeque<Stream>,
    waker: Option<Waker>,
}

impl Handler {
    /// No streams yet; at most `most` may wait to be opened, and as many to be handed on.
    pub fn new(protocol: StreamProtocol, most: usize) -> Self {
        Self { protocol, most, asked: VecDeque::new(), opened: VecDeque::new(), waker: None }
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl ConnectionHandler for Handler {
    type FromBehaviour = OpenStream;
    type ToBehaviour = HandlerEvent;
    type InboundProtocol = ReadyUpgrade<StreamProtocol>;
    type OutboundProtocol = ReadyUpgrade<StreamProtocol>;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = OpenStream;

    fn listen_protocol(&self) -> SubstreamProtocol<Self::InboundProtocol> {
        SubstreamProtocol::new(ReadyUpgrade::new(self.protocol.clone()), ())
            .with_timeout(NEGOTIATION)
    }

    fn connection_keep_alive(&self) -> bool {
        !self.asked.is_empty()
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<ConnectionHandlerEvent<Self::OutboundProtocol, OpenStream, HandlerEvent>> {
        if let Some(stream) = self.opened.pop_front() {
            return Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(HandlerEvent(stream)));
        }
        while let Some(asked) = self.asked.pop_front() {
            if asked.0.is_canceled() {
                continue;
            }
            let upgrade = ReadyUpgrade::new(self.protocol.clone());
            let protocol = SubstreamProtocol::new(upgrade, asked).with_timeout(NEGOTIATION);
            return Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest { protocol });
        }
        self.waker = Some(cx.waker().clone());
        Poll::Pending
    }

    fn on_behaviour_event(&mut self, asked: OpenStream) {
        if self.asked.len() < self.most {
            self.asked.push_back(asked);
            self.wake();
        }
    }

    fn on_connection_event(
        &mut self,
        event: ConnectionEvent<Self::InboundProtocol, Self::OutboundProtocol, (), OpenStream>,
    ) {
        match event {
            // More than may wait are dropped, which tells the peer.
            ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound {
                protocol, ..
            }) if self.opened.len() < self.most => {
                self.opened.push_back(protocol);
                self.wake();
            }
            ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound {
                protocol,
                info,
            }) => {
                // Nobody waits for it any more when this fails.
                let _ = info.0.send(Ok(protocol));
            }
            ConnectionEvent::DialUpgradeError(DialUpgradeError { info, error }) => {
                let _ = info.0.send(Err(failure(&error)));
            }
            _ => {}
        }
    }
}

fn failure<E: fmt::Debug>(error: &swarm::StreamUpgradeError<E>) -> RequestError {
    match error {
        StreamUpgradeError::NegotiationFailed => RequestError::NotSupported,
        _ => RequestError::Broken,
    }
}
