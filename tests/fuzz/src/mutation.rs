//! Changes of bytes, as accidents and attackers make them.

use covey_wire::frame::{Reader, Writer};

use crate::rng::Rng;

/// Nothing grows beyond this by mutation: larger input is made on purpose, by generators.
const MOST: usize = 64 << 10;
/// Bytes that mean something in one of the formats.
const TELLING: [u8; 12] = [0, 1, 2, 4, 8, 10, 0x7f, 0x80, 0x84, 0xc4, 0xfe, 0xff];

/// Changes `bytes` one to four times; `other` is what parts are taken from.
pub fn mutate(rng: &mut Rng, bytes: &mut Vec<u8>, other: &[u8]) {
    for _ in 0..=rng.below(4) {
        change(rng, bytes, other);
    }
    bytes.truncate(MOST);
}

fn change(rng: &mut Rng, bytes: &mut Vec<u8>, other: &[u8]) {
    let at = rng.below(bytes.len());
    match rng.below(10) {
        0 | 1 => edit_byte(bytes, at, |byte| byte ^ (1 << rng.below(8))),
        2 => edit_byte(bytes, at, |_| *rng.pick(&TELLING)),
        3 | 4 => edit_number(rng, bytes, at),
        5 => insert(bytes, at, &number(rng)),
        6 => insert(bytes, at, &rng.bytes(8)),
        7 => drop(bytes.drain(at..at + rng.below(bytes.len() - at + 1).min(64))),
        8 => {
            let part = part(rng, bytes).to_vec();
            insert(bytes, at, &part.repeat(1 + rng.below(4)));
        }
        _ if rng.one_in(3) => bytes.truncate(at),
        _ => insert(bytes, at, part(rng, other)),
    }
}

fn edit_byte(bytes: &mut [u8], at: usize, edit: impl FnOnce(u8) -> u8) {
    if let Some(byte) = bytes.get_mut(at) {
        *byte = edit(*byte);
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, new: &[u8]) {
    if bytes.len() + new.len() <= MOST {
        bytes.splice(at..at, new.iter().copied());
    }
}

/// Puts another number where one may stand, so that what follows stays in its place.
fn edit_number(rng: &mut Rng, bytes: &mut Vec<u8>, at: usize) {
    let mut r = Reader::new(&bytes[at..]);
    let Ok(old) = r.varint() else { return };
    let end = bytes.len() - r.remaining();
    let new = match rng.below(3) {
        0 => encoded(old.wrapping_add(1)),
        1 => encoded(old.wrapping_sub(1)),
        _ => number(rng),
    };
    bytes.splice(at..end, new);
}

/// A number at an edge, seldom in a longer form than it needs.
fn number(rng: &mut Rng) -> Vec<u8> {
    let mut bytes = encoded(rng.edge());
    if rng.one_in(6)
        && let Some(last) = bytes.last_mut()
    {
        *last |= 0x80;
        bytes.push(0);
    }
    bytes
}

fn encoded(number: u64) -> Vec<u8> {
    let mut w = Writer::new();
    w.varint(number);
    w.into_bytes()
}

fn part<'a>(rng: &mut Rng, of: &'a [u8]) -> &'a [u8] {
    let from = rng.below(of.len());
    let len = rng.below((of.len() - from).min(96) + 1);
    &of[from..from + len]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mutations_change_most_inputs_and_never_grow_without_bound() {
        let start = vec![7; 40];
        let mut changed = 0;
        for seed in 0..1000 {
            let mut bytes = start.clone();
            mutate(&mut Rng::new(seed), &mut bytes, b"other");
            changed += usize::from(bytes != start);
        }
        assert!(changed > 900, "{changed}");
        let mut bytes = Vec::new();
        for seed in 0..20_000 {
            mutate(&mut Rng::new(seed), &mut bytes, &[1; 200]);
            assert!(bytes.len() <= MOST);
        }
    }
}
