//! The disk of one room: a thread writes whatever gathered while it wrote before.
//!
//! ```text
//!   <data> ─┬─ device                        who this peer is
//!           └─ <room id in hex> ─┬─ log       segments, causes first
//!                                ├─ log.lock  held while the room is open
//!                                ├─ record    keys, the link, names; replaced whole
//!                                └─ blobs     pieces of files, each under its key
//! ```

use std::io;
use std::path::Path;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use covey_rooms::disk::{DiskCommand, DiskEvent};
use covey_rooms::room::Record;
use covey_wire::frame::{DecodeError, Wire};
use covey_wire::id::RoomId;
use thiserror::Error;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::files;
use crate::log::{Cut, Log};
use crate::writer::Writer;

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

/// What a disk has of a room: its record, if it was ever opened, and its log.
pub type Stored = Option<(Record, Vec<Vec<u8>>)>;

/// The disk of one room. What it was given is written in order.
pub struct Disk {
    commands: Option<mpsc::Sender<DiskCommand>>,
    events: UnboundedReceiver<DiskEvent<DiskError>>,
    thread: Option<JoinHandle<()>>,
}

impl Disk {
    /// Opens a room's folder, and makes it at the first time.
    pub fn open(data: &Path, room: RoomId) -> Result<(Self, Stored, Option<Cut>), DiskError> {
        let folder = data.join(room.to_hex());
        files::make_folder(&folder)?;
        files::sync_names(&folder)?;
        let opened = Log::open(&folder.join("log"))?;
        let record = files::read(&folder.join("record"))?;
        let record = record.map(|bytes| Record::from_bytes(&bytes)).transpose()?;
        let stored = record.map(|record| (record, opened.segments));
        Ok((Self::start(Writer::new(folder, opened.log))?, stored, opened.cut))
    }

    fn start(writer: Writer) -> io::Result<Self> {
        let (commands, given) = mpsc::channel();
        let (tell, events) = unbounded_channel();
        let thread = thread::Builder::new()
            .name("disk".to_owned())
            .spawn(move || writer.run(&given, &tell))?;
        Ok(Self { commands: Some(commands), events, thread: Some(thread) })
    }

    /// Gives it a command.
    pub fn perform(&self, command: DiskCommand) {
        if let Some(commands) = &self.commands {
            // A thread that is gone has told why.
            let _ = commands.send(command);
        }
    }

    /// The next event. Dropping the future loses nothing.
    pub async fn event(&mut self) -> DiskEvent<DiskError> {
        self.events.recv().await.unwrap_or(DiskEvent::Failed(DiskError::Gone))
    }

    /// Writes the rest.
    pub fn close(mut self) -> Result<(), DiskError> {
        self.commands.take();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            return Err(DiskError::Gone);
        }
        while let Ok(event) = self.events.try_recv() {
            if let DiskEvent::Failed(error) = event {
                return Err(error);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "disk_tests.rs"]
mod tests;
