//! Feeds Covey's parsers with hostile input on all cores: `cargo xtask soak`.

#[cfg(not(target_family = "wasm"))]
mod chunk;
#[cfg(not(target_family = "wasm"))]
mod options;
#[cfg(not(target_family = "wasm"))]
mod supervisor;

#[cfg(not(target_family = "wasm"))]
fn main() -> anyhow::Result<std::process::ExitCode> {
    use options::Options;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let all_well = match Options::parse(&arguments)? {
        Options::Case { target, seed } => chunk::case(target, seed),
        Options::Chunk(chunk) => chunk::run(&chunk),
        Options::Soak(soak) => supervisor::run(&soak)?,
    };
    Ok(if all_well { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE })
}

/// On WebAssembly the library is run by `soak.mjs`.
#[cfg(target_family = "wasm")]
fn main() {}
