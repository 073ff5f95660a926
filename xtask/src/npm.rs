//! The TypeScript folders: their packages, and the scripts in their `package.json`.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{command, output, run};
use crate::project::Project;
use crate::stamp::Stamp;

const NODE_MAJOR: u32 = 20;

/// Node.js is there and new enough.
pub fn require() -> Result<()> {
    let version = output("node", &["--version"]);
    let major = version
        .as_deref()
        .and_then(|version| version.trim_start_matches('v').split('.').next()?.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE_MAJOR && output("npm", &["--version"]).is_some() => Ok(()),
        Some(major) if major >= NODE_MAJOR => bail!("npm is missing; it comes with Node.js"),
        Some(major) => bail!("Node.js {NODE_MAJOR} or newer is needed, this is {major}"),
        None => bail!(
            "Node.js {NODE_MAJOR} or newer is needed: https://nodejs.org or your system's packages"
        ),
    }
}

/// Installs the packages of `folder` as its lock file names them, if that changed.
pub fn packages(project: &Project, folder: &str) -> Result<()> {
    require()?;
    let path = project.path(folder);
    let done = Stamp::new(project, &format!("npm-{folder}"))
        .input(&path.join("package.json"))?
        .input(&path.join("package-lock.json"))?;
    done.unless_done(&[&path.join("node_modules/.package-lock.json")], || {
        println!("Installing the npm packages that {folder}/package-lock.json names.");
        // Not `npm ci`: it refuses a lock file that was made where the registry lacks the optional
        // packages of other platforms.
        run(npm(&path).args([
            "install",
            "--no-save",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ]))
    })?;
    Ok(())
}

/// Runs a script of a folder's `package.json`.
pub fn script(project: &Project, folder: &str, name: &str) -> Result<()> {
    packages(project, folder)?;
    run(npm(&project.path(folder)).args(["run", "--silent", name]))
        .with_context(|| format!("`npm run {name}` in {folder}/"))
}

/// A program of a folder's packages.
pub fn program(project: &Project, folder: &str, name: &str) -> Result<Command> {
    packages(project, folder)?;
    let path = project.path(folder);
    let script = path.join("node_modules/.bin").join(name);
    Ok(command(script, &path))
}

fn npm(folder: &Path) -> Command {
    command(if cfg!(windows) { "npm.cmd" } else { "npm" }, folder)
}
