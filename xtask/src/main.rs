//! The two commands of the README, `cargo xtask run` and `cargo xtask test`, and their steps.

mod bench;
mod build;
mod checks;
mod command;
mod components;
mod e2e;
mod machine;
mod npm;
mod package;
mod project;
mod report;
mod serve;
mod setup;
mod soak;
mod stamp;
mod toolchain;
mod wasm;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::project::Project;

const USAGE: &str = "\
cargo xtask run [--port N | --listen ADDR]   build what changed and serve Covey
cargo xtask test [STEP | NAME]               every check, or one step, or tests with this name

Steps on their own:
cargo xtask setup           install or name what is missing
cargo xtask build           the page and the node
cargo xtask check           formatting, lints, types
cargo xtask e2e [NAME]      real browsers and the real node
cargo xtask bench [ROWS] [--quick] [--repeat N] [--trace FILE] [--docs]
                            how fast it is, beside others; --docs writes docs/performance.md anew
cargo xtask shots           a picture of every view into shots/
cargo xtask soak [--minutes N] [--target T] [--seed S] [--wasm]
                            hostile input for as long as told, or one case again";

fn main() -> ExitCode {
    match dispatch() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether everything asked for went well.
fn dispatch() -> Result<bool> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let project = Project::locate()?;
    match args.as_slice() {
        ["run", options @ ..] => serve::run(&project, options).map(|()| true),
        ["test"] => checks::test(&project, None),
        ["test", what] => checks::test(&project, Some(what)),
        ["setup"] => setup::everything(&project).map(|()| true),
        ["build"] => build::everything(&project).map(|()| true),
        ["check"] => checks::check(&project),
        ["e2e"] => checks::test(&project, Some("e2e")),
        ["e2e", name] => checks::e2e(&project, name),
        ["bench", options @ ..] => bench::run_all(&project, options).map(|()| true),
        ["soak", options @ ..] => soak::soak(&project, options).map(|()| true),
        ["shots"] => e2e::shots(&project).map(|()| true),
        [] | ["help" | "-h" | "--help"] => {
            println!("{USAGE}");
            Ok(true)
        }
        _ => bail!("unknown command\n\n{USAGE}"),
    }
}
