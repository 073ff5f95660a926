//! When intruders come, what they do then, and what no honest page may do to them or for them.

use covey_rooms::capability::{Link, Role, Terms, VerifiedLink};
use covey_rooms::ledger::{Ledger, Offer, Segment};
use covey_rooms::room::Event as Told;
use covey_rooms::room::Input;
use covey_rooms::seal::ContentKey;
use covey_rooms::sync::Message;
use covey_wire::frame::Wire;
use covey_wire::id::{DocName, MemberId, SeatId};
use covey_wire::net::{Class, NetEvent};
use covey_wire::time::Time;

use super::{Intruder, Kind, Mail};
use crate::page::PageId;
use crate::reference::{Edit, Told as WasTold};
use crate::world::World;

/// Seats of intruders at once, and in one run.
const AT_ONCE: usize = 4;
const SEATS: usize = 16;
/// The acts of an intruder before it is gone; where nobody hears it, it ages faster.
const LIFE: u32 = 40;
const LONELY: u32 = 10;
/// A link that ended is older than any clock is wrong.
const LONG_AGO: u64 = 3_600_000;

/// The memory of an intruder's seat.
#[derive(Debug, Clone, Copy)]
pub struct Rogue {
    pub kind: Kind,
    pub member: MemberId,
}

impl World {
    /// Whether a page, or an intruder's, is there.
    pub fn is_open(&self, id: PageId) -> bool {
        self.pages.contains_key(&id) || self.intruders.contains_key(&id)
    }

    /// Whether a seat is of somebody whom nobody lets in.
    pub fn is_shut_out(&self, seat: &SeatId) -> bool {
        self.rogues.get(seat).is_some_and(|rogue| rogue.kind.is_shut_out())
    }

    /// Somebody comes who breaks the rules, or one who is there takes another seat.
    pub fn intruder_comes(&mut self) {
        if self.intruders.len() >= AT_ONCE || self.rogues.len() >= SEATS {
            return;
        }
        let old: Vec<PageId> = self.intruders.keys().copied().collect();
        let again = self.rng.pick(&old).filter(|_| self.rng.chance(30));
        let (secret, seed) = (self.rng.bytes(), self.rng.bytes());
        let intruder = match again.and_then(|id| self.intruders.get(&id)) {
            Some(other) => {
                let (secret, link) = other.papers();
                Some(Intruder::new(secret, seed, link, other.kind))
            }
            None => {
                let kind = self.draw_kind();
                self.dead_link(kind).map(|link| Intruder::new(secret, seed, link, kind))
            }
        };
        let (Some(intruder), Ok(id)) = (intruder, PageId::try_from(self.roll.len())) else {
            return;
        };
        let (seat, kind, member) = (intruder.seat, intruder.kind, intruder.member());
        self.say(|| format!("  intruder {id}: {kind:?}"));
        self.counts.intruders += 1;
        self.rogues.insert(seat, Rogue { kind, member });
        self.seats.insert(seat, id);
        self.roll.push(seat);
        self.intruders.insert(id, intruder);
        self.lurk(id);
    }

    fn draw_kind(&mut self) -> Kind {
        match self.rng.below(20) {
            0 | 1 => Kind::Expired,
            2 => Kind::Approval,
            3 => Kind::Keyless,
            4 | 5 => Kind::UsedUp,
            6 => Kind::Member(Role::Viewer),
            7..10 => Kind::Member(Role::Moderator),
            _ => Kind::Member(Role::Participant),
        }
    }

    /// A link of that kind, made by someone who may.
    fn dead_link(&mut self, kind: Kind) -> Option<VerifiedLink> {
        if kind == Kind::UsedUp
            && let Some(link) = &self.spent
        {
            return Some(link.clone());
        }
        let role = if let Kind::Member(role) = kind { role } else { Role::Participant };
        let terms = Terms {
            expires: (kind == Kind::Expired).then(|| Time(self.now.0.saturating_sub(LONG_AGO))),
            uses: (kind == Kind::UsedUp).then_some(1),
            approval: kind == Kind::Approval,
            ..Terms::new(role)
        };
        // A link that somebody was given does not last any longer than they may pass it on.
        let makers = self.pages.values_mut().filter(|page| {
            let status = page.client.status();
            status.admitted && status.role >= Role::Moderator
        });
        let mut link = makers.into_iter().find_map(|page| page.client.invite(terms).ok())?;
        if link.chain.verify(link.room).is_ok_and(|grant| grant.terms != terms) {
            return None;
        }
        match kind {
            Kind::UsedUp => self.spent = Some(link.clone()),
            Kind::Keyless => {
                let key = ContentKey::new(self.rng.bytes());
                link = Link { key, ..Link::clone(&link) }.verify().ok()?;
            }
            _ => {}
        }
        Some(link)
    }

