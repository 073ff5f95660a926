//! A seat is a libp2p identity: the same Ed25519 key under two names.

use libp2p::PeerId;
use libp2p::identity::{Keypair, PublicKey, ed25519};
use libp2p::multihash::Multihash;

use covey_wire::id::SeatId;

/// The libp2p identity of a seat.
pub fn keypair(mut seat_secret: [u8; 32]) -> Keypair {
    let secret = ed25519::SecretKey::try_from_bytes(&mut seat_secret);
    // Any 32 bytes are an Ed25519 secret.
    let secret = secret.unwrap_or_else(|_| ed25519::SecretKey::generate());
    ed25519::Keypair::from(secret).into()
}

/// The peer id of the seat; none when the bytes are no key.
pub fn peer_id(seat: SeatId) -> Option<PeerId> {
    let key = ed25519::PublicKey::try_from_bytes(&seat.0).ok()?;
    Some(PublicKey::from(key).to_peer_id())
}

/// The seat behind a peer id; none when it is not an Ed25519 key.
pub fn seat(peer: PeerId) -> Option<SeatId> {
    // The hash of a small key is the key, in a protobuf of its type and bytes.
    let hash: &Multihash<64> = peer.as_ref();
    let key = PublicKey::try_decode_protobuf(hash.digest()).ok()?;
    Some(SeatId(key.try_into_ed25519().ok()?.to_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_and_its_peer_id_are_one() {
        let keypair = keypair([7; 32]);
        let peer = keypair.public().to_peer_id();
        let seat = seat(peer).unwrap();
        assert_eq!(peer_id(seat), Some(peer));
        assert_eq!(keypair.try_into_ed25519().unwrap().public().to_bytes(), seat.0);
        assert_eq!(super::seat(PeerId::random()), None, "a hash is no key");
    }
}
