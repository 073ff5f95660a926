//! Cases in this very process.

use covey_fuzz::targets::{TARGETS, Target, turn};
use covey_fuzz::watch::{self, Failure};

use crate::options::Chunk;

/// Before the name of a case that is about to be run.
pub const NEXT: &str = "next ";
/// Before the slowest case of a chunk: target, seed, microseconds.
pub const SLOWEST: &str = "slowest ";

/// Runs one case, of one target or of all; whether all went well.
pub fn case(target: Option<&'static Target>, seed: u64) -> bool {
    watch::keep_panics();
    let one = target.map(std::slice::from_ref);
    let mut all_well = true;
    for target in one.unwrap_or(TARGETS) {
        println!("{NEXT}{} {seed}", target.name);
        match watch::run(target, seed) {
            Ok(time) => println!("passed in {:.1} ms", time.as_secs_f64() * 1000.0),
            Err(failure) => {
                all_well = false;
                println!("{failure}");
            }
        }
    }
    all_well
}

/// Runs a row of cases; whether all went well.
pub fn run(chunk: &Chunk) -> bool {
    watch::keep_panics();
    let mut failures: Vec<Failure> = Vec::new();
    let mut slowest = (std::time::Duration::ZERO, "", 0);
    for n in 0..chunk.count {
        let seed = chunk.from.wrapping_add(n);
        let target = chunk.target.unwrap_or_else(|| turn(seed));
        if chunk.aloud {
            println!("{NEXT}{} {seed}", target.name);
        }
        match watch::run(target, seed) {
            Ok(time) => slowest = slowest.max((time, target.name, seed)),
            Err(failure) => failures.push(failure),
        }
    }
    let (time, target, seed) = slowest;
    println!("{SLOWEST}{target} {seed} {}", time.as_micros());
    failures.iter().for_each(|failure| println!("{failure}"));
    failures.is_empty()
}