    /// One of them does something.
    pub fn intrude(&mut self) {
        let all: Vec<PageId> = self.intruders.keys().copied().collect();
        let Some(id) = self.rng.pick(&all) else { return };
        self.lurk(id);
        for _ in 0..self.rng.between(1, 3) {
            self.act(id);
        }
    }

    fn act(&mut self, id: PageId) {
        let Some(mut intruder) = self.intruders.remove(&id) else { return };
        self.counts.intrusions += 1;
        intruder.age += if intruder.is_alone() { LONELY } else { 1 };
        let writes = intruder.is_admitted() && !self.rng.chance(30);
        let (mail, erased) = if writes {
            let wrote = intruder.write(&mut self.rng);
            self.say(|| format!("  intruder {id} signs {:?}", wrote.notes));
            (wrote.mail, wrote.erased)
        } else {
            (intruder.pester(&mut self.rng), Vec::new())
        };
        let gone = intruder.age > LIFE;
        self.say(|| format!("  intruder {id} sends {} messages, writes: {writes}", mail.len()));
        self.intruders.insert(id, intruder);
        if !erased.is_empty() {
            self.may_be_erased(id, erased);
        }
        self.post(id, mail);
        if gone {
            self.intruder_goes(id);
        }
    }

    /// A member's deletion is one, unless it does not count in the end.
    fn may_be_erased(&mut self, page: PageId, deletes: Vec<char>) {
        let root = crate::walk::FILES[0].to_owned();
        let (device, person, document) = (usize::MAX, usize::MAX, DocName::Code);
        let (letters, early, told) = (Vec::new(), false, WasTold::default());
        let edit = Edit { page, device, person, document, root, letters, deletes, early, told };
        self.reference.edit(edit);
    }

    /// An intruder is gone, with or without a word.
    pub fn intruder_goes(&mut self, id: PageId) {
        if self.intruders.remove(&id).is_some() {
            self.say(|| format!("  intruder {id} is gone"));
            self.drop_node(id);
            let orderly = self.rng.chance(50);
            self.cut_wires(id, orderly);
        }
    }

    /// The network tells an intruder something.
    pub fn tell_intruder(&mut self, id: PageId, input: Input) {
        let Some(mut intruder) = self.intruders.remove(&id) else { return };
        let mut dials = Vec::new();
        let mail = match input {
            Input::Net(NetEvent::Found { seats, newcomer, .. }) => {
                let wants = |_: &SeatId| !newcomer || self.rng.chance(50);
                dials = seats.into_iter().filter(wants).collect();
                Vec::new()
            }
            Input::Net(NetEvent::Up { seat, .. }) => intruder.meet(seat, &mut self.rng),
            Input::Net(NetEvent::Down(seat)) => {
                intruder.lose(seat);
                Vec::new()
            }
            Input::Net(NetEvent::Frame { seat, class, bytes }) => {
                intruder.hear(seat, class, &bytes, &mut self.rng)
            }
            _ => Vec::new(),
        };
        self.intruders.insert(id, intruder);
        dials.into_iter().for_each(|seat| self.dial(id, seat));
        self.post(id, mail);
    }

    fn post(&mut self, id: PageId, mail: Vec<Mail>) {
        for (seat, class, bytes) in mail {
            self.send(id, seat, class, bytes);
        }
    }

    /// A member who breaks the rules may hand the log to whom it likes, also to strangers.
    pub fn note_leak(&mut self, from: PageId, to: PageId, bytes: &[u8]) {
        let Some(page) = self.pages.get(&to) else { return };
        if self.intruders.contains_key(&from)
            && matches!(Message::from_bytes(bytes), Ok(Message::Segments(_)))
        {
            self.devices[page.device].leaked = true;
        }
    }

