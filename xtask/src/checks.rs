//! `cargo xtask test`: every check there is, cheap ones first.

use anyhow::{Result, bail};

use crate::build;
use crate::command::{cargo, command, lines, run, which};
use crate::components::{CLIPPY, Component, RUSTFMT};
use crate::npm;
use crate::project::Project;
use crate::report::{Outcome, Report};
use crate::toolchain::Toolchain;
use crate::wasm::{self, Variant};
use crate::{e2e as browsers, setup, soak};

const STEPS: [&str; 13] = [
    "fmt",
    "clippy",
    "licences",
    "rust",
    "wasm",
    "web",
    "harness",
    "budgets",
    "fuzz",
    "fuzz-wasm",
    "honest",
    "sim",
    "e2e",
];

/// What is tested together. The simulation isn't: compiled with the tests of the node, its clients
/// would skip their own checks. The step `sim` runs its tests.
const WORKSPACE: [&str; 3] = ["--workspace", "--exclude", "covey-sim"];

/// Everything, one step, or the tests whose name contains a word.
pub fn test(project: &Project, what: Option<&str>) -> Result<bool> {
    match what {
        None => {
            setup::everything(project)?;
            Ok(steps(project, &STEPS))
        }
        Some(step) if STEPS.contains(&step) => Ok(steps(project, &[step])),
        Some(name) => named(project, name),
    }
}

/// What needs neither a browser nor a test run.
pub fn check(project: &Project) -> Result<bool> {
    Ok(steps(project, &["fmt", "clippy", "wasm", "licences", "harness"]))
}

/// The browser tests whose name contains `name`.
pub fn e2e(project: &Project, name: &str) -> Result<bool> {
    let mut report = Report::default();
    with_browsers(project, &mut report, Some(name));
    Ok(some(report, name).finish())
}

fn with_browsers(project: &Project, report: &mut Report, name: Option<&str>) {
    report.step("real browsers, real node", || browsers::run(project, name));
    if browsers::firefox().is_none() {
        report.note("Chromium with Firefox", "left out: Firefox is not installed");
    }
}

fn named(project: &Project, name: &str) -> Result<bool> {
    let mut report = Report::default();
    report.step("Rust tests", || {
        let passed = matches(project, name)?;
        if passed > 0 {
            rust_tests(project, Some(name))?;
        }
        Ok(Outcome { passed, failed: 0 })
    });
    with_browsers(project, &mut report, Some(name));
    Ok(some(report, name).finish())
}

/// A name that nothing has is a mistake, not a success.
fn some(mut report: Report, name: &str) -> Report {
    if report.is_empty() {
        report.check("a step or test of this name", || {
            bail!("neither a step ({}) nor any test is called {name}", STEPS.join(", "))
        });
    }
    report
}

/// How many Rust tests have this in their names.
fn matches(project: &Project, name: &str) -> Result<usize> {
    let mut list = cargo(&project.root);
    list.args(["test", "--quiet"]).args(WORKSPACE).arg("--target-dir").arg(&project.target);
    let listed = lines(list.args([name, "--", "--list", "--format", "terse"]))?;
    Ok(listed.iter().filter(|line| line.ends_with(": test")).count())
}

fn steps(project: &Project, wanted: &[&str]) -> bool {
    let mut report = Report::default();
    for step in wanted {
        match *step {
            "fmt" => with(RUSTFMT, &mut report, "formatting", || {
                run(cargo(&project.root).args(["fmt", "--all", "--check"]))
            }),
            "clippy" => with(CLIPPY, &mut report, "lints", || clippy(project)),
            "licences" => licences(project, &mut report),
            "rust" => report.check("Rust tests", || rust_tests(project, None)),
            "wasm" => report.check("WebAssembly without warnings", || {
                wasm::build(project, Variant::Real)?;
                wasm::without_warnings(project)
            }),
            "web" => web(project, &mut report),
            "harness" => report
                .check("test harness: types and lints", || npm::script(project, "tests", "check")),
            "budgets" => report.check("size budgets", || budgets(project)),
            "fuzz" => report.check("hostile input", || soak::fuzz(project)),
            "fuzz-wasm" => {
                report.check("hostile input on WebAssembly", || soak::fuzz_wasm(project))
            }
            "honest" => report.check("honest sessions of Yjs", || soak::honest(project)),
            "sim" => report.check("rooms in virtual time", || soak::sim(project)),
            "e2e" => with_browsers(project, &mut report, None),
            other => report.check(other, || bail!("no such step")),
        }
    }
    report.finish()
}

/// A check by a part of the toolchain; noted as left out where that can't be had.
fn with(component: Component, report: &mut Report, name: &str, check: impl FnOnce() -> Result<()>) {
    if component.is_ready() {
        report.check(name, check);
    } else {
        report.note(name, &format!("left out: {}", component.advice()));
    }
}

fn clippy(project: &Project) -> Result<()> {
    let mut clippy = cargo(&project.root);
    clippy.args(["clippy", "--workspace", "--all-targets", "--all-features", "--target-dir"]);
    run(clippy.arg(&project.target).args(["--", "--deny", "warnings"]))
}

fn rust_tests(project: &Project, name: Option<&str>) -> Result<()> {
    let mut tests = cargo(&project.root);
    if which("cargo-nextest").is_some() {
        tests.args(["nextest", "run", "--no-tests", "pass", "--no-fail-fast"]);
    } else {
        tests.args(["test", "--no-fail-fast"]);
    }
    run(tests.args(WORKSPACE).arg("--target-dir").arg(&project.target).args(name))
}

/// The policy of `deny.toml`, where the program for it is installed: it takes minutes to compile.
fn licences(project: &Project, report: &mut Report) {
    if which("cargo-deny").is_none() {
        return report.note("licences and sources", "left out: cargo-deny is not installed");
    }
    report.check("licences and sources", || {
        run(cargo(&project.root).args(["deny", "check", "bans", "licenses", "sources"]))
    });
}

fn web(project: &Project, report: &mut Report) {
    report.check("page and package: build", || build::page(project, Variant::Real));
    report.check("page and package: types and lints", || npm::script(project, "web", "check"));
    report.check("page and package: unit tests", || npm::script(project, "web", "test"));
}

fn budgets(project: &Project) -> Result<()> {
    build::page(project, Variant::Real)?;
    let mut budgets = command("node", &project.root);
    budgets.arg("xtask/budgets.mjs");
    if Toolchain::find()?.builds_std() {
        budgets.arg("--std-for-size");
    }
    run(&mut budgets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_nothing_has_is_a_failure() {
        assert!(!some(Report::default(), "typo").finish());
        let mut report = Report::default();
        report.step("tests", || Ok(Outcome { passed: 3, failed: 0 }));
        assert!(some(report, "name").finish());
    }
}
