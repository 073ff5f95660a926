//! `/covey/meet/1`: brings the seats together that know the same namespace.

mod handler;
mod pace;
mod registry;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::num::NonZeroU32;
use std::task::{Context, Poll};
use std::time::Duration;

use covey_core::id::{Namespace, SeatId};
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
use self::pace::Paces;
use self::registry::Registry;
use crate::gate::{Gate, Rate};
use crate::metrics::Metrics;
use crate::seat;

/// How much the node keeps for those who want to meet.
#[derive(Debug, Clone)]
pub struct MeetConfig {
    /// Registrations in all: about 200 bytes each.
    pub registrations: usize,
    /// Registrations under one namespace: each newcomer is announced to all of them.
    pub registrations_per_namespace: usize,
    /// Announcements under one namespace. A registration counts for as many as it is announced to,
    /// so that a crowd in which one comes and goes costs no more than many small rooms. Three
    /// hundred people may come at once, a hundred three times.
    pub announcements: Rate,
    /// Registrations of one key: under all namespaces it may, four times in a row.
    pub registrations_of_key: Rate,
}

impl Default for MeetConfig {
    fn default() -> Self {
        Self {
            registrations: 65_536,
            registrations_per_namespace: 1024,
            announcements: Rate::new(4000, 64_000),
            registrations_of_key: Rate::new(2, 64),
        }
    }
}

/// When a page that was refused for want of room may ask again.
const RETRY: Duration = Duration::from_secs(30);

#[derive(Debug, Error)]
#[error("the peer's key is not an Ed25519 key")]
struct NoSeat;

/// A connection and who is there.
type Line = (ConnectionId, SeatId);

/// Keeps the registrations of all connections and answers their requests.
pub(crate) struct Behaviour {
    registry: Registry<ConnectionId>,
    paces: Paces,
    keys: Gate<SeatId>,
    namespaces: Gate<Namespace>,
    metrics: Metrics,
    events: VecDeque<ToSwarm<Infallible, MeetReply>>,
}

impl Behaviour {
    pub(crate) fn new(config: MeetConfig, metrics: Metrics) -> Self {
        Self {
            paces: Paces::new(),
            keys: Gate::new(config.registrations_of_key),
            namespaces: Gate::new(config.announcements),
            registry: Registry::new(config),
            metrics,
            events: VecDeque::new(),
        }
    }

    fn answer(&mut self, line: Line, request: MeetRequest) {
        let (connection, seat) = line;
        match request {
            MeetRequest::Discover(namespace) => {
                let seats = self.registry.discover(seat, namespace);
                self.send(line, MeetReply::Found { namespace, seats });
            }
            MeetRequest::Register(namespace) => match self.register(line, namespace) {
                Ok(others) => {
                    self.send(line, MeetReply::Registered(namespace));
                    for other in others {
                        self.metrics.introductions.inc();
                        self.send(other, MeetReply::Joined { namespace, seat });
                    }
                }
                Err((reason, retry)) => {
                    self.metrics.refuse("registration", why(reason));
                    let retry_after_ms = retry.as_millis() as u64;
                    self.send(line, MeetReply::Refused { namespace, reason, retry_after_ms });
                }
            },
            MeetRequest::Leave(namespace) => self.registry.leave(connection, namespace),
        }
    }

    /// Registers a seat and tells who must hear of it, or why not and when to ask again.
    fn register(
        &mut self,
        (connection, seat): Line,
        namespace: Namespace,
    ) -> Result<Vec<Line>, (Refusal, Duration)> {
        let refused = |reason| match reason {
            Refusal::Namespaces => (reason, Duration::ZERO),
            _ => (reason, RETRY),
        };
        if self.registry.is_new(connection, namespace).map_err(refused)? {
            let weight = u32::try_from(self.registry.told(seat, namespace)).unwrap_or(u32::MAX);
            let weight = NonZeroU32::new(weight).unwrap_or(NonZeroU32::MIN);
            let passes = self.keys.pass(seat, NonZeroU32::MIN);
            let passes = passes.and_then(|()| self.namespaces.pass(namespace, weight));
            // Never 0, which would say that asking again can't help.
            passes.map_err(|wait| (Refusal::Rate, wait.max(Duration::from_millis(1))))?;
        }
        self.registry.register(connection, seat, namespace).map_err(refused)
    }

