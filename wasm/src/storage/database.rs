//! The one database of this site, and what is read from it and written into it.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;

use covey_rooms::disk::{BlobKey, Packed, SegmentKey};
use covey_rooms::room::Record;
use covey_wire::frame::Wire;
use covey_wire::id::RoomId;
use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{IdbDatabase, IdbKeyRange, IdbObjectStore, IdbTransaction, IdbTransactionMode};

use super::open::{self, End};
use super::request::{committed, settled};
use super::{Disk, StorageError};
use crate::platform::{pause, random};

const NAME: &str = "covey";
const VERSION: u32 = 1;
const DEVICE: &str = "device";
const ROOMS: &str = "rooms";
const SEGMENTS: &str = "segments";
/// Milliseconds before each try to open a database again.
const WAITS: [u64; 5] = [0, 50, 200, 1_000, 3_000];

/// The identity of this browser profile.
#[derive(Clone)]
pub struct Device {
    /// The login.
    pub secret: [u8; 32],
    /// Tells this browser profile from others of the same person.
    pub installation: [u8; 16],
}

impl Device {
    /// A new one.
    pub fn random() -> Result<Self, JsValue> {
        Ok(Self { secret: random()?, installation: random()? })
    }

    fn to_js(&self) -> Uint8Array {
        Uint8Array::from([&self.secret[..], &self.installation].concat().as_slice())
    }

    fn from_js(value: &JsValue) -> Option<Self> {
        let bytes = value.dyn_ref::<Uint8Array>()?.to_vec();
        let (secret, rest) = bytes.split_first_chunk()?;
        Some(Self { secret: *secret, installation: rest.try_into().ok()? })
    }
}

/// A room as it was stored: its record, and its log with causes first.
pub type Stored = (Record, Vec<Vec<u8>>);

/// One thing to be written.
#[derive(Debug, Clone)]
pub enum Change {
    /// Another page has written it.
    None,
    /// A segment.
    Segment(SegmentKey, Arc<[u8]>),
    /// A blob.
    Blob(BlobKey, Arc<[u8]>),
    /// A blob is removed.
    NoBlob(BlobKey),
}

impl Change {
    fn segment(&self) -> Option<SegmentKey> {
        if let Self::Segment(key, _) = self { Some(key.clone()) } else { None }
    }

    /// How many bytes are written.
    pub fn size(&self) -> usize {
        match self {
            Self::Segment(_, bytes) | Self::Blob(_, bytes) => bytes.len(),
            Self::None | Self::NoBlob(_) => 0,
        }
    }
}

/// The effect of a write where the disk has no record of the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// The room is new here.
    First,
    /// Another page has forgotten the room, or the database was deleted: nothing is written.
    Further,
    /// The page is being closed and can't look.
    Last,
}

/// The database, opened anew whenever it was taken away.
#[derive(Clone)]
pub struct Database(Rc<Inner>);

#[derive(Default)]
struct Inner {
    open: RefCell<Option<IdbDatabase>>,
    outdated: Cell<bool>,
    opening: Cell<bool>,
    /// Why it could not be opened again.
    trouble: RefCell<Option<StorageError>>,
    /// How often it was taken away.
    losses: Cell<u32>,
    device: RefCell<Option<Device>>,
    /// To be told when it was taken away.
    disks: RefCell<Vec<Weak<Disk>>>,
}

impl Inner {
    async fn open(self: Rc<Self>) -> Result<(), StorageError> {
        let inner = Rc::downgrade(&self);
        let ended = move |end| {
            if let Some(inner) = inner.upgrade() {
                inner.ended(end);
            }
        };
        let opened = open::database(NAME, VERSION, make_stores, ended).await?;
        *self.open.borrow_mut() = Some(opened);
        Ok(())
    }

    fn ended(self: Rc<Self>, end: End) {
        self.open.take();
        if end == End::Outdated {
            self.outdated.set(true);
            return self.tell_disks();
        }
        self.losses.set(self.losses.get() + 1);
        self.open_again();
    }

