//! One address that asks as fast as it is let, over connections that it keeps or ever new ones.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::common::dialer::connect;

/// Connections of the flood: nearly as many as an address may have.
const CONNECTIONS: u64 = 400;
/// How often each connection asks.
const TICK: Duration = Duration::from_millis(100);
/// How long it waits for an answer on a new connection.
const IMPATIENCE: Duration = Duration::from_millis(20);
const ASK: &[u8] = b"GET / HTTP/1.1\r\nHost: node\r\n\r\n";

/// The outcome.
#[derive(Default)]
pub struct Flood {
    /// Requests that the system took.
    pub sent: AtomicU64,
    pub served: AtomicU64,
    /// Answers that there are too many.
    pub refused: AtomicU64,
    /// Connections that ended without an answer, were not to be had or not waited for.
    pub closed: AtomicU64,
}

impl Flood {
    /// Floods from an address until the tasks are dropped; `per_second` requests at most.
    pub fn start(
        self: &Arc<Self>,
        from: Ipv4Addr,
        to: SocketAddr,
        per_second: u64,
        keeps: bool,
    ) -> JoinSet<()> {
        let each = (per_second * TICK.as_millis() as u64 / 1000).div_ceil(CONNECTIONS).max(1);
        let mut tasks = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let flood = self.clone();
            tasks.spawn(async move {
                let mut ticks = interval(TICK);
                ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
                loop {
                    ticks.tick().await;
                    let asks = if keeps { 1 } else { each };
                    for _ in 0..asks {
                        let result = match keeps {
                            true => flood.ask_on(from, to, each, &mut ticks).await,
                            false => flood.ask_anew(from, to).await,
                        };
                        if result.is_err() {
                            flood.closed.fetch_add(1, Relaxed);
                        }
                    }
                }
            });
        }
        tasks
    }

    /// Asks on one connection as long as it stands, without waiting for answers.
    async fn ask_on(
        &self,
        from: Ipv4Addr,
        to: SocketAddr,
        each: u64,
        ticks: &mut tokio::time::Interval,
    ) -> io::Result<()> {
        let (mut reader, mut writer) = connect(from, to).await?.into_split();
        let asks = ASK.repeat(each as usize);
        let write = async {
            loop {
                ticks.tick().await;
                writer.write_all(&asks).await?;
                self.sent.fetch_add(each, Relaxed);
            }
        };
        let read = async {
            let mut answers = vec![0; 32 << 10];
            loop {
                match reader.read(&mut answers).await? {
                    0 => return Ok(()),
                    size => self.count(&answers[..size]),
                };
            }
        };
        tokio::select! {
            end = write => end,
            end = read => end,
        }
    }

    /// Asks once on a new connection, and does not wait for long.
    async fn ask_anew(&self, from: Ipv4Addr, to: SocketAddr) -> io::Result<()> {
        let mut stream = connect(from, to).await?;
        // Without it the ports of closed connections would soon run out.
        stream.set_zero_linger()?;
        stream.write_all(ASK).await?;
        self.sent.fetch_add(1, Relaxed);
        let mut answer = [0; 4096];
        let size = timeout(IMPATIENCE, stream.read(&mut answer)).await??;
        match self.count(&answer[..size]) {
            true => Ok(()),
            false => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Counts answers by their status lines; whether there was one.
    fn count(&self, bytes: &[u8]) -> bool {
        let count = |status: &[u8]| bytes.windows(status.len()).filter(|w| *w == status).count();
        let (served, refused) = (count(b"HTTP/1.1 200"), count(b"HTTP/1.1 429"));
        self.served.fetch_add(served as u64, Relaxed);
        self.refused.fetch_add(refused as u64, Relaxed);
        served + refused > 0
    }
}
