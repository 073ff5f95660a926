//! Opens streams of the echo protocol on direct connections, and hands on those that come.

use std::collections::{HashMap, VecDeque};
use std::task::{Context, Poll};

use covey_mesh::webrtc::{self, Handler, HandlerEvent, OpenStream, RequestError, address};
use covey_wire::limits;
use futures::StreamExt;
use futures::channel::{mpsc, oneshot};
use libp2p::core::{Endpoint, transport::PortUse};
use libp2p::swarm::{
    ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, NotifyHandler, StreamProtocol,
    THandler, THandlerInEvent, THandlerOutEvent, ToSwarm,
};
use libp2p::{Multiaddr, PeerId, Stream};

const PROTOCOL: StreamProtocol = StreamProtocol::new("/covey-test/echo/1");

/// The parts of a page, and the echo protocol.
#[derive(NetworkBehaviour)]
#[behaviour(prelude = "libp2p::swarm::derive_prelude")]
pub(super) struct Parts {
    pub(super) webrtc: webrtc::Behaviour,
    pub(super) echo: Echo,
}

/// A stream to this peer is wanted.
pub(super) struct Ask {
    pub(super) peer: PeerId,
    pub(super) reply: oneshot::Sender<Result<Stream, RequestError>>,
}

/// The echo protocol on every connection.
pub(super) struct Echo {
    asked: mpsc::UnboundedReceiver<Ask>,
    came: mpsc::UnboundedSender<Stream>,
    direct: HashMap<PeerId, Vec<ConnectionId>>,
    actions: VecDeque<ToSwarm<std::convert::Infallible, OpenStream>>,
}

impl Echo {
    /// Opens what is asked for, and passes on what comes.
    pub(super) fn new(
        asked: mpsc::UnboundedReceiver<Ask>,
        came: mpsc::UnboundedSender<Stream>,
    ) -> Self {
        Self { asked, came, direct: HashMap::new(), actions: VecDeque::new() }
    }

    /// On the newest direct connection.
    fn on_ask(&mut self, Ask { peer, reply }: Ask) {
        match self.direct.get(&peer).and_then(|connections| connections.last()) {
            Some(connection) => self.actions.push_back(ToSwarm::NotifyHandler {
                peer_id: peer,
                handler: NotifyHandler::One(*connection),
                event: OpenStream(reply),
            }),
            None => {
                // A test that no longer waits misses nothing.
                let _ = reply.send(Err(RequestError::NotReached));
            }
        }
    }

    fn handler(&self) -> Handler {
        Handler::new(PROTOCOL, limits::CHANNELS)
    }
}

impl NetworkBehaviour for Echo {
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
            FromSwarm::ConnectionEstablished(e) if address::is_webrtc(e.endpoint) => {
                self.direct.entry(e.peer_id).or_default().push(e.connection_id);
            }
            FromSwarm::ConnectionClosed(e) => {
                if let Some(connections) = self.direct.get_mut(&e.peer_id) {
                    connections.retain(|connection| *connection != e.connection_id);
                }
            }
            _ => {}
        }
    }

    fn on_connection_handler_event(
        &mut self,
        _: PeerId,
        _: ConnectionId,
        HandlerEvent(stream): THandlerOutEvent<Self>,
    ) {
        // Dropped when this page is going away, which tells the peer.
        let _ = self.came.unbounded_send(stream);
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        while let Poll::Ready(Some(ask)) = self.asked.poll_next_unpin(cx) {
            self.on_ask(ask);
        }
        self.actions.pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}
