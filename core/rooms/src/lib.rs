//! Covey without any input or output: identity, capabilities, the signed ledger, documents, rooms.
//!
//! [`room::Room`] keeps one contract: **change it with `handle`, then drain `poll` to `None`, then
//! change it again**; `poll_timeout` says when it wants a `Tick`. Time, seeds and bytes come
//! in as arguments, effects go out as values.
//!
//! A module uses only modules that stand above it in this list. Of the machines (`live` to `sync`) none knows `room`,
//! which alone routes between them.

pub mod broken;
mod budget;

pub mod identity;
pub mod seal;

pub mod capability;

pub mod roster;

pub mod guard;

pub mod ledger;

pub mod documents;

pub mod offence;

pub mod live;

pub mod event;

pub mod replica;

pub mod peers;

pub mod sync;

pub mod room;

#[cfg(feature = "fuzzing")]
pub mod fuzzing;

#[cfg(test)]
mod golden;
