//! The cost of updates for whoever keeps the document, and what they are charged.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use covey_rooms::documents::Document;
use covey_rooms::guard::{CODE_FILE, DocKind, Guard, Refusal};
use covey_wire::frame::Writer;
use covey_wire::id::ClientId;
use covey_wire::limits;

const MALLORY: ClientId = ClientId(9);
const CAROL: ClientId = ClientId(10);

const DELETED: u8 = 1;
const TEXT: u8 = 4;
const VALUES: u8 = 8;
const NULL: &[u8] = &[1, 126];

type Id = (ClientId, u32);

/// Where a block stands.
#[derive(Clone, Copy)]
enum At<'a> {
    Between(Option<Id>, Option<Id>),
    Root(&'a str),
    Key(&'a str),
}

fn own(clock: u32) -> Option<Id> {
    Some((MALLORY, clock))
}

fn block(at: At<'_>, kind: u8, content: &[u8]) -> Vec<u8> {
    let mut w = Writer::new();
    match at {
        At::Between(origin, right) => {
            let flag = |there: bool, flag: u8| if there { flag } else { 0 };
            w.u8(kind | flag(origin.is_some(), 0x80) | flag(right.is_some(), 0x40));
            for (client, clock) in origin.iter().chain(&right) {
                w.varint(client.0).varint((*clock).into());
            }
        }
        At::Root(name) => drop(w.u8(kind).varint(1).bytes(name.as_bytes())),
        At::Key(key) => drop(w.u8(kind | 0x20).varint(1).bytes(b"map").bytes(key.as_bytes())),
    }
    w.raw(content);
    w.into_bytes()
}

fn text(at: At<'_>, text: &str) -> Vec<u8> {
    let mut w = Writer::new();
    w.bytes(text.as_bytes());
    block(at, TEXT, &w.into_bytes())
}

fn update(author: ClientId, clock: u32, blocks: &[Vec<u8>], deletes: &[(u32, u32)]) -> Vec<u8> {
    let mut w = Writer::new();
    w.varint(u64::from(!blocks.is_empty()));
    if !blocks.is_empty() {
        w.varint(blocks.len() as u64).varint(author.0).varint(clock.into()).raw(&blocks.concat());
    }
    w.varint(u64::from(!deletes.is_empty()));
    if !deletes.is_empty() {
        w.varint(author.0).varint(deletes.len() as u64);
        for (clock, len) in deletes {
            w.varint((*clock).into()).varint((*len).into());
        }
    }
    w.into_bytes()
}

/// A guard, and what everyone knows.
struct Room {
    guard: Guard,
    clocks: BTreeMap<ClientId, u32>,
}

impl Room {
    fn new() -> Self {
        Self { guard: Guard::new(DocKind::Custom), clocks: BTreeMap::new() }
    }

    fn clock(&self, author: ClientId) -> u32 {
        self.clocks.get(&author).copied().unwrap_or(0)
    }

    /// Blocks of someone who has seen everything; what they cost.
    fn say(&mut self, author: ClientId, blocks: &[Vec<u8>]) -> Result<usize, Refusal> {
        let update = update(author, self.clock(author), blocks, &[]);
        let seen = self.clocks.clone();
        self.take(author, &update, &seen)
    }

    fn take(
        &mut self,
        author: ClientId,
        update: &[u8],
        seen: &BTreeMap<ClientId, u32>,
    ) -> Result<usize, Refusal> {
        let checked = self.guard.check(update, author, self.clock(author), seen)?;
        let cost = checked.cost();
        self.clocks.insert(author, checked.accept());
        Ok(cost)
    }

    /// The cost of Mallory's blocks, said in updates of a thousand, as long as they pass.
    fn say_all(&mut self, blocks: &[Vec<u8>]) -> (usize, Option<Refusal>) {
        let mut cost = 0;
        for part in blocks.chunks(1_000) {
            match self.say(MALLORY, part) {
                Ok(more) => cost += more,
                Err(why) => return (cost, Some(why)),
            }
        }
        (cost, None)
    }
}

/// The cost of Mallory's blocks in an empty document.
fn cost(blocks: &[Vec<u8>]) -> usize {
    let (cost, refused) = Room::new().say_all(blocks);
    assert_eq!(refused, None);
    cost
}

/// A long text, and behind all of it a unit by another that all of its units can name as what they
/// stand before.
fn long_text(len: usize) -> Room {
    let mut room = Room::new();
    let first = [text(At::Root("r"), "p"), text(At::Between(own(0), None), &"t".repeat(len))];
    room.say(MALLORY, &first).expect("a text");
    room.say(CAROL, &[text(At::Between(own(0), None), "e")]).expect("a letter");
    room
}

#[test]
fn blocks_far_from_the_end_that_they_name_cost_more_than_a_member_has() {
    let mut room = long_text(25_000);
    let end = Some((CAROL, 0));
    let far = |clock| text(At::Between(own(clock), end), "x");
    let blocks: Vec<_> = (1..25_000).rev().map(far).collect();
    let (cost, refused) = room.say_all(&blocks);
    assert!(refused.is_some() || cost > limits::AUTHOR_BYTES, "{cost} for {refused:?}");
}

#[test]
fn a_block_that_is_too_far_from_the_end_that_it_names_is_refused() {
    let mut room = Room::new();
    room.say(MALLORY, &[text(At::Root("r"), "x")]).expect("a letter");
    for clock in 1..=limits::BETWEEN as u32 + 1 {
        room.say(MALLORY, &[text(At::Between(None, own(clock - 1)), "x")]).expect("backwards");
    }
    let far = [text(At::Root("r"), "y")];
    assert_eq!(room.say(MALLORY, &far), Err(Refusal::OriginsApart));
    assert_eq!(Refusal::OriginsApart.reason(), "origins-apart");
}

#[test]
fn values_made_as_if_nothing_were_there_cost_more_than_a_member_has() {
    for at in [At::Root("list"), At::Key("key")] {
        let blocks = vec![block(at, VALUES, NULL); 25_000];
        let (cost, refused) = Room::new().say_all(&blocks);
        assert!(refused.is_some() || cost > limits::AUTHOR_BYTES, "{cost} for {refused:?}");
    }
}

#[test]
fn splits_of_something_long_are_charged_by_how_long_it_is() {
    let split = |len: usize| {
        let mut room = long_text(len);
        let at = len as u32 / 2;
        room.say(MALLORY, &[text(At::Between(own(at), own(at + 1)), "x")]).expect("passes")
    };
    let (short, long) = (split(10), split(1_000_000));
    assert!(long >= short + 1_000_000 / limits::SPLIT_TEXT - 1, "{short} and {long}");

    let mut room = Room::new();
    let mut nulls = Writer::new();
    nulls.varint(20_000).raw(&[126; 20_000]);
    room.say(MALLORY, &[block(At::Root("r"), VALUES, &nulls.into_bytes())]).expect("a list");
    let deletes: Vec<_> = (1..8_000).map(|n| (2 * n, 1)).collect();
    let deletes = update(MALLORY, 20_000, &[], &deletes);
    let refused = room.take(MALLORY, &deletes, &BTreeMap::new());
    let charged = refused.unwrap_or(usize::MAX);
    assert!(charged > 8_000 * 4_000 / limits::SPLIT_VALUES, "{charged}");
}

#[test]
fn a_place_that_one_cut_before_costs_nothing_again() {
    let mut room = long_text(1_000);
    let delete = update(MALLORY, room.clock(MALLORY), &[], &[(10, 1)]);
    let seen = room.clocks.clone();
    let first = room.take(MALLORY, &delete, &seen).expect("passes");
    assert!(first >= 2 * limits::BLOCK_COST, "{first}");
    assert_eq!(room.take(MALLORY, &delete, &seen), Ok(0));
}

#[test]
fn values_in_a_row_of_blocks_cost_more_than_a_member_has() {
    let go_on = |clock| block(At::Between(own(clock), None), VALUES, NULL);
    let mut blocks = vec![block(At::Root("r"), VALUES, NULL)];
    blocks.extend((0..19_000).map(go_on));
    assert_eq!(Room::new().say(MALLORY, &blocks), Err(Refusal::Cost));
}

#[test]
fn memory_is_charged() {
    let empty = cost(&[block(At::Root("r"), DELETED, &[1])]);
    let values = |value: &[u8]| {
        let content = [&[100][..], &value.repeat(100)].concat();
        (cost(&[block(At::Root("r"), VALUES, &content)]) - empty) / 100
    };
    assert!(values(&[126]) >= 24, "null");
    assert!(values(&[117, 0]) >= 40, "[]");
    assert!(values(&[118, 0]) >= 80, "{{}}");
    assert!(values(&[118, 1, 1, b'k', 126]) >= 150, "a map of one");
    assert!(values(&[119, 3, b'a', b'b', b'c']) >= 40, "a text");

    let keys = |n: u32| {
        cost(&(0..n).map(|n| block(At::Key(&n.to_string()), VALUES, NULL)).collect::<Vec<_>>())
    };
    assert!(keys(1_001) - keys(1) >= 1_000 * 350, "keys");
    let roots = |n: u32| {
        let root = |n: u32| block(At::Root(&n.to_string()), DELETED, &[1]);
        cost(&(0..n).map(root).collect::<Vec<_>>())
    };
    assert!(roots(1_001) - roots(1) >= 1_000 * 500, "roots");
    assert!(empty >= 2_500, "a document");
}

#[test]
fn a_root_and_a_document_are_charged_to_each_who_writes_in_them_first() {
    let mut room = Room::new();
    let first = room.say(MALLORY, &[block(At::Key("a"), VALUES, NULL)]).expect("passes");
    let second = room.say(CAROL, &[block(At::Key("b"), VALUES, NULL)]).expect("passes");
    let again = room.say(CAROL, &[block(At::Key("c"), VALUES, NULL)]).expect("passes");
    assert_eq!(first, second, "whoever was first");
    assert!(again + limits::ROOT_COST + limits::DOCUMENT_COST <= second);
}

/// Blocks of others at the same place, of which the author knew nothing, change nothing.
#[test]
fn the_unseen_costs_nothing() {
    let charged = |unseen: u32| {
        let mut room = long_text(100);
        let seen = room.clocks.clone();
        let stranger = ClientId(11);
        for n in 0..unseen {
            let origin = own(50 + n % 3);
            let right = Some((CAROL, 0)).filter(|_| n % 2 == 0).or(own(51 + n % 3));
            room.say(stranger, &[text(At::Between(origin, right), "u")]).expect("passes");
        }
        let blocks = [
            text(At::Between(own(51), own(52)), "x"),
            text(At::Between(own(40), Some((CAROL, 0))), "y"),
        ];
        let update = update(MALLORY, room.clock(MALLORY), &blocks, &[(45, 10)]);
        room.take(MALLORY, &update, &seen).expect("passes")
    };
    let alone = charged(0);
    assert!(alone > 3 * limits::BETWEEN_COST);
    for unseen in [1, 2, 50] {
        assert_eq!(charged(unseen), alone);
    }
}

#[test]
fn refused_and_dropped_updates_are_not_charged_later() {
    let mut room = long_text(1_000);
    let blocks = [text(At::Between(own(9), own(10)), "x"), block(At::Root("new"), DELETED, &[1])];
    let sound = update(MALLORY, room.clock(MALLORY), &blocks, &[(20, 5)]);
    let spoilt = [&blocks[..], &[block(At::Root("new"), 2, &[1])]].concat();
    let spoilt = update(MALLORY, room.clock(MALLORY), &spoilt, &[(20, 5)]);
    let clean = long_text(1_000).take(MALLORY, &sound, &room.clocks.clone());
    let next = room.clock(MALLORY);
    assert!(room.guard.check(&spoilt, MALLORY, next, &room.clocks).is_err());
    drop(room.guard.check(&sound, MALLORY, next, &room.clocks).expect("passes"));
    let seen = room.clocks.clone();
    assert_eq!(room.take(MALLORY, &sound, &seen), clean);
}

/// An author that types, deletes and pastes pays for little more than what there is to keep.
#[test]
fn an_afternoon_of_typing_costs_little() {
    let mut guard = Guard::new(DocKind::Code);
    let mut document = Document::new(DocKind::Code, MALLORY);
    let (mut next, mut cost) = (0, 0);
    let mut edit = |at, delete, insert: &str| {
        let update = document.edit(CODE_FILE, at, delete, insert);
        let checked = guard.check(&update, MALLORY, next, &BTreeMap::new()).expect("honest");
        cost += checked.cost();
        next = checked.accept();
    };
    edit(0, 0, &"fn main() {}\n".repeat(5_000));
    for word in 0..1_000 {
        let at = word * 61 % 60_000;
        (0..5).for_each(|n| edit(at + n, 0, "x"));
        (0..3).for_each(|n| edit(at + 4 - n, 1, ""));
    }
    assert!(cost < 3 << 20, "{cost}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test looks at the clock")]
fn many_blocks_with_many_deletions_are_checked_quickly() {
    let values: Vec<_> = (0..10_000).map(|_| block(At::Key("k"), VALUES, &[2, 126, 126])).collect();
    let deletes: Vec<_> = (0..8_192).map(|n| (2 * n, 2)).collect();
    let update = update(MALLORY, 0, &values, &deletes);
    let took = |_| {
        let begun = Instant::now();
        assert!(Guard::new(DocKind::Custom).check(&update, MALLORY, 0, &BTreeMap::new()).is_err());
        begun.elapsed()
    };
    let best = (0..8).map(took).min().unwrap_or_default();
    assert!(best < Duration::from_millis(100), "{best:?}");
}
