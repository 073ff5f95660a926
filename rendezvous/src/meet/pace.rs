//! How fast one connection is listened to: limits by rate slow down reading, nothing is lost.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// One request each so often, in the long run.
const INTERVAL: Duration = Duration::from_millis(100);
/// How many requests may come at once: a page that discovers and registers everywhere it may
/// needs 32.
const BURST: u32 = 64;

/// A virtual schedule: each request takes the next slot, and slots may be taken in advance as
/// far as a burst reaches.
pub(super) struct Pace {
    next_slot: Instant,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self { next_slot: Instant::now(), sleep: None }
    }

    /// Ready when another request may be read.
    pub(super) fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(sleep) = &mut self.sleep {
            ready!(sleep.as_mut().poll(cx));
            self.sleep = None;
        }
        if self.next_slot <= Instant::now() + INTERVAL * BURST {
            return Poll::Ready(());
        }
        let mut sleep = Box::pin(sleep_until(self.next_slot - INTERVAL * BURST));
        let poll = sleep.as_mut().poll(cx);
        self.sleep = Some(sleep);
        poll
    }

    /// A request was read.
    pub(super) fn take(&mut self) {
        self.next_slot = self.next_slot.max(Instant::now()) + INTERVAL;
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_burst_passes_at_once_and_then_requests_are_paced() {
        let mut pace = Pace::new();
        let start = Instant::now();
        for _ in 0..=BURST {
            poll_fn(|cx| pace.poll_ready(cx)).await;
            pace.take();
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        for _ in 0..10 {
            poll_fn(|cx| pace.poll_ready(cx)).await;
            pace.take();
        }
        let elapsed = start.elapsed();
        assert!(elapsed >= INTERVAL * 10 && elapsed < INTERVAL * 12, "{elapsed:?}");
    }
}
