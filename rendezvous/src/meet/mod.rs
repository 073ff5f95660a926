//! `/covey/meet/1`: brings the seats together that know the same namespace.

mod handler;
mod registry;
mod shuffle;
mod throttle;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::task::{Context, Poll};
use std::time::Duration;

use covey_wire::id::{Namespace, SeatId};
use covey_wire::meet::{MeetReply, MeetRequest, Refusal};
use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::swarm::{
    ConnectionClosed, ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, NotifyHandler,
    ToSwarm,
};
use libp2p::{Multiaddr, PeerId};
use thiserror::Error;

use self::handler::{Handler, HandlerEvent};
use self::registry::{Registry, Rejection};
use self::throttle::Throttles;
use crate::connection_limit::network_of;
use crate::metrics::Metrics;
use crate::rate_limiter::{Rate, RateLimiter};
use crate::seat;

/// How much the node keeps for those who want to meet.
#[derive(Debug, Clone)]
pub struct MeetConfig {
    /// Registrations in all: about 200 bytes each. The last quarter is for networks that have none.
    pub registrations: usize,
    /// Registrations under one namespace: each newcomer is announced to all of them. The last quarter
    /// is for networks that have none there, and one network has three eighths at most.
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
type Registrant = (ConnectionId, SeatId);

/// Keeps the registrations of all connections and answers their requests.
pub(crate) struct Behaviour {
    registry: Registry<ConnectionId>,
    throttles: Throttles,
    keys: RateLimiter<SeatId>,
    namespaces: RateLimiter<Namespace>,
    networks: RateLimiter<(Namespace, IpAddr)>,
    metrics: Metrics,
    events: VecDeque<ToSwarm<Infallible, MeetReply>>,
}

impl Behaviour {
    /// `seed` must be a secret: it decides who is told of whom where there are too many.
    pub(crate) fn new(config: MeetConfig, seed: [u8; 32], metrics: Metrics) -> Self {
        Self {
            throttles: Throttles::new(),
            keys: RateLimiter::new(config.registrations_of_key),
            namespaces: RateLimiter::new(config.announcements),
            networks: RateLimiter::new(of_one_network(config.announcements)),
            registry: Registry::new(config, seed),
            metrics,
            events: VecDeque::new(),
        }
    }

    fn answer(&mut self, registrant: Registrant, network: IpAddr, request: MeetRequest) {
        let (connection, seat) = registrant;
        match request {
            MeetRequest::Discover(namespace) => {
                let seats = self.registry.discover(seat, namespace);
                self.send(registrant, MeetReply::Found { namespace, seats });
            }
            MeetRequest::Register(namespace) => match self.register(registrant, network, namespace)
            {
                Ok(others) => {
                    self.send(registrant, MeetReply::Registered(namespace));
                    for other in others {
                        self.metrics.introductions.inc();
                        self.send(other, MeetReply::Joined { namespace, seat });
                    }
                }
                Err((why, reason, retry)) => {
                    self.metrics.refuse("registration", why);
                    let retry_after_ms = retry.as_millis() as u64;
                    self.send(registrant, MeetReply::Refused { namespace, reason, retry_after_ms });
                }
            },
            MeetRequest::Leave(namespace) => self.registry.leave(connection, namespace),
        }
    }

    /// Registers a seat and tells who must hear of it, or why not and when to ask again.
    fn register(
        &mut self,
        (connection, seat): Registrant,
        network: IpAddr,
        namespace: Namespace,
    ) -> Result<Vec<Registrant>, (&'static str, Refusal, Duration)> {
        let refused = |rejection: Rejection| match rejection {
            Rejection::Namespaces => (rejection.why(), rejection.reason(), Duration::ZERO),
            Rejection::Full | Rejection::Network => (rejection.why(), rejection.reason(), RETRY),
        };
        if self.registry.is_new(connection, network, namespace).map_err(refused)? {
            let weight =
                u32::try_from(self.registry.announcements(seat, namespace)).unwrap_or(u32::MAX);
            let weight = NonZeroU32::new(weight).unwrap_or(NonZeroU32::MIN);
            let passes = self.keys.check(seat, NonZeroU32::MIN);
            let passes = passes.and_then(|()| self.networks.check((namespace, network), weight));
            let passes = passes.and_then(|()| self.namespaces.check(namespace, weight));
            // Never 0, which would say that asking again can't help.
            let later = |wait: Duration| wait.max(Duration::from_millis(1));
            passes.map_err(|wait| ("rate", Refusal::Rate, later(wait)))?;
        }
        self.registry.register(connection, seat, network, namespace).map_err(refused)
    }

