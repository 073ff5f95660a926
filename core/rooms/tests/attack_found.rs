//! Attacks on the core that did harm once, each as small as it can be.
#![allow(clippy::unwrap_used)]

mod scene;
mod stranger;

use std::sync::Arc;
use std::time::Duration;

use covey_rooms::capability::{Link, Role};
use covey_rooms::documents::Document;
use covey_rooms::guard::{CODE_FILE, DocKind};
use covey_rooms::identity::{Author, DeviceSecret, SeatKey};
use covey_rooms::ledger::{Body, Entry, Ledger, Offer, Received, Segment};
use covey_rooms::room::Input;
use covey_rooms::roster::{Right, RosterAct};
use covey_rooms::seal::Position;
use covey_rooms::sync::Message;
use covey_testnet::{Net, refused, two};
use covey_wire::frame::Wire;
use covey_wire::id::{DocName, Hash, Head, SeatId};
use covey_wire::limits;
use covey_wire::net::{Class, NetEvent};
use covey_wire::time::Time;
use scene::Scene;
use stranger::Stranger;

fn received(bytes: &[u8]) -> Arc<Received> {
    Received::read(bytes).unwrap()
}

/// The three, with no way between Bo and Mallory.
fn scene() -> Scene {
    let mut scene = Scene::new();
    let seats = [scene.bo, scene.mallory].map(|page| scene.net.pages[page].seat);
    scene.net.cut(seats[0], seats[1]);
    scene
}

/// A page that opened a link with another key took what others could not open, and built on it: mute for ever.
#[test]
fn content_sealed_for_another_epoch_is_taken_by_nobody() {
    let mut scene = scene();
    let bad = Stranger::forged_link(&scene.link);
    let bo = scene.net.open_link(scene.bo, &bad);
    scene.net.wait(Duration::from_secs(2));
    let seats = [bo, scene.ada].map(|page| scene.net.pages[page].seat);
    let entry = scene.history(1, "other key", &bad.key);
    let mallory = scene.net.pages[scene.mallory].seat;
    scene.net.cut(seats[1], mallory);
    scene.show(bo, entry);
    scene.net.wait(Duration::from_secs(2));
    scene.net.edit(bo, 0, 0, "honest");
    scene.net.wait(Duration::from_secs(3));
    assert_eq!(scene.net.text(scene.ada), "honest");
    assert_eq!(scene.net.text(bo), "honest");
}

/// A page that closed a seat sent all of it once more, and was cut off for that by pages that had not heard yet.
#[test]
fn a_peer_that_hands_on_a_second_history_is_not_disconnected_for_it() {
    let mut scene = scene();
    let (ada, bo) = (scene.ada, scene.bo);
    for _ in 0..60 {
        scene.net.edit(scene.mallory, 0, 0, "m");
        scene.net.wait(Duration::from_millis(200));
        scene.net.edit(ada, 0, 0, "a");
        scene.net.wait(Duration::from_millis(200));
    }
    scene.net.wait(Duration::from_secs(2));
    assert_eq!(scene.net.text(bo).len(), 120);
    let other = scene.history(1, "other", &scene.link.key);
    scene.show(ada, other);
    scene.net.wait(Duration::from_secs(4));
    assert_eq!(refused(&scene.net.pages[ada]).get("fork"), Some(&1));
    let counts = refused(&scene.net.pages[bo]);
    assert_eq!(counts.get("cut-off"), None, "{counts:?}");
    scene.net.edit(ada, 0, 0, "still ");
    scene.net.wait(Duration::from_secs(4));
    assert_eq!(scene.net.text(bo), scene.net.text(ada));
}

