//! The link: everything a newcomer needs, in the fragment of a page's address.
//!
//! ```text
//!   flags │ room │ content key │ [16 bytes secret] │ nodes │ title │ anchor
//!   │ list of ([audience] │ terms │ signature) │ 8 bytes of BLAKE3 of all others │ version 1
//! ```
//! as base64url without padding (RFC 4648, section 5). Where a secret is in it (flag 1), the last audience is
//! not: it is the public key of the Ed25519 key that BLAKE3 derives from the secret. The version stands at the
//! end, so that no link ends in `-` or `_`, which programs that find links in text leave out.

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::SigningKey;
use thiserror::Error;

use super::{CapabilityError, Chain, Grant, Terms};
use crate::seal::ContentKey;
use covey_wire::frame::{DecodeError, Reader, Writer};
use covey_wire::id::{Namespace, RoomId};
use covey_wire::limits;

const VERSION: u8 = 1;
const BEARER: u8 = 1;
const CHECKSUM: usize = 8;
const MAX_TEXT: usize = 8 << 10;

/// Why a link can't be used, in words for its holder.
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
    /// The secret that the chain's last key is derived from; none in a link that is bound to one member.
    pub secret: Option<LinkSecret>,
}

/// The secret that a bearer link's key is derived from: as strong as the key.
pub type LinkSecret = [u8; 16];

/// The key that claims or narrows a link with this secret.
pub fn link_key(secret: &LinkSecret) -> SigningKey {
    SigningKey::from_bytes(&blake3::derive_key("covey/v1/link/key", secret))
}

impl Link {
    /// Reads a link from a whole address or its fragment, and verifies its chain.
    pub fn parse(text: &str) -> Result<VerifiedLink, LinkError> {
        let text = text.trim();
        let fragment = text.rsplit_once('#').map_or(text, |(_, fragment)| fragment);
        if fragment.is_empty() {
            return Err(LinkError::Missing);
        }
        if fragment.len() > MAX_TEXT {
            return Err(LinkError::Damaged);
        }
        let bytes = Base64UrlUnpadded::decode_vec(fragment).map_err(|_| LinkError::Damaged)?;
        let (version, bytes) = bytes.split_last().ok_or(LinkError::Damaged)?;
        let (body, sum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(LinkError::Damaged)?;
        if checksum(body, *version) != *sum {
            return Err(LinkError::Damaged);
        }
        if *version != VERSION {
            return Err(LinkError::Version);
        }
        let mut r = Reader::new(body);
        let link = Self::read_body(&mut r).map_err(|error| match error {
            DecodeError::Unknown => LinkError::Version,
            _ => LinkError::Damaged,
        })?;
        r.finish().map_err(|_| LinkError::Damaged)?;
        link.verify()
    }

    /// The fragment: base64url, canonical.
    pub fn to_fragment(&self) -> String {
        let mut w = Writer::new();
        w.u8(if self.secret.is_some() { BEARER } else { 0 }).put(&self.room).put(&self.key);
        if let Some(secret) = &self.secret {
            w.raw(secret);
        }
        w.varint(self.nodes.len() as u64);
        for node in &self.nodes {
            w.bytes(node.as_bytes());
        }
        w.bytes(self.title.as_bytes());
        self.chain.write_in_link(&mut w, self.secret.is_some());
        fragment(w.into_bytes())
    }

    /// Verifies the chain, and that the secret is the one of its last key.
    pub fn verify(self) -> Result<VerifiedLink, LinkError> {
        let Grant { audience, terms } = *self.chain.verify(self.room)?;
        if self.secret.as_ref().is_some_and(|secret| public(secret) != audience) {
            return Err(CapabilityError::Signature.into());
        }
        Ok(VerifiedLink { link: self, terms })
    }

    /// The key that claims or narrows, where the link carries it.
    pub fn signer(&self) -> Option<SigningKey> {
        self.secret.as_ref().map(link_key)
    }

    /// Where the room's members meet.
    pub fn namespace(&self) -> Namespace {
        namespace(&self.key.discovery(self.room))
    }

    fn read_body(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let flags = r.u8()?;
        if flags & !BEARER != 0 {
            return Err(DecodeError::Unknown);
        }
        let (room, key) = (r.take()?, r.take()?);
        let secret = if flags & BEARER != 0 { Some(r.array()?) } else { None };
        let mut nodes = Vec::new();
        for _ in 0..r.count(limits::LINK_NODES)? {
            nodes.push(r.text(limits::NODE_ADDRESS)?.to_owned());
        }
        let title = r.text(limits::TITLE)?.to_owned();
        let chain = Chain::read_in_link(r, secret.as_ref().map(public))?;
        Ok(Self { room, key, nodes, title, chain, secret })
    }
}

/// A link whose chain holds: verified once, when it is read or made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedLink {
    link: Link,
    terms: Terms,
}

