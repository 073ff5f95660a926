//! The network of one room: commands go in at any time, events come out one by one.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use covey_mesh::webrtc::{Behaviour, IceServers};
use covey_mesh::{Mesh, Settings, Trust, keypair};
use covey_wire::id::SeatId;
use covey_wire::meet::IceServer;
use covey_wire::net::{NetCommand, NetEvent, NodeState};
use covey_wire::sorted::SortedSet;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use crate::platform::{pause, random};
use crate::transport;

/// How long a network is kept that greeted nodes before there is a room, in milliseconds.
const WITHOUT_ROOM: u64 = 120_000;

/// The mesh, borrowed only while it is polled.
pub struct Net {
    mesh: RefCell<Option<Mesh<Behaviour>>>,
    ice: IceServers,
    /// The state of nodes before there was a room.
    node: Cell<Option<NodeState>>,
    has_room: Cell<bool>,
    /// Of the task that waits for the next event.
    waker: RefCell<Waker>,
    /// The seats that are connected.
    peers: RefCell<SortedSet<SeatId>>,
    /// Of the task that waits in [`Net::disconnected`].
    disconnect_waker: RefCell<Waker>,
}

impl Net {
    /// Under the identity of a seat. Nobody is met directly before the room trusts them.
    pub fn new(seat_secret: [u8; 32]) -> Result<Self, JsValue> {
        Self::trusting(seat_secret, Trust::default())
    }

    /// The same without a room: everybody is met directly.
    #[cfg(feature = "echo")]
    pub fn without_room(seat_secret: [u8; 32]) -> Result<Self, JsValue> {
        Self::trusting(seat_secret, Trust::everyone())
    }

    fn trusting(seat_secret: [u8; 32], trust: Trust) -> Result<Self, JsValue> {
        let keypair = keypair(seat_secret);
        let built = transport::build(&keypair, trust)?;
        let ice = built.ice;
        let take_ice = {
            let ice = ice.clone();
            move |servers| ice.set(servers)
        };
        let seed = u64::from_le_bytes(random()?);
        let settings = Settings { seed, upgrades: true, trust: built.trust };
        let mesh =
            Mesh::new(&keypair, built.transport, built.relay, built.webrtc, take_ice, settings);
        Ok(Self {
            mesh: RefCell::new(Some(mesh)),
            ice,
            node: Cell::new(None),
            has_room: Cell::new(false),
            waker: RefCell::new(Waker::noop().clone()),
            peers: RefCell::default(),
            disconnect_waker: RefCell::new(Waker::noop().clone()),
        })
    }

    /// Does something; it leaves before the browser's next task.
    pub fn command(&self, command: NetCommand) {
        if let Some(mesh) = self.mesh.borrow_mut().as_mut() {
            mesh.command(command);
        }
        self.waker.borrow().wake_by_ref();
    }

    /// Connects to nodes before there is a room; closes again if there is none for two minutes.
    pub fn greet(self: &Rc<Self>, nodes: Vec<String>) {
        self.command(NetCommand::Nodes(nodes));
        let net = self.clone();
        spawn_local(async move {
            let wait = poll_fn(|cx| net.poll_early(cx));
            futures::future::select(wait, Box::pin(pause(WITHOUT_ROOM))).await;
            if !net.has_room.get() {
                net.close();
            }
        });
    }

    /// The STUN and TURN servers that nodes offer.
    pub fn ice_servers(&self) -> Vec<IceServer> {
        self.ice.list()
    }

    /// Whether it can still be used.
    pub fn is_open(&self) -> bool {
        self.mesh.borrow().is_some()
    }

    /// Until there is a room: nodes are noted, and nobody else has any business here.
    fn poll_early(&self, cx: &mut Context<'_>) -> Poll<()> {
        while !self.has_room.get() {
            self.waker.borrow_mut().clone_from(cx.waker());
            match self.poll(cx) {
                Poll::Ready(Some(NetEvent::Node(state))) => self.node.set(Some(state)),
                Poll::Ready(Some(NetEvent::Up { seat, .. })) => {
                    self.command(NetCommand::Hangup(seat));
                }
                Poll::Ready(Some(_)) => {}
                Poll::Ready(None) => break,
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(())
    }

    /// The next event; none once it is closed.
    pub async fn next(&self) -> Option<NetEvent> {
        if !self.has_room.replace(true) {
            self.waker.borrow().wake_by_ref();
        }
        if let Some(state) = self.node.take() {
            return Some(NetEvent::Node(state));
        }
        poll_fn(|cx| {
            self.waker.borrow_mut().clone_from(cx.waker());
            self.poll(cx)
        })
        .await
    }

    /// Does what can be done at once, and tells what happened meanwhile.
    pub fn poll_now(&self) -> Vec<NetEvent> {
        let waker = self.waker.borrow().clone();
        let mut events = Vec::new();
        while let Poll::Ready(Some(event)) = self.poll(&mut Context::from_waker(&waker)) {
            events.push(event);
        }
        events
    }

    /// Waits until nobody is connected.
    pub async fn disconnected(&self) {
        poll_fn(|cx| {
            self.disconnect_waker.borrow_mut().clone_from(cx.waker());
            if self.peers.borrow().is_empty() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await
    }

    /// Closes every connection.
    pub fn close(&self) {
        self.mesh.take();
        self.waker.borrow().wake_by_ref();
    }

    /// Every standing connection to a seat.
    #[cfg(feature = "echo")]
    pub fn connections(&self, seat: SeatId) -> usize {
        self.mesh.borrow().as_ref().map_or(0, |mesh| mesh.connections(seat))
    }

    fn poll(&self, cx: &mut Context<'_>) -> Poll<Option<NetEvent>> {
        let mut mesh = self.mesh.borrow_mut();
        let Some(mesh) = mesh.as_mut() else { return Poll::Ready(None) };
        let polled = mesh.poll_next(cx);
        match &polled {
            Poll::Ready(NetEvent::Up { seat, .. }) => {
                self.peers.borrow_mut().insert(*seat);
            }
            Poll::Ready(NetEvent::Down(seat)) => {
                self.peers.borrow_mut().remove(seat);
                self.disconnect_waker.borrow().wake_by_ref();
            }
            _ => {}
        }
        polled.map(Some)
    }
}
