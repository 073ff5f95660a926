//! The members of a room, as all roster entries together say.

use super::rights::{Act, Permit, Standing, may};
use super::{Claim, Genesis};
use crate::capability::{Role, Terms, Tools};
use crate::identity::Signed;
use covey_wire::frame::Wire;
use covey_wire::id::{Hash, MemberId, RoomId};
use covey_wire::limits;
use covey_wire::sorted::{SortedMap, SortedSet};

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
    /// The member who claims.
    pub member: MemberId,
    /// The member whose rights the chain passes on.
    pub anchor: MemberId,
    /// The terms of the first grant: the anchor must have them.
    pub first: Terms,
    /// The terms that are claimed.
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

/// Why somebody is not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAdmitted {
    /// The admitter lacks the role for it, or the anchor was never admitted.
    Role,
    /// The claim gives nothing: its anchor may not give that, or its uses are used up.
    Claim,
}

/// The members by all roster entries together.
#[derive(Debug, Default)]
pub struct Roster {
    /// Geneses by their hashes, each with the places where it stands: a holder of the root's key can sign several.
    geneses: Vec<(Hash, Genesis, Vec<Place>)>,
    /// In the order in which they came.
    admissions: SortedMap<MemberId, Vec<Admission>>,
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

    /// Takes an admission, for which there is a permit.
    pub fn admit(&mut self, claim: &SeenClaim, at: Place, permit: &Permit) {
        permit.is_for(Act::Admit(claim.terms.role));
        let through = claim.through.iter().map(|(key, _)| *key).collect();
        let admission = Admission { at, standing: claim.standing(), through };
        self.admissions.or_default(claim.member).push(admission);
    }

    /// Takes back what one chain's entries above `seq` said.
    pub fn retract(&mut self, chain: usize, seq: u64) {
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

    /// The rule of admission: whether a member may admit a claim, by the entries for which `known` holds. Whether the
    /// claim's terms hold in time is for the page that admits, which has a clock.
    ///
    /// # Errors
    /// Tells whether the admitter lacks a role, or the claim gives nothing.
    pub fn may_admit(
        &self,
        admitter: MemberId,
        claim: &SeenClaim,
        known: impl Fn(Place) -> bool,
    ) -> Result<Permit, NotAdmitted> {
        let has = self.standing(admitter, &known).ok_or(NotAdmitted::Role)?;
        self.standing(claim.anchor, &known).ok_or(NotAdmitted::Role)?;
        self.may_anchor(claim.anchor, &claim.first, &known).ok_or(NotAdmitted::Claim)?;
        let permit = may(has, Act::Admit(claim.terms.role)).ok_or(NotAdmitted::Role)?;
        // Of two who admit apart neither sees that the other did: uses are counted by few.
        if claim.is_counted() && admitter != claim.anchor {
            may(has, Act::AdmitCounted).ok_or(NotAdmitted::Role)?;
        }
        if claim.terms.approval {
            may(has, Act::AdmitApproved).ok_or(NotAdmitted::Role)?;
        }
        if self.uses_left(claim, known) { Ok(permit) } else { Err(NotAdmitted::Claim) }
    }

    /// Whether a member may begin a chain whose first grant has these terms.
    pub fn may_anchor(
        &self,
        anchor: MemberId,
        first: &Terms,
        known: impl Fn(Place) -> bool,
    ) -> Option<Permit> {
        may(self.standing(anchor, known)?, Act::Anchor(first.role, first.tools))
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
    pub fn members(&self) -> SortedSet<MemberId> {
        let owner = self.genesis(|_| true).map(|genesis| genesis.owner);
        owner.into_iter().chain(self.admissions.keys().copied()).take(limits::SEATS).collect()
    }
}