    fn open_again(self: Rc<Self>) {
        if self.opening.replace(true) {
            return;
        }
        spawn_local(async move {
            // A browser that clears what a site stored refuses to open anything until it has done so.
            let mut trouble = None;
            for wait in WAITS {
                pause(wait).await;
                let opened = match self.clone().open().await {
                    Ok(()) => self.keep_device().await,
                    Err(error) => Err(error),
                };
                trouble = opened.err();
                if trouble.is_none() {
                    break;
                }
            }
            *self.trouble.borrow_mut() = trouble;
            self.opening.set(false);
            self.tell_disks();
        });
    }

    fn tell_disks(&self) {
        // A disk only starts a task.
        self.disks.borrow().iter().filter_map(Weak::upgrade).for_each(|disk| disk.look_again());
    }

    /// Keeps the login that this page goes on under, where the database was deleted. A login that has rooms
    /// is another page's, and stays.
    async fn keep_device(&self) -> Result<(), StorageError> {
        let (database, device) = (self.open.borrow().clone(), self.device.borrow().clone());
        let (Some(database), Some(device)) = (database, device) else { return Ok(()) };
        let transaction = write_to(&database, &[DEVICE, ROOMS])?;
        let rooms = settled(&transaction.object_store(ROOMS)?.count()?).await?;
        if rooms.as_f64() == Some(0.0) {
            transaction.object_store(DEVICE)?.put_with_key(&device.to_js(), &DEVICE.into())?;
        }
        committed(&transaction).await
    }
}

impl Database {
    /// Opens the database, and makes it at the first time.
    pub async fn open() -> Result<Self, StorageError> {
        let inner: Rc<Inner> = Rc::default();
        inner.clone().open().await?;
        Ok(Self(inner))
    }

    /// How often the database was taken away so far: what was in it may be gone.
    pub fn losses(&self) -> u32 {
        self.0.losses.get()
    }

    /// Tells a disk whenever the database was taken away.
    pub fn watch(&self, disk: &Rc<Disk>) {
        let mut disks = self.0.disks.borrow_mut();
        disks.retain(|disk| disk.strong_count() > 0);
        disks.push(Rc::downgrade(disk));
    }

    fn connection(&self) -> Result<IdbDatabase, StorageError> {
        if self.0.outdated.get() {
            return Err(StorageError::Closed);
        }
        if let Some(error) = self.0.trouble.take() {
            return Err(error);
        }
        let open = self.0.open.borrow().clone();
        open.ok_or_else(|| {
            self.0.clone().open_again();
            StorageError::Lost
        })
    }

    /// The identity of this browser profile; decided once, also when two pages ask at the same time.
    pub async fn device(&self) -> Result<Device, StorageError> {
        let transaction = write_to(&self.connection()?, &[DEVICE])?;
        let store = transaction.object_store(DEVICE)?;
        let kept = settled(&store.get(&DEVICE.into())?).await?;
        // A login that is there is somebody's: never replaced by a new one.
        let device = if kept.is_undefined() {
            let device = Device::random()?;
            store.put_with_key(&device.to_js(), &DEVICE.into())?;
            committed(&transaction).await?;
            device
        } else {
            Device::from_js(&kept).ok_or(StorageError::Unreadable)?
        };
        *self.0.device.borrow_mut() = Some(device.clone());
        Ok(device)
    }

    /// The rooms of this device. Records of a newer version are left out, and left alone.
    pub async fn records(&self) -> Result<Vec<Record>, StorageError> {
        let values = settled(&self.read(ROOMS)?.get_all()?).await?;
        Ok(Array::from(&values).iter().filter_map(|value| record(&value)).collect())
    }

    /// The bytes of a room's record and segments, whatever they are.
    #[cfg(feature = "echo")]
    pub async fn load(
        &self,
        room: RoomId,
    ) -> Result<(Option<Vec<u8>>, Vec<Vec<u8>>), StorageError> {
        let record = settled(&self.read(ROOMS)?.get(&room.to_hex().into())?).await?;
        let log = settled(&self.read(SEGMENTS)?.get_all_with_key(&keys(room)?)?).await?;
        Ok((bytes(&record).map(Uint8Array::to_vec), all(&log)))
    }

