//! Runs one room: due timers, then events to the page, then bytes to the network and the disk,
//! only then new input. Nothing is borrowed while JavaScript runs.

mod call;
mod events;
mod net;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use covey_rooms::disk::DiskEvent;
use covey_rooms::room::{Event, Input, Output, Room};
use covey_wire::id::RoomId;
use covey_wire::meet::IceServer;
use covey_wire::time::Instant;
use js_sys::{Array, Function};
use wasm_bindgen_futures::spawn_local;

use crate::js::error::storage;
use crate::platform::{self, Timeout, now};
use crate::storage::{Database, Disk, StorageError, key_of, place};
pub use call::may_bits;
use events::Updates;
pub use events::color;
pub use net::Net;

/// How long a goodbye may take.
const GOODBYE: u64 = 300;

/// A room with its network, its disk and its page.
pub struct Driver {
    id: RoomId,
    room: RefCell<Room>,
    net: Rc<Net>,
    disk: Rc<Disk>,
    listener: RefCell<Option<Function>>,
    timer: RefCell<Option<(Instant, Timeout)>>,
    left: Cell<bool>,
}

impl Driver {
    /// Nothing happens before [`Driver::start`]. The network is under the identity of the room's seat.
    /// A room that is not `known` was not on the disk before.
    pub fn new(room: Room, net: Rc<Net>, database: Option<Database>, known: bool) -> Rc<Self> {
        let id = room.id();
        Rc::new_cyclic(|driver: &Weak<Self>| {
            let driver = driver.clone();
            let disk = Disk::new(database, id, known, move |report| {
                if let Some(driver) = driver.upgrade() {
                    driver.reported(report);
                }
            });
            Self {
                id,
                room: RefCell::new(room),
                net,
                disk,
                listener: RefCell::default(),
                timer: RefCell::default(),
                left: Cell::new(false),
            }
        })
    }

    /// Connects, and tells `listener` what happens from then on.
    pub fn start(self: &Rc<Self>, listener: Function) {
        *self.listener.borrow_mut() = Some(listener);
        self.drain();
        let driver = self.clone();
        spawn_local(async move {
            while let Some(event) = driver.net.next().await {
                driver.input(Input::Net(event));
            }
        });
    }

    /// Takes an input and does all that follows from it.
    pub fn input(self: &Rc<Self>, input: Input) {
        self.room.borrow_mut().handle(input, now());
        self.drain();
    }

    /// Asks the room something. Nothing may be called from within.
    pub fn ask<T>(&self, question: impl FnOnce(&mut Room) -> T) -> T {
        question(&mut self.room.borrow_mut())
    }

    /// The STUN and TURN servers that nodes offer.
    pub fn ice_servers(&self) -> Vec<IceServer> {
        self.net.ice_servers()
    }

    /// The page is being closed: says goodbye and hands the rest to the disk at once.
    pub fn hide(self: &Rc<Self>) {
        self.input(Input::Leave);
        for event in self.net.poll_now() {
            self.input(Input::Net(event));
        }
        self.disk.flush();
    }

    /// Takes in what another page of this device has stored under these keys.
    pub fn found(self: &Rc<Self>, keys: Array) {
        let driver = self.clone();
        spawn_local(async move {
            let keys: Vec<_> = keys.iter().filter_map(|key| key_of(driver.id, &key)).collect();
            let segments = driver.disk.segments(&keys).await;
            if !segments.is_empty() && !driver.left.get() {
                let input = Input::Found(segments.clone());
                driver.disk.having(&segments, || driver.input(input));
            }
        });
    }

    /// The room was forgotten on this device: nothing of it is written any more.
    pub fn forget(&self) {
        self.disk.forget();
    }

    /// Says goodbye, waits until it is heard or long enough, and closes every connection.
    pub async fn leave(self: Rc<Self>) {
        if self.left.replace(true) {
            return;
        }
        self.input(Input::Leave);
        let (net, timeout) = (self.net.disconnected(), platform::pause(GOODBYE));
        futures::future::select(Box::pin(net), Box::pin(timeout)).await;
        self.net.close();
        self.timer.take();
        self.disk.idle().await;
        // Others are told of the last that is written, too.
        self.listener.take();
    }

    fn drain(self: &Rc<Self>) {
        let mut updates = Updates::default();
        loop {
            let Some(output) = self.room.borrow_mut().poll() else { break };
            let output = match output {
                Output::Event(Event::Update { name, update }) => {
                    if let Some(before) = updates.push(name, &update) {
                        self.tell_updates(before);
                    }
                    continue;
                }
                output => output,
            };
            // Each event comes after what came before it; the network and the disk need not wait.
            if matches!(output, Output::Event(_)) {
                self.tell_updates(core::mem::take(&mut updates));
            }
            self.perform(output);
        }
        self.tell_updates(updates);
        self.set_timer();
    }

    fn tell_updates(&self, updates: Updates) {
        self.with_listener(|listener| updates.tell(listener));
    }

    fn perform(&self, output: Output) {
        match output {
            Output::Net(command) => self.net.command(command),
            Output::Disk(command) => self.disk.perform(command),
            Output::Event(event) => self.tell(event),
        }
    }

    fn tell(&self, event: Event) {
        self.with_listener(|listener| events::tell(listener, event));
    }

    fn reported(self: &Rc<Self>, event: DiskEvent<StorageError>) {
        match event {
            DiskEvent::Stored(token) => self.input(Input::Stored(token)),
            DiskEvent::Failed(error) => {
                self.with_listener(|to| events::notice(to, &storage(&error)));
            }
            DiskEvent::Writing(keys) if keys.is_empty() => {}
            DiskEvent::Writing(keys) => {
                let places = keys.iter().map(|key| place(self.id, key)).collect();
                self.with_listener(|to| events::stored(to, &places));
            }
            DiskEvent::Forgotten => self.with_listener(|to| events::disk(to, "forgotten")),
            DiskEvent::Emptied => {
                let (record, log) = self.room.borrow().everything();
                self.disk.everything(record, log);
                self.with_listener(|to| events::disk(to, "emptied"));
            }
            // It is asked only by `Disk::segments`.
            DiskEvent::Loaded { .. } | DiskEvent::Segments(_) | DiskEvent::Blob { .. } => {}
        }
    }

    fn with_listener(&self, tell: impl FnOnce(&Function)) {
        let listener = self.listener.borrow().clone();
        if let Some(listener) = listener {
            tell(&listener);
        }
    }

    /// Sets the timer to when the room wants it.
    fn set_timer(self: &Rc<Self>) {
        let due = self.room.borrow().poll_timeout();
        let set = self.timer.borrow().as_ref().map(|(set, _)| *set);
        if due == set {
            return;
        }
        let driver = Rc::downgrade(self);
        let timer = due.map(|due| {
            let wait = due.since(now().elapsed).as_millis().try_into().unwrap_or(u64::MAX);
            (due, Timeout::new(wait, move || tick(&driver)))
        });
        *self.timer.borrow_mut() = timer;
    }
}

fn tick(driver: &Weak<Driver>) {
    let Some(driver) = driver.upgrade() else { return };
    // Dropped only after the callback: it is the callback's own.
    let expired = driver.timer.take();
    driver.input(Input::Tick);
    drop(expired);
}
