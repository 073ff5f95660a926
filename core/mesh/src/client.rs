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

/// What is asked of a node.
#[derive(Debug)]
pub(super) enum Ask {
    Meet(MeetRequest),
    Info,
}

/// What a node told.
#[derive(Debug)]
pub(super) enum Told {
    /// Requests can be sent.
    Open,
    Meet(MeetReply),
    Info(NodeInfo),
    /// The node ended the meeting, or wrote what it may not.
    Closed,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Which {
    Meet,
    Info,
}

type Action = ConnectionHandlerEvent<ReadyUpgrade<StreamProtocol>, Which, Told>;

/// Both protocols on one connection.
pub(super) struct Handler {
    actions: VecDeque<Action>,
    meet: Option<Meeting>,
    info: Option<BoxFuture<'static, io::Result<NodeInfo>>>,
}

struct Meeting {
    stream: Stream,
    asked: Vec<u8>,
    arrived: Vec<u8>,
    unflushed: bool,
}

fn open(which: Which) -> Action {
    let name = match which {
        Which::Meet => MEET_PROTOCOL,
        Which::Info => NODE_PROTOCOL,
    };
    let upgrade = ReadyUpgrade::new(StreamProtocol::new(name));
    let protocol = SubstreamProtocol::new(upgrade, which);
    ConnectionHandlerEvent::OutboundSubstreamRequest { protocol }
}

impl Handler {
    fn new() -> Self {
        let actions = [open(Which::Meet), open(Which::Info)].into();
        Self { actions, meet: None, info: None }
    }

    fn tell(&mut self, told: Told) {
        self.actions.push_back(ConnectionHandlerEvent::NotifyBehaviour(told));
    }
}

async fn ask_info(mut stream: Stream) -> io::Result<NodeInfo> {
    stream.write_all(&frame(&InfoRequest)).await?;
    stream.flush().await?;
    let mut arrived = Vec::new();
    // A frame and its length.
    stream.take(limits::NODE_MESSAGE as u64 + 8).read_to_end(&mut arrived).await?;
    match unframe(&arrived) {
        Ok(Some((Some(info), _))) => Ok(info),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

impl Meeting {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<MeetReply>> {
        if let Poll::Ready(result) = self.poll_write(cx) {
            result?;
        }
        loop {
            match unframe(&self.arrived) {
                Ok(Some((reply, size))) => {
                    self.arrived.drain(..size);
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
                n => self.arrived.extend_from_slice(&chunk[..n]),
            }
        }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.asked.is_empty() {
            match ready!(Pin::new(&mut self.stream).poll_write(cx, &self.asked))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                n => self.asked.drain(..n),
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
    type FromBehaviour = Ask;
    type ToBehaviour = Told;
    type InboundProtocol = DeniedUpgrade;
    type OutboundProtocol = ReadyUpgrade<StreamProtocol>;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = Which;

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
                return Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(Told::Info(info)));
            }
        }
        let Some(meeting) = &mut self.meet else { return Poll::Pending };
        let told = match ready!(meeting.poll(cx)) {
            Ok(reply) => Told::Meet(reply),
            Err(_) => {
                self.meet = None;
                Told::Closed
            }
        };
        Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(told))
    }

    fn on_behaviour_event(&mut self, ask: Ask) {
        match ask {
            Ask::Meet(request) => {
                if let Some(meeting) = &mut self.meet {
                    meeting.asked.extend(frame(&request));
                }
            }
            Ask::Info => self.actions.push_back(open(Which::Info)),
        }
    }

    fn on_connection_event(
        &mut self,
        event: ConnectionEvent<DeniedUpgrade, ReadyUpgrade<StreamProtocol>, (), Which>,
    ) {
        match event {
            ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound {
                protocol: stream,
                info: Which::Meet,
            }) => {
                let (asked, arrived) = (Vec::new(), Vec::new());
                self.meet = Some(Meeting { stream, asked, arrived, unflushed: false });
                self.tell(Told::Open);
            }
            ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound {
                protocol: stream,
                info: Which::Info,
            }) => self.info = Some(ask_info(stream).boxed()),
            ConnectionEvent::DialUpgradeError(DialUpgradeError { info: Which::Meet, .. }) => {
                self.tell(Told::Closed);
            }
            _ => {}
        }
    }
}

/// A node told something.
#[derive(Debug)]
pub(super) struct Event {
    pub node: PeerId,
    pub connection: ConnectionId,
    pub told: Told,
}

/// Both protocols on all connections to nodes.
#[derive(Debug, Default)]
pub(super) struct Behaviour {
    actions: VecDeque<ToSwarm<Event, Either<Ask, std::convert::Infallible>>>,
}

impl Behaviour {
    /// Asks a node something.
    pub fn ask(&mut self, peer_id: PeerId, connection: ConnectionId, ask: Ask) {
        let handler = NotifyHandler::One(connection);
        let event = Either::Left(ask);
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
        told: THandlerOutEvent<Self>,
    ) {
        match told {
            Either::Left(told) => {
                self.actions.push_back(ToSwarm::GenerateEvent(Event { node, connection, told }));
            }
            Either::Right(never) => match never {},
        }
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Event, THandlerInEvent<Self>>> {
        self.actions.pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}
