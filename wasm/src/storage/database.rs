//! The one database of this site, and what is read from it and written into it.

use covey_core::client::Record;
use covey_core::frame::{Reader, Wire};
use covey_core::id::RoomId;
use covey_core::ledger::{Pack, Segment};
use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{IdbDatabase, IdbKeyRange, IdbObjectStore, IdbTransaction, IdbTransactionMode};

use super::request::{committed, settled};
use super::{StorageError, open};
use crate::platform::random;

const NAME: &str = "covey";
const VERSION: u32 = 1;
const DEVICE: &str = "device";
const ROOMS: &str = "rooms";
const SEGMENTS: &str = "segments";
const SIGNATURE: usize = 64;

/// Who this browser profile is.
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

/// The database, open.
#[derive(Clone)]
pub struct Database(IdbDatabase);

impl Database {
    /// Opens the database, and makes it at the first time.
    pub async fn open() -> Result<Self, StorageError> {
        open::database(NAME, VERSION, make_stores).await.map(Self)
    }

    /// Who this browser profile is; decided once, also when two pages ask at the same time.
    pub async fn device(&self) -> Result<Device, StorageError> {
        let transaction = self.write_to(&[DEVICE])?;
        let store = transaction.object_store(DEVICE)?;
        let kept = settled(&store.get(&DEVICE.into())?).await?;
        // Whatever is there is somebody's login: never replaced by a new one.
        if !kept.is_undefined() {
            return Device::from_js(&kept).ok_or(StorageError::Unreadable);
        }
        let device = Device::random()?;
        store.put_with_key(&device.to_js(), &DEVICE.into())?;
        committed(&transaction).await?;
        Ok(device)
    }

    /// The rooms of this device. Records of a newer version are left out, and left alone.
    pub async fn records(&self) -> Result<Vec<Record>, StorageError> {
        let values = settled(&self.read(ROOMS)?.get_all()?).await?;
        Ok(Array::from(&values).iter().filter_map(|value| record(&value)).collect())
    }

    /// A room's record and its log, causes first; none if the room is not on this device.
    pub async fn room(&self, room: RoomId) -> Result<Option<(Record, Vec<Vec<u8>>)>, StorageError> {
        let kept = settled(&self.read(ROOMS)?.get(&room.to_hex().into())?).await?;
        if kept.is_undefined() {
            return Ok(None);
        }
        // A record that is there is never replaced by what a link says.
        let record = record(&kept).ok_or(StorageError::Newer)?;
        let log = settled(&self.read(SEGMENTS)?.get_all_with_key(&keys(room)?)?).await?;
        let log = Array::from(&log);
        let segments = log.iter().filter_map(|value| Some(bytes(&value)?.to_vec()));
        Ok(Some((record, segments.collect())))
    }

    /// Writes a room's record, if there is a new one, and segments: all of it or nothing.
    pub async fn write(
        &self,
        room: RoomId,
        record: Option<&[u8]>,
        segments: &[impl AsRef<[u8]>],
    ) -> Result<(), StorageError> {
        let transaction = self.write_to(&[ROOMS, SEGMENTS])?;
        if let Some(record) = record {
            let value = Uint8Array::from(record);
            transaction.object_store(ROOMS)?.put_with_key(&value, &room.to_hex().into())?;
        }
        let store = transaction.object_store(SEGMENTS)?;
        for bytes in segments {
            put(&store, room, bytes.as_ref())?;
        }
        // A page that is being closed takes along whatever was not told to commit.
        #[expect(deprecated, reason = "web-sys marks it so; the standard and browsers do not")]
        transaction.commit()?;
        committed(&transaction).await
    }

    /// Puts segments in the place of what they were joined from: all of it or nothing.
    pub async fn replace(&self, room: RoomId, packs: &[Pack]) -> Result<(), StorageError> {
        let transaction = self.write_to(&[SEGMENTS])?;
        let store = transaction.object_store(SEGMENTS)?;
        for pack in packs {
            for part in &pack.parts {
                store.delete(&Uint8Array::from(key(room, part).as_slice()))?;
            }
            put(&store, room, &pack.bytes)?;
        }
        committed(&transaction).await
    }

    /// Removes a room and its log.
    pub async fn forget(&self, room: RoomId) -> Result<(), StorageError> {
        let transaction = self.write_to(&[ROOMS, SEGMENTS])?;
        transaction.object_store(ROOMS)?.delete(&room.to_hex().into())?;
        transaction.object_store(SEGMENTS)?.delete(&keys(room)?)?;
        committed(&transaction).await
    }

    fn read(&self, store: &str) -> Result<IdbObjectStore, StorageError> {
        Ok(self.0.transaction_with_str(store)?.object_store(store)?)
    }

    /// A transaction that is complete only when the disk has it.
    fn write_to(&self, stores: &[&str]) -> Result<IdbTransaction, StorageError> {
        let names: Array = stores.iter().map(|name| JsValue::from(*name)).collect();
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &"strict".into())?;
        // web-sys has the third argument only among its unstable interfaces.
        let open: Function = Reflect::get(&self.0, &"transaction".into())?.unchecked_into();
        let mode = JsValue::from(IdbTransactionMode::Readwrite);
        Ok(open.call3(&self.0, &names, &mode, &options)?.unchecked_into())
    }
}

fn make_stores(database: &IdbDatabase) -> Result<(), JsValue> {
    database.create_object_store(DEVICE)?;
    database.create_object_store(ROOMS)?;
    database.create_object_store(SEGMENTS)?;
    Ok(())
}

fn put(store: &IdbObjectStore, room: RoomId, segment: &[u8]) -> Result<(), JsValue> {
    let key = Uint8Array::from(key(room, segment).as_slice());
    store.put_with_key(&Uint8Array::from(segment), &key)?;
    Ok(())
}

/// Where a segment lies: after everything it builds on, and only once, though two pages of this
/// browser that are in one room both receive it.
fn key(room: RoomId, segment: &[u8]) -> Vec<u8> {
    let signature = &segment[segment.len().saturating_sub(SIGNATURE)..];
    [&room.0[..], &lamport(segment).to_be_bytes(), signature].concat()
}

/// The keys of a room's segments.
fn keys(room: RoomId) -> Result<JsValue, JsValue> {
    let first = Uint8Array::from(&room.0[..]);
    let last = Uint8Array::from([&room.0[..], &u64::MAX.to_be_bytes()].concat().as_slice());
    Ok(IdbKeyRange::bound(&first, &last)?.into())
}

/// The Lamport time of a segment's first entry.
fn lamport(segment: &[u8]) -> u64 {
    let segment = Segment::from_bytes(segment).ok();
    let first = segment.as_ref().and_then(|segment| segment.entries.first());
    first.and_then(|entry| Reader::new(entry).varint().ok()).unwrap_or_default()
}

fn record(value: &JsValue) -> Option<Record> {
    Record::from_bytes(&bytes(value)?.to_vec()).ok()
}

fn bytes(value: &JsValue) -> Option<&Uint8Array> {
    value.dyn_ref()
}
