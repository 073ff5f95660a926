//! The node's own key: 32 secret bytes in a file, so that a restart keeps the node's name.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use libp2p::identity::{Keypair, ed25519};
use thiserror::Error;

/// The seed of the Ed25519 key that the node is known by.
pub struct NodeKey([u8; 32]);

/// Why there is no key.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The file can't be read or written.
    #[error("key file {path}: {error}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What went wrong.
        error: io::Error,
    },
    /// The file holds something else.
    #[error("key file {path} must hold exactly 32 bytes")]
    Length {
        /// Which file.
        path: PathBuf,
    },
    /// The system gives no randomness.
    #[error("no randomness: {0}")]
    Randomness(String),
}

impl NodeKey {
    /// The key in a file; where there is none, a new key, written there for its owner alone.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        let file = |error| KeyError::File { path: path.to_owned(), error };
        match fs::read(path) {
            Ok(bytes) => {
                bytes.try_into().map(Self).map_err(|_| KeyError::Length { path: path.to_owned() })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = Self::random()?;
                key.create(path).map_err(file)?;
                Ok(key)
            }
            Err(error) => Err(file(error)),
        }
    }

    /// A key that lasts as long as the process.
    pub fn random() -> Result<Self, KeyError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| KeyError::Randomness(error.to_string()))?;
        Ok(Self(seed))
    }

    /// The key of a known seed.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(seed)
    }

    pub(crate) fn keypair(&self) -> Keypair {
        let mut seed = self.0;
        let secret = ed25519::SecretKey::try_from_bytes(&mut seed)
            .expect("any 32 bytes are an Ed25519 seed");
        ed25519::Keypair::from(secret).into()
    }

    fn create(&self, path: &Path) -> io::Result<()> {
        let mut file = create_private(path)?;
        let written = file.write_all(&self.0).and_then(|()| file.sync_all());
        if written.is_err() {
            // Half a key would only be in the way of the next start.
            let _ = fs::remove_file(path);
        }
        written
    }
}

/// A new file that only its owner can read: never an existing one, whose mode could be wider.
fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("node.key");
        let made = NodeKey::load_or_create(&path).unwrap();
        let found = NodeKey::load_or_create(&path).unwrap();
        assert_eq!(made.0, found.0);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn half_a_key_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("node.key");
        fs::write(&path, [1; 31]).unwrap();
        assert!(matches!(NodeKey::load_or_create(&path), Err(KeyError::Length { .. })));
        assert_eq!(fs::read(&path).unwrap().len(), 31);
    }
}
