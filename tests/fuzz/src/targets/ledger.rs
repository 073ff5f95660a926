//! A log under attack: replicas that must agree in whatever order they hear of things, and an honest
//! author who must be heard.
//!
//! ```text
//!   Mallory ─► bystander ┐ one after the other;
//!           ─► Ben       ┘ what is refused leaves both as they were
//!   in the end: late     hears all that was said, in any order, and what is refused as well
//!               reloaded reads the bystander's log, in any order
//! ```

use covey_rooms::identity::Author;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use covey_rooms::documents::{DocKind, Document};
use covey_rooms::guard::CODE_FILE;
use covey_rooms::ledger::{Fresh, Ledger, Offer, Received};
use covey_rooms::roster::Standing;
use covey_wire::id::{ClientId, CustomName, DocName, Hash, Head, MemberId, SeatId, ShortHash};

use super::seal::INFLATED;
use crate::forge::{self, Person, is_accepted, room};
use crate::memory;
use crate::rng::Rng;

/// Bytes that may stay of a refused segment besides its name: vectors don't give back what they grew by.
const LEFT_OVER: usize = 64 << 10;

/// A bystander's replica and that of Ben, who goes on writing.
pub struct Attacked {
    bystander: Replica,
    ben: Replica,
    seat: SeatId,
    /// What Ben wrote and the bystander has not heard.
    unheard: Vec<Vec<u8>>,
    /// All that anybody said since the beginning.
    said: Vec<Vec<u8>>,
    /// Ben's words.
    written: Vec<Written>,
    apart: bool,
    /// Whether the bystander judges a seat of several histories as soon as it can.
    hurries: bool,
}

/// Something of Ben's.
#[derive(Debug, Clone)]
pub struct Written {
    /// Its last entry.
    pub head: Head,
    /// The lamport there.
    pub lamport: u64,
    /// The authors whose blocks are in it.
    pub client: ClientId,
    /// Its changes to the code.
    pub update: Vec<u8>,
}

impl Attacked {
    /// Everyone has heard everything so far. The bystander may hear what Ben writes only after the
    /// attack.
    pub fn new(rng: &mut Rng) -> Self {
        let (ledger, seat) = forge::ben_writes(room());
        let ben = Replica::new(ledger, seat.client());
        let bystander = Replica::new(room().replica(), ClientId(7));
        let (unheard, said, written) = (Vec::new(), Vec::new(), Vec::new());
        let (apart, hurries) = (rng.one_in(2), rng.one_in(2));
        let mut attacked = Self { bystander, ben, seat, unheard, said, written, apart, hurries };
        let first = attacked.ben.document(&own_notes()).set("map", "before", Some(true.into()));
        let written = attacked.ben.ledger.write(&own_notes(), room().epoch, &first);
        written.expect("an honest edit is admissible");
        attacked.write(0, "before ");
        attacked
    }

    /// A segment from Mallory reaches both.
    pub fn offer(&mut self, bytes: &[u8]) -> Offer {
        self.said.push(bytes.to_vec());
        let (here, there) = (self.bystander.hear(bytes), self.ben.hear(bytes));
        // A replica that has not settled yet can't tell.
        let later = self.bystander.ledger.is_parted() && matches!(here, Offer::Waiting(_));
        let same = self.apart || here == there || later;
        assert!(same, "replicas differ: {here:?} and {there:?}");
        let again = self.bystander.ledger.offer(bytes);
        assert!(!is_accepted(again), "taken twice");
        self.ben.take();
        self.ben.settle();
        self.bystander.take();
        if self.hurries {
            self.bystander.settle();
        }
        here
    }

    /// Ben writes in the middle of it.
    pub fn go_on(&mut self, rng: &mut Rng) {
        self.write(rng.below(40) as u32, "amid ");
    }

    /// Ben's words so far.
    pub fn written(&self) -> &[Written] {
        &self.written
    }

    /// Ben writes on, everyone hears it, and all have the same; the bystander's log is returned.
    pub fn end(mut self, rng: &mut Rng) -> Ledger {
        self.apart = false;
        self.write(0, "after ");
        for replica in [&mut self.bystander, &mut self.ben] {
            replica.take();
            replica.settle();
        }
        let seen = self.bystander.state();
        assert!(
            seen == self.ben.state(),
            "Ben has other things: {}",
            seen.apart(&self.ben.state())
        );
        let text = self.bystander.document(&DocName::Code).text(CODE_FILE);
        assert!(text.starts_with("after "), "an honest edit is lost: {text}");
        let first = self.bystander.document(&own_notes()).map("map");
        assert!(first.contains_key("before"), "the first honest edit is lost");
        let honest = [Person::Owner, Person::Ben, Person::Vera].map(|p| p.seat().id());
        for seat in honest.into_iter().chain([self.seat]) {
            assert!(!self.bystander.ledger.is_closed(seat), "an honest seat is closed");
        }
        self.rebuilt(&seen);
        if rng.one_in(2) {
            let mut late = Replica::new(room().empty(), ClientId(8));
            let all = room().log.iter().chain(&self.said).cloned().collect();
            late.hear_shuffled(rng, all);
            assert!(seen == late.state(), "order matters: {}", seen.apart(&late.state()));
        } else {
            let mut reloaded = Replica::new(room().empty(), ClientId(8));
            let log = self.bystander.ledger.log().iter().map(|held| held.bytes.to_vec()).collect();
            reloaded.hear_shuffled(rng, log);
            assert!(seen == reloaded.state(), "reloaded: {}", seen.apart(&reloaded.state()));
            assert_eq!(reloaded.ledger.waiting_count(), 0, "the log is not whole");
        }
        self.bystander.ledger
    }

