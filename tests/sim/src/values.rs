//! Records of the chat and elements of the board: flat values, each with a letter of its own.

use std::collections::HashMap;

use covey_rooms::documents::{Any, Document};

/// Stands for a value until its bytes are put in.
const PLACE: &str = "a value of the simulation";
/// The longest line that is drawn, in bytes of points.
const POINTS: u32 = 2_000;

/// One field of a value.
pub enum Field {
    Text(String),
    Whole(u32),
    Flag(bool),
    Bytes(Vec<u8>),
}

/// A value in `writeAny`'s form. Fields stand in the order they are given in: yrs would write them
/// in another one in each run, and a seed would not tell everything.
pub fn bytes(fields: &[(&str, Field)]) -> Vec<u8> {
    let mut out = vec![118];
    number(&mut out, fields.len());
    for (name, field) in fields {
        block(&mut out, name.as_bytes());
        match field {
            Field::Text(text) => {
                out.push(119);
                block(&mut out, text.as_bytes());
            }
            Field::Whole(whole) => {
                out.push(125);
                signed(&mut out, *whole);
            }
            Field::Flag(flag) => out.push(if *flag { 120 } else { 121 }),
            Field::Bytes(bytes) => {
                out.push(116);
                block(&mut out, bytes);
            }
        }
    }
    out
}

/// The update of an edit that puts in a value, which is done in the view as well: `edit` is given
/// what stands for the value.
pub fn put(
    view: &mut Document,
    scratch: &mut Document,
    value: &[u8],
    edit: impl FnOnce(&mut Document, Any) -> Vec<u8>,
) -> Vec<u8> {
    // A view that misses something is noticed when it is compared.
    let _ = scratch.apply(&view.state());
    let update = edit(scratch, Any::from(PLACE));
    let mut place = vec![119];
    block(&mut place, PLACE.as_bytes());
    let at = update.windows(place.len()).position(|part| part == place);
    let Some(at) = at else { return update };
    let update = [&update[..at], value, &update[at + place.len()..]].concat();
    let _ = view.apply(&update);
    update
}

/// A record of the chat.
pub fn record(kind: u64, letter: char, of: String) -> Vec<u8> {
    let (text, at) = (letter.to_string(), u32::from(letter));
    let kinds = ["say", "edit", "remove", "react"];
    let k = ("k", Field::Text(kinds[(kind % 4) as usize].to_owned()));
    bytes(&match kind % 4 {
        0 => vec![k, ("text", Field::Text(text)), ("at", Field::Whole(at))],
        1 => {
            let of = ("of", Field::Text(of));
            vec![k, of, ("text", Field::Text(text)), ("at", Field::Whole(at))]
        }
        2 => vec![k, ("of", Field::Text(of)), ("at", Field::Whole(at))],
        _ => {
            let emoji = ("emoji", Field::Text(text));
            vec![k, ("of", Field::Text(of)), emoji, ("on", Field::Flag(true))]
        }
    })
}

/// An element of the board: a line with its points in one value.
pub fn element(letter: char) -> Vec<u8> {
    bytes(&[
        ("type", Field::Text("line".to_owned())),
        ("seed", Field::Whole(u32::from(letter))),
        ("points", Field::Bytes(points(letter))),
    ])
}

/// The letter of a record or of an element; none for what was not written like this.
pub fn letter(value: &Any) -> Option<char> {
    let Any::Map(fields) = value else { return None };
    match fields.get("k") {
        Some(_) => of_record(fields),
        None => {
            let letter = whole(fields.get("seed")?)?;
            let Any::Buffer(drawn) = fields.get("points")? else { return None };
            Some(letter).filter(|letter| **drawn == points(*letter))
        }
    }
}

fn of_record(fields: &HashMap<String, Any>) -> Option<char> {
    match fields.get("at") {
        Some(at) => whole(at),
        None => match fields.get("emoji")? {
            Any::String(emoji) => emoji.chars().next(),
            _ => None,
        },
    }
}

fn whole(value: &Any) -> Option<char> {
    match value {
        Any::Number(number) => char::from_u32(number.to_string().parse().ok()?),
        _ => None,
    }
}

fn points(letter: char) -> Vec<u8> {
    let letter = u32::from(letter);
    (0..9 + letter * 7 % POINTS).map(|at| (letter + at * at) as u8).collect()
}

fn block(out: &mut Vec<u8>, bytes: &[u8]) {
    number(out, bytes.len());
    out.extend_from_slice(bytes);
}

fn number(out: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Numbers with a sign have six bits in their first byte.
fn signed(out: &mut Vec<u8>, whole: u32) {
    let more = if whole > 0x3f { 0x80 } else { 0 };
    out.push((whole & 0x3f) as u8 | more);
    if more > 0 {
        number(out, (whole >> 6) as usize);
    }
}
