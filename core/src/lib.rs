//! Covey without any input or output: identity, capabilities, the signed ledger, documents, rooms.
//!
//! Every machine here keeps one contract: **change it with `handle`, then drain `poll` to `None`,
//! then change it again**; `poll_timeout` says when it wants a `Tick`. Time, seeds and bytes come
//! in as arguments, effects go out as values.
//!
//! A module uses only modules that stand above it in this list.

pub mod frame;
pub mod id;
pub mod limits;
pub mod time;

pub mod meet;
pub mod net;

#[cfg(feature = "mesh")]
pub mod mesh;
