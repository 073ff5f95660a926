//! Hostile updates against guard and yrs together, and honest ones made by yrs with undo.
//!
//! `CASES=1000000 cargo test -p covey-rooms --test guard_fuzz` runs longer.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use covey_rooms::documents::Document;
use covey_rooms::guard::{CODE_FILE, DocKind, Guard, Refusal};
use covey_wire::frame::Writer;
use covey_wire::id::{ClientId, hex};
use yrs::undo::{Options as UndoOptions, UndoManager};
use yrs::updates::decoder::Decode;
use yrs::{
    ClientID, Doc, GetString, OffsetKind, Options, ReadTxn, Text, TextRef, Transact, Update,
};

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

    fn one_in(&mut self, chance: usize) -> bool {
        self.roll(chance) == 0
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.roll(WORDS.len())]
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.roll(of.len())]
    }
}

#[expect(clippy::disallowed_methods, reason = "a test takes its length from outside")]
fn cases(ordinary: u64) -> u64 {
    std::env::var("CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(ordinary)
}

const WORDS: [&str; 8] = ["a", "let x", "é\n", "汉字", "👩‍🚀", "𝒟x", "zzzz", "0"];

type Clocks = BTreeMap<ClientId, u32>;

fn clock(clocks: &Clocks, client: ClientId) -> u32 {
    clocks.get(&client).copied().unwrap_or(0)
}

/// A guarded replica, as a page has one.
struct Replica {
    guard: Guard,
    document: Document,
    clocks: Clocks,
}

impl Replica {
    fn new(client: ClientId) -> Self {
        let document = Document::new(DocKind::Code, client);
        Self { guard: Guard::new(DocKind::Code), document, clocks: Clocks::new() }
    }

    fn take(&mut self, update: &[u8], author: ClientId, seen: &Clocks) -> Result<(), Refusal> {
        let next = clock(&self.clocks, author);
        let end = self.guard.check(update, author, next, seen)?.accept();
        self.clocks.insert(author, end);
        self.document.apply(update).expect("what the guard passes applies");
        Ok(())
    }
}

const ANNA: ClientId = ClientId(5);
const BEN: ClientId = ClientId::MAX;
const MALLORY: ClientId = ClientId(1234);

/// What Anna and Ben wrote before Mallory came, with what each had seen.
struct Past {
    entries: Vec<(ClientId, Clocks, Vec<u8>)>,
    state: Vec<u8>,
}

impl Past {
    fn new(dice: &mut Dice) -> Self {
        let entries = history(dice);
        let mut document = Document::new(DocKind::Code, ClientId(76));
        for (_, _, update) in &entries {
            document.apply(update).expect("honest");
        }
        Self { entries, state: document.state() }
    }

    fn replica(&self, client: u64) -> Replica {
        let mut replica = Replica::new(ClientId(client));
        for (author, seen, update) in &self.entries {
            let next = clock(&replica.clocks, *author);
            let checked = replica.guard.check(update, *author, next, seen).expect("honest");
            replica.clocks.insert(*author, checked.accept());
        }
        replica.document.apply(&self.state).expect("honest");
        replica
    }
}

fn history(dice: &mut Dice) -> Vec<(ClientId, Clocks, Vec<u8>)> {
    let mut people = [Replica::new(ANNA), Replica::new(BEN)];
    let mut entries: Vec<(ClientId, Clocks, Vec<u8>)> = Vec::new();
    for round in 0..6 {
        let mut fresh = Vec::new();
        for (person, client) in people.iter_mut().zip([ANNA, BEN]) {
            for _ in 0..2 {
                let seen = person.clocks.clone();
                let (at, delete) = (dice.roll(20) as u32, dice.roll(4) as u32 * (round % 2));
                let update = person.document.edit(CODE_FILE, at, delete, dice.word());
                person.take_own(&update, client);
                fresh.push((client, seen, update));
            }
        }
        for (person, client) in people.iter_mut().zip([ANNA, BEN]) {
            for (author, seen, update) in fresh.iter().filter(|(author, ..)| *author != client) {
                person.take(update, *author, seen).expect("honest");
            }
        }
        entries.extend(fresh);
    }
    entries
}

impl Replica {
    /// Takes what this replica's document did itself.
    fn take_own(&mut self, update: &[u8], client: ClientId) {
        let next = clock(&self.clocks, client);
        let checked = self.guard.check(update, client, next, &self.clocks).expect("honest");
        self.clocks.insert(client, checked.accept());
    }
}

/// Something that looks like an update by Mallory.
fn hostile(dice: &mut Dice, clocks: &Clocks) -> Vec<u8> {
    let next = clock(clocks, MALLORY);
    let clients: Vec<(ClientId, u32)> = clocks.iter().map(|(id, clock)| (*id, *clock)).collect();
    let mut w = Writer::new();
    let blocks = dice.roll(4) as u64;
    w.varint(u64::from(blocks > 0) + u64::from(dice.one_in(60)));
    if blocks > 0 {
        let author = if dice.one_in(40) { dice.pick(&clients).0 } else { MALLORY };
        let start = if dice.one_in(40) { dice.roll(9) as u32 } else { next };
        w.varint(blocks).varint(author.0).varint(start.into());
        for n in 0..blocks {
            block(dice, &clients, next + n as u32, &mut w);
        }
    }
    let lists = dice.roll(3);
    w.varint(lists as u64);
    for (client, end) in clients.iter().cycle().skip(dice.roll(3)).take(lists) {
        let ranges = 1 + dice.roll(3) as u32;
        w.varint(client.0).varint(ranges.into());
        for n in 0..ranges {
            let start = end / 4 * n + dice.roll(3) as u32;
            w.varint(start.into()).varint(1 + dice.roll(5) as u64);
        }
    }
    if dice.one_in(50) {
        w.u8(0);
    }
    w.into_bytes()
}

fn block(dice: &mut Dice, clients: &[(ClientId, u32)], own: u32, w: &mut Writer) {
    let kind = match dice.roll(20) {
        0 => dice.roll(32) as u8,
        1 => 0,
        2..5 => 1,
        _ => 4,
    };
    let id = |dice: &mut Dice| match dice.roll(6) {
        0 => (MALLORY, own.saturating_sub(1 + dice.roll(2) as u32)),
        1 => (MALLORY, dice.roll(own as usize + 1) as u32),
        _ => {
            let (client, end) = *dice.pick(clients);
            let beyond = usize::from(dice.one_in(20));
            (client, dice.roll(end as usize + beyond + 1) as u32)
        }
    };
    let origin = (!dice.one_in(3)).then(|| id(dice));
    let right = match origin {
        Some((client, at)) if dice.one_in(2) => Some((client, at + 1)),
        _ => dice.one_in(2).then(|| id(dice)),
    };
    let key = if dice.one_in(60) { 0x20 } else { 0 };
    let flags = u8::from(origin.is_some()) << 7 | u8::from(right.is_some()) << 6 | key;
    w.u8(if kind == 0 { 0 } else { kind | flags });
    if kind != 0 {
        for (client, at) in origin.iter().chain(&right) {
            w.varint(client.0).varint((*at).into());
        }
        if origin.is_none() && right.is_none() {
            let root = if dice.one_in(30) { "file/other" } else { CODE_FILE };
            w.varint(1).bytes(root.as_bytes());
        }
    }
    match kind {
        4 => w.bytes(dice.word().as_bytes()),
        _ => w.varint(1 + dice.roll(4) as u64),
    };
}

/// An honest update with some bytes changed.
fn mutated(dice: &mut Dice, mut update: Vec<u8>) -> Vec<u8> {
    for _ in 0..dice.roll(4) {
        let at = dice.roll(update.len());
        match dice.roll(4) {
            0 => update[at] ^= 1 << dice.roll(8),
            1 => update[at] = *dice.pick(&[0, 1, 4, 0x7f, 0x80, 0xff, 0x84, 0xc4, 10]),
            2 => update.insert(at, dice.roll(256) as u8),
            _ if update.len() > 1 => drop(update.remove(at)),
            _ => (),
        }
    }
    update
}

/// Mallory writes to two replicas, one of which hears Anna first, the other Mallory. Returns how
/// many of Mallory's updates passed.
fn attack(past: &Past, dice: &mut Dice) -> usize {
    let mut first = past.replica(77);
    let mut second = past.replica(78);
    let mut anna = Document::new(DocKind::Code, ANNA);
    anna.apply(&past.state).expect("applies");
    let seen = first.clocks.clone();
    let edits: Vec<Vec<u8>> = (0..3)
        .map(|_| anna.edit(CODE_FILE, dice.roll(15) as u32, dice.roll(3) as u32, "anna"))
        .collect();
    for edit in &edits {
        first.take(edit, ANNA, &seen).expect("honest");
    }
    let mut mallory = Document::new(DocKind::Code, MALLORY);
    mallory.apply(&past.state).expect("applies");
    let mut passed = 0;
    for _ in 0..4 {
        let known = second.clocks.clone();
        let update = if dice.one_in(2) {
            let honest = mallory.edit(CODE_FILE, dice.roll(15) as u32, 1, dice.word());
            mutated(dice, honest)
        } else {
            hostile(dice, &known)
        };
        // What a page makes of an own update that is refused.
        let mended = if dice.one_in(2) { second.guard.mend(&update, MALLORY).ok() } else { None };
        let update = mended.unwrap_or(update);
        let verdict = second.take(&update, MALLORY, &known);
        assert_eq!(first.take(&update, MALLORY, &known), verdict, "{}", hex(&update));
        passed += usize::from(verdict.is_ok());
    }
    for edit in &edits {
        second.take(edit, ANNA, &seen).expect("honest");
    }
    assert_eq!(first.document.digest(), second.document.digest(), "replicas agree");
    let mut reloaded = Document::new(DocKind::Code, ANNA);
    reloaded.apply(&first.document.state()).expect("what is saved can be loaded");
    assert_eq!(reloaded.digest(), first.document.digest());
    let update = reloaded.edit(CODE_FILE, 0, 0, "still here");
    first.take(&update, ANNA, &first.clocks.clone()).expect("honest");
    assert!(first.document.text(CODE_FILE).starts_with("still here"));
    passed
}

#[test]
fn an_update_that_passes_the_guard_does_no_harm() {
    let mut passed = 0;
    let mut past = Past::new(&mut Dice(0));
    for seed in 0..cases(100_000) / 4 {
        if seed % 100 == 0 {
            past = Past::new(&mut Dice(seed));
        }
        match catch_unwind(AssertUnwindSafe(|| attack(&past, &mut Dice(seed)))) {
            Ok(n) => passed += n,
            Err(_) => panic!("seed {seed}"),
        }
    }
    assert!(passed as u64 > cases(100_000) / 10, "enough passes to mean something");
}

/// Someone who edits with yrs and an undo manager; what they send is what yrs tells observers.
struct Editor {
    doc: Doc,
    text: TextRef,
    undo: UndoManager<()>,
    sent: Arc<Mutex<Vec<Vec<u8>>>>,
    inbox: Vec<(ClientId, Clocks, Vec<u8>)>,
    clocks: Clocks,
    client: ClientId,
}

impl Editor {
    fn new(client: ClientId) -> Self {
        let id = ClientID::new(client.0);
        let doc = Doc::with_options(Options {
            offset_kind: OffsetKind::Utf16,
            ..Options::with_client_id(id)
        });
        let text = doc.get_or_insert_text(CODE_FILE);
        let sent: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let out = sent.clone();
        doc.observe_update_v1("sent", move |txn, event| {
            if txn.origin().is_none_or(|origin| *origin != "remote".into()) {
                out.lock().expect("not poisoned").push(event.update.clone());
            }
        })
        .expect("no transaction is open");
        let mut undo: UndoManager<()> = UndoManager::with_options(UndoOptions {
            capture_timeout_millis: 0,
            ..Default::default()
        });
        undo.expand_scope(&doc, &text);
        Self { doc, text, undo, sent, inbox: Vec::new(), clocks: Clocks::new(), client }
    }

    fn act(&mut self, dice: &mut Dice) {
        match dice.roll(6) {
            0 => drop(self.undo.undo_blocking()),
            1 => drop(self.undo.redo_blocking()),
            act => {
                let mut txn = self.doc.transact_mut();
                let len = self.text.len(&txn);
                let at = dice.roll(len as usize + 1) as u32;
                if act < 4 {
                    self.text.remove_range(&mut txn, at, (len - at).min(dice.roll(6) as u32));
                }
                self.text.insert(&mut txn, at, dice.word());
                if act == 5 {
                    self.text.remove_range(&mut txn, at, 1);
                }
            }
        }
    }

    fn hear(&mut self, most: usize) {
        let most = most.min(self.inbox.len());
        for (author, _, update) in self.inbox.drain(..most) {
            let update = Update::decode_v1(&update).expect("honest");
            let mut txn = self.doc.transact_mut_with("remote");
            txn.apply_update(update).expect("honest");
            let known = txn.state_vector().get(&ClientID::new(author.0));
            self.clocks.insert(author, known);
        }
    }
}

#[test]
fn nothing_that_yrs_does_is_refused() {
    for seed in 0..cases(400) {
        let dice = &mut Dice(seed);
        let mut editors: Vec<Editor> =
            [3, 9, 1 << 52].into_iter().map(|client| Editor::new(ClientId(client))).collect();
        let mut replica = Replica::new(ClientId(50));
        for _ in 0..40 {
            let at = dice.roll(editors.len());
            if dice.one_in(2) {
                editors[at].hear(dice.roll(5));
            }
            let seen = editors[at].clocks.clone();
            editors[at].act(dice);
            let author = editors[at].client;
            let sent: Vec<Vec<u8>> =
                editors[at].sent.lock().expect("not poisoned").drain(..).collect();
            for update in sent {
                let verdict = replica.take(&update, author, &seen);
                assert_eq!(verdict, Ok(()), "seed {seed}: {}", hex(&update));
                for other in editors.iter_mut().filter(|editor| editor.client != author) {
                    other.inbox.push((author, seen.clone(), update.clone()));
                }
            }
        }
        for editor in &mut editors {
            editor.hear(usize::MAX);
            let text = editor.text.get_string(&editor.doc.transact());
            assert_eq!(text, replica.document.text(CODE_FILE), "seed {seed}");
        }
    }
}
