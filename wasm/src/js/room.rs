//! `WasmRoom`: one room on this page.

use std::rc::Rc;

use covey_rooms::guard::split;
use covey_rooms::live::{Caret, Say, Topic};
use covey_rooms::room::Person;
use covey_rooms::room::{Input, Status};
use covey_wire::id::{ClientId, DocName};
use covey_wire::limits;
use covey_wire::net::{NodeState, Path};
use js_sys::{Array, Function, Uint8Array};
use wasm_bindgen::prelude::*;

use super::Fields;
use super::error::{self, detailed};
use super::terms::terms;
use crate::driver::{Driver, color};

/// One room on this page.
#[wasm_bindgen]
pub struct WasmRoom(pub(super) Rc<Driver>);

impl WasmRoom {
    pub(super) fn new(driver: Rc<Driver>) -> Self {
        Self(driver)
    }
}

#[wasm_bindgen]
impl WasmRoom {
    /// Connects. From then on `listener(kind, first, second)` is told what happens.
    pub fn start(&self, listener: Function) {
        #[cfg(feature = "misbehave")]
        super::misbehave::offer(&self.0);
        self.0.start(listener);
    }

    /// The room's id.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> String {
        self.0.ask(|room| room.id().to_hex())
    }

    /// The room's name.
    #[wasm_bindgen(getter)]
    pub fn title(&self) -> String {
        self.0.ask(|room| room.title().to_owned())
    }

    /// The rights of the person.
    #[wasm_bindgen(getter, unchecked_return_type = "Role")]
    pub fn role(&self) -> String {
        self.0.ask(|room| room.status().role.name().to_owned())
    }

    /// The documents that one may write in, as bits.
    #[wasm_bindgen(getter)]
    pub fn tools(&self) -> u16 {
        self.0.ask(|room| room.status().tools.bits())
    }

    /// The client id that this page's views must write under: 53 bits.
    #[wasm_bindgen(getter, js_name = clientId)]
    pub fn client_id(&self) -> f64 {
        self.0.ask(|room| room.client_id().0 as f64)
    }

    /// People, oneself first.
    #[wasm_bindgen(unchecked_return_type = "Person[]")]
    pub fn people(&self) -> Array {
        let (people, status) = self.0.ask(|room| (room.people(), room.status()));
        people.iter().map(|each| person(each, &status)).collect()
    }

    /// How the room stands.
    #[wasm_bindgen(unchecked_return_type = "Status")]
    pub fn status(&self) -> JsValue {
        let status = self.0.ask(|room| room.status());
        let node = match status.node {
            NodeState::Up => "up",
            NodeState::Connecting => "connecting",
        };
        Fields::new()
            .with("node", node)
            .with("reach", reach(&status))
            .with("waiting", status.waiting as f64)
            .with("unsaved", status.unsaved as f64)
            .with("admitted", status.admitted)
            .with("loaded", status.loaded)
            .into()
    }

    /// Counters and digests.
    #[wasm_bindgen(unchecked_return_type = "RoomStats")]
    pub fn stats(&self) -> JsValue {
        let stats = self.0.ask(|room| room.stats());
        let refused = stats
            .refused
            .iter()
            .fold(Fields::new(), |fields, (reason, count)| fields.with(reason, *count as f64));
        let digests = stats
            .digests
            .iter()
            .fold(Fields::new(), |fields, (name, digest)| fields.with(name, digest.to_hex()));
        Fields::new()
            .with("entries", stats.entries as f64)
            .with("seats", stats.seats as f64)
            .with("refused", refused)
            .with("digests", digests)
            .into()
    }

    /// Everything of a document as one update.
    pub fn state(&self, document: &str) -> Result<Uint8Array, JsValue> {
        let name = document_name(document)?;
        let state = self.0.ask(|room| room.state(&name)).ok_or_else(|| unknown(document))?;
        Ok(Uint8Array::from(state.as_slice()))
    }

    /// A large edit in the parts in which it goes on its way, to be handed over one by one between other
    /// work; none if it has to be taken or refused as it is.
    #[wasm_bindgen(unchecked_return_type = "Uint8Array[]")]
    pub fn parts(&self, update: &[u8]) -> Array {
        let client = self.0.ask(|room| room.is_in().then(|| room.client_id()));
        let parts = client.and_then(|client| split(update, client).ok()).unwrap_or_default();
        parts.iter().map(|part| Uint8Array::from(part.as_slice())).collect()
    }

    /// An edit made in this page's view of a document: it is on its way when this returns.
    pub fn edit(&self, document: &str, update: Vec<u8>) -> Result<(), JsValue> {
        self.0.input(Input::Edit(document_name(document)?, update));
        Ok(())
    }

    /// Where the caret is, as encoded relative positions.
    #[wasm_bindgen(js_name = setCaret)]
    pub fn set_caret(&self, document: &str, anchor: Vec<u8>, head: Vec<u8>) -> Result<(), JsValue> {
        let caret = Caret { document: document_name(document)?, anchor, head };
        self.0.input(Input::Caret(Some(caret)));
        Ok(())
    }

    /// There is no caret.
    #[wasm_bindgen(js_name = clearCaret)]
    pub fn clear_caret(&self) {
        self.0.input(Input::Caret(None));
    }

    /// Says something about a document that passes; nothing takes it back.
    pub fn say(&self, document: &str, topic: &str, value: Vec<u8>) -> Result<(), JsValue> {
        let topic = Topic::new(document_name(document)?, topic);
        let say = topic.and_then(|topic| Say::new(topic, value)).ok_or_else(too_large)?;
        self.0.input(Input::Say(say));
        Ok(())
    }

    /// The lamport of the entry that wrote a unit; none while it is not in the log.
    pub fn lamport(&self, document: &str, client: f64, clock: u32) -> Result<Option<f64>, JsValue> {
        let name = document_name(document)?;
        let lamport = self.0.ask(|room| room.lamport(&name, client_id(client), clock));
        Ok(lamport.map(|lamport| lamport as f64))
    }

    /// The member who writes under a client id.
    pub fn author(&self, client: f64) -> Option<String> {
        self.0.ask(|room| room.author(client_id(client))).map(|member| member.to_hex())
    }

    /// Takes a new name.
    #[wasm_bindgen(js_name = setName)]
    pub fn set_name(&self, name: String) {
        self.0.input(Input::Name(name));
    }

    /// The fragment of a link for others.
    pub fn invite(
        &self,
        role: &str,
        expires: Option<f64>,
        uses: Option<f64>,
        pass_on: bool,
        tools: Option<u16>,
    ) -> Result<String, JsValue> {
        let terms = terms(role, expires, uses, pass_on, tools)?;
        let link = self.0.ask(|room| room.invite(terms)).map_err(|e| error::inviting(&e))?;
        Ok(link.to_fragment())
    }

    /// Tries to reach the node and the others at once.
    pub fn reconnect(&self) {
        self.0.input(Input::Reconnect);
    }

    /// Takes in what another page of this device has announced as stored.
    pub fn found(&self, keys: Array) {
        self.0.found(keys);
    }

    /// The room was forgotten on this device: nothing of it is stored any more.
    pub fn forget(&self) {
        self.0.forget();
    }

    /// The page is being closed.
    pub fn hide(&self) {
        self.0.hide();
    }

    /// Says goodbye, closes every connection, and waits for the disk.
    pub async fn leave(&self) {
        Rc::clone(&self.0).leave().await;
    }
}

