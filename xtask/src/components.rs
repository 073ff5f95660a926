//! The parts of a Rust toolchain that a minimal installation lacks.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::command::{output, succeeds_within, which};

/// Without a way to the network rustup can hang for long.
const LIMIT: Duration = Duration::from_secs(60);

/// A part of the toolchain.
#[derive(Debug, Clone, Copy)]
pub struct Component {
    /// What rustup calls it.
    pub name: &'static str,
    /// Whether it is there.
    there: fn() -> bool,
}

/// The lints.
pub const CLIPPY: Component = Component { name: "clippy", there: || runs("clippy") };
/// The formatter.
pub const RUSTFMT: Component = Component { name: "rustfmt", there: || runs("fmt") };
/// The standard library in source.
pub const SOURCE: Component = Component { name: "rust-src", there: has_source };

impl Component {
    /// Whether it is there, added by rustup where that can be.
    pub fn is_ready(self) -> bool {
        if (self.there)() {
            return true;
        }
        if which("rustup").is_none() {
            return false;
        }
        println!("{} is missing: asking rustup for it.", self.name);
        let mut add = Command::new("rustup");
        succeeds_within(add.args(["component", "add", self.name]), LIMIT) && (self.there)()
    }

    /// How to get it by hand.
    pub fn advice(self) -> String {
        let Self { name, .. } = self;
        format!("{name} is not installed: `rustup component add {name}`, or your system's package")
    }
}

/// rustup puts a stand-in on PATH, so only starting a subcommand tells.
fn runs(subcommand: &str) -> bool {
    output("cargo", &[subcommand, "--version"]).is_some()
}

fn has_source() -> bool {
    let sysroot = output("rustc", &["--print", "sysroot"]);
    sysroot.is_some_and(|root| Path::new(&root).join("lib/rustlib/src/rust/library").is_dir())
}
