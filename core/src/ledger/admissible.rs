//! Admissibility: whether one entry may stand in the log, by itself and its causal past alone.

use super::chain::{known, learn};
use super::documents::Index;
use super::{Body, Ledger, Reason};
use crate::broken::{Rule, is_broken};
use crate::capability::{Role, Tools};
use crate::frame::{DecodeError, Wire};
use crate::id::{DocName, MemberId, SeatId};
use crate::identity::Signed;
use crate::limits;
use crate::roster::{Act, Certificate, Right, RosterAct, SeenClaim, claim_hash, may};
use crate::seal::{EpochId, Position};

impl Ledger {
    /// The whole of admissibility for one entry whose dependencies are present. After an error
    /// the chain's past may know too much: such a chain is broken, or its author restores it.
    pub(super) fn take_entry(
        &mut self,
        chain: usize,
        seq: u64,
        place: (u64, &[(SeatId, u64)]),
        saying: Saying,
    ) -> Result<Effect, Reason> {
        let mut past = core::mem::take(&mut self.chains[chain].past);
        let result = self.take_entry_after(chain, seq, place, saying, &mut past);
        self.chains[chain].past = past;
        result
    }

    fn take_entry_after(
        &mut self,
        chain: usize,
        seq: u64,
        (own_lamport, heads): (u64, &[(SeatId, u64)]),
        saying: Saying,
        past: &mut Vec<u32>,
    ) -> Result<Effect, Reason> {
        let mut lamport = self.chains[chain].lamport(seq - 1);
        let mut deps = Vec::with_capacity(heads.len());
        for (seat, seq) in heads {
            let index = *self.seats.get(seat).ok_or(Reason::Causality)?;
            if index == chain || known(past, index) >= *seq {
                return Err(Reason::Causality);
            }
            lamport = lamport.max(self.chains[index].lamport(*seq));
            deps.push((index, *seq));
        }
        for (index, seq) in &deps {
            learn(&self.chains, past, *index, *seq);
        }
        if own_lamport != lamport + 1 {
            return Err(Reason::Causality);
        }
        let effect = match saying {
            Saying::Act(act) => self.take_act(chain, seq, act, past)?,
            Saying::Update { name, content } => {
                self.take_update(chain, seq, name, content, past)?
            }
        };
        if !effect.is_bulk() {
            self.chains[chain].settled = seq;
            for (index, seq) in &deps {
                let named = &mut self.chains[*index].named;
                *named = (*named).max(*seq);
            }
        }
        let state = &mut self.chains[chain];
        learn_self(past, chain, seq);
        state.head = seq;
        state.lamports.push(own_lamport);
        if !deps.is_empty() {
            state.deps.push((seq, deps));
        }
        self.entries += 1;
        Ok(effect)
    }

    fn take_act(
        &mut self,
        chain: usize,
        seq: u64,
        act: RosterAct,
        past: &[u32],
    ) -> Result<Effect, Reason> {
        match act {
            RosterAct::Enter { certificate, right } => {
                if seq != 1 {
                    return Err(Reason::Entrance);
                }
                self.enter(chain, &certificate, &right, past)?;
            }
            RosterAct::Admit(hash) => {
                let member = self.chains[chain].member.ok_or(Reason::Entrance)?;
                let claim = self.roster.claim(&hash).ok_or(Reason::Claim)?;
                let at = |(chain, seq): (usize, u64)| known(past, chain) >= seq;
                if !claim.at.iter().any(|place| at(*place)) {
                    return Err(Reason::Causality);
                }
                if self.roster.is_admitted(&hash, at) {
                    return Err(Reason::Claim);
                }
                self.admission(member, claim, at)?;
                self.roster.admit(&hash, (chain, seq));
            }
        }
        Ok(Effect::Roster)
    }

    fn enter(
        &mut self,
        chain: usize,
        certificate: &Signed<Certificate>,
        right: &Right,
        past: &[u32],
    ) -> Result<(), Reason> {
        let seat = self.chains[chain].seat;
        let member = certificate.claimed().member;
        let words = certificate.verify(&self.room.0, &member.0).map_err(|_| Reason::Signature)?;
        if words.seat != seat {
            return Err(Reason::Entrance);
        }
        if self.clients.contains_key(&seat.client()) {
            return Err(Reason::Client);
        }
        match right {
            Right::Member => {
                let at = |(chain, seq): (usize, u64)| known(past, chain) >= seq;
                self.roster.standing(member, at).ok_or(Reason::Role)?;
            }
            Right::Founder(genesis) => {
                let genesis =
                    genesis.verify(&self.room.0, &self.room.0).map_err(|_| Reason::Signature)?;
                if genesis.owner != member {
                    return Err(Reason::Entrance);
                }
                self.roster.found(genesis.clone(), (chain, 1));
            }
            Right::Claim(signed) => {
                let claim = SeenClaim::verify(signed, self.room).ok_or(Reason::Claim)?;
                if claim.member != member {
                    return Err(Reason::Claim);
                }
                self.roster.claimed(claim_hash(signed), (chain, 1), claim);
            }
        }
        self.clients.insert(seat.client(), chain);
        self.chains[chain].member = Some(member);
        Ok(())
    }

