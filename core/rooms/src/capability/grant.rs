//! Grants and chains of them: each signed by the audience of the one before, each no wider.
//!
//! ```text
//!   member (anchor) ──signs──► grant 1 ──its audience signs──► grant 2 … at most 4
//! ```

use ed25519_dalek::SigningKey;
use thiserror::Error;

use super::{Role, Tools};
use crate::identity::{Signed, Statement};
use covey_wire::frame::{DecodeError, Reader, Wire, Writer};
use covey_wire::id::{MemberId, RoomId};
use covey_wire::limits;
use covey_wire::time::Time;

/// Why a chain of grants gives nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CapabilityError {
    /// No grant, or more than a chain may have.
    #[error("a chain has between one and {} grants", limits::CHAIN)]
    Length,
    /// A grant is not signed by the audience of the one before.
    #[error("a grant is not signed by whom it should be")]
    Signature,
    /// A grant gives more than the one before.
    #[error("a grant gives more than the one before it")]
    Wider,
    /// The grant before does not allow it to be passed on.
    #[error("this link may not be passed on")]
    NotPassedOn,
    /// It would let nobody in, or nobody could read with it.
    #[error("it would be of no use to anyone")]
    Useless,
    /// The link is bound to one member, its secret is not in it.
    #[error("this link is bound to one person")]
    Bound,
}

/// The terms of a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The role of a member who claims it.
    pub role: Role,
    /// The documents and planes it opens.
    pub tools: Tools,
    /// Not valid before, by the admitting member's clock.
    pub not_before: Option<Time>,
    /// Not valid from then on, by the admitting member's clock.
    pub expires: Option<Time>,
    /// How many members may claim it.
    pub uses: Option<u32>,
    /// Whether a moderator must let its holder in.
    pub approval: bool,
    /// Whether it may be passed on.
    pub pass_on: bool,
}

impl Terms {
    /// A role with every tool, without other conditions.
    pub fn new(role: Role) -> Self {
        Self {
            role,
            tools: Tools::ALL,
            not_before: None,
            expires: None,
            uses: None,
            approval: false,
            pass_on: true,
        }
    }

    /// Whether no field gives more than `parent` gives.
    pub fn within(&self, parent: &Terms) -> bool {
        let at_most = |own: Option<u64>, bound: Option<u64>| match (own, bound) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(own), Some(bound)) => own <= bound,
        };
        self.role <= parent.role
            && parent.tools.include(self.tools)
            && self.not_before >= parent.not_before
            && at_most(self.expires.map(|t| t.0), parent.expires.map(|t| t.0))
            && at_most(self.uses.map(u64::from), parent.uses.map(u64::from))
            && (self.approval || !parent.approval)
            && (parent.pass_on || !self.pass_on)
    }

    /// These terms, and where they leave something open, what `parent` says of it.
    pub fn inherit(&self, parent: &Terms) -> Terms {
        Terms {
            role: self.role,
            tools: self.tools.both(parent.tools),
            not_before: self.not_before.or(parent.not_before),
            expires: self.expires.or(parent.expires),
            uses: self.uses.or(parent.uses),
            approval: self.approval || parent.approval,
            pass_on: self.pass_on,
        }
    }

    /// Whether nobody could use a link with these terms. A replica's link needs a form without
    /// the content key, which does not exist yet.
    pub fn is_useless(&self) -> bool {
        let zero = |time: Option<Time>| time == Some(Time(0));
        self.role == Role::Replica
            || self.uses == Some(0)
            || zero(self.expires)
            || zero(self.not_before)
    }

    /// Whether the terms hold at `now` (uses and approval are the admitter's to judge).
    pub fn valid_at(&self, now: Time) -> bool {
        self.not_before.is_none_or(|from| now >= from) && self.expires.is_none_or(|end| now < end)
    }
}

const APPROVAL: u8 = 1;
const PASS_ON: u8 = 2;

impl Wire for Terms {
    fn write(&self, w: &mut Writer) {
        w.put(&self.role).put(&self.tools);
        w.varint(self.not_before.map_or(0, |t| t.0));
        w.varint(self.expires.map_or(0, |t| t.0));
        w.varint(self.uses.map_or(0, u64::from));
        let approval = if self.approval { APPROVAL } else { 0 };
        w.u8(approval | if self.pass_on { PASS_ON } else { 0 });
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (role, tools) = (r.take()?, r.take()?);
        let some = |value: u64| (value != 0).then_some(value);
        let not_before = some(r.varint()?).map(Time);
        let expires = some(r.varint()?).map(Time);
        let uses = some(r.varint()?)
            .map(|n| u32::try_from(n).map_err(|_| DecodeError::Invalid))
            .transpose()?;
        let flags = r.u8()?;
        if flags & !(APPROVAL | PASS_ON) != 0 {
            return Err(DecodeError::Unknown);
        }
        let (approval, pass_on) = (flags & APPROVAL != 0, flags & PASS_ON != 0);
        Ok(Self { role, tools, not_before, expires, uses, approval, pass_on })
    }
}

