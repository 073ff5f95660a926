//! The tests in `tests/e2e`: real browsers and the real node.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::build;
use crate::command::{status, which};
use crate::machine;
use crate::npm;
use crate::project::Project;
use crate::report::Outcome;
use crate::wasm::{self, Variant};

const NAMES: [&str; 6] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
];
const FONTS: [&str; 3] =
    ["/usr/share/fonts/truetype", "/usr/share/fonts/opentype", "/usr/local/share/fonts"];
const MAC: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const FIREFOX: [&str; 2] = ["firefox-esr", "firefox"];
const FIREFOX_MAC: &str = "/Applications/Firefox.app/Contents/MacOS/firefox";

/// The tests, or those of the file called `name`, or those whose title contains it.
pub fn run(project: &Project, name: Option<&str>) -> Result<Outcome> {
    build::everything(project)?;
    build::page(project, Variant::Misbehaving)?;
    wasm::build(project, Variant::Echo)?;
    build::peer(project)?;
    fs::create_dir_all(project.notes())?;
    let results = project.notes().join("e2e.json");
    // Old results must not be taken for new ones; mostly there are none.
    let _ = fs::remove_file(&results);
    let mut vitest = vitest(project)?;
    vitest.args(["--reporter=verbose", "--reporter=json", "--outputFile.json"]).arg(&results);
    if let Some(name) = name {
        let file = format!("e2e/{name}.spec.ts");
        if project.path("tests").join(&file).exists() {
            vitest.arg(file);
        } else {
            vitest.args(["--testNamePattern", name]);
        }
    }
    let status = status(&mut vitest)?;
    let outcome = counted(&fs::read_to_string(&results).context("the tests left no results")?);
    if !status.success() && outcome.failed == 0 {
        return Ok(Outcome { failed: 1, ..outcome });
    }
    Ok(outcome)
}

/// Pictures of every view.
pub fn shots(project: &Project) -> Result<()> {
    build::everything(project)?;
    crate::command::run(vitest(project)?.env("COVEY_SHOTS", project.path("shots")))?;
    println!("The pictures are in shots/.");
    Ok(())
}

/// The browser of the tests.
pub fn browser() -> Result<PathBuf> {
    // What the tests read of the node's sockets comes from `ss`.
    if cfg!(target_os = "linux") && which("ss").is_none() {
        machine::install(&["iproute2"], "Because the tests count bytes on the node's sockets")?;
    }
    fonts()?;
    if let Some(chrome) = std::env::var_os("CHROME") {
        return Ok(chrome.into());
    }
    let mac = MAC.iter().map(PathBuf::from).find(|path| path.is_file());
    if let Some(found) = NAMES.iter().find_map(|name| which(name)).or(mac) {
        return Ok(found);
    }
    machine::install(&["chromium"], "Because the tests need a browser (or its path in CHROME)")?;
    which("chromium").context("chromium was installed but is not on PATH")
}

/// The other engine, for the one test that needs two; none where it can't be had.
pub fn firefox() -> Option<PathBuf> {
    if let Some(firefox) = std::env::var_os("FIREFOX") {
        return Some(firefox.into()).filter(|path: &PathBuf| !path.as_os_str().is_empty());
    }
    let found = || FIREFOX.iter().find_map(|name| which(name));
    let mac = Some(PathBuf::from(FIREFOX_MAC)).filter(|path| path.is_file());
    if let Some(firefox) = found().or(mac) {
        return Some(firefox);
    }
    if machine::may_install() {
        let why = "Because one test needs Firefox beside Chromium (or its path in FIREFOX)";
        // Other systems have no package of this name: the report says that it was left out.
        if let Err(error) = machine::install(&[FIREFOX[0]], why) {
            println!("{error:#}");
        }
    }
    found()
}

/// The page brings its own letters, but Chromium wants some font to fall back on, and Debian's
/// package of it brings none.
fn fonts() -> Result<()> {
    let some =
        FONTS.iter().any(|folder| fs::read_dir(folder).is_ok_and(|mut f| f.next().is_some()));
    if cfg!(target_os = "linux") && !some && machine::may_install() {
        machine::install(&["fonts-dejavu-core"], "Because a browser needs a font")?;
    }
    Ok(())
}

fn vitest(project: &Project) -> Result<Command> {
    let mut vitest = npm::program(project, "tests", "vitest")?;
    let web = project.path("web");
    vitest
        .arg("run")
        .env("CHROME", browser()?)
        .env("FIREFOX", firefox().unwrap_or_default())
        .env("COVEY_NODE", project.node_program())
        .env("COVEY_PEER", project.peer_program())
        .env("COVEY_SITE", web.join(build::dist(Variant::Real)))
        .env("COVEY_ECHO", project.path("wasm").join(Variant::Echo.folder()))
        .env("COVEY_SITE_MISBEHAVING", web.join(build::dist(Variant::Misbehaving)));
    Ok(vitest)
}

/// The numbers in vitest's report.
fn counted(json: &str) -> Outcome {
    let number = |key: &str| {
        let after = json.split_once(&format!("\"{key}\":")).map_or("", |(_, rest)| rest);
        let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(0)
    };
    Outcome { passed: number("numPassedTests"), failed: number("numFailedTests") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passed_and_failed_are_read_from_the_report() {
        let outcome =
            counted(r#"{"numTotalTests":9,"numPassedTests":7,"numFailedTests":2,"x":[]}"#);
        assert_eq!((outcome.passed, outcome.failed), (7, 2));
    }
}
