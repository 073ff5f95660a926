//! The page's module: compiled, then given its JavaScript side.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::{cargo, command, run};
use crate::npm;
use crate::project::Project;
use crate::stamp::Stamp;
use crate::toolchain::Toolchain;

/// Which module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// The one people use.
    Real,
    /// One that skips its own checks before it sends: the attacker of the tests.
    Misbehaving,
    /// One that puts the network alone in the hands of a test.
    Echo,
}

impl Variant {
    /// The name of its folder in `wasm/`.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Real => "pkg",
            Self::Misbehaving => "pkg-misbehave",
            Self::Echo => "pkg-echo",
        }
    }

    fn feature(self) -> Option<&'static str> {
        match self {
            Self::Real => None,
            Self::Misbehaving => Some("misbehave"),
            Self::Echo => Some("echo"),
        }
    }

    fn profile(self) -> &'static str {
        match self {
            Self::Real | Self::Misbehaving => "web",
            Self::Echo => "soak",
        }
    }
}

/// Who loads a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// A page.
    Page,
    /// Node.js.
    Node,
}

impl Face {
    fn option(self) -> Option<&'static str> {
        (self == Self::Node).then_some("--node")
    }
}

/// What the module is made of, and what says how.
const INPUTS: [&str; 9] = [
    "Cargo.toml",
    "Cargo.lock",
    "core",
    "wasm/Cargo.toml",
    "wasm/src",
    "xtask/Cargo.toml",
    "xtask/src/wasm.rs",
    "xtask/src/toolchain.rs",
    "xtask/src/glue.rs",
];

/// Builds a variant into `wasm/pkg…`, if something in it changed.
pub fn build(project: &Project, variant: Variant) -> Result<()> {
    let toolchain = Toolchain::find()?;
    let package = project.path("wasm").join(variant.folder());
    let mut stamp = Stamp::new(project, variant.folder()).word(&toolchain.version());
    for input in INPUTS {
        stamp = stamp.input(&project.path(input))?;
    }
    let outputs = [package.join("covey_wasm.js"), package.join("covey_wasm_bg.wasm")];
    stamp.unless_done(&[&outputs[0], &outputs[1]], || {
        println!("Compiling the page's module ({}).", variant.folder());
        let module = compile(project, toolchain, variant)?;
        glue(project, &module, &package, Face::Page)?;
        if variant == Variant::Real { shrink(project, &outputs[1]) } else { Ok(()) }
    })?;
    Ok(())
}

/// What makes a module smaller once it is compressed: most other passes make it shorter and harder
/// to compress, and `-Oz` larger in the end.
const PASSES: [&str; 11] = [
    "--duplicate-function-elimination",
    "--remove-unused-module-elements",
    "--memory-packing",
    "--simplify-globals",
    "--dae-optimizing",
    "--optimize-instructions",
    "--code-pushing",
    "--simplify-locals-nostructure",
    "--precompute",
    "--optimize-instructions",
    "--vacuum",
];
/// Of these some find more where the others have been.
const AGAIN: [&str; 5] = [
    "--remove-unused-brs",
    "--remove-unused-names",
    "--merge-blocks",
    "--vacuum",
    "--duplicate-function-elimination",
];
/// What the compiler uses, and every browser with WebRTC and data channels knows.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Takes out of a module what the compiler left that nobody needs.
fn shrink(project: &Project, module: &Path) -> Result<()> {
    let mut opt = npm::program(project, "web", "wasm-opt")?;
    opt.args(FEATURES).args(AGAIN).args(PASSES).args(AGAIN);
    // Last, since every other pass leaves locals that nothing uses, in any order.
    opt.args(["--reorder-locals", "--strip-producers"]);
    run(opt.arg(module).arg("-o").arg(module))
}

/// Warnings of the compiler for WebAssembly are errors here: native lints don't see that code.
pub fn without_warnings(project: &Project) -> Result<()> {
    let toolchain = Toolchain::find()?;
    match toolchain {
        Toolchain::Own | Toolchain::Sourced => {
            let mut clippy = toolchain.cargo(project, "clippy");
            run(clippy.args(["--package", "covey-wasm", "--", "--deny", "warnings"]))
        }
        // Debian's compiler comes without clippy; its own warnings are replayed without compiling.
        Toolchain::Debian => {
            let mut build = profile(toolchain, project, Variant::Real);
            run(build.args(["-Zwarnings", "--config", "build.warnings=\"deny\""]))
        }
    }
}

fn profile(toolchain: Toolchain, project: &Project, variant: Variant) -> Command {
    // What nobody downloads is compiled in a fraction of the time.
    let mut build = match variant {
        Variant::Real | Variant::Misbehaving => toolchain.build_small(project),
        Variant::Echo => toolchain.build(project),
    };
    build.args(["--profile", variant.profile(), "--package", "covey-wasm"]);
    if let Some(feature) = variant.feature() {
        build.args(["--features", feature]);
    }
    build
}

/// Compiles, and tells where the module is.
fn compile(project: &Project, toolchain: Toolchain, variant: Variant) -> Result<PathBuf> {
    run(&mut profile(toolchain, project, variant))?;
    let folder = project.wasm_target().join("wasm32-unknown-unknown").join(variant.profile());
    Ok(folder.join("covey_wasm.wasm"))
}

/// Gives a module its JavaScript side.
pub fn glue(project: &Project, module: &Path, package: &Path, face: Face) -> Result<()> {
    run(cargo(&project.root)
        .args(["build", "--quiet", "--profile", "glue", "--package", "xtask", "--features", "glue"])
        .args(["--bin", "xtask-glue", "--target-dir"])
        .arg(&project.target))?;
    if package.exists() {
        fs::remove_dir_all(package).with_context(|| format!("emptying {}", package.display()))?;
    }
    let program = project.target.join("glue/xtask-glue");
    run(command(program, &project.root).arg(module).arg(package).args(face.option()))
}
