//! Writes the JavaScript and TypeScript side of a wasm module for pages, or for Node.js:
//! `xtask-glue MODULE FOLDER [--node]`.
//!
//! A library, pinned to the version of the `wasm-bindgen` crate, so that nothing has to be
//! installed beside it.

use std::ffi::OsStr;
use std::path::PathBuf;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let module = args.next().context("which module?")?;
    let folder = args.next().context("into which folder?")?;
    let name = module.file_stem().and_then(OsStr::to_str).context("a module has a name")?;
    let mut bindgen = Bindgen::new();
    if args.next().is_some_and(|option| option.as_os_str() == "--node") {
        bindgen.nodejs(true)?;
    } else {
        bindgen.web(true)?;
    }
    bindgen
        .input_path(&module)
        .typescript(true)
        // Without a default path `init()` would not know where the module lies.
        .omit_default_module_path(false)
        .out_name(name)
        .generate(folder)
}
