//! Somebody with a dead link, or with rights and a changed page, against whole pages. Each did harm once.
#![allow(clippy::unwrap_used)]

mod stranger;

use std::time::Duration;

use covey_rooms::capability::{Link, Role, Terms, VerifiedLink};
use covey_rooms::identity::Author;
use covey_rooms::live::{self, Here};
use covey_rooms::room::Event;
use covey_rooms::room::Input;
use covey_rooms::sync::{Message, Refusal};
use covey_testnet::{Net, refused, two};
use covey_wire::frame::Wire;
use covey_wire::id::{Head, SeatId, ShortHash};
use covey_wire::limits;
use covey_wire::net::Class;
use covey_wire::time::Time;
use stranger::Stranger;

/// Ada and Bo, and a link that has ended.
fn two_and_a_dead_link() -> (Net, usize, usize, VerifiedLink) {
    let (mut net, ada, bo) = two();
    let terms = Terms { expires: Some(Time(net.now.0 + 1)), ..Terms::new(Role::Participant) };
    let dead = net.pages[ada].client.invite(terms).unwrap();
    net.wait(Duration::from_secs(1));
    (net, ada, bo, dead)
}

fn log_size(net: &Net, page: usize) -> (usize, usize) {
    (net.pages[page].disk.segments.len(), net.pages[page].client.stats().seats)
}

#[test]
fn nothing_that_strangers_write_is_kept_and_members_are_read_on() {
    let (mut net, ada, bo, dead) = two_and_a_dead_link();
    let before = [ada, bo].map(|page| log_size(&net, page));
    // As many as the most seats that a message names.
    for n in 0..64 {
        let mut stranger = Stranger::new(&dead, 100 + n);
        stranger.meet(&mut net, ada);
        for made_up in 0..=255 {
            // A made-up member each time, and now and then a tail behind its entrance.
            let mut segments = vec![stranger.entrance(made_up)];
            if made_up % 16 == 0 {
                segments.push(stranger.tail(made_up, 20_000));
            }
            stranger.say(&mut net, ada, &Message::Segments(segments));
        }
        net.wait(Duration::from_millis(20));
    }
    net.edit(ada, 0, 0, "still read");
    net.wait(Duration::from_secs(2));
    for (page, (segments, seats)) in [ada, bo].into_iter().zip(before) {
        assert_eq!(net.text(page), "still read");
        assert_eq!(log_size(&net, page), (segments + 1, seats), "a line, and nobody's seat");
    }
    let link = net.invite(ada, Role::Participant);
    let cy = net.join(3, "Cy", &link);
    for page in [ada, bo] {
        net.reload(page);
    }
    net.wait(Duration::from_secs(2));
    for page in [ada, bo, cy] {
        let at = net.text(page).len() as u32;
        net.edit(page, at, 0, "!");
        net.wait(Duration::from_secs(2));
        assert!(net.pages[page].client.status().admitted);
    }
    assert!([ada, bo, cy].into_iter().all(|page| net.text(page) == "still read!!!"));
}

#[test]
fn a_peer_that_shows_no_link_is_told_nothing_and_left() {
    let (mut net, ada, bo, dead) = two_and_a_dead_link();
    let mut stranger = Stranger::new(&dead, 100);
    stranger.connect(&mut net, ada);
    net.handle(ada, Input::Name("Ada Lovelace".to_owned()));
    net.edit(bo, 0, 0, "secret");
    net.wait(Duration::from_secs(15));
    let said = stranger.heard(&net);
    assert!(said.iter().all(|(class, _)| *class == Class::Sync), "no live word");
    assert_eq!(said.len(), 1, "the sealed first words, and nothing else");
    assert!(matches!(Message::from_bytes(&said[0].1), Ok(Message::Hello(_))));
    assert!(!net.trusted.iter().any(|(_, to)| *to == stranger.seat));
    assert!(!net.links.contains(&(net.pages[ada].seat, stranger.seat)), "it is left");
}

#[test]
fn a_hello_under_another_key_or_seat_ends_the_connection_at_once() {
    let (mut net, ada, _, dead) = two_and_a_dead_link();
    let mut other_key = Link::clone(&dead);
    other_key.key = covey_rooms::seal::ContentKey::new([9; 32]);
    let mut guesser = Stranger::new(&other_key, 100);
    guesser.meet(&mut net, ada);
    net.settle();
    assert!(!net.links.contains(&(net.pages[ada].seat, guesser.seat)));
    assert_eq!(refused(&net.pages[ada]).get("unproven"), Some(&1));
    // A hello from one seat to another, repeated by a third.
    let (mut one, mut two) = (Stranger::new(&dead, 101), Stranger::new(&dead, 102));
    let stolen = one.hello(net.pages[ada].seat, &[]);
    two.connect(&mut net, ada);
    two.say(&mut net, ada, &stolen);
    assert_eq!(refused(&net.pages[ada]).get("unproven"), Some(&2));
    let _ = one.heard(&net);
}

