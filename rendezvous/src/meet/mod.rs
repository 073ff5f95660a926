//! `/covey/meet/1`: brings the seats together that know the same namespace.

mod handler;
mod pace;
mod registry;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::task::{Context, Poll};

use covey_core::meet::{MeetReply, MeetRequest, Refusal};
use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::swarm::{
    ConnectionClosed, ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, NotifyHandler,
    ToSwarm,
};
use libp2p::{Multiaddr, PeerId};
use thiserror::Error;

use self::handler::{FromPage, Handler};
use self::registry::Registry;
use crate::metrics::Metrics;
use crate::seat;

/// How much the node keeps for those who want to meet.
#[derive(Debug, Clone)]
pub struct MeetConfig {
    /// Registrations in all: about 200 bytes each.
    pub registrations: usize,
    /// Registrations under one namespace: each newcomer is announced to all of them.
    pub registrations_per_namespace: usize,
}

impl Default for MeetConfig {
    fn default() -> Self {
        Self { registrations: 65_536, registrations_per_namespace: 1024 }
    }
}

/// When a page that was refused for want of room may ask again.
const RETRY_MS: u64 = 30_000;

#[derive(Debug, Error)]
#[error("the peer's key is not an Ed25519 key")]
struct NoSeat;

/// A connection, with what the swarm needs to find it.
type Line = (PeerId, ConnectionId);

/// Keeps the registrations of all connections and answers their requests.
pub(crate) struct Behaviour {
    registry: Registry<Line>,
    metrics: Metrics,
    events: VecDeque<ToSwarm<Infallible, MeetReply>>,
}

impl Behaviour {
    pub(crate) fn new(config: MeetConfig, metrics: Metrics) -> Self {
        Self { registry: Registry::new(config), metrics, events: VecDeque::new() }
    }

    fn answer(&mut self, line: Line, request: MeetRequest) {
        let Some(seat) = seat::of_peer(&line.0) else { return };
        match request {
            MeetRequest::Discover(namespace) => {
                let seats = self.registry.discover(seat, namespace);
                self.send(line, MeetReply::Found { namespace, seats });
            }
            MeetRequest::Register(namespace) => {
                match self.registry.register(line, seat, namespace) {
                    Ok(others) => {
                        self.send(line, MeetReply::Registered(namespace));
                        for other in others {
                            self.metrics.introductions.inc();
                            self.send(other, MeetReply::Joined { namespace, seat });
                        }
                    }
                    Err(reason) => {
                        let (why, retry_after_ms) = match reason {
                            Refusal::Namespaces => ("namespaces", 0),
                            _ => ("full", RETRY_MS),
                        };
                        self.metrics.refuse("registration", why);
                        self.send(line, MeetReply::Refused { namespace, reason, retry_after_ms });
                    }
                }
            }
            MeetRequest::Leave(namespace) => self.registry.leave(line, namespace),
        }
    }

    fn send(&mut self, (peer_id, connection): Line, event: MeetReply) {
        let handler = NotifyHandler::One(connection);
        self.events.push_back(ToSwarm::NotifyHandler { peer_id, handler, event });
    }
}

impl NetworkBehaviour for Behaviour {
    type ConnectionHandler = Handler;
    type ToSwarm = Infallible;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<Handler, ConnectionDenied> {
        seat::of_peer(&peer).map(|_| Handler::new()).ok_or_else(|| ConnectionDenied::new(NoSeat))
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<Handler, ConnectionDenied> {
        Ok(Handler::new())
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        if let FromSwarm::ConnectionClosed(ConnectionClosed { peer_id, connection_id, .. }) = event
        {
            self.registry.clear((peer_id, connection_id));
        }
    }

    fn on_connection_handler_event(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        event: FromPage,
    ) {
        match event {
            FromPage::Asked(request) => self.answer((peer, connection), request),
            FromPage::Ended => self.registry.clear((peer, connection)),
        }
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Infallible, MeetReply>> {
        self.events.pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}
