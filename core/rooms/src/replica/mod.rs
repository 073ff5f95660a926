//! One's replica of a room: the log, the documents that follow from it, and what waits for the disk or for others.
//!
//! [`Replica`] takes segments, edits and acknowledgements. After each, [`Replica::settle`] carries on whatever came of
//! it, and [`Replica::poll`] gives the [`Change`]s.

mod outbox;
mod reshow;
mod seat;
mod show;
mod storing;
mod write;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use litemap::LiteMap;

use self::outbox::Outbox;
use self::storing::{Segment, Storing};
use crate::broken::{Rule, is_broken};
use crate::documents::Document;
use crate::event::Event;
use crate::guard::DocKind;
use crate::identity::{Author, SeatKey};
use crate::ledger::{Fresh, Ledger, Line, Offer, Pack, Reason, Received};
use crate::roster::{RosterAct, Standing};
use crate::seal::{ContentKey, EpochId};
use covey_wire::id::{DocName, Hash, Head, MemberId, RoomId, SeatId};
use covey_wire::sorted::{SortedMap, SortedSet};
use covey_wire::time::Instant;

/// Edits gather this long after one was sent: a frame.
const GATHER: Duration = Duration::from_millis(16);

/// A result of something that the replica took.
#[derive(Debug)]
pub enum Change {
    /// Store a segment durably, then say [`Replica::stored`] with its token.
    Store {
        /// Names the segment.
        token: u64,
        /// The encoded segment.
        bytes: Arc<[u8]>,
    },
    /// This place in the log was filled by a peer.
    Arrived(usize),
    /// The disk has a seat's entries up to this one.
    Stored(Line, u64),
    /// Entries say something about members.
    Members,
    /// Something was refused, under this counter's name.
    Refused(&'static str),
    /// yrs failed on an update of this seat.
    Failed(SeatId),
    /// The branches of these seats have other names now.
    Reopened(Vec<SeatId>),
    /// A seat signed several histories.
    Forked(SeatId),
    /// For the page.
    Event(Event),
}

/// The owner of a replica.
#[derive(Debug, Clone, Copy)]
pub struct Owner {
    /// The room.
    pub room: RoomId,
    /// The member.
    pub member: MemberId,
    /// The seat.
    pub seat: SeatId,
}

/// The replica of one room.
pub struct Replica {
    own: Owner,
    ledger: Ledger,
    documents: LiteMap<DocName, Document>,
    /// Whether any document was written in.
    has_text: bool,
    /// Digests of updates that yrs failed on.
    left_out: SortedSet<Hash>,
    /// The key and the act to sit down with once one is a member.
    entering: Option<(SeatKey, RosterAct)>,
    /// Edits made before one was admitted.
    unadmitted: Vec<(DocName, Vec<u8>)>,
    outbox: Outbox,
    stored: SortedMap<Line, u64>,
    storing: Storing,
    packs: Vec<Pack>,
    /// How much of the log was carried on.
    routed: usize,
    /// When own entries were signed last.
    flushed: Instant,
    /// When the log was judged anew last.
    settled: Option<Instant>,
    out: VecDeque<Change>,
}

impl Replica {
    /// A replica of what the disk has of a room. There is no seat in it yet: see [`Replica::sit`].
    pub fn load<B: AsRef<[u8]>>(
        own: Owner,
        keys: &[ContentKey],
        acked: impl IntoIterator<Item = (SeatId, u64)>,
        segments: impl IntoIterator<Item = B>,
    ) -> Self {
        let mut ledger = Ledger::new(own.room);
        for key in keys {
            ledger.add_key(key.epoch(own.room), key.clone());
        }
        let mut replica = Self {
            own,
            ledger,
            documents: LiteMap::new(),
            has_text: false,
            left_out: SortedSet::new(),
            entering: None,
            unadmitted: Vec::new(),
            outbox: Outbox::new(acked),
            stored: SortedMap::new(),
            storing: Storing::default(),
            packs: Vec::new(),
            routed: 0,
            flushed: Instant(0),
            settled: None,
            out: VecDeque::new(),
        };
        let mut refused = 0;
        for segment in segments {
            let offer = replica.ledger.offer(segment.as_ref());
            refused += usize::from(matches!(offer, Offer::Refused(_)));
        }
        replica.load_fresh();
        // Nobody was there to be told, and nothing was shown before.
        let newer =
            replica.out.drain(..).any(|change| matches!(change, Change::Event(Event::Newer)));
        if newer {
            replica.emit(Event::Newer);
        } else {
            refused += replica.ledger.waiting_count();
        }
        if refused > 0 {
            replica.emit(Event::Unreadable { segments: refused });
        }
        replica.packs = replica.ledger.pack();
        replica.routed = replica.ledger.log().len();
        replica
    }

