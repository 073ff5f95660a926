//! Notes of what was done for which inputs, so that nothing is done twice.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::project::Project;

/// Folders that hold results, never inputs.
const RESULTS: [&str; 7] =
    ["node_modules", "dist", "dist-misbehave", "pkg", "pkg-misbehave", "pkg-echo", "target"];

/// A digest of a step's inputs, compared with that of the last time it was done.
pub struct Stamp {
    note: PathBuf,
    hasher: DefaultHasher,
}

impl Stamp {
    /// The stamp of the step called `name`.
    pub fn new(project: &Project, name: &str) -> Self {
        Self { note: project.notes().join(name), hasher: DefaultHasher::new() }
    }

    /// Adds a word that the result depends on.
    pub fn word(mut self, word: &str) -> Self {
        word.hash(&mut self.hasher);
        self
    }

    /// Adds a file, or all files of a folder save for results of other steps.
    pub fn input(mut self, path: &Path) -> Result<Self> {
        self.add(path)?;
        Ok(self)
    }

    /// Does the step unless it was done for these inputs and its `outputs` are there.
    /// Tells whether it had to be done.
    pub fn unless_done(self, outputs: &[&Path], step: impl FnOnce() -> Result<()>) -> Result<bool> {
        let digest = format!("{:016x}", self.hasher.finish());
        let done = fs::read_to_string(&self.note).is_ok_and(|note| note == digest);
        if done && outputs.iter().all(|output| output.exists()) {
            return Ok(false);
        }
        step()?;
        if let Some(folder) = self.note.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.note, digest)
            .with_context(|| format!("writing {}", self.note.display()))?;
        Ok(true)
    }

    fn add(&mut self, path: &Path) -> Result<()> {
        let name = path.file_name().unwrap_or_default();
        name.hash(&mut self.hasher);
        if path.is_dir() {
            let mut inside: Vec<PathBuf> = fs::read_dir(path)
                .with_context(|| format!("reading {}", path.display()))?
                .map(|entry| Ok(entry?.path()))
                .collect::<Result<_>>()?;
            inside.sort();
            for child in inside {
                let result =
                    child.file_name().is_some_and(|name| RESULTS.iter().any(|r| name == *r));
                if !result {
                    self.add(&child)?;
                }
            }
        } else if path.exists() {
            fs::read(path)
                .with_context(|| format!("reading {}", path.display()))?
                .hash(&mut self.hasher);
        }
        Ok(())
    }
}
