//! Covey in a browser.

#[cfg(feature = "echo")]
pub mod echo;
pub mod transport;
