//! The yrs replica of one document.

use std::collections::BTreeMap;

use thiserror::Error;
use yrs::branch::BranchPtr;
use yrs::updates::decoder::Decode;
use yrs::{
    Any, Array, ClientID, Doc, GetString, Map, MapRef, OffsetKind, Options, Out, ReadTxn,
    StateVector, Text, TextRef, Transact, Update,
};

use super::content;
use crate::guard::DocKind;
use covey_wire::id::{ClientId, Hash};

/// Separates digests of documents from every other hash.
const DIGEST: &str = "covey/v1/document digest";

/// Why yrs didn't take an update.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// yrs can't read it.
    #[error("yrs can't read the update: {0}")]
    Decode(String),
    /// yrs can't put it into the document.
    #[error("yrs can't integrate the update: {0}")]
    Integrate(String),
    /// It builds on something that isn't here.
    #[error("the update builds on something that is missing")]
    Missing,
}

/// What is in a document: a view of the ledger, which can be rebuilt from it at any time.
#[derive(Debug)]
pub struct Document {
    kind: DocKind,
    doc: Doc,
}

impl Document {
    /// An empty document whose local edits are `client`'s.
    pub fn new(kind: DocKind, client: ClientId) -> Self {
        let options = Options {
            offset_kind: OffsetKind::Utf16,
            // Each replica would tidy up when it pleases, and digests would differ.
            cleanup_formatting: false,
            ..Options::with_client_id(ClientID::new(client.0 & ClientId::MAX.0))
        };
        Self { kind, doc: Doc::with_options(options) }
    }

    /// Takes one update that the guard has passed. After an error the document must be rebuilt.
    pub fn apply(&mut self, update: &[u8]) -> Result<(), ApplyError> {
        let update = Update::decode_v1(update).map_err(|e| ApplyError::Decode(e.to_string()))?;
        let mut txn = self.doc.transact_mut();
        txn.apply_update(update).map_err(|e| ApplyError::Integrate(e.to_string()))?;
        if txn.has_missing_updates() { Err(ApplyError::Missing) } else { Ok(()) }
    }

    /// Everything, as one update. Only for a Yjs view on the same page: never sent to a peer.
    pub fn state(&self) -> Vec<u8> {
        self.doc.transact().encode_state_as_update_v1(&StateVector::default())
    }

    /// The text of a root; empty if nobody wrote in it.
    pub fn text(&self, root: &str) -> String {
        let txn = self.doc.transact();
        txn.get_text(root).map(|text| text.get_string(&txn)).unwrap_or_default()
    }

    /// Replaces `delete` UTF-16 units at `at` by `insert`, as a local edit; returns its update.
    /// What lies behind the end of the text is left alone.
    pub fn edit(&mut self, root: &str, at: u32, delete: u32, insert: &str) -> Vec<u8> {
        let text: TextRef = self.doc.get_or_insert_text(root);
        let mut txn = self.doc.transact_mut();
        let len = text.len(&txn);
        let at = at.min(len);
        if delete.min(len - at) > 0 {
            text.remove_range(&mut txn, at, delete.min(len - at));
        }
        if !insert.is_empty() {
            text.insert(&mut txn, at, insert);
        }
        txn.encode_update_v1()
    }

    /// Sets or takes away what stands under a key of a map, as a local edit; returns its update.
    pub fn set(&mut self, root: &str, key: &str, value: Option<Any>) -> Vec<u8> {
        let map = self.doc.get_or_insert_map(root);
        let mut txn = self.doc.transact_mut();
        match value {
            Some(value) => drop(map.insert(&mut txn, key, value)),
            None => drop(map.remove(&mut txn, key)),
        }
        txn.encode_update_v1()
    }

    /// Replaces `delete` items of a list at `at` by `insert`, as a local edit; returns its update.
    /// What lies behind the end of the list is left alone.
    pub fn splice(&mut self, root: &str, at: u32, delete: u32, insert: Vec<Any>) -> Vec<u8> {
        let list = self.doc.get_or_insert_array(root);
        let mut txn = self.doc.transact_mut();
        let len = list.len(&txn);
        let at = at.min(len);
        if delete.min(len - at) > 0 {
            list.remove_range(&mut txn, at, delete.min(len - at));
        }
        if !insert.is_empty() {
            list.insert_range(&mut txn, at, insert);
        }
        txn.encode_update_v1()
    }

    /// The values of a list; empty if nobody wrote in it.
    pub fn list(&self, root: &str) -> Vec<Any> {
        let txn = self.doc.transact();
        let root = txn.root_refs().find(|(name, _)| *name == root);
        let list = root.as_ref().and_then(|(_, root)| root.try_branch());
        let items = list.map(|list| content::items(list, &txn)).unwrap_or_default();
        items.into_iter().filter_map(value).collect()
    }

    /// The values of a map by key; empty if nobody wrote in it.
    pub fn map(&self, root: &str) -> BTreeMap<String, Any> {
        let txn = self.doc.transact();
        let root = txn.root_refs().find(|(name, _)| *name == root);
        let map = root.as_ref().and_then(|(_, root)| root.try_branch());
        let map = map.map(|map| MapRef::from(BranchPtr::from(map)));
        let entry = |(key, item): (&str, Out)| Some((key.to_owned(), value(item)?));
        map.map(|map| map.iter(&txn).filter_map(entry).collect()).unwrap_or_default()
    }

    /// All that a reader sees, in one form: see `documents/content.rs`.
    pub fn content(&self) -> Vec<u8> {
        content::document(self.kind, &self.doc.transact())
    }

    /// The hash of what a reader sees, the same wherever the same updates were applied.
    pub fn digest(&self) -> Hash {
        Hash(blake3::derive_key(DIGEST, &self.content()))
    }
}

/// A value that isn't a type.
fn value(item: Out) -> Option<Any> {
    match item {
        Out::Any(value) => Some(value),
        _ => None,
    }
}
