//! Who is in a room and what each may do: statements signed into the ledger, and the standing
//! that follows from them at any point of the causal order.

use std::collections::{BTreeMap, BTreeSet};

use crate::capability::{Chain, Role, Terms, Tools};
use crate::frame::{DecodeError, Reader, Wire, Writer};
use crate::id::{Hash, MemberId, RoomId, SeatId};
use crate::identity::{MemberKey, Signed, Statement};
use crate::limits;
use crate::seal::EpochId;

/// Begins a room; signed by its root, which is then erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Genesis {
    /// The member who owns the room.
    pub owner: MemberId,
    /// The owner's X25519 key.
    pub exchange: [u8; 32],
}

impl Wire for Genesis {
    fn write(&self, w: &mut Writer) {
        w.put(&self.owner).raw(&self.exchange);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { owner: r.take()?, exchange: r.array()? })
    }
}

impl Statement for Genesis {
    const DOMAIN: &'static str = "genesis";
}

impl Genesis {
    /// The id of the epoch a genesis begins.
    pub fn epoch(&self, room: RoomId) -> EpochId {
        let mut w = Writer::new();
        w.put(&room).put(self);
        let hash = blake3::derive_key("covey/v1/epoch", &w.into_bytes());
        let mut id = [0; 8];
        id.copy_from_slice(&hash[..8]);
        EpochId(id)
    }
}

/// A link's holder says which member uses it; signed by the link's last key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who joins.
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
    /// Whose seat.
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

/// By what right a seat enters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Right {
    /// Its member was admitted before.
    Member,
    /// Its member owns the room.
    Founder(Box<Signed<Genesis>>),
    /// Its member holds a link.
    Claim(Box<Signed<Claim>>),
}

/// What an entry of the roster plane says. Higher numbers are reserved for removal (2), the end
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
    /// Admits the claim of that hash.
    Admit(Hash),
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
                    Right::Claim(claim) => w.u8(2).put(claim.as_ref()),
                };
            }
            RosterAct::Admit(claim) => {
                w.u8(ADMIT).put(claim);
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
                    2 => Right::Claim(Box::new(r.take()?)),
                    _ => return Err(DecodeError::Unknown),
                };
                RosterAct::Enter { certificate, right }
            }
            ADMIT => RosterAct::Admit(r.take()?),
            _ => return Err(DecodeError::Unknown),
        })
    }
}

impl RosterAct {
    /// A seat's first entry.
    pub fn enter(room: RoomId, member: &MemberKey, seat: SeatId, right: Right) -> Self {
        let statement = Certificate { member: member.id(), seat };
        let certificate = Box::new(Signed::sign(statement, &room.0, member.signer()));
        RosterAct::Enter { certificate, right }
    }
}

/// The hash that names a claim.
pub fn claim_hash(claim: &Signed<Claim>) -> Hash {
    Hash(blake3::derive_key("covey/v1/claim", &claim.to_bytes()))
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

/// What a member may do at one point of the causal order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The highest role it was admitted with.
    pub role: Role,
    /// The tools it was admitted with.
    pub tools: Tools,
}

/// What someone wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Send presence.
    Presence,
    /// Write into the documents of these tools.
    Write(Tools),
    /// Admit someone with this role.
    Admit(Role),
    /// Be the anchor of a chain that gives this role.
    Anchor(Role),
}

/// The one place that decides rights.
pub fn may(standing: Standing, act: Act) -> bool {
    match act {
        Act::Presence => standing.role >= Role::Viewer,
        Act::Write(tools) => standing.role >= Role::Participant && standing.tools.include(tools),
        Act::Admit(role) => standing.role >= Role::Viewer && standing.role >= role,
        Act::Anchor(role) => standing.role >= Role::Moderator && standing.role >= role,
    }
}

/// A place in the ledger: a seat's index and the sequence number there.
pub type Place = (usize, u64);

#[derive(Debug)]
struct Admission {
    at: Place,
    claim: Hash,
    standing: Standing,
    /// The audiences of the chain it was admitted by, to count uses.
    through: Vec<[u8; 32]>,
}

/// A claim that was seen, whether admitted or not.
#[derive(Debug, Clone)]
pub struct SeenClaim {
    /// Where it stands: a member may make the same claim from several seats.
    pub at: Vec<Place>,
    /// Who claims.
    pub member: MemberId,
    /// The member whose rights the chain passes on.
    pub anchor: MemberId,
    /// What the first grant gives: the anchor must have it.
    pub first: Terms,
    /// What is claimed.
    pub terms: Terms,
    through: Vec<([u8; 32], Option<u32>)>,
}

impl SeenClaim {
    /// What a claim says, if all its signatures hold; it stands nowhere yet.
    pub fn verify(signed: &Signed<Claim>, room: RoomId) -> Option<Self> {
        let chain = &signed.claimed().chain;
        let grants = chain.verify_all(room).ok()?;
        let (first, last) = (grants.first()?, grants.last()?);
        let claim = signed.verify(&room.0, &last.audience).ok()?;
        Some(Self {
            at: Vec::new(),
            member: claim.member,
            anchor: chain.anchor,
            first: first.terms,
            terms: last.terms,
            through: grants.iter().map(|grant| (grant.audience, grant.terms.uses)).collect(),
        })
    }
}

/// What all roster entries say together.
#[derive(Debug, Default)]
pub struct Roster {
    genesis: Option<(Genesis, Place)>,
    claims: BTreeMap<Hash, SeenClaim>,
    claims_of: BTreeMap<MemberId, Vec<Hash>>,
    admissions: BTreeMap<MemberId, Vec<Admission>>,
}

