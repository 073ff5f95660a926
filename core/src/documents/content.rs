//! What a reader sees of a document, as bytes: the same wherever the same updates were applied.
//!
//! ```text
//!   document = (bytes name · content)…     roots in which there is something, sorted by name
//!   content  = 1 bytes text | 2 count value… | 3 count (bytes key · value)… sorted by key
//!   value    = 0 undefined | 1 null | 2 false | 3 true | 4 [8] float | 5 [8] integer beyond floats
//!            | 6 bytes text | 7 bytes | 8 count value… | 9 count (bytes key · value)… sorted by key
//! ```

use yrs::branch::{Branch, BranchPtr};
use yrs::{Any, Array, ArrayRef, GetString, Map, MapRef, Number, Out, ReadTxn, TextRef};

use crate::frame::Writer;
use crate::guard::{DocKind, RootShape};

/// The content of all roots.
pub(super) fn document(kind: DocKind, txn: &impl ReadTxn) -> Vec<u8> {
    let mut roots: Vec<(&str, Out)> = txn.root_refs().collect();
    roots.sort_unstable_by_key(|(name, _)| *name);
    let mut w = Writer::new();
    for (name, root) in &roots {
        let content = root.try_branch().and_then(|root| content(kind.shape(name)?, root, txn));
        if let Some(content) = content {
            w.bytes(name.as_bytes()).raw(&content);
        }
    }
    w.into_bytes()
}

/// The content of one root; none if there is nothing in it.
fn content(shape: RootShape, root: &Branch, txn: &impl ReadTxn) -> Option<Vec<u8>> {
    let mut w = Writer::new();
    match shape {
        RootShape::Text => {
            let text = TextRef::from(BranchPtr::from(root)).get_string(txn);
            w.u8(1).bytes(text.as_bytes());
            Some(w.into_bytes()).filter(|_| !text.is_empty())
        }
        RootShape::List => {
            let items = list(root, txn);
            w.u8(2).varint(items.len() as u64);
            items.iter().for_each(|item| value(&mut w, item));
            Some(w.into_bytes()).filter(|_| !items.is_empty())
        }
        RootShape::Map => {
            let entries = entries(root, txn);
            w.u8(3).varint(entries.len() as u64);
            for (key, item) in &entries {
                w.bytes(key.as_bytes());
                value(&mut w, item);
            }
            Some(w.into_bytes()).filter(|_| !entries.is_empty())
        }
    }
}

/// The values in a list.
pub(super) fn list(root: &Branch, txn: &impl ReadTxn) -> Vec<Any> {
    ArrayRef::from(BranchPtr::from(root)).iter(txn).filter_map(plain).collect()
}

/// The values of a map, sorted by key.
pub(super) fn entries(root: &Branch, txn: &impl ReadTxn) -> Vec<(String, Any)> {
    let map = MapRef::from(BranchPtr::from(root));
    let mut entries: Vec<(String, Any)> =
        map.iter(txn).filter_map(|(key, item)| Some((key.to_owned(), plain(item)?))).collect();
    entries.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    entries
}

fn plain(item: Out) -> Option<Any> {
    match item {
        Out::Any(value) => Some(value),
        _ => None,
    }
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
            let mut entries: Vec<(&String, &Any)> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            w.u8(9).varint(entries.len() as u64);
            for (key, item) in entries {
                w.bytes(key.as_bytes());
                value(w, item);
            }
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