    /// Carries on what was read from the disk.
    fn load_fresh(&mut self) {
        loop {
            while let Some(fresh) = self.ledger.poll() {
                let stored = self.stored.or_default((fresh.seat, fresh.line));
                *stored = (*stored).max(fresh.last);
                self.add_to_outbox(&fresh);
                self.show_all((fresh.seat, fresh.client), &fresh.updates);
            }
            self.drain_refusals();
            if !self.reshow() {
                return;
            }
        }
    }

    /// Another page of this device stored segments, which are checked like all that the disk has. What they
    /// build on may come later, from there or from a peer.
    pub fn load_more(&mut self, segments: &[Vec<u8>]) {
        for bytes in segments {
            if let Offer::Refused(reason) = self.ledger.offer(bytes) {
                self.out.push_back(Change::Refused(reason.name()));
            }
        }
    }

    /// A peer handed on a segment, and the member that the peer is if that is known.
    pub fn offer(
        &mut self,
        from: SeatId,
        member: Option<MemberId>,
        received: &Arc<Received>,
    ) -> Offer {
        self.ledger.offer_from(from, member, received)
    }

    /// Forgets what a peer let wait.
    pub fn clear_peer(&mut self, seat: SeatId) {
        self.ledger.clear_peer(seat);
    }

    /// The disk has the segment of this token, and all before it.
    pub fn stored(&mut self, token: u64) {
        while let Some(Segment { seat, line, last, .. }) = self.storing.done(token) {
            let stored = self.stored.or_default((seat, line));
            *stored = (*stored).max(last);
            self.out.push_back(Change::Stored((seat, line), last));
            self.emit(Event::Status);
        }
    }

    /// Another installation has entries: those of one's own do not wait any more.
    pub fn acknowledged(&mut self, has: &[(Line, u64)]) {
        let (before, own) = (self.outbox.waiting(), self.own);
        for ((seat, _), seq) in has {
            let (author, held) = (self.ledger.member(*seat), self.ledger.held(*seat));
            if author == Some(own.member) {
                self.outbox.ack(*seat, (*seq).min(held));
            }
            let maybe_own = author.is_none_or(|author| author == own.member);
            if maybe_own && *seq > held && *seat != own.seat {
                self.outbox.ack_ahead(*seat, *seq);
            }
        }
        if self.outbox.waiting() != before {
            self.emit(Event::Status);
        }
    }

    /// Carries on whatever came into the log, until nothing does any more.
    pub fn settle(&mut self, now: Instant) {
        loop {
            while let Some(fresh) = self.ledger.poll() {
                self.carry_on(fresh);
            }
            self.drain_refusals();
            if self.reshow_if_due(now) {
                continue;
            }
            if !(self.enter_if_admitted() || self.write_unadmitted()) {
                return;
            }
            self.ledger.flush();
        }
    }

    /// Signs one's own entries if that is due.
    pub fn flush_if_due(&mut self, now: Instant) {
        if self.ledger.has_open() && now >= self.flushed + GATHER {
            self.flush(now);
        }
    }

    /// Signs one's own entries now.
    pub fn flush(&mut self, now: Instant) {
        self.ledger.flush();
        self.flushed = now;
    }

    /// When [`Replica::flush_if_due`] or [`Replica::settle`] wants to be called.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let flush = self.ledger.has_open().then(|| self.flushed + GATHER);
        let settle = self.ledger.is_parted().then(|| self.settle_due());
        [flush, settle].into_iter().flatten().min()
    }

    /// The next change.
    pub fn poll(&mut self) -> Option<Change> {
        self.out.pop_front()
    }

    fn carry_on(&mut self, fresh: Fresh) {
        let place = self.routed;
        self.routed += 1;
        let own = fresh.is_by(self.own.seat);
        self.add_to_outbox(&fresh);
        if !own {
            self.out.push_back(Change::Arrived(place));
        }
        let Fresh { seat, line, client, first, last, bytes, updates, roster } = fresh;
        let token = self.storing.add(Segment { seat, line, first, last, own });
        if is_broken(Rule::Durability) {
            self.out.push_back(Change::Stored((seat, line), last));
        }
        self.out.push_back(Change::Store { token, bytes });
        self.show_all((seat, client), &updates);
        if roster {
            self.out.push_back(Change::Members);
        }
    }