#[test]
fn somebody_with_a_dead_link_hears_no_live_word_and_is_refused_in_time() {
    let (mut net, ada, _, dead) = two_and_a_dead_link();
    let mut stranger = Stranger::new(&dead, 100);
    stranger.meet(&mut net, ada);
    net.edit(ada, 0, 0, "secret");
    net.wait(Duration::from_secs(5));
    let said = stranger.heard(&net);
    assert!(said.iter().all(|(class, _)| *class == Class::Sync));
    let messages: Vec<_> =
        said.iter().map(|(_, bytes)| Message::from_bytes(bytes).unwrap()).collect();
    let harmless = |message: &Message| match message {
        Message::Hello(_) | Message::Refused(Refusal::Right) => true,
        Message::Ack { stored, .. } => stored.is_empty(),
        _ => false,
    };
    assert!(messages.iter().all(harmless), "{messages:?}");
    assert!(messages.contains(&Message::Refused(Refusal::Right)));
    assert!(!net.trusted.iter().any(|(_, to)| *to == stranger.seat));
    // A neighbour: a link that its holder made without anybody's leave.
    let mut own = Stranger::with_own_link(&dead, 101);
    own.meet(&mut net, ada);
    net.wait(Duration::from_secs(5));
    assert!(
        !net.links.contains(&(net.pages[ada].seat, own.seat)),
        "a claim of one's own is no stay"
    );
}

#[test]
fn acknowledgements_of_strangers_count_nowhere() {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let terms = Terms { expires: Some(Time(net.now.0 + 1)), ..Terms::new(Role::Participant) };
    let dead = net.pages[ada].client.invite(terms).unwrap();
    net.edit(ada, 0, 0, "nobody has it");
    net.wait(Duration::from_secs(1));
    assert_eq!(net.pages[ada].client.status().waiting, 1);
    let seat = net.pages[ada].seat;
    let mut stranger = Stranger::new(&dead, 100);
    let high = |seq| Head { seat, seq, hash: ShortHash([7; 16]) };
    stranger.connect(&mut net, ada);
    let hello = stranger.hello(seat, &[high(1), high(1_000_000)]);
    stranger.say(&mut net, ada, &hello);
    let stored = vec![high(2), high(1_000)];
    stranger.say(&mut net, ada, &Message::Ack { taken: u64::MAX, stored });
    net.wait(Duration::from_secs(5));
    assert_eq!(net.pages[ada].client.status().waiting, 1);
    net.reload(ada);
    net.wait(Duration::from_secs(1));
    assert_eq!(net.pages[ada].client.status().waiting, 1, "nor after a reload");
    // A member who says so is believed, of what it names by its hash.
    let link = net.invite(ada, Role::Participant);
    net.join(2, "Bo", &link);
    net.wait(Duration::from_secs(2));
    assert_eq!(net.pages[ada].client.status().waiting, 0);
}

#[test]
fn a_refusal_by_a_stranger_is_not_believed() {
    let (mut net, ada, bo, dead) = two_and_a_dead_link();
    for (n, page) in [(100, ada), (101, bo)] {
        let mut stranger = Stranger::new(&dead, n);
        stranger.meet(&mut net, page);
        stranger.say(&mut net, page, &Message::Refused(Refusal::Right));
        net.wait(Duration::from_secs(1));
        assert!(!net.pages[page].events.contains(&Event::NotAllowed));
    }
    // A newcomer, who knows nobody yet, and meets others too.
    let link = net.invite(ada, Role::Participant);
    let mut stranger = Stranger::new(&dead, 102);
    let cy = net.join(3, "Cy", &link);
    stranger.meet(&mut net, cy);
    stranger.say(&mut net, cy, &Message::Refused(Refusal::Right));
    net.wait(Duration::from_secs(1));
    assert!(!net.pages[cy].events.contains(&Event::NotAllowed));
    assert!(net.pages[cy].client.status().admitted);
}

