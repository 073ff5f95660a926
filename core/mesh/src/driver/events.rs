//! Tells nodes and peers what happened in the swarm, and the room what concerns it.

use core::time::Duration;

use libp2p::core::ConnectedPoint;
use libp2p::multiaddr::Protocol;
use libp2p::swarm::{ConnectionId, NetworkBehaviour, SwarmEvent};
use libp2p::{PeerId, ping, relay};

use super::Mesh;
use crate::channel::{self, Report};
use crate::client::{self, Reply, Request};
use crate::identity::{peer_id, seat};
use crate::swarm::PartsEvent;
use crate::webrtc::address;
use covey_wire::id::{Namespace, SeatId};
use covey_wire::meet::MeetReply;
use covey_wire::net::{Misuse, NetEvent, Path};
use covey_wire::time::Instant;

impl<W: NetworkBehaviour> Mesh<W> {
    pub(super) fn on_swarm_event(&mut self, event: SwarmEvent<PartsEvent<W>>) {
        let now = self.now();
        // Passing a message on decides nothing.
        let message = matches!(
            event,
            SwarmEvent::Behaviour(PartsEvent::Channel(channel::Event {
                report: Report::Message(..) | Report::Written(..),
                ..
            }))
        );
        self.undecided |= !message;
        match event {
            SwarmEvent::Behaviour(PartsEvent::Channel(event)) => self.on_channel(event, now),
            SwarmEvent::Behaviour(PartsEvent::Client(event)) => self.on_client(event, now),
            SwarmEvent::Behaviour(PartsEvent::Relay(
                relay::client::Event::ReservationReqAccepted {
                    relay_peer_id: node, renewal, ..
                },
            )) => {
                self.nodes.reserved(node);
                // Credentials for ICE servers are short-lived, too.
                if let Some(connection) = self.nodes.connection(node).filter(|_| renewal) {
                    self.swarm.behaviour_mut().client.request(node, connection, Request::Info);
                }
            }
            SwarmEvent::Behaviour(PartsEvent::Ping(ping::Event {
                connection,
                result: Err(ping::Failure::Timeout | ping::Failure::Other { .. }),
                ..
            })) => self.close(connection),
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, endpoint, .. } => {
                self.dials.remove(&connection_id);
                self.on_established(peer_id, connection_id, &endpoint, now);
            }
            SwarmEvent::ConnectionClosed { peer_id, connection_id, .. } => {
                if self.nodes.connection(peer_id) == Some(connection_id) {
                    self.registrations.closed(peer_id);
                }
                self.nodes.closed(connection_id, now);
                self.peers.closed(peer_id, connection_id, now);
            }
            SwarmEvent::OutgoingConnectionError { connection_id, .. } => {
                let node = self.nodes.failed(connection_id, now);
                if !node {
                    self.dial_failed(connection_id, now);
                }
            }
            SwarmEvent::ListenerClosed { listener_id, .. } => {
                if let Some((node, connection)) = self.listeners.remove(&listener_id)
                    && self.nodes.connection(node) == Some(connection)
                {
                    self.nodes.unreserved(node, now);
                }
            }
            _ => {}
        }
    }

    fn on_established(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        endpoint: &ConnectedPoint,
        now: Instant,
    ) {
        let path = address::path(endpoint);
        if path == Path::Direct && !address::is_webrtc(endpoint) {
            if !self.nodes.established(peer, connection, now) {
                self.close(connection);
            }
        } else if seat(peer).is_some() {
            let node = relay_of(endpoint);
            let dialled = endpoint.is_dialer();
            self.peers.established(peer, connection, path, dialled, node, now);
        } else {
            self.close(connection);
        }
    }

    fn on_channel(
        &mut self,
        channel::Event { peer, connection, report }: channel::Event,
        now: Instant,
    ) {
        match report {
            Report::Opened(mark) => self.peers.opened(peer, connection, mark),
            Report::Started(mark) => self.peers.started(peer, connection, mark, now),
            Report::Ended(mark) => self.peers.ended(peer, connection, mark),
            Report::Finished(mark) => self.peers.finished(peer, connection, mark),
            Report::Broken(mark) => self.peers.broken(peer, connection, mark),
            Report::Message(mark, class, bytes) => {
                if let Some(seat) = seat(peer).filter(|_| self.peers.reads(peer, connection, mark))
                {
                    self.events.push_back(NetEvent::Frame { seat, class, bytes });
                }
            }
            Report::Written(mark, class, bytes) => {
                if let Some(seat) = seat(peer).filter(|_| self.peers.sends(peer, connection, mark))
                {
                    self.events.push_back(NetEvent::Written { seat, class, bytes });
                }
            }
            Report::Unsupported(mark, class) => {
                if let Some(seat) = seat(peer).filter(|_| self.peers.sends(peer, connection, mark))
                {
                    self.events.push_back(NetEvent::Unsupported { seat, class });
                }
            }
            Report::Misused(why) => self.misused(peer, connection, why),
        }
    }

    /// Closes what was misused: all connections of a peer that does not read, else the one.
    fn misused(&mut self, peer: PeerId, connection: ConnectionId, why: Misuse) {
        *self.misuses.or_default(why) += 1;
        let all: Vec<_> = match why {
            Misuse::Overflow => self.peers.connections(peer).collect(),
            _ => vec![connection],
        };
        all.into_iter().for_each(|connection| self.close(connection));
        self.events.extend(seat(peer).map(|seat| NetEvent::Refused { seat, why }));
    }

    fn on_client(
        &mut self,
        client::Event { node, connection, reply }: client::Event,
        now: Instant,
    ) {
        if self.nodes.connection(node) != Some(connection) {
            return;
        }
        match reply {
            Reply::Open => {
                self.nodes.answers(connection);
                self.peers.node_up(now);
                let requests = self.registrations.opened(node);
                self.request(requests);
            }
            Reply::Info(info) => (self.on_ice)(info.ice_servers),
            Reply::Meet(MeetReply::Found { namespace, seats }) => {
                self.found(node, namespace, seats, false, now);
            }
            Reply::Meet(MeetReply::Joined { namespace, seat }) => {
                self.found(node, namespace, vec![seat], true, now);
            }
            Reply::Meet(MeetReply::Registered(_)) => {}
            Reply::Meet(MeetReply::Refused { namespace, retry_after_ms, .. }) => {
                let retry = Duration::from_millis(retry_after_ms.min(600_000));
                self.registrations.refused(node, namespace, retry, now);
            }
            Reply::Closed => self.close(connection),
        }
    }

    fn found(
        &mut self,
        node: PeerId,
        namespace: Namespace,
        mut seats: Vec<SeatId>,
        newcomer: bool,
        now: Instant,
    ) {
        let local = self.local();
        seats.retain(|seat| Some(*seat) != local && peer_id(*seat).is_some());
        if !self.registrations.knows(namespace) || newcomer && seats.is_empty() {
            return;
        }
        for peer in seats.iter().copied().filter_map(peer_id) {
            self.peers.found(peer, node, now);
        }
        self.events.push_back(NetEvent::Found { namespace, seats, newcomer });
    }
}

/// The node a relayed connection goes through.
fn relay_of(endpoint: &ConnectedPoint) -> Option<PeerId> {
    let address = match endpoint {
        ConnectedPoint::Dialer { address, .. } => address,
        ConnectedPoint::Listener { local_addr, .. } => local_addr,
    };
    let mut before = None;
    for part in address.iter() {
        match part {
            Protocol::P2p(peer) => before = Some(peer),
            Protocol::P2pCircuit => return before,
            _ => {}
        }
    }
    None
}
