//! Runs many seeds on all cores, or one that failed.
//!
//! ```text
//!   cargo run --profile soak -p covey-sim                       200 seeds
//!   cargo run --profile soak -p covey-sim -- --minutes 60       as many as fit
//!   SEED=7 cargo run --profile soak -p covey-sim -- --trace     one, every step printed
//! ```
//! `--first N` is the first seed, `--steps N` the steps of each, `--broken RULE` breaks a rule on
//! purpose, `--all` goes on after a failure. Ends with 1 when a seed failed, with 2 when it was not
//! understood.

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use covey_rooms::broken::{self, Rule};
use covey_sim::{Counts, Failure, Settings, run};

struct Options {
    settings: Settings,
    first: u64,
    seeds: u64,
    time: Option<Duration>,
    broken: Option<Rule>,
    /// Goes on after a failure.
    all: bool,
}

fn main() -> ExitCode {
    let seed = std::env::var("SEED").ok();
    match options(std::env::args().skip(1), seed.as_deref()) {
        Ok(options) => soak(&options),
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}

fn options(mut args: impl Iterator<Item = String>, seed: Option<&str>) -> Result<Options, String> {
    let settings = Settings::default();
    let mut options =
        Options { settings, first: 1, seeds: 200, time: None, broken: None, all: false };
    let number = |text: Option<&str>| {
        text.and_then(|text| text.parse().ok()).ok_or("a number is missing".to_owned())
    };
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--all" => options.all = true,
            "--trace" => options.settings.trace = true,
            "--seeds" => options.seeds = number(args.next().as_deref())?,
            "--first" => options.first = number(args.next().as_deref())?,
            "--steps" => options.settings.steps = number(args.next().as_deref())?,
            "--minutes" => {
                let minutes = number(args.next().as_deref())?;
                options.time = Some(Duration::from_secs(60 * minutes));
                options.seeds = u64::MAX - options.first;
            }
            "--broken" => options.broken = Some(rule(args.next())?),
            other => return Err(format!("{other} is not understood")),
        }
    }
    if seed.is_some() {
        (options.first, options.seeds) = (number(seed)?, 1);
    }
    Ok(options)
}

fn rule(name: Option<String>) -> Result<Rule, String> {
    let rule = Rule::ALL.into_iter().find(|rule| Some(rule.name()) == name.as_deref());
    rule.ok_or_else(|| format!("one of {} is missing", Rule::ALL.map(Rule::name).join(", ")))
}

/// What all runs share.
#[derive(Default)]
struct Tally {
    next: AtomicU64,
    failed: AtomicBool,
    done: Mutex<(u64, Counts, Vec<Failure>)>,
}

fn soak(options: &Options) -> ExitCode {
    let begin = Instant::now();
    let tally = Tally::default();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| work(options, &tally, begin));
        }
    });
    let (seeds, counts, failures) = tally.done.into_inner().unwrap_or_else(PoisonError::into_inner);
    for failure in &failures {
        println!("seed {}: {}", failure.seed, failure.why);
        println!("replay: {}", replay(failure.seed, options));
    }
    println!("{}", summary(seeds, &counts, failures.len(), begin.elapsed()));
    ExitCode::from(u8::from(!failures.is_empty()))
}

/// Takes seeds until there are none left, time is up or one failed.
fn work(options: &Options, tally: &Tally, begin: Instant) {
    broken::set(options.broken);
    while !tally.failed.load(Ordering::Relaxed)
        && options.time.is_none_or(|time| begin.elapsed() < time)
    {
        let at = tally.next.fetch_add(1, Ordering::Relaxed);
        if at >= options.seeds {
            break;
        }
        let result = run(options.first + at, options.settings);
        let mut done = tally.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.0 += 1;
        match result {
            Ok(counts) => done.1 = done.1.and(counts),
            Err(failure) => {
                tally.failed.store(!options.all, Ordering::Relaxed);
                done.2.push(failure);
            }
        }
    }
}

fn replay(seed: u64, options: &Options) -> String {
    let mut command = format!("SEED={seed} cargo run --profile soak -p covey-sim -- --trace");
    let usual = Settings::default().steps;
    if options.settings.steps != usual {
        command += &format!(" --steps {}", options.settings.steps);
    }
    if let Some(rule) = options.broken {
        command += &format!(" --broken {}", rule.name());
    }
    command
}

fn summary(seeds: u64, counts: &Counts, failures: usize, took: Duration) -> String {
    format!(
        "simulation: {seeds} seeds, {failures} failed, {} steps, {} edits, {} chat records, {} \
         elements, {} trespasses, {} intruders ({} intrusions, {} entries kept, {} seats closed), \
         {} partitions, {} other \
         faults ({} cut or broken connections, {} crashes), {} h of virtual time in {} s",
        counts.steps,
        counts.edits,
        counts.records,
        counts.elements,
        counts.trespasses,
        counts.intruders,
        counts.intrusions,
        counts.foreign,
        counts.forks,
        counts.partitions,
        counts.faults(),
        counts.cut + counts.breaks,
        counts.crashes,
        counts.time / 3_600_000,
        took.as_secs()
    )
}
