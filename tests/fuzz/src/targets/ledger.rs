//! A log under attack: two replicas that must agree, and an honest author who must be heard.

use std::collections::BTreeMap;

use covey_core::documents::{DocKind, Document};
use covey_core::guard::CODE_FILE;
use covey_core::id::{ClientId, DocName, SeatId};
use covey_core::ledger::{Ledger, Offer};

use super::seal::INFLATED;
use crate::forge::{self, room};
use crate::memory;

/// A bystander's replica and that of Ben, who goes on writing.
pub struct Attacked {
    bystander: Replica,
    ben: Replica,
    seat: SeatId,
    /// What Ben wrote and the bystander has not heard.
    unheard: Vec<Vec<u8>>,
    apart: bool,
}

impl Attacked {
    /// Everyone has heard everything so far. Where they are `apart`, the bystander hears what Ben
    /// writes only after the attack.
    pub fn new(apart: bool) -> Self {
        let (ledger, seat) = forge::ben_writes(room());
        let ben = Replica { ledger, client: seat.client(), documents: BTreeMap::new() };
        let ledger = room().replica();
        let bystander = Replica { ledger, client: ClientId(7), documents: BTreeMap::new() };
        let mut attacked = Self { bystander, ben, seat, unheard: Vec::new(), apart };
        attacked.write("before ");
        attacked
    }

    /// A segment from Mallory reaches both.
    pub fn offer(&mut self, bytes: &[u8]) -> Offer {
        let offer = |replica: &mut Replica| {
            let offer = || replica.ledger.offer(bytes);
            memory::bounded_with(bytes.len(), INFLATED, offer)
        };
        let (here, there) = (offer(&mut self.bystander), offer(&mut self.ben));
        assert!(self.apart || here == there, "replicas differ: {here:?} and {there:?}");
        let again = self.bystander.ledger.offer(bytes);
        assert!(again != Offer::Accepted, "taken twice");
        here
    }

    /// Ben writes on, everyone hears it, and all have the same; the bystander's log is returned.
    pub fn end(mut self) -> Ledger {
        self.apart = false;
        self.write("after ");
        self.bystander.take();
        assert_eq!(sorted(&self.bystander.ledger), sorted(&self.ben.ledger), "logs differ");
        for (name, document) in &self.bystander.documents {
            let other = self.ben.documents.get(name).map(Document::digest);
            assert_eq!(Some(document.digest()), other, "{name} differs");
        }
        let text = self.bystander.document(&DocName::Code).text(CODE_FILE);
        assert!(text.contains("before ") && text.contains("after "), "an honest edit is lost");
        self.bystander.ledger
    }

    fn write(&mut self, word: &str) {
        self.hear_ben();
        let update = self.ben.document(&DocName::Code).edit(CODE_FILE, 0, 0, word);
        let written = self.ben.ledger.write(&DocName::Code, room().epoch, &update);
        written.expect("an honest edit is admissible");
        self.ben.ledger.flush();
        self.hear_ben();
        if !self.apart {
            for segment in core::mem::take(&mut self.unheard) {
                let heard = self.bystander.ledger.offer(&segment);
                assert_eq!(heard, Offer::Accepted, "an honest segment is refused");
            }
        }
    }

    fn hear_ben(&mut self) {
        let seat = self.seat;
        let own = self.ben.take().into_iter().filter(|(author, _)| *author == seat);
        self.unheard.extend(own.map(|(_, segment)| segment));
    }
}

/// A log and the documents in it.
struct Replica {
    ledger: Ledger,
    client: ClientId,
    documents: BTreeMap<DocName, Document>,
}

impl Replica {
    /// Brings documents up to the log; returns the new segments.
    fn take(&mut self) -> Vec<(SeatId, Vec<u8>)> {
        let mut segments = Vec::new();
        while let Some(fresh) = self.ledger.poll() {
            for (name, update) in &fresh.updates {
                self.document(name).apply(update).expect("what is admissible applies");
            }
            segments.push((fresh.seat, fresh.bytes.to_vec()));
        }
        while self.ledger.poll_refused().is_some() {}
        segments
    }

    fn document(&mut self, name: &DocName) -> &mut Document {
        self.documents.entry(name.clone()).or_insert_with(|| {
            let kind = DocKind::of(name).expect("there are rules for what is admissible");
            Document::new(kind, self.client)
        })
    }
}

fn sorted(ledger: &Ledger) -> BTreeMap<SeatId, u64> {
    ledger.heads().into_iter().collect()
}
