//! `cargo xtask bench`: how fast Covey is, beside a bare data channel and others, in one run.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::build;
use crate::command::{cargo, run};
use crate::e2e;
use crate::npm;
use crate::project::Project;
use crate::wasm::Variant;

const USAGE: &str = "`bench` knows [ROWS] [--quick] [--repeat N] [--trace FILE] [--docs], and ROWS is a word of a \
     file in tests/bench/rows";

/// What is measured, and how.
#[derive(Debug, Default, PartialEq)]
struct Options {
    rows: Option<String>,
    quick: bool,
    repeat: Option<u32>,
    trace: Option<PathBuf>,
    docs: bool,
}

/// Measures, and writes the results into the target folder; `--docs` into `docs/` too.
pub fn run_all(project: &Project, words: &[&str]) -> Result<()> {
    let options = parse(words)?;
    build::page(project, Variant::Real)?;
    // What a quick run says must never stand beside real figures.
    let results = project.target.join(if options.quick { "bench-quick" } else { "bench" });
    let mut bench = npm::program(project, "tests", "vitest")?;
    bench.args(["run", "--config", "bench/vitest.config.ts", "--reporter=verbose"]);
    bench
        .env("CHROME", e2e::browser()?)
        .env("COVEY_NODE", node(project)?)
        .env("COVEY_BENCH_CROWD", crowd(project)?)
        .env("COVEY_BENCH_LOAD", load(project)?)
        .env("COVEY_BENCH_RESULTS", &results);
    apply(&mut bench, options)?;
    run(&mut bench)?;
    println!("Everything is in {}.", results.display());
    Ok(())
}

fn parse(mut words: &[&str]) -> Result<Options> {
    let mut options = Options::default();
    loop {
        words = match words {
            [] => return Ok(options),
            ["--quick", rest @ ..] => {
                options.quick = true;
                rest
            }
            ["--docs", rest @ ..] => {
                options.docs = true;
                rest
            }
            ["--repeat", count, rest @ ..] => {
                options.repeat = Some(count.parse().context("--repeat wants a number")?);
                rest
            }
            ["--trace", path, rest @ ..] => {
                options.trace = Some(path.into());
                rest
            }
            [word, rest @ ..] if options.rows.is_none() && !word.starts_with('-') => {
                options.rows = Some((*word).to_owned());
                rest
            }
            _ => bail!(USAGE),
        };
    }
}

fn apply(bench: &mut Command, options: Options) -> Result<()> {
    if options.quick && options.docs {
        bail!("a quick run says nothing that should stand in docs/");
    }
    if options.quick {
        bench.env("COVEY_BENCH_QUICK", "1");
    }
    if options.docs {
        bench.env("COVEY_BENCH_DOCS", "1");
    }
    if let Some(count) = options.repeat {
        bench.env("COVEY_BENCH_REPEAT", count.to_string());
    }
    if let Some(path) = &options.trace {
        bench.env("COVEY_BENCH_TRACE", whole(path)?);
    }
    bench.args(options.rows);
    Ok(())
}

/// The bench works in another folder than whoever named the file.
fn whole(path: &Path) -> Result<PathBuf> {
    path.canonicalize().with_context(|| format!("looking for {}", path.display()))
}

/// The node as it is deployed.
fn node(project: &Project) -> Result<PathBuf> {
    let mut build = cargo(&project.root);
    build.args(["build", "--release", "--package", "covey-rendezvous", "--bin", "covey-node"]);
    run(build.arg("--target-dir").arg(&project.target))?;
    Ok(program(project, "release/covey-node"))
}

/// Who stands for many pages; how fast it is does not matter.
fn crowd(project: &Project) -> Result<PathBuf> {
    let mut build = cargo(&project.root);
    build.args(["build", "--package", "covey-rendezvous", "--example", "crowd"]);
    run(build.arg("--target-dir").arg(&project.target))?;
    Ok(program(project, "debug/examples/crowd"))
}

/// Who puts a node under load, on the same cores: as fast as can be.
fn load(project: &Project) -> Result<PathBuf> {
    let mut build = cargo(&project.root);
    build.args(["build", "--release", "--package", "covey-rendezvous", "--example", "load"]);
    run(build.arg("--target-dir").arg(&project.target))?;
    Ok(program(project, "release/examples/load"))
}

fn program(project: &Project, path: &str) -> PathBuf {
    project.target.join(format!("{path}{}", std::env::consts::EXE_SUFFIX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_come_in_any_order_and_unknown_ones_are_refused() {
        let options = parse(&["--repeat", "9", "connect", "--docs"]).unwrap();
        let wanted = Options {
            rows: Some("connect".to_owned()),
            repeat: Some(9),
            docs: true,
            ..Options::default()
        };
        assert_eq!(options, wanted);
        assert!(parse(&["--fast"]).is_err());
        assert!(parse(&["connect", "keystroke"]).is_err());
        assert!(parse(&["--repeat"]).is_err());
    }
}
