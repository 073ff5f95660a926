//! A node under load: many who only wait, one address that floods, and somebody who wants in.
//!
//! `load target/release/covey-node web/dist 10000 50000 20` starts that node with its own limits, lets
//! 10,000 people from forty loopback addresses wait, and measures for 20 seconds each, without a flood
//! and with two kinds of it of up to 50,000 requests a second, what honest people wait for. The flood
//! is a process of the lowest priority: on a real node it comes from elsewhere.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use load::flood::Flood;
use load::{Node, Waiting, room};
use serde_json::{Value, json};
use tokio::time::{interval, sleep};

#[path = "../tests/common/mod.rs"]
#[allow(clippy::unwrap_used, reason = "shared with tests")]
mod common;
#[path = "../tests/load/mod.rs"]
#[allow(clippy::unwrap_used, reason = "shared with tests")]
mod load;

const MALLORY: Ipv4Addr = Ipv4Addr::new(127, 2, 0, 1);
/// Room of those who are introduced.
const LOBBY: usize = usize::MAX;
/// Pages and introductions a second.
const PAGES: u64 = 25;
const INTRODUCTIONS: u64 = 5;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    open_all_files()?;
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["flood", to, per_second, kind] => {
            flood(to.parse()?, per_second.parse()?, *kind == "keeps").await
        }
        [program, site, people, per_second, seconds] => {
            let seconds = Duration::from_secs(seconds.parse()?);
            let report = measure(program, site, people.parse()?, per_second, seconds).await?;
            println!("{report:#}");
            Ok(())
        }
        _ => bail!("load NODE SITE PEOPLE REQUESTS-PER-SECOND SECONDS"),
    }
}

/// The node, stopped when this is dropped.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn measure(
    program: &str,
    site: &str,
    people: usize,
    per_second: &str,
    seconds: Duration,
) -> Result<Value> {
    let flags = ["--listen", "127.0.0.1:0", "--no-stun", "--site", site];
    let mut process = Process(Command::new(program).args(flags).stdout(Stdio::piped()).spawn()?);
    let output = process.0.stdout.take().context("the node's output")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let http: SocketAddr = line.trim().trim_start_matches("listening on http://").parse()?;
    let node = Node::at(http, honest(0)).await?;
    let id = process.0.id();
    let empty = memory(id)?;
    let start = Instant::now();
    let crowd = node.crowd(people).await;
    let arrival = start.elapsed();
    eprintln!("{people} people are there after {arrival:?}");
    let mut host = node.enter(honest(0), room(LOBBY), false).await;
    // Half a minute, for 20 seconds: until the first pings have passed.
    sleep(seconds * 3 / 2).await;
    let idle = memory(id)?;
    let mut report = json!({
        "people": people,
        "empty_mib": empty / 1024.0,
        "idle_mib": idle / 1024.0,
        "idle_kib_each": (idle - empty) / people as f64,
        "arrivals_per_second": people as f64 / arrival.as_secs_f64(),
    });
    for kind in ["quiet", "keeps", "anew"] {
        report[kind] = phase(&node, &mut host, id, (kind, per_second), seconds).await?;
        eprintln!("{kind}: {}", report[kind]);
    }
    let metrics = node.metrics(honest(0)).await?;
    let lines = metrics.lines().filter(|line| line.starts_with("covey_"));
    report["metrics"] = lines.collect();
    drop(crowd);
    Ok(report)
}

