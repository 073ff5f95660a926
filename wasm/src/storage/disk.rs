//! The disk of one room: whatever gathered while a transaction ran goes into the next one.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use covey_core::id::RoomId;
use covey_core::ledger::Pack;
use futures::channel::oneshot;
use wasm_bindgen_futures::spawn_local;

use super::{Database, StorageError};
use crate::platform::{self, Timeout};

/// Bytes in one transaction: a large download is marked saved bit by bit.
const BATCH: usize = 4 << 20;
/// Milliseconds in which what comes is stored together; in a hidden page, whose timers are slowed down, it
/// may be a second.
const BREATH: u64 = 12;
/// A storage that failed is tried again after so many milliseconds.
const PATIENCE: u64 = 10_000;

/// What became of what was to be stored.
#[derive(Debug)]
pub enum Report {
    /// The disk has the segment of this token, and all before it.
    Stored(u64),
    /// It refused. It is tried again after a pause, but told only once in a row.
    Failed(StorageError),
}

/// Writes one room's record and segments, in order.
pub struct Disk {
    database: Option<Database>,
    room: RoomId,
    report: Box<dyn Fn(Report)>,
    record: RefCell<Option<Vec<u8>>>,
    segments: RefCell<VecDeque<(u64, Arc<[u8]>)>>,
    /// Tokens of all that is not on the disk, on its way or not, in order.
    missing: RefCell<VecDeque<u64>>,
    /// The newest token.
    newest: Cell<u64>,
    writing: Cell<bool>,
    failed: Cell<bool>,
    retry: RefCell<Option<Timeout>>,
    idle: RefCell<Vec<oneshot::Sender<()>>>,
}

impl Disk {
    /// Without a database everything is refused.
    pub fn new(
        database: Option<Database>,
        room: RoomId,
        report: impl Fn(Report) + 'static,
    ) -> Rc<Self> {
        Rc::new(Self {
            database,
            room,
            report: Box::new(report),
            record: RefCell::default(),
            segments: RefCell::default(),
            missing: RefCell::default(),
            newest: Cell::new(0),
            writing: Cell::new(false),
            failed: Cell::new(false),
            retry: RefCell::default(),
            idle: RefCell::default(),
        })
    }

    /// Stores a segment.
    pub fn segment(self: &Rc<Self>, token: u64, bytes: Arc<[u8]>) {
        self.missing.borrow_mut().push_back(token);
        self.newest.set(token);
        self.segments.borrow_mut().push_back((token, bytes));
        self.start();
    }

    /// Stores segments in place of what they were joined from. What can't be replaced stays as it is
    /// until the room is opened the next time.
    pub fn pack(self: &Rc<Self>, packs: Vec<Pack>) {
        let Some(database) = self.database.clone().filter(|_| !packs.is_empty()) else { return };
        let room = self.room;
        spawn_local(async move {
            platform::pause(BREATH).await;
            drop(database.replace(room, &packs).await);
        });
    }

    /// Stores the record in place of the one before.
    pub fn record(self: &Rc<Self>, bytes: Vec<u8>) {
        *self.record.borrow_mut() = Some(bytes);
        self.start();
    }

    /// Hands everything to the browser at once, behind what is being written: the page is about
    /// to be closed.
    pub fn hurry(self: &Rc<Self>) {
        let disk = self.clone();
        spawn_local(async move { while disk.write().await {} });
    }

    /// Waits until nothing is being written; what was refused is tried once more.
    pub async fn idle(self: &Rc<Self>) {
        self.quiet().await;
        if self.retry.take().is_some() {
            self.start();
            self.quiet().await;
        }
    }

    async fn quiet(&self) {
        if !self.writing.get() {
            return;
        }
        let (send, receive) = oneshot::channel();
        self.idle.borrow_mut().push(send);
        // An error means that the disk is gone.
        let _ = receive.await;
    }

    fn start(self: &Rc<Self>) {
        let hopeless = self.database.is_none() && self.failed.get();
        if hopeless || self.retry.borrow().is_some() || self.writing.replace(true) {
            return;
        }
        let disk = self.clone();
        spawn_local(async move {
            // Others see an edit, and answer it, the sooner the later the disk does.
            platform::pause(BREATH).await;
            while disk.write().await {}
            disk.writing.set(false);
            for waiting in disk.idle.take() {
                // Whoever waited may be gone.
                let _ = waiting.send(());
            }
        });
    }

    /// Writes one batch; false when there is nothing more to be done now.
    async fn write(self: &Rc<Self>) -> bool {
        let (record, batch) = (self.record.take(), self.take_batch());
        if record.is_none() && batch.is_empty() {
            return false;
        }
        let (tokens, segments): (Vec<u64>, Vec<Arc<[u8]>>) = batch.into_iter().unzip();
        let written = match &self.database {
            Some(database) => database.write(self.room, record.as_deref(), &segments).await,
            None => Err(StorageError::Unavailable),
        };
        match written {
            Ok(()) => {
                self.failed.set(false);
                (self.report)(Report::Stored(self.stored(&tokens)));
                true
            }
            Err(error) => {
                self.put_back(record, tokens, segments);
                self.try_later();
                if !self.failed.replace(true) {
                    (self.report)(Report::Failed(error));
                }
                false
            }
        }
    }

    /// Up to which token the disk has everything: when the page is being closed two batches are on
    /// their way, and the first can fail.
    fn stored(&self, tokens: &[u64]) -> u64 {
        let mut missing = self.missing.borrow_mut();
        missing.retain(|token| tokens.binary_search(token).is_err());
        missing.front().map_or(self.newest.get(), |first| first - 1)
    }

    fn try_later(self: &Rc<Self>) {
        if self.database.is_none() {
            return;
        }
        let disk = Rc::downgrade(self);
        *self.retry.borrow_mut() = Some(Timeout::new(PATIENCE, move || try_again(&disk)));
    }

    fn take_batch(&self) -> Vec<(u64, Arc<[u8]>)> {
        let mut segments = self.segments.borrow_mut();
        let (mut batch, mut size) = (Vec::new(), 0);
        while size < BATCH
            && let Some((token, bytes)) = segments.pop_front()
        {
            size += bytes.len();
            batch.push((token, bytes));
        }
        batch
    }

    fn put_back(&self, record: Option<Vec<u8>>, tokens: Vec<u64>, segments: Vec<Arc<[u8]>>) {
        let mut newest = self.record.borrow_mut();
        if newest.is_none() {
            *newest = record;
        }
        let mut queue = self.segments.borrow_mut();
        for unwritten in tokens.into_iter().zip(segments).rev() {
            queue.push_front(unwritten);
        }
        // Of two batches on their way both can fail.
        queue.make_contiguous().sort_unstable_by_key(|(token, _)| *token);
    }
}

fn try_again(disk: &Weak<Disk>) {
    let Some(disk) = disk.upgrade() else { return };
    // Dropped only after the callback: it is the callback's own.
    let rung = disk.retry.take();
    disk.start();
    drop(rung);
}
