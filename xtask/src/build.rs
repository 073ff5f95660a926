//! From sources to what is served: the module, the page, the node.

use anyhow::Result;

use crate::command::{cargo, command, run};
use crate::npm;
use crate::package;
use crate::project::Project;
use crate::stamp::Stamp;
use crate::wasm::{self, Variant};

/// All that people use.
pub fn everything(project: &Project) -> Result<()> {
    npm::require()?;
    page(project, Variant::Real)?;
    node(project)
}

/// The page with one variant of the module, if something in it changed.
pub fn page(project: &Project, variant: Variant) -> Result<()> {
    package::build(project)?;
    wasm::build(project, variant)?;
    let dist = dist(variant);
    let glue = project.path("wasm").join(variant.folder());
    let stamp = Stamp::new(project, dist)
        .input(&project.path("web"))?
        .input(&project.path("wasm/package.json"))?
        .input(&project.path("wasm/dist"))?
        .input(&project.path("xtask/src/build.rs"))?
        .input(&project.path("xtask/compress.mjs"))?
        .input(&glue.join("covey_wasm.js"))?
        .input(&glue.join("covey_wasm_bg.wasm"))?;
    let index = project.path("web").join(dist).join("index.html");
    stamp.unless_done(&[&index], || {
        println!("Building the page into web/{dist}.");
        let mut vite = npm::program(project, "web", "vite")?;
        vite.args(["build", "--logLevel", "warn", "--emptyOutDir", "--outDir", dist]);
        run(vite.env("COVEY_PKG", variant.folder()))?;
        compress(project, variant)
    })?;
    Ok(())
}

/// Puts the files of the page as brotli and gzip beside them. Only people wait for a download: the
/// variants for tests go without.
fn compress(project: &Project, variant: Variant) -> Result<()> {
    if !matches!(variant, Variant::Real) {
        return Ok(());
    }
    let mut compress = command("node", &project.root);
    run(compress.arg("xtask/compress.mjs").arg(project.path("web").join(dist(variant))))
}

/// The page's folder in `web/`.
pub fn dist(variant: Variant) -> &'static str {
    match variant {
        Variant::Real => "dist",
        Variant::Misbehaving => "dist-misbehave",
        Variant::Echo => "dist-echo",
    }
}

/// The node. Cargo itself knows what changed.
pub fn node(project: &Project) -> Result<()> {
    program(project, "covey-rendezvous", "covey-node")
}

/// The native peer, which only tests and whoever wants one need.
pub fn peer(project: &Project) -> Result<()> {
    program(project, "covey-peer", "covey-peer")
}

fn program(project: &Project, package: &str, name: &str) -> Result<()> {
    let mut build = cargo(&project.root);
    build.args(["build", "--package", package, "--bin", name, "--target-dir"]);
    run(build.arg(&project.target))
}