/// Times that honest people wait while something goes on.
async fn phase(
    node: &Node,
    host: &mut Waiting,
    id: u32,
    (kind, per_second): (&str, &str),
    length: Duration,
) -> Result<Value> {
    let mut flood = None;
    if kind != "quiet" {
        let this = std::env::current_exe()?;
        let mut nice = Command::new("nice");
        nice.args(["-n", "19"]).arg(this).args(["flood", &node.http.to_string(), per_second, kind]);
        flood = Some(Process(nice.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?));
    }
    // Until what an address may have at once is used up.
    sleep(Duration::from_secs(3)).await;
    let (busy, start) = (processor_time(id)?, Instant::now());
    let (pages, introductions) =
        tokio::join!(pages(node, length), introductions(node, host, length));
    let busy = (processor_time(id)? - busy).as_secs_f64() / start.elapsed().as_secs_f64();
    let mut report = json!({
        "page_ms": quantiles(pages?),
        "introduction_ms": quantiles(introductions),
        "memory_mib": memory(id)? / 1024.0,
        "node_cores": busy,
    });
    if let Some(mut flood) = flood {
        // The end of its input is the end of the flood.
        drop(flood.0.stdin.take());
        let output = flood.0.stdout.take().context("what the flood says")?;
        report["flood"] = serde_json::from_reader(output)?;
    }
    Ok(report)
}

/// Page loads at even distances, whether the one before is there or not.
async fn pages(node: &Node, length: Duration) -> Result<Vec<Duration>> {
    let mut ticks = interval(Duration::from_secs(1) / PAGES as u32);
    let (start, mut loads) = (Instant::now(), Vec::new());
    for n in 0.. {
        ticks.tick().await;
        if start.elapsed() > length {
            break;
        }
        let node = node.clone();
        loads.push(tokio::spawn(async move { node.page(honest(n), "/").await }));
    }
    let mut times = Vec::new();
    for load in loads {
        let (status, time) = load.await??;
        anyhow::ensure!(status == 200, "a page was answered with {status}");
        times.push(time);
    }
    Ok(times)
}

async fn introductions(node: &Node, host: &mut Waiting, length: Duration) -> Vec<Duration> {
    let mut ticks = interval(Duration::from_secs(1) / INTRODUCTIONS as u32);
    let (start, mut times) = (Instant::now(), Vec::new());
    while start.elapsed() < length {
        ticks.tick().await;
        times.push(node.introduction(honest(times.len()), host, room(LOBBY)).await);
    }
    times
}

/// Floods until its input ends, and says what became of it.
async fn flood(to: SocketAddr, per_second: u64, keeps: bool) -> Result<()> {
    let (flood, start) = (Arc::new(Flood::default()), Instant::now());
    let tasks = flood.start(MALLORY, to, per_second, keeps);
    let input = || std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
    tokio::task::spawn_blocking(input).await??;
    drop(tasks);
    let seconds = start.elapsed().as_secs_f64();
    let rate = |count: u64| (count as f64 / seconds).round();
    let report = json!({
        "sent_per_second": rate(flood.sent.load(Relaxed)),
        "served_per_second": rate(flood.served.load(Relaxed)),
        "refused_per_second": rate(flood.refused.load(Relaxed)),
        "closed_per_second": rate(flood.closed.load(Relaxed)),
    });
    Ok(writeln!(std::io::stdout(), "{report}")?)
}

/// Honest people come from fifty networks.
fn honest(n: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, 3, 0, (n % 50) as u8 + 1)
}

fn quantiles(mut times: Vec<Duration>) -> Value {
    times.sort();
    let at = |part: f64| times[((times.len() - 1) as f64 * part).round() as usize];
    let ms = |time: Duration| (time.as_secs_f64() * 10_000.0).round() / 10.0;
    json!({ "p50": ms(at(0.5)), "p99": ms(at(0.99)), "most": ms(at(1.0)), "of": times.len() })
}

/// Resident memory of a process in KiB.
fn memory(id: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("its memory")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// Processor time of all threads of a process.
fn processor_time(id: u32) -> Result<Duration> {
    let mut sum = 0;
    for thread in std::fs::read_dir(Path::new("/proc").join(id.to_string()).join("task"))? {
        let times = std::fs::read_to_string(thread?.path().join("schedstat"))?;
        sum += times.split(' ').next().context("a time")?.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(sum))
}

/// Each of so many connections is a file.
fn open_all_files() -> Result<()> {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    Ok(setrlimit(Resource::Nofile, limit)?)
}
