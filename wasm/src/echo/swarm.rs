//! Runs the swarm: it does what a test asks, and tells it how that ended.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use covey_mesh::webrtc::address;
use covey_wire::net::Path;
use futures::channel::{mpsc, oneshot};
use futures::{StreamExt, select};
use libp2p::core::transport::ListenerId;
use libp2p::swarm::dial_opts::{DialOpts, PeerCondition};
use libp2p::swarm::{ConnectionId, NetworkBehaviour, SwarmEvent};
use libp2p::{Multiaddr, PeerId, Stream, Swarm};
use wasm_bindgen_futures::spawn_local;

use super::stream::serve;

/// How a wish ended; in words where it failed.
pub(super) type Reply<T> = oneshot::Sender<Result<T, String>>;

/// A request of a test.
pub(super) enum Command {
    /// A connection to this address.
    Dial(Multiaddr, Reply<PeerId>),
    /// To be reached by an address; its relayed form is the answer.
    Listen(Multiaddr, Reply<Multiaddr>),
    /// No connection to this peer any more.
    Hangup(PeerId),
}

/// The state that a test can read at any time.
#[derive(Default)]
pub(super) struct Seen {
    /// The connections that stand.
    pub(super) connections: BTreeMap<ConnectionId, (PeerId, Path)>,
    /// How the streams that were served ended: `done`, or what went wrong.
    pub(super) served: Vec<String>,
}

/// A swarm with what it is doing.
pub(super) struct Driver<B: NetworkBehaviour> {
    swarm: Swarm<B>,
    dials: HashMap<ConnectionId, Reply<PeerId>>,
    listens: HashMap<ListenerId, Reply<Multiaddr>>,
    seen: Rc<RefCell<Seen>>,
}

impl<B: NetworkBehaviour> Driver<B> {
    pub(super) fn new(swarm: Swarm<B>, seen: Rc<RefCell<Seen>>) -> Self {
        Self { swarm, dials: HashMap::new(), listens: HashMap::new(), seen }
    }

    /// Until nobody is left who could ask for something.
    pub(super) async fn run(
        mut self,
        mut commands: mpsc::UnboundedReceiver<Command>,
        mut came: mpsc::UnboundedReceiver<Stream>,
    ) {
        loop {
            select! {
                command = commands.next() => match command {
                    Some(command) => self.on_command(command),
                    None => return,
                },
                stream = came.select_next_some() => self.on_stream(stream),
                event = self.swarm.select_next_some() => self.on_event(event),
            }
        }
    }

    // A reply that nobody waits for any more is no failure.
    fn on_command(&mut self, command: Command) {
        match command {
            Command::Dial(address, reply) => {
                let opts = DialOpts::unknown_peer_id().address(address.clone()).build();
                let opts = match address::target(&address) {
                    Some(target) => DialOpts::peer_id(target.peer)
                        .condition(PeerCondition::Always)
                        .addresses(vec![address])
                        .build(),
                    None => opts,
                };
                let connection = opts.connection_id();
                match self.swarm.dial(opts) {
                    Ok(()) => drop(self.dials.insert(connection, reply)),
                    Err(error) => drop(reply.send(Err(error.to_string()))),
                }
            }
            Command::Listen(address, reply) => match self.swarm.listen_on(address) {
                Ok(listener) => drop(self.listens.insert(listener, reply)),
                Err(error) => drop(reply.send(Err(error.to_string()))),
            },
            // Nobody to hang up on is what was wanted.
            Command::Hangup(peer) => drop(self.swarm.disconnect_peer_id(peer)),
        }
    }

    fn on_stream(&self, stream: Stream) {
        let seen = Rc::clone(&self.seen);
        spawn_local(async move {
            let end = serve(stream).await.map_or_else(|e| e.kind().to_string(), |()| "done".into());
            seen.borrow_mut().served.push(end);
        });
    }

    fn on_event(&mut self, event: SwarmEvent<B::ToSwarm>) {
        match event {
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, endpoint, .. } => {
                let connection = (peer_id, address::path(&endpoint));
                self.seen.borrow_mut().connections.insert(connection_id, connection);
                if let Some(reply) = self.dials.remove(&connection_id) {
                    let _ = reply.send(Ok(peer_id));
                }
            }
            SwarmEvent::ConnectionClosed { connection_id, .. } => {
                self.seen.borrow_mut().connections.remove(&connection_id);
            }
            SwarmEvent::OutgoingConnectionError { connection_id, error, .. } => {
                if let Some(reply) = self.dials.remove(&connection_id) {
                    let _ = reply.send(Err(error.to_string()));
                }
            }
            SwarmEvent::NewListenAddr { listener_id, address } => {
                if let Some(reply) = self.listens.remove(&listener_id) {
                    let _ = reply.send(Ok(address));
                }
            }
            SwarmEvent::ListenerClosed { listener_id, reason, .. } => {
                if let Some(reply) = self.listens.remove(&listener_id) {
                    let _ = reply.send(Err(format!("{reason:?}")));
                }
            }
            _ => {}
        }
    }
}
