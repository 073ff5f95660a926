//! Which files of the site's folder are served: plain files whose every name can be seen, and that
//! really lie in it.

use std::fs;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

/// Endings of what may be sent in place of a file, to who can read it.
const PACKED: [&str; 2] = [".br", ".gz"];

/// Why a file is not served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfit {
    /// There is none, or no file can have that name.
    Absent,
    /// It, or a folder on its way, begins with a dot: what version control, editors and servers keep
    /// for themselves.
    Hidden,
    /// A link leads out of the folder.
    Outside,
    /// A folder, a pipe, a device: what can't be sent, or would be waited for.
    Kind,
}

impl Unfit {
    /// As it is counted; what is only absent is not.
    pub(crate) fn why(self) -> Option<&'static str> {
        match self {
            Self::Absent => None,
            Self::Hidden => Some("hidden"),
            Self::Outside => Some("outside"),
            Self::Kind => Some("kind"),
        }
    }
}

/// Whether the file that a path names may be served, and if so, whether what stands packed beside it
/// may be, too. Whoever can change the folder in between can change what is in it as well.
pub(crate) fn check(site: &Path, path: &str) -> Result<bool, Unfit> {
    let name = name_of(path)?;
    // Asked for each time: hosts publish a new build by turning a link.
    let site = fs::canonicalize(site).map_err(|_| Unfit::Absent)?;
    let file = site.join(&name);
    is_within(&site, &file)?;
    let packed = PACKED.map(|ending| {
        let mut packed = file.clone().into_os_string();
        packed.push(ending);
        is_within(&site, Path::new(&packed))
    });
    Ok(packed.iter().all(|packed| matches!(packed, Ok(()) | Err(Unfit::Absent))))
}

/// The file that a path names within the folder.
fn name_of(path: &str) -> Result<PathBuf, Unfit> {
    let path = percent_decode_str(path).decode_utf8().map_err(|_| Unfit::Absent)?;
    if path.contains(|c: char| c == '\\' || c.is_control()) {
        return Err(Unfit::Absent);
    }
    let names = path.split('/').filter(|name| !name.is_empty());
    if names.clone().any(is_hidden) {
        return Err(Unfit::Hidden);
    }
    let name = names.collect::<PathBuf>();
    Ok(if name.as_os_str().is_empty() { "index.html".into() } else { name })
}

/// Whether a file lies in the folder once every link is followed.
fn is_within(site: &Path, file: &Path) -> Result<(), Unfit> {
    let real = match fs::canonicalize(file) {
        Ok(real) => real,
        // A link to nowhere, a name too long, a loop.
        Err(_) => return Err(Unfit::Absent),
    };
    let inner = real.strip_prefix(site).map_err(|_| Unfit::Outside)?;
    if inner.iter().any(|name| is_hidden(&name.to_string_lossy())) {
        return Err(Unfit::Hidden);
    }
    match fs::metadata(&real) {
        Ok(meta) if meta.is_file() => Ok(()),
        Ok(_) => Err(Unfit::Kind),
        Err(_) => Err(Unfit::Absent),
    }
}

fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_served() {
        for (path, name) in [
            ("/", Ok("index.html")),
            ("/a/b.js", Ok("a/b.js")),
            ("//a//b.js", Ok("a/b.js")),
            ("/a%2fb%2ejs", Ok("a/b.js")),
            ("/%252e%252e/x", Ok("%2e%2e/x")),
            ("/a.b/c..d", Ok("a.b/c..d")),
            ("/../x", Err(Unfit::Hidden)),
            ("/a/%2e%2e/x", Err(Unfit::Hidden)),
            ("/./x", Err(Unfit::Hidden)),
            ("/.well-known/x", Err(Unfit::Hidden)),
            ("/a%5c..%5cx", Err(Unfit::Absent)),
            ("/a%00", Err(Unfit::Absent)),
            ("/a%c2%85", Err(Unfit::Absent)),
            ("/%ff", Err(Unfit::Absent)),
        ] {
            assert_eq!(name_of(path), name.map(PathBuf::from), "{path}");
        }
    }
}