/// One step of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The key that may claim it or narrow it further.
    pub audience: [u8; 32],
    /// Its terms.
    pub terms: Terms,
}

impl Wire for Grant {
    fn write(&self, w: &mut Writer) {
        w.raw(&self.audience).put(&self.terms);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { audience: r.array()?, terms: r.take()? })
    }
}

impl Statement for Grant {
    const DOMAIN: &'static str = "grant";
}

/// Grants from a member down to the holder of the last key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The member who signed the first grant. What it may give, the roster says.
    pub anchor: MemberId,
    grants: Vec<Signed<Grant>>,
}

impl Chain {
    /// A chain of one grant, signed by a member.
    pub fn root(room: RoomId, anchor: &SigningKey, grant: Grant) -> Self {
        let anchor_id = MemberId(anchor.verifying_key().to_bytes());
        let context = context(room, &anchor_id.0, None);
        Self { anchor: anchor_id, grants: vec![Signed::sign(grant, &context, anchor)] }
    }

    /// One grant more, signed by the last audience.
    ///
    /// # Errors
    /// When `grant` is wider, the chain is full or it may not be passed on.
    pub fn narrow(
        &self,
        room: RoomId,
        key: &SigningKey,
        grant: Grant,
    ) -> Result<Self, CapabilityError> {
        let last = self.verify(room)?;
        if key.verifying_key().to_bytes() != last.audience {
            return Err(CapabilityError::Signature);
        }
        if !last.terms.pass_on {
            return Err(CapabilityError::NotPassedOn);
        }
        if !grant.terms.within(&last.terms) {
            return Err(CapabilityError::Wider);
        }
        if self.grants.len() >= limits::CHAIN {
            return Err(CapabilityError::Length);
        }
        let context = context(room, &last.audience, self.grants.last());
        let mut grants = self.grants.clone();
        grants.push(Signed::sign(grant, &context, key));
        Ok(Self { anchor: self.anchor, grants })
    }

    /// The last grant, if every step is signed by the audience before it and no wider.
    pub fn verify(&self, room: RoomId) -> Result<&Grant, CapabilityError> {
        self.verify_all(room)?.pop().ok_or(CapabilityError::Length)
    }

    /// All grants from first to last, verified.
    pub fn verify_all(&self, room: RoomId) -> Result<Vec<&Grant>, CapabilityError> {
        if self.grants.is_empty() || self.grants.len() > limits::CHAIN {
            return Err(CapabilityError::Length);
        }
        let mut verified: Vec<&Grant> = Vec::with_capacity(self.grants.len());
        for (index, signed) in self.grants.iter().enumerate() {
            let issuer = verified.last().map_or(self.anchor.0, |grant| grant.audience);
            let before = index.checked_sub(1).and_then(|before| self.grants.get(before));
            let grant = signed
                .verify(&context(room, &issuer, before), &issuer)
                .map_err(|_| CapabilityError::Signature)?;
            if let Some(parent) = verified.last() {
                if !parent.terms.pass_on {
                    return Err(CapabilityError::NotPassedOn);
                }
                if !grant.terms.within(&parent.terms) {
                    return Err(CapabilityError::Wider);
                }
            }
            verified.push(grant);
        }
        Ok(verified)
    }
}

/// In a link the last audience may be left out: it follows from the secret beside the chain.
impl Chain {
    pub(super) fn write_in_link(&self, w: &mut Writer, derived: bool) {
        w.put(&self.anchor).varint(self.grants.len() as u64);
        for (index, signed) in self.grants.iter().enumerate() {
            let Grant { audience, terms } = signed.claimed();
            if !derived || index + 1 < self.grants.len() {
                w.raw(audience);
            }
            w.put(terms).raw(signed.signature());
        }
    }

    pub(super) fn read_in_link(
        r: &mut Reader<'_>,
        derived: Option<[u8; 32]>,
    ) -> Result<Self, DecodeError> {
        let anchor = r.take()?;
        let count = r.count(limits::CHAIN)?;
        if count == 0 {
            return Err(DecodeError::Invalid);
        }
        let mut grants = Vec::with_capacity(count);
        for index in 0..count {
            let audience = match derived.filter(|_| index + 1 == count) {
                Some(audience) => audience,
                None => r.array()?,
            };
            grants.push(Signed::assemble(Grant { audience, terms: r.take()? }, r.array()?));
        }
        Ok(Self { anchor, grants })
    }
}

