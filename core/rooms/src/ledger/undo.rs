//! The changes that the entries of one segment made: taken back together if one of them is not admissible.

use super::Ledger;
use super::chain::Chain;
use super::past::Past;
use covey_wire::id::{DocName, Hash};

/// The state before one segment.
#[derive(Debug, Default)]
pub(super) struct Undo {
    entries: u64,
    /// A segment goes into several chains where it spans a place at which histories of its seat part.
    chains: Vec<(usize, Before)>,
    /// Chains that were named as causes, and up to where they had been.
    named: Vec<(usize, u64)>,
    /// Documents that were written in, and whether they are new.
    documents: Vec<(DocName, bool)>,
    roster: bool,
}

/// The chain before the segment.
#[derive(Debug)]
enum Before {
    New,
    Was { head: u64, hash: Hash, hashes: usize, past: Past, spent: u64, settled: u64 },
}

impl Undo {
    pub fn begin(&mut self, entries: u64) {
        self.entries = entries;
    }

    /// A chain is about to grow.
    pub fn chain(&mut self, index: usize, chain: &Chain) {
        let before = Before::Was {
            head: chain.head,
            hash: chain.hash,
            hashes: chain.hashes.len(),
            past: chain.past.clone(),
            spent: chain.spent,
            settled: chain.settled,
        };
        self.chains.push((index, before));
    }

    /// A chain was put last.
    pub fn new_chain(&mut self, index: usize) {
        self.chains.push((index, Before::New));
    }

    /// A chain is named as a cause.
    pub fn named(&mut self, chain: usize, before: u64) {
        self.named.push((chain, before));
    }

    /// A document was written in.
    pub fn document(&mut self, name: &DocName, new: bool) {
        if !self.documents.iter().any(|(of, _)| of == name) {
            self.documents.push((name.clone(), new));
        }
    }

    /// Something was said about members.
    pub fn roster(&mut self) {
        self.roster = true;
    }
}

impl Ledger {
    /// Keeps what a segment changed.
    pub(super) fn keep(&mut self, undo: Undo) {
        for (name, _) in &undo.documents {
            self.documents.get_mut(name).into_iter().for_each(super::Index::keep);
        }
    }

    /// Takes back what a segment changed.
    pub(super) fn undo(&mut self, undo: Undo) {
        if undo.chains.is_empty() {
            return;
        }
        self.entries = undo.entries;
        for (name, new) in undo.documents {
            if new {
                self.documents.remove(&name);
            } else if let Some(document) = self.documents.get_mut(&name) {
                document.undo();
            }
        }
        for (chain, before) in undo.named.into_iter().rev() {
            self.chains[chain].named = before;
        }
        for (index, before) in undo.chains.into_iter().rev() {
            let seq = match &before {
                Before::New => self.chains[index].base,
                Before::Was { head, .. } => *head,
            };
            if undo.roster {
                self.roster.retract(index, seq);
            }
            self.documents.iter_mut().for_each(|(_, document)| document.forget(index, seq));
            match before {
                Before::New => self.forget_chain(),
                Before::Was { head, hash, hashes, past, spent, settled } => {
                    let chain = &mut self.chains[index];
                    let count = usize::try_from(head - chain.base).unwrap_or(usize::MAX);
                    chain.lamports.truncate(count);
                    chain.sizes.truncate(count);
                    chain.hashes.truncate(hashes);
                    chain.deps.retain(|(seq, _)| *seq <= head);
                    (chain.head, chain.hash, chain.past) = (head, hash, past);
                    (chain.spent, chain.settled) = (spent, settled);
                }
            }
        }
    }
}
