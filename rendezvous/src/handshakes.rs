//! How many connections may be in the midst of their handshake: so many in all, and each network a
//! share of them, so that who opens connections and says nothing holds up nobody else.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::task::{Context, Poll};

use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::swarm::{
    ConnectionDenied, ConnectionId, FromSwarm, ListenFailure, NetworkBehaviour, ToSwarm, dummy,
};
use libp2p::{Multiaddr, PeerId};
use thiserror::Error;

use crate::connection_limit::network_of;
use crate::tally::Tally;

/// The network's share is used up.
#[derive(Debug, Error)]
#[error("too many handshakes of one network are under way")]
pub(crate) struct Crowded;

/// Counts the handshakes that are under way.
pub(crate) struct Behaviour {
    most: usize,
    pending: HashMap<ConnectionId, IpAddr>,
    networks: Tally<IpAddr>,
}

impl Behaviour {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, pending: HashMap::new(), networks: Tally::default() }
    }

    fn end(&mut self, connection: ConnectionId) {
        if let Some(network) = self.pending.remove(&connection) {
            self.networks.sub(&network);
        }
    }
}

impl NetworkBehaviour for Behaviour {
    type ConnectionHandler = dummy::ConnectionHandler;
    type ToSwarm = Infallible;

    fn handle_pending_inbound_connection(
        &mut self,
        connection: ConnectionId,
        _: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<(), ConnectionDenied> {
        let network = network_of(remote);
        if !self.networks.is_fair(&network, self.most) {
            return Err(ConnectionDenied::new(Crowded));
        }
        self.pending.insert(connection, network);
        self.networks.add(network);
        Ok(())
    }

    fn handle_established_inbound_connection(
        &mut self,
        connection: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<dummy::ConnectionHandler, ConnectionDenied> {
        self.end(connection);
        Ok(dummy::ConnectionHandler)
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<dummy::ConnectionHandler, ConnectionDenied> {
        Ok(dummy::ConnectionHandler)
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        if let FromSwarm::ListenFailure(ListenFailure { connection_id, .. }) = event {
            self.end(connection_id);
        }
    }

    fn on_connection_handler_event(&mut self, _: PeerId, _: ConnectionId, event: Infallible) {
        match event {}
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Infallible, Infallible>> {
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_network_has_a_share_and_gives_it_back() {
        let mut handshakes = Behaviour::new(64);
        let local = Multiaddr::empty();
        let mut next = 0;
        let mut begin = |handshakes: &mut Behaviour, remote: &str| {
            next += 1;
            let id = ConnectionId::new_unchecked(next);
            let remote = remote.parse().unwrap();
            handshakes.handle_pending_inbound_connection(id, &local, &remote).ok().map(|()| id)
        };
        let mut pending = Vec::new();
        for host in 0..100 {
            // All of one /64.
            let remote = format!("/ip6/2001:db8::{host:x}/tcp/1/ws");
            pending.extend(begin(&mut handshakes, &remote));
        }
        assert_eq!(pending.len(), 24);
        assert!(begin(&mut handshakes, "/ip6/2001:db8:0:1::1/tcp/1/ws").is_some());
        let remote = "/ip6/2001:db8::1/tcp/1/ws";
        assert!(begin(&mut handshakes, remote).is_none());
        for id in pending {
            let remote = remote.parse().unwrap();
            let peer = PeerId::random();
            handshakes.handle_established_inbound_connection(id, peer, &local, &remote).unwrap();
        }
        assert!(begin(&mut handshakes, remote).is_some());
    }
}
