//! Segments of a member with rights: changed anywhere, hashed and signed again, several behind one entry.

use covey_rooms::identity::Author as _;
use std::collections::BTreeMap;

use covey_rooms::documents::{DocKind, Document};
use covey_rooms::fuzzing;
use covey_rooms::guard::{CODE_FILE, Guard, Seen};
use covey_rooms::ledger::{Body, Entry, Segment};
use covey_rooms::roster::RosterAct;
use covey_rooms::seal::EpochId;
use covey_wire::frame::Wire;
use covey_wire::id::{ClientId, CustomName, DocName, Hash, Head, MemberId, SeatId, ShortHash};
use covey_wire::limits;

use super::ledger::{Attacked, Written};
use super::{canonical, seal};
use crate::corpus;
use crate::forge::{End, Person, honest_claim, is_accepted, room};
use crate::mutation::mutate;
use crate::rng::Rng;

/// One case: up to four segments, the last of which tell how well the first were taken.
pub fn case(seed: u64) {
    let rng = &mut Rng::new(seed);
    let mut attacked = Attacked::new(rng);
    let mut mallory = Author::new();
    for _ in 0..=rng.below(4) {
        let (bytes, tip) = mallory.segment(rng, attacked.written());
        if let Some(segment) = canonical::read::<Segment>(&bytes) {
            segment.entries.iter().for_each(|entry| drop(canonical::read::<Entry>(entry)));
        }
        if is_accepted(attacked.offer(&bytes)) || rng.one_in(12) {
            mallory.tips.push(tip);
        }
        if rng.one_in(3) {
            attacked.go_on(rng);
        }
    }
    attacked.end(rng);
}

/// Mallory, and all the places where she can go on.
struct Author {
    tips: Vec<Tip>,
    /// The first entries of her segments: behind which hash, and where she is behind it.
    sent: Vec<(Hash, Entry, Tip)>,
}

/// A place of her chain.
#[derive(Debug, Clone)]
struct Tip {
    end: End,
    /// Her words up to here, and those she heard of Ben.
    updates: Vec<(DocName, ClientId, Vec<u8>)>,
    /// How much of Ben's she heard.
    heard: usize,
    /// Whether an entry named the last of the owner's.
    settled: bool,
}

impl Tip {
    /// Her page as it is here: without what no page would have taken.
    fn page(&self, name: &DocName) -> Document {
        let kind = DocKind::of(name).expect("there are rules for what she writes");
        let mut page = Document::new(kind, Person::Mallory.seat().id().client());
        let (mut guard, mut seen) = (Guard::new(kind), Everything::default());
        for (_, author, update) in self.updates.iter().filter(|(of, ..)| of == name) {
            let next = seen.clock(*author);
            let checked = guard.check(update, *author, next, &seen).map(|checked| checked.accept());
            if let Ok(end) = checked {
                seen.0.insert(*author, end);
                page.apply(update).expect("what the guard passes applies");
            }
        }
        page
    }
}

/// All that is on a page.
#[derive(Default)]
struct Everything(BTreeMap<ClientId, u32>);

impl Seen for Everything {
    fn clock(&self, client: ClientId) -> u32 {
        self.0.get(&client).copied().unwrap_or(0)
    }

    fn member(&self, client: ClientId) -> Option<MemberId> {
        Some(MemberId([client.0 as u8; 32]))
    }
}

impl Author {
    fn new() -> Self {
        let end = room().end(Person::Mallory);
        let settled = room().knows_owner(Person::Mallory);
        let tip = Tip { end, updates: Vec::new(), heard: 0, settled };
        Self { tips: vec![tip], sent: Vec::new() }
    }

    /// A segment that is honest but for one thing, and where the chain ends behind it. Now and then it
    /// is another one than she wrote behind the same entry.
    fn segment(&mut self, rng: &mut Rng, bens: &[Written]) -> (Vec<u8>, Tip) {
        let count = 1 + rng.below(3) as u64;
        let fork = rng.one_in(3);
        let mut tip =
            if fork { rng.pick(&self.tips) } else { &self.tips[self.tips.len() - 1] }.clone();
        let start = tip.end;
        // Histories may part in the middle of segments.
        let same: Vec<_> = self.sent.iter().filter(|(hash, ..)| *hash == start.hash).collect();
        let mut entries = Vec::new();
        if !same.is_empty() && rng.one_in(2) {
            let (_, sent, behind) = *rng.pick(&same);
            (entries, tip) = (vec![sent.clone()], behind.clone());
        } else {
            entries.push(entry(rng, &mut tip, start.seq + 1, bens));
            self.sent.push((start.hash, entries[0].clone(), tip.clone()));
        }
        entries.extend((1..count).map(|n| entry(rng, &mut tip, start.seq + 1 + n, bens)));
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
        tip.end = End { seq: signed.last(), hash, lamport: tip.end.lamport };
        (bytes, tip)
    }
}

/// The next entry of her chain, honest but perhaps for the update in it.
fn entry(rng: &mut Rng, tip: &mut Tip, seq: u64, bens: &[Written]) -> Entry {
    let mut deps = Vec::new();
    let hears = tip.heard < bens.len() && rng.one_in(4);
    // Ben heard the owner.
    if !tip.settled && !hears {
        deps.push(room().head(Person::Owner));
        tip.end.lamport = tip.end.lamport.max(room().end(Person::Owner).lamport);
    }
    tip.settled = true;
    if let (true, Some(last)) = (hears, bens.last()) {
        deps.push(last.head);
        tip.end.lamport = tip.end.lamport.max(last.lamport);
        let news = bens[tip.heard..].iter().map(|of| (DocName::Code, of.client, of.update.clone()));
        tip.updates.extend(news);
        tip.heard = bens.len();
    }
    deps.sort();
    tip.end.lamport += 1;
    let notes = names()[3].clone();
    let name = if rng.one_in(4) { notes } else { DocName::Code };
    let mut update = edited(rng, tip.page(&name), &name);
    if rng.one_in(6) {
        let other = rng.pick(corpus::crashers()).clone();
        mutate(rng, &mut update, &other);
    }
    let client = Person::Mallory.seat().id().client();
    tip.updates.push((name.clone(), client, update.clone()));
    let name = if rng.one_in(12) { rng.pick(&names()).clone() } else { name };
    let seat = Person::Mallory.seat();
    let sealed = if rng.one_in(12) {
        let at = room().position(&seat, seq);
        let packed = seal::hostile(rng);
        fuzzing::seal_packed(&crate::forge::key(), &at, &name.to_bytes(), &packed)
    } else {
        room().seal(&seat, seq, &name, &update)
    };
    let body = Body::Document { name, epoch: room().epoch, sealed };
    Entry { lamport: tip.end.lamport, deps, body }
}

/// Her next act on her page.
fn edited(rng: &mut Rng, mut page: Document, name: &DocName) -> Vec<u8> {
    let word = *rng.pick(&WORDS);
    let root = if *name == DocName::Code { CODE_FILE } else { "text" };
    if *name != DocName::Code && rng.one_in(2) {
        return page.set("map", word, Some(word.into()));
    }
    let (at, delete) = (rng.below(30) as u32, rng.below(3) as u32);
    page.edit(root, at, delete, word)
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
            let hash = ShortHash([rng.byte(); 16]);
            let person = *rng.pick(&seats);
            let dep = if rng.one_in(2) { room().head(person) } else { Head { seat, seq, hash } };
            entry.deps.push(dep);
            entry.deps.sort();
        }
        3 => entry.deps.clear(),
        4 => entry.body = Body::Roster(RosterAct::Admit(Box::new(honest_claim(Person::Vera)))),
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
