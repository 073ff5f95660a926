//! Events as the page is told of them: a kind and up to two values, by one function.

use covey_rooms::live::{COLORS, Here};
use covey_rooms::room::Event;
use covey_wire::id::DocName;
use js_sys::{Array, Function, Uint8Array};
use wasm_bindgen::JsValue;

use crate::js::Fields;
use crate::js::error::{detailed, error};

/// Updates of one document that the page is told of together.
#[derive(Default)]
pub struct Updates {
    name: Option<DocName>,
    updates: Array,
}

impl Updates {
    /// Adds one; gives those of another document that came before it.
    pub fn push(&mut self, name: DocName, update: &[u8]) -> Option<Self> {
        let other = self.name.as_ref().is_some_and(|before| *before != name);
        let before = other.then(|| core::mem::take(self));
        self.name = Some(name);
        self.updates.push(&Uint8Array::from(update));
        before
    }

    /// Tells the page of them, if there are any.
    pub fn tell(self, listener: &Function) {
        let Some(name) = self.name else { return };
        call(listener, "updates", &name.to_string().into(), &self.updates);
    }
}

/// Tells the page what happened.
pub fn tell(listener: &Function, event: Event) {
    match event {
        Event::Update { name, update } => {
            let mut updates = Updates::default();
            updates.push(name, &update);
            updates.tell(listener);
        }
        Event::Rejected { name, reason } => {
            call(listener, "rejected", &name.to_string().into(), &reason.into());
        }
        Event::Presence { client, here } => {
            let here = here.map_or(JsValue::NULL, |here| presence(&here));
            call(listener, "presence", &(client.0 as f64).into(), &here);
        }
        Event::Said { client, topic, value } => {
            let said = Fields::new()
                .with("client", client.0 as f64)
                .with("topic", topic.name())
                .with("value", value.map_or(JsValue::NULL, |v| Uint8Array::from(&v[..]).into()));
            call(listener, "said", &topic.document().to_string().into(), &said.into());
        }
        Event::Call(told) => super::call::tell(listener, told),
        Event::People => call(listener, "people", &JsValue::NULL, &JsValue::NULL),
        Event::Status => call(listener, "status", &JsValue::NULL, &JsValue::NULL),
        Event::NotAllowed => notice(listener, &error("not-admitted")),
        Event::Unseated { reason } => notice(listener, &detailed("unseated", "reason", reason)),
        Event::Unreadable { segments } => {
            notice(listener, &detailed("segments-unreadable", "segments", segments as f64));
        }
        Event::Newer => notice(listener, &error("newer")),
        Event::AlreadyHere => notice(listener, &error("already-here")),
    }
}

/// Tells the page which segments are being written, for other pages of this device.
pub fn stored(listener: &Function, keys: &Array) {
    call(listener, "stored", &JsValue::NULL, keys);
}

/// Tells the page what became of the room on the disk.
pub fn disk(listener: &Function, what: &str) {
    call(listener, what, &JsValue::NULL, &JsValue::NULL);
}

/// Tells the page of a problem.
pub fn notice(listener: &Function, error: &JsValue) {
    call(listener, "notice", error, &JsValue::NULL);
}

/// The colour of that index, as CSS has it.
pub fn color(index: u8) -> &'static str {
    COLORS[usize::from(index) % COLORS.len()]
}

fn presence(here: &Here) -> JsValue {
    let fields = Fields::new().with("name", here.name.as_str()).with("color", color(here.color));
    let Some(caret) = &here.caret else { return fields.into() };
    fields
        .with("document", caret.document.to_string())
        .with("anchor", Uint8Array::from(caret.anchor.as_slice()))
        .with("head", Uint8Array::from(caret.head.as_slice()))
        .into()
}

pub(super) fn call(listener: &Function, kind: &str, first: &JsValue, second: &JsValue) {
    // The page's side catches what its listeners throw; nothing here depends on it.
    let _ = listener.call3(&JsValue::NULL, &kind.into(), first, second);
}
