//! What the model says of a key of the board: the last who wrote it win, and what they saw is gone.

use std::collections::BTreeSet;

use crate::reference::Reference;

impl Reference {
    /// What is wrong with what stands under a key, if anything; `loaded` after every disk was read.
    pub fn judge_key(&self, root: &str, stands: Option<char>, loaded: bool) -> Result<(), String> {
        let of_key = || self.edits.iter().filter(|edit| edit.root == root && !edit.told.rejected);
        let kept = |edit: &&crate::reference::Edit| {
            edit.told.is_kept(loaded) && self.may_write(edit.person, &edit.document)
        };
        let gone: BTreeSet<char> =
            of_key().filter(kept).flat_map(|edit| edit.deletes.iter().copied()).collect();
        if let Some(letter) = stands {
            let by = self.edits.iter().find(|edit| edit.letters.contains(&letter));
            return match by.filter(|edit| edit.root == root) {
                Some(edit) => self.judge_letter(edit, letter, Some(0), &gone),
                None => Err(format!("nobody wrote {letter} under {root}")),
            };
        }
        // One deletes what came last, and with it all that others wrote in its place meanwhile.
        if of_key().any(|edit| edit.letters.is_empty()) {
            return Ok(());
        }
        match of_key().find(kept) {
            Some(edit) => {
                let (letters, page) = (&edit.letters, edit.page);
                Err(format!("{root} is lost: {letters:?} of page {page} ({:?})", edit.told))
            }
            None => Ok(()),
        }
    }
}
