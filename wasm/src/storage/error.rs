//! Why the browser's storage did not do what it was asked.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

/// Why something is not stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StorageError {
    /// There is no storage, as in some private windows.
    Unavailable,
    /// The disk, or the site's share of it, is full.
    Full,
    /// The login is there and can't be read. It is left as it is.
    Unreadable,
    /// The room is there and can't be read. It is left as it is.
    Newer,
    /// A page with an older version holds the database open.
    Blocked,
    /// The database was closed for a newer version of the page.
    Closed,
    /// The browser took the database away; it is being opened again.
    Lost,
    /// The room is there, and what is there is of no use.
    Damaged,
    /// The room was forgotten on this device.
    Forgotten,
    /// Anything else: the name of the browser's exception.
    Failed(String),
}

impl From<JsValue> for StorageError {
    fn from(error: JsValue) -> Self {
        let Some(exception) = error.dyn_ref::<DomException>() else {
            return Self::Failed("unknown".to_owned());
        };
        match exception.name().as_str() {
            "QuotaExceededError" => Self::Full,
            name => Self::Failed(name.to_owned()),
        }
    }
}
