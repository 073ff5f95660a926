use std::fs;
use std::path::PathBuf;

use covey_rooms::disk::conformance::{self, Page, Rig};
use tempfile::TempDir;

use super::*;

const ROOM: RoomId = RoomId([7; 32]);

/// A folder of the file system.
struct Folder(TempDir);

impl Folder {
    fn room(&self) -> PathBuf {
        self.0.path().join(ROOM.to_hex())
    }
}

impl Rig for Folder {
    type Page = Disk;

    async fn empty(&mut self) {
        self.0 = tempfile::tempdir().unwrap();
    }

    /// The record of a scenario is none of a room, so that it is not decoded.
    async fn open(&mut self) -> Option<Disk> {
        files::make_folder(&self.room()).unwrap();
        let log = Log::open(&self.room().join("log")).ok()?.log;
        Some(Disk::start(Writer::new(self.room(), log)).unwrap())
    }

    /// Where a folder is in the way of a file nothing can be written.
    fn refuse(&mut self, refuses: bool) {
        let way = self.room().join("record.new");
        if refuses { fs::create_dir(way).unwrap() } else { fs::remove_dir(way).unwrap() }
    }
}

impl Page for Disk {
    type Error = DiskError;

    fn perform(&mut self, command: DiskCommand) {
        Disk::perform(self, command);
    }

    async fn event(&mut self) -> DiskEvent<DiskError> {
        Disk::event(self).await
    }

    async fn crash(mut self) {
        self.commands.take();
        // Its lock is free when the thread has ended.
        self.thread.take().unwrap().join().unwrap();
    }
}

#[test]
fn the_files_of_a_room_pass_every_scenario() {
    let mut folder = Folder(tempfile::tempdir().unwrap());
    let (mut failed, mut count) = (Vec::new(), 0);
    futures::executor::block_on(conformance::run(&mut folder, |name, outcome| {
        count += 1;
        failed.extend(outcome.err().map(|why| format!("{name}: {why}")));
    }));
    assert_eq!(failed, [""; 0]);
    assert!(count > 0);
}
