//! What mutations start from: the golden vectors, sessions of Yjs, and inputs that once crashed.

use std::sync::OnceLock;

use covey_wire::id::unhex;

use crate::cost;

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// Cases that failed once.
pub const SEEDS: &str = include_str!("../seeds.txt");

/// Target and seed of every case that comes first: those that failed once, and what once did harm
/// or costs more than it shows.
pub fn seeds() -> impl Iterator<Item = (&'static str, u64)> {
    let failed = lines(SEEDS.as_bytes()).filter_map(|line| {
        let mut words = line.split(' ');
        Some((words.next()?, words.next()?.parse().ok()?))
    });
    failed.chain((0..cost::first()).map(|seed| ("cost", seed)))
}

/// The bytes of every golden vector whose name begins so.
pub fn vectors(prefix: &str) -> Vec<Vec<u8>> {
    let files = VECTORS.iter().filter(|(name, _)| name.starts_with(prefix));
    files.flat_map(|(_, file)| lines(file)).filter_map(bytes).collect()
}

/// A golden vector that is text.
pub fn text(name: &str) -> &'static str {
    let file = VECTORS.iter().find(|(known, _)| *known == name);
    file.and_then(|(_, bytes)| core::str::from_utf8(bytes).ok()).unwrap_or_default().trim()
}

/// The inputs that once did harm.
pub fn crashers() -> &'static [Vec<u8>] {
    static ALL: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    ALL.get_or_init(|| {
        CRASHERS.iter().flat_map(|(_, file)| lines(file)).filter_map(crasher).collect()
    })
}

/// Lines that are not comments.
pub fn lines(file: &[u8]) -> impl Iterator<Item = &str> {
    let text = core::str::from_utf8(file).unwrap_or_default();
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// Hexadecimal digits, alone or behind a name.
fn bytes(line: &str) -> Option<Vec<u8>> {
    unhex(line.rsplit(' ').next()?)
}

/// Hexadecimal digits, in which `(75)x3` stands for `757575`.
fn crasher(line: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for word in line.split(' ') {
        match word.strip_prefix('(').and_then(|word| word.split_once(")x")) {
            Some((digits, times)) => bytes.extend(unhex(digits)?.repeat(times.parse().ok()?)),
            None => bytes.extend(unhex(word)?),
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stored_file_is_read() {
        let stored: usize = CRASHERS.iter().map(|(_, file)| lines(file).count()).sum();
        assert!(stored >= 15);
        assert_eq!(crashers().len(), stored);
        assert_eq!(vectors("webrtc-frames").len(), 9);
        assert_eq!(vectors("segment").len(), 1);
        assert!(!text("link").is_empty());
        let costly = usize::try_from(cost::first()).expect("a few");
        assert_eq!(seeds().count(), lines(SEEDS.as_bytes()).count() + costly);
    }
}
