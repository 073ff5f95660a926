//! Writes the JavaScript and TypeScript side of a wasm module: `xtask-glue MODULE FOLDER`.
//!
//! A library, pinned to the version of the `wasm-bindgen` crate, so that nothing has to be
//! installed beside it.

use std::path::PathBuf;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let module = args.next().context("which module?")?;
    let folder = args.next().context("into which folder?")?;
    Bindgen::new()
        .input_path(module)
        .web(true)?
        .typescript(true)
        // Without a default path `init()` would not know where the module lies.
        .omit_default_module_path(false)
        .out_name("covey_wasm")
        .generate(folder)
}
