//! Everything the other steps need on this machine.

use anyhow::Result;

use crate::components::{CLIPPY, RUSTFMT};
use crate::project::Project;
use crate::toolchain::Toolchain;
use crate::{e2e, npm};

/// Installs what is missing, or names it.
pub fn everything(project: &Project) -> Result<()> {
    npm::require()?;
    let toolchain = match Toolchain::find()? {
        Toolchain::Own | Toolchain::Sourced => "your own toolchain",
        Toolchain::Debian => "Debian's",
    };
    for component in [CLIPPY, RUSTFMT].into_iter().filter(|component| !component.is_ready()) {
        println!("Checks will be left out: {}.", component.advice());
    }
    npm::packages(project, "web")?;
    npm::packages(project, "tests")?;
    let browser = e2e::browser()?;
    let firefox =
        e2e::firefox().map_or_else(String::new, |path| format!(" and {}", path.display()));
    println!("Ready: WebAssembly by {toolchain}, tests in {}{firefox}.", browser.display());
    Ok(())
}
