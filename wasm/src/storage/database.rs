//! The one database of this site, and what is read from it and written into it.

use covey_core::client::Record;
use covey_core::frame::Wire;
use covey_core::id::RoomId;
use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{
    IdbDatabase, IdbFactory, IdbIndexParameters, IdbObjectStore, IdbObjectStoreParameters,
    IdbOpenDbRequest, IdbTransaction, IdbTransactionMode,
};

use super::StorageError;
use super::request::{committed, ignore_duplicates, settled};
use crate::platform::{global_property, random};

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
        let factory: IdbFactory = global_property("indexedDB").ok_or(StorageError::Unavailable)?;
        let request = factory.open_with_u32(NAME, VERSION)?;
        let make = Closure::once({
            let request = request.clone();
            // A store that can't be made aborts the upgrade, which the request reports.
            move || drop(make_stores(&request))
        });
        request.set_onupgradeneeded(Some(make.as_ref().unchecked_ref()));
        let database = settled(&request).await?;
        Ok(Self(database.unchecked_into()))
    }

    /// Who this browser profile is; decided once, also when two pages ask at the same time.
    pub async fn device(&self) -> Result<Device, StorageError> {
        let transaction = self.write_to(&[DEVICE])?;
        let store = transaction.object_store(DEVICE)?;
        if let Some(device) = Device::from_js(&settled(&store.get(&DEVICE.into())?).await?) {
            return Ok(device);
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

    /// A room's record and its log in order of arrival; none if the room is not on this device.
    pub async fn room(&self, room: RoomId) -> Result<Option<(Record, Vec<Vec<u8>>)>, StorageError> {
        let kept = settled(&self.read(ROOMS)?.get(&room.to_hex().into())?).await?;
        let Some(record) = record(&kept) else { return Ok(None) };
        let index = self.read(SEGMENTS)?.index("room")?;
        let values = settled(&index.get_all_with_key(&key(room))?).await?;
        let field = JsValue::from("bytes");
        let bytes = |value: JsValue| Some(bytes(&Reflect::get(&value, &field).ok()?)?.to_vec());
        Ok(Some((record, Array::from(&values).iter().filter_map(bytes).collect())))
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
        let duplicate = ignore_duplicates();
        for bytes in segments {
            let request = store.add(&segment(room, bytes.as_ref())?.into())?;
            request.set_onerror(Some(duplicate.as_ref().unchecked_ref()));
        }
        // A page that is being closed takes along whatever was not told to commit.
        #[expect(deprecated, reason = "web-sys marks it so; the standard and browsers do not")]
        transaction.commit()?;
        committed(&transaction).await
    }

    /// Removes a room and its log.
    pub async fn forget(&self, room: RoomId) -> Result<(), StorageError> {
        let transaction = self.write_to(&[ROOMS, SEGMENTS])?;
        transaction.object_store(ROOMS)?.delete(&room.to_hex().into())?;
        let store = transaction.object_store(SEGMENTS)?;
        let keys = settled(&store.index("room")?.get_all_keys_with_key(&key(room))?).await?;
        for key in Array::from(&keys).iter() {
            store.delete(&key)?;
        }
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

fn make_stores(request: &IdbOpenDbRequest) -> Result<(), JsValue> {
    let database: IdbDatabase = request.result()?.unchecked_into();
    database.create_object_store(DEVICE)?;
    database.create_object_store(ROOMS)?;
    let counted = IdbObjectStoreParameters::new();
    counted.set_auto_increment(true);
    let segments = database.create_object_store_with_optional_parameters(SEGMENTS, &counted)?;
    segments.create_index_with_str("room", "room")?;
    let unique = IdbIndexParameters::new();
    unique.set_unique(true);
    // Two pages in one room receive the same segments; each is kept once.
    segments.create_index_with_str_and_optional_parameters("signature", "signature", &unique)?;
    Ok(())
}

fn segment(room: RoomId, segment: &[u8]) -> Result<Object, JsValue> {
    let value = Object::new();
    let signature = &segment[segment.len().saturating_sub(SIGNATURE)..];
    Reflect::set(&value, &"room".into(), &key(room))?;
    Reflect::set(&value, &"signature".into(), &Uint8Array::from(signature))?;
    Reflect::set(&value, &"bytes".into(), &Uint8Array::from(segment))?;
    Ok(value)
}

fn record(value: &JsValue) -> Option<Record> {
    Record::from_bytes(&bytes(value)?.to_vec()).ok()
}

fn bytes(value: &JsValue) -> Option<&Uint8Array> {
    value.dyn_ref()
}

fn key(room: RoomId) -> JsValue {
    Uint8Array::from(&room.0[..]).into()
}
