//! Whole pages against each other: writing, reading, reloads, offline spells.

use std::time::Duration;

use covey_rooms::capability::{Role, Terms};
use covey_rooms::documents::Document;
use covey_rooms::guard::{CODE_FILE, DocKind};
use covey_rooms::room::Event;
use covey_rooms::room::Input;
use covey_testnet::{Net, refused, two};
use covey_wire::frame::Writer;
use covey_wire::id::{ClientId, CustomName, DocName, hex, unhex};
use covey_wire::net::Path;
use covey_wire::time::Time;
use yrs::{Any, Doc, Map, Transact};

#[test]
fn a_person_who_joins_by_a_link_is_admitted_and_both_see_each_other() {
    let (net, ada, bo) = two();
    for (page, other) in [(ada, "Bo"), (bo, "Ada")] {
        let people = net.pages[page].client.people();
        assert_eq!(people.len(), 2);
        assert!(people[0].own);
        assert_eq!(people[1].name, other);
        assert_eq!(people[1].path, Some(Path::Direct));
    }
    assert_eq!(net.pages[bo].client.status().role, Role::Participant);
}

#[test]
fn both_write_and_have_the_same_text() {
    let (mut net, ada, bo) = two();
    for n in 0..200 {
        net.edit(ada, n, 0, "a");
        net.edit(bo, 0, 0, "b");
        if n % 3 == 0 {
            net.edit(bo, 1, 1, "");
        }
        net.pass(Duration::from_millis(5));
    }
    net.wait(Duration::from_secs(2));
    let text = net.text(ada);
    assert_eq!(text, net.text(bo));
    assert_eq!(net.pages[ada].client.stats().digests, net.pages[bo].client.stats().digests);
    for page in [ada, bo] {
        assert_eq!(refused(&net.pages[page]), Default::default());
        assert_eq!(net.pages[page].client.status().waiting, 0);
    }
}

#[test]
fn edits_made_offline_wait_and_merge() {
    let (mut net, ada, bo) = two();
    net.edit(ada, 0, 0, "shared ");
    net.wait(Duration::from_secs(1));
    net.all_offline();
    net.edit(ada, 0, 0, "A");
    net.edit(bo, 0, 0, "B");
    net.wait(Duration::from_secs(1));
    assert_eq!(net.pages[ada].client.status().waiting, 1);
    net.reload(ada);
    net.reload(bo);
    net.wait(Duration::from_secs(1));
    assert_eq!(net.text(ada), "Ashared ");
    assert_eq!(net.pages[ada].client.status().waiting, 1);
    assert_eq!(net.pages[ada].client.people()[1].name, "Bo");
    assert_eq!(net.pages[ada].client.people()[1].path, None);
    net.node_back();
    net.wait(Duration::from_secs(2));
    let text = net.text(ada);
    assert_eq!(text.len(), "ABshared ".len());
    assert_eq!(text, net.text(bo));
    assert_eq!(net.pages[ada].client.status().waiting, 0);
    assert_eq!(refused(&net.pages[ada]), Default::default());
}

#[test]
fn ten_reloads_lose_nothing() {
    let (mut net, ada, bo) = two();
    for n in 0..10 {
        net.edit(bo, 0, 0, &format!("{n}"));
        net.reload(bo);
        net.edit(ada, 0, 0, "-");
        net.edit(bo, 0, 0, "x");
        net.wait(Duration::from_millis(300));
    }
    net.wait(Duration::from_secs(2));
    let text = net.text(ada);
    assert_eq!(text.len(), 30);
    assert_eq!(text, net.text(bo));
    assert_eq!(refused(&net.pages[ada]), Default::default());
}

#[test]
fn a_million_characters_arrive_whole() {
    for letter in ["a", "字", "👩"] {
        let (mut net, ada, bo) = two();
        net.edit(ada, 0, 0, &letter.repeat(1_000_000));
        net.edit(ada, 0, 0, "after");
        // Of one person half a megabyte a second is read.
        net.wait(Duration::from_secs(10));
        net.edit(bo, 0, 0, "and back");
        net.wait(Duration::from_secs(3));
        let text = net.text(bo);
        assert!(text.starts_with("and backafter"));
        assert_eq!(text.chars().count(), 1_000_013);
        assert_eq!(net.text(ada), text);
    }
}

