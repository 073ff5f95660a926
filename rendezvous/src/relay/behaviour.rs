//! The library's relay, asked for a circuit only when there is a share for it.
//!
//! ```text
//!   page ──CONNECT──► judge ──no──► the library refuses, since it is told to
//!                       │yes
//!                       ├─ ten to that page are being made ──► waits here
//!                       └─► the library: being made ──► stands ──► ended
//! ```
//!
//! The library knows no networks, limits nothing by who is called, loses what is more than ten at a
//! time, and tells of the end of a circuit once or twice. So each circuit is followed here, by the
//! library's name of it.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use either::Either;
use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::relay::{self, CircuitId};
use libp2p::swarm::{
    ConnectionClosed, ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, NotifyHandler,
    THandler, THandlerInEvent, THandlerOutEvent, ToSwarm,
};
use libp2p::{Multiaddr, PeerId};

use super::shares::{Call, Shares};
use super::{RelayConfig, per_minute};
use crate::connection_limit::network_of;
use crate::metrics::Metrics;
use crate::rate_limiter::RateLimiter;

/// Circuits to one page that are being made at the same time: what the library can do.
const AT_ONCE: usize = 10;

/// The library has no name for what its handlers tell and are told.
trait OfHandler {
    type OfHandler;
}

impl<L, R> OfHandler for Either<L, R> {
    type OfHandler = L;
}

type Told = <THandlerOutEvent<relay::Behaviour> as OfHandler>::OfHandler;
type Tell = <THandlerInEvent<relay::Behaviour> as OfHandler>::OfHandler;
type Act = ToSwarm<relay::Event, THandlerInEvent<relay::Behaviour>>;

/// A request for a circuit.
struct Request {
    call: Call,
    connection: ConnectionId,
    told: Told,
}

/// A circuit that the library has.
struct Circuit {
    call: Call,
    from: ConnectionId,
    to: ConnectionId,
    stands: bool,
}

/// The relay, with shares.
pub(crate) struct Behaviour {
    library: relay::Behaviour,
    /// The verdict that the library is given about the next request.
    verdict: Arc<AtomicBool>,
    shares: Shares,
    keys: RateLimiter<PeerId>,
    networks: RateLimiter<IpAddr>,
    circuits: HashMap<CircuitId, Circuit>,
    /// Those being made, by the page that is called. Their callers may be gone already.
    making: HashMap<CircuitId, (PeerId, ConnectionId)>,
    /// Those that wait until fewer are being made, by the page that is called.
    waiting: HashMap<PeerId, VecDeque<Request>>,
    acts: VecDeque<Act>,
    metrics: Metrics,
}

impl Behaviour {
    pub(crate) fn new(node: PeerId, config: RelayConfig, metrics: Metrics) -> Self {
        let verdict = Arc::new(AtomicBool::new(false));
        let told = verdict.clone();
        let circuits = move |_: PeerId, _: &Multiaddr, _: Instant| told.load(Relaxed);
        Self {
            library: relay::Behaviour::new(node, config.library(circuits)),
            verdict,
            keys: RateLimiter::new(per_minute(config.per_peer_and_minute)),
            networks: RateLimiter::new(per_minute(config.per_network_and_minute)),
            shares: Shares::new(config),
            circuits: HashMap::new(),
            making: HashMap::new(),
            waiting: HashMap::new(),
            acts: VecDeque::new(),
            metrics,
        }
    }

    /// Lets a request through, lets it wait, or has it refused.
    fn request(&mut self, request: Request) {
        let call = request.call;
        if let Err(why) = self.judge(call) {
            self.metrics.refuse("circuit", why);
            return self.check(request, false);
        }
        self.shares.add(call);
        if self.making(call.to) < AT_ONCE {
            self.check(request, true);
        } else {
            self.waiting.entry(call.to).or_default().push_back(request);
        }
    }