    /// The documents shown are those that the log gives.
    fn rebuilt(&self, seen: &State) {
        for (name, digest) in &seen.documents {
            let mut document = new(name, ClientId(9));
            for update in self.bystander.ledger.updates(name) {
                document.apply(&update).expect("what is admissible applies");
            }
            assert_eq!(document.digest(), *digest, "{name} is rebuilt otherwise");
        }
    }

    fn write(&mut self, at: u32, word: &str) {
        self.hear_ben(&[]);
        let document = self.ben.document(&DocName::Code);
        let length = document.text(CODE_FILE).chars().count() as u32;
        let update = document.edit(CODE_FILE, at.min(length), 0, word);
        let written = self.ben.ledger.write(&DocName::Code, room().epoch, &update);
        written.expect("an honest edit is admissible");
        self.ben.ledger.flush();
        self.hear_ben(&update);
        if !self.apart {
            for segment in core::mem::take(&mut self.unheard) {
                let later = self.bystander.ledger.is_parted();
                let heard = self.bystander.hear(&segment);
                // Before that is settled nobody can tell.
                let waits = later && matches!(heard, Offer::Waiting(_));
                assert!(is_accepted(heard) || waits, "an honest segment is refused: {heard:?}");
            }
        }
    }

    fn hear_ben(&mut self, update: &[u8]) {
        let own = self.ben.take().into_iter().filter(|fresh| fresh.seat == self.seat);
        for fresh in own {
            self.unheard.push(fresh.bytes.to_vec());
            self.said.push(fresh.bytes.to_vec());
            let ledger = &self.ben.ledger;
            let head = ledger.head_at(fresh.seat, fresh.line, fresh.last);
            let lamport = fresh.lamport();
            if let (Some(head), Some(lamport), false) = (head, lamport, update.is_empty()) {
                let (client, update) = (fresh.seat.client(), update.to_vec());
                self.written.push(Written { head, lamport, client, update });
            }
        }
    }
}

trait Last {
    fn lamport(&self) -> Option<u64>;
}

impl Last for Fresh {
    fn lamport(&self) -> Option<u64> {
        use covey_rooms::ledger::{Entry, Segment};
        use covey_wire::frame::Wire as _;
        let segment = Segment::from_bytes(&self.bytes).ok()?;
        Some(Entry::from_bytes(segment.entries.last()?).ok()?.lamport)
    }
}

/// A log and the documents in it.
struct Replica {
    ledger: Ledger,
    client: ClientId,
    documents: BTreeMap<DocName, Document>,
}

/// The state that all replicas agree on that heard the same.
#[derive(Debug, PartialEq, Eq)]
struct State {
    heads: Vec<Head>,
    entries: u64,
    closed: BTreeSet<SeatId>,
    standings: Vec<(MemberId, Option<Standing>)>,
    documents: BTreeMap<DocName, Hash>,
}

impl State {
    /// In what two differ.
    fn apart(&self, other: &Self) -> String {
        let both = [
            ("heads", self.heads == other.heads),
            ("entries", self.entries == other.entries),
            ("closed", self.closed == other.closed),
            ("standings", self.standings == other.standings),
            ("documents", self.documents == other.documents),
        ];
        let differ: Vec<_> = both.iter().filter(|(_, same)| !same).map(|(what, _)| *what).collect();
        let heads = (self.heads.len(), other.heads.len());
        let seqs = |state: &Self| state.heads.iter().map(|head| head.seq).collect::<Vec<_>>();
        format!("{differ:?}, heads {heads:?} {:?} {:?}", seqs(self), seqs(other))
    }
}

/// The state that a refusal must leave as it was.
#[derive(Debug, PartialEq, Eq)]
struct Trace {
    heads: Vec<Head>,
    entries: u64,
    seats: usize,
    log: Vec<(SeatId, ShortHash, u64, Arc<[u8]>)>,
    standings: Vec<(MemberId, Option<Standing>)>,
    spent: Vec<usize>,
    closed: Vec<bool>,
    parted: bool,
    epoch: Option<covey_rooms::seal::EpochId>,
}

