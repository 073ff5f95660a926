//! Covey without any input or output: identity, capabilities, the signed ledger, documents, rooms.
//!
//! [`client::Client`] keeps one contract: **change it with `handle`, then drain `poll` to `None`,
//! then change it again**; `poll_timeout` says when it wants a `Tick`. Time, seeds and bytes come
//! in as arguments, effects go out as values.
//!
//! A module uses only modules that stand above it in this list.

pub mod broken;

pub mod identity;
pub mod seal;

pub mod capability;

pub mod roster;

pub mod guard;

pub mod ledger;

pub mod disk;

pub mod documents;

pub mod presence;

pub mod sync;

pub mod room;

pub mod client;

#[cfg(feature = "fuzzing")]
pub mod fuzzing;

#[cfg(test)]
mod golden;