    fn judge(&self, call: Call) -> Result<(), &'static str> {
        self.shares.may(call).map_err(|full| full.why())?;
        let passes = self.keys.check(call.from, NonZeroU32::MIN);
        let passes = passes.and_then(|()| self.networks.check(call.network, NonZeroU32::MIN));
        passes.map_err(|_| "rate")
    }

    fn making(&self, page: PeerId) -> usize {
        self.making.values().filter(|(to, _)| *to == page).count()
    }

    /// Hands a request to the library, and learns what it makes of it.
    fn check(&mut self, Request { call, connection, told }: Request, verdict: bool) {
        self.verdict.store(verdict, Relaxed);
        self.library.on_connection_handler_event(call.from, connection, Either::Left(told));
        let mut made = false;
        // It only says what is to be done, so that nothing has to wake it.
        while let Poll::Ready(act) = self.library.poll(&mut Context::from_waker(Waker::noop())) {
            if let Some((circuit, to)) = making_of(&act) {
                made = true;
                self.making.insert(circuit, (call.to, to));
                let circuit_of = Circuit { call, from: connection, to, stands: false };
                self.circuits.insert(circuit, circuit_of);
            }
            self.acts.push_back(act);
        }
        if verdict && !made {
            // Nobody is there by that name.
            self.shares.sub(call);
        }
    }

    /// Follows what the library's handlers tell of a circuit.
    fn follow(&mut self, told: &Told) {
        match told {
            Told::OutboundConnectNegotiated { circuit_id, .. }
            | Told::OutboundConnectNegotiationFailed { circuit_id, .. } => {
                if let Some((page, _)) = self.making.remove(circuit_id) {
                    self.next(page);
                }
            }
            Told::CircuitReqAccepted { circuit_id, .. } => {
                if let Some(circuit) = self.circuits.get_mut(circuit_id) {
                    circuit.stands = true;
                    self.metrics.circuits.inc();
                }
            }
            Told::CircuitReqDenied { circuit_id: Some(circuit_id), .. }
            | Told::CircuitReqDenyFailed { circuit_id: Some(circuit_id), .. }
            | Told::CircuitReqAcceptFailed { circuit_id, .. }
            | Told::CircuitClosed { circuit_id, .. } => self.end(*circuit_id),
            _ => {}
        }
    }

    /// Forgets a circuit; doing it twice changes nothing.
    fn end(&mut self, circuit: CircuitId) {
        let Some(circuit) = self.circuits.remove(&circuit) else { return };
        self.shares.sub(circuit.call);
        if circuit.stands {
            self.metrics.circuits.dec();
        }
    }

    /// Lets those through who wait for a page, as far as there is room.
    fn next(&mut self, page: PeerId) {
        while self.making(page) < AT_ONCE {
            let Some(queue) = self.waiting.get_mut(&page) else { return };
            let request = queue.pop_front();
            if queue.is_empty() {
                self.waiting.remove(&page);
            }
            if let Some(request) = request {
                self.check(request, true);
            }
        }
    }

    /// Forgets what was on a connection.
    fn clear(&mut self, connection: ConnectionId) {
        let on_it = |circuit: &Circuit| circuit.from == connection || circuit.to == connection;
        let ended = self.circuits.iter().filter(|(_, circuit)| on_it(circuit));
        for circuit in ended.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.end(circuit);
        }
        for queue in self.waiting.values_mut() {
            queue.retain(|request| {
                let stays = request.connection != connection;
                if !stays {
                    self.shares.sub(request.call);
                }
                stays
            });
        }
        self.waiting.retain(|_, queue| !queue.is_empty());
        let freed = self.making.extract_if(|_, (_, to)| *to == connection);
        let freed = freed.map(|(_, (page, _))| page).collect::<Vec<_>>();
        for page in freed {
            self.next(page);
        }
    }
}

/// The circuit that the library begins to make, and on which connection.
fn making_of(act: &Act) -> Option<(CircuitId, ConnectionId)> {
    match act {
        ToSwarm::NotifyHandler {
            handler: NotifyHandler::One(to),
            event: Either::Left(Tell::NegotiateOutboundConnect { circuit_id, .. }),
            ..
        } => Some((*circuit_id, *to)),
        _ => None,
    }
}

impl NetworkBehaviour for Behaviour {
    type ConnectionHandler = THandler<relay::Behaviour>;
    type ToSwarm = relay::Event;

    fn handle_established_inbound_connection(
        &mut self,
        id: ConnectionId,
        peer: PeerId,
        local: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<Self::ConnectionHandler, ConnectionDenied> {
        self.library.handle_established_inbound_connection(id, peer, local, remote)
    }

    fn handle_established_outbound_connection(
        &mut self,
        id: ConnectionId,
        peer: PeerId,
        address: &Multiaddr,
        role: Endpoint,
        port: PortUse,
    ) -> Result<Self::ConnectionHandler, ConnectionDenied> {
        self.library.handle_established_outbound_connection(id, peer, address, role, port)
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        self.library.on_swarm_event(event);
        if let FromSwarm::ConnectionClosed(ConnectionClosed { connection_id, .. }) = event {
            self.clear(connection_id);
        }
    }

    fn on_connection_handler_event(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        event: THandlerOutEvent<Self>,
    ) {
        match event {
            Either::Left(told) => {
                if let Told::CircuitReqReceived { inbound_circuit_req, endpoint } = &told {
                    let network = network_of(endpoint.get_remote_address());
                    let call = Call { from: peer, network, to: inbound_circuit_req.dst() };
                    return self.request(Request { call, connection, told });
                }
                self.follow(&told);
                self.library.on_connection_handler_event(peer, connection, Either::Left(told));
            }
            Either::Right(never) => match never {},
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Act> {
        match self.acts.pop_front() {
            Some(act) => Poll::Ready(act),
            None => self.library.poll(cx),
        }
    }
}
