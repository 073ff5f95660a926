//! What is asked for on the command line.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use covey_fuzz::targets::{TARGETS, Target, find};

/// Unless told otherwise: what `cargo xtask soak` takes.
const MINUTES: u64 = 10;

/// What to do.
pub enum Options {
    /// One case, of one target or of every one.
    Case { target: Option<&'static Target>, seed: u64 },
    /// A chunk, in a process of its own.
    Chunk(Chunk),
    /// Many, on all cores.
    Soak(Soak),
}

/// A row of cases.
#[derive(Debug, Clone, Copy)]
pub struct Chunk {
    /// Its first seed.
    pub from: u64,
    /// How many.
    pub count: u64,
    /// Every case is this target's; without one they take turns.
    pub target: Option<&'static Target>,
    /// Name each case before it is run: it may be the last thing this process says.
    pub aloud: bool,
}

/// How long to go on.
#[derive(Debug, Clone, Copy)]
pub struct Soak {
    /// The first seed.
    pub start: u64,
    /// Only this target.
    pub target: Option<&'static Target>,
    /// When to stop.
    pub until: Until,
}

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub enum Until {
    /// After so many cases.
    Cases(u64),
    /// After so long.
    Time(Duration),
}

impl Options {
    /// Reads `--target T`, `--seed S`, `--start S`, `--cases N`, `--minutes N`, `--chunk N` and
    /// `--aloud`.
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let (mut target, mut seed, mut start) = (None, None, None);
        let (mut cases, mut minutes, mut chunk, mut aloud) = (None, None, None, false);
        let mut words = arguments.iter().map(String::as_str);
        while let Some(word) = words.next() {
            if word == "--aloud" {
                aloud = true;
                continue;
            }
            let value = words.next().with_context(|| format!("{word} wants a value"))?;
            let number = || value.parse::<u64>().with_context(|| format!("{value} is no number"));
            match word {
                "--target" => target = Some(known(value)?),
                "--seed" => seed = Some(number()?),
                "--start" => start = Some(number()?),
                "--cases" => cases = Some(number()?),
                "--minutes" => minutes = Some(number()?),
                "--chunk" => chunk = Some(number()?),
                _ => bail!("{word}: soak knows --target, --seed, --start, --cases, --minutes"),
            }
        }
        if let Some(seed) = seed {
            return Ok(Self::Case { target, seed });
        }
        let start = start.unwrap_or_else(any);
        if let Some(count) = chunk {
            return Ok(Self::Chunk(Chunk { from: start, count, target, aloud }));
        }
        let minutes = Duration::from_secs(60 * minutes.unwrap_or(MINUTES));
        let until = cases.map_or(Until::Time(minutes), Until::Cases);
        Ok(Self::Soak(Soak { start, target, until }))
    }
}

fn known(name: &str) -> Result<&'static Target> {
    let names = || TARGETS.iter().map(|target| target.name).collect::<Vec<_>>().join(", ");
    find(name).with_context(|| format!("{name} is no target: {}", names()))
}

/// A start that differs from run to run.
fn any() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    // Short enough to be typed.
    (now.as_micros() % 1_000_000_000_000) as u64
}
