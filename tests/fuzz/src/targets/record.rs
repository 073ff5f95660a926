//! What lies on disk: the record of a room, and rooms opened from it.

use covey_core::client::Record;
use covey_core::frame::Wire;
use covey_core::time::Time;

use super::{canonical, page};
use crate::corpus;
use crate::forge::room;
use crate::mutation::mutate;
use crate::rng::Rng;

/// One case: mostly the record alone, since opening a room takes a hundred times as long.
pub fn case(seed: u64) {
    let rng = &mut Rng::new(seed);
    let stored = corpus::vectors("record").swap_remove(0);
    let mut bytes = if rng.one_in(2) { page::record().to_bytes() } else { stored.clone() };
    if !rng.one_in(8) {
        mutate(rng, &mut bytes, &stored);
    }
    let record = canonical::read::<Record>(&bytes);
    if rng.one_in(24) {
        opened(rng, record.unwrap_or_else(page::record));
    }
}

/// A disk may give back anything in any order: a room opens or says why not.
fn opened(rng: &mut Rng, record: Record) {
    let now = Time(rng.edge());
    let mut segments = room().log.clone();
    if rng.one_in(2) {
        let at = rng.below(segments.len());
        let other = segments[rng.below(segments.len())].clone();
        mutate(rng, &mut segments[at], &other);
    }
    if rng.one_in(3) {
        let (from, to) = (rng.below(segments.len()), rng.below(segments.len()));
        segments.swap(from, to);
    }
    if let Ok(mut client) = page::open(record, segments, now)
        && client.status().admitted
    {
        page::still_writes(&mut client, now);
    }
}