    fn send(&mut self, (connection, seat): Registrant, event: MeetReply) {
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
        remote: &Multiaddr,
    ) -> Result<Handler, ConnectionDenied> {
        match seat::of_peer(&peer) {
            Some(_) => Ok(Handler::new(network_of(remote), self.throttles.of(peer))),
            None => Err(ConnectionDenied::new(NoSeat)),
        }
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        remote: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<Handler, ConnectionDenied> {
        Ok(Handler::new(network_of(remote), self.throttles.of(peer)))
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
        event: HandlerEvent,
    ) {
        match event {
            HandlerEvent::Asked(request, network) => {
                if let Some(seat) = seat::of_peer(&peer) {
                    self.answer((connection, seat), network, request);
                }
            }
            HandlerEvent::Ended => self.registry.clear(connection),
        }
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Infallible, MeetReply>> {
        self.events.pop_front().map_or(Poll::Pending, Poll::Ready)
    }
}

/// The announcements that one network may make under one namespace: three quarters, so that one who floods a room
/// from a single network never takes all of it.
fn of_one_network(Rate { per_second, burst }: Rate) -> Rate {
    let most = |count: NonZeroU32| (u64::from(count.get()) * 3).div_ceil(4) as u32;
    Rate::new(most(per_second), most(burst))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Namespace = Namespace([1; 32]);

    fn node() -> Behaviour {
        Behaviour::new(MeetConfig::default(), [7; 32], Metrics::new())
    }

    /// One of eight networks.
    fn network(n: usize) -> IpAddr {
        [192, 0, 2, n as u8 % 8].into()
    }

    /// Someone on a connection of their own.
    fn someone(n: usize) -> Registrant {
        let mut seat = [0; 32];
        seat[..8].copy_from_slice(&(n as u64).to_be_bytes());
        (ConnectionId::new_unchecked(n), SeatId(seat))
    }

    /// The replies to a request.
    fn said(
        node: &mut Behaviour,
        registrant: Registrant,
        network: IpAddr,
        request: MeetRequest,
    ) -> Vec<MeetReply> {
        node.answer(registrant, network, request);
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
        let mut node = node();
        for n in 0..300 {
            // All of one school.
            let said = said(&mut node, someone(n), network(1), MeetRequest::Register(ROOM));
            assert_eq!(said[0], MeetReply::Registered(ROOM), "{n}");
            assert_eq!(said.len(), n + 1, "everyone is told");
        }
    }

    #[test]
    fn one_who_comes_and_goes_makes_little_noise_even_where_many_are() {
        let mut node = node();
        let mallory = someone(5000);
        let mut told = 0;
        for n in 0..500 {
            let (connection, seat) = someone(n);
            node.registry.register(connection, seat, network(n), ROOM).unwrap();
        }
        let mut refused = 0;
        for _ in 0..1000 {
            let said = said(&mut node, mallory, network(0), MeetRequest::Register(ROOM));
            told += said.len() - 1;
            refused += usize::from(retry_after(&said).is_some_and(|wait| wait > 0));
            node.answer(mallory, network(0), MeetRequest::Leave(ROOM));
        }
        assert!(told <= 70 * 500 && refused > 900, "{told} were told, {refused} refused");
    }

    #[test]
    fn many_keys_together_make_no_more_noise_in_one_room_and_none_in_others() {
        let mut node = node();
        let mut told = 0;
        for n in 0..1024 {
            let request = MeetRequest::Register(ROOM);
            told += said(&mut node, someone(n), network(n), request).len() - 1;
        }
        let request = MeetRequest::Register(ROOM);
        let said = said(&mut node, someone(2000), network(0), request);
        assert!(retry_after(&said).is_some_and(|wait| wait > 0), "{said:?}");
        assert!(told < 100_000, "{told}");
        let other = Namespace([2; 32]);
        node.answer(someone(2001), network(1), MeetRequest::Register(other));
        let event = node.events.pop_front().unwrap();
        assert!(
            matches!(event, ToSwarm::NotifyHandler { event: MeetReply::Registered(n), .. } if n == other)
        );
    }

    #[test]
    fn one_network_whose_keys_come_and_go_keeps_nobody_of_another_out() {
        let mut node = node();
        for n in 0..250 {
            let (connection, seat) = someone(n);
            node.registry.register(connection, seat, network(n), ROOM).unwrap();
        }
        // As many keys as it likes, until it is told to wait.
        let flood = (1000..2000).map(|n| {
            let said = said(&mut node, someone(n), network(0), MeetRequest::Register(ROOM));
            node.answer(someone(n), network(0), MeetRequest::Leave(ROOM));
            usize::from(retry_after(&said).is_some())
        });
        assert!(flood.sum::<usize>() > 700);
        let ann = someone(5000);
        let said = said(&mut node, ann, [198, 51, 100, 1].into(), MeetRequest::Register(ROOM));
        assert_eq!(said[0], MeetReply::Registered(ROOM));
        assert_eq!(said.len(), 251, "all are told of who comes");
    }
}