impl Roster {
    /// Takes the genesis; the first one stands (the root signs one only).
    pub fn found(&mut self, genesis: Genesis, at: Place) {
        self.genesis.get_or_insert((genesis, at));
    }

    /// Takes a claim that stands at a place.
    pub fn claimed(&mut self, hash: Hash, at: Place, claim: SeenClaim) {
        let member = claim.member;
        let seen = self.claims.entry(hash).or_insert(claim);
        if seen.at.is_empty() {
            self.claims_of.entry(member).or_default().push(hash);
        }
        seen.at.push(at);
    }

    /// A claim by its hash.
    pub fn claim(&self, hash: &Hash) -> Option<&SeenClaim> {
        self.claims.get(hash)
    }

    /// All claims of a member.
    pub fn claims_of(&self, member: MemberId) -> impl Iterator<Item = (&Hash, &SeenClaim)> {
        let hashes = self.claims_of.get(&member).map(Vec::as_slice).unwrap_or_default();
        hashes.iter().filter_map(|hash| self.claims.get_key_value(hash))
    }

    /// Claims of a member that give more than it has.
    pub fn open_claims_of(&self, member: MemberId) -> impl Iterator<Item = (&Hash, &SeenClaim)> {
        let has = self.standing(member, |_| true).map(|standing| standing.role);
        self.claims_of(member).filter(move |(_, claim)| has < Some(claim.terms.role))
    }

    /// Whether a claim is admitted as far as the entries for which `known` holds say.
    pub fn is_admitted(&self, hash: &Hash, known: impl Fn(Place) -> bool) -> bool {
        let member = self.claims.get(hash).map(|claim| claim.member);
        let admissions = member.and_then(|member| self.admissions.get(&member));
        admissions.is_some_and(|all| all.iter().any(|a| a.claim == *hash && known(a.at)))
    }

    /// Takes an admission.
    pub fn admit(&mut self, hash: &Hash, at: Place) {
        let Some(claim) = self.claims.get(hash) else { return };
        let standing = Standing { role: claim.terms.role, tools: claim.terms.tools };
        let through = claim.through.iter().map(|(key, _)| *key).collect();
        self.admissions.entry(claim.member).or_default().push(Admission {
            at,
            claim: *hash,
            standing,
            through,
        });
    }

    /// What a member may do as far as the entries for which `known` holds say.
    pub fn standing(&self, member: MemberId, known: impl Fn(Place) -> bool) -> Option<Standing> {
        let owns = |(genesis, at): &(Genesis, Place)| genesis.owner == member && known(*at);
        if self.genesis.as_ref().is_some_and(owns) {
            return Some(Standing { role: Role::Owner, tools: Tools::ALL });
        }
        let admissions = self.admissions.get(&member)?;
        let mut standing: Option<Standing> = None;
        for admission in admissions.iter().filter(|admission| known(admission.at)) {
            let new = admission.standing;
            standing = Some(match standing {
                Some(old) if old.role > new.role => old,
                Some(old) if old.role == new.role => {
                    Standing { role: old.role, tools: old.tools.with(new.tools) }
                }
                _ => new,
            });
        }
        standing
    }

    /// Whether every grant of the claim's chain still has a use left among the members whose
    /// admission is `known`.
    pub fn uses_left(&self, claim: &SeenClaim, known: impl Fn(Place) -> bool) -> bool {
        claim.through.iter().all(|(key, uses)| {
            let Some(uses) = uses else { return true };
            let used = self.admissions.iter().filter(|(member, admissions)| {
                **member != claim.member
                    && admissions.iter().any(|a| known(a.at) && a.through.contains(key))
            });
            used.count() < usize::try_from(*uses).unwrap_or(usize::MAX)
        })
    }

    /// Everyone who was ever admitted, and the owner.
    pub fn members(&self) -> BTreeSet<MemberId> {
        let owner = self.genesis.iter().map(|(genesis, _)| genesis.owner);
        owner.chain(self.admissions.keys().copied()).take(limits::SEATS).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capability::Grant;
    use crate::identity::DeviceSecret;
    use ed25519_dalek::SigningKey;

    fn standing(role: Role) -> Standing {
        Standing { role, tools: Tools::ALL }
    }

    #[test]
    fn rights_follow_the_roles() {
        use Role::{Moderator, Owner, Participant, Replica, Viewer};
        let table = [
            (Act::Presence, [false, true, true, true, true]),
            (Act::Write(Tools::CODE), [false, false, true, true, true]),
            (Act::Admit(Viewer), [false, true, true, true, true]),
            (Act::Admit(Participant), [false, false, true, true, true]),
            (Act::Admit(Moderator), [false, false, false, true, true]),
            (Act::Anchor(Participant), [false, false, false, true, true]),
            (Act::Anchor(Owner), [false, false, false, false, true]),
        ];
        for (act, allowed) in table {
            for (role, allowed) in
                [Replica, Viewer, Participant, Moderator, Owner].into_iter().zip(allowed)
            {
                assert_eq!(may(standing(role), act), allowed, "{role:?} {act:?}");
            }
        }
    }

    #[test]
    fn tools_that_were_not_granted_stay_closed() {
        let only_chat = Standing { role: Role::Participant, tools: Tools::CHAT };
        assert!(may(only_chat, Act::Write(Tools::CHAT)));
        assert!(!may(only_chat, Act::Write(Tools::CODE)));
    }

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
        let admit = RosterAct::Admit(claim_hash(&signed));
        assert_eq!(RosterAct::from_bytes(&admit.to_bytes()), Ok(admit));
    }

    #[test]
    fn reserved_acts_are_refused() {
        for kind in 2..=255 {
            assert_eq!(RosterAct::from_bytes(&[kind; 40]), Err(DecodeError::Unknown));
        }
    }
}
