//! What a reader sees of a document, as bytes: the same wherever the same updates were applied.
//!
//! ```text
//!   document  = (bytes name · container)…   roots in which there is something, sorted by name
//!   container = list · count (bytes key · value)… sorted by key
//!   list      = 0, nothing | 1 bytes text | 2 count value…
//!             | 3 count (value · count (bytes key · value)… attributes, sorted by key)…
//!   value     = 0 undefined | 1 null | 2 false | 3 true | 4 [8] float | 5 [8] integer beyond floats
//!             | 6 bytes text | 7 bytes | 8 count value… | 9 count (bytes key · value)… sorted by key
//!             | 10 type (with 3, element: bytes name) · container
//! ```

use yrs::branch::{Branch, BranchPtr};
use yrs::types::text::YChange;
use yrs::types::{Attrs, TypeRef};
use yrs::{Any, Array, ArrayRef, GetString, Map, MapRef, Number, Out, ReadTxn, Text, TextRef};

use crate::guard::{DocKind, RootShape};
use covey_wire::frame::Writer;

/// A container in which there is nothing.
const NOTHING: [u8; 2] = [0, 0];

/// The content of all roots.
pub(super) fn document(kind: DocKind, txn: &impl ReadTxn) -> Vec<u8> {
    let mut roots: Vec<(&str, Out)> = txn.root_refs().collect();
    roots.sort_unstable_by_key(|(name, _)| *name);
    let mut w = Writer::new();
    for (name, root) in &roots {
        let Some((shape, root)) = kind.shape(name).zip(root.try_branch()) else { continue };
        let before = w.len();
        let content = w.bytes(name.as_bytes()).len();
        container(&mut w, shape, root, txn);
        if w.since(content) == NOTHING {
            w.back_to(before);
        }
    }
    w.into_bytes()
}

/// What is in a container, read as its shape. One of which nothing is known is read as a text if
/// there are characters in it: yrs can't step through those as through a list.
fn container(w: &mut Writer, shape: RootShape, at: &Branch, txn: &impl ReadTxn) {
    let text = TextRef::from(BranchPtr::from(at));
    match shape {
        RootShape::Text => plain(w, &text.get_string(txn)),
        RootShape::List => list(w, at, txn),
        RootShape::Map => drop(w.u8(0)),
        RootShape::Open if text.get_string(txn).is_empty() => list(w, at, txn),
        RootShape::Open => rich(w, &text, txn),
    }
    entries(w, at, txn);
}

fn plain(w: &mut Writer, text: &str) {
    if text.is_empty() {
        w.u8(0);
    } else {
        w.u8(1).bytes(text.as_bytes());
    }
}

/// The items of a list; none where there are characters, through which yrs can't step so.
pub(super) fn items(at: &Branch, txn: &impl ReadTxn) -> Vec<Out> {
    if !TextRef::from(BranchPtr::from(at)).get_string(txn).is_empty() {
        return Vec::new();
    }
    ArrayRef::from(BranchPtr::from(at)).iter(txn).collect()
}

fn list(w: &mut Writer, at: &Branch, txn: &impl ReadTxn) {
    let items = items(at, txn);
    if items.is_empty() {
        w.u8(0);
        return;
    }
    w.u8(2).varint(items.len() as u64);
    items.iter().for_each(|item| out(w, item, txn));
}

/// A text in stretches of the same attributes.
fn rich(w: &mut Writer, text: &TextRef, txn: &impl ReadTxn) {
    let mut parts: Vec<(Out, Attrs)> = Vec::new();
    for part in text.diff(txn, YChange::identity) {
        let attributes = part.attributes.map(|attributes| *attributes).unwrap_or_default();
        match (parts.last_mut(), &part.insert) {
            (Some((Out::Any(Any::String(before)), same)), Out::Any(Any::String(text)))
                if *same == attributes =>
            {
                *before = [&**before, &**text].concat().into();
            }
            _ => parts.push((part.insert, attributes)),
        }
    }
    if parts.is_empty() {
        w.u8(0);
        return;
    }
    w.u8(3).varint(parts.len() as u64);
    for (item, attributes) in &parts {
        out(w, item, txn);
        sorted(w, attributes.iter().map(|(key, item)| (&**key, item)), value);
    }
}

fn entries(w: &mut Writer, at: &Branch, txn: &impl ReadTxn) {
    let map = MapRef::from(BranchPtr::from(at));
    let entries: Vec<(&str, Out)> = map.iter(txn).collect();
    sorted(w, entries.iter().map(|(key, item)| (*key, item)), |w, item| out(w, item, txn));
}

fn sorted<'a, T: 'a>(
    w: &mut Writer,
    entries: impl Iterator<Item = (&'a str, &'a T)>,
    write: impl Fn(&mut Writer, &'a T),
) {
    let mut entries: Vec<(&str, &T)> = entries.collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    w.varint(entries.len() as u64);
    for (key, item) in entries {
        w.bytes(key.as_bytes());
        write(w, item);
    }
}

/// A value, or a type that stands in the place of one.
fn out(w: &mut Writer, item: &Out, txn: &impl ReadTxn) {
    match (item, item.try_branch()) {
        (Out::Any(item), _) => value(w, item),
        (_, Some(at)) => kind(w, at, txn),
        _ => drop(w.u8(0)),
    }
}

fn kind(w: &mut Writer, at: &Branch, txn: &impl ReadTxn) {
    w.u8(10);
    match at.type_ref() {
        TypeRef::Array => container(w.u8(0), RootShape::List, at, txn),
        TypeRef::Map => container(w.u8(1), RootShape::Map, at, txn),
        TypeRef::Text => rich_container(w.u8(2), at, txn),
        TypeRef::XmlElement(name) => {
            container(w.u8(3).bytes(name.as_bytes()), RootShape::List, at, txn);
        }
        TypeRef::XmlFragment => container(w.u8(4), RootShape::List, at, txn),
        TypeRef::XmlText => rich_container(w.u8(6), at, txn),
        _ => drop(w.raw(&NOTHING)),
    }
}

fn rich_container(w: &mut Writer, at: &Branch, txn: &impl ReadTxn) {
    rich(w, &TextRef::from(BranchPtr::from(at)), txn);
    entries(w, at, txn);
}

fn value(w: &mut Writer, item: &Any) {
    match item {
        Any::Undefined => drop(w.u8(0)),
        Any::Null => drop(w.u8(1)),
        Any::Bool(value) => drop(w.u8(2 + u8::from(*value))),
        Any::Number(value) => number(w, *value),
        Any::String(text) => drop(w.u8(6).bytes(text.as_bytes())),
        Any::Buffer(bytes) => drop(w.u8(7).bytes(bytes)),
        Any::Array(items) => {
            w.u8(8).varint(items.len() as u64);
            items.iter().for_each(|item| value(w, item));
        }
        Any::Map(map) => {
            sorted(w.u8(9), map.iter().map(|(key, item)| (&**key, item)), value);
        }
    }
}

/// Integers that floats hold are written as floats, as they are to JavaScript; there is one zero,
/// and one that is no number.
fn number(w: &mut Writer, number: Number) {
    match (number, number.as_f64()) {
        (Number::Int(value), None) => drop(w.u8(5).raw(&value.to_be_bytes())),
        (_, value) => {
            let value = value.filter(|value| !value.is_nan()).map_or(f64::NAN, |value| value + 0.0);
            w.u8(4).raw(&value.to_be_bytes());
        }
    }
}
