//! WebRTC without a network, for tests: both ends live in one thread, and nothing happens between
//! them but what the test lets happen, in the order in which it was sent.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use futures::executor::{LocalPool, LocalSpawner};
use futures::task::LocalSpawnExt;

use super::error::Error;
use super::platform::{ChannelEvent, ConnectionState, DataChannel, Event, PeerConnection};
use covey_wire::meet::IceServer;

thread_local! {
    static POOL: RefCell<LocalPool> = RefCell::new(LocalPool::new());
    static SPAWNER: LocalSpawner = POOL.with_borrow(LocalPool::spawner);
    /// The events under way.
    static WIRE: RefCell<VecDeque<Box<dyn FnOnce()>>> = RefCell::default();
    /// All ends that were ever opened; a description names one by its place.
    static ENDS: RefCell<Vec<Weak<End>>> = RefCell::default();
}

/// Runs everything until nothing happens any more by itself.
pub fn settle() {
    loop {
        POOL.with_borrow_mut(LocalPool::run_until_stalled);
        let Some(next) = WIRE.with_borrow_mut(VecDeque::pop_front) else { return };
        next();
    }
}

/// How many ends were opened: whoever makes or answers an offer opens one first.
pub fn opened() -> usize {
    ENDS.with_borrow(Vec::len)
}

/// How many of them are neither closed nor gone.
pub fn standing() -> usize {
    let stands = |end: &Weak<End>| end.upgrade().is_some_and(|end| !end.closed.get());
    ENDS.with_borrow(|ends| ends.iter().filter(|end| stands(end)).count())
}

fn later(event: impl FnOnce() + 'static) {
    // Nothing happens any more when the test is over and what it left is taken down.
    let _ = WIRE.try_with(|wire| wire.borrow_mut().push_back(Box::new(event)));
}

/// The end of a description that has a candidate in it.
const HERE: &str = " here";

/// A peer connection.
pub struct Simulated(Rc<End>);

type Listener<E> = RefCell<Option<Rc<dyn Fn(E)>>>;

struct End {
    name: usize,
    peer: RefCell<Weak<End>>,
    listener: Listener<Event<SimulatedChannel>>,
    /// Whether its candidate was told: descriptions made from then on have it in them.
    gathered: Cell<bool>,
    /// Whether a candidate of the peer is known.
    reachable: Cell<bool>,
    connected: Cell<bool>,
    closed: Cell<bool>,
    channels: RefCell<Vec<(String, Rc<Pair>)>>,
}

impl Simulated {
    /// ICE loses the peer, on both sides.
    pub fn fail(&self) {
        for end in [Some(self.0.clone()), self.0.peer.borrow().upgrade()].into_iter().flatten() {
            later(move || end.tell(Event::State(ConnectionState::Failed)));
        }
    }
}

impl End {
    fn tell(&self, event: Event<SimulatedChannel>) {
        let listener = self.listener.borrow().clone().filter(|_| !self.closed.get());
        if let Some(listener) = listener {
            listener(event);
        }
    }

    fn meets(self: &Rc<Self>, description: &str) -> Result<(), Error> {
        let (name, gathered) = match description.strip_suffix(HERE) {
            Some(name) => (name, true),
            None => (description, false),
        };
        let name = name.strip_prefix("end ").and_then(|name| name.parse::<usize>().ok());
        let peer = ENDS.with_borrow(|ends| ends.get(name?).cloned()).ok_or(Error::Unexpected)?;
        *self.peer.borrow_mut() = peer;
        if gathered {
            self.reachable.set(true);
            let end = self.clone();
            later(move || end.connects());
        }
        Ok(())
    }

    /// Once each knows where the other is, the connection stands.
    fn connects(&self) {
        let Some(peer) = self.peer.borrow().upgrade() else { return };
        let knows = |end: &End| end.reachable.get() && end.peer.borrow().upgrade().is_some();
        if !knows(self) || !knows(&peer) || self.connected.get() {
            return;
        }
        for end in [self, &*peer] {
            end.connected.set(true);
            end.tell(Event::State(ConnectionState::Connected));
        }
        // A channel that one is told of becomes one of its own, too.
        for (end, made) in [self, &*peer].map(|end| (end, end.channels.borrow().clone())) {
            made.into_iter().for_each(|(label, pair)| end.announce(label, pair));
        }
    }

    fn announce(&self, label: String, pair: Rc<Pair>) {
        let Some(peer) = self.peer.borrow().upgrade() else { return };
        peer.channels.borrow_mut().push((String::new(), pair.clone()));
        later(move || {
            let channel = SimulatedChannel { pair: pair.clone(), side: 1 };
            pair.0.iter().for_each(|side| side.open.set(true));
            peer.tell(Event::Channel { label, channel });
            pair.0[0].tell(ChannelEvent::Open);
        });
    }
}

impl PeerConnection for Simulated {
    type Channel = SimulatedChannel;

