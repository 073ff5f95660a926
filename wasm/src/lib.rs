//! Covey in a browser: the driver of a room, IndexedDB, the transport and the JavaScript classes.
//! It decides nothing that `covey-rooms` can decide.

mod driver;
#[cfg(feature = "echo")]
mod echo;
mod js;
mod platform;
mod storage;
mod transport;
