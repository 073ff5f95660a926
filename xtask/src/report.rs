//! What passed and what failed, step by step.

use std::time::Instant;

use anyhow::Result;

/// What one step has to say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outcome {
    /// How many checks passed.
    pub passed: usize,
    /// How many failed.
    pub failed: usize,
}

impl Outcome {
    /// A step that is one check, and passed.
    pub const PASSED: Self = Self { passed: 1, failed: 0 };
}

/// Collects the outcomes and prints a line for each at the end.
#[derive(Default)]
pub struct Report {
    lines: Vec<String>,
    total: Outcome,
}

impl Report {
    /// Runs a step that is one check.
    pub fn check(&mut self, name: &str, step: impl FnOnce() -> Result<()>) {
        self.step(name, || step().map(|()| Outcome::PASSED));
    }

    /// Runs a step; an error of its own counts as one failure.
    pub fn step(&mut self, name: &str, step: impl FnOnce() -> Result<Outcome>) {
        println!("\n── {name}");
        let start = Instant::now();
        let outcome = step().unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Outcome { passed: 0, failed: 1 }
        });
        let word = match outcome {
            Outcome { failed: 0, passed } if passed > 1 => format!("ok, {passed} tests"),
            Outcome { failed: 0, .. } => "ok".to_owned(),
            Outcome { failed, .. } => format!("FAILED ({failed})"),
        };
        let line = format!("{name:<34}{:>7.1} s  {word}", start.elapsed().as_secs_f64());
        println!("{line}");
        self.lines.push(line);
        self.total.passed += outcome.passed;
        self.total.failed += outcome.failed;
    }

    /// Whether nothing was checked so far.
    pub fn is_empty(&self) -> bool {
        self.total.passed + self.total.failed == 0
    }

    /// Notes what was left out and why.
    pub fn note(&mut self, name: &str, why: &str) {
        self.lines.push(format!("{name:<34}        -  {why}"));
    }

    /// Prints the summary; whether all went well.
    pub fn finish(self) -> bool {
        println!(
            "\n{}\n{} passed, {} failed",
            self.lines.join("\n"),
            self.total.passed,
            self.total.failed
        );
        self.total.failed == 0
    }
}