/// A new page names the newest of what it knows: among those was not what it was admitted by.
#[test]
fn a_page_that_loads_a_room_with_very_many_new_seats_can_enter() {
    const MANY: u8 = 60;
    let (mut net, ada, _) = two();
    let link = net.invite(ada, Role::Participant);
    net.join(MANY, "Many", &link);
    net.wait(Duration::from_secs(1));
    let log = net.pages[ada].disk.segments.iter().rev();
    let admission = log.map(|bytes| Segment::from_bytes(bytes).unwrap()).find_map(|segment| {
        let entry = Entry::from_bytes(segment.entries.last()?).ok()?;
        let admits = matches!(entry.body, Body::Roster(RosterAct::Admit(_)));
        let hash = segment.hashes(link.room).last()?.short();
        let head = Head { seat: segment.seat, seq: segment.last(), hash };
        admits.then_some((entry.lamport, head))
    });
    let (lamport, head) = admission.unwrap();
    let cy = net.join(3, "Cy", &link);
    net.wait(Duration::from_secs(2));
    let (room, key) = (link.room, &link.key);
    let member = DeviceSecret::new([MANY; 32]).member(room);
    let enter = |seed: u64, lamport: u64, dep: Head| {
        let mut bytes = [7; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let seat = SeatKey::new(bytes);
        let act = RosterAct::enter(room, &member, seat.id(), Right::Member);
        let entry = Entry { lamport, deps: vec![dep], body: Body::Roster(act) };
        (seat, entry.to_bytes())
    };
    // One that is far ahead of everyone in lamport time, and very many beside it.
    let (high, first) = enter(0, lamport + 1, head);
    let mut entries = vec![first];
    let mut page = Document::new(DocKind::Code, high.id().client());
    for n in 1..100u64 {
        let update = page.edit(CODE_FILE, 0, 0, "x");
        let (name, epoch) = (DocName::Code, key.epoch(room));
        let at = Position { room, epoch, seat: high.id(), seq: n + 1 };
        let sealed = key.seal(&at, &name.to_bytes(), &update);
        let body = Body::Document { name, epoch, sealed };
        entries.push(Entry { lamport: lamport + 1 + n, deps: Vec::new(), body }.to_bytes());
    }
    let high = Segment::sign(room, high.signer(), 1, Hash([0; 32]), entries);
    let hash = high.hashes(room).last().unwrap().short();
    let tip = Head { seat: high.seat, seq: high.last(), hash };
    let mut segments = vec![high.to_bytes()];
    segments.extend((1..limits::DEPS as u64 + 100).map(|n| {
        let (seat, entry) = enter(n, lamport + 101, tip);
        Segment::sign(room, seat.signer(), 1, Hash([0; 32]), vec![entry]).to_bytes()
    }));
    let mut speaker = Stranger::of_member(&link, 200, MANY);
    speaker.meet(&mut net, ada);
    for part in segments.chunks(300) {
        speaker.say(&mut net, ada, &Message::Segments(part.to_vec()));
        net.wait(Duration::from_secs(2));
    }
    net.wait(Duration::from_secs(60));
    assert!(net.pages[cy].client.stats().seats > limits::DEPS);
    net.reload(cy);
    net.wait(Duration::from_secs(5));
    net.edit(cy, 0, 0, "let in ");
    net.wait(Duration::from_secs(5));
    assert!(net.text(ada).starts_with("let in "));
}

/// Links for others were made from the link opened last, whoever had made that.
#[test]
fn an_opened_link_does_not_spoil_those_that_are_made() {
    let (mut net, ada, bo) = two();
    let good = net.invite(ada, Role::Participant);
    let bad = Stranger::forged_link(&good);
    let bo = net.open_link(bo, &bad);
    net.wait(Duration::from_secs(1));
    let invited = net.invite(bo, Role::Participant);
    let cy = net.join(3, "Cy", &invited);
    net.wait(Duration::from_secs(5));
    assert!(net.pages[cy].client.status().admitted);
}

/// The first segment is lost, and the others have it.
#[test]
fn a_founder_whose_disk_lost_the_beginning_comes_back() {
    let (mut net, ada, bo) = two();
    net.edit(ada, 0, 0, "kept");
    net.wait(Duration::from_secs(2));
    net.pages[ada].disk.segments.remove(0);
    net.reload(ada);
    net.wait(Duration::from_secs(3));
    assert_eq!(net.text(ada), "kept");
    net.edit(ada, 0, 0, "still ");
    net.wait(Duration::from_secs(2));
    assert_eq!(net.text(bo), "still kept");
}

/// Nobody was there when both were opened; the bad one came last.
#[test]
fn a_link_with_a_wrong_key_opened_after_the_good_one_does_not_block_it() {
    let (mut net, ada, _) = two();
    net.edit(ada, 0, 0, "text");
    let good = net.invite(ada, Role::Participant);
    net.wait(Duration::from_secs(2));
    net.all_offline();
    let cy = net.join(3, "Cy", &good);
    net.wait(Duration::from_secs(2));
    let cy = net.open_link(cy, &Stranger::forged_link(&good));
    net.node_back();
    net.wait(Duration::from_secs(20));
    assert!(net.pages[cy].client.status().admitted);
    assert_eq!(net.text(cy), "text");
}

/// Segments that wait in one member's share for ever kept those without room in another's from
/// being asked for again.
#[test]
fn a_member_who_fills_its_share_for_ever_keeps_nobody_from_being_asked_again() {
    let (mut net, ada, _) = two();
    let link = net.invite(ada, Role::Participant);
    for n in 0..8u32 {
        let mut x = n + 1;
        let noise = (0..400_000).map(|_| {
            x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b' ' + (x >> 24) as u8 % 90)
        });
        let noise: String = noise.collect();
        net.edit(ada, 0, 0, &noise);
        net.wait(Duration::from_secs(2));
    }
    let log = net.pages[ada].disk.segments.clone();
    let mut ledger = Ledger::new(link.room);
    ledger.add_key(link.key.epoch(link.room), link.key.clone());
    let of = |device: u8| Some(DeviceSecret::new([device; 32]).member(link.room).id());
    for n in 0..7u8 {
        let key = SeatKey::new([n + 100; 32]);
        let entry = log.iter().max_by_key(|bytes| bytes.len()).unwrap().clone();
        let entries = vec![entry[..200_000].to_vec()];
        let made_up = Segment::sign(link.room, key.signer(), 900, Hash([n; 32]), entries);
        assert!(matches!(
            ledger.offer_from(SeatId([9; 32]), of(3), &received(&made_up.to_bytes())),
            Offer::Waiting(_)
        ));
    }
    let full = log[1..].iter().filter(|bytes| {
        matches!(
            ledger.offer_from(SeatId([9; 32]), of(2), &received(bytes)),
            Offer::Refused(covey_rooms::ledger::Reason::Full)
        )
    });
    assert!(full.count() > 0, "{}", log.len());
    assert!(!ledger.wants_again(), "there is no room yet");
    assert!(matches!(
        ledger.offer_from(SeatId([9; 32]), of(2), &received(&log[0])),
        Offer::Accepted(_)
    ));
    assert!(ledger.wants_again());
}

