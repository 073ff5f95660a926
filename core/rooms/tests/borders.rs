//! The borders of rooms: no sockets, clocks, threads or JavaScript come in by dependencies, a module uses only those
//! that stand above it, and one module is the face.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The packages of a crate for a target, without its tests.
fn tree(package: &str, target: &str, more: &[&str]) -> Vec<String> {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .args(["--package", package, "--target", target])
        .args(more)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .expect("cargo runs");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let lines = String::from_utf8(tree.stdout).expect("names");
    let names = lines.lines().filter_map(|line| line.split(' ').next());
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn is_foreign(name: &str) -> bool {
    const FOREIGN: [&str; 7] =
        ["futures", "tokio", "wasm-bindgen", "js-sys", "web-sys", "web-time", "getrandom"];
    name.starts_with("libp2p") || FOREIGN.contains(&name) || name.starts_with("futures-")
}

#[test]
fn rooms_have_no_network_no_runtime_and_no_javascript() {
    let native = tree("covey-rooms", "x86_64-unknown-linux-gnu", &[]);
    assert!(native.iter().any(|name| name == "yrs"), "{native:?}");
    let allowed = |name: &&String| *name != "getrandom" && is_foreign(name);
    assert_eq!(native.iter().find(allowed), None);

    // In a browser yrs takes its random numbers from JavaScript by itself.
    let page = tree("covey-rooms", "wasm32-unknown-unknown", &["--prune", "yrs"]);
    assert!(page.iter().any(|name| name == "covey-wire"), "{page:?}");
    assert_eq!(page.iter().find(|name| is_foreign(name)), None);
}

#[test]
fn the_network_and_the_node_know_no_rooms() {
    for package in ["covey-mesh", "covey-rendezvous"] {
        let names = tree(package, "x86_64-unknown-linux-gnu", &[]);
        assert!(names.iter().any(|name| name == "libp2p"), "{names:?}");
        let rooms = names.iter().find(|name| *name == "covey-rooms" || *name == "yrs");
        assert_eq!(rooms, None, "{package}");
    }
}

/// All sources below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let each = |path: PathBuf| if path.is_dir() { sources(&path) } else { vec![path] };
    entries.flat_map(each).collect()
}

/// The module of a crate that a source belongs to.
fn module(src: &Path, source: &Path) -> String {
    let first = source.strip_prefix(src).expect("below").iter().next().expect("a name");
    first.to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// Code alone: tests may look at what stands below.
fn code(source: &Path) -> String {
    let text = fs::read_to_string(source).expect("a source");
    text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()
}

#[test]
fn a_module_uses_only_modules_that_stand_above_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let lib = fs::read_to_string(src.join("lib.rs")).expect("lib.rs");
    let name = |line: &str| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        Some(line.strip_prefix("mod ")?.trim_end_matches(';').to_owned())
    };
    let order: Vec<String> = lib.lines().filter_map(name).collect();
    assert!(order.len() > 10, "{order:?}");
    for source in sources(&src).iter().filter(|path| !path.ends_with("tests.rs")) {
        let own = module(&src, source);
        let Some(place) = order.iter().position(|module| *module == own) else { continue };
        let code = code(source);
        let used =
            order[place + 1..].iter().find(|below| code.contains(&format!("crate::{below}::")));
        assert_eq!(used, None, "{} stands above it", source.display());
    }
}

#[test]
fn only_room_says_what_a_room_does() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let says = |source: &&PathBuf| code(source).contains("impl Room {");
    let all = sources(&src);
    let elsewhere = all.iter().filter(says).find(|source| module(&src, source) != "room");
    assert_eq!(elsewhere, None);
}