#[test]
fn a_viewer_sees_everything_and_writes_nothing() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    net.edit(ada, 0, 0, "read me");
    let link = net.invite(ada, Role::Participant);
    let narrow = link.attenuate(Terms::new(Role::Viewer), [77; 16]).unwrap();
    let viewer = net.join(2, "Vi", &narrow);
    net.wait(Duration::from_secs(1));
    assert_eq!(net.text(viewer), "read me");
    assert_eq!(net.pages[viewer].client.status().role, Role::Viewer);
    let update = net.pages[viewer].view.edit(CODE_FILE, 0, 0, "vandal ");
    net.handle(viewer, Input::Edit(DocName::Code, update));
    net.wait(Duration::from_secs(1));
    assert_eq!(net.text(ada), "read me");
    if cfg!(feature = "misbehave") {
        assert_eq!(refused(&net.pages[ada]).get("role"), Some(&1));
    } else {
        let rejected = |event: &Event| matches!(event, Event::Rejected { reason: "role", .. });
        assert!(net.pages[viewer].events.iter().any(rejected));
    }
    // The honest go on.
    net.edit(ada, 0, 0, "please ");
    net.wait(Duration::from_secs(1));
    assert!(net.pages[viewer].client.text(&DocName::Code, CODE_FILE).unwrap().contains("please"));
}

/// Ada and Bo, and somebody on some device who has no way to Bo.
fn apart(device: u8, name: &str) -> (Net, usize, usize, usize) {
    let (mut net, ada, bo) = two();
    let link = net.invite(ada, Role::Participant);
    let other = net.join(device, name, &link);
    net.wait(Duration::from_secs(1));
    let (first, second) = (net.pages[bo].seat, net.pages[other].seat);
    net.cut(first, second);
    (net, ada, bo, other)
}

/// Bo's other page hears from Ada that she has his edit before it hears of the edit.
#[test]
fn an_acknowledgement_of_another_own_page_may_come_before_the_edit() {
    let (mut net, _, bo, other) = apart(2, "Bo");
    net.edit(bo, 0, 0, "x");
    net.wait(Duration::from_secs(3));
    assert_eq!(net.text(other), "x");
    assert_eq!(net.pages[other].client.status().waiting, 0);
}

/// Two who have no way to each other hear each other by a third without delay, and what that one
/// builds on it, too.
#[test]
fn entries_of_two_that_do_not_meet_are_handed_on_at_once_by_the_third() {
    const SOON: Duration = Duration::from_millis(120);
    let (mut net, ada, bo, cleo) = apart(3, "Cleo");
    net.edit(bo, 0, 0, "b");
    net.edit(ada, 0, 0, "a");
    net.wait(SOON);
    assert_eq!(net.text(cleo), "ab", "the second builds on the first");
    net.edit(bo, 0, 0, "c");
    net.wait(SOON);
    assert_eq!(net.text(cleo), "cab");
    net.handle(cleo, Input::Reconnect);
    net.wait(Duration::from_secs(1));
    let before = net.frames;
    net.edit(bo, 0, 0, "d");
    net.wait(Duration::from_millis(50));
    assert_eq!(net.text(cleo), "dcab");
    assert_eq!(net.frames - before, 2, "it goes to each by itself again");
}

#[test]
fn a_clock_that_is_set_back_holds_nothing() {
    let (mut net, ada, bo) = two();
    net.edit(ada, 0, 0, "before ");
    net.now = Time(net.now.0 - 1_000);
    net.edit(ada, 7, 0, "after");
    net.wait(Duration::from_millis(20));
    assert_eq!(net.text(bo), "before after");
}

#[test]
fn a_goodbye_comes_after_the_last_edit() {
    let (mut net, ada, bo) = two();
    net.edit(ada, 0, 0, "one ");
    net.edit(ada, 4, 0, "two");
    net.handle(ada, Input::Leave);
    net.settle();
    assert_eq!(net.text(bo), "one two");
    assert_eq!(net.pages[bo].client.people()[1].path, None);
}

#[test]
fn five_people_are_level_and_hear_each_edit_about_once() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let link = net.invite(ada, Role::Participant);
    let mut pages = vec![ada];
    for device in 2..=5 {
        pages.push(net.join(device, "P", &link));
    }
    net.wait(Duration::from_secs(3));
    let before = net.frames;
    for n in 0..100usize {
        net.edit(pages[n % 5], 0, 0, "x");
        net.wait(Duration::from_millis(40));
    }
    net.wait(Duration::from_secs(3));
    let texts: Vec<String> = pages.iter().map(|page| net.text(*page)).collect();
    assert!(texts.iter().all(|text| text.len() == 100 && *text == texts[0]));
    // Each edit goes to four others, and each of them acknowledges to four.
    assert!(net.frames - before < 100 * 40, "{} frames", net.frames - before);
}

#[test]
fn edits_made_before_one_is_admitted_wait_and_then_arrive() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let link = net.invite(ada, Role::Participant);
    net.all_offline();
    let bo = net.join(2, "Bo", &link);
    net.edit(bo, 0, 0, "early");
    assert_eq!(net.pages[bo].client.status().waiting, 1);
    net.node_back();
    net.wait(Duration::from_secs(2));
    assert_eq!(net.text(ada), "early");
    assert_eq!(net.pages[bo].client.status().waiting, 0);
}

