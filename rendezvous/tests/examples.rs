//! The settings that `examples/host` brings along are settings of this node.
#![allow(clippy::unwrap_used)]

use clap::Parser;
use covey_rendezvous::Flags;

#[test]
fn the_example_of_a_host_is_understood() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/host/node.toml");
    let flags = Flags::try_parse_from(["covey-node", "--config", file]).unwrap();
    let settings = flags.settings().unwrap().to_toml();
    assert!(settings.contains("/usr/share/covey"), "{settings}");
}