    fn add_to_outbox(&mut self, fresh: &Fresh) {
        if self.ledger.member(fresh.seat) == Some(self.own.member) && !fresh.roster {
            self.outbox.add(fresh.seat, fresh.first, fresh.last);
            self.emit(Event::Status);
        }
    }

    fn drain_refusals(&mut self) {
        while let Some((_, reason)) = self.ledger.poll_refused() {
            self.out.push_back(Change::Refused(reason.name()));
        }
        if self.ledger.drain_newer() {
            self.emit(Event::Newer);
        }
    }

    fn emit(&mut self, event: Event) {
        self.out.push_back(Change::Event(event));
    }

    /// The log.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The log, to be written in by whoever breaks the rules.
    #[cfg(feature = "misbehave")]
    pub fn ledger_mut(&mut self) -> &mut Ledger {
        &mut self.ledger
    }

    /// Notes that segments refused for want of room are asked for again.
    pub fn asked_again(&mut self) {
        self.ledger.asked_again();
    }

    /// One's own standing by all that is known here.
    pub fn standing(&self) -> Option<Standing> {
        self.ledger.standing(self.own.member)
    }

    /// The epoch that one writes in, where it is known.
    pub fn epoch(&self) -> Option<EpochId> {
        self.ledger.epoch()
    }

    /// The last entry of each seat that the disk has.
    pub fn stored_heads(&self) -> Vec<Head> {
        let head = |((seat, line), seq): (&Line, &u64)| self.ledger.head_at(*seat, *line, *seq);
        self.stored.iter().filter_map(head).collect()
    }

    /// All segments that are held, causes first.
    pub fn segments(&self) -> Vec<Arc<[u8]>> {
        self.ledger.log().iter().map(|held| held.bytes.clone()).collect()
    }

    /// Segments that were joined when the room was loaded, for the disk.
    pub fn drain_packs(&mut self) -> Vec<Pack> {
        core::mem::take(&mut self.packs)
    }

    /// Everything of a document as one update, for a new view, with what was written before one was
    /// admitted: the view's clocks go on from there.
    pub fn state(&mut self, name: &DocName) -> Option<Vec<u8>> {
        let state = self.document(name)?.state();
        let mut early = self.unadmitted.iter().filter(|(of, _)| of == name).peekable();
        if early.peek().is_none() {
            return Some(state);
        }
        let mut view = Document::new(DocKind::of(name)?, self.own.seat.client());
        for update in [&state].into_iter().chain(early.map(|(_, update)| update)) {
            // One's own, and not judged yet: what yrs can't read is refused when it is.
            let _ = view.apply(update);
        }
        Some(view.state())
    }

    /// The text of a root of a document.
    pub fn text(&mut self, name: &DocName, root: &str) -> Option<String> {
        Some(self.document(name)?.text(root))
    }

    /// Own edits no other installation has.
    pub fn waiting(&self) -> u64 {
        self.outbox.waiting() + self.ledger.open_count() + self.unadmitted.len() as u64
    }

    /// Own edits the disk does not have.
    pub fn unsaved(&self) -> u64 {
        self.storing.own() + self.ledger.open_count() + self.unadmitted.len() as u64
    }

    /// Whether an own edit waits for somebody's acknowledgement.
    pub fn awaits_acknowledgement(&self) -> bool {
        self.outbox.waiting() > 0
    }

    /// Whether any document was written in.
    pub fn has_text(&self) -> bool {
        self.has_text
    }

    /// The digest of each document's canonical content.
    pub fn digests(&self) -> SortedMap<String, Hash> {
        self.documents
            .iter()
            .map(|(name, document)| (name.to_string(), document.digest()))
            .collect()
    }

    /// The entries of one's own seats that other installations have, for keeping.
    pub fn acks(&self) -> impl Iterator<Item = (SeatId, u64)> + '_ {
        self.outbox.acks()
    }

    /// Whether that changed since the last call.
    pub fn drain_changed(&mut self) -> bool {
        self.outbox.drain_changed()
    }
}

impl From<Reason> for Change {
    fn from(reason: Reason) -> Self {
        Change::Refused(reason.name())
    }
}

#[cfg(test)]
mod tests;
