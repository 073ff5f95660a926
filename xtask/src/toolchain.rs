//! The compiler of the page's module: the user's own where it knows WebAssembly, else Debian's.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::command::{cargo, command, output, succeeds_within, which};
use crate::components::SOURCE;
use crate::machine;
use crate::project::Project;

const TARGET: &str = "wasm32-unknown-unknown";
/// Compiler, standard library in source, code generator and linker.
const PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22"];

/// How WebAssembly is compiled here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toolchain {
    /// The user's toolchain has the target.
    Own,
    /// It has the standard library in source too, which is compiled along.
    Sourced,
    /// Debian's, which compiles the standard library as well.
    Debian,
}

impl Toolchain {
    /// Finds one, or installs what is missing.
    pub fn find() -> Result<Self> {
        if own_has_target() {
            return Ok(Self::own());
        }
        if machine::has_packages(&PACKAGES) {
            return Ok(Self::Debian);
        }
        let debian = machine::may_install();
        if which("rustup").is_some() {
            println!(
                "Rust's WebAssembly target is missing, the page is compiled to it: asking rustup for it."
            );
            let mut add = Command::new("rustup");
            // Without a way to the network this can hang for long.
            let limit = Duration::from_secs(if debian { 20 } else { 300 });
            if succeeds_within(add.args(["target", "add", TARGET]), limit) && own_has_target() {
                return Ok(Self::own());
            }
        }
        if !debian {
            bail!(
                "Rust's WebAssembly target is missing and could not be installed from here. \
                 Run `rustup target add {TARGET}`, or on Debian `sudo apt-get install {}`",
                PACKAGES.join(" ")
            );
        }
        machine::install(&PACKAGES, "Because rustup can't add the WebAssembly target here")?;
        Ok(Self::Debian)
    }

    /// The user's own, with the standard library in source where rustup has it or gets it.
    fn own() -> Self {
        if SOURCE.is_ready() { Self::Sourced } else { Self::Own }
    }

    /// Whether the standard library is compiled along, for size.
    pub fn builds_std(self) -> bool {
        self != Self::Own
    }

    /// `cargo <subcommand>` for WebAssembly in its own target folder.
    pub fn cargo(self, project: &Project, subcommand: &str) -> Command {
        let mut cargo = match self {
            Self::Own | Self::Sourced => cargo(&project.root),
            Self::Debian => debian_cargo(&project.root),
        };
        cargo.arg(subcommand).args(["--target", TARGET]);
        cargo.arg("--target-dir").arg(project.wasm_target());
        cargo
    }

    /// `cargo build` of what only tests run: as it comes.
    pub fn build(self, project: &Project) -> Command {
        let mut cargo = self.cargo(project, "build");
        cargo.env("CARGO_PROFILE_SOAK_PANIC", "abort");
        if self == Self::Debian {
            // Debian has no compiled standard library.
            cargo.env("RUSTC_BOOTSTRAP", "1").arg("-Zbuild-std=std,panic_abort");
        }
        cargo
    }

    /// `cargo build` of what people download: as small as can be.
    pub fn build_small(self, project: &Project) -> Command {
        let mut cargo = self.cargo(project, "build");
        if self.builds_std() {
            // Compiling the standard library is not yet a stable feature.
            cargo.env("RUSTC_BOOTSTRAP", "1");
            cargo.arg("-Zbuild-std=std,panic_abort");
            // Without the words of panics the module is a tenth smaller; the stack still tells.
            cargo.args(["-Zbuild-std-features=optimize_for_size", "-Zpanic-immediate-abort"]);
            cargo.env("CARGO_PROFILE_WEB_PANIC", "immediate-abort");
            // Nor does anyone read what only a debugger would print.
            let flags = r#"["-Zfmt-debug=none", "-Zlocation-detail=none"]"#;
            cargo.arg("--config").arg(format!("target.{TARGET}.rustflags={flags}"));
        }
        cargo
    }

    /// A word that changes with the compiler.
    pub fn version(self) -> String {
        let rustc = match self {
            Self::Own | Self::Sourced => "rustc",
            Self::Debian => "/usr/bin/rustc",
        };
        let version = output(rustc, &["--version"]).unwrap_or_default();
        if self.builds_std() { format!("{version} with std") } else { version }
    }
}

fn own_has_target() -> bool {
    output("rustc", &["--print", "sysroot"])
        .is_some_and(|sysroot| Path::new(&sysroot).join("lib/rustlib").join(TARGET).is_dir())
}

/// Debian's Cargo with Debian's compiler, beside whatever rustup has put first on PATH.
fn debian_cargo(folder: &Path) -> Command {
    let mut cargo = command("/usr/bin/cargo", folder);
    let mut path = std::ffi::OsString::from("/usr/bin:");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    cargo
        .env("PATH", path)
        .env("RUSTC", "/usr/bin/rustc")
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("LD_LIBRARY_PATH");
    cargo
}
