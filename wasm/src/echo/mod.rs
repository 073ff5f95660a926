//! A peer that echoes: the page of the transport's own tests, with nothing of Covey above libp2p.

mod client;
mod network;
mod server;
mod streams;

use std::cell::RefCell;
use std::rc::Rc;

use covey_core::net::Path;
use futures::channel::{mpsc, oneshot};
use libp2p::identity::Keypair;
use libp2p::{Multiaddr, PeerId};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::transport::webrtc::Page;
use crate::transport::{IceServer, IceServers};
use network::{Command, Connections, Network, Reply};

/// A peer that echoes what it is sent under `/covey/echo/1`.
#[wasm_bindgen]
pub struct EchoPeer {
    id: PeerId,
    ice: IceServers,
    page: Page,
    commands: mpsc::UnboundedSender<Command>,
    connections: Rc<RefCell<Connections>>,
    server: Rc<server::Counts>,
}

fn failed(error: impl ToString) -> JsError {
    JsError::new(&error.to_string())
}

#[wasm_bindgen]
impl EchoPeer {
    /// Starts a peer with a new identity.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Result<EchoPeer, JsError> {
        let keypair = Keypair::generate_ed25519();
        let server = Rc::new(server::Counts::default());
        let (commands, wanted) = mpsc::unbounded();
        let (network, ice, page) =
            Network::new(&keypair, wanted, server.clone()).map_err(failed)?;
        let connections = network.connections();
        spawn_local(network.run());
        Ok(Self { id: keypair.public().to_peer_id(), ice, page, commands, connections, server })
    }

    /// The peer's own id.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> String {
        self.id.to_string()
    }

    /// Uses this STUN server for connections made from now on.
    pub fn stun(&self, url: String) {
        self.ice.set(vec![IceServer { urls: vec![url], ..IceServer::default() }]);
    }

    /// Tells every peer that the page goes away.
    pub fn farewell(&self) {
        self.page.farewell();
    }

    /// Connects to a node and makes a reservation; resolves to the node's address with its id.
    pub async fn connect(&self, node: String) -> Result<String, JsError> {
        let address: Multiaddr = node.parse().map_err(failed)?;
        self.ask(|reply| Command::Reserve(address, reply)).await.map(|relay| relay.to_string())
    }

    /// Dials an address that ends in a peer id; resolves once that very connection stands.
    pub async fn dial(&self, address: String) -> Result<(), JsError> {
        let address: Multiaddr = address.parse().map_err(failed)?;
        self.ask(|reply| Command::Dial(address, reply)).await
    }

    /// The paths of the connections to a peer: `direct` or `relayed` each, the oldest first.
    pub fn paths(&self, peer: String) -> Result<Vec<String>, JsError> {
        let peer: PeerId = peer.parse().map_err(failed)?;
        let name = |path| if path == Path::Direct { "direct" } else { "relayed" };
        let connections = self.connections.borrow();
        let all = connections.of(&peer).map(|(_, path)| name(path).to_owned());
        Ok(all.collect())
    }

    /// Closes the connections to a peer that take this path.
    pub fn close(&self, peer: String, path: String) -> Result<(), JsError> {
        let peer: PeerId = peer.parse().map_err(failed)?;
        let path = if path == "direct" { Path::Direct } else { Path::Relayed };
        self.commands.unbounded_send(Command::Close(peer, path)).map_err(failed)
    }

    /// Sends `size` bytes, ends its half, reads what comes back up to the end and compares.
    /// Resolves to how many bytes came back.
    pub async fn echo(&self, peer: String, path: String, size: usize) -> Result<usize, JsError> {
        client::echo(self.open(peer, path).await?, size).await.map_err(failed)
    }

    /// Asks the peer to reset the stream; resolves to the kind of error that reading gives.
    pub async fn provoke_reset(&self, peer: String, path: String) -> Result<String, JsError> {
        client::provoke_reset(self.open(peer, path).await?).await.map_err(failed)
    }

    /// Drops a stream in the middle of an echo.
    pub async fn give_up(&self, peer: String, path: String) -> Result<(), JsError> {
        client::give_up(self.open(peer, path).await?).await.map_err(failed)
    }

    /// Sends `size` bytes to a peer that reads nothing of it, and looks whether it can hold back.
    /// Resolves to how many bytes were taken before writing had to wait for `ms` milliseconds.
    pub async fn flood(
        &self,
        peer: String,
        path: String,
        size: usize,
        ms: u32,
    ) -> Result<usize, JsError> {
        client::flood(self.open(peer, path).await?, size, ms).await.map_err(failed)
    }

    /// Streams of others that ended in order.
    #[wasm_bindgen(getter)]
    pub fn ended(&self) -> usize {
        self.server.ended.get()
    }

    /// Streams of others that were reset.
    #[wasm_bindgen(getter)]
    pub fn resets(&self) -> usize {
        self.server.resets.get()
    }

    async fn open(&self, peer: String, path: String) -> Result<libp2p::Stream, JsError> {
        let peer: PeerId = peer.parse().map_err(failed)?;
        let path = if path == "direct" { Path::Direct } else { Path::Relayed };
        self.ask(|reply| Command::Open(peer, path, reply)).await
    }

    async fn ask<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, JsError> {
        let (reply, answer) = oneshot::channel();
        self.commands.unbounded_send(command(reply)).map_err(failed)?;
        answer.await.map_err(failed)?.map_err(|error| JsError::new(&error))
    }
}