    /// Whether `admitter` may admit a claim, by what is `known`.
    pub(super) fn admission(
        &self,
        admitter: MemberId,
        claim: &SeenClaim,
        known: impl Fn((usize, u64)) -> bool,
    ) -> Result<(), Reason> {
        let standing = |member| self.roster.standing(member, &known).ok_or(Reason::Role);
        let (admitter, anchor) = (standing(admitter)?, standing(claim.anchor)?);
        if !may(anchor, Act::Anchor(claim.first.role)) || !anchor.tools.include(claim.first.tools) {
            return Err(Reason::Claim);
        }
        if !may(admitter, Act::Admit(claim.terms.role)) {
            return Err(Reason::Role);
        }
        if claim.terms.approval && admitter.role < Role::Moderator {
            return Err(Reason::Role);
        }
        if self.roster.uses_left(claim, known) { Ok(()) } else { Err(Reason::Claim) }
    }

    fn take_update(
        &mut self,
        chain: usize,
        seq: u64,
        name: DocName,
        content: Content,
        past: &[u32],
    ) -> Result<Effect, Reason> {
        let state = &self.chains[chain];
        let (seat, member) = (state.seat, state.member.ok_or(Reason::Entrance)?);
        let at = |(chain, seq): (usize, u64)| known(past, chain) >= seq;
        let standing = self.roster.standing(member, at).ok_or(Reason::Role)?;
        let allowed = may(standing, Act::Write(Tools::of(&name))) || is_broken(Rule::Rights);
        if !allowed && !self.skips_own_checks(seat) {
            return Err(Reason::Role);
        }
        let update = self.opened(seat, seq, &name, content)?;
        self.check_update(chain, seq, &name, &update, past)?;
        Ok(Effect::Document(name, update))
    }

    fn opened(
        &self,
        seat: SeatId,
        seq: u64,
        name: &DocName,
        content: Content,
    ) -> Result<Vec<u8>, Reason> {
        match content {
            Content::Open(update) => Ok(update),
            Content::Sealed(epoch, sealed) => {
                let key = self.keys.get(&epoch).ok_or(Reason::Epoch)?;
                let position = Position { room: self.room, epoch, seat, seq };
                key.open(&position, &name.to_bytes(), &sealed).map_err(|_| Reason::Seal)
            }
        }
    }

    /// Whether an update may come into its document; if so the guard takes it in.
    pub(super) fn check_update(
        &mut self,
        chain: usize,
        seq: u64,
        name: &DocName,
        update: &[u8],
        past: &[u32],
    ) -> Result<(), Reason> {
        let client = self.chains[chain].client;
        if !self.documents.contains_key(name) {
            let index = Index::new(name).ok_or(Reason::Malformed(DecodeError::Unknown))?;
            self.documents.insert(name.clone(), index);
        }
        let Some(index) = self.documents.get_mut(name) else { return Err(Reason::Role) };
        index
            .take(update, (chain, client), seq, past, &self.clients, &self.chains)
            .map(drop)
            .map_err(Reason::Guard)
    }

    fn skips_own_checks(&self, seat: SeatId) -> bool {
        cfg!(feature = "misbehave") && self.open.as_ref().is_some_and(|open| open.seat() == seat)
    }
}

/// What an entry says.
pub(super) enum Saying {
    Act(RosterAct),
    Update { name: DocName, content: Content },
}

/// An update: others' are sealed, one's own are not yet.
pub(super) enum Content {
    Sealed(EpochId, Vec<u8>),
    Open(Vec<u8>),
}

impl From<Body> for Saying {
    fn from(body: Body) -> Self {
        match body {
            Body::Roster(act) => Self::Act(act),
            Body::Document { name, epoch, sealed } => {
                Self::Update { name, content: Content::Sealed(epoch, sealed) }
            }
        }
    }
}

/// What an accepted entry does.
pub(super) enum Effect {
    Roster,
    Document(DocName, Vec<u8>),
}

impl Effect {
    /// Whether it is more than others should have to wait for.
    fn is_bulk(&self) -> bool {
        matches!(self, Self::Document(_, update) if update.len() > limits::BULK)
    }
}

fn learn_self(past: &mut Vec<u32>, chain: usize, seq: u64) {
    if past.len() <= chain {
        past.resize(chain + 1, 0);
    }
    past[chain] = u32::try_from(seq).unwrap_or(u32::MAX);
}
