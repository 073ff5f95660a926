//! Documents made to cost more than they show: in memory, or in work.
//!
//! ```text
//!   an attack, so many times ─► updates ─► guard: refused, or charged ─► yrs
//!   what is held against what was charged: memory     how long it took: work
//! ```

mod attacks;
mod forge;

use std::collections::BTreeMap;

use covey_rooms::documents::{DocKind, Document};
use covey_rooms::guard::{Guard, Refusal};
use covey_wire::id::{ClientId, hex};
use covey_wire::limits;

pub use self::attacks::{ATTACKS, Attack, Updates};
use crate::corpus;
use crate::memory;
use crate::rng::Rng;
use crate::work;

/// The outcome of an attack.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The bytes of its updates on the wire, as far as they passed.
    pub wire: usize,
    /// The bytes they were charged.
    pub charged: usize,
    /// Why the first that did not pass was refused.
    pub refused: Option<Refusal>,
    kept: Vec<(Guard, Document)>,
}

/// One case. The first are the inputs that once did harm, then each attack at its largest; they are
/// stored with the cases that failed once, so that every run begins with them. Of others, some
/// attack as often as the seed says.
///
/// # Panics
/// When more time or memory is taken than is charged for, or when replicas charge otherwise.
pub fn case(seed: u64) {
    let crashers = corpus::crashers();
    let at = usize::try_from(seed).unwrap_or(usize::MAX);
    if let Some(crasher) = crashers.get(at) {
        return crash(crasher);
    }
    match ATTACKS.get(at - crashers.len()) {
        Some(attack) => once(attack, MOST),
        None => {
            let rng = &mut Rng::new(seed);
            once(rng.pick(ATTACKS), 1 + rng.below(MOST as usize) as u32);
        }
    }
}

/// How many cases come first.
pub fn first() -> u64 {
    (corpus::crashers().len() + ATTACKS.len()) as u64
}

/// So often at most in one case.
const MOST: u32 = 200;

/// Updates that once did harm, from any author in any document.
fn crash(update: &[u8]) {
    for kind in [DocKind::Chat, DocKind::Board, DocKind::Code, DocKind::Custom] {
        for author in 0..16 {
            let mut guard = Guard::new(kind);
            let seen = BTreeMap::<ClientId, u32>::new();
            let check = |update: &[u8]| {
                guard.check(update, ClientId(author), 0, &seen).map(|checked| checked.cost())
            };
            _ = memory::bounded(update, check);
        }
    }
}

fn once(attack: &Attack, times: u32) {
    let documents = (attack.documents)(times);
    let kept = || {
        let outcome = play(&documents);
        (outcome.charged.max(outcome.wire), outcome)
    };
    let outcome = memory::kept(attack.name, kept);
    let again = play(&documents);
    let (name, told) = (attack.name, (outcome.charged, outcome.refused));
    assert_eq!((again.charged, again.refused), told, "{name}, {times} times, is charged otherwise");
}

/// Gives documents to a guard, and to yrs what passes, until something is refused or a member has
/// used up what is kept of it.
///
/// # Panics
/// When yrs does not take what passes.
pub fn play(documents: &[Updates]) -> Outcome {
    let mut outcome = Outcome::default();
    for updates in documents {
        let mut guard = Guard::new(DocKind::Custom);
        let mut document = Document::new(DocKind::Custom, ClientId(70));
        let mut clocks = BTreeMap::new();
        for (author, update) in updates {
            let next = clocks.get(author).copied().unwrap_or(0);
            let check = || {
                let checked = guard.check(update, *author, next, &clocks)?;
                Ok::<_, Refusal>((checked.cost(), checked.accept()))
            };
            let (cost, end) = match work::timed(update.len(), check) {
                Ok(passed) => passed,
                Err(why) => {
                    outcome.refused = Some(why);
                    break;
                }
            };
            if outcome.charged + cost > limits::AUTHOR_BYTES {
                break;
            }
            clocks.insert(*author, end);
            let applied = work::timed(update.len() + cost, || document.apply(update));
            assert_eq!(applied, Ok(()), "what the guard passes doesn't apply: {}", hex(update));
            outcome.charged += cost.max(update.len());
            outcome.wire += update.len();
        }
        outcome.kept.push((guard, document));
    }
    outcome
}