#[test]
fn live_words_of_a_stranger_are_heard_by_nobody() {
    let (mut net, ada, _, dead) = two_and_a_dead_link();
    let mut stranger = Stranger::new(&dead, 100);
    stranger.meet(&mut net, ada);
    let here = live::Message::Here(Here { name: "Bo".to_owned(), color: 1, caret: None });
    stranger.say_live(&mut net, ada, &here);
    net.wait(Duration::from_secs(1));
    let client = stranger.seat.client();
    let heard =
        |event: &Event| matches!(event, Event::Presence { client: of, .. } if *of == client);
    assert!(!net.pages[ada].events.iter().any(heard));
    assert_eq!(net.pages[ada].client.people().len(), 2);
}

#[test]
fn an_opened_link_only_adds() {
    let (mut net, ada, bo) = two();
    net.edit(ada, 0, 0, "ours");
    net.wait(Duration::from_secs(1));
    let good = net.invite(ada, Role::Participant);
    // By anybody who knows the room's id: another key, another node, an anchor of their own.
    let mut bad = Stranger::forged_link(&good);
    bad.nodes = vec!["/dns4/attacker.example/tcp/443/tls/ws".to_owned()];
    net.all_offline();
    net.node = true;
    let bo_again = net.open_link(bo, &bad);
    net.reload(ada);
    net.wait(Duration::from_secs(2));
    assert!(net.pages[bo_again].client.status().admitted);
    net.edit(bo_again, 0, 0, "still ");
    net.wait(Duration::from_secs(2));
    assert_eq!(net.text(ada), "still ours");
    assert!(!net.nodes.contains(&bad.nodes[0]), "nobody calls the attacker's node");
    let invited = net.pages[bo_again].client.invite(Terms::new(Role::Viewer)).unwrap();
    assert!(!invited.nodes.contains(&bad.nodes[0]));
    assert_eq!((invited.key.clone(), invited.chain.anchor), (good.key.clone(), good.chain.anchor));
}

#[test]
fn the_node_of_a_strangers_link_is_left_once_a_good_one_is_opened() {
    let (mut net, ada, _) = two();
    let good = net.invite(ada, Role::Participant);
    let mut bad = Stranger::forged_link(&good);
    bad.nodes = vec!["/dns4/attacker.example/tcp/443/tls/ws".to_owned()];
    let cy = net.join(3, "Cy", &bad);
    net.wait(Duration::from_secs(1));
    let cy = net.open_link(cy, &good);
    net.wait(Duration::from_secs(2));
    assert!(net.pages[cy].client.status().admitted);
    let invited = net.pages[cy].client.invite(Terms::new(Role::Viewer)).unwrap();
    assert!(!invited.nodes.contains(&bad.nodes[0]));
    net.nodes.clear();
    net.reload(cy);
    net.wait(Duration::from_secs(1));
    assert!(!net.nodes.contains(&bad.nodes[0]), "nor is it called any more");
}

#[test]
fn segments_that_strangers_let_wait_keep_nobody_from_being_read() {
    let (mut net, ada, bo, dead) = two_and_a_dead_link();
    for n in 0..8 {
        let mut stranger = Stranger::new(&dead, 100 + n);
        stranger.meet(&mut net, ada);
        for part in 0..8 {
            stranger.say(&mut net, ada, &Message::Segments(vec![stranger.tail(part, 150_000)]));
            net.wait(Duration::from_millis(100));
        }
    }
    assert!(
        net.pages[ada].client.stats().held <= limits::WAITING_STRANGERS + 2 * limits::SYNC_WINDOW
    );
    net.edit(bo, 0, 0, "read");
    net.wait(Duration::from_secs(1));
    assert_eq!(net.text(ada), "read");
    net.wait(Duration::from_secs(10));
    assert_eq!(net.pages[ada].client.stats().held, 0, "it went with them");
}

#[test]
fn a_link_with_a_wrong_key_does_not_block_the_good_one() {
    let (mut net, ada, _) = two();
    net.edit(ada, 0, 0, "text");
    let good = net.invite(ada, Role::Participant);
    let bad = Stranger::forged_link(&good);
    let cy = net.join(3, "Cy", &bad);
    net.wait(Duration::from_secs(2));
    assert!(!net.pages[cy].client.status().admitted);
    let cy = net.open_link(cy, &good);
    net.wait(Duration::from_secs(2));
    assert!(net.pages[cy].client.status().admitted);
    assert_eq!(net.text(cy), "text");
    let again = net.open_link(cy, &good);
    net.wait(Duration::from_secs(1));
    assert!(net.pages[again].events.contains(&Event::AlreadyHere));
}

