//! The members of a room and their rights: statements signed into the ledger, and the standing
//! that follows from them at any point of the causal order.

use std::collections::{BTreeMap, BTreeSet};

use crate::capability::{Chain, Role, Terms, Tools};
use crate::identity::{MemberKey, Signed, Statement};
use crate::seal::EpochId;
use covey_wire::frame::{DecodeError, Reader, Wire, Writer};
use covey_wire::id::{Hash, MemberId, RoomId, SeatId};
use covey_wire::limits;

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
    /// The member that joins.
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

/// The content of an entry of the roster plane. Higher numbers are reserved for removal (2), the end
/// of a link (3), an epoch (4) and a checkpoint (5); a verifier refuses what it doesn't know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RosterAct {
    /// The first entry of every seat.
    Enter {
        /// The member's statement about the seat.
        certificate: Box<Signed<Certificate>>,
        /// By what right.
        right: Right,
    },
    /// Admits the member of this claim. Nothing that they sign is in the log before.
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

/// The rights of a member at one point of the causal order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The highest role it was admitted with.
    pub role: Role,
    /// By role, the tools of every admission with that role or a higher one.
    parts: [Tools; ROLES],
}

const ROLES: usize = Role::Owner as usize + 1;

impl Standing {
    /// A role and its tools, by one admission.
    pub fn new(role: Role, tools: Tools) -> Self {
        let mut parts = [Tools::NONE; ROLES];
        parts[..=role as usize].fill(tools);
        Self { role, parts }
    }

    /// The tools that a member has in a role.
    pub fn tools(&self, role: Role) -> Tools {
        self.parts[role as usize]
    }

    /// The rights that two admissions give together: nothing that one gives is taken away by the other.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        self.role = self.role.max(other.role);
        for (own, other) in self.parts.iter_mut().zip(other.parts) {
            *own = own.with(other);
        }
        self
    }
}

/// An act that needs a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Send presence.
    Presence,
    /// Write into the documents of these tools.
    Write(Tools),
    /// Admit someone with this role.
    Admit(Role),
    /// Admit someone by a link with a limit of uses. Two members who admit apart don't see each other's
    /// admissions, so not everybody may.
    AdmitCounted,
    /// Be the anchor of a chain that gives this role.
    Anchor(Role),
}

/// The one place that decides rights.
pub fn may(standing: Standing, act: Act) -> bool {
    match act {
        Act::Presence => standing.role >= Role::Viewer,
        Act::Write(tools) => {
            standing.role >= Role::Participant && standing.tools(Role::Participant).include(tools)
        }
        Act::Admit(role) => standing.role >= Role::Viewer && standing.role >= role,
        Act::AdmitCounted => standing.role >= Role::Moderator,
        Act::Anchor(role) => standing.role >= Role::Moderator && standing.role >= role,
    }
}

/// A place in the ledger: a chain's index and the sequence number there.
pub type Place = (usize, u64);

#[derive(Debug)]
struct Admission {
    at: Place,
    standing: Standing,
    /// The audiences of the chain it was admitted by, to count uses.
    through: Vec<[u8; 32]>,
}

/// A claim whose signatures hold.
#[derive(Debug, Clone)]
pub struct SeenClaim {
    /// The member that claims.
    pub member: MemberId,
    /// The member whose rights the chain passes on.
    pub anchor: MemberId,
    /// The terms of the first grant: the anchor must have them.
    pub first: Terms,
    /// The claimed terms.
    pub terms: Terms,
    through: Vec<([u8; 32], Option<u32>)>,
}

impl SeenClaim {
    /// The claim's content, if all its signatures hold.
    pub fn verify(signed: &Signed<Claim>, room: RoomId) -> Option<Self> {
        let chain = &signed.claimed().chain;
        let grants = chain.verify_all(room).ok()?;
        let (first, last) = (grants.first()?, grants.last()?);
        let claim = signed.verify(&room.0, &last.audience).ok()?;
        Some(Self {
            member: claim.member,
            anchor: chain.anchor,
            first: first.terms,
            terms: last.terms,
            through: grants.iter().map(|grant| (grant.audience, grant.terms.uses)).collect(),
        })
    }

    /// The standing of its member once it is admitted.
    pub fn standing(&self) -> Standing {
        Standing::new(self.terms.role, self.terms.tools)
    }

    /// Whether only so many may be admitted through some grant of its chain.
    pub fn is_counted(&self) -> bool {
        self.through.iter().any(|(_, uses)| uses.is_some())
    }
}