/// Text that a third page hands on was held back as long as the clock was set back.
#[test]
fn a_clock_that_is_set_back_holds_back_nothing_that_is_handed_on() {
    let mut scene = scene();
    scene.net.edit(scene.mallory, 0, 0, "one");
    scene.net.now = Time(scene.net.now.0 - 900_000);
    // A page's timers go by another clock: it is woken when it would have been.
    for _ in 0..10 {
        scene.net.wait(Duration::from_secs(1));
        scene.net.handle(scene.ada, Input::Tick);
    }
    assert_eq!(scene.net.text(scene.bo), "one");
    scene.net.edit(scene.mallory, 0, 0, "two");
    scene.net.wait(Duration::from_secs(10));
    assert_eq!(scene.net.text(scene.bo), "twoone");
}

/// The next letter came between a second history and the time that the log was judged anew.
#[test]
fn text_typed_while_a_seat_is_not_closed_yet_is_not_lost() {
    let mut scene = scene();
    let (ada, bo) = (scene.ada, scene.bo);
    let link = scene.link.clone();
    scene.net.edit(scene.mallory, 0, 0, "one two");
    scene.net.wait(Duration::from_secs(2));
    scene.net.edit(ada, 3, 0, " and a half");
    scene.net.wait(Duration::from_secs(2));
    let other = scene.history(1, "other words that are longer", &link.key);
    scene.show(ada, other);
    scene.net.edit(ada, 5, 0, "n honest");
    scene.net.wait(Duration::from_secs(4));
    assert!(scene.net.text(ada).contains("n honest"), "{}", scene.net.text(ada));
    assert_eq!(scene.net.text(ada), scene.net.text(bo));
}