/// A grant's signature names the room, its issuer and the whole grant before it, so that no grant
/// can be moved to another chain.
pub(crate) fn context(room: RoomId, issuer: &[u8; 32], before: Option<&Signed<Grant>>) -> Vec<u8> {
    let mut w = Writer::new();
    w.put(&room).raw(issuer);
    if let Some(before) = before {
        w.raw(&blake3::derive_key("covey/v1/grant/before", &before.to_bytes()));
    }
    w.into_bytes()
}

impl Wire for Chain {
    fn write(&self, w: &mut Writer) {
        w.put(&self.anchor).list(&self.grants);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (anchor, grants) = (r.take()?, r.list(limits::CHAIN)?);
        if grants.is_empty() {
            return Err(DecodeError::Invalid);
        }
        Ok(Self { anchor, grants })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: RoomId = RoomId([9; 32]);

    fn key(n: u8) -> SigningKey {
        SigningKey::from_bytes(&[n; 32])
    }

    fn grant(to: u8, terms: Terms) -> Grant {
        Grant { audience: key(to).verifying_key().to_bytes(), terms }
    }

    fn chain() -> Chain {
        Chain::root(ROOM, &key(1), grant(2, Terms::new(Role::Participant)))
    }

    #[test]
    fn a_narrowed_chain_gives_what_its_last_grant_gives() {
        let narrow = chain().narrow(ROOM, &key(2), grant(3, Terms::new(Role::Viewer))).unwrap();
        assert_eq!(narrow.verify(ROOM).unwrap().terms.role, Role::Viewer);
        assert_eq!(Chain::from_bytes(&narrow.to_bytes()), Ok(narrow));
    }

    #[test]
    fn a_grant_wider_in_any_field_is_refused() {
        let parent = Terms {
            tools: Tools::CODE,
            not_before: Some(Time(10)),
            expires: Some(Time(20)),
            uses: Some(3),
            approval: true,
            pass_on: true,
            role: Role::Participant,
        };
        let wider = [
            Terms { role: Role::Moderator, ..parent },
            Terms { tools: Tools::ALL, ..parent },
            Terms { not_before: None, ..parent },
            Terms { not_before: Some(Time(9)), ..parent },
            Terms { expires: None, ..parent },
            Terms { expires: Some(Time(21)), ..parent },
            Terms { uses: None, ..parent },
            Terms { uses: Some(4), ..parent },
            Terms { approval: false, ..parent },
        ];
        let base = Chain::root(ROOM, &key(1), grant(2, parent));
        for terms in wider {
            let refused = base.narrow(ROOM, &key(2), grant(3, terms));
            assert_eq!(refused, Err(CapabilityError::Wider), "{terms:?}");
            // A forger signs it all the same: the verifier refuses.
            let context = context(ROOM, &key(2).verifying_key().to_bytes(), base.grants.last());
            let mut forged = base.clone();
            forged.grants.push(Signed::sign(grant(3, terms), &context, &key(2)));
            assert_eq!(forged.verify(ROOM), Err(CapabilityError::Wider), "{terms:?}");
        }
    }

    #[test]
    fn a_grant_that_may_not_be_passed_on_is_not() {
        let terms = Terms { pass_on: false, ..Terms::new(Role::Viewer) };
        let base = Chain::root(ROOM, &key(1), grant(2, terms));
        let refused = base.narrow(ROOM, &key(2), grant(3, terms));
        assert_eq!(refused, Err(CapabilityError::NotPassedOn));
    }

    #[test]
    fn a_chain_ends_after_four_grants() {
        let mut chain = chain();
        for n in 2..5 {
            chain =
                chain.narrow(ROOM, &key(n), grant(n + 1, Terms::new(Role::Participant))).unwrap();
        }
        let fifth = chain.narrow(ROOM, &key(5), grant(6, Terms::new(Role::Participant)));
        assert_eq!(fifth, Err(CapabilityError::Length));
    }

    #[test]
    fn a_grant_of_another_room_or_chain_is_refused() {
        assert_eq!(chain().verify(RoomId([8; 32])), Err(CapabilityError::Signature));
        let a = chain().narrow(ROOM, &key(2), grant(3, Terms::new(Role::Viewer))).unwrap();
        let other_terms = Terms { uses: Some(1), ..Terms::new(Role::Participant) };
        let mut moved = Chain::root(ROOM, &key(1), grant(2, other_terms));
        moved.grants.push(a.grants[1].clone());
        assert_eq!(moved.verify(ROOM), Err(CapabilityError::Signature));
    }
}
