//! The disk of one room: whatever gathered while a transaction ran goes into the next one.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use covey_rooms::disk::{DiskCommand, DiskEvent, Packed, SegmentKey};
use covey_wire::id::RoomId;
use futures::channel::oneshot;
use wasm_bindgen_futures::spawn_local;

use super::database::Change;
use super::{Database, StorageError, Writing};
use crate::platform::{self, Timeout};

/// Bytes in one transaction: a large download is marked saved bit by bit.
const BATCH: usize = 4 << 20;
/// Milliseconds in which what comes is stored together; in a hidden page, whose timers are slowed down, it
/// may be a second.
const BATCH_DELAY: u64 = 12;
/// A storage that failed is tried again after so many milliseconds.
const RETRY_PAUSE: u64 = 10_000;

/// One write: tokens and changes, in order. A token of zero asks for no report.
type Batch = Vec<(u64, Change)>;

/// Writes one room's record and segments, in order.
pub struct Disk {
    database: Option<Database>,
    room: RoomId,
    report: Box<dyn Fn(DiskEvent<StorageError>)>,
    record: RefCell<Option<Vec<u8>>>,
    queue: RefCell<VecDeque<(u64, Change)>>,
    /// The write that is under way.
    in_flight: RefCell<Batch>,
    /// Segments that another page has written.
    found: RefCell<Vec<SegmentKey>>,
    /// Whether the room's record was on the disk.
    known: Cell<bool>,
    /// How often the database had been taken away when it was written last.
    losses: Cell<u32>,
    /// Whether to look for the room though there is nothing to write.
    look: Cell<bool>,
    /// The room was forgotten.
    forgotten: Cell<bool>,
    /// Tokens of all that is not on the disk, on its way or not, in order.
    unstored: RefCell<VecDeque<u64>>,
    /// The newest token.
    newest: Cell<u64>,
    writing: Cell<bool>,
    failed: Cell<bool>,
    retry: RefCell<Option<Timeout>>,
    idle: RefCell<Vec<oneshot::Sender<()>>>,
}

impl Disk {
    /// Without a database everything is refused. A room that is not `known` was not on the disk before.
    pub fn new(
        database: Option<Database>,
        room: RoomId,
        known: bool,
        report: impl Fn(DiskEvent<StorageError>) + 'static,
    ) -> Rc<Self> {
        let losses = database.as_ref().map_or(0, Database::losses);
        let disk = Rc::new(Self {
            database,
            room,
            in_flight: RefCell::default(),
            found: RefCell::default(),
            known: Cell::new(known),
            losses: Cell::new(losses),
            look: Cell::new(false),
            forgotten: Cell::new(false),
            report: Box::new(report),
            record: RefCell::default(),
            queue: RefCell::default(),
            unstored: RefCell::default(),
            newest: Cell::new(0),
            writing: Cell::new(false),
            failed: Cell::new(false),
            retry: RefCell::default(),
            idle: RefCell::default(),
        });
        if let Some(database) = &disk.database {
            database.watch(&disk);
        }
        disk
    }

    /// Carries out a command that changes something.
    pub fn perform(self: &Rc<Self>, command: DiskCommand) {
        let (token, change) = match command {
            DiskCommand::Append { token, key, bytes } => {
                // A segment that another page has written needs no second writing, only its turn to be
                // reported.
                let found = self.found.borrow().contains(&key);
                (token, if found { Change::None } else { Change::Segment(key, bytes) })
            }
            DiskCommand::Put { token, key, bytes } => (token, Change::Blob(key, bytes)),
            DiskCommand::Drop(key) => (0, Change::NoBlob(key)),
            DiskCommand::Record(bytes) => return self.record(bytes),
            DiskCommand::Pack(packs) => return self.pack(packs),
            DiskCommand::Load | DiskCommand::Read(_) | DiskCommand::Get(_) => return,
        };
        if token > 0 {
            self.unstored.borrow_mut().push_back(token);
            self.newest.set(token);
        }
        // A command without a token of its own stays behind the one before it.
        let token = if token > 0 { token } else { self.newest.get() };
        self.queue.borrow_mut().push_back((token, change));
        self.start();
    }

