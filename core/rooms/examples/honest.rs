//! Plays sessions of JavaScript Yjs from standard input to the guard: none may be refused, and
//! yrs must have in the end what Yjs has.
//!
//! `node tests/vectors/generate-yjs.mjs --sessions 10000 | cargo run -p covey-rooms --example honest`

use std::io;
use std::process::ExitCode;

#[path = "../tests/yjs/mod.rs"]
mod yjs;

fn main() -> ExitCode {
    match yjs::play(io::stdin().lock()) {
        Ok((0, _)) => {
            eprintln!("no sessions");
            ExitCode::FAILURE
        }
        Ok((sessions, updates)) => {
            println!("{sessions} sessions, {updates} updates: none refused, all contents equal");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}
