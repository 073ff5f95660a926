//! Updates of a document: guarded, then given to yrs, on two replicas that must agree.

use std::collections::BTreeMap;

use covey_core::documents::{DocKind, Document};
use covey_core::guard::{CODE_FILE, Guard, Refusal};
use covey_core::id::ClientId;

use crate::corpus;
use crate::memory;
use crate::mutation::mutate;
use crate::rng::Rng;

const ANNA: ClientId = ClientId(5);
const BEN: ClientId = ClientId::MAX;
const MALLORY: ClientId = ClientId(1234);
const WORDS: [&str; 6] = ["a", "let x", "é\n", "汉字", "👩‍🚀", "𝒟x"];

type Clocks = BTreeMap<ClientId, u32>;

/// One case: Mallory's updates reach one replica before Anna's, the other after.
pub fn case(seed: u64) {
    let rng = &mut Rng::new(seed);
    let (mut first, mut second) = (Replica::new(), Replica::new());
    let mut anna = Document::new(DocKind::Code, ANNA);
    let mut ben = Document::new(DocKind::Code, BEN);
    for _ in 0..1 + rng.below(4) {
        let by_anna = edit(rng, &mut anna);
        ben.apply(&by_anna).expect("honest updates apply");
        let by_ben = edit(rng, &mut ben);
        anna.apply(&by_ben).expect("honest updates apply");
        for replica in [&mut first, &mut second] {
            for (update, client) in [(&by_anna, ANNA), (&by_ben, BEN)] {
                let seen = replica.clocks.clone();
                replica.take(update, client, &seen).expect("honest updates pass");
            }
        }
    }
    let mut mallory = Document::new(DocKind::Code, MALLORY);
    mallory.apply(&first.document.state()).expect("what is saved can be loaded");
    let seen = first.clocks.clone();
    let edits: Vec<Vec<u8>> = (0..2).map(|_| edit(rng, &mut anna)).collect();
    first.take_all(&edits, &seen);
    for _ in 0..4 {
        let known = second.clocks.clone();
        let update = hostile(rng, &mut mallory);
        let verdict = second.take(&update, MALLORY, &known);
        assert_eq!(first.take(&update, MALLORY, &known), verdict, "verdicts differ");
    }
    second.take_all(&edits, &seen);
    assert_eq!(first.document.digest(), second.document.digest(), "replicas differ");
    let mut reloaded = Document::new(DocKind::Code, ANNA);
    reloaded.apply(&first.document.state()).expect("what is saved can be loaded");
    assert_eq!(reloaded.digest(), first.document.digest(), "what is saved differs");
}

fn edit(rng: &mut Rng, page: &mut Document) -> Vec<u8> {
    let (at, delete) = (rng.below(15) as u32, rng.below(3) as u32);
    let word: &str = *rng.pick(&WORDS);
    page.edit(CODE_FILE, at, delete, word)
}

fn hostile(rng: &mut Rng, mallory: &mut Document) -> Vec<u8> {
    let crasher = rng.pick(corpus::crashers());
    let mut update = if rng.one_in(20) { crasher.clone() } else { edit(rng, mallory) };
    if !rng.one_in(6) {
        mutate(rng, &mut update, crasher);
    }
    update
}

/// A guarded replica, as a page has one.
struct Replica {
    guard: Guard,
    document: Document,
    clocks: Clocks,
}

impl Replica {
    fn new() -> Self {
        let document = Document::new(DocKind::Code, ClientId(77));
        Self { guard: Guard::new(DocKind::Code), document, clocks: Clocks::new() }
    }

    fn take(&mut self, update: &[u8], author: ClientId, seen: &Clocks) -> Result<(), Refusal> {
        let next = self.clocks.get(&author).copied().unwrap_or(0);
        let check = |update: &[u8]| {
            self.guard.check(update, author, next, seen).map(|checked| checked.accept())
        };
        self.clocks.insert(author, memory::bounded(update, check)?);
        self.document.apply(update).expect("what the guard passes applies");
        Ok(())
    }

    fn take_all(&mut self, edits: &[Vec<u8>], seen: &Clocks) {
        edits.iter().for_each(|edit| self.take(edit, ANNA, seen).expect("honest updates pass"));
    }
}