    /// Segments that another page has announced, as far as the disk has them.
    pub async fn segments(&self, keys: &[SegmentKey]) -> Vec<Vec<u8>> {
        let Some(database) = self.database.as_ref().filter(|_| !self.forgotten.get()) else {
            return Vec::new();
        };
        // A segment that can't be read now comes from its author, or when the room is opened the next time.
        database.segments(self.room, keys).await.unwrap_or_default()
    }

    /// Segments to be stored while `act` runs are on the disk already if they are among these.
    pub fn having(&self, segments: &[Vec<u8>], act: impl FnOnce()) {
        *self.found.borrow_mut() = segments.iter().map(|bytes| SegmentKey::of(bytes)).collect();
        act();
        self.found.take();
    }

    /// Writes all that there is of the room, as if for the first time.
    pub fn everything(self: &Rc<Self>, record: Vec<u8>, log: Vec<Arc<[u8]>>) {
        self.known.set(false);
        *self.record.borrow_mut() = Some(record);
        let mut queue = self.queue.borrow_mut();
        for bytes in log.into_iter().rev() {
            queue.push_front((0, Change::Segment(SegmentKey::of(&bytes), bytes)));
        }
        drop(queue);
        self.retry.take();
        self.start();
    }

    /// Nothing is written any more.
    pub fn forget(&self) {
        self.forgotten.set(true);
        self.record.take();
        self.queue.take();
        self.retry.take();
    }

    /// The database was taken away: looks at once whether the room is still there.
    pub fn look_again(self: &Rc<Self>) {
        self.look.set(true);
        self.retry.take();
        self.start();
    }

    /// Stores segments in place of what they were joined from. What can't be replaced stays as it is
    /// until the room is opened the next time.
    fn pack(self: &Rc<Self>, packs: Vec<Packed>) {
        let Some(database) = self.database.clone().filter(|_| !packs.is_empty()) else { return };
        let disk = self.clone();
        spawn_local(async move {
            platform::pause(BATCH_DELAY).await;
            if disk.forgotten.get() {
                return;
            }
            let announce = |keys| (disk.report)(DiskEvent::Writing(keys));
            drop(database.replace(disk.room, &packs, &announce).await);
        });
    }

    /// Stores the record in place of the one before.
    fn record(self: &Rc<Self>, bytes: Vec<u8>) {
        *self.record.borrow_mut() = Some(bytes);
        self.start();
    }

    /// Hands everything to the browser at once: the page is about to be closed. What is on its way is
    /// written once more, since it may wait for an answer.
    pub fn flush(self: &Rc<Self>) {
        let disk = self.clone();
        spawn_local(async move {
            let batch = disk.in_flight.take();
            disk.requeue(None, batch);
            while disk.known.get() && disk.write(true).await {}
            while disk.write(false).await {}
        });
    }

    /// Waits until nothing is being written; what was refused is tried once more.
    pub async fn idle(self: &Rc<Self>) {
        self.finished().await;
        if self.retry.take().is_some() {
            self.start();
            self.finished().await;
        }
    }

    async fn finished(&self) {
        if !self.writing.get() {
            return;
        }
        let (send, receive) = oneshot::channel();
        self.idle.borrow_mut().push(send);
        // An error means that the disk is gone.
        let _ = receive.await;
    }

    fn start(self: &Rc<Self>) {
        let unavailable = self.database.is_none() && self.failed.get();
        if self.forgotten.get()
            || unavailable
            || self.retry.borrow().is_some()
            || self.writing.replace(true)
        {
            return;
        }
        let disk = self.clone();
        spawn_local(async move {
            // Others see an edit, and answer it, the sooner the later the disk does.
            platform::pause(BATCH_DELAY).await;
            while disk.write(false).await {}
            disk.writing.set(false);
            for waiting in disk.idle.take() {
                // A waiting task may be gone.
                let _ = waiting.send(());
            }
        });
    }

