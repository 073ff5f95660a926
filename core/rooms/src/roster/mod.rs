//! The members of a room and their rights: statements signed into the ledger, and the standing
//! that follows from them at any point of the causal order.

mod members;
mod rights;

pub use self::members::{NotAdmitted, Place, Roster, SeenClaim};
pub use self::rights::{Act, Permit, Standing, Who, may};
use crate::capability::Chain;
use crate::identity::{MemberKey, Signed, Statement};
use crate::seal::EpochId;
use covey_wire::frame::{DecodeError, Reader, Wire, Writer};
use covey_wire::id::{MemberId, RoomId, SeatId};

/// Begins a room; signed by its root, which is then erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Genesis {
    /// The member who owns the room.
    pub owner: MemberId,
    /// The owner's X25519 key.
    pub exchange: [u8; 32],
    /// The first epoch: what is written is sealed with its key.
    pub epoch: EpochId,
}

impl Wire for Genesis {
    fn write(&self, w: &mut Writer) {
        w.put(&self.owner).raw(&self.exchange).put(&self.epoch);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { owner: r.take()?, exchange: r.array()?, epoch: r.take()? })
    }
}

impl Statement for Genesis {
    const DOMAIN: &'static str = "genesis";
}

/// A link's holder says which member uses it; signed by the link's last key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The member who joins.
    pub member: MemberId,
    /// The member's X25519 key.
    pub exchange: [u8; 32],
    /// The rights claimed.
    pub chain: Chain,
}

impl Wire for Claim {
    fn write(&self, w: &mut Writer) {
        w.put(&self.member).raw(&self.exchange).put(&self.chain);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { member: r.take()?, exchange: r.array()?, chain: r.take()? })
    }
}

impl Statement for Claim {
    const DOMAIN: &'static str = "claim";
}

/// A member says that a seat is its own; signed by the member key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The member whose seat it is.
    pub member: MemberId,
    /// The seat.
    pub seat: SeatId,
}

impl Wire for Certificate {
    fn write(&self, w: &mut Writer) {
        w.put(&self.member).put(&self.seat);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { member: r.take()?, seat: r.take()? })
    }
}

impl Statement for Certificate {
    const DOMAIN: &'static str = "seat";
}

impl Certificate {
    /// A member's word for a seat.
    pub fn sign(room: RoomId, member: &MemberKey, seat: SeatId) -> Signed<Self> {
        Signed::sign(Self { member: member.id(), seat }, &room.0, member.signer())
    }
}

/// By what right a seat enters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Right {
    /// Its member was admitted before.
    Member,
    /// Its member owns the room.
    Founder(Box<Signed<Genesis>>),
}

/// The act of an entry of the roster plane. Higher numbers are reserved for removal (2), the end
/// of a link (3), an epoch (4) and a checkpoint (5); a verifier refuses what it doesn't know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RosterAct {
    /// The first entry of every seat.
    Enter {
        /// The member's word for the seat.
        certificate: Box<Signed<Certificate>>,
        /// By what right.
        right: Right,
    },
    /// Admits who makes this claim. Nothing that they sign is in the log before.
    Admit(Box<Signed<Claim>>),
}

const ENTER: u8 = 0;
const ADMIT: u8 = 1;

impl Wire for RosterAct {
    fn write(&self, w: &mut Writer) {
        match self {
            RosterAct::Enter { certificate, right } => {
                w.u8(ENTER).put(certificate.as_ref());
                match right {
                    Right::Member => w.u8(0),
                    Right::Founder(genesis) => w.u8(1).put(genesis.as_ref()),
                };
            }
            RosterAct::Admit(claim) => {
                w.u8(ADMIT).put(claim.as_ref());
            }
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(match r.u8()? {
            ENTER => {
                let certificate = Box::new(r.take()?);
                let right = match r.u8()? {
                    0 => Right::Member,
                    1 => Right::Founder(Box::new(r.take()?)),
                    _ => return Err(DecodeError::Unknown),
                };
                RosterAct::Enter { certificate, right }
            }
            ADMIT => RosterAct::Admit(Box::new(r.take()?)),
            _ => return Err(DecodeError::Unknown),
        })
    }
}

impl RosterAct {
    /// A seat's first entry.
    pub fn enter(room: RoomId, member: &MemberKey, seat: SeatId, right: Right) -> Self {
        let certificate = Box::new(Certificate::sign(room, member, seat));
        RosterAct::Enter { certificate, right }
    }
}

/// Signs a claim with a link's key.
pub fn claim(
    room: RoomId,
    member: &MemberKey,
    chain: Chain,
    key: &ed25519_dalek::SigningKey,
) -> Signed<Claim> {
    let statement = Claim { member: member.id(), exchange: member.exchange(), chain };
    Signed::sign(statement, &room.0, key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capability::{Grant, Role, Terms};
    use crate::identity::DeviceSecret;
    use ed25519_dalek::SigningKey;

    #[test]
    fn a_claim_has_the_golden_form() {
        let (room, anchor) = (RoomId([1; 32]), SigningKey::from_bytes(&[2; 32]));
        let link = SigningKey::from_bytes(&[3; 32]);
        let audience = link.verifying_key().to_bytes();
        let chain = Chain::root(room, &anchor, Grant { audience, terms: Terms::new(Role::Viewer) });
        let member = DeviceSecret::new([4; 32]).member(room);
        let signed = claim(room, &member, chain, &link);
        crate::golden::check("claim.hex", &signed.to_bytes());
        assert!(signed.verify(&room.0, &audience).is_ok());
        let admit = RosterAct::Admit(Box::new(signed));
        assert_eq!(RosterAct::from_bytes(&admit.to_bytes()), Ok(admit));
    }

    #[test]
    fn reserved_acts_are_refused() {
        for kind in 2..=255 {
            assert_eq!(RosterAct::from_bytes(&[kind; 40]), Err(DecodeError::Unknown));
        }
    }
}
