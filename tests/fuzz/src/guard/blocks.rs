//! Made-up updates: well-formed blocks of all kinds at places where they may be, and now and then
//! where they may not.

use covey_rooms::documents::DocKind;
use covey_wire::frame::Writer;
use covey_wire::id::ClientId;

use super::honest::{key, names, word};
use super::model::{Holds, Id, Known, Model};
use super::replica::Past;
use crate::rng::Rng;

/// Where a block stands.
struct Place {
    origin: Option<Id>,
    right: Option<Id>,
    parent: Option<Parent>,
    keyed: bool,
    /// The key, where it names a parent.
    key: &'static str,
    within: Holds,
}

enum Parent {
    Root(String),
    Type(Id),
}

/// An update of `author`'s that begins at `start`, and the blocks in it.
pub(super) fn made_up(
    rng: &mut Rng,
    kind: DocKind,
    model: &Model,
    author: ClientId,
    start: u32,
    past: &Past,
) -> (Vec<u8>, Vec<Known>) {
    let mut body = Writer::new();
    let mut own: Vec<Known> = Vec::new();
    let mut clock = start;
    let count = rng.below(5);
    for _ in 0..count {
        if rng.one_in(20) {
            let len = 1 + rng.below(4) as u32;
            body.u8(0).varint(len.into());
            clock += len;
            continue;
        }
        let place = place(rng, kind, model, &own, author, past);
        let (info, len, holds, content) = content(rng, kind, &place);
        write(&mut body, &place, info);
        body.raw(&content);
        let Place { origin, right, keyed, within, .. } = place;
        own.push(Known { id: (author, clock), len, origin, right, keyed, within, holds });
        clock += len;
    }
    let mut w = Writer::new();
    if count > 0 {
        let author = if rng.one_in(60) { ClientId(author.0 + 1) } else { author };
        let start = if rng.one_in(60) { start + 1 } else { start };
        w.varint(1).varint(count as u64).varint(author.0).varint(start.into());
        w.raw(&body.into_bytes());
    } else {
        w.varint(0);
    }
    deletes(rng, &mut w, kind, (author, clock), past);
    (w.into_bytes(), own)
}

fn place(
    rng: &mut Rng,
    kind: DocKind,
    model: &Model,
    own: &[Known],
    author: ClientId,
    past: &Past,
) -> Place {
    let beside = if rng.one_in(3) { None } else { model.some(rng, own, past, |_| true) };
    if let Some(known) = beside {
        let (client, clock) = known.id;
        let last = (client, clock + known.len - 1);
        let inside = |n: u32| (client, clock + n);
        let cut = rng.below(known.len as usize) as u32;
        let (origin, right) = match rng.below(8) {
            // Behind it, where it was the last one.
            0..3 => (Some(last), known.right),
            // In the middle of it.
            3 if cut > 0 => (Some(inside(cut - 1)), Some(inside(cut))),
            // Before it.
            4 if known.origin.is_none() => (None, Some(known.id)),
            5 => (known.origin, Some(known.id)),
            // Beside it, written at the same time.
            6 => (known.origin, known.right),
            // Between any two.
            _ => {
                let other = model.some(rng, own, past, |_| true).map(|other| other.id);
                (Some(inside(cut)), other.filter(|_| rng.one_in(2)))
            }
        };
        let right = right.filter(|_| !known.keyed || rng.one_in(30));
        if origin.is_some() || right.is_some() {
            let keyed = known.keyed != rng.one_in(60);
            return Place { origin, right, parent: None, keyed, key: "", within: known.within };
        }
    }
    let inside = if rng.one_in(2) {
        model.some(rng, own, past, |known| known.holds.is_some() || is_odd(known))
    } else {
        None
    };
    let (parent, within) = match inside {
        Some(known) => (Parent::Type(known.id), known.holds.unwrap_or(Holds::Anything)),
        None => (Parent::Root(root(rng, kind, author)), Holds::Anything),
    };
    let keyed = match (kind, within) {
        (DocKind::Board, _) | (_, Holds::Map) => !rng.one_in(40),
        (DocKind::Chat, _) | (_, Holds::List) => rng.one_in(40),
        _ => rng.one_in(3),
    };
    Place { origin: None, right: None, parent: Some(parent), keyed, key: key(rng), within }
}

/// One block in sixteen is taken for a type though it is none.
fn is_odd(known: &Known) -> bool {
    known.id.1 % 16 == 15
}

fn root(rng: &mut Rng, kind: DocKind, author: ClientId) -> String {
    if rng.one_in(40) { "elsewhere".to_owned() } else { rng.pick(&names(kind, author)).clone() }
}

fn write(w: &mut Writer, place: &Place, kind: u8) {
    let flag = |there: bool, flag: u8| if there { flag } else { 0 };
    let flags = flag(place.origin.is_some(), 0x80)
        | flag(place.right.is_some(), 0x40)
        | flag(place.keyed, 0x20);
    w.u8(kind | flags);
    for (client, clock) in place.origin.iter().chain(&place.right) {
        w.varint(client.0).varint((*clock).into());
    }
    match &place.parent {
        Some(Parent::Root(name)) => drop(w.varint(1).bytes(name.as_bytes())),
        Some(Parent::Type((client, clock))) => {
            w.varint(0).varint(client.0).varint((*clock).into());
        }
        None => return,
    }
    if place.keyed {
        w.bytes(place.key.as_bytes());
    }
}

