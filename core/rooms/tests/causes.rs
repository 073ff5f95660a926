//! What an entry names as its causes: whom it keeps waiting.

#![allow(clippy::unwrap_used)]

use covey_rooms::documents::{Any, Document};
use covey_rooms::guard::{CODE_FILE, DocKind};
use covey_rooms::identity::{Author, DeviceSecret, SeatKey, Signed};
use covey_rooms::ledger::{Entry, Ledger, Offer, Segment};
use covey_rooms::roster::{Genesis, Right, RosterAct};
use covey_rooms::seal::{ContentKey, EpochId};
use covey_wire::frame::Wire;
use covey_wire::id::{DocName, RoomId, SeatId};

/// One page: its log and its view of the code.
struct Writer {
    ledger: Ledger,
    view: Document,
    epoch: EpochId,
}

impl Writer {
    /// Nobody yet, or only a reader.
    fn new(room: RoomId, epoch: EpochId, seat: SeatId) -> Self {
        let mut ledger = Ledger::new(room);
        ledger.add_key(epoch, ContentKey::new([5; 32]));
        Self { ledger, view: Document::new(DocKind::Code, seat.client()), epoch }
    }

    fn sit(&mut self, seat: SeatKey, act: RosterAct) -> Vec<u8> {
        self.ledger.sit(seat, act).unwrap();
        self.ledger.flush();
        self.wrote().remove(0)
    }

    /// Takes a segment; tells what became of it.
    fn take(&mut self, segment: &[u8]) -> Offer {
        let offer = self.ledger.offer(segment);
        self.wrote();
        offer
    }

    /// The segments that came into the log; what they say is in the view.
    fn wrote(&mut self) -> Vec<Vec<u8>> {
        let mut segments = Vec::new();
        while let Some(fresh) = self.ledger.poll() {
            let code = fresh.updates.iter().filter(|(name, _)| *name == DocName::Code);
            code.for_each(|(_, update)| self.view.apply(update).unwrap());
            segments.push(fresh.bytes.to_vec());
        }
        segments
    }

    fn edit(&mut self, at: u32, text: &str) -> Vec<u8> {
        let update = self.view.edit(CODE_FILE, at, 0, text);
        self.write(&DocName::Code, &update)
    }

    fn erase(&mut self, at: u32) -> Vec<u8> {
        let update = self.view.edit(CODE_FILE, at, 1, "");
        self.write(&DocName::Code, &update)
    }

    fn write(&mut self, name: &DocName, update: &[u8]) -> Vec<u8> {
        self.ledger.write(name, self.epoch, update).unwrap();
        self.ledger.flush();
        self.wrote().remove(0)
    }
}

/// Three seats of one member, while one pastes.
struct Scene {
    /// Who has read all of it.
    all: Writer,
    /// Who has read the first of three parts.
    some: Writer,
    paster: Writer,
    /// The seats of the latter two.
    others: [SeatId; 2],
    /// What is lacking.
    parts: [Vec<u8>; 2],
}

fn half_read() -> Scene {
    let root = SeatKey::new([1; 32]);
    let seats = [3, 4, 5].map(|n| SeatKey::new([n; 32]));
    let [_, some_seat, pastes] = [0, 1, 2].map(|n| seats[n].id());
    let room = RoomId(root.id().0);
    let member = DeviceSecret::new([2; 32]).member(room);
    let epoch = ContentKey::new([5; 32]).epoch(room);
    let genesis = Genesis { owner: member.id(), exchange: member.exchange(), epoch };
    let founder = Right::Founder(Box::new(Signed::sign(genesis, &room.0, root.signer())));
    let mut writers = seats.each_ref().map(|seat| Writer::new(room, epoch, seat.id()));
    let rights = [founder, Right::Member, Right::Member];
    for ((n, seat), right) in (0..).zip(seats).zip(rights) {
        let act = RosterAct::enter(room, &member, seat.id(), right);
        let entrance = writers[n].sit(seat, act);
        give(&mut writers, n, &entrance);
    }
    let begun = writers[0].edit(0, "begun");
    give(&mut writers, 0, &begun);
    let [mut all, mut some, mut paster] = writers;
    let parts = [5, 100_005, 200_005].map(|at| paster.edit(at, &part()));
    parts.iter().for_each(|part| assert!(accepted(all.take(part))));
    let [first, second, third] = parts;
    assert!(accepted(some.take(&first)));
    assert_eq!(all.view.text(CODE_FILE).len(), 300_005);
    assert_eq!(some.view.text(CODE_FILE).len(), 100_005);
    Scene { all, some, paster, others: [some_seat, pastes], parts: [second, third] }
}