/// Memory of this process at its most, in KiB.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// Histories that part from one another again and again, and a list that names the innermost very often:
/// each time, all that it goes on from was listed.
#[test]
fn a_list_of_heads_costs_no_more_than_its_length() {
    const DEPTH: u64 = 800;
    let mut scene = scene();
    let (room, key) = (scene.link.room, scene.link.key.clone());
    let seat = SeatKey::new(scene.net.pages[scene.mallory].client.seat_secret());
    let log = &scene.net.pages[scene.ada].disk.segments;
    let mut all = log.iter().map(|bytes| Segment::from_bytes(bytes).unwrap());
    let first = all.find(|segment| segment.seat == seat.id()).unwrap();
    let lamport = Entry::from_bytes(&first.entries[0]).unwrap().lamport;
    let mut page = Document::new(DocKind::Code, seat.id().client());
    let entry = |seq: u64, update: &[u8]| {
        let (name, epoch) = (DocName::Code, key.epoch(room));
        let at = Position { room, epoch, seat: seat.id(), seq };
        let sealed = key.seal(&at, &name.to_bytes(), update);
        let body = Body::Document { name, epoch, sealed };
        Entry { lamport: lamport + seq - 1, deps: Vec::new(), body }.to_bytes()
    };
    let mut before = first.hashes(room)[0];
    let (mut main, mut others) = (Vec::new(), Vec::new());
    for seq in 2..DEPTH + 2 {
        let mut other = Document::new(DocKind::Code, seat.id().client());
        other.apply(&page.state()).unwrap();
        let other = entry(seq, &other.edit(CODE_FILE, 0, 0, "y"));
        let signed = |entry| Segment::sign(room, seat.signer(), seq, before, vec![entry]);
        others.push(signed(other).to_bytes());
        let own = signed(entry(seq, &page.edit(CODE_FILE, 0, 0, "x")));
        before = own.hashes(room)[0];
        main.push(own.to_bytes());
    }
    // All of it waits for the one that comes last.
    others.extend(main.drain(1..));
    others.extend(main);
    let ada = scene.net.pages[scene.ada].seat;
    for part in others.chunks(200) {
        let bytes = Message::Segments(part.to_vec()).to_bytes();
        scene.net.deliver(seat.id(), scene.ada, Class::Sync, bytes);
        for _ in 0..20 {
            scene.net.wait(Duration::from_millis(20));
            scene.net.handle(scene.ada, Input::Tick);
        }
    }
    scene.net.wait(Duration::from_secs(3));
    assert!(scene.net.pages[scene.ada].client.stats().entries > limits::BRANCHES as u64 / 2);
    // A stranger without any right may say what it has.
    let dead = Stranger::forged_link(&scene.link);
    let mut dead_link = Link::clone(&scene.link);
    dead_link.chain = dead.chain.clone();
    dead_link.secret = dead.secret;
    let mut stranger = Stranger::new(&dead_link, 100);
    stranger.connect(&mut scene.net, scene.ada);
    let head = Head { seat: seat.id(), seq: DEPTH + 1, hash: before.short() };
    let hello = stranger.hello(ada, &vec![head; limits::SEATS]);
    let Some(most) = peak() else { return };
    stranger.say(&mut scene.net, scene.ada, &hello);
    let more = peak().unwrap() - most;
    assert!(more < 64 << 10, "{more} KiB");
}

