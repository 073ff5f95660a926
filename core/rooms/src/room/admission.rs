//! Newcomers are let in.

use super::Room;

impl Room {
    /// Lets in whoever is connected and whose link's terms hold. Where the link asks for a
    /// moderator's word, a page gives none by itself.
    pub(super) fn admit(&mut self) -> bool {
        if !self.replica.is_in() {
            return false;
        }
        let claims = self.peers.holding_claims(self.replica.ledger(), self.now.wall);
        let open = claims.filter(|(_, claim)| self.replica.may_admit(claim));
        let claims = open.map(|(signed, _)| signed.clone()).collect();
        self.replica.admit(claims)
    }
}
