//! Golden files of the formats: `tests/vectors` at the top of the repository.

use std::path::Path;

/// Compares with the golden file; with `COVEY_BLESS=1` writes it.
#[expect(clippy::disallowed_methods, reason = "a test writes its own golden files")]
pub fn check(name: &str, bytes: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(name);
    let text = if name.ends_with(".txt") {
        String::from_utf8_lossy(bytes).into_owned()
    } else {
        covey_wire::id::hex(bytes)
    };
    if std::env::var_os("COVEY_BLESS").is_some() {
        assert!(std::fs::write(&path, format!("{text}\n")).is_ok(), "{name} can't be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(golden.trim_end(), text, "{name} differs from its golden file");
}
