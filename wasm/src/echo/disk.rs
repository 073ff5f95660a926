//! Runs the scenarios that every disk passes on IndexedDB.

use std::rc::Rc;

use covey_rooms::disk::conformance::{self, Page, Rig};
use covey_rooms::disk::{DiskCommand, DiskEvent};
use covey_wire::id::RoomId;
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use js_sys::Function;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::platform::random;
use crate::storage::{Database, Disk, StorageError};

/// Runs all scenarios. `refuse` makes the browser refuse to write, or take again; `tell` is told the name of each
/// scenario, and what is wrong, if something is.
#[wasm_bindgen(js_name = diskScenarios)]
pub async fn scenarios(refuse: Function, tell: Function) -> Result<(), JsValue> {
    let database = Database::open().await.map_err(|error| JsError::new(&format!("{error:?}")))?;
    let mut rooms = Rooms { database, room: RoomId(random()?), refuse };
    conformance::run(&mut rooms, |name, outcome| {
        let wrong = outcome.err().map_or(JsValue::UNDEFINED, JsValue::from);
        // A test that throws fails by itself.
        let _ = tell.call2(&JsValue::NULL, &name.into(), &wrong);
    })
    .await;
    Ok(())
}

/// A room of the database, another for each scenario.
struct Rooms {
    database: Database,
    room: RoomId,
    refuse: Function,
}

struct OpenRoom {
    database: Database,
    room: RoomId,
    disk: Rc<Disk>,
    tell: UnboundedSender<DiskEvent<StorageError>>,
    events: UnboundedReceiver<DiskEvent<StorageError>>,
}

impl Rig for Rooms {
    type Page = OpenRoom;

    async fn empty(&mut self) {
        self.room = RoomId(random().expect("a browser has randomness"));
    }

    async fn open(&mut self) -> Option<OpenRoom> {
        let (record, _) = self.database.load(self.room).await.ok()?;
        let (tell, events) = unbounded();
        let (database, room, told) = (self.database.clone(), self.room, tell.clone());
        let disk = Disk::new(Some(database.clone()), room, record.is_some(), move |event| {
            // A page that crashed hears nothing more.
            let _ = told.unbounded_send(event);
        });
        Some(OpenRoom { database, room, disk, tell, events })
    }

    fn refuse(&mut self, refuses: bool) {
        // A function that throws leaves everything as it is, which the scenario notices.
        let _ = self.refuse.call1(&JsValue::NULL, &refuses.into());
    }
}

impl Page for OpenRoom {
    type Error = StorageError;

    fn perform(&mut self, command: DiskCommand) {
        if !matches!(command, DiskCommand::Load | DiskCommand::Read(_) | DiskCommand::Get(_)) {
            return self.disk.perform(command);
        }
        let (database, room, tell) = (self.database.clone(), self.room, self.tell.clone());
        spawn_local(async move {
            let event = answer(&database, room, command).await.unwrap_or_else(DiskEvent::Failed);
            let _ = tell.unbounded_send(event);
        });
    }

    async fn event(&mut self) -> DiskEvent<StorageError> {
        self.events.next().await.expect("its own sender is open")
    }

    async fn crash(self) {
        self.disk.forget();
    }
}

async fn answer(
    database: &Database,
    room: RoomId,
    question: DiskCommand,
) -> Result<DiskEvent<StorageError>, StorageError> {
    Ok(match question {
        DiskCommand::Get(key) => DiskEvent::Blob { key, bytes: database.blob(room, key).await? },
        DiskCommand::Read(keys) => DiskEvent::Segments(database.segments(room, &keys).await?),
        _ => {
            let (record, segments) = database.load(room).await?;
            DiskEvent::Loaded { record, segments }
        }
    })
}
