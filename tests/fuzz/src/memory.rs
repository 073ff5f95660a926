//! How much memory a parser takes for how much input.

use peak_alloc::PeakAlloc;

/// Counts every allocation, natively and on WebAssembly.
#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// So many times its input a parser may hold at once, …
const FACTOR: usize = 16;
/// … and so much whatever the input: tables of the inflater, spare room in vectors.
const SPARE: usize = 1 << 20;

/// What is allocated now.
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
    let result = act();
    let taken = HEAP.peak_usage().saturating_sub(before);
    let most = len * FACTOR + SPARE + more;
    assert!(taken <= most, "{len} bytes of input took {taken} bytes of memory, {most} are allowed");
    result
}
