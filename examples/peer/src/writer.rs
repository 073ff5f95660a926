//! The thread that writes the files of one room, in the order in which it was given things.

use std::collections::VecDeque;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use covey_rooms::disk::{BlobKey, DiskCommand, DiskEvent, SegmentKey};
use covey_wire::id::hex;
use tokio::sync::mpsc::UnboundedSender;

use crate::disk::DiskError;
use crate::files;
use crate::log::Log;

/// A disk that refused is tried again after so long, or when it is given more.
const RETRY: Duration = Duration::from_secs(10);

/// Everything that is to be written, and where.
pub struct Writer {
    folder: PathBuf,
    log: Log,
    record: Option<Vec<u8>>,
    queue: VecDeque<DiskCommand>,
    /// Up to which token everything is written.
    stored: u64,
    failed: bool,
}

impl Writer {
    /// A writer of a room's folder.
    pub fn new(folder: PathBuf, log: Log) -> Self {
        Self { folder, log, record: None, queue: VecDeque::new(), stored: 0, failed: false }
    }

    /// Writes what is given until nobody gives anything more, and the rest.
    pub fn run(
        mut self,
        given: &Receiver<DiskCommand>,
        tell: &UnboundedSender<DiskEvent<DiskError>>,
    ) {
        // Nobody asks any more when the peer is ending.
        let tell = |event| drop(tell.send(event));
        loop {
            let first = if self.is_idle() {
                given.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                given.recv_timeout(RETRY)
            };
            let ends = matches!(first, Err(RecvTimeoutError::Disconnected));
            let mut questions = Vec::new();
            for command in first.into_iter().chain(given.try_iter()) {
                match command {
                    DiskCommand::Record(bytes) => self.record = Some(bytes),
                    DiskCommand::Load | DiskCommand::Read(_) | DiskCommand::Get(_) => {
                        questions.push(command);
                    }
                    _ => self.queue.push_back(command),
                }
            }
            self.write(ends, &tell);
            for question in questions {
                tell(self.answer(question).unwrap_or_else(|e| DiskEvent::Failed(e.into())));
            }
            if ends {
                return;
            }
        }
    }

    fn is_idle(&self) -> bool {
        self.record.is_none() && self.queue.is_empty()
    }

    /// Writes what it can; a failure is told once in a row, and at the end.
    fn write(&mut self, ends: bool, tell: &impl Fn(DiskEvent<DiskError>)) {
        if self.is_idle() {
            return;
        }
        let before = self.stored;
        let written = self.try_write();
        if written.is_ok() || self.stored > before {
            tell(DiskEvent::Stored(self.stored));
        }
        let told = self.failed && !ends;
        self.failed = written.is_err();
        if let (Err(error), false) = (written, told) {
            tell(DiskEvent::Failed(error.into()));
        }
    }

    fn try_write(&mut self) -> io::Result<()> {
        // The record first: without it a log is of no use.
        if let Some(record) = &self.record {
            files::replace(&self.folder.join("record"), record)?;
            self.record = None;
        }
        while !self.queue.is_empty() {
            self.write_segments()?;
            let Some(command) = self.queue.front() else { break };
            match command {
                DiskCommand::Pack(packs) => self.log.pack(packs)?,
                DiskCommand::Put { token, key, bytes } => {
                    files::make_folder(&self.folder.join("blobs"))?;
                    files::replace(&self.blob(key), bytes)?;
                    self.stored = *token;
                }
                DiskCommand::Drop(key) => match fs::remove_file(self.blob(key)) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                },
                _ => {}
            }
            self.queue.pop_front();
        }
        Ok(())
    }

    /// Writes the segments that follow each other at the front of the queue, at once.
    fn write_segments(&mut self) -> io::Result<()> {
        let mut token = self.stored;
        let segments = self.queue.iter().map_while(|command| match command {
            DiskCommand::Append { token: of, bytes, .. } => {
                token = *of;
                Some(bytes)
            }
            _ => None,
        });
        let segments: Vec<_> = segments.collect();
        if !segments.is_empty() {
            self.log.append(&segments)?;
            let count = segments.len();
            self.queue.drain(..count);
            self.stored = token;
        }
        Ok(())
    }

    fn answer(&self, question: DiskCommand) -> io::Result<DiskEvent<DiskError>> {
        Ok(match question {
            DiskCommand::Get(key) => DiskEvent::Blob { key, bytes: files::read(&self.blob(&key))? },
            DiskCommand::Read(keys) => {
                let mut segments = self.log.segments()?;
                segments.retain(|segment| keys.contains(&SegmentKey::of(segment)));
                DiskEvent::Segments(segments)
            }
            _ => {
                let record = files::read(&self.folder.join("record"))?;
                DiskEvent::Loaded { record, segments: self.log.segments()? }
            }
        })
    }

    fn blob(&self, key: &BlobKey) -> PathBuf {
        self.folder.join("blobs").join(hex(&key.0))
    }
}
