//! A headless peer.
