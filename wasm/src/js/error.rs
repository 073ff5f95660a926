//! Errors as the page sees them: a code, and details where there are any. Sentences are the page's.

use covey_rooms::capability::{CapabilityError, LinkError};
use covey_rooms::room::RoomError;
use wasm_bindgen::prelude::*;

use super::Fields;
use crate::storage::StorageError;

#[wasm_bindgen(raw_module = "../dist/errors.js")]
extern "C" {
    type CoveyError;

    #[wasm_bindgen(constructor)]
    fn new(code: &str, details: JsValue) -> CoveyError;
}

/// An error without details.
pub fn error(code: &str) -> JsValue {
    CoveyError::new(code, JsValue::UNDEFINED).into()
}

/// An error with a detail.
pub fn detailed(code: &str, name: &str, value: impl Into<JsValue>) -> JsValue {
    CoveyError::new(code, Fields::new().with(name, value).into()).into()
}

/// A link that can't be used.
pub fn link(reason: &LinkError) -> JsValue {
    match reason {
        LinkError::Missing => error("link-missing"),
        LinkError::Version => error("link-newer"),
        LinkError::Rights(rights) => detailed("link-invalid", "reason", fault(rights)),
        _ => error("link-damaged"),
    }
}

/// A link that can't be made from another.
pub fn narrowing(reason: &LinkError) -> JsValue {
    match reason {
        LinkError::Rights(
            rights @ (CapabilityError::Wider
            | CapabilityError::NotPassedOn
            | CapabilityError::Bound
            | CapabilityError::Length),
        ) => detailed("link-not-made", "reason", fault(rights)),
        other => link(other),
    }
}

fn fault(reason: &CapabilityError) -> &'static str {
    match reason {
        CapabilityError::Length => "length",
        CapabilityError::Signature => "signature",
        CapabilityError::Wider => "wider",
        CapabilityError::NotPassedOn => "not-passed-on",
        CapabilityError::Bound => "bound",
        _ => "useless",
    }
}

/// A room that can't be opened.
pub fn opening(reason: &RoomError) -> JsValue {
    match reason {
        RoomError::Link(reason) => link(reason),
        RoomError::Refused(reason) => detailed("room-broken", "reason", reason.name()),
        _ => error("not-allowed"),
    }
}

/// A link for others that can't be made.
pub fn inviting(reason: &RoomError) -> JsValue {
    match reason {
        RoomError::Link(reason) => narrowing(reason),
        other => opening(other),
    }
}

/// The storage refused.
pub fn storage(reason: &StorageError) -> JsValue {
    error(match reason {
        StorageError::Unavailable => "storage-unavailable",
        StorageError::Full => "storage-full",
        StorageError::Unreadable => "storage-unreadable",
        StorageError::Newer => "storage-newer",
        StorageError::Blocked => "storage-blocked",
        StorageError::Closed => "storage-closed",
        StorageError::Lost => "storage-lost",
        StorageError::Damaged => "storage-damaged",
        StorageError::Forgotten => "storage-forgotten",
        StorageError::Failed(exception) => {
            return detailed("storage-failed", "exception", exception.as_str());
        }
    })
}
