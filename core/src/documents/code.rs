//! The code document: a text root per file, for now one file.

use yrs::{GetString, ReadTxn, Transact};

use crate::guard::CODE_FILE;

/// Names and texts of the files, sorted by name.
pub(super) fn files(doc: &yrs::Doc) -> Vec<(&'static str, String)> {
    let txn = doc.transact();
    let text = txn.get_text(CODE_FILE).map(|text| text.get_string(&txn));
    vec![(CODE_FILE, text.unwrap_or_default())]
}
