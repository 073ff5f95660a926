//! The npm package `covey`: `wasm/ts` as JavaScript in `wasm/dist`, beside the module in `wasm/pkg`.

use std::fs;

use anyhow::{Context, Result};

use crate::command::run;
use crate::npm;
use crate::project::Project;
use crate::stamp::Stamp;
use crate::wasm::{self, Variant};

/// The sources of the JavaScript, and its settings.
const INPUTS: [&str; 6] = [
    "wasm/ts",
    "wasm/package.json",
    "wasm/tsconfig.json",
    "wasm/tsconfig.build.json",
    "wasm/pkg/covey_wasm.d.ts",
    "xtask/src/package.rs",
];
const LICENCES: [&str; 2] = ["LICENSE-APACHE", "LICENSE-MIT"];

/// Builds the package, if something in it changed: `npm pack` in `wasm/` makes a file of it.
pub fn build(project: &Project) -> Result<()> {
    wasm::build(project, Variant::Real)?;
    npm::packages(project, "web")?;
    let mut stamp = Stamp::new(project, "package");
    for input in INPUTS {
        stamp = stamp.input(&project.path(input))?;
    }
    let dist = project.path("wasm/dist");
    stamp.unless_done(&[&dist.join("index.js"), &dist.join("index.d.ts")], || {
        println!("Building the npm package in wasm/.");
        if dist.exists() {
            fs::remove_dir_all(&dist).with_context(|| format!("emptying {}", dist.display()))?;
        }
        let mut tsc = npm::program(project, "web", "tsc")?;
        run(tsc.args(["--project", "../wasm/tsconfig.build.json"]))?;
        for licence in LICENCES {
            fs::copy(project.path(licence), dist.join(licence))
                .with_context(|| format!("copying {licence}"))?;
        }
        Ok(())
    })?;
    Ok(())
}
