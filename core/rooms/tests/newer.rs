//! Somebody uses a newer version: nobody is cut off, nothing is lost, and the others are told.
#![allow(clippy::unwrap_used)]

mod hand;

use std::time::Duration;

use covey_rooms::capability::{Role, Tools};
use covey_rooms::documents::Document;
use covey_rooms::guard::{CODE_FILE, DocKind};
use covey_rooms::identity::{Author, SeatKey};
use covey_rooms::ledger::{Body, Entry, Offer, Segment};
use covey_rooms::room::Input;
use covey_rooms::room::{Attack, Event};
use covey_rooms::seal::{ContentKey, Position};
use covey_testnet::{Net, refused};
use covey_wire::class::Class;
use covey_wire::frame::{Wire, Writer};
use covey_wire::id::{DocName, Head, NewerName};

use hand::{KEY, accepted, bench};

/// Ada founds the room with a newer version than Bo and Cy have, who come by her link.
fn three() -> (Net, usize, usize, usize) {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    net.handle(ada, Input::Misbehave(Some(Attack::Newer)));
    let link = net.invite(ada, Role::Participant);
    let (bo, cy) = (net.join(2, "Bo", &link), net.join(3, "Cy", &link));
    net.wait(Duration::from_secs(2));
    (net, ada, bo, cy)
}

fn told(net: &Net, page: usize) -> usize {
    net.pages[page].events.iter().filter(|event| **event == Event::Newer).count()
}

/// All write, and all have it.
fn all_write(net: &mut Net, pages: &[usize]) {
    for page in pages {
        net.edit(*page, 0, 0, "x");
        net.wait(Duration::from_secs(1));
    }
    let text = net.text(pages[0]);
    for page in pages {
        let own = net.pages[*page].client.text(&DocName::Code, CODE_FILE).unwrap();
        assert_eq!(own, text);
    }
}

fn nobody_is_blamed(net: &Net, pages: &[usize]) {
    for page in pages {
        let counted = refused(&net.pages[*page]);
        assert!(counted.keys().all(|reason| *reason == "newer"), "{counted:?}");
    }
}

#[test]
fn documents_of_a_newer_version_are_kept_and_handed_on_and_told_once() {
    let (mut net, ada, bo, cy) = three();
    all_write(&mut net, &[ada, bo, cy]);
    net.wait(Duration::from_secs(10));
    nobody_is_blamed(&net, &[ada, bo, cy]);
    assert_eq!([told(&net, bo), told(&net, cy)], [1, 1]);

    // Without Ada: somebody who comes has what she wrote all the same, from those who can't read it.
    net.gone(net.pages[ada].seat);
    let link = net.invite(bo, Role::Participant);
    let dee = net.join(4, "Dee", &link);
    net.wait(Duration::from_secs(2));
    let entries = |net: &Net, page: usize| net.pages[page].client.stats().entries;
    assert_eq!(entries(&net, dee), entries(&net, bo));
    assert_eq!(told(&net, dee), 1);
    net.reload(dee);
    net.wait(Duration::from_secs(2));
    assert_eq!(entries(&net, dee), entries(&net, bo));
    assert_eq!(told(&net, dee), 1, "the new page, by what its disk has");
    all_write(&mut net, &[bo, cy, dee]);
    nobody_is_blamed(&net, &[bo, cy, dee]);
}

#[test]
fn an_act_about_members_that_only_a_newer_version_knows_is_held_back_and_nobody_cut_off() {
    let (mut net, ada, bo, cy) = three();
    let before = net.pages[bo].client.stats().held;
    net.handle(ada, Input::Misbehave(Some(Attack::NewerAct)));
    net.wait(Duration::from_secs(2));
    assert!(net.pages[bo].client.stats().held > before, "it waits");
    all_write(&mut net, &[bo, cy]);
    net.wait(Duration::from_secs(10));
    nobody_is_blamed(&net, &[bo, cy]);
    for page in [bo, cy] {
        let people = net.pages[page].client.people();
        assert!(people.iter().any(|person| person.name == "Ada" && person.path.is_some()));
    }
}

/// A letter in the code.
fn typed(seat: &SeatKey) -> Vec<u8> {
    Document::new(DocKind::Code, seat.id().client()).edit(CODE_FILE, 0, 0, "x")
}

#[test]
fn entries_that_build_on_it_wait_with_it_and_the_rest_goes_on() {
    let mut bench = bench();
    let (ben, cas) = (SeatKey::new([11; 32]), SeatKey::new([12; 32]));
    let [_, ben_enters] = bench.admitted(7, &ben, Role::Participant);
    let [_, cas_enters] = bench.admitted(8, &cas, Role::Participant);
    let mut w = Writer::new();
    w.varint(4).list::<Head>(&[]).u8(0).u8(99).raw(b"remove somebody, say");
    let before = bench.hash(&ben_enters);
    let act = Segment::sign(bench.room, ben.signer(), 2, before, vec![w.into_bytes()]).to_bytes();
    let edit = bench.update(&ben, 3, 5, &typed(&ben));
    let edit = bench.segment(&ben, 3, bench.hash(&act), vec![edit]);

    assert!(matches!(bench.ledger.offer(&edit), Offer::Waiting(_)));
    assert_eq!(bench.ledger.offer(&act), Offer::Newer);
    assert!(bench.ledger.drain_newer());
    assert_eq!(bench.ledger.waiting_count(), 2);
    let other = bench.update(&cas, 2, 5, &typed(&cas));
    let other = bench.segment(&cas, 2, bench.hash(&cas_enters), vec![other]);
    let offer = bench.ledger.offer(&other);
    assert!(accepted(offer), "{offer:?}");
}

#[test]
fn an_unknown_document_takes_the_tool_that_it_names_and_tools_are_carried_along() {
    let mut bench = bench();
    let (ben, tool) = (SeatKey::new([11; 32]), 9);
    let [_, enters] = bench.admitted(7, &ben, Role::Participant);
    let name = DocName::Newer(NewerName::new(77, tool, b"plan").unwrap());
    let (room, epoch) = (bench.room, bench.epoch);
    let at = Position { room, epoch, seat: ben.id(), seq: 2 };
    let sealed = ContentKey::new(KEY).seal(&at, &name.to_bytes(), b"whatever it is");
    let body = Body::Document { name: name.clone(), epoch, sealed };
    let entry = Entry { lamport: 4, deps: Vec::new(), body };
    let segment = bench.segment(&ben, 2, bench.hash(&enters), vec![entry]);
    assert!(accepted(bench.ledger.offer(&segment)), "with every tool there is and will be");
    assert!(bench.ledger.drain_newer());

    assert!(Tools::ALL.include(Tools::of(&name)));
    assert!(!Tools::CODE.with(Tools::CHAT).include(Tools::of(&name)));
    let bits = [0x80, 0x04];
    assert_eq!(Tools::from_bytes(&bits).unwrap().to_bytes(), bits, "carried along");
}

#[test]
fn messages_of_calls_and_files_that_are_not_known_are_newer_and_nobody_is_left_for_them() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let link = net.invite(ada, Role::Participant);
    let bo = net.join(2, "Bo", &link);
    net.wait(Duration::from_secs(2));
    let from = net.pages[bo].seat;
    for class in [Class::Call, Class::Blob] {
        net.deliver(from, ada, class, vec![200; class.channel().message]);
        net.deliver(from, ada, class, vec![1, 200, 3]);
    }
    assert_eq!(refused(&net.pages[ada]).get("newer"), Some(&4));
    nobody_is_blamed(&net, &[ada, bo]);
    all_write(&mut net, &[ada, bo]);
}