    /// A room as it was stored; none if the room is not on this device. A record that can't be read, though
    /// it is of this version, has nothing to say where there is `instead` of it.
    pub async fn room(
        &self,
        room: RoomId,
        instead: Option<Record>,
    ) -> Result<Option<Stored>, StorageError> {
        let kept = settled(&self.read(ROOMS)?.get(&room.to_hex().into())?).await?;
        if kept.is_undefined() {
            return Ok(None);
        }
        let record = match record(&kept) {
            Some(record) => record,
            // Never replaced by what a link says.
            None if bytes(&kept).is_some_and(|bytes| Record::is_newer(&bytes.to_vec())) => {
                return Err(StorageError::Newer);
            }
            None => instead.ok_or(StorageError::Damaged)?,
        };
        let log = settled(&self.read(SEGMENTS)?.get_all_with_key(&keys(room)?)?).await?;
        Ok(Some((record, all(&log))))
    }

    /// Segments under these keys, as far as they are there. What is being written now is waited for.
    pub async fn segments(
        &self,
        room: RoomId,
        keys: &[SegmentKey],
    ) -> Result<Vec<Vec<u8>>, StorageError> {
        let store = self.read(SEGMENTS)?;
        let mut segments = Vec::new();
        for key in keys {
            let kept = settled(&store.get(&place(room, key))?).await?;
            segments.extend(bytes(&kept).map(Uint8Array::to_vec));
        }
        Ok(segments)
    }

    /// A blob, if it is there. Rooms store none yet.
    #[cfg(feature = "echo")]
    pub async fn blob(&self, room: RoomId, key: BlobKey) -> Result<Option<Vec<u8>>, StorageError> {
        let kept = settled(&self.read(SEGMENTS)?.get(&blob_place(room, key))?).await?;
        Ok(bytes(&kept).map(Uint8Array::to_vec))
    }

    /// Writes a room's record, if there is a new one, and changes: all of it or nothing. `announce` is
    /// told the segments' keys once whoever reads them has to wait for this.
    pub async fn write(
        &self,
        room: RoomId,
        mut record: Option<Vec<u8>>,
        changes: &[Change],
        writing: Writing,
        announce: &dyn Fn(Vec<SegmentKey>),
    ) -> Result<(), StorageError> {
        let transaction = write_to(&self.connection()?, &[ROOMS, SEGMENTS])?;
        let (rooms, name) = (transaction.object_store(ROOMS)?, JsValue::from(room.to_hex()));
        let store = transaction.object_store(SEGMENTS)?;
        announce(changes.iter().filter_map(Change::segment).collect());
        if writing == Writing::Further {
            let kept = settled(&rooms.get(&name)?).await?;
            if kept.is_undefined() {
                return Err(StorageError::Forgotten);
            }
            // Another page may have learnt what this one has not.
            let kept = bytes(&kept).map(Uint8Array::to_vec).unwrap_or_default();
            record = record.map(|record| Record::merged(record, &kept));
        }
        if let Some(record) = record {
            rooms.put_with_key(&Uint8Array::from(&record[..]), &name)?;
        }
        for change in changes {
            match change {
                Change::None => {}
                Change::Segment(key, bytes) => put(&store, bytes, &place(room, key))?,
                Change::Blob(key, bytes) => put(&store, bytes, &blob_place(room, *key))?,
                Change::NoBlob(key) => drop(store.delete(&blob_place(room, *key))?),
            }
        }
        // A page that is being closed takes along whatever was not told to commit.
        #[expect(deprecated, reason = "web-sys marks it so; the standard and browsers do not")]
        transaction.commit()?;
        committed(&transaction).await
    }

