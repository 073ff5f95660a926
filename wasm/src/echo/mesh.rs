//! `MeshPeer`: the network of a room without the room, so that a test can say who dials whom.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use covey_mesh::{keypair, seat};
use covey_wire::id::{SeatId, unhex};
use covey_wire::net::{Class, NetCommand, NetEvent, NodeState, Path};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::driver::Net;
use crate::platform::random;

/// The network of one page.
#[wasm_bindgen]
pub struct MeshPeer {
    seat: SeatId,
    net: Rc<Net>,
    seen: Rc<Seen>,
}

#[derive(Default)]
struct Seen {
    reserved: Cell<bool>,
    up: RefCell<BTreeMap<SeatId, Path>>,
    frames: Cell<u32>,
}

#[wasm_bindgen]
impl MeshPeer {
    /// Under a seat of its own, at one node.
    #[wasm_bindgen(constructor)]
    pub fn new(node: String) -> Result<MeshPeer, JsValue> {
        let secret = random()?;
        let seat = seat(keypair(secret).public().to_peer_id());
        let seat = seat.ok_or_else(|| JsError::new("a seat has an Ed25519 key"))?;
        let net = Rc::new(Net::without_room(secret)?);
        let seen = Rc::<Seen>::default();
        spawn_local(watch(Rc::clone(&net), Rc::clone(&seen)));
        net.command(NetCommand::Nodes(vec![node]));
        Ok(Self { seat, net, seen })
    }

    /// The seat's name.
    pub fn id(&self) -> String {
        self.seat.to_hex()
    }

    /// Whether others can reach this page by way of the node.
    pub fn reserved(&self) -> bool {
        self.seen.reserved.get()
    }

    /// Reach a seat until `hangup`.
    pub fn dial(&self, seat: &str) -> Result<(), JsError> {
        self.net.command(NetCommand::Dial(named(seat)?));
        Ok(())
    }

    /// Leave a seat.
    pub fn hangup(&self, seat: &str) -> Result<(), JsError> {
        self.net.command(NetCommand::Hangup(named(seat)?));
        Ok(())
    }

    /// Send a message to a seat.
    pub fn send(&self, seat: &str) -> Result<(), JsError> {
        let (seat, bytes) = (named(seat)?, vec![0; 100]);
        self.net.command(NetCommand::Send { seat, class: Class::Sync, bytes });
        Ok(())
    }

    /// How many messages came.
    pub fn frames(&self) -> u32 {
        self.seen.frames.get()
    }

    /// By which path a seat can be sent to.
    pub fn path(&self, seat: &str) -> Result<Option<String>, JsError> {
        let path = self.seen.up.borrow().get(&named(seat)?).copied();
        Ok(path.map(|path| if path == Path::Direct { "direct" } else { "relayed" }.to_owned()))
    }

    /// How many connections to a seat stand.
    pub fn connections(&self, seat: &str) -> Result<usize, JsError> {
        Ok(self.net.connections(named(seat)?))
    }
}

async fn watch(net: Rc<Net>, seen: Rc<Seen>) {
    while let Some(event) = net.next().await {
        match event {
            NetEvent::Node(state) => seen.reserved.set(state == NodeState::Up),
            NetEvent::Up { seat, path } => drop(seen.up.borrow_mut().insert(seat, path)),
            NetEvent::Down(seat) => drop(seen.up.borrow_mut().remove(&seat)),
            NetEvent::Frame { .. } => seen.frames.set(seen.frames.get() + 1),
            NetEvent::Found { .. }
            | NetEvent::Refused { .. }
            | NetEvent::Written { .. }
            | NetEvent::Unsupported { .. } => {}
        }
    }
}

fn named(seat: &str) -> Result<SeatId, JsError> {
    let bytes = unhex(seat).and_then(|bytes| bytes.try_into().ok());
    bytes.map(SeatId).ok_or_else(|| JsError::new("no name of a seat"))
}
