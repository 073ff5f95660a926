//! The page's end of `/covey/meet/1` and `/covey/node/1`, on connections that it dials to nodes.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use either::Either;
use futures::future::BoxFuture;
use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, FutureExt};
use libp2p::core::upgrade::{DeniedUpgrade, ReadyUpgrade};
use libp2p::core::{Endpoint, transport::PortUse};
use libp2p::multiaddr::Protocol;
use libp2p::swarm::handler::{ConnectionEvent, DialUpgradeError, FullyNegotiatedOutbound};
use libp2p::swarm::{
    ConnectionDenied, ConnectionHandler, ConnectionHandlerEvent, ConnectionId, FromSwarm,
    NetworkBehaviour, NotifyHandler, StreamProtocol, SubstreamProtocol, THandler, THandlerInEvent,
    THandlerOutEvent, ToSwarm, dummy,
};
use libp2p::{Multiaddr, PeerId, Stream};

use covey_wire::limits;
use covey_wire::meet::{
    InfoRequest, MEET_PROTOCOL, MeetReply, MeetRequest, NODE_PROTOCOL, NodeInfo, frame, unframe,
};

/// A request to a node.
#[derive(Debug)]
pub(super) enum Request {
    Meet(MeetRequest),
    Info,
}

/// An event of a connection to a node.
#[derive(Debug)]
pub(super) enum Reply {
    /// Requests can be sent.
    Open,
    Meet(MeetReply),
    Info(NodeInfo),
    /// The node ended the stream, or broke its format.
    Closed,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Service {
    Meet,
    Info,
}

type Action = ConnectionHandlerEvent<ReadyUpgrade<StreamProtocol>, Service, Reply>;

/// Both protocols on one connection.
pub(super) struct Handler {
    actions: VecDeque<Action>,
    rendezvous: Option<RendezvousStream>,
    info: Option<BoxFuture<'static, io::Result<NodeInfo>>>,
}

struct RendezvousStream {
    stream: Stream,
    outgoing: Vec<u8>,
    incoming: Vec<u8>,
    unflushed: bool,
}

fn open(service: Service) -> Action {
    let name = match service {
        Service::Meet => MEET_PROTOCOL,
        Service::Info => NODE_PROTOCOL,
    };
    let upgrade = ReadyUpgrade::new(StreamProtocol::new(name));
    let protocol = SubstreamProtocol::new(upgrade, service);
    ConnectionHandlerEvent::OutboundSubstreamRequest { protocol }
}

impl Handler {
    fn new() -> Self {
        let actions = [open(Service::Meet), open(Service::Info)].into();
        Self { actions, rendezvous: None, info: None }
    }

