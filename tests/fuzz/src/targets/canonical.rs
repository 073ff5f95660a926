//! Values with one encoding: what can be read is what is written, byte for byte.

use covey_wire::frame::Wire;

use crate::memory;

/// Reads a value that is all of `bytes`.
///
/// # Panics
/// When it would be written otherwise.
pub fn read<T: Wire>(bytes: &[u8]) -> Option<T> {
    let value = memory::bounded(bytes, T::from_bytes).ok()?;
    assert!(value.to_bytes() == bytes, "a value has two encodings");
    Some(value)
}
