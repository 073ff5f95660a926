//! Lists the stored vectors and crashers, so that a new file is part of the corpus at once.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let package = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let tests = Path::new(&package).join("..");
    let mut list = String::new();
    for (name, folder) in [("VECTORS", "vectors"), ("CRASHERS", "crashers")] {
        let folder = tests.join(folder).canonicalize()?;
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut files: Vec<_> =
            fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        files.retain(|path| path.extension().is_some_and(|end| end == "hex" || end == "txt"));
        files.sort();
        let _ = writeln!(list, "/// Name and content of each file there is.");
        let _ = writeln!(list, "pub const {name}: &[(&str, &[u8])] = &[");
        for file in files {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            let _ = writeln!(list, "    ({stem:?}, include_bytes!({file:?})),");
        }
        list.push_str("];\n");
    }
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("files.rs"), list)
}