#[test]
fn an_edit_that_was_too_much_before_admission_takes_nothing_else_with_it() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let link = net.invite(ada, Role::Participant);
    net.all_offline();
    let bo = net.join(2, "Bo", &link);
    net.edit(bo, 0, 0, "early");
    net.edit(bo, 5, 0, &"x".repeat(5 << 20));
    let rejected = |event: &Event| matches!(event, Event::Rejected { reason: "quota", .. });
    assert!(net.pages[bo].events.iter().any(rejected));
    let client = net.pages[bo].client.client_id();
    let mut view = Document::new(DocKind::Code, client);
    view.apply(&net.pages[bo].client.state(&DocName::Code).unwrap()).unwrap();
    assert_eq!(view.text(CODE_FILE), "early");
    net.pages[bo].view = view;
    net.edit(bo, 5, 0, " and later");
    net.node_back();
    net.wait(Duration::from_secs(5));
    assert_eq!(net.text(ada), "early and later");
    assert_eq!(net.text(bo), "early and later");
}

#[test]
fn garbage_from_a_peer_ends_the_connection_and_is_counted() {
    let (mut net, ada, bo) = two();
    let seat = net.pages[bo].seat;
    let bytes = vec![1, 2, 9, 9, 9];
    let class = covey_wire::net::Class::Sync;
    let frame = covey_wire::net::NetEvent::Frame { seat, class, bytes };
    net.handle(ada, Input::Net(frame));
    net.settle();
    assert_eq!(refused(&net.pages[ada]).get("malformed"), Some(&1));
    assert_eq!(net.pages[ada].client.people()[1].path, None);
}

/// Someone writes `abcd` into a nested text of a custom document, deletes `cd`, takes that back,
/// writes `X` before the `d`, deletes the text and takes that back. `@` stands for the client. Of
/// the last update, Yjs and yrs would make `abdcX` for everyone but its author.
#[test]
fn an_undo_that_brings_back_a_nested_type_is_the_same_for_all() {
    let (mut net, ada, bo) = two();
    let name = DocName::Custom(CustomName::new("notes").unwrap());
    let mut w = Writer::new();
    let client = hex(&{
        w.varint(net.pages[ada].client.client_id().0);
        w.into_bytes()
    });
    for update in [
        "0102@00 2701016d017402 0400@000461626364 00",
        "0001@010302",
        "0101@05 c4@02@03026364 00",
        "0101@07 c4@05@060158 00",
        "0001@0200030503",
        "0104@08 a7@0002 0400@0803616263 c4@0b@0b0164 c4@0b@0c0158 00",
    ] {
        let update = unhex(&update.replace(' ', "").replace('@', &client)).unwrap();
        net.handle(ada, Input::Edit(name.clone(), update));
        net.settle();
    }
    net.wait(Duration::from_secs(1));
    assert!(!net.pages[ada].events.iter().any(|event| matches!(event, Event::Rejected { .. })));
    for page in [ada, bo] {
        let mut document = Document::new(DocKind::Custom, ClientId(9));
        document.apply(&net.pages[page].client.state(&name).unwrap()).unwrap();
        assert!(hex(&document.content()).contains(&hex(b"abcXd")));
    }
}

#[test]
fn what_a_page_takes_of_its_own_others_take_as_well() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let link = net.invite(ada, Role::Participant);
    let bo = net.join(2, "Bo", &link);
    net.wait(Duration::from_secs(2));
    let name: DocName = "custom/lists".parse().unwrap();
    let doc = Doc::with_client_id(net.pages[ada].client.client_id().0);
    let map = doc.get_or_insert_map("lists");
    let rejected = |event: &Event| matches!(event, Event::Rejected { reason: "quota", .. });
    let mut written = 0;
    // A list is short on the wire and large in memory. What is written at once is one entry.
    while !net.pages[ada].events.iter().any(rejected) {
        for _ in 0..2 {
            let mut txn = doc.transact_mut();
            let list: Vec<Any> = vec![Any::from(1); 3_500];
            map.insert(&mut txn, format!("key {written}"), Any::from(list));
            let update = txn.encode_update_v1();
            drop(txn);
            net.handle(ada, Input::Edit(name.clone(), update));
            written += 1;
        }
        net.wait(Duration::from_millis(20));
        assert!(written < 2_000, "there is an end");
    }
    assert!(written > 100, "{written}");
    net.wait(Duration::from_secs(60));
    assert_eq!(refused(&net.pages[bo]).get("quota"), None, "after {written}");
    assert_eq!(net.pages[ada].client.status().waiting, 0);
}
