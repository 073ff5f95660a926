//! Runs cases under watch: what panics, or takes too long, is a failure with a name.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::targets::Target;
use crate::work;

/// No input may keep a page busy for longer.
pub const LIMIT: Duration = Duration::from_millis(100);
/// A case that was slow is run so often again, since the machine may have been busy.
const AGAIN: usize = 8;

/// The words of the last panic.
static WORDS: Mutex<String> = Mutex::new(String::new());

/// A case that broke a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The target's name.
    pub target: String,
    /// The case.
    pub seed: u64,
    /// What happened.
    pub what: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { target, seed, what } = self;
        writeln!(f, "FAILED {target}, seed {seed}: {what}")?;
        write!(f, "  replay: cargo xtask soak --target {target} --seed {seed}")
    }
}

/// Keeps panics from being printed: what they say is told with the case.
pub fn keep_panics() {
    set_hook(Box::new(|info| {
        if let Ok(mut words) = WORDS.lock() {
            *words = info.to_string();
        }
    }));
}

/// Runs one case; tells how long it took.
pub fn run(target: &Target, seed: u64) -> Result<Duration, Failure> {
    let (mut shortest, mut share) = once(target, seed)?;
    for _ in 0..AGAIN {
        if shortest <= LIMIT && share <= 1.0 {
            return Ok(shortest);
        }
        let (time, of_input) = once(target, seed)?;
        (shortest, share) = (shortest.min(time), share.min(of_input));
    }
    if shortest > LIMIT {
        let what = format!("took {} ms, alone and at best", shortest.as_millis());
        return Err(failure(target, seed, what));
    }
    if share > 1.0 {
        let what = format!("took {share:.1} times as long as its input may take, at best");
        return Err(failure(target, seed, what));
    }
    Ok(shortest)
}

/// How long a case takes, and the largest share of what any input in it may take.
fn once(target: &Target, seed: u64) -> Result<(Duration, f64), Failure> {
    work::share();
    let start = Instant::now();
    match catch_unwind(AssertUnwindSafe(|| (target.case)(seed))) {
        Ok(()) => Ok((start.elapsed(), work::share())),
        Err(_) => {
            let words = WORDS.lock().map(|words| words.clone()).unwrap_or_default();
            Err(failure(target, seed, words))
        }
    }
}

fn failure(target: &Target, seed: u64, what: String) -> Failure {
    Failure { target: target.name.to_owned(), seed, what }
}
