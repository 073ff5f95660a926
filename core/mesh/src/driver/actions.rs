//! Carries out what nodes and peers decided.

use libp2p::multiaddr::Protocol;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{ConnectionId, NetworkBehaviour};
use libp2p::{Multiaddr, PeerId};

use super::Mesh;
use crate::channel::Command;
use crate::identity::seat;
use crate::session::Step;
use crate::webrtc::address;
use crate::{nodes, peers};
use covey_wire::net::{Misuse, NetEvent, Path};
use covey_wire::time::Instant;

impl<W: NetworkBehaviour> Mesh<W> {
    pub(super) fn perform_node_action(&mut self, action: nodes::Action, now: Instant) {
        match action {
            nodes::Action::Dial { slot, address, peer } => {
                let opts = match peer {
                    Some(peer) => DialOpts::peer_id(peer)
                        .condition(PeerCondition::Always)
                        .addresses(vec![address])
                        .build(),
                    None => DialOpts::unknown_peer_id().address(address).build(),
                };
                let connection = opts.connection_id();
                self.nodes.dialled(slot, connection, now);
                if self.swarm.dial(opts).is_err() {
                    self.nodes.failed(connection, now);
                }
            }
            nodes::Action::Reserve(node, address) => self.reserve(node, address, now),
            nodes::Action::Close(connection) => self.close(connection),
            nodes::Action::State(state) => self.events.push_back(NetEvent::Node(state)),
        }
    }

    fn reserve(&mut self, node: PeerId, address: Multiaddr, now: Instant) {
        let Some(connection) = self.nodes.connection(node) else { return };
        let address = address.with(Protocol::P2p(node)).with(Protocol::P2pCircuit);
        match self.swarm.listen_on(address) {
            Ok(listener) => {
                self.listeners.insert(listener, (node, connection));
            }
            Err(_) => self.nodes.unreserved(node, now),
        }
    }

    pub(super) fn close(&mut self, connection: ConnectionId) {
        self.swarm.close_connection(connection);
    }

    pub(super) fn perform_peer_action(&mut self, action: peers::Action, now: Instant) {
        match action {
            peers::Action::Dial { peer, node, path } => self.dial(peer, node, path, now),
            peers::Action::Close(connection) => self.close(connection),
            peers::Action::Streams(peer, step) => {
                let (connection, command) = match step {
                    Step::Open(c, mark) => (c, Command::Open(mark)),
                    Step::Finish(c) => (c, Command::Finish),
                    Step::Abandon(c) => (c, Command::Abandon),
                    Step::Read(c, mark) => (c, Command::Read(mark)),
                    Step::Up(_) | Step::Down | Step::Close(_) => return,
                };
                self.swarm.behaviour_mut().channel.command(peer, connection, command);
            }
            peers::Action::Up(peer, path) => {
                self.events.extend(seat(peer).map(|seat| NetEvent::Up { seat, path }));
            }
            peers::Action::Broke(peer) => {
                let why = Misuse::Resets;
                *self.misuses.or_default(why) += 1;
                self.events.extend(seat(peer).map(|seat| NetEvent::Refused { seat, why }));
            }
            peers::Action::Down(peer) => self.events.extend(seat(peer).map(NetEvent::Down)),
        }
    }

    fn dial(&mut self, peer: PeerId, node: PeerId, path: Path, now: Instant) {
        let Some(relay) = self.nodes.address(node) else { return };
        let address = match path {
            Path::Relayed => address::relayed(&relay, peer),
            Path::Direct => address::direct(&relay, peer),
        };
        let opts = DialOpts::peer_id(peer)
            .condition(PeerCondition::Always)
            .addresses(vec![address])
            .build();
        let connection = opts.connection_id();
        self.peers.dialled(peer, path, connection, now);
        self.dials.insert(connection, peer);
        if self.swarm.dial(opts).is_err() {
            self.dial_failed(connection, now);
        }
    }

    pub(super) fn dial_failed(&mut self, connection: ConnectionId, now: Instant) {
        if let Some(peer) = self.dials.remove(&connection) {
            self.peers.failed(peer, connection, now);
        }
    }
}
