//! The guard's own sequence against the one in yrs, with honest and with made-up origins.

use std::collections::BTreeMap;

use super::parse::{Block, Id};
use super::*;
use crate::documents::Document;

/// A small generator of numbers, so that a case is one seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % below as u64) as usize
    }
}

#[derive(Clone)]
struct Op {
    author: ClientId,
    update: Vec<u8>,
    start: u32,
    past: BTreeMap<ClientId, u32>,
    next: u32,
    /// Its cost on its author's replica.
    cost: Option<usize>,
}

struct Replica {
    client: ClientId,
    guard: Guard,
    document: Document,
    clocks: BTreeMap<ClientId, u32>,
    /// The cost of the last update.
    cost: usize,
}

impl Replica {
    fn new(client: u64) -> Self {
        let client = ClientId(client);
        Self {
            client,
            guard: Guard::new(DocKind::Code),
            document: Document::new(DocKind::Code, client),
            clocks: BTreeMap::new(),
            cost: 0,
        }
    }

    fn ready(&self, op: &Op) -> bool {
        self.clocks.clock(op.author) == op.start
            && op.past.iter().all(|(client, clock)| self.clocks.clock(*client) >= *clock)
    }

    fn take(&mut self, op: &Op) -> Result<(), Refusal> {
        let checked = self.guard.check(&op.update, op.author, op.start, &op.past)?;
        let cost = checked.cost();
        assert!(op.cost.is_none_or(|known| known == cost), "{:?} and {cost}", op.cost);
        self.cost = cost;
        assert_eq!(checked.accept(), op.next);
        self.document.apply(&op.update).expect("what the guard passes applies");
        self.clocks.insert(op.author, op.next);
        Ok(())
    }

    /// The text as the guard has it, where the character of a unit is `glyph`.
    fn order(&self) -> String {
        self.units().into_iter().map(glyph).collect()
    }

    fn units(&self) -> Vec<Id> {
        let list = self.guard.tree.list_of(CODE_FILE);
        list.map(|list| self.guard.order.units(list)).unwrap_or_default()
    }

    /// A block between two units of what this replica has: neighbours, or any two.
    fn forge(&self, dice: &mut Dice, honest: bool) -> Op {
        let units = self.units();
        let left = dice.roll(units.len() + 1);
        let right = if honest { left } else { dice.roll(units.len() + 1) };
        let origin = left.checked_sub(1).map(|at| units[at]);
        let right = units.get(right).copied();
        let start = self.clocks.clock(self.client);
        let len = 1 + dice.roll(3) as u32;
        let text: String =
            (0..len).map(|n| glyph(Id { client: self.client, clock: start + n })).collect();
        let root = (origin.is_none() && right.is_none()).then_some(Parent::Root(CODE_FILE));
        let block = Block {
            len,
            origin,
            right,
            parent: root,
            content: Content::Text(&text),
            ..parse::filler(start, len)
        };
        let section = Some((self.client, start, 1));
        Op {
            author: self.client,
            update: write::update(section, &write::block(&block), &[]),
            start,
            past: self.clocks.clone(),
            next: start + len,
            cost: None,
        }
    }
}

fn glyph(id: Id) -> char {
    char::from_u32(0x4e00 + id.client.0 as u32 * 1000 + id.clock).expect("a Chinese character")
}

/// A few people write here and there and receive each other's blocks late; then three more receive all,
/// each in another order. Returns how many blocks the guard refused to their own authors.
fn session(seed: u64, honest: bool) -> usize {
    let mut dice = Dice(seed);
    let mut refused = 0;
    let clients = 2 + dice.roll(3);
    let mut replicas: Vec<Replica> = (0..clients).map(|n| Replica::new(1 + n as u64)).collect();
    let mut ops: Vec<Op> = Vec::new();
    for _ in 0..4 + dice.roll(20) {
        let at = dice.roll(clients);
        for op in &ops {
            if replicas[at].ready(op) && dice.roll(3) == 0 {
                replicas[at].take(op).expect("passes everywhere if it passed its author");
            }
        }
        let mut op = replicas[at].forge(&mut dice, honest);
        let before = replicas[at].order();
        match replicas[at].take(&op) {
            Ok(()) => {
                op.cost = Some(replicas[at].cost);
                ops.push(op);
            }
            Err(_) => {
                refused += 1;
                assert_eq!(replicas[at].order(), before, "a refusal leaves no trace");
            }
        }
    }
    replicas.extend((0..3).map(|_| Replica::new(100)));
    for replica in &mut replicas {
        loop {
            let ready: Vec<&Op> = ops.iter().filter(|op| replica.ready(op)).collect();
            if ready.is_empty() {
                break;
            }
            let op = ready[dice.roll(ready.len())];
            replica.take(op).expect("passes everywhere if it passed its author");
        }
    }
    let text = replicas[0].order();
    for replica in &replicas {
        assert_eq!(replica.document.text(CODE_FILE), text, "seed {seed}: yrs and the guard agree");
        assert_eq!(replica.order(), text, "seed {seed}: replicas agree");
    }
    refused
}

/// How many sessions: `CASES` for a longer run.
#[expect(clippy::disallowed_methods, reason = "a test takes its length from outside")]
fn cases(ordinary: u64) -> u64 {
    std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(ordinary)
}

#[test]
fn the_guard_has_the_order_of_yrs() {
    for seed in 0..cases(1_000) {
        assert_eq!(session(seed, true), 0, "seed {seed}: nothing honest is refused");
    }
}

#[test]
fn replicas_agree_on_whatever_origins_pass() {
    let refused: usize = (0..cases(1_000)).map(|seed| session(seed, false)).sum();
    assert!(refused > 0);
}

#[test]
fn labels_make_room_where_one_gap_takes_everything() {
    let mut guard = Guard::new(DocKind::Code);
    let mut document = Document::new(DocKind::Code, ClientId(1));
    let mut next = 0;
    let mut write = |at, text: &str| {
        let update = document.edit(CODE_FILE, at, 0, text);
        next = guard.check(&update, ClientId(1), next, &BTreeMap::new()).expect("honest").accept();
    };
    write(0, "()");
    (0..5_000).for_each(|_| write(1, "x"));
    (0..500).for_each(|_| write(0, "y"));
    let clocks: Vec<u32> = guard.order.units(0).iter().map(|id| id.clock).collect();
    let wanted: Vec<u32> =
        (5_002..5_502).rev().chain([0]).chain((2..5_002).rev()).chain([1]).collect();
    assert_eq!(clocks, wanted);
}