    fn send(&mut self, (connection, seat): Line, event: MeetReply) {
        let peer_id = seat::peer(seat);
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
        match seat::of_peer(&peer) {
            Some(_) => Ok(Handler::new(self.paces.of(peer))),
            None => Err(ConnectionDenied::new(NoSeat)),
        }
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<Handler, ConnectionDenied> {
        Ok(Handler::new(self.paces.of(peer)))
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        if let FromSwarm::ConnectionClosed(ConnectionClosed { connection_id, .. }) = event {
            self.registry.clear(connection_id);
        }
    }

    fn on_connection_handler_event(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        event: FromPage,
    ) {
        match event {
            FromPage::Asked(request) => {
                if let Some(seat) = seat::of_peer(&peer) {
                    self.answer((connection, seat), request);
                }
            }
            FromPage::Ended => self.registry.clear(connection),
        }
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Infallible, MeetReply>> {
        self.events.pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}

fn why(reason: Refusal) -> &'static str {
    match reason {
        Refusal::Namespaces => "namespaces",
        Refusal::Rate => "rate",
        _ => "full",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Namespace = Namespace([1; 32]);

    /// Someone on a connection of their own.
    fn someone(n: usize) -> Line {
        let mut seat = [0; 32];
        seat[..8].copy_from_slice(&(n as u64).to_be_bytes());
        (ConnectionId::new_unchecked(n), SeatId(seat))
    }

    /// What is said because of a request.
    fn said(node: &mut Behaviour, line: Line, request: MeetRequest) -> Vec<MeetReply> {
        node.answer(line, request);
        let said = node.events.drain(..).map(|event| match event {
            ToSwarm::NotifyHandler { event, .. } => event,
            other => panic!("unexpected: {other:?}"),
        });
        said.collect()
    }

    fn retry_after(said: &[MeetReply]) -> Option<u64> {
        match said[0] {
            MeetReply::Refused { reason: Refusal::Rate, retry_after_ms, .. } => {
                Some(retry_after_ms)
            }
            _ => None,
        }
    }

    #[test]
    fn a_hundred_people_may_all_load_anew_and_their_old_pages_are_still_there() {
        let mut node = Behaviour::new(MeetConfig::default(), Metrics::new());
        for n in 0..300 {
            let said = said(&mut node, someone(n), MeetRequest::Register(ROOM));
            assert_eq!(said[0], MeetReply::Registered(ROOM), "{n}");
            assert_eq!(said.len(), n + 1, "everyone is told");
        }
    }

    #[test]
    fn one_who_comes_and_goes_makes_little_noise_even_where_many_are() {
        let mut node = Behaviour::new(MeetConfig::default(), Metrics::new());
        let mallory = someone(5000);
        let mut told = 0;
        for n in 0..500 {
            let (connection, seat) = someone(n);
            node.registry.register(connection, seat, ROOM).unwrap();
        }
        let mut refused = 0;
        for _ in 0..1000 {
            let said = said(&mut node, mallory, MeetRequest::Register(ROOM));
            told += said.len() - 1;
            refused += usize::from(retry_after(&said).is_some_and(|wait| wait > 0));
            node.answer(mallory, MeetRequest::Leave(ROOM));
        }
        assert!(told <= 70 * 500 && refused > 900, "{told} were told, {refused} refused");
    }

    #[test]
    fn many_keys_together_make_no_more_noise_in_one_room_and_none_in_others() {
        let mut node = Behaviour::new(MeetConfig::default(), Metrics::new());
        let mut told = 0;
        for n in 0..1024 {
            told += said(&mut node, someone(n), MeetRequest::Register(ROOM)).len() - 1;
        }
        let said = said(&mut node, someone(2000), MeetRequest::Register(ROOM));
        assert!(retry_after(&said).is_some_and(|wait| wait > 0), "{said:?}");
        assert!(told < 100_000, "{told}");
        let other = Namespace([2; 32]);
        node.answer(someone(2001), MeetRequest::Register(other));
        let event = node.events.pop_front().unwrap();
        assert!(
            matches!(event, ToSwarm::NotifyHandler { event: MeetReply::Registered(n), .. } if n == other)
        );
    }
}
