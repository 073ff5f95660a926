//! Links: those that a page makes for others, and what those it came by are good for.

use super::{Client, ClientError, Joined};
use crate::capability::{Chain, Grant, Link, LinkSecret, Terms, link_key};
use crate::roster::{Act, may};
use crate::seal::ContentKey;
use covey_wire::limits;

impl Client {
    /// A link for others: from one's own rights as a moderator or owner, else by narrowing the
    /// link one came by.
    pub fn invite(&mut self, terms: Terms) -> Result<Link, ClientError> {
        let secret = self.seeds.draw().first_chunk().copied().unwrap_or_default();
        let standing = self.room.standing();
        if terms.is_useless() {
            return Err(ClientError::NotAllowed);
        }
        let key = self.record.key(self.room.epoch()).cloned().ok_or(ClientError::NotAllowed)?;
        if let Some(standing) = standing.filter(|has| may(*has, Act::Anchor(terms.role))) {
            let terms = Terms { tools: terms.tools.both(standing.tools(terms.role)), ..terms };
            let audience = link_key(&secret).verifying_key().to_bytes();
            let chain = Chain::root(self.record.room, &self.member, Grant { audience, terms });
            return Ok(self.link_with(key, chain, Some(secret)));
        }
        // The link opened last, of those whose anchors stand and that have not ended before others.
        let mut links: Vec<&Joined> = self.record.links.iter().rev().collect();
        links.sort_by_key(|joined| {
            let stands = self.room.anchors(&joined.chain);
            let holds = joined.chain.verify(self.record.room).ok();
            let holds = holds.is_some_and(|grant| grant.terms.valid_at(self.now));
            (!stands, !holds)
        });
        let mut refused = ClientError::NotAllowed;
        for joined in links {
            let own = self.link_with(key.clone(), joined.chain.clone(), joined.secret);
            match own.attenuate(terms, secret) {
                Ok(link) => return Ok(link),
                Err(error) if refused == ClientError::NotAllowed => refused = error.into(),
                Err(_) => {}
            }
        }
        Err(refused)
    }

    /// A link of this room with these rights and this key.
    fn link_with(&self, key: ContentKey, chain: Chain, secret: Option<LinkSecret>) -> Link {
        let nodes = self.record.shared_nodes(|member| self.room.standing_of(member).is_some());
        let (room, title) = (self.record.room, self.record.title.clone());
        Link { room, key, nodes, title, chain, secret }
    }

    /// The room's own nodes, and those that links of its members name: of a stranger's link only where
    /// nothing else is known. A link that names none means the page's origin.
    pub(super) fn nodes(&self) -> Vec<String> {
        let new = self.room.standing().is_none();
        let stands = |joined: &&Joined| new || self.room.standing_of(joined.chain.anchor).is_some();
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
