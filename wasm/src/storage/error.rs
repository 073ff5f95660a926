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
