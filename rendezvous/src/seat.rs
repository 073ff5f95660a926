//! A seat as libp2p names it.

use covey_wire::id::SeatId;
use libp2p::PeerId;
use libp2p::core::multihash::Multihash;
use libp2p::identity::PublicKey;

/// Multihash code of a digest that is the hashed bytes themselves: short keys are their own name.
const IDENTITY: u64 = 0;
/// The bytes before an Ed25519 key in the name: its kind, and its length.
const PROTOBUF: [u8; 4] = [8, 1, 18, 32];

/// The Ed25519 key that a peer's name holds; `None` for peers with other keys.
pub(crate) fn of_peer(peer: &PeerId) -> Option<SeatId> {
    let name = peer.as_ref();
    if name.code() != IDENTITY {
        return None;
    }
    let key = PublicKey::try_decode_protobuf(name.digest()).ok()?;
    Some(SeatId(key.try_into_ed25519().ok()?.to_bytes()))
}

/// The name of a peer with this key.
pub(crate) fn peer(seat: SeatId) -> PeerId {
    let name = [&PROTOBUF[..], &seat.0].concat();
    let name = Multihash::wrap(IDENTITY, &name).expect("36 bytes fit");
    PeerId::from_multihash(name).expect("keys of 36 bytes are their own name")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NodeKey;

    #[test]
    fn a_seat_is_the_key_in_the_peers_name() {
        let pair = NodeKey::from_seed([7; 32]).keypair();
        let key = pair.public().try_into_ed25519().unwrap();
        let seat = SeatId(key.to_bytes());
        assert_eq!(of_peer(&pair.public().to_peer_id()), Some(seat));
        assert_eq!(peer(seat), pair.public().to_peer_id());
    }

    #[test]
    fn a_hashed_key_is_no_seat() {
        assert_eq!(
            of_peer(&"QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N".parse().unwrap()),
            None
        );
    }
}