impl VerifiedLink {
    /// The terms of its last grant.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// A link that gives at most what this one gives: what `terms` leaves open it takes over.
    /// `secret` is fresh and random.
    pub fn attenuate(&self, terms: Terms, secret: LinkSecret) -> Result<Self, LinkError> {
        let key = self.signer().ok_or(CapabilityError::Bound)?;
        let terms = terms.inherit(&self.terms);
        if terms.is_useless() {
            return Err(CapabilityError::Useless.into());
        }
        let grant = Grant { audience: public(&secret), terms };
        let chain = self.chain.narrow(self.room, &key, grant)?;
        Link { chain, secret: Some(secret), ..self.link.clone() }.verify()
    }
}

impl core::ops::Deref for VerifiedLink {
    type Target = Link;

    fn deref(&self) -> &Link {
        &self.link
    }
}

/// Where members of a room meet at a node: derived, so that a node learns no secret from it.
pub fn namespace(discovery: &[u8; 32]) -> Namespace {
    Namespace(blake3::derive_key("covey/v1/namespace", discovery))
}

/// Text of what a link says, with its checksum.
pub(crate) fn fragment(mut body: Vec<u8>) -> String {
    let sum = checksum(&body, VERSION);
    body.extend_from_slice(&sum);
    body.push(VERSION);
    Base64UrlUnpadded::encode_string(&body)
}

fn public(secret: &LinkSecret) -> [u8; 32] {
    link_key(secret).verifying_key().to_bytes()
}

fn checksum(body: &[u8], version: u8) -> [u8; CHECKSUM] {
    let mut hasher = blake3::Hasher::new_derive_key("covey/link/checksum");
    let hash = hasher.update(&[version]).update(body).finalize();
    let mut sum = [0; CHECKSUM];
    sum.copy_from_slice(&hash.as_bytes()[..CHECKSUM]);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capability::Role;
    use covey_wire::time::Time;

    fn link() -> Link {
        let member = SigningKey::from_bytes(&[1; 32]);
        let (room, secret) = (RoomId([2; 32]), [3; 16]);
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
        assert_eq!(Link::parse(&format!("https://example.org/#{text}")), link().verify());
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
        let viewer = link().verify().unwrap();
        let viewer = viewer.attenuate(Terms::new(Role::Viewer), [7; 16]).unwrap();
        let again = Link::parse(&viewer.to_fragment()).unwrap();
        assert_eq!(again.terms().role, Role::Viewer);
        let wider = viewer.attenuate(Terms::new(Role::Participant), [8; 16]);
        assert_eq!(wider, Err(LinkError::Rights(CapabilityError::Wider)));
    }

    #[test]
    fn unknown_versions_and_flags_are_reported_as_such() {
        let mut body = Base64UrlUnpadded::decode_vec(&link().to_fragment()).unwrap();
        body.truncate(body.len() - CHECKSUM - 1);
        for (version, flags) in [(2, 1), (1, 3)] {
            body[0] = flags;
            let newer = [&body[..], &checksum(&body, version), &[version]].concat();
            assert_eq!(
                Link::parse(&Base64UrlUnpadded::encode_string(&newer)),
                Err(LinkError::Version)
            );
        }
    }

    #[test]
    fn a_link_with_one_grant_and_no_node_has_at_most_300_characters() {
        let terms = Terms { expires: Some(Time(1 << 41)), ..Terms::new(Role::Participant) };
        let (room, secret) = (RoomId([2; 32]), [3; 16]);
        let grant = Grant { audience: public(&secret), terms };
        let chain = Chain::root(room, &SigningKey::from_bytes(&[1; 32]), grant);
        let title = "Tea with everybody at 5".to_owned();
        let link = Link { nodes: Vec::new(), title, chain, ..link() };
        let text = link.to_fragment();
        assert!(text.len() <= 300, "{}", text.len());
        assert_eq!(Link::parse(&text), link.verify());
    }

    #[test]
    fn no_link_ends_in_a_character_that_programs_leave_out() {
        for length in 0..64 {
            let text = Link { title: "x".repeat(length), ..link() }.to_fragment();
            assert!(text.ends_with(|end: char| end.is_ascii_alphanumeric()), "{text}");
        }
    }

    #[test]
    fn a_link_bound_to_one_person_names_them() {
        let bound = Link { secret: None, ..link() };
        assert_eq!(Link::parse(&bound.to_fragment()), bound.verify());
    }
}
