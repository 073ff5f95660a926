//! The borders of rooms: no sockets, clocks, threads or JavaScript come in by what they depend on, and a module uses
//! only those above it in the list of `lib.rs`.
#![allow(clippy::unwrap_used)]

use std::path::Path;
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

/// The modules of this crate as `lib.rs` lists them, and the text of each without its tests.
fn modules() -> Vec<(String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let list = std::fs::read_to_string(src.join("lib.rs")).expect("it is there");
    let names = list.lines().filter_map(|line| {
        let name = line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?;
        name.strip_suffix(';').map(str::to_owned)
    });
    let names = names.filter(|name| name != "fuzzing" && name != "golden");
    names.map(|name| (name.clone(), text(&src.join(name)))).collect()
}

fn text(module: &Path) -> String {
    let mut all = String::new();
    let mut open = vec![module.with_extension("rs"), module.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(
                std::fs::read_dir(path).expect("a folder").map(|entry| entry.unwrap().path()),
            );
        } else if path.exists() && !path.to_string_lossy().ends_with("tests.rs") {
            let file = std::fs::read_to_string(path).expect("a text");
            let code = file.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            all.push_str(code);
        }
    }
    all
}

#[test]
fn a_module_uses_only_modules_above_it() {
    let modules = modules();
    assert!(modules.len() > 10, "the list was read");
    for (at, (name, text)) in modules.iter().enumerate() {
        for (below, _) in &modules[at + 1..] {
            let uses = [format!("crate::{below}::"), format!("crate::{below};")];
            assert!(!uses.iter().any(|it| text.contains(it)), "{name} uses {below}");
        }
    }
}

#[test]
fn the_room_is_written_in_its_own_folder_alone() {
    for (name, text) in modules().iter().filter(|(name, _)| name != "room") {
        assert!(!text.contains("impl Room"), "{name}");
    }
}
