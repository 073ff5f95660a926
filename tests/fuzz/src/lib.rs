//! Hostile input for every parser of Covey: a case is a target and a seed, and nothing else.
//!
//! ```text
//!   seed ─► corpus or generator ─► mutation ─► mended: checksums, hashes, signatures, seals
//!        ─► target: the parser, and what it promises
//!   watched all the while: panics; time and memory of each case (`watch`; on WebAssembly `soak.mjs`)
//!   and for each byte of input (`work`, `memory`)
//! ```
//!
//! The same seed is the same case on every machine, so numbers are drawn with 64 bits everywhere.

pub mod corpus;
pub mod cost;
pub mod guard;
pub mod memory;
pub mod mutation;
pub mod rng;
pub mod targets;
pub mod work;

mod forge;

#[cfg(not(target_family = "wasm"))]
pub mod watch;

#[cfg(target_family = "wasm")]
mod wasm;