fn person(person: &Person, status: &Status) -> JsValue {
    let path = match (person.own, person.path) {
        (_, Some(path)) => path_name(path),
        // Oneself is as far away as the others are.
        (true, None) => match reach(status) {
            "relayed" => "relayed",
            "offline" => "offline",
            _ => "direct",
        },
        (false, None) => "offline",
    };
    Fields::new()
        .with("id", person.member.to_hex())
        .with("name", person.name.as_str())
        .with("color", color(person.color))
        .with("role", person.role.name())
        .with("self", person.own)
        .with("path", path)
        .into()
}

fn reach(status: &Status) -> &'static str {
    match (status.path, status.node) {
        (Some(path), _) => path_name(path),
        (None, NodeState::Up) => "alone",
        (None, NodeState::Connecting) => "offline",
    }
}

fn path_name(path: Path) -> &'static str {
    match path {
        Path::Direct => "direct",
        Path::Relayed => "relayed",
    }
}

fn document_name(text: &str) -> Result<DocName, JsValue> {
    text.parse().map_err(|_| unknown(text))
}

pub(super) fn client_id(number: f64) -> ClientId {
    // It is only looked up: what is no client id finds nobody, or whose id it is cut to.
    ClientId(number as u64)
}

fn too_large() -> JsValue {
    detailed("said-too-large", "limit", limits::SAID as f64)
}

fn unknown(document: &str) -> JsValue {
    detailed("document-unknown", "document", document)
}
