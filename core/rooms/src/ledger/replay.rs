//! The document updates in the log, opened again.

use super::Ledger;
use covey_wire::id::DocName;

impl Ledger {
    /// Every update of a document that counts, each after what it builds on.
    pub fn updates(&self, name: &DocName) -> Vec<Vec<u8>> {
        let (_, fresh) = self.replay();
        let updates = fresh.into_iter().flat_map(|fresh| fresh.updates);
        updates.filter(|(of, _)| of == name).map(|(_, update)| update).collect()
    }
}
