//! The browser's peer connections and data channels, as the transport of `covey-mesh` wants them.

mod channel;
mod connection;

use covey_mesh::webrtc::Error;
use wasm_bindgen::prelude::*;

pub use connection::Connection;

use crate::platform::words;

/// A Rust function that JavaScript calls with an event.
type Listener = Closure<dyn FnMut(JsValue)>;

/// An exception of the browser.
fn refused(thrown: JsValue) -> Error {
    Error::Platform(words(&thrown))
}
