//! How long a parser takes for how much input.
//!
//! A machine that is busy with something else makes a parser look slow: what took too long is noted,
//! and whoever runs the case runs it again before it says so.

use std::cell::Cell;

/// For each byte of its input a parser may take so many milliseconds: a thousand times what it does.
const PER_BYTE: f64 = 0.001;
/// So many whatever the input: memory is fetched, tables are made.
const SPARE: f64 = 10.0;

thread_local! {
    /// The largest share of what it might take that something took since it was last asked.
    static SHARE: Cell<f64> = const { Cell::new(0.0) };
}

/// Does something with `len` bytes, and notes what share of its time it took.
pub fn timed<T>(len: usize, act: impl FnOnce() -> T) -> T {
    let begun = now();
    let result = act();
    let share = (now() - begun) / (SPARE + PER_BYTE * len as f64);
    SHARE.with(|worst| worst.set(worst.get().max(share)));
    result
}

/// The largest share since the last call; above 1 is too long.
pub fn share() -> f64 {
    SHARE.with(|worst| worst.replace(0.0))
}

#[cfg(not(target_family = "wasm"))]
fn now() -> f64 {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64() * 1e3
}

#[cfg(target_family = "wasm")]
use crate::wasm::now;
