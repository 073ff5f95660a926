//! Plain JavaScript objects.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// An object, built field by field.
pub struct Fields(Object);

impl Fields {
    /// Without fields.
    pub fn new() -> Self {
        Self(Object::new())
    }

    /// With one more field.
    pub fn with(self, name: &str, value: impl Into<JsValue>) -> Self {
        // A new object takes every field.
        let _ = Reflect::set(&self.0, &name.into(), &value.into());
        self
    }

    /// With one more field, if there is a value.
    pub fn with_some(self, name: &str, value: Option<impl Into<JsValue>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}

impl From<Fields> for JsValue {
    fn from(fields: Fields) -> Self {
        fields.0.into()
    }
}