/// Both hold a bad link beside the good one, and wait for each other's first words: they speak all the same.
#[test]
fn two_who_know_nobody_yet_and_hold_two_links_say_hello() {
    let (mut net, ada, _) = two();
    let good = net.invite(ada, Role::Participant);
    net.all_offline();
    let pages = [3, 4].map(|device| net.join(device, "Cy", &good));
    net.wait(Duration::from_secs(2));
    let pages = pages.map(|page| net.open_link(page, &Stranger::forged_link(&good)));
    let seats: Vec<_> = pages.iter().map(|page| net.pages[*page].seat).collect();
    for (own, other) in [(0, 1), (1, 0)] {
        net.links.insert((seats[own], seats[other]));
        let event = NetEvent::Up { seat: seats[other], path: covey_wire::net::Path::Direct };
        net.handle(pages[own], Input::Net(event));
    }
    net.wait(Duration::from_secs(15));
    assert!(net.links.contains(&(seats[0], seats[1])), "neither was left for its silence");
}

/// Seventeen members, whom one link lets in, fill the whole buffer with what never comes to be looked at.
#[test]
fn members_who_fill_the_buffer_for_ever_leave_room_for_an_honest_one() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let link = net.invite(ada, Role::Participant);
    let mut ledger = Ledger::new(link.room);
    let of = |device: u8| Some(DeviceSecret::new([device; 32]).member(link.room).id());
    let made_up = |seat: u8, n: u8, size: usize| {
        let key = SeatKey::new([seat; 32]);
        let entries = vec![vec![n; size]];
        Segment::sign(link.room, key.signer(), 900, Hash([n; 32]), entries).to_bytes()
    };
    for device in 100..117 {
        for n in 0..10 {
            ledger.offer_from(SeatId([9; 32]), of(device), &received(&made_up(device, n, 200_000)));
        }
    }
    let honest = ledger.offer_from(SeatId([9; 32]), of(2), &received(&made_up(2, 0, 200_000)));
    assert!(matches!(honest, Offer::Waiting(_)), "{honest:?}");
    // The neighbour: one of those who fill it can't take the place of whoever has less.
    for n in 0..10 {
        ledger.offer_from(SeatId([9; 32]), of(100), &received(&made_up(100, n, 200_000)));
    }
    let again = ledger.offer_from(SeatId([9; 32]), of(2), &received(&made_up(2, 0, 200_000)));
    assert!(matches!(again, Offer::Waiting(_)), "{again:?}");
}

/// A neighbour: who repeats everything for no reason is forgiven once, and then cut off.
#[cfg(feature = "misbehave")]
#[test]
fn a_peer_that_repeats_everything_again_and_again_is_disconnected() {
    let mut scene = scene();
    for _ in 0..40 {
        scene.net.edit(scene.mallory, 0, 0, "m");
        scene.net.wait(Duration::from_millis(200));
        scene.net.edit(scene.ada, 0, 0, "a");
        scene.net.wait(Duration::from_millis(200));
    }
    let attack = covey_rooms::room::Attack::Replay;
    scene.net.handle(scene.mallory, Input::Misbehave(Some(attack)));
    scene.net.wait(Duration::from_secs(3));
    let counts = refused(&scene.net.pages[scene.ada]);
    assert!(counts.contains_key("useless") && counts.contains_key("cut-off"), "{counts:?}");
}

/// A page made its list of people anew for each time that a quarantined peer connected.
#[test]
fn a_quarantined_peer_that_connects_again_changes_nothing_that_is_shown() {
    let (mut net, ada, _) = two();
    let mut stranger = Stranger::new(&net.invite(ada, Role::Participant), 66);
    stranger.connect(&mut net, ada);
    net.deliver(stranger.seat, ada, Class::Sync, vec![0]);
    assert_eq!(refused(&net.pages[ada]).get("cut-off"), Some(&1));
    let told = net.pages[ada].events.len();
    (0..10).for_each(|_| stranger.connect(&mut net, ada));
    assert_eq!(refused(&net.pages[ada]).get("quarantine"), Some(&10));
    assert_eq!(net.pages[ada].events.len(), told);
}
