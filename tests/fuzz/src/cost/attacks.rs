//! The attacks, each so many times as it is told.

use covey_wire::id::ClientId;

use super::forge::{At, BINARY, DELETED, EMBED, FORMAT, Forged, TYPE, VALUES};

/// The author of most of it.
const AUTHOR: ClientId = ClientId(9);
/// Another, behind whose blocks the first one's come.
const OTHER: ClientId = ClientId(10);
const ROOT: &str = "r";
/// Updates are about as long as those of an honest page.
const PART: usize = 200 << 10;
/// JSON values in one update at most.
const VALUES_EACH: u32 = 20_000;
/// Delete ranges in one update at most.
const RANGES: usize = 8_000;

/// The updates of one document with their authors, in order: each has seen all before.
pub type Updates = Vec<(ClientId, Vec<u8>)>;

/// Something done to a document so many times.
#[derive(Debug, Clone, Copy)]
pub struct Attack {
    /// The attack.
    pub name: &'static str,
    /// Makes the documents that it needs.
    pub documents: fn(u32) -> Vec<Updates>,
}

const fn attack(name: &'static str, documents: fn(u32) -> Vec<Updates>) -> Attack {
    Attack { name, documents }
}

/// All of them.
pub const ATTACKS: &[Attack] = &[
    attack("nulls in a list", |n| values(n, &[126])),
    attack("numbers in a list", |n| values(n, &[125, 7])),
    attack("empty texts in a list", |n| values(n, &[119, 0])),
    attack("empty lists in a list", |n| values(n, &[117, 0])),
    attack("empty maps in a list", |n| values(n, &[118, 0])),
    attack("maps of one in a list", |n| values(n, &[118, 1, 1, b'k', 126])),
    attack("maps of four in a list", |n| {
        let four = [118, 4, 1, b'a', 126, 1, b'b', 126, 1, b'c', 126, 1, b'd', 126];
        values(n, &four)
    }),
    attack("lists in lists", |n| values(n, &[117, 1, 117, 1, 117, 0])),
    attack("empty bytes in a list", |n| values(n, &[116, 0])),
    attack("keys", keys),
    attack("one key over and over", one_key),
    attack("one key, as if it were new", |n| one_key_anew(n, 126)),
    attack("roots", roots),
    attack("documents", documents),
    attack("types", |n| chain(n, &[(TYPE, &[1])])),
    attack("embeds", |n| chain(n, &[(EMBED, &[4, b'n', b'u', b'l', b'l'])])),
    attack("formats", |n| chain(n, &[(FORMAT, &[0, 4, b'n', b'u', b'l', b'l'])])),
    attack("bytes", |n| chain(n, &[(BINARY, &[0])])),
    attack("a letter, a format", |n| {
        chain(n, &[(FORMAT, &[0, 4, b'n', b'u', b'l', b'l']), (4, &[1, b'x'])])
    }),
    attack("a letter, a deletion", |n| chain(n, &[(DELETED, &[1]), (4, &[1, b'x'])])),
    attack("letters in a row", |n| chain(n, &[(4, &[1, b'x'])])),
    attack("nulls in a row", |n| chain(n, &[(VALUES, &[1, 126])])),
    attack("letters backwards", backwards),
    attack("one place", one_place),
    attack("as if the list were empty", as_if_empty),
    attack("behind every letter", behind_every),
    attack("one right origin", one_right_origin),
    attack("splits of a text", |n| splits(n, false)),
    attack("splits of a list", |n| splits(n, true)),
    attack("splits by deletions of a text", |n| deletions(n, false)),
    attack("splits by deletions of a list", |n| deletions(n, true)),
    attack("everything deleted again", delete_again),
];

/// Collects blocks in updates of a fair size.
struct Pen {
    open: Forged,
    done: Updates,
    values: u32,
}

impl Pen {
    fn new() -> Self {
        Self { open: Forged::new(AUTHOR, 0), done: Vec::new(), values: 0 }
    }

    fn forge(&mut self, values: u32) -> &mut Forged {
        let full = self.open.len() > PART || self.values + values > VALUES_EACH;
        if full {
            self.turn();
        }
        self.values += values;
        &mut self.open
    }

    fn turn(&mut self) {
        let next = Forged::new(AUTHOR, self.open.clock());
        self.done.push((AUTHOR, core::mem::replace(&mut self.open, next).finish()));
        self.values = 0;
    }

    fn finish(mut self) -> Vec<Updates> {
        self.turn();
        self.done.retain(|(_, update)| update != &[0, 0]);
        vec![self.done]
    }
}

fn own(clock: u32) -> Option<(ClientId, u32)> {
    Some((AUTHOR, clock))
}

/// Behind the last unit, or first of all.
fn behind(clock: u32) -> At<'static> {
    match clock.checked_sub(1) {
        None => At::Root(ROOT),
        last => At::Between(last.and_then(own), None),
    }
}

fn values(n: u32, value: &[u8]) -> Vec<Updates> {
    let mut pen = Pen::new();
    let mut left = n;
    while left > 0 {
        let count = left.min(VALUES_EACH / 8);
        let forge = pen.forge(count * 7);
        forge.values(behind(forge.clock()), value, count);
        left -= count;
    }
    pen.finish()
}

