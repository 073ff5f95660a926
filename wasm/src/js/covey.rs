//! `WasmCovey`: the rooms of this device, and what can be done with a link alone.

use std::cell::RefCell;
use std::rc::Rc;

use covey_rooms::capability::Link;
use covey_rooms::identity::{DeviceSecret, seat_secret};
use covey_rooms::room::{Record, Room, RoomError, Setup};
use covey_wire::id::{RoomId, unhex};
use js_sys::Array;
use qrcode::bits::Bits;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode, Version};
use wasm_bindgen::prelude::*;

use super::error::{self, error};
use super::terms::terms;
use super::{Fields, WasmRoom};
use crate::driver::{Driver, Net};
use crate::platform::{now, random};
use crate::storage::{Database, Device, StorageError, Stored};

const QR_PIXELS: u32 = 256;
/// Sizes of QR codes (ISO/IEC 18004).
const QR_VERSIONS: i16 = 40;

/// The engine of one page.
#[wasm_bindgen]
pub struct WasmCovey {
    database: Option<Database>,
    device: Device,
    nodes: Vec<String>,
    /// The seed of the next room, and its network that has greeted nodes.
    early: RefCell<Option<([u8; 32], Rc<Net>)>>,
}

#[wasm_bindgen]
impl WasmCovey {
    /// Opens the storage. Where there is none, everything lives until the page is closed.
    pub async fn open(nodes: Vec<String>) -> Result<WasmCovey, JsValue> {
        let (database, device) = match stored().await {
            Ok((database, device)) => (Some(database), device),
            // Something is there: who goes on without it would be somebody else in their own rooms.
            Err(e @ (StorageError::Unreadable | StorageError::Blocked)) => {
                return Err(error::storage(&e));
            }
            Err(_) => (None, Device::random()?),
        };
        Ok(Self { database, device, nodes, early: RefCell::default() })
    }

    /// Rooms on this device, the newest first.
    #[wasm_bindgen(unchecked_return_type = "StoredRoom[]")]
    pub async fn rooms(&self) -> Result<Array, JsValue> {
        let Some(database) = self.database.clone() else { return Ok(Array::new()) };
        let mut records = database.records().await.map_err(|e| error::storage(&e))?;
        records.sort_by_key(|record| core::cmp::Reverse(record.opened));
        let device = DeviceSecret::new(self.device.secret);
        Ok(records.iter().map(|record| stored_room(record, &device)).collect())
    }

    /// Makes a room. Its links name `nodes`; none means the page's origin.
    pub fn create(
        &self,
        name: String,
        title: &str,
        nodes: Vec<String>,
    ) -> Result<WasmRoom, JsValue> {
        self.room(|setup| Room::found_at(setup, title, nodes, now()), name, false)
    }

    /// Joins by a link.
    pub async fn join(&self, link: String, name: String) -> Result<WasmRoom, JsValue> {
        let link = Link::parse(&link).map_err(|e| error::link(&e))?;
        // While the disk is asked, and what one brings along is made.
        self.greet(&link)?;
        let stored = self.stored(link.room, Some(Record::of_link(&link, now().wall))).await?;
        let known = stored.is_some();
        self.room(|setup| Room::join(setup, &link, stored, now()), name, known)
    }

    /// Connects to those nodes of a link that are this page's own.
    pub fn prepare(&self, link: &str) -> Result<(), JsValue> {
        let link = Link::parse(link).map_err(|e| error::link(&e))?;
        self.greet(&link)
    }

    /// Opens a room of this device.
    pub async fn reopen(&self, id: String, name: String) -> Result<WasmRoom, JsValue> {
        let stored = match room_id(&id) {
            Some(room) => self.stored(room, None).await?,
            None => None,
        };
        let (record, segments) = stored.ok_or_else(|| error("room-unknown"))?;
        self.room(|setup| Room::reopen(setup, record, segments, now()), name, true)
    }

    /// Removes a room from this device.
    pub async fn forget(&self, id: String) -> Result<(), JsValue> {
        let (Some(database), Some(room)) = (self.database.clone(), room_id(&id)) else {
            return Ok(());
        };
        database.forget(room).await.map_err(|e| error::storage(&e))
    }

    /// The content of a link.
    #[wasm_bindgen(unchecked_return_type = "LinkInfo")]
    pub fn inspect(&self, link: &str) -> Result<JsValue, JsValue> {
        let link = Link::parse(link).map_err(|e| error::link(&e))?;
        let terms = link.terms();
        let nodes: Array = link.nodes.iter().map(JsValue::from).collect();
        Ok(Fields::new()
            .with("room", link.room.to_hex())
            .with("title", link.title.as_str())
            .with("role", terms.role.name())
            .with_some("expires", terms.expires.map(|time| time.0 as f64))
            .with("passOn", terms.pass_on)
            .with("nodes", nodes)
            .into())
    }

