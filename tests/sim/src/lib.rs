//! Rooms of many real clients in virtual time, on a network and disks that fail, beside a model
//! of what must come of it.
//!
//! ```text
//!   seed ─► step ─► world: pages (real clients), wires, node, disks ─┐
//!             └───► reference: who wrote what, who may be in ────────┴─► check
//! ```
//!
//! Everything is drawn from the seed, so a failure is replayed by its seed alone.

mod check;
mod check_logs;
mod check_values;
pub mod disk;
mod doors;
mod faults;
mod intruder;
mod keyed;
mod node;
mod page;
mod reference;
mod rng;
mod run;
mod scribble;
mod step;
mod values;
mod views;
mod walk;
mod wires;
mod world;

pub use run::{Counts, Failure, Settings, run};
