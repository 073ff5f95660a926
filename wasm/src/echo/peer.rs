//! `EchoPeer`: the swarm as a test in JavaScript sees it.

use std::cell::RefCell;
use std::rc::Rc;

use covey_mesh::webrtc::{RequestError, address};
use covey_mesh::{Trust, bare_swarm, keypair};
use covey_wire::net::Path;
use futures::channel::{mpsc, oneshot};
use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, PeerId};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::behaviour::{Ask, Echo, Parts};
use super::stream::EchoStream;
use super::swarm::{Command, Driver, Reply, Seen};
use crate::platform::random;
use crate::transport;

/// A swarm under an identity of its own.
#[wasm_bindgen]
pub struct EchoPeer {
    id: PeerId,
    commands: mpsc::UnboundedSender<Command>,
    asks: mpsc::UnboundedSender<Ask>,
    seen: Rc<RefCell<Seen>>,
}

#[wasm_bindgen]
impl EchoPeer {
    /// Built as that of a page is, from the secret of a seat.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Result<EchoPeer, JsValue> {
        let keypair = keypair(random()?);
        let built = transport::build(&keypair, Trust::everyone())?;
        let (asks, asked) = mpsc::unbounded();
        let (came, streams) = mpsc::unbounded();
        let parts = Parts { webrtc: built.webrtc, echo: Echo::new(asked, came) };
        let mut swarm = bare_swarm(&keypair, built.transport, built.relay, parts);
        swarm.listen_on(address::listen()).map_err(|e| JsError::new(&e.to_string()))?;
        let seen = Rc::<RefCell<Seen>>::default();
        let (commands, wanted) = mpsc::unbounded();
        spawn_local(Driver::new(swarm, Rc::clone(&seen)).run(wanted, streams));
        Ok(Self { id: keypair.public().to_peer_id(), commands, asks, seen })
    }

    /// The name of this peer.
    pub fn id(&self) -> String {
        self.id.to_string()
    }

    /// Connects to a node and reserves a place there; the address at which others dial this peer.
    pub async fn reserve(&self, node: String) -> Result<String, JsError> {
        let node: Multiaddr = node.parse()?;
        let id = self.command(|reply| Command::Dial(node.clone(), reply)).await?;
        let relay = node.with(Protocol::P2p(id));
        let listen = relay.clone().with(Protocol::P2pCircuit);
        self.command(|reply| Command::Listen(listen, reply)).await?;
        Ok(address::direct(&relay, self.id).to_string())
    }

    /// Dials the address of a peer, as `reserve` has it.
    pub async fn dial(&self, address: String) -> Result<(), JsError> {
        let address: Multiaddr = address.parse()?;
        self.command(|reply| Command::Dial(address, reply)).await.map(drop)
    }

    /// Opens a stream on the newest direct connection to a peer.
    pub async fn open(&self, peer: String) -> Result<EchoStream, JsError> {
        let (reply, stream) = oneshot::channel();
        let ask = Ask { peer: peer.parse()?, reply };
        self.asks.unbounded_send(ask).map_err(|_| ended())?;
        let stream = stream.await.unwrap_or(Err(RequestError::Broken))?;
        Ok(EchoStream::new(stream))
    }

    /// How the connections to a peer that stand reach it.
    pub fn paths(&self, peer: &str) -> Result<Vec<String>, JsError> {
        let peer: PeerId = peer.parse()?;
        let seen = self.seen.borrow();
        let paths = seen.connections.values().filter(|(other, _)| *other == peer);
        let name = |path| if path == Path::Direct { "direct" } else { "relayed" };
        Ok(paths.map(|(_, path)| name(*path).to_owned()).collect())
    }

    /// How the streams that peers opened ended, in their order.
    pub fn served(&self) -> Vec<String> {
        self.seen.borrow().served.clone()
    }

    /// Closes every connection to a peer.
    pub fn hangup(&self, peer: &str) -> Result<(), JsError> {
        let command = Command::Hangup(peer.parse()?);
        self.commands.unbounded_send(command).map_err(|_| ended())
    }
}

impl EchoPeer {
    async fn command<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, JsError> {
        let (reply, answer) = oneshot::channel();
        self.commands.unbounded_send(command(reply)).map_err(|_| ended())?;
        answer.await.map_err(|_| ended())?.map_err(|error| JsError::new(&error))
    }
}

fn ended() -> JsError {
    JsError::new("the swarm has ended")
}
