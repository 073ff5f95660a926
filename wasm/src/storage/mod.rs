//! The storage of a device, in IndexedDB: its secret, the rooms' records and their logs.
//!
//! ```text
//!   covey ─┬─ device     "device"       ► secret (32 bytes) │ installation (16 bytes)
//!          ├─ rooms      room id in hex ► encoded record
//!          └─ segments   room id │ Lamport time │ signature ► segment, causes first
//!                        room id │ 8 bytes of ones │ key    ► blob
//! ```

mod database;
mod disk;
mod error;
mod open;
mod request;

pub use database::{Database, Device, Stored, Writing, key_of, place};
pub use disk::Disk;
pub use error::StorageError;
