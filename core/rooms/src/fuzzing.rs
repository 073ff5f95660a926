//! What a fuzzer mends after it changed something: checksums, signatures of grants, sealed content.
//!
//! Everything else it needs is public, since whoever has the keys may sign what he likes.

use ed25519_dalek::SigningKey;

use crate::capability::{Chain, Grant, grant_context, link_fragment};
use crate::identity::Signed;
use crate::seal::{ContentKey, Position};
use covey_wire::frame::{DecodeError, Reader, Wire, Writer};
use covey_wire::id::{MemberId, RoomId};

/// A link's text with the checksum of whatever it says.
pub fn link(body: Vec<u8>) -> String {
    link_fragment(body)
}

/// A chain of grants, each signed by the key it stands with: as its verifier expects it where
/// that is the audience of the grant before, whether or not a grant is wider.
pub fn chain(room: RoomId, steps: &[(SigningKey, Grant)]) -> Result<Chain, DecodeError> {
    let anchor = steps.first().map_or([0; 32], |(key, _)| key.verifying_key().to_bytes());
    let mut grants: Vec<Signed<Grant>> = Vec::with_capacity(steps.len());
    for (key, grant) in steps {
        let issuer = key.verifying_key().to_bytes();
        let context = grant_context(room, &issuer, grants.last());
        grants.push(Signed::sign(grant.clone(), &context, key));
    }
    let mut w = Writer::new();
    w.put(&MemberId(anchor)).list(&grants);
    Chain::read(&mut Reader::new(&w.into_bytes()))
}

/// Seals bytes that need not be what packing makes of any content.
pub fn seal_packed(key: &ContentKey, at: &Position, about: &[u8], packed: &[u8]) -> Vec<u8> {
    key.encrypt(at, about, packed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capability::{CapabilityError, Role, Terms};

    #[test]
    fn a_chain_that_widens_has_good_signatures() {
        let room = RoomId([1; 32]);
        let key = |n: u8| SigningKey::from_bytes(&[n; 32]);
        let grant = |to: u8, role| Grant {
            audience: key(to).verifying_key().to_bytes(),
            terms: Terms::new(role),
        };
        let steps = [(key(1), grant(2, Role::Viewer)), (key(2), grant(3, Role::Owner))];
        assert_eq!(chain(room, &steps).unwrap().verify(room), Err(CapabilityError::Wider));
        assert!(chain(room, &steps[..1]).unwrap().verify(room).is_ok());
    }
}
