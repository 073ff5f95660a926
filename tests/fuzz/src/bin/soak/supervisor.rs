//! Hands out chunks to processes on all cores, and finds the case that killed or stopped one.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{available_parallelism, scope, sleep};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use covey_fuzz::corpus;
use covey_fuzz::targets::{find, turn};
use covey_fuzz::watch::{self, Failure};

use crate::chunk::{NEXT, SLOWEST};
use crate::options::{Chunk, Soak, Until};

/// Long enough that starting a process is nothing, short enough to find a case in it again.
const CHUNK: u64 = 10_000;
/// A chunk takes seconds: one that takes so long hangs.
const HANGS: Duration = Duration::from_secs(180);

/// What a process of its own came to.
enum End {
    /// It ran to its end, and said this.
    Said(String),
    /// It died, or had to be stopped; if it was to name cases, the last one named is to blame.
    Died { how: String, said: String },
}

/// What all processes came to.
#[derive(Default)]
struct Tally {
    cases: u64,
    failures: Vec<String>,
    slowest: (u64, String),
}

/// Runs chunks until it is enough; whether all went well.
pub fn run(soak: &Soak) -> Result<bool> {
    let cores = available_parallelism().map_or(2, usize::from);
    println!("soak: from seed {} on {cores} cores", soak.start);
    let begun = Instant::now();
    let tally = Mutex::new(Tally { failures: stored(soak), ..Tally::default() });
    let (next, broken) = (AtomicU64::new(0), AtomicBool::new(false));
    let work = || -> Result<()> {
        while let Some(chunk) = claim(soak, &next, begun) {
            let said = settled(&chunk)?;
            let mut tally = tally.lock().ok().context("another thread broke off")?;
            tally.cases += chunk.count;
            tally.take(&said);
        }
        Ok(())
    };
    scope(|threads| {
        let all: Vec<_> = (0..cores).map(|_| threads.spawn(work)).collect();
        for thread in all {
            let well = thread.join().is_ok_and(|done| done.is_ok());
            broken.fetch_or(!well, Ordering::Relaxed);
        }
    });
    let tally = tally.into_inner().ok().context("a thread broke off")?;
    tally.tell(begun.elapsed());
    Ok(tally.failures.is_empty() && !broken.into_inner())
}

/// The cases that failed once come first.
fn stored(soak: &Soak) -> Vec<String> {
    watch::keep_panics();
    let wanted = |name: &str| soak.target.is_none_or(|target| target.name == name);
    corpus::seeds()
        .filter(|(name, _)| wanted(name))
        .filter_map(|(name, seed)| Some((find(name)?, seed)))
        .filter_map(|(target, seed)| watch::run(target, seed).err())
        .map(|failure| failure.to_string())
        .collect()
}

/// The next chunk, unless it is enough.
fn claim(soak: &Soak, next: &AtomicU64, begun: Instant) -> Option<Chunk> {
    let at = next.fetch_add(CHUNK, Ordering::Relaxed);
    let count = match soak.until {
        Until::Cases(cases) => cases.saturating_sub(at).min(CHUNK),
        Until::Time(time) if begun.elapsed() < time => CHUNK,
        Until::Time(_) => 0,
    };
    let from = soak.start.wrapping_add(at);
    (count > 0).then_some(Chunk { from, count, target: soak.target, aloud: false })
}

/// What a chunk says; where it can't speak for itself, the case that is to blame is found.
fn settled(chunk: &Chunk) -> Result<String> {
    let how = match end(chunk)? {
        End::Said(said) => return Ok(said),
        End::Died { how, .. } => how,
    };
    match end(&Chunk { aloud: true, ..*chunk })? {
        End::Said(_) => Ok(format!(
            "FAILED {} cases from seed {}: {how}, but not when they were run again: memory is harmed",
            chunk.count, chunk.from
        )),
        End::Died { how, said } => Ok(blamed(chunk, how, &said).to_string()),
    }
}

/// The last case a process named before it died.
fn blamed(chunk: &Chunk, what: String, said: &str) -> Failure {
    let last = said.lines().rev().find_map(|line| line.strip_prefix(NEXT)?.split_once(' '));
    let named = last.and_then(|(target, seed)| Some((target.to_owned(), seed.parse().ok()?)));
    let (target, seed) = named.unwrap_or_else(|| (turn(chunk.from).name.to_owned(), chunk.from));
    Failure { target, seed, what }
}

/// Runs a chunk in a process of its own.
fn end(chunk: &Chunk) -> Result<End> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--chunk", &chunk.count.to_string(), "--start", &chunk.from.to_string()]);
    command.args(chunk.target.iter().flat_map(|target| ["--target", target.name]));
    command.args(chunk.aloud.then_some("--aloud"));
    let mut child = command.stdout(Stdio::piped()).spawn().context("starting a process")?;
    let mut pipe = child.stdout.take().context("a pipe")?;
    // Read apart, or a full pipe would stop the process.
    let reader = std::thread::spawn(move || {
        let mut said = String::new();
        pipe.read_to_string(&mut said).map(|_| said)
    });
    let how = wait(&mut child)?;
    let said = reader.join().ok().context("a reader broke off")??;
    Ok(match how {
        None => End::Said(said),
        Some(how) => End::Died { how, said },
    })
}

/// Waits for a process; tells how it died if it did not end by itself.
fn wait(child: &mut Child) -> Result<Option<String>> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            // 0: all went well; 1: the failures are said.
            let ended = matches!(status.code(), Some(0 | 1));
            return Ok((!ended).then(|| format!("the process died: {status}")));
        }
        if begun.elapsed() > HANGS {
            child.kill()?;
            child.wait()?;
            return Ok(Some(format!("no end after {} s", HANGS.as_secs())));
        }
        sleep(Duration::from_millis(10));
    }
}

impl Tally {
    fn take(&mut self, said: &str) {
        for line in said.lines() {
            if let Some((case, micros)) =
                line.strip_prefix(SLOWEST).and_then(|rest| rest.rsplit_once(' '))
            {
                let micros = micros.parse().unwrap_or(0);
                if micros > self.slowest.0 {
                    self.slowest = (micros, case.to_owned());
                }
            } else if !line.starts_with(NEXT) {
                println!("{line}");
                if line.starts_with("FAILED") {
                    self.failures.push(line.to_owned());
                }
            }
        }
    }

    fn tell(&self, time: Duration) {
        let (micros, case) = &self.slowest;
        println!(
            "{} cases in {:.0} s, {} failed; the slowest took {:.1} ms ({case})",
            self.cases,
            time.as_secs_f64(),
            self.failures.len(),
            *micros as f64 / 1000.0,
        );
    }
}