    /// Whether a seat is of an honest page whose links let nobody in by themselves.
    fn is_outside(&self, seat: &SeatId) -> bool {
        let page = self.seats.get(seat).filter(|page| self.pages.contains_key(page));
        page.is_some_and(|page| self.reference.at_most(self.person_of(*page)) == Role::Replica)
    }

    /// An honest page says something to a seat that may not hear it.
    pub fn judge_words(&mut self, id: PageId, to: SeatId, class: Class, bytes: &[u8]) {
        let Some(page) = self.pages.get(&id) else { return };
        let mark = self.devices[page.device].installation;
        if self.rogues.contains_key(&to) && bytes.windows(mark.len()).any(|part| part == mark) {
            self.fail(|| format!("page {id} says openly who it is"));
        }
        if !self.is_shut_out(&to) && !self.is_outside(&to) {
            return;
        }
        let told = match Message::from_bytes(bytes) {
            _ if class == Class::Live => Some("what passes"),
            Ok(Message::Segments(_)) => Some("its log"),
            Ok(Message::Ack { stored, .. }) if !stored.is_empty() => Some("what its disk has"),
            Ok(Message::Forward(_)) => Some("whom it hears"),
            _ => None,
        };
        if let Some(told) = told {
            self.fail(|| format!("page {id} tells a stranger {told}"));
        }
    }

    /// An honest page trusts somebody.
    pub fn judge_trust(&mut self, id: PageId, seat: SeatId) {
        if self.is_shut_out(&seat) {
            self.fail(|| format!("page {id} trusts a stranger"));
        }
    }

    /// An honest page hangs up: it never cuts off another for what somebody else did.
    pub fn judge_hangup(&mut self, id: PageId, seat: SeatId) {
        let rogue = self.rogues.contains_key(&seat);
        let Some(page) = self.pages.get_mut(&id) else { return };
        page.hangups += u64::from(rogue);
        if rogue {
            return;
        }
        let (cut, hangups) = (page.client.stats(), page.hangups);
        let cut = cut.refused.get("cut-off").copied().unwrap_or(0);
        if cut > hangups {
            self.fail(|| format!("page {id} cut off an honest seat"));
        }
    }

    /// For the trace: what of a page's disk can't be read, and why.
    pub fn explain(&mut self, id: PageId) {
        let Some(page) = self.pages.get(&id) else { return };
        let device = page.device;
        let Some((record, log)) = self.devices[device].disk.kept() else { return };
        let mut ledger = Ledger::new(record.room);
        for key in &record.keys {
            ledger.add_key(key.epoch(record.room), key.clone());
        }
        let others = self.devices.iter().filter_map(|other| other.disk.kept());
        let others: Vec<Vec<u8>> = others.flat_map(|(_, log)| log).collect();
        self.say(|| format!("  the disk of page {id}: {} segments", log.len()));
        for (bytes, own) in log.iter().map(|b| (b, true)).chain(others.iter().map(|b| (b, false))) {
            let mut offer = ledger.offer(bytes);
            while ledger.is_parted() {
                while ledger.poll().is_some() {}
                ledger.settle();
                offer = ledger.offer(bytes);
            }
            while let Some((seat, reason)) = ledger.poll_refused() {
                let by = self.seats.get(&seat).copied();
                self.say(|| format!("  of page {by:?}, refused later: {reason:?}"));
            }
            if matches!(offer, Offer::Accepted(_) | Offer::Known) {
                continue;
            }
            let Ok(segment) = Segment::from_bytes(bytes) else { continue };
            let by = self.seats.get(&segment.seat).copied();
            let (first, last) = (segment.first, segment.last());
            let rogue = self.rogues.contains_key(&segment.seat);
            self.say(|| {
                format!("  page {by:?} (own: {own}, intruder: {rogue}) {first}..={last}: {offer:?}")
            });
        }
    }

    /// An honest page is told something.
    pub fn judge_event(&mut self, id: PageId, event: &Told) {
        let inside = self.pages.get(&id).is_some_and(|page| page.client.status().admitted);
        match event {
            Told::NotAllowed if self.from_stranger && inside => {
                self.fail(|| format!("page {id} believes a stranger who refuses it"));
            }
            Told::Unseated { reason } => {
                self.fail(|| format!("page {id} can't sit down: {reason}"));
            }
            Told::Unreadable { segments } => {
                self.explain(id);
                self.fail(|| format!("page {id} can't read {segments} segments of its disk"));
            }
            _ => {}
        }
    }
}