/// A hundred thousand characters.
fn part() -> String {
    "a line of what is pasted\n".repeat(4_000)
}

/// The others take what one wrote; who isn't there yet takes it first.
fn give(writers: &mut [Writer; 3], by: usize, segment: &[u8]) {
    for (n, writer) in writers.iter_mut().enumerate().filter(|(n, _)| *n != by) {
        assert!(accepted(writer.take(segment)), "{n}");
    }
}

fn deps(segment: &[u8]) -> Vec<(SeatId, u64)> {
    let entry = Entry::from_bytes(&Segment::from_bytes(segment).unwrap().entries[0]).unwrap();
    entry.deps.iter().map(|head| (head.seat, head.seq)).collect()
}

fn waits(offer: Offer, on: SeatId) -> bool {
    matches!(offer, Offer::Waiting(head) if head.seat == on)
}

fn accepted(offer: Offer) -> bool {
    matches!(offer, Offer::Accepted(_))
}

#[test]
fn a_key_waits_for_what_it_touches_of_a_paste_and_for_nothing_else() {
    let Scene { mut all, mut some, others: [_, pastes], parts: [second, third], .. } = half_read();
    assert!(accepted(some.take(&all.edit(0, "before it"))));
    assert!(accepted(some.take(&all.edit(50_000, "in what both have"))));
    assert!(accepted(some.take(&all.erase(60_000))));
    assert!(waits(some.take(&all.erase(150_000)), pastes));
    assert!(accepted(some.take(&second)));
    assert_eq!(some.view.text(CODE_FILE).len(), 200_029);
    assert!(waits(some.take(&all.edit(250_000, "in the third part")), pastes));
    assert!(accepted(some.take(&third)));
    assert_eq!(some.view.text(CODE_FILE), all.view.text(CODE_FILE));
}

#[test]
fn an_entry_names_the_causes_of_each_of_its_parts() {
    let Scene { mut all, mut some, others: [_, pastes], .. } = half_read();
    for at in [0, 250_000] {
        let update = all.view.edit(CODE_FILE, at, 0, "x");
        all.ledger.write(&DocName::Code, all.epoch, &update).unwrap();
    }
    all.ledger.flush();
    assert!(waits(some.take(&all.wrote().remove(0)), pastes));
}

#[test]
fn causes_of_bulk_are_named_all_the_same() {
    let Scene { mut all, mut some, mut paster, others, .. } = half_read();
    let key = some.edit(0, "k");
    assert!(accepted(paster.take(&key)));
    let bulk = paster.edit(0, &part());
    assert_eq!(deps(&bulk), [(others[0], 2)]);
    assert!(accepted(all.take(&key)));
    assert!(accepted(all.take(&bulk)));
    let elsewhere = all.edit(100_004, "in what was begun");
    assert_eq!(deps(&elsewhere), [(others[0], 2)]);
    let beside = all.edit(100_001, "beside the key");
    assert!(accepted(some.take(&elsewhere)));
    assert!(accepted(some.take(&beside)));
}

#[test]
fn an_update_that_replaces_a_large_value_names_it() {
    let Scene { mut all, mut some, mut paster, others: [_, pastes], .. } = half_read();
    let [mut theirs, mut ours] =
        [5, 3].map(|n| Document::new(DocKind::Board, SeatKey::new([n; 32]).id().client()));
    let large = theirs.set("files", "picture", Some(Any::from(part())));
    let last = paster.write(&DocName::Board, &large);
    assert!(accepted(all.take(&last)));
    let other = ours.set("files", "another", Some(Any::from("small")));
    assert!(accepted(some.take(&all.write(&DocName::Board, &other))));
    ours.apply(&large).unwrap();
    let instead = ours.set("files", "picture", Some(Any::from("small")));
    let instead = all.write(&DocName::Board, &instead);
    assert_eq!(deps(&instead), [(pastes, 5)]);
    assert!(waits(some.take(&instead), pastes));
}

#[test]
fn a_message_names_all_that_was_seen() {
    let Scene { mut all, others: [_, pastes], .. } = half_read();
    let author = all.ledger.member(pastes).unwrap();
    let client = SeatKey::new([3; 32]).id().client();
    let mut chat = Document::new(DocKind::Chat, client);
    let root = format!("from/{}", author.0.map(|byte| format!("{byte:02x}")).concat());
    let update = chat.splice(&root, 0, 0, vec![Any::from("seen it")]);
    assert_eq!(deps(&all.write(&DocName::Chat, &update)), [(pastes, 4)]);
}
