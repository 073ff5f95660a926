//! Why the browser's storage did not do what it was asked, in words for the person.

use thiserror::Error;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DomException;

/// Why something is not stored.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StorageError {
    /// There is no storage, as in some private windows.
    #[error(
        "This browser lets Covey store nothing here. The room works, but only until this page is closed."
    )]
    Unavailable,
    /// The disk, or the site's share of it, is full.
    #[error(
        "This device's storage is full. What you write reaches the others, but is not kept here."
    )]
    Full,
    /// The login is there and can't be read. It is left as it is.
    #[error(
        "This browser keeps a login that this version of Covey can't read. It may be from a newer version: load the page again, or open it in another browser profile."
    )]
    Unreadable,
    /// The room is there and can't be read. It is left as it is.
    #[error(
        "This device keeps this room in a form that this version of Covey can't read. It may be from a newer version: load the page again. Nothing was changed."
    )]
    Newer,
    /// A page with an older version holds the database open.
    #[error(
        "Covey was updated, and another tab still has the old version open. Close that tab, then load this page again."
    )]
    Blocked,
    /// The database was closed for a newer version of the page.
    #[error(
        "Covey was updated in another tab. What you write here reaches the others, but is not kept: load this page again."
    )]
    Closed,
    /// The browser took the database away; it is being opened again.
    #[error("This browser closed what Covey stores here. It is being opened again: try once more.")]
    Lost,
    /// The room is there, and what is there is of no use.
    #[error(
        "What this device keeps of this room is damaged. Open an invite link to it: that repairs it."
    )]
    Damaged,
    /// The room was forgotten on this device.
    #[error("This room was forgotten on this device.")]
    Forgotten,
    /// Anything else.
    #[error(
        "This browser's storage failed ({0}). What you write reaches the others, but may not be kept here."
    )]
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
