//! Who this peer is: made at the first start, the same ever after.

use std::io;
use std::path::Path;

use crate::files;

const NAME: &str = "device";

/// The keys of this peer.
pub struct Device {
    /// The login.
    pub secret: [u8; 32],
    /// Tells this folder from other devices of the same person.
    pub installation: [u8; 16],
}

impl Device {
    /// What the folder has; made there if it has none.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let path = folder.join(NAME);
        if let Some(bytes) = files::read(&path)? {
            // Whatever is there is somebody's login: never replaced by a new one.
            return Self::read(&bytes)
                .ok_or_else(|| io::Error::other(format!("{} is damaged", path.display())));
        }
        let device = Self { secret: random()?, installation: random()? };
        files::replace(&path, &[&device.secret[..], &device.installation].concat())?;
        Ok(device)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (secret, installation) = bytes.split_first_chunk()?;
        Some(Self { secret: *secret, installation: installation.try_into().ok()? })
    }
}

/// Random bytes that nobody can guess.
pub fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_made_once_and_only_its_owner_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = Device::open(folder.path()).unwrap();
        let again = Device::open(folder.path()).unwrap();
        assert_eq!((first.secret, first.installation), (again.secret, again.installation));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let file = std::fs::metadata(folder.path().join(NAME)).unwrap();
            assert_eq!(file.permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_damaged_device_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(NAME), b"short").unwrap();
        assert!(Device::open(folder.path()).is_err());
        assert_eq!(std::fs::read(folder.path().join(NAME)).unwrap(), b"short");
    }
}
