//! Long runs: hostile input natively and on WebAssembly, simulated rooms, honest sessions of Yjs.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};

use crate::command::{cargo, command, run};
use crate::npm;
use crate::project::Project;
use crate::stamp::Stamp;
use crate::toolchain::Toolchain;
use crate::wasm::{self, Face};

/// Hostile cases in one run of every check.
const CASES: &str = "1000000";
/// Of these on WebAssembly, where numbers have 32 bits.
const CASES_ON_WASM: &str = "200000";
/// Sessions of Yjs in one run of every check.
const SESSIONS: &str = "10000";
/// What all these are compiled with: once for all of them.
const PROFILE: &str = "soak";

/// `cargo xtask soak`: as many cases as there is time for, or one again.
pub fn soak(project: &Project, options: &[&str]) -> Result<()> {
    let native: Vec<&str> = options.iter().copied().filter(|word| *word != "--wasm").collect();
    if native.len() < options.len() {
        on_wasm(project, &native)
    } else {
        natively(project, &native)
    }
}

/// The cases of one run of every check, natively.
pub fn fuzz(project: &Project) -> Result<()> {
    natively(project, &["--cases", CASES])
}

/// The cases of one run of every check, on WebAssembly.
pub fn fuzz_wasm(project: &Project) -> Result<()> {
    on_wasm(project, &["--cases", CASES_ON_WASM])
}

/// Rooms in virtual time, and that broken rules are noticed there. By itself: together with others
/// its clients would be compiled to skip their own checks.
pub fn sim(project: &Project) -> Result<()> {
    let mut rules = cargo(&project.root);
    rules.args(["test", "--profile", PROFILE, "--package", "covey-sim", "--target-dir"]);
    run(rules.arg(&project.target))?;
    let program = program(project, &["--package", "covey-sim"], "covey-sim")?;
    run(&mut command(program, &project.root))
}

/// Nothing that JavaScript's Yjs does is refused, and all see the same.
pub fn honest(project: &Project) -> Result<()> {
    let example = ["--package", "covey-rooms", "--example", "honest"];
    let reader = program(project, &example, "examples/honest")?;
    npm::packages(project, "web")?;
    let seed = SystemTime::now().duration_since(UNIX_EPOCH).context("a clock")?.as_secs();
    println!("{SESSIONS} sessions from seed {seed}");
    let mut generator = command("node", &project.root);
    generator.args(["tests/vectors/generate-yjs.mjs", "--sessions", SESSIONS]);
    generator.args(["--seed", &seed.to_string()]);
    let mut sessions = generator.stdout(Stdio::piped()).spawn().context("starting node")?;
    let pipe = sessions.stdout.take().context("a pipe from node")?;
    run(command(reader, &project.root).stdin(pipe))?;
    if !sessions.wait()?.success() {
        bail!("the generator of sessions failed");
    }
    Ok(())
}

fn natively(project: &Project, options: &[&str]) -> Result<()> {
    let program = program(project, &["--package", "covey-fuzz", "--bin", "soak"], "soak")?;
    run(command(program, &project.root).args(options))
}

/// Compiles a program of the profile, and tells where it is.
fn program(project: &Project, what: &[&str], name: &str) -> Result<PathBuf> {
    let mut build = cargo(&project.root);
    build.args(["build", "--quiet", "--profile", PROFILE]).args(what);
    run(build.arg("--target-dir").arg(&project.target))?;
    Ok(project.target.join(PROFILE).join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

fn on_wasm(project: &Project, options: &[&str]) -> Result<()> {
    npm::require()?;
    let toolchain = Toolchain::find()?;
    run(build(toolchain, project).args(["--package", "covey-fuzz", "--lib"]))?;
    let module = project.wasm_target().join("wasm32-unknown-unknown/soak/covey_fuzz.wasm");
    let package = project.wasm_target().join("covey-fuzz");
    let script = package.join("covey_fuzz.js");
    Stamp::new(project, "covey-fuzz")
        .input(&module)?
        .input(&project.path("xtask/src/glue.rs"))?
        .unless_done(&[&script], || wasm::glue(project, &module, &package, Face::Node))?;
    run(command("node", &project.root).arg("tests/fuzz/soak.mjs").arg(script).args(options))
}

fn build(toolchain: Toolchain, project: &Project) -> Command {
    let mut build = toolchain.build(project);
    build.args(["--quiet", "--profile", PROFILE]);
    build
}