    fn emit(&mut self, reply: Reply) {
        self.actions.push_back(ConnectionHandlerEvent::NotifyBehaviour(reply));
    }
}

async fn request_info(mut stream: Stream) -> io::Result<NodeInfo> {
    stream.write_all(&frame(&InfoRequest)).await?;
    stream.flush().await?;
    let mut incoming = Vec::new();
    // A frame and its length.
    stream.take(limits::NODE_MESSAGE as u64 + 8).read_to_end(&mut incoming).await?;
    match unframe(&incoming) {
        Ok(Some((Some(info), _))) => Ok(info),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

impl RendezvousStream {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<MeetReply>> {
        if let Poll::Ready(result) = self.poll_write(cx) {
            result?;
        }
        loop {
            match unframe(&self.incoming) {
                Ok(Some((reply, size))) => {
                    self.incoming.drain(..size);
                    match reply {
                        Some(reply) => return Poll::Ready(Ok(reply)),
                        None => continue,
                    }
                }
                Ok(None) => {}
                Err(_) => return Poll::Ready(Err(io::ErrorKind::InvalidData.into())),
            }
            let mut chunk = [0; 2048];
            match ready!(Pin::new(&mut self.stream).poll_read(cx, &mut chunk))? {
                0 => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
                n => self.incoming.extend_from_slice(&chunk[..n]),
            }
        }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.outgoing.is_empty() {
            match ready!(Pin::new(&mut self.stream).poll_write(cx, &self.outgoing))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                n => self.outgoing.drain(..n),
            };
            self.unflushed = true;
        }
        if self.unflushed {
            ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
            self.unflushed = false;
        }
        Poll::Ready(Ok(()))
    }
}

impl ConnectionHandler for Handler {
    type FromBehaviour = Request;
    type ToBehaviour = Reply;
    type InboundProtocol = DeniedUpgrade;
    type OutboundProtocol = ReadyUpgrade<StreamProtocol>;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = Service;

    fn listen_protocol(&self) -> SubstreamProtocol<DeniedUpgrade> {
        SubstreamProtocol::new(DeniedUpgrade, ())
    }

    fn connection_keep_alive(&self) -> bool {
        true
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Action> {
        if let Some(action) = self.actions.pop_front() {
            return Poll::Ready(action);
        }
        if let Some(Poll::Ready(info)) = self.info.as_mut().map(|info| info.poll_unpin(cx)) {
            self.info = None;
            if let Ok(info) = info {
                return Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(Reply::Info(info)));
            }
        }
        let Some(rendezvous) = &mut self.rendezvous else { return Poll::Pending };
        let reply = match ready!(rendezvous.poll(cx)) {
            Ok(reply) => Reply::Meet(reply),
            Err(_) => {
                self.rendezvous = None;
                Reply::Closed
            }
        };
        Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(reply))
    }

    fn on_behaviour_event(&mut self, request: Request) {
        match request {
            Request::Meet(request) => {
                if let Some(rendezvous) = &mut self.rendezvous {
                    rendezvous.outgoing.extend(frame(&request));
                }
            }
            Request::Info => self.actions.push_back(open(Service::Info)),
        }
    }

    fn on_connection_event(
        &mut self,
        event: ConnectionEvent<DeniedUpgrade, ReadyUpgrade<StreamProtocol>, (), Service>,
    ) {
        match event {
            ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound {
                protocol: stream,
                info: Service::Meet,
            }) => {
                let (outgoing, incoming) = (Vec::new(), Vec::new());
                self.rendezvous =
                    Some(RendezvousStream { stream, outgoing, incoming, unflushed: false });
                self.emit(Reply::Open);
            }
            ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound {
                protocol: stream,
                info: Service::Info,
            }) => self.info = Some(request_info(stream).boxed()),
            ConnectionEvent::DialUpgradeError(DialUpgradeError { info: Service::Meet, .. }) => {
                self.emit(Reply::Closed);
            }
            _ => {}
        }
    }
}

/// A reply of a node, or the state of its stream.
#[derive(Debug)]
pub(super) struct Event {
    pub node: PeerId,
    pub connection: ConnectionId,
    pub reply: Reply,
}

/// Both protocols on all connections to nodes.
#[derive(Debug, Default)]
pub(super) struct Behaviour {
    actions: VecDeque<ToSwarm<Event, Either<Request, std::convert::Infallible>>>,
}

impl Behaviour {
    /// Asks a node something.
    pub fn request(&mut self, peer_id: PeerId, connection: ConnectionId, request: Request) {
        let handler = NotifyHandler::One(connection);
        let event = Either::Left(request);
        self.actions.push_back(ToSwarm::NotifyHandler { peer_id, handler, event });
    }
}

impl NetworkBehaviour for Behaviour {
    type ConnectionHandler = Either<Handler, dummy::ConnectionHandler>;
    type ToSwarm = Event;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(Either::Right(dummy::ConnectionHandler))
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        address: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        let peer = |part| matches!(part, Protocol::P2pCircuit | Protocol::WebRTC);
        if address.iter().any(peer) {
            return Ok(Either::Right(dummy::ConnectionHandler));
        }
        Ok(Either::Left(Handler::new()))
    }

    fn on_swarm_event(&mut self, _: FromSwarm<'_>) {}

    fn on_connection_handler_event(
        &mut self,
        node: PeerId,
        connection: ConnectionId,
        reply: THandlerOutEvent<Self>,
    ) {
        match reply {
            Either::Left(reply) => {
                self.actions.push_back(ToSwarm::GenerateEvent(Event { node, connection, reply }));
            }
            Either::Right(never) => match never {},
        }
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Event, THandlerInEvent<Self>>> {
        self.actions.pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}