    /// Puts segments in the place of what they were joined from: all of it or nothing.
    pub async fn replace(
        &self,
        room: RoomId,
        packs: &[Packed],
        announce: &dyn Fn(Vec<SegmentKey>),
    ) -> Result<(), StorageError> {
        let transaction = write_to(&self.connection()?, &[SEGMENTS])?;
        let store = transaction.object_store(SEGMENTS)?;
        announce(packs.iter().map(|pack| pack.key.clone()).collect());
        for pack in packs {
            for part in &pack.parts {
                store.delete(&place(room, part))?;
            }
            put(&store, &pack.bytes, &place(room, &pack.key))?;
        }
        committed(&transaction).await
    }

    /// Removes a room, its log and its blobs.
    pub async fn forget(&self, room: RoomId) -> Result<(), StorageError> {
        let transaction = write_to(&self.connection()?, &[ROOMS, SEGMENTS])?;
        transaction.object_store(ROOMS)?.delete(&room.to_hex().into())?;
        let segments = transaction.object_store(SEGMENTS)?;
        segments.delete(&keys(room)?)?;
        segments.delete(&blob_keys(room)?)?;
        committed(&transaction).await
    }

    fn read(&self, store: &str) -> Result<IdbObjectStore, StorageError> {
        Ok(self.connection()?.transaction_with_str(store)?.object_store(store)?)
    }
}

/// A transaction that is complete only when the disk has it.
fn write_to(database: &IdbDatabase, stores: &[&str]) -> Result<IdbTransaction, StorageError> {
    let names: Array = stores.iter().map(|name| JsValue::from(*name)).collect();
    let options = Object::new();
    Reflect::set(&options, &"durability".into(), &"strict".into())?;
    // web-sys has the third argument only among its unstable interfaces.
    let open: Function = Reflect::get(database, &"transaction".into())?.unchecked_into();
    let mode = JsValue::from(IdbTransactionMode::Readwrite);
    Ok(open.call3(database, &names, &mode, &options)?.unchecked_into())
}

fn make_stores(database: &IdbDatabase) -> Result<(), JsValue> {
    database.create_object_store(DEVICE)?;
    database.create_object_store(ROOMS)?;
    database.create_object_store(SEGMENTS)?;
    Ok(())
}

fn put(store: &IdbObjectStore, bytes: &[u8], place: &JsValue) -> Result<(), JsValue> {
    store.put_with_key(&Uint8Array::from(bytes), place)?;
    Ok(())
}

/// Where a segment lies, in the store that all rooms share.
pub fn place(room: RoomId, key: &SegmentKey) -> JsValue {
    Uint8Array::from([&room.0[..], key.as_bytes()].concat().as_slice()).into()
}

/// Which segment of a room lies there.
pub fn key_of(room: RoomId, place: &JsValue) -> Option<SegmentKey> {
    SegmentKey::from_bytes(bytes(place)?.to_vec().strip_prefix(&room.0)?)
}

/// Where a blob lies: behind all segments of its room, for which older versions don't look there.
fn blob_place(room: RoomId, key: BlobKey) -> JsValue {
    Uint8Array::from([&room.0[..], &LAST, &key.0].concat().as_slice()).into()
}

/// No segment has a key above this.
const LAST: [u8; 8] = u64::MAX.to_be_bytes();

/// The keys of a room's segments.
fn keys(room: RoomId) -> Result<JsValue, JsValue> {
    between(&room.0, &[&room.0[..], &LAST].concat())
}

/// The keys of a room's blobs.
fn blob_keys(room: RoomId) -> Result<JsValue, JsValue> {
    between(&[&room.0[..], &LAST].concat(), &[&room.0[..], &LAST, &[u8::MAX; 33]].concat())
}

fn between(first: &[u8], last: &[u8]) -> Result<JsValue, JsValue> {
    Ok(IdbKeyRange::bound(&Uint8Array::from(first), &Uint8Array::from(last))?.into())
}

fn all(values: &JsValue) -> Vec<Vec<u8>> {
    Array::from(values).iter().filter_map(|value| Some(bytes(&value)?.to_vec())).collect()
}

fn record(value: &JsValue) -> Option<Record> {
    Record::from_bytes(&bytes(value)?.to_vec()).ok()
}

fn bytes(value: &JsValue) -> Option<&Uint8Array> {
    value.dyn_ref()
}