    /// The fragment of a link that gives at most what this one gives.
    pub fn attenuate(
        &self,
        link: &str,
        role: &str,
        expires: Option<f64>,
        uses: Option<f64>,
        pass_on: bool,
        tools: Option<u16>,
    ) -> Result<String, JsValue> {
        let link = Link::parse(link).map_err(|e| error::link(&e))?;
        let terms = terms(role, expires, uses, pass_on, tools)?;
        let narrowed = link.attenuate(terms, random()?).map_err(|e| error::narrowing(&e))?;
        Ok(narrowed.to_fragment())
    }

    /// A QR code of some text, as an SVG document.
    pub fn qr(&self, text: &str) -> Result<String, JsValue> {
        let code = (1..=QR_VERSIONS).find_map(|version| qr(text.as_bytes(), version));
        let code = code.ok_or_else(|| error("qr-too-long"))?;
        Ok(code.render::<svg::Color<'_>>().min_dimensions(QR_PIXELS, QR_PIXELS).build())
    }
}

impl WasmCovey {
    /// A link may come from anybody, so none but the page's own nodes are greeted.
    fn greet(&self, link: &Link) -> Result<(), JsValue> {
        let mut nodes = self.nodes.clone();
        nodes.retain(|node| link.nodes.is_empty() || link.nodes.contains(node));
        let ready = self.early.borrow().as_ref().is_some_and(|(_, net)| net.is_open());
        if !ready && !nodes.is_empty() {
            let (seed, net) = self.network()?;
            net.greet(nodes);
            *self.early.borrow_mut() = Some((seed, net));
        }
        Ok(())
    }

    /// The room as this device has it, with another record `instead` of one that is damaged.
    async fn stored(
        &self,
        room: RoomId,
        instead: Option<Record>,
    ) -> Result<Option<Stored>, JsValue> {
        let Some(database) = self.database.clone() else { return Ok(None) };
        database.room(room, instead).await.map_err(|e| error::storage(&e))
    }

    fn room(
        &self,
        open: impl FnOnce(Setup) -> Result<Room, RoomError>,
        name: String,
        known: bool,
    ) -> Result<WasmRoom, JsValue> {
        let early = self.early.take().filter(|(_, net)| net.is_open());
        let (seed, net) = early.map_or_else(|| self.network(), Ok)?;
        let room = open(Setup {
            device: DeviceSecret::new(self.device.secret),
            installation: self.device.installation,
            seed,
            name,
            nodes: self.nodes.clone(),
        });
        match room {
            Ok(room) => Ok(WasmRoom::new(Driver::new(room, net, self.database.clone(), known))),
            Err(e) => {
                net.close();
                Err(error::opening(&e))
            }
        }
    }

    /// A new seed, and the network of the seat that it makes.
    fn network(&self) -> Result<([u8; 32], Rc<Net>), JsValue> {
        let seed = random()?;
        Ok((seed, Rc::new(Net::new(seat_secret(&seed))?)))
    }
}

/// The QR code of this size, if the text fits. Links are in no alphabet that takes less than bytes.
fn qr(text: &[u8], version: i16) -> Option<QrCode> {
    // As much correction as the size has room for: it makes no module smaller.
    [EcLevel::M, EcLevel::L].into_iter().find_map(|level| {
        let mut bits = Bits::new(Version::Normal(version));
        bits.push_byte_data(text).ok()?;
        bits.push_terminator(level).ok()?;
        QrCode::with_bits(bits, level).ok()
    })
}

async fn stored() -> Result<(Database, Device), StorageError> {
    let database = Database::open().await?;
    let device = database.device().await?;
    Ok((database, device))
}

fn stored_room(record: &Record, device: &DeviceSecret) -> JsValue {
    let own = device.member(record.room).id();
    let name = record.keepsakes.names.iter().find(|(member, ..)| *member == own);
    Fields::new()
        .with("id", record.room.to_hex())
        .with("title", record.title.as_str())
        .with("role", record.role.name())
        .with("openedAt", record.opened.0 as f64)
        .with_some("name", name.map(|(_, name, _)| name.as_str()))
        .into()
}

fn room_id(text: &str) -> Option<RoomId> {
    Some(RoomId(unhex(text)?.try_into().ok()?))
}
