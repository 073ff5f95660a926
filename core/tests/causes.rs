//! What an entry names as its causes: whom it keeps waiting.

#![allow(clippy::unwrap_used)]

use covey_core::documents::{Any, Document};
use covey_core::frame::Wire;
use covey_core::guard::{CODE_FILE, DocKind};
use covey_core::id::{DocName, RoomId, SeatId};
use covey_core::identity::{DeviceSecret, SeatKey, Signed};
use covey_core::ledger::{Entry, Ledger, Offer, Segment};
use covey_core::roster::{Genesis, Right, RosterAct};
use covey_core::seal::{ContentKey, EpochId};

/// One page: its log and its view of the code.
struct Writer {
    ledger: Ledger,
    view: Document,
    epoch: EpochId,
}

impl Writer {
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
            fresh.updates.iter().for_each(|(_, update)| self.view.apply(update).unwrap());
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

/// Somebody who has read all of a large paste, somebody who has read its first part only, the seat
/// that pastes, and the parts that are lacking.
fn half_read() -> (Writer, Writer, SeatId, [Vec<u8>; 2]) {
    let (root, seat, other) = (SeatKey::new([1; 32]), SeatKey::new([3; 32]), SeatKey::new([4; 32]));
    let room = RoomId(root.id().0);
    let member = DeviceSecret::new([2; 32]).member(room);
    let genesis = Genesis { owner: member.id(), exchange: member.exchange() };
    let epoch = genesis.epoch(room);
    let right = Right::Founder(Box::new(Signed::sign(genesis, &room.0, root.signer())));
    let pastes = other.id();
    let [mut all, mut some, mut paster] =
        [seat.id(), root.id(), pastes].map(|seat| Writer::new(room, epoch, seat));
    let act = RosterAct::enter(room, &member, seat.id(), right);
    let entrance = all.sit(seat, act);
    let mut segments = vec![entrance, all.edit(0, "begun")];
    segments.iter().for_each(|segment| assert_eq!(paster.take(segment), Offer::Accepted));
    let act = RosterAct::enter(room, &member, pastes, Right::Member);
    segments.push(paster.sit(other, act));
    let part = "a line of what is pasted\n".repeat(4_000);
    let [first, second, third] = [5, 100_005, 200_005].map(|at| paster.edit(at, &part));
    segments.push(first);
    segments.iter().for_each(|segment| assert_eq!(some.take(segment), Offer::Accepted));
    segments.extend([second.clone(), third.clone()]);
    segments[2..].iter().for_each(|segment| assert_eq!(all.take(segment), Offer::Accepted));
    assert_eq!(all.view.text(CODE_FILE).len(), 300_005);
    assert_eq!(some.view.text(CODE_FILE).len(), 100_005);
    (all, some, pastes, [second, third])
}

#[test]
fn a_key_waits_for_what_it_touches_of_a_paste_and_for_nothing_else() {
    let (mut all, mut some, pastes, [second, third]) = half_read();
    assert_eq!(some.take(&all.edit(0, "before it")), Offer::Accepted);
    assert_eq!(some.take(&all.edit(50_000, "in what both have")), Offer::Accepted);
    assert_eq!(some.take(&all.erase(60_000)), Offer::Accepted);
    assert_eq!(some.take(&all.erase(150_000)), Offer::Waiting(Some(pastes)));
    assert_eq!(some.take(&second), Offer::Accepted);
    assert_eq!(some.view.text(CODE_FILE).len(), 200_029);
    assert_eq!(some.take(&all.edit(250_000, "in the third part")), Offer::Waiting(Some(pastes)));
    assert_eq!(some.take(&third), Offer::Accepted);
    assert_eq!(some.view.text(CODE_FILE), all.view.text(CODE_FILE));
}

#[test]
fn what_goes_into_one_entry_names_the_causes_of_each_part() {
    let (mut all, mut some, pastes, _) = half_read();
    for at in [0, 250_000] {
        let update = all.view.edit(CODE_FILE, at, 0, "x");
        all.ledger.write(&DocName::Code, all.epoch, &update).unwrap();
    }
    all.ledger.flush();
    assert_eq!(some.take(&all.wrote().remove(0)), Offer::Waiting(Some(pastes)));
}

#[test]
fn a_message_names_all_that_was_seen() {
    let (mut all, _, pastes, _) = half_read();
    let author = all.ledger.member(pastes).unwrap();
    let mut chat = Document::new(DocKind::Chat, SeatKey::new([3; 32]).id().client());
    let root = format!("from/{}", author.0.map(|byte| format!("{byte:02x}")).concat());
    let update = chat.splice(&root, 0, 0, vec![Any::from("seen it")]);
    let segment = Segment::from_bytes(&all.write(&DocName::Chat, &update)).unwrap();
    let entry = Entry::from_bytes(&segment.entries[0]).unwrap();
    assert_eq!(entry.deps, [(pastes, 4)]);
}
