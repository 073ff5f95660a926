//! Segments of a member with rights: changed anywhere, hashed and signed again.

use covey_core::documents::{DocKind, Document};
use covey_core::frame::Wire;
use covey_core::fuzzing;
use covey_core::guard::CODE_FILE;
use covey_core::id::{CustomName, DocName, Hash, SeatId};
use covey_core::ledger::{Body, Entry, Offer, Segment};
use covey_core::limits;
use covey_core::roster::RosterAct;
use covey_core::seal::EpochId;

use super::ledger::Attacked;
use super::{canonical, seal};
use crate::corpus;
use crate::forge::{End, Person, room};
use crate::mutation::mutate;
use crate::rng::Rng;

/// One case: up to three segments, the last of which tell how well the first were taken.
pub fn case(seed: u64) {
    let rng = &mut Rng::new(seed);
    let mut attacked = Attacked::new(rng.one_in(2));
    let mut mallory = Author::new();
    for _ in 0..=rng.below(3) {
        let (bytes, end) = mallory.segment(rng);
        if let Some(segment) = canonical::read::<Segment>(&bytes) {
            segment.entries.iter().for_each(|entry| drop(canonical::read::<Entry>(entry)));
        }
        if attacked.offer(&bytes) == Offer::Accepted {
            mallory.end = end;
        }
    }
    attacked.end();
}

/// Mallory's page.
struct Author {
    end: End,
    page: Document,
    /// Whether an entry named that the owner let her in.
    settled: bool,
}

impl Author {
    fn new() -> Self {
        let client = Person::Mallory.seat().id().client();
        let end = room().end(Person::Mallory);
        Self { end, page: Document::new(DocKind::Code, client), settled: false }
    }

    /// A segment that is honest but for one thing, and where the chain ends behind it.
    fn segment(&mut self, rng: &mut Rng) -> (Vec<u8>, End) {
        let count = 1 + rng.below(3) as u64;
        let start = self.end;
        let mut entries: Vec<Entry> =
            (0..count).map(|n| self.entry(rng, start.seq + 1 + n)).collect();
        if rng.one_in(4) {
            let at = rng.below(entries.len());
            change(rng, &mut entries[at]);
        }
        let mut encoded: Vec<Vec<u8>> = entries.iter().map(Wire::to_bytes).collect();
        if rng.one_in(4) {
            let at = rng.below(encoded.len());
            let other = encoded[0].clone();
            mutate(rng, &mut encoded[at], &other);
        }
        if rng.one_in(20) {
            let times = *rng.pick(&[0, 2, limits::SEGMENT_ENTRIES + 1]);
            encoded = encoded.into_iter().take(1).cycle().take(times).collect();
        }
        let (first, before) = header(rng, &start);
        let signed = room().sign(&Person::Mallory.seat(), first, before, encoded);
        let hash = signed.hashes(room().id).pop().unwrap_or(before);
        let mut bytes = signed.to_bytes();
        if rng.one_in(8) {
            mutate(rng, &mut bytes, &room().log[0]);
        }
        (bytes, End { seq: signed.last(), hash, lamport: self.end.lamport })
    }

    /// The next entry of her chain, honest but perhaps for the update in it.
    fn entry(&mut self, rng: &mut Rng, seq: u64) -> Entry {
        let mut deps = Vec::new();
        if !core::mem::replace(&mut self.settled, true) {
            let owner = room().end(Person::Owner);
            deps.push((Person::Owner.seat().id(), owner.seq));
            self.end.lamport = self.end.lamport.max(owner.lamport);
        }
        self.end.lamport += 1;
        let (at, delete) = (rng.below(30) as u32, rng.below(3) as u32);
        let word = *rng.pick(&WORDS);
        let mut update = self.page.edit(CODE_FILE, at, delete, word);
        if rng.one_in(4) {
            let other = rng.pick(corpus::crashers()).clone();
            mutate(rng, &mut update, &other);
        }
        let name = if rng.one_in(12) { rng.pick(&names()).clone() } else { DocName::Code };
        let seat = Person::Mallory.seat();
        let sealed = if rng.one_in(12) {
            let at = room().position(&seat, seq);
            let packed = seal::hostile(rng);
            fuzzing::seal_packed(&crate::forge::key(), &at, &name.to_bytes(), &packed)
        } else {
            room().seal(&seat, seq, &name, &update)
        };
        let body = Body::Document { name, epoch: room().epoch, sealed };
        Entry { lamport: self.end.lamport, deps, body }
    }
}

const WORDS: [&str; 5] =
    ["a", "let x\n", "é汉", "👩‍🚀", "𝒟 is long enough to be deflated, is it not? 𝒟 is long"];

fn names() -> [DocName; 4] {
    let custom = CustomName::new("notes").expect("a sound name");
    [DocName::Chat, DocName::Board, DocName::Code, DocName::Custom(custom)]
}

/// Says something else in one of an entry's fields.
fn change(rng: &mut Rng, entry: &mut Entry) {
    match rng.below(6) {
        0 => entry.lamport = rng.edge(),
        1 => entry.lamport = entry.lamport.wrapping_add(rng.below(3) as u64).wrapping_sub(1),
        2 => {
            let seats = [Person::Owner, Person::Ben, Person::Vera, Person::Mallory];
            let known = rng.pick(&seats).seat().id();
            let seat = if rng.one_in(4) { SeatId(rng.array()) } else { known };
            let seq = if rng.one_in(3) { rng.edge() } else { rng.below(4) as u64 };
            entry.deps.push((seat, seq));
            entry.deps.sort();
        }
        3 => entry.deps.clear(),
        4 => entry.body = Body::Roster(RosterAct::Admit(Hash(rng.array()))),
        _ => {
            if let Body::Document { epoch, .. } = &mut entry.body {
                *epoch = EpochId([rng.byte(); 8]);
            }
        }
    }
}

/// Where a segment says that it stands: mostly at the end of the chain.
fn header(rng: &mut Rng, end: &End) -> (u64, Hash) {
    let (first, before) = (end.seq + 1, end.hash);
    match rng.below(24) {
        0 => (first + rng.below(3) as u64, before),
        1 => (first.saturating_sub(rng.below(3) as u64), before),
        // Beyond this the signer itself can't count on.
        2 => (rng.edge() % u64::from(u32::MAX), before),
        3 => (first, Hash(rng.array())),
        _ => (first, before),
    }
}
