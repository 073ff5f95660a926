//! How much memory a parser takes for how much input.

use peak_alloc::PeakAlloc;

use crate::work;

/// Counts every allocation, natively and on WebAssembly.
#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// So many times its input a parser may hold at once, …
const FACTOR: usize = 16;
/// … and so much whatever the input: tables of the inflater, spare room in vectors.
const SPARE: usize = 1 << 20;
/// The bytes a document may hold whatever it is charged: lists of the allocator's, a table or two.
const KEPT_SPARE: usize = 24 << 10;

/// The bytes that are allocated now.
pub fn held() -> usize {
    HEAP.current_usage()
}

/// Does something with `input`.
///
/// # Panics
/// When more memory is taken at once than that input may take. Other threads count, too: one
/// process works on one case at a time.
pub fn bounded<T>(input: &[u8], act: impl FnOnce(&[u8]) -> T) -> T {
    bounded_with(input.len(), 0, || act(input))
}

/// Does something with `len` bytes that may grow, by rights, by `more` bytes.
///
/// # Panics
/// Like [`bounded`].
pub fn bounded_with<T>(len: usize, more: usize, act: impl FnOnce() -> T) -> T {
    HEAP.reset_peak_usage();
    let before = HEAP.current_usage();
    let result = work::timed(len + more, act);
    let taken = HEAP.peak_usage().saturating_sub(before);
    let most = len * FACTOR + SPARE + more;
    assert!(taken <= most, "{len} bytes of input took {taken} bytes of memory, {most} are allowed");
    result
}

/// The bytes a document holds of an update may be so many times those it is charged, …
const CHARGED: usize = 2;
/// … and so much in the meantime, for what is decoded and moved.
const IN_PASSING: usize = 4;

/// Does something with an update of which more is kept than it shows, and which is charged `cost`
/// for that.
///
/// # Panics
/// When it takes more.
pub fn charged<T>(update: &[u8], cost: usize, act: impl FnOnce(&[u8]) -> T) -> T {
    bounded_with(update.len(), cost * (CHARGED + IN_PASSING), || act(update))
}

/// Holds what `make` makes and returns it, if it is charged enough: `make` says what.
///
/// # Panics
/// When it holds more than so many times what it is charged.
pub fn kept<T>(what: &str, make: impl FnOnce() -> (usize, T)) -> T {
    let before = HEAP.current_usage();
    let (charged, result) = make();
    let held = HEAP.current_usage().saturating_sub(before);
    let most = charged * CHARGED + KEPT_SPARE;
    assert!(held <= most, "{what}: charged {charged} bytes, it holds {held}");
    result
}