/// Content that fits, mostly: kind, length, what a type takes, bytes.
fn content(rng: &mut Rng, kind: DocKind, place: &Place) -> (u8, u32, Option<Holds>, Vec<u8>) {
    let custom = kind == DocKind::Custom;
    let fitting: &[u8] = match place.within {
        _ if kind == DocKind::Code && !place.keyed => &[1, 4, 4, 4],
        _ if !custom => &[1, 8, 8, 8],
        _ if place.keyed => &[1, 3, 7, 8, 8],
        Holds::Anything => &[1, 3, 4, 4, 5, 6, 7, 7, 8],
        Holds::List | Holds::Map => &[1, 3, 7, 8],
        Holds::Text => &[1, 4, 4, 5, 6, 7],
        Holds::Xml => &[1, 7, 7],
    };
    let kind = if rng.one_in(25) { rng.below(16) as u8 } else { *rng.pick(fitting) };
    let mut w = Writer::new();
    let (mut len, mut holds) = (1, None);
    match kind {
        0 | 1 | 10 => {
            len = 1 + rng.below(4) as u32;
            w.varint(len.into());
        }
        3 => drop(w.bytes(&rng.bytes(6))),
        4 => {
            let text = word(rng).repeat(1 + rng.below(2));
            len = text.encode_utf16().count() as u32;
            w.bytes(text.as_bytes());
        }
        5 => drop(w.bytes(json(rng, 3).as_bytes())),
        6 => drop(w.bytes(word(rng).as_bytes()).bytes(json(rng, 2).as_bytes())),
        7 => holds = type_inside(rng, &mut w),
        _ => {
            len = 1 + rng.below(3) as u32;
            w.varint(len.into());
            (0..len).for_each(|_| value(rng, &mut w, 3));
        }
    }
    (kind, len, holds, w.into_bytes())
}

fn type_inside(rng: &mut Rng, w: &mut Writer) -> Option<Holds> {
    let (kind, holds) = match rng.below(30) {
        0 => (rng.byte(), Holds::Anything),
        1..6 => (0, Holds::List),
        6..13 => (1, Holds::Map),
        13..18 => (2, Holds::Text),
        18..24 => (3, Holds::Xml),
        24..27 => (4, Holds::Xml),
        _ => (6, Holds::Text),
    };
    w.u8(kind);
    if kind == 3 {
        w.bytes(word(rng).as_bytes());
    }
    Some(holds)
}

fn value(rng: &mut Rng, w: &mut Writer, depth: usize) {
    let kind = 116 + rng.below(12) as u8;
    w.u8(kind);
    match kind {
        116 => drop(w.bytes(&rng.bytes(5))),
        117 | 118 => {
            let count = if depth == 0 { 0 } else { rng.below(4) };
            w.varint(count as u64);
            for _ in 0..count {
                if kind == 118 {
                    w.bytes(key(rng).as_bytes());
                }
                value(rng, w, depth - 1);
            }
        }
        119 => drop(w.bytes(word(rng).as_bytes())),
        122 => drop(w.raw(&rng.edge().to_be_bytes())),
        123 => drop(w.raw(&(f64::from_bits(rng.edge()) / 3.0).to_be_bytes())),
        124 => drop(w.raw(&(rng.edge() as u32).to_be_bytes())),
        125 => drop(w.u8(rng.byte() & 0x7f)),
        _ => (),
    }
}

fn json(rng: &mut Rng, depth: usize) -> String {
    let inside = |rng: &mut Rng| json(rng, depth - 1);
    match rng.below(if depth == 0 { 7 } else { 10 }) {
        0 => "null".to_owned(),
        1 => "true".to_owned(),
        2 => rng.edge().to_string(),
        3 => format!("-{}.5e{}", rng.below(10), rng.below(400)),
        4 => format!("{}e-{}", rng.below(12), rng.below(400)),
        5 => format!("\"{}\\n\\u00{:02x}\"", key(rng), rng.byte()),
        6 => format!("\"\\u{:04x}\"", rng.edge() as u16),
        7 => format!("[{},{}]", inside(rng), inside(rng)),
        8 => format!("{{\"{}\":{}}}", key(rng), inside(rng)),
        _ => format!("[{}]", inside(rng)),
    }
}

/// What is deleted: mostly what there is, in order, by those who may.
fn deletes(rng: &mut Rng, w: &mut Writer, kind: DocKind, author: Id, past: &Past) {
    let mut clients: Vec<Id> = past.0.iter().map(|(client, clock)| (*client, *clock)).collect();
    clients.retain(|(client, clock)| *client != author.0 && *clock > 0);
    if kind == DocKind::Chat && !rng.one_in(10) {
        clients.clear();
    }
    if author.1 > 0 {
        clients.push(author);
    }
    clients.retain(|_| rng.one_in(4));
    w.varint(clients.len() as u64);
    for (client, end) in clients {
        let mut ranges = Vec::new();
        let mut at = rng.below(end as usize) as u32;
        while at < end && ranges.len() < 3 {
            let len = 1 + rng.below((end - at) as usize) as u32 + u32::from(rng.one_in(30));
            ranges.push((at, len));
            at += len + rng.below(3) as u32;
        }
        w.varint(client.0).varint(ranges.len() as u64);
        for (at, len) in ranges {
            w.varint(at.into()).varint(len.into());
        }
    }
}
