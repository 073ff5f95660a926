//! The node's own key: 32 secret bytes in a file, so that a restart keeps the node's name.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use libp2p::identity::{Keypair, ed25519};
use thiserror::Error;
use tracing::warn;

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
        /// The error of the file system.
        error: io::Error,
    },
    /// The file holds something else.
    #[error("key file {path} must hold exactly 32 bytes")]
    Length {
        /// Which file.
        path: PathBuf,
    },
    /// It is a folder, a pipe or a device.
    #[error("key file {path} is no file")]
    Kind {
        /// Which one.
        path: PathBuf,
    },
    /// Others than its owner can read or change the file.
    #[error(
        "key file {path} is open to others (mode {mode:03o}); make it its owner's own: \
         chmod 600 {path}. If others may have read it, delete it: the node then makes a new key, \
         and links that name the node by the old one end"
    )]
    Open {
        /// Which file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The system gives no randomness.
    #[error("no randomness: {0}")]
    Randomness(String),
}

impl NodeKey {
    /// The key in a file; where there is none, a new key, written there for its owner alone.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        let file = |error| KeyError::File { path: path.to_owned(), error };
        if may_be_replaced(path) {
            warn!(
                "everybody on this machine can replace the key file {}: take the write permission \
                 of its folder from others (chmod o-w)",
                path.display()
            );
        }
        match fs::metadata(path) {
            Ok(meta) if meta.is_file() => Self::load(path),
            Ok(_) => Err(KeyError::Kind { path: path.to_owned() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = Self::random()?;
                key.create(path).map_err(file)?;
                Ok(key)
            }
            Err(error) => Err(file(error)),
        }
    }

    fn load(path: &Path) -> Result<Self, KeyError> {
        let wrong = |error| KeyError::File { path: path.to_owned(), error };
        let file = File::open(path).map_err(wrong)?;
        // Of what was opened, so that nobody exchanges it in between.
        let meta = file.metadata().map_err(wrong)?;
        if let Some(mode) = open_to_others(&meta) {
            return Err(KeyError::Open { path: path.to_owned(), mode });
        }
        let mut bytes = Vec::new();
        file.take(33).read_to_end(&mut bytes).map_err(wrong)?;
        bytes.try_into().map(Self).map_err(|_| KeyError::Length { path: path.to_owned() })
    }

    /// A key that lasts as long as the process.
    pub fn random() -> Result<Self, KeyError> {
        random().map(Self)
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

/// 32 bytes that nobody knows.
pub(crate) fn random() -> Result<[u8; 32], KeyError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| KeyError::Randomness(error.to_string()))?;
    Ok(seed)
}

/// The permissions that others have on a file, if any.
#[cfg(unix)]
fn open_to_others(meta: &fs::Metadata) -> Option<u32> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn open_to_others(_: &fs::Metadata) -> Option<u32> {
    None
}

/// Whether everybody may put another file in its place: into a folder all may write to, unless each
/// may take away only what is theirs, as in `/tmp`.
#[cfg(unix)]
fn may_be_replaced(path: &Path) -> bool {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let meta = fs::metadata(folder.unwrap_or(Path::new(".")));
    let mode = meta.map(|meta| std::os::unix::fs::PermissionsExt::mode(&meta.permissions()));
    mode.is_ok_and(|mode| mode & 0o1002 == 0o002)
}

#[cfg(not(unix))]
fn may_be_replaced(_: &Path) -> bool {
    false
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
        create_private(&path).unwrap().write_all(&[1; 31]).unwrap();
        assert!(matches!(NodeKey::load_or_create(&path), Err(KeyError::Length { .. })));
        assert_eq!(fs::read(&path).unwrap().len(), 31);
    }

    #[cfg(unix)]
    mod unix {
        use std::os::unix::fs::{PermissionsExt, symlink};

        use super::*;

        fn with_mode(path: &Path, mode: u32) {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }

        #[test]
        fn a_key_that_others_can_read_or_change_is_refused_with_what_to_do() {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("node.key");
            let link = dir.path().join("link.key");
            NodeKey::load_or_create(&path).unwrap();
            symlink(&path, &link).unwrap();
            for mode in [0o644, 0o640, 0o604, 0o620, 0o602, 0o610] {
                with_mode(&path, mode);
                for path in [&path, &link] {
                    let error = NodeKey::load_or_create(path).err().unwrap();
                    assert!(matches!(error, KeyError::Open { mode: m, .. } if m == mode));
                    let error = error.to_string();
                    assert!(error.contains(&format!("chmod 600 {}", path.display())), "{error}");
                    assert!(error.contains(&format!("{mode:o}")), "{error}");
                }
            }
            for mode in [0o600, 0o400] {
                with_mode(&path, mode);
                assert!(
                    NodeKey::load_or_create(&path).is_ok()
                        && NodeKey::load_or_create(&link).is_ok()
                );
            }
        }

        // Other systems make no pipe by this call.
        #[cfg(target_os = "linux")]
        #[test]
        fn a_path_that_is_no_file_has_no_key_and_nothing_waits_for_it() {
            let dir = tempfile::tempdir().unwrap();
            let pipe = dir.path().join("pipe");
            let fifo = rustix::fs::FileType::Fifo;
            let mode = rustix::fs::Mode::from_raw_mode(0o600);
            rustix::fs::mknodat(rustix::fs::CWD, &pipe, fifo, mode, 0).unwrap();
            for path in [&pipe, dir.path(), Path::new("/dev/zero")] {
                assert!(matches!(NodeKey::load_or_create(path), Err(KeyError::Kind { .. })));
            }
            // A link to nothing: no key is written where somebody else says.
            let (link, absent) = (dir.path().join("link"), dir.path().join("absent"));
            symlink(&absent, &link).unwrap();
            assert!(matches!(NodeKey::load_or_create(&link), Err(KeyError::File { .. })));
            assert!(!absent.exists());
        }

        #[test]
        fn a_folder_all_may_write_to_is_noticed() {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("node.key");
            for (mode, replaced) in [(0o700, false), (0o755, false), (0o777, true), (0o1777, false)]
            {
                with_mode(dir.path(), mode);
                assert_eq!(may_be_replaced(&path), replaced, "{mode:o}");
            }
            with_mode(dir.path(), 0o700);
        }
    }
}
