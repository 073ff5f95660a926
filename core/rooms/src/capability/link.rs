//! The link: everything a newcomer needs, in the fragment of a page's address.
//!
//! ```text
//!   version 1 │ flags 0 │ room │ content key │ nodes │ title │ chain
//!   │ secret of the last audience, or none │ 8 bytes of BLAKE3 of all before
//! ```
//! as base64url without padding (RFC 4648, section 5).

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::SigningKey;
use thiserror::Error;

use super::{CapabilityError, Chain, Grant, Terms};
use crate::seal::ContentKey;
use covey_wire::frame::{DecodeError, Reader, Writer};
use covey_wire::id::{Namespace, RoomId};
use covey_wire::limits;

const VERSION: u8 = 1;
const CHECKSUM: usize = 8;
const MAX_TEXT: usize = 8 << 10;

/// Why a link can't be used, in words for whoever holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LinkError {
    /// There is no link in the text.
    #[error("This is not a Covey invite link. Copy the whole link and try again.")]
    Missing,
    /// Not base64url, or the checksum disagrees.
    #[error(
        "This invite link is damaged: a character is missing or changed. Copy it again, whole."
    )]
    Damaged,
    /// Made by a version this page does not know.
    #[error("This invite link was made by a newer Covey. Reload the page and try again.")]
    Version,
    /// Its rights don't add up.
    #[error("This invite link is not valid: {0}. Ask for a new one.")]
    Rights(#[from] CapabilityError),
}

/// A capability link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Which room.
    pub room: RoomId,
    /// Opens what is written in an epoch. Its id, and where its members meet, are derived from it: a link
    /// with another key is of no epoch that anybody writes in.
    pub key: ContentKey,
    /// Addresses of nodes; none means the page's origin.
    pub nodes: Vec<String>,
    /// The room's name, a label only.
    pub title: String,
    /// The rights.
    pub chain: Chain,
    /// The secret of the chain's last key; none in a link that is bound to one member.
    pub secret: Option<[u8; 32]>,
}

impl Link {
    /// Reads a link from a whole address or its fragment, and verifies its chain.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        let text = text.trim();
        let fragment = text.rsplit_once('#').map_or(text, |(_, fragment)| fragment);
        if fragment.is_empty() {
            return Err(LinkError::Missing);
        }
        if fragment.len() > MAX_TEXT {
            return Err(LinkError::Damaged);
        }
        let bytes = BASE64URL_NOPAD.decode(fragment.as_bytes()).map_err(|_| LinkError::Damaged)?;
        let (body, sum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(LinkError::Damaged)?;
        if checksum(body) != *sum {
            return Err(LinkError::Damaged);
        }
        let mut r = Reader::new(body);
        match (r.u8(), r.u8()) {
            (Ok(VERSION), Ok(0)) => {}
            (Ok(_), Ok(_)) => return Err(LinkError::Version),
            _ => return Err(LinkError::Damaged),
        }
        let link = Self::read_body(&mut r).map_err(|error| match error {
            DecodeError::Unknown => LinkError::Version,
            _ => LinkError::Damaged,
        })?;
        r.finish().map_err(|_| LinkError::Damaged)?;
        link.grant()?;
        Ok(link)
    }

    /// The fragment: base64url, canonical.
    pub fn to_fragment(&self) -> String {
        let mut w = Writer::new();
        w.u8(VERSION).u8(0).put(&self.room).put(&self.key).varint(self.nodes.len() as u64);
        for node in &self.nodes {
            w.bytes(node.as_bytes());
        }
        w.bytes(self.title.as_bytes()).put(&self.chain);
        match &self.secret {
            None => w.u8(0),
            Some(secret) => w.u8(1).raw(secret),
        };
        fragment(w.into_bytes())
    }

    /// The last grant of the chain, verified.
    pub fn grant(&self) -> Result<&Grant, LinkError> {
        let grant = self.chain.verify(self.room)?;
        match &self.secret {
            Some(secret) if public(secret) != grant.audience => {
                Err(CapabilityError::Signature.into())
            }
            _ => Ok(grant),
        }
    }