#[test]
fn two_links_of_one_role_give_the_parts_of_both() {
    use covey_rooms::capability::Tools;
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let part = |tools| Terms { tools, ..Terms::new(Role::Participant) };
    let chat = net.pages[ada].client.invite(part(Tools::CHAT)).unwrap();
    let code = net.pages[ada].client.invite(part(Tools::CODE)).unwrap();
    let bo = net.join(2, "Bo", &chat);
    net.wait(Duration::from_secs(1));
    net.edit(bo, 0, 0, "refused");
    net.wait(Duration::from_secs(1));
    assert_eq!(net.text(ada), "");
    let bo = net.open_link(bo, &code);
    net.wait(Duration::from_secs(2));
    assert!(!net.pages[bo].events.contains(&Event::AlreadyHere));
    net.edit(bo, 0, 0, "taken");
    net.wait(Duration::from_secs(1));
    assert_eq!(net.text(ada), "taken");
}

#[test]
fn forged_segments_are_charged_to_who_sends_them() {
    let (mut net, ada, bo) = two();
    let link = net.invite(ada, Role::Participant);
    let mallory = net.join(3, "Mallory", &link);
    net.wait(Duration::from_secs(1));
    let (from, named) = (net.pages[mallory].seat, net.pages[bo].seat);
    // Large, sound in form, and refused for what it builds on being wrong.
    for n in 0..3u8 {
        let forged = stranger::forged_tail(&link, named, n);
        let bytes = Message::Segments(vec![forged]).to_bytes();
        net.deliver(from, ada, Class::Sync, bytes);
    }
    net.edit(bo, 0, 0, "k");
    net.wait(Duration::from_millis(100));
    assert_eq!(net.text(ada), "k", "what is written by whom they name is not held up");
}

#[test]
fn a_peer_that_comes_with_much_of_the_past_puts_nobody_in_debt() {
    let (mut net, ada, bo) = two();
    for n in 0..12 {
        net.edit(bo, 0, 0, &format!("{n} much that was written ").repeat(20_000));
        net.wait(Duration::from_secs(2));
    }
    let link = net.invite(ada, Role::Participant);
    let cy = net.join(3, "Cy", &link);
    net.wait(Duration::from_secs(20));
    net.reload(bo);
    net.wait(Duration::from_millis(300));
    for page in [ada, bo, cy] {
        net.edit(page, 0, 0, "k");
        net.wait(Duration::from_millis(150));
        assert!([ada, bo, cy].into_iter().all(|other| net.text(other).starts_with('k')));
        net.edit(page, 0, 1, "");
        net.wait(Duration::from_millis(150));
    }
}

/// 8,100 seats whose entrances nobody named made an honest first entry longer than others took.
#[test]
fn an_entry_that_names_all_it_may_fits_in_a_segment() {
    let head = Head { seat: SeatId([255; 32]), seq: u64::from(u32::MAX), hash: ShortHash([1; 16]) };
    let causes = limits::DEPS * head.to_bytes().len();
    assert!(causes + limits::UPDATE + (64 << 10) <= limits::SYNC_MESSAGE);
    let heads = limits::SEATS * head.to_bytes().len();
    assert!(heads + (64 << 10) <= limits::SYNC_MESSAGE, "all heads fit in a message");
}

#[test]
fn a_page_that_heard_of_very_many_seats_is_taken_by_everyone() {
    let (mut net, ada, bo) = two();
    let link = net.invite(ada, Role::Participant);
    let mut many = stranger::Seats::of(&mut net, ada, &link);
    many.enter(&mut net, ada, limits::DEPS + 200);
    net.wait(Duration::from_secs(60));
    net.reload(ada);
    net.wait(Duration::from_secs(30));
    net.edit(ada, 0, 0, "taken");
    net.wait(Duration::from_secs(5));
    assert_eq!(net.text(bo), "taken");
}

/// A member whose page loads are used up is told so; the others come and go as before, whatever is on their disks.
#[test]
fn a_page_that_finds_no_seat_left_says_so() {
    let (mut net, ada, bo) = two();
    let link = net.invite(ada, Role::Participant);
    let members: Vec<_> =
        (60..64).map(|device| stranger::Seats::of_device(&mut net, ada, &link, device)).collect();
    net.wait(Duration::from_secs(5));
    let first = net.pages.len() - members.len();
    // Four members have as many seats as a message can name.
    let enter = |(n, of): (usize, &stranger::Seats)| of.entrances(limits::MEMBER_SEATS, n == 0);
    let all: Vec<_> = members.iter().enumerate().flat_map(enter).collect();
    assert_eq!(all.len(), limits::SEATS);
    for page in [ada, bo, first] {
        net.pages[page].disk.segments.extend(all.iter().cloned());
        net.reload(page);
    }
    net.wait(Duration::from_secs(30));
    let told = Event::Unseated { reason: "quota" };
    assert!(net.pages[first].events.contains(&told), "{:?}", net.pages[first].events);
    for page in [ada, bo] {
        assert!(!net.pages[page].events.contains(&told));
    }
    let cy = net.join(3, "Cy", &link);
    net.wait(Duration::from_secs(30));
    net.edit(cy, 0, 0, "new ");
    net.edit(bo, 0, 0, "old ");
    net.wait(Duration::from_secs(10));
    for page in [ada, bo, cy] {
        let text = net.text(page);
        assert!(text.contains("new ") && text.contains("old "), "{text}");
    }
}

