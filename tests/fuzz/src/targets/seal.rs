//! Sealed content: sealed again whatever is packed in it, and altered behind the seal.

use covey_rooms::fuzzing;
use covey_rooms::seal::Position;
use covey_wire::limits;

use crate::forge::{self, Person};
use crate::memory;
use crate::mutation::mutate;
use crate::rng::Rng;

/// What comes out may be this long however little went in; its vector grows by doubling.
pub const INFLATED: usize = 3 * limits::UPDATE;
const ABOUT: &[u8] = b"code";
const DEFLATED: u8 = 1;

/// One case.
pub fn case(seed: u64) {
    let rng = &mut Rng::new(seed);
    let at = forge::room().position(&Person::Mallory.seat(), rng.edge());
    if rng.one_in(3) { altered(rng, &at) } else { packed(rng, &at) }
}

/// Nothing opens that was changed behind the seal.
fn altered(rng: &mut Rng, at: &Position) {
    let content = b"let x = 1;\n".repeat(rng.below(40));
    let honest = forge::key().seal(at, ABOUT, &content);
    let mut sealed = honest.clone();
    if !rng.one_in(8) {
        mutate(rng, &mut sealed, ABOUT);
    }
    match open(at, &sealed) {
        Some(opened) => assert!(sealed == honest && opened == content, "altered content opened"),
        None => assert!(sealed != honest, "honest content did not open"),
    }
}

/// What is packed may be anything; what opens is within its limit, and can be sealed.
fn packed(rng: &mut Rng, at: &Position) {
    let packed = hostile(rng);
    let sealed = fuzzing::seal_packed(&forge::key(), at, ABOUT, &packed);
    if let Some(content) = open(at, &sealed) {
        assert!(content.len() <= limits::UPDATE, "too much came out");
        let again = forge::key().seal(at, ABOUT, &content);
        assert!(open(at, &again).as_ref() == Some(&content), "what opens can be sealed");
    }
}

/// Something packed, or made to look so.
pub fn hostile(rng: &mut Rng) -> Vec<u8> {
    let mut packed = match rng.below(8) {
        0 => [vec![DEFLATED], rng.bytes(200)].concat(),
        1 => return deflated(&vec![0; limits::UPDATE + rng.below(3)]),
        2 => vec![0; rng.below(3)],
        _ => deflated(&b"abcabcabd".repeat(1 + rng.below(60))),
    };
    if !rng.one_in(8) {
        mutate(rng, &mut packed, &[0xff; 8]);
    }
    packed
}

/// Deflated by the library, as honest content is (RFC 1951).
fn deflated(content: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder =
        flate2::write::DeflateEncoder::new(vec![DEFLATED], flate2::Compression::new(6));
    encoder.write_all(content).expect("a vector takes everything");
    encoder.finish().expect("a vector takes everything")
}

fn open(at: &Position, sealed: &[u8]) -> Option<Vec<u8>> {
    let open = || forge::key().open(at, ABOUT, sealed).ok();
    memory::bounded_with(sealed.len(), INFLATED, open)
}