    /// A link that gives at most what this one gives: what `terms` leaves open it takes over.
    /// `secret` is 32 fresh random bytes.
    pub fn attenuate(&self, terms: Terms, secret: [u8; 32]) -> Result<Self, LinkError> {
        let key = self.signer().ok_or(CapabilityError::Bound)?;
        let terms = terms.inherit(&self.grant()?.terms);
        if terms.is_useless() {
            return Err(CapabilityError::Useless.into());
        }
        let grant = Grant { audience: public(&secret), terms };
        let chain = self.chain.narrow(self.room, &key, grant)?;
        Ok(Self { chain, secret: Some(secret), ..self.clone() })
    }

    /// The key that claims or narrows, where the link carries it.
    pub fn signer(&self) -> Option<SigningKey> {
        self.secret.as_ref().map(SigningKey::from_bytes)
    }

    /// Where the room's members meet.
    pub fn namespace(&self) -> Namespace {
        namespace(&self.key.discovery(self.room))
    }

    fn read_body(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (room, key) = (r.take()?, r.take()?);
        let mut nodes = Vec::new();
        for _ in 0..r.count(limits::LINK_NODES)? {
            nodes.push(r.text(limits::NODE_ADDRESS)?.to_owned());
        }
        let title = r.text(limits::TITLE)?.to_owned();
        let chain = r.take()?;
        let secret = match r.u8()? {
            0 => None,
            1 => Some(r.array()?),
            _ => return Err(DecodeError::Unknown),
        };
        Ok(Self { room, key, nodes, title, chain, secret })
    }
}

/// Where members of a room meet at a node: derived, so that a node learns no secret from it.
pub fn namespace(discovery: &[u8; 32]) -> Namespace {
    Namespace(blake3::derive_key("covey/v1/namespace", discovery))
}

/// Text of what a link says, with its checksum.
pub(crate) fn fragment(mut body: Vec<u8>) -> String {
    let sum = checksum(&body);
    body.extend_from_slice(&sum);
    BASE64URL_NOPAD.encode(&body)
}

fn public(secret: &[u8; 32]) -> [u8; 32] {
    SigningKey::from_bytes(secret).verifying_key().to_bytes()
}

fn checksum(body: &[u8]) -> [u8; CHECKSUM] {
    let mut sum = [0; CHECKSUM];
    sum.copy_from_slice(&blake3::derive_key("covey/v1/link/checksum", body)[..CHECKSUM]);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capability::Role;

    fn link() -> Link {
        let member = SigningKey::from_bytes(&[1; 32]);
        let (room, secret) = (RoomId([2; 32]), [3; 32]);
        let grant = Grant { audience: public(&secret), terms: Terms::new(Role::Participant) };
        Link {
            room,
            key: ContentKey::new([6; 32]),
            nodes: vec!["/dns4/example.org/tcp/443/tls/ws".to_owned()],
            title: "Tea".to_owned(),
            chain: Chain::root(room, &member, grant),
            secret: Some(secret),
        }
    }

    #[test]
    fn a_link_has_the_golden_form() {
        let text = link().to_fragment();
        crate::golden::check("link.txt", text.as_bytes());
        assert_eq!(Link::parse(&format!("https://example.org/#{text}")), Ok(link()));
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let text = link().to_fragment();
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(Link::parse(&changed).is_err(), "character {at}");
            let mut shorter = text.clone();
            shorter.remove(at);
            assert!(Link::parse(&shorter).is_err(), "without character {at}");
        }
    }

    #[test]
    fn an_attenuated_link_opens_and_widening_is_refused() {
        let viewer = link().attenuate(Terms::new(Role::Viewer), [7; 32]).unwrap();
        let again = Link::parse(&viewer.to_fragment()).unwrap();
        assert_eq!(again.grant().unwrap().terms.role, Role::Viewer);
        let wider = viewer.attenuate(Terms::new(Role::Participant), [8; 32]);
        assert_eq!(wider, Err(LinkError::Rights(CapabilityError::Wider)));
    }

    #[test]
    fn unknown_versions_and_flags_are_said_so() {
        let mut bytes = BASE64URL_NOPAD.decode(link().to_fragment().as_bytes()).unwrap();
        bytes.truncate(bytes.len() - CHECKSUM);
        for at in [0, 1] {
            let mut newer = bytes.clone();
            newer[at] += 1;
            let sum = checksum(&newer);
            newer.extend_from_slice(&sum);
            assert_eq!(Link::parse(&BASE64URL_NOPAD.encode(&newer)), Err(LinkError::Version));
        }
    }
}
