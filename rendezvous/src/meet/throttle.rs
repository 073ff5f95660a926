//! How fast one key is listened to: limits by rate slow down reading, nothing is lost.
//!
//! All connections of a key share one schedule, and one that comes again has the schedule it had.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use libp2p::PeerId;
use tokio::time::{Instant, Sleep, sleep_until};

/// One request each so often, in the long run.
const INTERVAL: Duration = Duration::from_millis(100);
/// How many requests may come at once: a page that discovers and registers everywhere it may
/// needs 48.
const BURST: u32 = 64;

/// The schedules of all keys that are connected, and of those that were and may not ask yet.
pub(super) struct Throttles {
    start: Instant,
    slots: HashMap<PeerId, Slot>,
    /// When there are so many, those that say nothing any more are forgotten.
    many: usize,
}

/// The next free slot of a schedule, in milliseconds since the start.
type Slot = Arc<AtomicU64>;

/// Fewer schedules than this are not worth looking through.
const FEW: usize = 64;

impl Throttles {
    pub(super) fn new() -> Self {
        Self { start: Instant::now(), slots: HashMap::new(), many: FEW }
    }

    /// The throttle of one more connection of a key.
    pub(super) fn of(&mut self, peer: PeerId) -> Throttle {
        if self.slots.len() >= self.many {
            let now = self.start.elapsed().as_millis() as u64;
            self.slots.retain(|_, slot| Arc::strong_count(slot) > 1 || slot.load(Relaxed) > now);
            self.many = FEW.max(2 * self.slots.len());
        }
        let slot = self.slots.entry(peer).or_default().clone();
        Throttle { start: self.start, slot, sleep: None }
    }
}

/// A virtual schedule: each request takes the next slot, and slots may be taken in advance as
/// far as a burst reaches.
pub(super) struct Throttle {
    start: Instant,
    slot: Slot,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Throttle {
    /// Ready when another request may be read.
    pub(super) fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            if let Some(sleep) = &mut self.sleep {
                ready!(sleep.as_mut().poll(cx));
                self.sleep = None;
            }
            let next = self.start + Duration::from_millis(self.slot.load(Relaxed));
            if next <= Instant::now() + INTERVAL * BURST {
                return Poll::Ready(());
            }
            // Another connection of the key may have been faster by then.
            self.sleep = Some(Box::pin(sleep_until(next - INTERVAL * BURST)));
        }
    }

    /// A request was read.
    pub(super) fn take(&mut self) {
        let (now, step) = (self.start.elapsed().as_millis() as u64, INTERVAL.as_millis() as u64);
        let _ = self.slot.fetch_update(Relaxed, Relaxed, |next| Some(next.max(now) + step));
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    async fn ask(throttle: &mut Throttle) {
        poll_fn(|cx| throttle.poll_ready(cx)).await;
        throttle.take();
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_passes_at_once_and_then_requests_are_paced() {
        let mut throttle = Throttles::new().of(PeerId::random());
        let start = Instant::now();
        for _ in 0..=BURST {
            ask(&mut throttle).await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        for _ in 0..10 {
            ask(&mut throttle).await;
        }
        let elapsed = start.elapsed();
        assert!(elapsed >= INTERVAL * 10 && elapsed < INTERVAL * 12, "{elapsed:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_has_one_pace_however_often_it_connects() {
        let mut throttles = Throttles::new();
        let (ann, ben) = (PeerId::random(), PeerId::random());
        let start = Instant::now();
        let mut first = throttles.of(ann);
        for _ in 0..BURST {
            ask(&mut first).await;
        }
        let mut second = throttles.of(ann);
        ask(&mut second).await;
        drop((first, second));
        for _ in 0..1000 {
            // So many other keys come and go that those who say nothing are forgotten.
            throttles.of(PeerId::random());
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
        ask(&mut throttles.of(ann)).await;
        assert!(start.elapsed() >= INTERVAL, "{:?}", start.elapsed());
        let now = Instant::now();
        ask(&mut throttles.of(ben)).await;
        assert_eq!(now.elapsed(), Duration::ZERO, "others are not held up");
        assert!(throttles.slots.len() <= 2 * FEW);
    }
}
