//! Covey in a browser.

pub mod transport;
