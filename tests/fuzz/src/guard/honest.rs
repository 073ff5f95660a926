//! People who edit with yrs, and what must be seen of them.

use std::sync::Arc;

use covey_rooms::documents::{Any, DocKind, Document};
use covey_wire::id::{ClientId, hex};

use super::replica::member;
use super::{ANNA, Act};
use crate::rng::Rng;

const WORDS: [&str; 8] = ["a", "let x", "é\n", "汉字", "👩‍🚀", "𝒟x", "zzzz", "0"];
pub(super) const KEYS: [&str; 4] = ["a", "b", "ключ", ""];

pub(super) fn word(rng: &mut Rng) -> &'static str {
    WORDS[rng.below(WORDS.len())]
}

pub(super) fn key(rng: &mut Rng) -> &'static str {
    KEYS[rng.below(KEYS.len())]
}

/// How a root is used by those who know what it is for.
#[derive(Clone, Copy)]
enum Use {
    Text,
    List,
    Map,
}

/// The roots of a document that `client` writes in.
fn roots(kind: DocKind, client: ClientId) -> Vec<(String, Use)> {
    let named = |list: &[(&str, Use)]| list.iter().map(|(n, u)| ((*n).to_owned(), *u)).collect();
    match kind {
        DocKind::Chat => vec![(format!("from/{}", hex(&member(client).0)), Use::List)],
        DocKind::Board => named(&[("pages", Use::Map), ("page/main", Use::Map)]),
        DocKind::Code => named(&[("file/main", Use::Text), ("files", Use::Map)]),
        _ => named(&[("text", Use::Text), ("list", Use::List), ("map", Use::Map)]),
    }
}

/// The roots that a made-up update may name: those that are used, and some that are not.
pub(super) fn names(kind: DocKind, client: ClientId) -> Vec<String> {
    let mut names: Vec<String> = roots(kind, client).into_iter().map(|(name, _)| name).collect();
    names.extend(roots(kind, ANNA).into_iter().map(|(name, _)| name));
    names.push(names[0].clone());
    names
}

/// Someone's page.
pub(super) struct Page {
    pub(super) client: ClientId,
    /// How many acts it has heard of.
    pub(super) heard: usize,
    kind: DocKind,
    document: Document,
}

impl Page {
    pub(super) fn new(kind: DocKind, client: ClientId) -> Self {
        Self { client, heard: 0, kind, document: Document::new(kind, client) }
    }

    /// Hears of some more.
    pub(super) fn hear(&mut self, rng: &mut Rng, acts: &[Act]) {
        let more = rng.below(acts.len() - self.heard + 1);
        for act in &acts[self.heard..self.heard + more] {
            if act.author != self.client && act.verdict.is_ok() {
                self.document.apply(&act.update).expect("what the guard passes applies");
            }
        }
        self.heard += more;
    }

    /// Edits somewhere; nothing if there was nothing to do.
    pub(super) fn edit(&mut self, rng: &mut Rng) -> Vec<u8> {
        let roots = roots(self.kind, self.client);
        let (name, way) = rng.pick(&roots);
        // At the front of what others can fill with anything: yrs counts values as characters
        // there and doesn't find them.
        let (at, delete) = match self.kind {
            DocKind::Custom => (0, 0),
            _ => (rng.below(12) as u32, rng.below(3) as u32),
        };
        let page = &mut self.document;
        let update = match way {
            Use::Text => page.edit(name, at, delete, word(rng)),
            Use::List => page.splice(name, 0, 0, vec![record(rng), record(rng)]),
            Use::Map if rng.one_in(5) => page.set(name, key(rng), None),
            Use::Map => page.set(name, key(rng), Some(record(rng))),
        };
        if update == [0, 0] { Vec::new() } else { update }
    }
}

fn record(rng: &mut Rng) -> Any {
    let fields = [
        ("k".to_owned(), Any::from(word(rng))),
        ("at".to_owned(), Any::from(rng.below(1 << 30) as i64)),
        ("points".to_owned(), Any::from(rng.bytes(8))),
    ];
    Any::Map(Arc::new(fields.into_iter().collect()))
}

const LAST: &str = "still here";

/// Anna's last edits, one in each of her roots.
pub(super) fn last(kind: DocKind, page: &mut Document) -> Vec<Vec<u8>> {
    let edit = |(name, way): (String, Use)| match way {
        Use::Text => page.edit(&name, 0, 0, LAST),
        Use::List => page.splice(&name, 0, 0, vec![LAST.into()]),
        Use::Map => page.set(&name, KEYS[0], Some(LAST.into())),
    };
    roots(kind, ANNA).into_iter().map(edit).collect()
}

/// Whether they are there.
pub(super) fn last_is_seen(kind: DocKind, document: &Document) -> bool {
    roots(kind, ANNA).into_iter().all(|(name, way)| match way {
        Use::Text => document.text(&name).starts_with(LAST),
        // Where there are characters it is no list any more.
        Use::List if !document.text(&name).is_empty() => true,
        Use::List => document.list(&name).first() == Some(&LAST.into()),
        Use::Map => document.map(&name).get(KEYS[0]) == Some(&LAST.into()),
    })
}
