//! Streams of `/covey/echo/1`, opened on a connection of one's choice.

use std::collections::VecDeque;
use std::rc::Rc;
use std::task::{Context, Poll};

use covey_core::mesh::webrtc::{Handler, HandlerEvent, OpenStream};
use libp2p::core::{Endpoint, transport::PortUse};
use libp2p::swarm::{
    ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, NotifyHandler, StreamProtocol,
    THandler, THandlerInEvent, THandlerOutEvent, ToSwarm,
};
use libp2p::{Multiaddr, PeerId};
use wasm_bindgen_futures::spawn_local;

use super::server::{Counts, serve};

const PROTOCOL: StreamProtocol = StreamProtocol::new("/covey/echo/1");
/// Streams that may wait to be served.
const WAITING: usize = 64;

/// Opens streams when asked to and echoes on those that peers open.
pub(super) struct Streams {
    counts: Rc<Counts>,
    asked: VecDeque<(PeerId, ConnectionId, OpenStream)>,
}

impl Streams {
    pub(super) fn new(counts: Rc<Counts>) -> Self {
        Self { counts, asked: VecDeque::new() }
    }

    /// Opens a stream on this connection.
    pub(super) fn open(&mut self, peer: PeerId, connection: ConnectionId, stream: OpenStream) {
        self.asked.push_back((peer, connection, stream));
    }
}

impl NetworkBehaviour for Streams {
    type ConnectionHandler = Handler;
    type ToSwarm = std::convert::Infallible;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(Handler::new(PROTOCOL, WAITING))
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(Handler::new(PROTOCOL, WAITING))
    }

    fn on_swarm_event(&mut self, _: FromSwarm<'_>) {}

    fn on_connection_handler_event(
        &mut self,
        _: PeerId,
        _: ConnectionId,
        HandlerEvent(stream): THandlerOutEvent<Self>,
    ) {
        spawn_local(serve(stream, self.counts.clone()));
    }

    /// Woken by the swarm's own loop: asking is always followed by a poll of it.
    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        match self.asked.pop_front() {
            Some((peer_id, connection, event)) => {
                let handler = NotifyHandler::One(connection);
                Poll::Ready(ToSwarm::NotifyHandler { peer_id, handler, event })
            }
            None => Poll::Pending,
        }
    }
}
