//! Errors as the page sees them: a stable `name`, and a message for the person.

use covey_rooms::capability::{CapabilityError, LinkError};
use covey_rooms::room::RoomError;
use wasm_bindgen::JsValue;

use crate::storage::StorageError;

/// A JavaScript error of that name.
pub fn error(name: &str, message: &str) -> JsValue {
    let error = js_sys::Error::new(message);
    error.set_name(name);
    error.into()
}

/// A link that can't be used.
pub fn link(reason: &LinkError) -> JsValue {
    error("LinkError", &reason.to_string())
}

/// A link that can't be made from another.
pub fn narrowing(reason: &LinkError) -> JsValue {
    let LinkError::Rights(rights) = reason else { return link(reason) };
    let message = match rights {
        CapabilityError::Wider => "This link can't give more than the one it is made from.",
        CapabilityError::NotPassedOn => "The link you came by may not be passed on.",
        CapabilityError::Bound => "The link you came by is bound to you and can't be passed on.",
        CapabilityError::Length => "The link you came by has been passed on too often already.",
        _ => return link(reason),
    };
    error("NotAllowed", message)
}

/// A room that can't be opened.
pub fn opening(reason: &RoomError) -> JsValue {
    match reason {
        RoomError::Link(reason) => link(reason),
        RoomError::NotAllowed => error("NotAllowed", &reason.to_string()),
        other => error("StorageError", &other.to_string()),
    }
}

/// A link for others that can't be made.
pub fn inviting(reason: &RoomError) -> JsValue {
    match reason {
        RoomError::Link(reason) => narrowing(reason),
        other => error("NotAllowed", &other.to_string()),
    }
}

/// The storage refused.
pub fn storage(reason: &StorageError) -> JsValue {
    error("StorageError", &reason.to_string())
}
