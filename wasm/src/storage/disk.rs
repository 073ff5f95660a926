//! The disk of one room: whatever gathered while a transaction ran goes into the next one.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use covey_core::id::RoomId;
use covey_core::time::Time;
use futures::channel::oneshot;
use wasm_bindgen_futures::spawn_local;

use super::{Database, StorageError};
use crate::platform;

/// Bytes in one transaction: a large download is marked saved bit by bit.
const BATCH: usize = 4 << 20;
/// A storage that failed is not tried again before this.
const PATIENCE: Duration = Duration::from_secs(10);

/// What became of what was to be stored.
#[derive(Debug)]
pub enum Report {
    /// The disk has the segments of these tokens.
    Stored(Vec<u64>),
    /// It refused. It is tried again, but told only once in a row.
    Failed(StorageError),
}

/// Writes one room's record and segments, in order.
pub struct Disk {
    database: Option<Database>,
    room: RoomId,
    report: Box<dyn Fn(Report)>,
    record: RefCell<Option<Vec<u8>>>,
    segments: RefCell<VecDeque<(u64, Arc<[u8]>)>>,
    writing: Cell<bool>,
    failed: Cell<Option<Time>>,
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
            writing: Cell::new(false),
            failed: Cell::new(None),
            idle: RefCell::default(),
        })
    }

    /// Stores a segment.
    pub fn segment(self: &Rc<Self>, token: u64, bytes: Arc<[u8]>) {
        self.segments.borrow_mut().push_back((token, bytes));
        self.start();
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

    /// Waits until nothing is being written.
    pub async fn idle(&self) {
        if !self.writing.get() {
            return;
        }
        let (send, receive) = oneshot::channel();
        self.idle.borrow_mut().push(send);
        // An error means that the disk is gone.
        let _ = receive.await;
    }

    fn start(self: &Rc<Self>) {
        let tired = self.failed.get().is_some_and(|at| platform::now().since(at) < PATIENCE);
        if tired || self.writing.replace(true) {
            return;
        }
        let disk = self.clone();
        spawn_local(async move {
            while disk.write().await {}
            disk.writing.set(false);
            for waiting in disk.idle.take() {
                // Whoever waited may be gone.
                let _ = waiting.send(());
            }
        });
    }

    /// Writes one batch; false when there is nothing more to be done now.
    async fn write(&self) -> bool {
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
                self.failed.set(None);
                (self.report)(Report::Stored(tokens));
                true
            }
            Err(error) => {
                self.put_back(record, tokens, segments);
                if self.failed.replace(Some(platform::now())).is_none() {
                    (self.report)(Report::Failed(error));
                }
                false
            }
        }
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
    }
}