impl Replica {
    fn new(ledger: Ledger, client: ClientId) -> Self {
        Self { ledger, client, documents: BTreeMap::new() }
    }

    /// A segment comes; if it is refused nothing is left of it.
    fn hear(&mut self, bytes: &[u8]) -> Offer {
        let (before, waiting) = (self.trace(), self.waiting());
        let held = memory::held();
        let from = Some(Person::Mallory.member().id());
        let offer = || match Received::read(bytes) {
            Ok(received) => self.ledger.offer_from(SeatId([9; 32]), from, &received),
            Err(reason) => Offer::Refused(reason),
        };
        let offer = memory::bounded_with(bytes.len(), INFLATED, offer);
        if is_accepted(offer) {
            return offer;
        }
        assert!(before == self.trace(), "{offer:?} changed the log");
        let let_go = self.ledger.poll_refused().is_some();
        if matches!(offer, Offer::Refused(_) | Offer::Known) {
            let left = memory::held().saturating_sub(held);
            assert!(left <= LEFT_OVER, "{left} bytes are left of {} refused", bytes.len());
            let now = self.waiting();
            assert!(waiting == now || let_go && now.0 < waiting.0, "{offer:?} waits");
        }
        offer
    }

    /// Hears all of these, each at any time; looks at what was found out at any time.
    fn hear_shuffled(&mut self, rng: &mut Rng, mut all: Vec<Vec<u8>>) {
        while !all.is_empty() {
            let next = all.swap_remove(rng.below(all.len()));
            self.ledger.offer(&next);
            if rng.one_in(4) {
                self.take();
                self.settle();
            }
        }
        self.take();
        self.settle();
    }

    fn waiting(&self) -> (usize, usize) {
        (self.ledger.waiting_count(), self.ledger.waiting_bytes())
    }

    fn trace(&self) -> Trace {
        let ledger = &self.ledger;
        let heads = ledger.heads();
        let log = ledger.log().iter();
        Trace {
            entries: ledger.entry_count(),
            seats: ledger.seat_count(),
            log: log.map(|held| (held.seat, held.line, held.last, held.bytes.clone())).collect(),
            standings: self.standings(),
            spent: heads.iter().map(|head| ledger.bytes_of(head.seat)).collect(),
            closed: heads.iter().map(|head| ledger.is_closed(head.seat)).collect(),
            parted: ledger.is_parted(),
            epoch: ledger.epoch(),
            heads,
        }
    }

    fn standings(&self) -> Vec<(MemberId, Option<Standing>)> {
        let members = self.ledger.roster().members();
        members.into_iter().map(|member| (member, self.ledger.standing(member))).collect()
    }

    fn state(&self) -> State {
        let mut heads = self.ledger.heads();
        heads.sort();
        let closed = heads.iter().map(|head| head.seat);
        // Nothing is in a document of which no update counts.
        let documents = self.documents.iter().map(|(name, of)| (name.clone(), of.digest()));
        let empty = |name: &DocName| new(name, ClientId(9)).digest();
        State {
            entries: self.ledger.entry_count(),
            closed: closed.filter(|seat| self.ledger.is_closed(*seat)).collect(),
            standings: self.standings(),
            documents: documents.filter(|(name, digest)| *digest != empty(name)).collect(),
            heads,
        }
    }

    /// Brings documents up to the log; returns what is new.
    fn take(&mut self) -> Vec<Fresh> {
        let mut all = Vec::new();
        while let Some(fresh) = self.ledger.poll() {
            self.show(&fresh);
            all.push(fresh);
        }
        while self.ledger.poll_refused().is_some() {}
        all
    }

    /// Shows everything anew if a seat turned out to have several histories; nothing is lost by that.
    fn settle(&mut self) {
        loop {
            let (before, entries) = (self.ledger.heads(), self.ledger.entry_count());
            let Some((_, fresh)) = self.ledger.settle() else { return };
            let lost = before.iter().filter(|head| !self.ledger.has(head)).count();
            assert!(lost == 0 && entries <= self.ledger.entry_count(), "settling loses entries");
            self.documents.clear();
            fresh.iter().for_each(|fresh| self.show(fresh));
            // Segments that could not be judged before.
            self.take();
        }
    }

    fn show(&mut self, fresh: &Fresh) {
        for (name, update) in &fresh.updates {
            self.document(name).apply(update).expect("what is admissible applies");
        }
    }

    fn document(&mut self, name: &DocName) -> &mut Document {
        let client = self.client;
        self.documents.entry(name.clone()).or_insert_with(|| new(name, client))
    }
}

/// Where nobody but Ben writes.
fn own_notes() -> DocName {
    DocName::Custom(CustomName::new("ben").expect("a sound name"))
}

fn new(name: &DocName, client: ClientId) -> Document {
    Document::new(DocKind::of(name).expect("there are rules for what is admissible"), client)
}
