use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::ready;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use covey_rooms::disk::DiskEvent;
use covey_rooms::disk::conformance::{self, Page, Rig};

use super::*;

/// A simulated disk that pages write as soon as they are given something, but for one that is full.
#[derive(Default)]
struct Shelf {
    disk: Rc<RefCell<Disk>>,
    full: Rc<RefCell<bool>>,
}

struct Reader {
    disk: Rc<RefCell<Disk>>,
    full: Rc<RefCell<bool>>,
    spool: Spool,
    failed: bool,
    events: VecDeque<DiskEvent<&'static str>>,
}

impl Rig for Shelf {
    type Page = Reader;

    async fn empty(&mut self) {
        *self = Self::default();
    }

    async fn open(&mut self) -> Option<Reader> {
        let (disk, full) = (self.disk.clone(), self.full.clone());
        let (spool, failed, events) = Default::default();
        Some(Reader { disk, full, spool, failed, events })
    }

    fn refuse(&mut self, refuses: bool) {
        *self.full.borrow_mut() = refuses;
    }
}

impl Page for Reader {
    type Error = &'static str;

    fn perform(&mut self, command: DiskCommand) {
        let disk = self.disk.borrow();
        match self.spool.take(command) {
            Some(DiskCommand::Load) => {
                let (record, segments) = disk.load();
                self.events.push_back(DiskEvent::Loaded { record, segments });
            }
            Some(DiskCommand::Read(keys)) => {
                let segments = keys.iter().filter_map(|key| disk.segment(key)).collect();
                self.events.push_back(DiskEvent::Segments(segments));
            }
            Some(DiskCommand::Get(key)) => {
                self.events.push_back(DiskEvent::Blob { key, bytes: disk.blob(&key) });
            }
            _ => {}
        }
        drop(disk);
        if *self.full.borrow() {
            if !self.failed {
                self.events.push_back(DiskEvent::Failed("full"));
            }
            self.failed = true;
            return;
        }
        self.failed = false;
        if self.spool.begin()
            && let Some(batch) = self.spool.end()
        {
            self.disk.borrow_mut().write(&batch);
            self.events.extend(batch.tokens.last().map(|token| DiskEvent::Stored(*token)));
        }
    }

    fn event(&mut self) -> impl Future<Output = DiskEvent<&'static str>> {
        ready(self.events.pop_front().expect("it never tells anything later"))
    }

    async fn crash(self) {}
}

#[test]
fn the_simulated_disk_passes_every_scenario() {
    let (mut shelf, mut failed, mut count) = (Shelf::default(), Vec::new(), 0);
    let run = conformance::run(&mut shelf, |name, outcome| {
        count += 1;
        failed.extend(outcome.err().map(|why| format!("{name}: {why}")));
    });
    let ended = pin!(run).poll(&mut Context::from_waker(Waker::noop()));
    assert_eq!((ended, &failed[..]), (Poll::Ready(()), &[][..]));
    assert!(count > 0);
}
