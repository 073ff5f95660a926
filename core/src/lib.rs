//! Covey without any input or output: identity, capabilities, the signed ledger, documents, rooms.
//!
//! [`client::Client`] keeps one contract: **change it with `handle`, then drain `poll` to `None`,
//! then change it again**; `poll_timeout` says when it wants a `Tick`. Time, seeds and bytes come
//! in as arguments, effects go out as values.
//!
//! A module uses only modules that stand above it in this list.

#[cfg(feature = "rooms")]
pub mod broken;
pub mod frame;
pub mod limits;

pub mod id;
pub mod time;

pub mod meet;
pub mod net;

#[cfg(feature = "mesh")]
pub mod mesh;

#[cfg(feature = "rooms")]
pub mod identity;

#[cfg(feature = "rooms")]
pub mod seal;

#[cfg(feature = "rooms")]
pub mod capability;

#[cfg(feature = "rooms")]
pub mod roster;

#[cfg(feature = "rooms")]
pub mod guard;

#[cfg(feature = "rooms")]
pub mod ledger;

#[cfg(feature = "rooms")]
pub mod documents;

#[cfg(feature = "rooms")]
pub mod presence;

#[cfg(feature = "rooms")]
pub mod sync;

#[cfg(feature = "rooms")]
pub mod room;

#[cfg(feature = "rooms")]
pub mod client;

#[cfg(all(feature = "fuzzing", feature = "rooms"))]
pub mod fuzzing;

#[cfg(all(test, feature = "rooms"))]
mod golden;