    async fn open(_: &[IceServer]) -> Result<Self, Error> {
        let end = |name| End {
            name,
            peer: RefCell::default(),
            gathered: Cell::default(),
            listener: RefCell::default(),
            reachable: Cell::default(),
            connected: Cell::default(),
            closed: Cell::default(),
            channels: RefCell::default(),
        };
        let end = Rc::new(end(ENDS.with_borrow(Vec::len)));
        ENDS.with_borrow_mut(|ends| ends.push(Rc::downgrade(&end)));
        Ok(Self(end))
    }

    fn spawn(task: impl Future<Output = ()> + 'static) {
        let _ = SPAWNER.try_with(|spawner| spawner.spawn_local(task).expect("the pool lasts"));
    }

    fn listen(&self, listener: impl Fn(Event<SimulatedChannel>) + 'static) {
        *self.0.listener.borrow_mut() = Some(Rc::new(listener));
    }

    fn create_channel(&self, label: &str) -> Result<SimulatedChannel, Error> {
        if self.0.closed.get() {
            return Err(Error::Closed);
        }
        let pair = Rc::new(Pair::default());
        let mut channels = self.0.channels.borrow_mut();
        channels.push((label.to_owned(), pair.clone()));
        drop(channels);
        if self.0.connected.get() {
            self.0.announce(label.to_owned(), pair.clone());
        }
        Ok(SimulatedChannel { pair, side: 0 })
    }

    async fn offer(&self) -> Result<(), Error> {
        let end = self.0.clone();
        later(move || {
            end.gathered.set(true);
            end.tell(Event::Candidate(r#"{"candidate":"here"}"#.to_owned()));
        });
        Ok(())
    }

    async fn answer(&self) -> Result<(), Error> {
        self.offer().await
    }

    async fn description(&self) -> Result<String, Error> {
        Ok(format!("end {}{}", self.0.name, if self.0.gathered.get() { HERE } else { "" }))
    }

    async fn set_offer(&self, sdp: &str) -> Result<(), Error> {
        self.0.meets(sdp)
    }

    async fn set_answer(&self, sdp: &str) -> Result<(), Error> {
        self.0.meets(sdp)
    }

    fn add_candidate(&self, _: &str) {
        self.0.reachable.set(true);
        let end = self.0.clone();
        later(move || end.connects());
    }

    /// The peer is only told that all channels are gone, as browsers do.
    fn close(&self) {
        if self.0.closed.replace(true) {
            return;
        }
        for (_, pair) in self.0.channels.take() {
            later(move || pair.close());
        }
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        self.close();
    }
}

/// A data channel: one side of a pair, the first of whoever opened it.
pub struct SimulatedChannel {
    pair: Rc<Pair>,
    side: usize,
}

#[derive(Default)]
struct Pair([Side; 2]);

#[derive(Default)]
struct Side {
    listener: Listener<ChannelEvent>,
    low: Cell<u32>,
    open: Cell<bool>,
    over: Cell<bool>,
    queued: Cell<u32>,
}

impl Pair {
    fn close(&self) {
        for side in &self.0 {
            side.open.set(false);
            if !side.over.replace(true) {
                side.tell(ChannelEvent::Close);
            }
        }
    }
}

impl Side {
    fn tell(&self, event: ChannelEvent) {
        let listener = self.listener.borrow().clone();
        if let Some(listener) = listener {
            listener(event);
        }
    }

    fn sent(&self, bytes: u32) {
        let before = self.queued.get();
        self.queued.set(before - bytes);
        if before > self.low.get() && before - bytes <= self.low.get() {
            self.tell(ChannelEvent::Low);
        }
    }
}

impl SimulatedChannel {
    fn own(&self) -> &Side {
        &self.pair.0[self.side]
    }
}

impl DataChannel for SimulatedChannel {
    fn listen(&self, low: u32, listener: impl Fn(ChannelEvent) + 'static) {
        self.own().low.set(low);
        *self.own().listener.borrow_mut() = Some(Rc::new(listener));
    }

    fn is_open(&self) -> bool {
        self.own().open.get()
    }

    fn buffered(&self) -> u32 {
        self.own().queued.get()
    }

    fn send(&self, message: &[u8]) -> Result<(), Error> {
        if !self.is_open() {
            return Err(Error::Closed);
        }
        let bytes = u32::try_from(message.len()).map_err(|_| Error::Unexpected)?;
        self.own().queued.set(self.own().queued.get() + bytes);
        let (pair, side, message) = (self.pair.clone(), self.side, message.to_vec());
        later(move || {
            pair.0[side].sent(bytes);
            pair.0[1 - side].tell(ChannelEvent::Message(message));
        });
        Ok(())
    }

    fn close(&self) {
        self.own().open.set(false);
        let pair = self.pair.clone();
        later(move || pair.close());
    }
}

impl Drop for SimulatedChannel {
    fn drop(&mut self) {
        self.own().listener.take();
    }
}
