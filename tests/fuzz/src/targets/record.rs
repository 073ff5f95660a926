//! What lies on disk: the record of a room, and rooms opened from it.

use covey_rooms::capability::Link;
use covey_rooms::room::Record;
use covey_wire::frame::Wire;
use covey_wire::limits;
use covey_wire::time::{Instant, Now, Time};

use super::{canonical, link, page};
use crate::corpus;
use crate::forge::{self, room};
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
    if rng.one_in(4) {
        grown(rng, record.clone().unwrap_or_else(page::record));
    }
    if rng.one_in(24) {
        opened(rng, record.unwrap_or_else(page::record));
    }
}

/// Links of whoever likes to make some are opened: what is kept stays within its limits, can be read again,
/// and the room's own key and the links of those who stand in it are among it.
fn grown(rng: &mut Rng, mut record: Record) {
    let links: Vec<Link> = (0..1 + rng.below(8)).map(|_| link::any(rng)).collect();
    let good = Link { room: record.room, ..links[0].clone() };
    record.add(&good);
    let (epoch, anchor) = (good.key.epoch(record.room), good.chain.anchor);
    for other in &links[1..] {
        record.add(&Link { room: record.room, ..other.clone() });
        record.prune(Some(epoch), |member| member == anchor);
    }
    record.prune(Some(epoch), |member| member == anchor);
    assert!(record.keys.len() <= limits::KEYS && record.links.len() <= limits::CLAIMS, "too much");
    assert_eq!(record.key(Some(epoch)), Some(&good.key), "the room's key is lost");
    let kept = record.links.iter().any(|joined| joined.chain == good.chain);
    // A record may come with more links of the same anchor: of those the newest stay.
    let others = record.links.iter().filter(|joined| joined.chain.anchor == anchor).count();
    assert!(kept || others > 0, "the good link is lost");
    assert_eq!(Record::from_bytes(&record.to_bytes()), Ok(record), "what is kept can be read");
}

/// A disk may give back anything in any order: a room opens or says why not.
fn opened(rng: &mut Rng, record: Record) {
    let now = Now { wall: Time(rng.edge()), elapsed: Instant(rng.edge()) };
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
    // Without the key nothing can be written.
    let may_write = record.keys.contains(&forge::key());
    if let Ok(mut client) = page::open(record, segments, now)
        && client.status().admitted
        && may_write
    {
        page::still_writes(&mut client, now);
    }
}
