//! Links: those that a page makes for others, and what those it came by are good for.

use super::{Joined, Room, RoomError};
pub use crate::capability::VerifiedLink;
use crate::capability::{Chain, Grant, Link, LinkSecret, Terms, Tools, link_key};
use crate::roster::{Act, may};
use crate::seal::ContentKey;
use covey_wire::limits;

impl Room {
    /// A link for others: from one's own rights as a moderator or owner, else by narrowing the
    /// link one came by.
    pub fn invite(&mut self, terms: Terms) -> Result<VerifiedLink, RoomError> {
        let secret = self.seeds.draw().first_chunk().copied().unwrap_or_default();
        let standing = self.replica.standing();
        if terms.is_useless() {
            return Err(RoomError::NotAllowed);
        }
        let key = self.record.key(self.replica.epoch()).cloned().ok_or(RoomError::NotAllowed)?;
        if let Some(standing) =
            standing.filter(|has| may(*has, Act::Anchor(terms.role, Tools::NONE)).is_some())
        {
            let terms = Terms { tools: terms.tools.both(standing.tools(terms.role)), ..terms };
            let audience = link_key(&secret).verifying_key().to_bytes();
            let chain = Chain::root(self.record.room, &self.me.signer, Grant { audience, terms });
            return Ok(self.link_with(key, chain, Some(secret)).verify()?);
        }
        // The link opened last, of those whose anchors stand and that have not ended before others.
        let mut links: Vec<&Joined> = self.record.links.iter().rev().collect();
        links.sort_by_key(|joined| {
            let stands = self.anchors(&joined.chain);
            let holds = joined.chain.verify(self.record.room).ok();
            let holds = holds.is_some_and(|grant| grant.terms.valid_at(self.now.wall));
            (!stands, !holds)
        });
        let mut refused = RoomError::NotAllowed;
        for joined in links {
            let own = self.link_with(key.clone(), joined.chain.clone(), joined.secret);
            match own.verify().and_then(|own| own.attenuate(terms, secret)) {
                Ok(link) => return Ok(link),
                Err(error) if refused == RoomError::NotAllowed => refused = error.into(),
                Err(_) => {}
            }
        }
        Err(refused)
    }

    /// Whether whoever began a chain of grants may give what its first one does, by who is known here.
    fn anchors(&self, chain: &Chain) -> bool {
        let grants = chain.verify_all(self.me.room).unwrap_or_default();
        let roster = self.replica.ledger().roster();
        let anchors = |first: &&Grant| roster.may_anchor(chain.anchor, &first.terms, |_| true);
        grants.first().is_some_and(|first| anchors(first).is_some())
    }

    /// A link of this room with these rights and this key.
    fn link_with(&self, key: ContentKey, chain: Chain, secret: Option<LinkSecret>) -> Link {
        let nodes =
            self.record.shared_nodes(|member| self.replica.ledger().standing(member).is_some());
        let (room, title) = (self.record.room, self.record.title.clone());
        Link { room, key, nodes, title, chain, secret }
    }

    /// The room's own nodes, and those that links of its members name: of a stranger's link only where
    /// nothing else is known. A link that names none means the page's origin.
    pub(super) fn nodes(&self) -> Vec<String> {
        let new = self.replica.standing().is_none();
        let stands =
            |joined: &&Joined| new || self.replica.ledger().standing(joined.chain.anchor).is_some();
        let links = self.record.links.iter().rev().filter(stands).map(|joined| &joined.nodes);
        let own =
            Some(&self.record.nodes).filter(|own| !own.is_empty() || self.record.links.is_empty());
        let mut nodes = Vec::new();
        for named in own.into_iter().chain(links) {
            let named = if named.is_empty() { &self.origin } else { named };
            for node in named {
                if nodes.len() < 2 * limits::LINK_NODES && !nodes.contains(node) {
                    nodes.push(node.clone());
                }
            }
        }
        if nodes.is_empty() { self.origin.clone() } else { nodes }
    }
}
