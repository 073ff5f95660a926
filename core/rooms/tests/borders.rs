//! The dependencies of rooms: no sockets, clocks, threads or JavaScript come in by them.

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
