//! The network of one room: commands go in at any time, events come out one by one.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use covey_core::client::Client;
use covey_core::net::{NetCommand, NetEvent};
use wasm_bindgen::JsValue;

struct Mesh;
impl Mesh {
    fn command(&mut self, _: NetCommand) {}
    async fn next(&mut self) -> NetEvent {
        std::future::pending().await
    }
}

/// The mesh, borrowed only while it is polled.
pub struct Net {
    mesh: RefCell<Option<Mesh>>,
    /// Of whoever waits in [`Net::next`].
    waker: RefCell<Waker>,
    /// Who is connected.
    peers: Cell<usize>,
    /// Of whoever waits in [`Net::alone`].
    lonely: RefCell<Waker>,
}

impl Net {
    /// Under the identity of the client's seat.
    pub fn new(_client: &Client) -> Result<Self, JsValue> {
        Ok(Self {
            mesh: RefCell::new(Some(Mesh)),
            waker: RefCell::new(Waker::noop().clone()),
            peers: Cell::new(0),
            lonely: RefCell::new(Waker::noop().clone()),
        })
    }

    /// Does something; it leaves before the browser's next task.
    pub fn command(&self, command: NetCommand) {
        if let Some(mesh) = self.mesh.borrow_mut().as_mut() {
            mesh.command(command);
        }
        self.waker.borrow().wake_by_ref();
    }

    /// The next event; none once it is closed.
    pub async fn next(&self) -> Option<NetEvent> {
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
    pub async fn alone(&self) {
        poll_fn(|cx| {
            self.lonely.borrow_mut().clone_from(cx.waker());
            if self.peers.get() == 0 { Poll::Ready(()) } else { Poll::Pending }
        })
        .await
    }

    /// Closes every connection.
    pub fn close(&self) {
        self.mesh.take();
        self.waker.borrow().wake_by_ref();
    }

    fn poll(&self, cx: &mut Context<'_>) -> Poll<Option<NetEvent>> {
        let mut mesh = self.mesh.borrow_mut();
        let Some(mesh) = mesh.as_mut() else { return Poll::Ready(None) };
        pin!(mesh.next()).poll(cx).map(Some)
    }
}