/// The result of all roster entries.
#[derive(Debug, Default)]
pub struct Roster {
    /// Geneses by their hashes, each with the places where it stands: a holder of the root's key can sign several.
    geneses: Vec<(Hash, Genesis, Vec<Place>)>,
    /// In the order in which they came.
    admissions: BTreeMap<MemberId, Vec<Admission>>,
}

impl Roster {
    /// Takes a genesis that stands at a place.
    pub fn found(&mut self, genesis: &Genesis, at: Place) {
        let hash = Hash(blake3::derive_key("covey/v1/genesis", &genesis.to_bytes()));
        match self.geneses.binary_search_by_key(&hash, |(hash, _, _)| *hash) {
            Ok(known) => self.geneses[known].2.push(at),
            Err(place) => self.geneses.insert(place, (hash, genesis.clone(), vec![at])),
        }
    }

    /// The genesis that stands by the entries for which `known` holds: of several the one with the
    /// lowest hash.
    pub fn genesis(&self, known: impl Fn(Place) -> bool) -> Option<&Genesis> {
        let mut all = self.geneses.iter();
        all.find(|(_, _, places)| places.iter().any(|at| known(*at))).map(|(_, genesis, _)| genesis)
    }

    /// Takes an admission.
    pub fn admit(&mut self, claim: &SeenClaim, at: Place) {
        let through = claim.through.iter().map(|(key, _)| *key).collect();
        let admission = Admission { at, standing: claim.standing(), through };
        self.admissions.entry(claim.member).or_default().push(admission);
    }

    /// Takes back what one chain's entries above `seq` said.
    pub fn take_back(&mut self, chain: usize, seq: u64) {
        let stays = |at: Place| at.0 != chain || at.1 <= seq;
        self.geneses.retain_mut(|(_, _, places)| {
            places.retain(|at| stays(*at));
            !places.is_empty()
        });
        self.admissions.retain(|_, admissions| {
            admissions.retain(|admission| stays(admission.at));
            !admissions.is_empty()
        });
    }

    /// A member's standing by the entries for which `known` holds.
    pub fn standing(&self, member: MemberId, known: impl Fn(Place) -> bool) -> Option<Standing> {
        if self.genesis(&known).is_some_and(|genesis| genesis.owner == member) {
            return Some(Standing::new(Role::Owner, Tools::ALL));
        }
        let admissions = self.admissions.get(&member)?.iter();
        let known = admissions.filter(|admission| known(admission.at));
        known.map(|admission| admission.standing).reduce(Standing::with)
    }

    /// The chains in which a member was admitted, or named as the owner.
    pub fn chains_of(&self, member: MemberId) -> impl Iterator<Item = usize> {
        let founded = self.geneses.iter().filter(move |(_, genesis, _)| genesis.owner == member);
        let admitted = self.admissions.get(&member).into_iter().flatten();
        let places = founded.flat_map(|(_, _, places)| places.iter().copied());
        places.chain(admitted.map(|admission| admission.at)).map(|(chain, _)| chain)
    }

    /// Whether a claim gives its member something that it doesn't have.
    pub fn is_open(&self, claim: &SeenClaim, known: impl Fn(Place) -> bool) -> bool {
        let has = self.standing(claim.member, known);
        has.is_none_or(|has| has.with(claim.standing()) != has)
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
        let owner = self.genesis(|_| true).map(|genesis| genesis.owner);
        owner.into_iter().chain(self.admissions.keys().copied()).take(limits::SEATS).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capability::Grant;
    use crate::identity::DeviceSecret;
    use ed25519_dalek::SigningKey;

    fn standing(role: Role) -> Standing {
        Standing::new(role, Tools::ALL)
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
        let only_chat = Standing::new(Role::Participant, Tools::CHAT);
        assert!(may(only_chat, Act::Write(Tools::CHAT)));
        assert!(!may(only_chat, Act::Write(Tools::CODE)));
    }

    #[test]
    fn two_admissions_give_what_each_gives_and_no_more() {
        let chat = Standing::new(Role::Moderator, Tools::CHAT);
        for both in [
            chat.with(Standing::new(Role::Participant, Tools::CODE)),
            Standing::new(Role::Participant, Tools::CODE).with(chat),
        ] {
            assert_eq!(both.role, Role::Moderator);
            assert!(may(both, Act::Write(Tools::CODE)) && may(both, Act::Write(Tools::CHAT)));
            assert_eq!(both.tools(Role::Moderator), Tools::CHAT, "no moderator of the code");
        }
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
