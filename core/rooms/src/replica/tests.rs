//! The machine driven alone: segments, edits and acknowledgements in, changes out.

use super::*;
use crate::capability::{Chain, Grant, Role, Terms, link_key};
use crate::guard::CODE_FILE;
use crate::identity::{DeviceSecret, Signed};
use crate::ledger::Received;
use crate::roster::{Genesis, Right, claim};

const NOW: Instant = Instant(10_000);

/// A member's page with its view of the code.
struct Page {
    replica: Replica,
    view: Document,
}

impl Page {
    fn new(room: RoomId, key: &ContentKey, person: u8, right: impl FnOnce() -> Right) -> Self {
        let member = DeviceSecret::new([person; 32]).member(room);
        let seat = SeatKey::new([person + 100; 32]);
        let own = Owner { room, member: member.id(), seat: seat.id() };
        let mut replica =
            Replica::load(own, core::slice::from_ref(key), [], core::iter::empty::<Vec<u8>>());
        let enter = RosterAct::enter(room, &member, seat.id(), right());
        let view = Document::new(DocKind::Code, own.seat.client());
        replica.sit(seat, enter).expect("nothing speaks against it");
        Self { replica, view }
    }

    fn writes(&mut self, text: &str) {
        let update = self.view.edit(CODE_FILE, 0, 0, text);
        self.replica.edit(&DocName::Code, &update, NOW);
    }

    /// Carries on what came; gives the segments that are to be stored, which the disk has at once.
    fn settle(&mut self) -> Vec<Arc<[u8]>> {
        self.replica.flush(NOW);
        self.replica.settle(NOW);
        let mut segments = Vec::new();
        while let Some(change) = self.replica.poll() {
            match change {
                Change::Store { token, bytes } => {
                    segments.push(bytes);
                    self.replica.stored(token);
                }
                Change::Event(Event::Update { update, .. }) => {
                    self.view.apply(&update).expect("sound");
                }
                _ => {}
            }
        }
        segments
    }

    fn hears(&mut self, from: SeatId, segments: &[Arc<[u8]>]) -> Vec<Arc<[u8]>> {
        for segment in segments {
            let received = Received::read(segment.clone()).expect("a segment");
            assert!(matches!(
                self.replica.offer(from, None, &received),
                Offer::Accepted(_) | Offer::Known
            ));
        }
        self.settle()
    }

    fn text(&mut self) -> String {
        let text = self.replica.text(&DocName::Code, CODE_FILE).expect("a document");
        assert_eq!(self.view.text(CODE_FILE), text, "the view follows");
        text
    }
}

/// Ada founds a room; Bo has a link of it that she does not know of yet.
fn two() -> (Page, Page, Signed<crate::roster::Claim>) {
    let (root, key) = (SeatKey::new([1; 32]), ContentKey::new([2; 32]));
    let room = RoomId(root.id().0);
    let ada = DeviceSecret::new([3; 32]).member(room);
    let genesis = Genesis { owner: ada.id(), exchange: ada.exchange(), epoch: key.epoch(room) };
    let genesis = Signed::sign(genesis, &room.0, root.signer());
    let founder = Page::new(room, &key, 3, || Right::Founder(Box::new(genesis)));
    let link = link_key(&[5; 16]);
    let audience = link.verifying_key().to_bytes();
    let grant = Grant { audience, terms: Terms::new(Role::Participant) };
    let chain = Chain::root(room, ada.signer(), grant);
    let bo = DeviceSecret::new([4; 32]).member(room);
    let claim = claim(room, &bo, chain, &link);
    (founder, Page::new(room, &key, 4, || Right::Member), claim)
}

#[test]
fn an_edit_is_unsaved_until_the_disk_has_it_and_waits_until_another_installation_has_it() {
    let (mut ada, ..) = two();
    ada.settle();
    ada.writes("tea");
    assert_eq!((ada.replica.unsaved(), ada.replica.waiting()), (1, 1));
    assert_eq!(ada.settle().len(), 1);
    assert_eq!((ada.replica.unsaved(), ada.replica.waiting()), (0, 1));
    let has = ada.replica.ledger().extents(&ada.replica.ledger().heads());
    ada.replica.acknowledged(&has);
    assert_eq!(ada.replica.waiting(), 0);
    assert!(ada.replica.drain_changed());
}

#[test]
fn edits_of_a_newcomer_go_into_the_log_once_it_was_admitted() {
    let (mut ada, mut bo, claim) = two();
    let founding = ada.settle();
    assert!(bo.hears(ada.replica.own.seat, &founding).len() == 1, "it keeps what it reads");
    bo.writes("early ");
    assert!(!bo.replica.is_in());
    assert!(bo.settle().is_empty(), "nothing of a non-member is in the log");
    assert_eq!(bo.replica.unsaved(), 1);

    assert!(ada.replica.admit(vec![claim.clone()]));
    assert!(!ada.replica.admit(vec![claim]), "once is enough");
    let admission = ada.settle();
    let entered = bo.hears(ada.replica.own.seat, &admission);
    assert!(bo.replica.is_in());
    ada.hears(bo.replica.own.seat, &entered[1..]);
    let rest = bo.settle();
    ada.hears(bo.replica.own.seat, &rest);
    assert_eq!(ada.text(), "early ");
    assert_eq!(bo.replica.text(&DocName::Code, CODE_FILE).as_deref(), Some("early "));
}

#[test]
fn a_replica_that_is_loaded_from_its_disk_is_the_same() {
    let (mut ada, ..) = two();
    let mut disk = ada.settle();
    for word in ["one ", "two ", "three "] {
        ada.writes(word);
        disk.extend(ada.settle());
    }
    let own = Owner { seat: SeatKey::new([77; 32]).id(), ..ada.replica.own };
    let keys = [ContentKey::new([2; 32])];
    let again = Replica::load(own, &keys, [], disk.iter().rev());
    assert_eq!(again.digests(), ada.replica.digests());
    assert_eq!(again.stored_heads(), ada.replica.stored_heads());
    assert!(again.has_text());
}