fn keys(n: u32) -> Vec<Updates> {
    let mut pen = Pen::new();
    for n in 0..n {
        pen.forge(1).values(At::Key(ROOT, &format!("{n:x}")), &[126], 1);
    }
    pen.finish()
}

fn one_key(n: u32) -> Vec<Updates> {
    let mut pen = Pen::new();
    pen.forge(1).values(At::Key(ROOT, "k"), &[126], 1);
    for n in 1..n {
        pen.forge(1).values(At::Over((AUTHOR, n - 1)), &[126], 1);
    }
    pen.finish()
}

fn one_key_anew(n: u32, value: u8) -> Vec<Updates> {
    let mut pen = Pen::new();
    for _ in 0..n {
        pen.forge(1).values(At::Key(ROOT, "k"), &[value], 1);
    }
    pen.finish()
}

fn roots(n: u32) -> Vec<Updates> {
    let mut pen = Pen::new();
    for n in 0..n {
        pen.forge(0).block(At::Root(&format!("{n:x}")), DELETED, 1, &[1]);
    }
    pen.finish()
}

fn documents(n: u32) -> Vec<Updates> {
    (0..n).flat_map(|_| roots(1)).collect()
}

fn chain(n: u32, contents: &[(u8, &[u8])]) -> Vec<Updates> {
    let mut pen = Pen::new();
    for (kind, content) in contents.iter().cycle().take(n as usize) {
        let forge = pen.forge(1);
        forge.block(behind(forge.clock()), *kind, 1, content);
    }
    pen.finish()
}

fn backwards(n: u32) -> Vec<Updates> {
    let mut pen = Pen::new();
    pen.forge(0).text(At::Root(ROOT), "x");
    for n in 1..n {
        pen.forge(0).text(At::Between(None, own(n - 1)), "x");
    }
    pen.finish()
}

fn one_place(n: u32) -> Vec<Updates> {
    let mut pen = Pen::new();
    pen.forge(0).text(At::Root(ROOT), "()");
    for _ in 0..n {
        pen.forge(0).text(At::Between(own(0), own(1)), "x");
    }
    pen.finish()
}

fn as_if_empty(n: u32) -> Vec<Updates> {
    let mut pen = Pen::new();
    for _ in 0..n {
        pen.forge(0).text(At::Root(ROOT), "x");
    }
    pen.finish()
}

/// Each splits the text, and is far from the end that it names.
fn behind_every(n: u32) -> Vec<Updates> {
    let mut pen = Pen::new();
    pen.forge(0).text(At::Root(ROOT), &"t".repeat(n as usize + 1));
    for n in (0..n).rev() {
        pen.forge(0).text(At::Between(own(n), None), "x");
    }
    pen.finish()
}

/// Each splits the text, and names an end that another put behind all of it.
fn one_right_origin(n: u32) -> Vec<Updates> {
    let mut pen = Pen::new();
    pen.forge(0).text(At::Root(ROOT), "p");
    pen.turn();
    pen.forge(0).text(At::Between(own(0), None), &"t".repeat(n as usize + 1));
    pen.turn();
    let mut other = Forged::new(OTHER, 0);
    other.text(At::Between(own(0), None), "e");
    pen.done.push((OTHER, other.finish()));
    for n in (1..=n).rev() {
        pen.forge(0).text(At::Between(own(n), Some((OTHER, 0))), "x");
    }
    pen.finish()
}

/// Something long is so many times as long as it is split often, …
const LONG: u32 = 25;
/// … and at most so long.
const LONGEST: u32 = 1_000_000;

fn long(pen: &mut Pen, n: u32, list: bool) {
    let mut left = n.saturating_mul(LONG).min(LONGEST);
    while left > 0 {
        let part = left.min(if list { VALUES_EACH } else { LONGEST / 5 });
        let forge = pen.forge(if list { part } else { 0 });
        let at = behind(forge.clock());
        if list {
            forge.values(at, &[126], part);
        } else {
            forge.text(at, &"t".repeat(part as usize));
        }
        pen.turn();
        left -= part;
    }
}

fn splits(n: u32, list: bool) -> Vec<Updates> {
    let mut pen = Pen::new();
    long(&mut pen, n, list);
    for n in 0..n {
        let at = 2 * n;
        let place = At::Between(own(at), own(at + 1));
        let forge = pen.forge(1);
        if list {
            forge.values(place, &[126], 1);
        } else {
            forge.text(place, "x");
        }
    }
    pen.finish()
}

fn deletions(n: u32, list: bool) -> Vec<Updates> {
    let mut pen = Pen::new();
    long(&mut pen, n, list);
    for n in 0..n {
        if (n as usize).is_multiple_of(RANGES) {
            pen.turn();
        }
        pen.forge(0).delete(2 * n + 1, 1);
    }
    pen.finish()
}

/// Many blocks, and all of them deleted so many times.
fn delete_again(n: u32) -> Vec<Updates> {
    let mut pen = Pen::new();
    let many = (25 * n).min(50_000);
    pen.forge(0).text(At::Root(ROOT), "x");
    for n in 1..many {
        pen.forge(0).text(At::Between(None, own(n - 1)), "x");
    }
    for _ in 0..n {
        pen.turn();
        pen.forge(0).delete(0, many);
    }
    pen.finish()
}
