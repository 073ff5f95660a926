//! The stream of `/covey/meet/1` on one connection.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::IpAddr;
use std::task::{Context, Poll};

use covey_wire::limits;
use covey_wire::meet::{MEET_PROTOCOL, MeetReply, MeetRequest};
use libp2p::core::upgrade::{DeniedUpgrade, ReadyUpgrade};
use libp2p::swarm::handler::{ConnectionEvent, FullyNegotiatedInbound};
use libp2p::swarm::{
    ConnectionHandler, ConnectionHandlerEvent, Stream, StreamProtocol, SubstreamProtocol,
};

use super::throttle::Throttle;
use crate::frames::Frames;

/// Bytes that may wait for a page that does not read. Beyond them, newcomers are not announced and
/// requests are not read.
const QUEUE: usize = limits::NODE_MESSAGE;

/// An event of one connection.
#[derive(Debug)]
pub enum HandlerEvent {
    /// The page asks something, and where it is.
    Asked(MeetRequest, IpAddr),
    /// The stream ended, and with it the registrations.
    Ended,
}

/// Reads requests one at a time and writes replies and announcements.
pub struct Handler {
    stream: Option<Frames<Stream>>,
    /// A request is with the behaviour and will be answered.
    asked: bool,
    network: IpAddr,
    throttle: Throttle,
    events: VecDeque<HandlerEvent>,
}

impl Handler {
    pub(super) fn new(network: IpAddr, throttle: Throttle) -> Self {
        Self { stream: None, asked: false, network, throttle, events: VecDeque::new() }
    }

    /// The newest stream is the one the page means.
    fn open(&mut self, stream: Stream) {
        self.end();
        self.stream = Some(Frames::new(stream));
    }

    fn end(&mut self) {
        if self.stream.take().is_some() {
            self.asked = false;
            self.events.push_back(HandlerEvent::Ended);
        }
    }

    fn poll_stream(&mut self, cx: &mut Context<'_>) -> Poll<Option<MeetRequest>> {
        let Some(frames) = &mut self.stream else { return Poll::Pending };
        if let Poll::Ready(Err(_)) = frames.poll_flush(cx) {
            return Poll::Ready(None);
        }
        if self.asked || frames.queued() >= QUEUE || self.throttle.poll_ready(cx).is_pending() {
            return Poll::Pending;
        }
        frames.poll_next(cx).map(|request| request.ok().flatten())
    }
}

impl ConnectionHandler for Handler {
    type FromBehaviour = MeetReply;
    type ToBehaviour = HandlerEvent;
    type InboundProtocol = ReadyUpgrade<StreamProtocol>;
    type OutboundProtocol = DeniedUpgrade;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = Infallible;

    fn listen_protocol(&self) -> SubstreamProtocol<Self::InboundProtocol> {
        SubstreamProtocol::new(ReadyUpgrade::new(StreamProtocol::new(MEET_PROTOCOL)), ())
    }

    fn connection_keep_alive(&self) -> bool {
        self.stream.is_some()
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<ConnectionHandlerEvent<DeniedUpgrade, Infallible, HandlerEvent>> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(event));
            }
            match self.poll_stream(cx) {
                Poll::Ready(Some(request)) => {
                    self.throttle.take();
                    self.asked = !matches!(request, MeetRequest::Leave(_));
                    self.events.push_back(HandlerEvent::Asked(request, self.network));
                }
                Poll::Ready(None) => self.end(),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn on_behaviour_event(&mut self, reply: MeetReply) {
        let Some(frames) = &mut self.stream else { return };
        if matches!(reply, MeetReply::Joined { .. }) {
            if frames.queued() >= QUEUE {
                return;
            }
        } else {
            self.asked = false;
        }
        frames.push(&reply);
    }

    fn on_connection_event(
        &mut self,
        event: ConnectionEvent<Self::InboundProtocol, DeniedUpgrade, (), Infallible>,
    ) {
        if let ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound {
            protocol: stream,
            ..
        }) = event
        {
            self.open(stream);
        }
    }
}
