//! What this machine lets us install.

use anyhow::{Result, bail};

use crate::command::{command, output, run, which};

/// Whether Debian packages can be installed without asking anybody.
pub fn may_install() -> bool {
    which("apt-get").is_some() && output("id", &["-u"]).as_deref() == Some("0")
}

/// Whether all these Debian packages are installed.
pub fn has_packages(packages: &[&str]) -> bool {
    packages.iter().all(|package| {
        output("dpkg-query", &["--show", "--showformat=${db:Status-Status}", package]).as_deref()
            == Some("installed")
    })
}

/// Installs Debian packages, saying why; where that can't be, says what to do.
pub fn install(packages: &[&str], why: &str) -> Result<()> {
    let list = packages.join(" ");
    if !may_install() {
        bail!("{why}, {list} must be installed: sudo apt-get install {list}");
    }
    println!("{why}, these Debian packages are installed: {list}.");
    let here = std::env::current_dir()?;
    let apt = |arguments: &[&str]| {
        let mut apt = command("apt-get", &here);
        apt.env("DEBIAN_FRONTEND", "noninteractive").args(["-q", "-y"]).args(arguments);
        run(&mut apt)
    };
    let mut arguments = vec!["install", "--no-install-recommends"];
    arguments.extend(packages);
    // The lists of a fresh machine may be empty or too old.
    apt(&arguments).or_else(|_| {
        apt(&["update"])?;
        apt(&arguments)
    })
}
