//! The disk of one room: a thread writes whatever gathered while it wrote before.
//!
//! ```text
//!   <data> ─┬─ device                        who this peer is
//!           └─ <room id in hex> ─┬─ log       segments, causes first
//!                                ├─ log.lock  held while the room is open
//!                                └─ record    keys, the link, names; replaced whole
//! ```

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use covey_rooms::ledger::Pack;
use covey_rooms::room::Record;
use covey_wire::frame::{DecodeError, Wire};
use covey_wire::id::RoomId;
use thiserror::Error;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::files;
use crate::log::{Cut, Log};

/// Why the room can't be kept.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DiskError {
    /// The file system refused.
    #[error("the disk refused: {0}")]
    Io(#[from] io::Error),
    /// What it has was not written by this version, or is damaged.
    #[error("the room's record can't be read: {0}")]
    Record(#[from] DecodeError),
    /// The thread that writes is gone.
    #[error("nothing is written any more")]
    Gone,
}

enum Write {
    Segment(u64, Arc<[u8]>),
    Packs(Vec<Pack>),
    Record(Vec<u8>),
}

/// What a disk has of a room: its record, if it was ever opened, and its log.
pub type Stored = Option<(Record, Vec<Vec<u8>>)>;

/// The disk of one room. What it was given is written in order.
pub struct Disk {
    writes: Option<mpsc::Sender<Write>>,
    done: UnboundedReceiver<Result<Vec<u64>, DiskError>>,
    thread: Option<JoinHandle<()>>,
}

impl Disk {
    /// Opens a room's folder, and makes it at the first time.
    pub fn open(data: &Path, room: RoomId) -> Result<(Self, Stored, Option<Cut>), DiskError> {
        let folder = data.join(room.to_hex());
        files::make_folder(&folder)?;
        files::sync_names(&folder)?;
        let opened = Log::open(&folder.join("log"))?;
        let path = folder.join("record");
        let record = files::read(&path)?.map(|bytes| Record::from_bytes(&bytes)).transpose()?;
        let stored = record.map(|record| (record, opened.segments));
        let (writes, given) = mpsc::channel();
        let (tell, done) = unbounded_channel();
        let thread = thread::Builder::new()
            .name("disk".to_owned())
            .spawn(move || work(opened.log, path, &given, &tell))?;
        Ok((Self { writes: Some(writes), done, thread: Some(thread) }, stored, opened.cut))
    }

    /// Stores a segment.
    pub fn segment(&self, token: u64, bytes: Arc<[u8]>) {
        self.write(Write::Segment(token, bytes));
    }

    /// Stores segments in place of what they were joined from.
    pub fn pack(&self, packs: Vec<Pack>) {
        if !packs.is_empty() {
            self.write(Write::Packs(packs));
        }
    }

    /// Stores the record in place of the one before.
    pub fn record(&self, bytes: Vec<u8>) {
        self.write(Write::Record(bytes));
    }

    /// The next tokens whose segments the disk has. Dropping the future loses nothing.
    pub async fn stored(&mut self) -> Result<Vec<u64>, DiskError> {
        self.done.recv().await.unwrap_or(Err(DiskError::Gone))
    }

    /// Writes the rest.
    pub fn close(mut self) -> Result<(), DiskError> {
        self.writes.take();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            return Err(DiskError::Gone);
        }
        while let Ok(report) = self.done.try_recv() {
            report?;
        }
        Ok(())
    }

    fn write(&self, write: Write) {
        if let Some(writes) = &self.writes {
            // A thread that is gone has told why.
            let _ = writes.send(write);
        }
    }
}

fn work(
    mut log: Log,
    record: PathBuf,
    given: &mpsc::Receiver<Write>,
    tell: &UnboundedSender<Result<Vec<u64>, DiskError>>,
) {
    while let Ok(first) = given.recv() {
        let written = batch(&mut log, &record, [first].into_iter().chain(given.try_iter()));
        let failed = written.is_err();
        // Nobody asks any more when the peer is ending.
        let _ = tell.send(written);
        if failed {
            return;
        }
    }
}

fn batch(
    log: &mut Log,
    path: &Path,
    writes: impl Iterator<Item = Write>,
) -> Result<Vec<u64>, DiskError> {
    let (mut tokens, mut segments, mut record) = (Vec::new(), Vec::new(), None);
    for write in writes {
        match write {
            Write::Segment(token, bytes) => {
                tokens.push(token);
                segments.push(bytes);
            }
            Write::Packs(packs) => log.pack(&packs)?,
            Write::Record(bytes) => record = Some(bytes),
        }
    }
    // The record first: without it a log is of no use.
    if let Some(record) = record {
        files::replace(path, &record)?;
    }
    if !segments.is_empty() {
        log.append(&segments)?;
    }
    Ok(tokens)
}