    /// Writes one batch; false when there is nothing more to be done now. The `last` is written without
    /// looking whether the room is still there, and without its record: there is no time for an answer.
    async fn write(self: &Rc<Self>, last: bool) -> bool {
        let others = || (self.record.take(), self.look.take());
        let (record, look) = if last { (None, false) } else { others() };
        let batch = self.take_batch();
        if record.is_none() && batch.is_empty() && !look {
            return false;
        }
        self.in_flight.borrow_mut().clone_from(&batch);
        let (tokens, changes): (Vec<u64>, Vec<Change>) = batch.into_iter().unzip();
        let losses = self.database.as_ref().map_or(0, Database::losses);
        let writing = match self.known.get() {
            false => Writing::First,
            true if last => Writing::Last,
            true => Writing::Further,
        };
        let written = self.try_write(record.clone(), &changes, writing, look).await;
        self.in_flight.take();
        if self.forgotten.get() {
            return false;
        }
        match written {
            Ok(()) => {
                self.failed.set(false);
                self.known.set(true);
                self.losses.set(losses);
                (self.report)(DiskEvent::Stored(self.stored(&tokens)));
                true
            }
            Err(StorageError::Forgotten) if losses == self.losses.get() => {
                self.forget();
                (self.report)(DiskEvent::Forgotten);
                false
            }
            Err(StorageError::Forgotten) => {
                self.requeue(record, tokens.into_iter().zip(changes).collect());
                (self.report)(DiskEvent::Emptied);
                true
            }
            Err(error) => {
                self.requeue(record, tokens.into_iter().zip(changes).collect());
                // The database may have been taken away in the middle of it.
                let lost = self.database.as_ref().is_some_and(|db| db.losses() != losses);
                self.look.set(look || lost);
                self.schedule_retry();
                if !lost && error != StorageError::Lost && !self.failed.replace(true) {
                    (self.report)(DiskEvent::Failed(error));
                }
                false
            }
        }
    }

    async fn try_write(
        &self,
        record: Option<Vec<u8>>,
        changes: &[Change],
        writing: Writing,
        look: bool,
    ) -> Result<(), StorageError> {
        let Some(database) = &self.database else { return Err(StorageError::Unavailable) };
        let empty = changes.iter().all(|change| matches!(change, Change::None));
        if record.is_none() && empty && !look {
            return Ok(());
        }
        let announce = |keys| (self.report)(DiskEvent::Writing(keys));
        database.write(self.room, record, changes, writing, &announce).await
    }

    /// Up to which token the disk has everything: when the page is being closed two batches are on
    /// their way, and the first can fail.
    fn stored(&self, tokens: &[u64]) -> u64 {
        let mut unstored = self.unstored.borrow_mut();
        unstored.retain(|token| tokens.binary_search(token).is_err());
        unstored.front().map_or(self.newest.get(), |first| first - 1)
    }

    fn schedule_retry(self: &Rc<Self>) {
        if self.database.is_none() {
            return;
        }
        let disk = Rc::downgrade(self);
        *self.retry.borrow_mut() = Some(Timeout::new(RETRY_PAUSE, move || retry(&disk)));
    }

    fn take_batch(&self) -> Batch {
        let mut queue = self.queue.borrow_mut();
        let (mut batch, mut size) = (Vec::new(), 0);
        while size < BATCH
            && let Some((token, change)) = queue.pop_front()
        {
            size += change.size();
            batch.push((token, change));
        }
        batch
    }

    fn requeue(&self, record: Option<Vec<u8>>, batch: Batch) {
        let mut newest = self.record.borrow_mut();
        if newest.is_none() {
            *newest = record;
        }
        let mut queue = self.queue.borrow_mut();
        // Of two batches on their way both can fail, in either order.
        for (token, change) in batch.into_iter().rev() {
            let behind = queue.iter().take_while(|(other, _)| *other < token).count();
            queue.insert(behind, (token, change));
        }
    }
}

fn retry(disk: &Weak<Disk>) {
    let Some(disk) = disk.upgrade() else { return };
    // Dropped only after the callback: it is the callback's own.
    let expired = disk.retry.take();
    disk.start();
    drop(expired);
}
