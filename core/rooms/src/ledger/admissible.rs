//! Admissibility: whether one entry may stand in the log, by itself and its causal past alone.

use super::chain::learn;
use super::documents::Index;
use super::past::Past;
use super::undo::Undo;
use super::{Body, Ledger, Reason};
use crate::broken::{Rule, is_broken};
use crate::capability::Tools;
use crate::guard;
use crate::identity::Signed;
use crate::roster::{Act, Certificate, Permit, Right, RosterAct, SeenClaim, may};
use crate::seal::{EpochId, Position};
use covey_wire::frame::Wire;
use covey_wire::id::{DocName, Head, MemberId, SeatId};
use covey_wire::limits;

impl Ledger {
    /// The whole of admissibility for one entry whose dependencies are present; tells what it counts, in
    /// bytes. After an error `undo` is to be carried out.
    pub(super) fn judge_entry(
        &mut self,
        chain: usize,
        seq: u64,
        (own_lamport, heads, encoded): (u64, &[Head], usize),
        saying: Saying,
        undo: &mut Undo,
    ) -> Result<(Effect, usize), Reason> {
        // Mostly nothing is learnt, and what is shared costs nothing to have twice.
        let mut past = self.chains[chain].past.clone();
        let mut lamport = self.lamport_before(chain, seq);
        let mut deps = Vec::with_capacity(heads.len());
        for head in heads {
            let index = self.find(head).ok_or(Reason::Causality)?;
            if past.has((index, head.seq)) || self.is_own(chain, index, head.seq) {
                return Err(Reason::Causality);
            }
            lamport = lamport.max(self.chains[index].lamport(head.seq));
            deps.push((index, head.seq));
        }
        for (index, seq) in &deps {
            learn(&self.chains, &mut past, *index, *seq);
        }
        if own_lamport != lamport + 1 {
            return Err(Reason::Causality);
        }
        let member = self.chains[chain].member;
        let mut spent = self.chains[chain].spent;
        if !deps.is_empty() {
            // There may be causes of the member's other seats.
            spent = spent.max(self.spent_in(member, &past));
        }
        let effect = match saying {
            Saying::Act(act) => self.judge_act((chain, seq), act, &past, undo)?,
            Saying::Update { name, content } => {
                self.judge_update((chain, seq), name, content, &past, undo)?
            }
        };
        let size = encoded.max(effect.size());
        spent += size as u64;
        if spent > limits::AUTHOR_BYTES as u64 {
            return Err(Reason::Quota);
        }
        if !effect.is_bulk() {
            self.chains[chain].settled = seq;
            for (index, seq) in &deps {
                let named = &mut self.chains[*index].named;
                undo.named(*index, *named);
                *named = (*named).max(*seq);
            }
        }
        let state = &mut self.chains[chain];
        past.set(chain, seq);
        let sum = state.sizes.last().copied().unwrap_or(0) + size as u64;
        (state.past, state.head, state.spent) = (past, seq, spent);
        state.lamports.push(own_lamport);
        state.sizes.push(sum);
        if !deps.is_empty() {
            state.deps.push((seq, deps));
        }
        self.entries += 1;
        Ok((effect, size))
    }

    /// Whether an entry is one before, in the same history.
    fn is_own(&self, chain: usize, other: usize, seq: u64) -> bool {
        let mut at = Some((chain, u64::MAX));
        while let Some((index, until)) = at {
            if index == other {
                return seq <= until;
            }
            at = self.chains[index].parent;
        }
        false
    }

    /// The lamport of the entry before one of a chain.
    pub(super) fn lamport_before(&self, chain: usize, seq: u64) -> u64 {
        let state = &self.chains[chain];
        match state.parent.filter(|_| seq == state.base + 1) {
            Some((parent, seq)) => self.chains[parent].lamport(seq),
            None => state.lamport(seq - 1),
        }
    }

    fn judge_act(
        &mut self,
        (chain, seq): (usize, u64),
        act: RosterAct,
        past: &Past,
        undo: &mut Undo,
    ) -> Result<Effect, Reason> {
        undo.roster();
        match act {
            RosterAct::Enter { certificate, right } => {
                if seq != 1 {
                    return Err(Reason::Entrance);
                }
                self.enter(chain, &certificate, &right, past)?;
            }
            _ if seq == 1 => return Err(Reason::Entrance),
            RosterAct::Admit(claim) => {
                let member = self.chains[chain].member;
                let claim = SeenClaim::verify(&claim, self.room).ok_or(Reason::Claim)?;
                let at = |place| past.has(place);
                if !self.roster.is_open(&claim, at) {
                    return Err(Reason::Claim);
                }
                let permit = self.roster.may_admit(member, &claim, at)?;
                self.roster.admit(&claim, (chain, seq), &permit);
            }
        }
        Ok(Effect::Roster)
    }

