//! The parts of a Rust toolchain that a minimal installation lacks.

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
    subcommand: &'static str,
}

/// The lints.
pub const CLIPPY: Component = Component { name: "clippy", subcommand: "clippy" };
/// The formatter.
pub const RUSTFMT: Component = Component { name: "rustfmt", subcommand: "fmt" };

impl Component {
    /// Whether it is there, added by rustup where that can be.
    pub fn is_ready(self) -> bool {
        // rustup puts a stand-in on PATH, so only starting it tells.
        let there = || output("cargo", &[self.subcommand, "--version"]).is_some();
        if there() {
            return true;
        }
        if which("rustup").is_none() {
            return false;
        }
        println!("{} is missing: asking rustup for it.", self.name);
        let mut add = Command::new("rustup");
        succeeds_within(add.args(["component", "add", self.name]), LIMIT) && there()
    }

    /// How to get it by hand.
    pub fn advice(self) -> String {
        let Self { name, .. } = self;
        format!("{name} is not installed: `rustup component add {name}`, or your system's package")
    }
}