#[test]
fn a_damaged_disk_is_said_and_mended_by_the_others() {
    let (mut net, ada, bo) = two();
    for _ in 0..5 {
        net.edit(ada, 0, 0, "a");
        net.wait(Duration::from_millis(100));
        net.edit(bo, 0, 0, "b");
        net.wait(Duration::from_millis(100));
    }
    let lost = net.pages[bo].disk.segments.len() / 2;
    net.pages[bo].disk.segments.remove(lost);
    net.pages[bo].disk.segments.push(vec![0; 40]);
    net.reload(bo);
    let alarm = |event: &Event| matches!(event, Event::Unreadable { segments } if *segments > 0);
    assert!(net.pages[bo].events.iter().any(alarm));
    net.wait(Duration::from_secs(3));
    assert_eq!(net.text(bo), net.text(ada));
    let whole: Vec<_> = net.pages[ada].disk.segments.iter().rev().cloned().collect();
    net.pages[ada].disk.segments = whole;
    net.reload(ada);
    assert!(!net.pages[ada].events.iter().any(alarm), "in whatever order");
    assert_eq!(net.text(ada).len(), 10);
}

/// A hundred and sixty letters, and what strangers once got onto the disk before them.
#[test]
fn entries_of_strangers_on_a_disk_keep_nothing_honest_from_being_read() {
    let (mut net, ada, bo, dead) = two_and_a_dead_link();
    for n in 0..80 {
        for page in [ada, bo] {
            net.edit(page, 0, 0, "x");
            net.wait(Duration::from_millis(20 + n % 3));
        }
    }
    net.wait(Duration::from_secs(2));
    let mut foreign = Vec::new();
    for n in 0..5 {
        let stranger = Stranger::new(&dead, 100 + n);
        foreign.push(stranger.entrance(1));
        foreign.push(stranger.tail(1, 2_000_000));
    }
    let honest = std::mem::take(&mut net.pages[bo].disk.segments);
    net.pages[bo].disk.segments = foreign.into_iter().chain(honest).collect();
    net.all_offline();
    net.reload(bo);
    assert_eq!(net.text(bo).len(), 160);
    let alarm = |event: &Event| matches!(event, Event::Unreadable { segments: 10 });
    assert!(net.pages[bo].events.iter().any(alarm), "what is refused is said");
}

/// Mallory shows Ada a segment of which an entry is refused; before, in the middle and at the end there is
/// something good. Ada writes on, and nobody blames her.
#[test]
fn a_refused_entry_shown_to_one_harms_nobody_who_saw_it() {
    for bad in 0..3 {
        let (mut net, ada, bo) = two();
        let link = net.invite(ada, Role::Participant);
        let mallory = net.join(3, "Mallory", &link);
        net.wait(Duration::from_secs(1));
        let (from, key) = (net.pages[mallory].seat, net.pages[mallory].client.seat_secret());
        let log = net.pages[ada].disk.segments.clone();
        let segment = stranger::with_a_refused_entry(&link, &log, key, bad);
        net.cut(from, net.pages[bo].seat);
        net.deliver(from, ada, Class::Sync, Message::Segments(vec![segment]).to_bytes());
        net.edit(ada, 0, 0, "ada");
        net.wait(Duration::from_secs(1));
        net.edit(bo, 3, 0, "bo");
        net.wait(Duration::from_secs(1));
        for page in [ada, bo] {
            assert_eq!(net.text(page), "adabo");
            net.reload(page);
            net.wait(Duration::from_secs(1));
            assert_eq!(net.text(page), "adabo", "after a reload, too");
        }
        let pair = (net.pages[ada].seat, net.pages[bo].seat);
        assert!(net.links.contains(&pair), "neither cut the other off");
        assert!(!refused(&net.pages[bo]).contains_key("cut-off"));
    }
}