    fn enter(
        &mut self,
        chain: usize,
        certificate: &Signed<Certificate>,
        right: &Right,
        past: &Past,
    ) -> Result<(), Reason> {
        let seat = self.chains[chain].seat;
        let member = certificate.claimed().member;
        let words = certificate.verify(&self.room.0, &member.0).map_err(|_| Reason::Signature)?;
        if words.seat != seat {
            return Err(Reason::Entrance);
        }
        if self.clashing(seat).iter().any(|other| past.of(*other) > 0) {
            return Err(Reason::Client);
        }
        let chains = self.chains_of.get(&member).into_iter().flatten();
        let seats = chains.filter(|other| past.of(**other) > 0 && self.chains[**other].base == 0);
        if seats.count() >= limits::MEMBER_SEATS {
            return Err(Reason::Quota);
        }
        match right {
            Right::Member => {
                let standing = self.roster.standing(member, |place| past.has(place));
                if standing.is_none() && !is_broken(Rule::Entrance) {
                    return Err(Reason::Role);
                }
            }
            Right::Founder(genesis) => {
                let genesis =
                    genesis.verify(&self.room.0, &self.room.0).map_err(|_| Reason::Signature)?;
                if genesis.owner != member {
                    return Err(Reason::Entrance);
                }
                self.roster.found(genesis, (chain, 1));
            }
        }
        Ok(())
    }

    fn judge_update(
        &mut self,
        (chain, seq): (usize, u64),
        name: DocName,
        content: Content,
        past: &Past,
        undo: &mut Undo,
    ) -> Result<Effect, Reason> {
        if seq == 1 {
            return Err(Reason::Entrance);
        }
        let state = &self.chains[chain];
        let (seat, member) = (state.seat, state.member);
        let permit = self.write_permit(seat, member, &name, past)?;
        self.is_sealed_for_all(&content, past)?;
        let update = self.opened(seat, seq, &name, content)?;
        let opened = update.len();
        if name.is_newer() {
            // It is kept and handed on unread; a newer page judges it when it loads the log.
            return Ok(Effect::Document(name, None, opened));
        }
        let (update, cost) =
            self.check_update((chain, seq), &name, update, (past, &permit), undo)?;
        let update = if self.chains[chain].unsettled {
            None
        } else if self.is_void(chain) {
            guard::hollow(&update).map_err(Reason::Guard)?
        } else {
            Some(update)
        };
        Ok(Effect::Document(name, update, opened.max(cost)))
    }

    /// The right to write in a document, by what a past knows of the author.
    pub(super) fn write_permit(
        &self,
        seat: SeatId,
        member: MemberId,
        name: &DocName,
        past: &Past,
    ) -> Result<Permit, Reason> {
        let standing = self.roster.standing(member, |place| past.has(place)).ok_or(Reason::Role)?;
        let act = Act::Write(Tools::of(name));
        let permit = may(standing, act);
        #[cfg(any(feature = "misbehave", feature = "broken"))]
        let permit = permit.or_else(|| self.breaks_rights(seat).then(|| Permit::forged(act)));
        #[cfg(not(any(feature = "misbehave", feature = "broken")))]
        let _ = seat;
        permit.ok_or(Reason::Role)
    }

    /// Only what is sealed with the key that every member has: a device may have further keys, of links
    /// that anybody made, and what it took by these others would not.
    fn is_sealed_for_all(&self, content: &Content, past: &Past) -> Result<(), Reason> {
        let Content::Sealed(epoch, _) = content else { return Ok(()) };
        let genesis = self.roster.genesis(|place| past.has(place));
        if genesis.is_some_and(|genesis| genesis.epoch == *epoch) {
            Ok(())
        } else {
            Err(Reason::Seal)
        }
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

    /// Whether an update may come into its document; if so the guard takes it in. Tells the update as the
    /// document has it, and what it costs in memory.
    pub(super) fn check_update(
        &mut self,
        (chain, seq): (usize, u64),
        name: &DocName,
        update: Vec<u8>,
        (past, permit): (&Past, &Permit),
        undo: &mut Undo,
    ) -> Result<(Vec<u8>, usize), Reason> {
        permit.is_for(Act::Write(Tools::of(name)));
        let update = self.renamed(chain, name, update, past).map_err(Reason::Guard)?;
        let client = self.chains[chain].client;
        let new = !self.documents.contains_key(name);
        if new {
            let index = Index::new(name).ok_or(Reason::Newer)?;
            self.documents.insert(name.clone(), index);
        }
        undo.document(name, new);
        let Some(index) = self.documents.get_mut(name) else { return Err(Reason::Role) };
        let cost = index
            .take(&update, (chain, client), seq, past, &self.clients, &self.chains)
            .map_err(Reason::Guard)?;
        Ok((update, cost))
    }

    /// Whether rights are broken on purpose: by everybody, or by this page alone.
    #[cfg(any(feature = "misbehave", feature = "broken"))]
    fn breaks_rights(&self, seat: SeatId) -> bool {
        let own = self.open.as_ref().is_some_and(|open| open.seat() == seat);
        is_broken(Rule::Rights) || cfg!(feature = "misbehave") && own
    }
}

/// The content of an entry.
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

/// The effect of an accepted entry.
pub(super) enum Effect {
    Roster,
    /// The document, the update as the document has it unless nothing is left of it, and what it counts
    /// in bytes.
    Document(DocName, Option<Vec<u8>>, usize),
}

impl Effect {
    /// Whether it is more than others should have to wait for.
    fn is_bulk(&self) -> bool {
        self.size() > limits::BULK
    }

    fn size(&self) -> usize {
        match self {
            Self::Roster => 0,
            Self::Document(_, _, size) => *size,
        }
    }
}
