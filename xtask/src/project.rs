//! Where things lie.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The repository and its build folder.
pub struct Project {
    /// The repository.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
}

impl Project {
    /// Found from what Cargo says of this very program.
    pub fn locate() -> Result<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.parent().context("xtask lies in the repository")?.to_path_buf();
        // <target>/debug/xtask
        let program = std::env::current_exe().context("finding this program")?;
        let target = program.ancestors().nth(2).context("finding the target folder")?;
        Ok(Self { root, target: target.to_path_buf() })
    }

    /// A path in the repository.
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// Where the page's module is compiled: apart from native code, maybe by another compiler.
    pub fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// The node's program.
    pub fn node_program(&self) -> PathBuf {
        self.program("covey-node")
    }

    /// The native peer's program.
    pub fn peer_program(&self) -> PathBuf {
        self.program("covey-peer")
    }

    fn program(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// Notes of what was done for which inputs.
    pub fn notes(&self) -> PathBuf {
        self.target.join("xtask")
    }
}
