//! `/covey/node/1`: tells a page what this node offers.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use covey_wire::meet::{InfoRequest, NODE_PROTOCOL, NodeInfo};
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::core::upgrade::{DeniedUpgrade, ReadyUpgrade};
use libp2p::swarm::handler::{ConnectionEvent, FullyNegotiatedInbound};
use libp2p::swarm::{
    ConnectionDenied, ConnectionHandler, ConnectionHandlerEvent, ConnectionId, FromSwarm,
    NetworkBehaviour, Stream, StreamProtocol, SubstreamProtocol, ToSwarm,
};
use libp2p::{Multiaddr, PeerId};
use tokio::time::timeout;

use crate::frames::Frames;

/// Questions of one connection that are answered at the same time; more are dropped.
const AT_ONCE: usize = 4;
/// How long a page may take to ask and to read the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Gives every connection the same answer.
pub(crate) struct Behaviour {
    info: Arc<NodeInfo>,
}

impl Behaviour {
    pub(crate) fn new(info: NodeInfo) -> Self {
        Self { info: Arc::new(info) }
    }

    fn handler(&self) -> Handler {
        Handler { info: self.info.clone(), answers: FuturesUnordered::new() }
    }
}

impl NetworkBehaviour for Behaviour {
    type ConnectionHandler = Handler;
    type ToSwarm = Infallible;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<Handler, ConnectionDenied> {
        Ok(self.handler())
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<Handler, ConnectionDenied> {
        Ok(self.handler())
    }

    fn on_swarm_event(&mut self, _: FromSwarm<'_>) {}

    fn on_connection_handler_event(&mut self, _: PeerId, _: ConnectionId, event: Infallible) {
        match event {}
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Infallible, Infallible>> {
        Poll::Pending
    }
}

/// Answers on the streams of one connection.
pub(crate) struct Handler {
    info: Arc<NodeInfo>,
    answers: FuturesUnordered<BoxFuture<'static, ()>>,
}

impl ConnectionHandler for Handler {
    type FromBehaviour = Infallible;
    type ToBehaviour = Infallible;
    type InboundProtocol = ReadyUpgrade<StreamProtocol>;
    type OutboundProtocol = DeniedUpgrade;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = Infallible;

    fn listen_protocol(&self) -> SubstreamProtocol<Self::InboundProtocol> {
        SubstreamProtocol::new(ReadyUpgrade::new(StreamProtocol::new(NODE_PROTOCOL)), ())
    }

    fn connection_keep_alive(&self) -> bool {
        !self.answers.is_empty()
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<ConnectionHandlerEvent<DeniedUpgrade, Infallible, Infallible>> {
        while let Poll::Ready(Some(())) = self.answers.poll_next_unpin(cx) {}
        Poll::Pending
    }

    fn on_behaviour_event(&mut self, event: Infallible) {
        match event {}
    }

    fn on_connection_event(
        &mut self,
        event: ConnectionEvent<Self::InboundProtocol, DeniedUpgrade, (), Infallible>,
    ) {
        if let ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound {
            protocol: stream,
            ..
        }) = event
            && self.answers.len() < AT_ONCE
        {
            let info = self.info.clone();
            self.answers.push(Box::pin(async move {
                // A page that asks wrongly or goes away gets no answer; there is no one to tell.
                let _ = timeout(PATIENCE, answer(stream, info)).await;
            }));
        }
    }
}

async fn answer(stream: Stream, info: Arc<NodeInfo>) -> io::Result<()> {
    let mut frames = Frames::new(stream);
    if let Some(InfoRequest) = poll_fn(|cx| frames.poll_next(cx)).await? {
        frames.push(info.as_ref());
    }
    poll_fn(|cx| frames.poll_close(cx)).await
}
