//! What the guard lets into custom documents: types, keys, formats, embeds, and what of it fits
//! into what.

use std::collections::BTreeMap;

use covey_rooms::documents::Document;
use covey_rooms::guard::{DocKind, Guard, Refusal};
use covey_wire::frame::Writer;
use covey_wire::id::{ClientId, hex, unhex};

const AUTHOR: ClientId = ClientId(1);

/// Where a block stands.
#[derive(Clone, Copy)]
enum Place {
    Root,
    In(u32),
    Under(u32, &'static str),
    Behind(u32),
}
use Place::{Behind, In, Root, Under};

/// A block of the author's: content of a kind, at a place.
fn block(place: Place, kind: u8, content: &[u8]) -> Vec<u8> {
    let mut w = Writer::new();
    match place {
        Root => w.u8(kind).varint(1).bytes(b"root"),
        In(clock) => w.u8(kind).varint(0).varint(AUTHOR.0).varint(clock.into()),
        Under(clock, key) => {
            w.u8(kind | 0x20).varint(0).varint(AUTHOR.0).varint(clock.into()).bytes(key.as_bytes())
        }
        Behind(clock) => w.u8(kind | 0x80).varint(AUTHOR.0).varint(clock.into()),
    };
    w.raw(content);
    w.into_bytes()
}

fn update(blocks: &[Vec<u8>]) -> Vec<u8> {
    let mut w = Writer::new();
    w.varint(1).varint(blocks.len() as u64).varint(AUTHOR.0).varint(0).raw(&blocks.concat());
    w.varint(0);
    w.into_bytes()
}

/// What the guard says; what passes has to be what yrs takes.
fn verdict(blocks: &[Vec<u8>]) -> Result<(), Refusal> {
    let update = update(blocks);
    let mut guard = Guard::new(DocKind::Custom);
    guard.check(&update, AUTHOR, 0, &BTreeMap::new())?.accept();
    let mut document = Document::new(DocKind::Custom, ClientId(9));
    document.apply(&update).expect("yrs takes what passes");
    let mut again = Document::new(DocKind::Custom, ClientId(9));
    again.apply(&document.state()).expect("and what it saves");
    assert_eq!(again.digest(), document.digest(), "{blocks:?}");
    Ok(())
}

const ARRAY: &[u8] = &[0];
const MAP: &[u8] = &[1];
const TEXT: &[u8] = &[2];
const ELEMENT: &[u8] = &[3, 1, b'p'];
const FRAGMENT: &[u8] = &[4];
const XML_TEXT: &[u8] = &[6];

/// One of each kind of content: characters, values, bytes, an embed, a format, a type.
const CONTENTS: [(u8, &[u8]); 6] = [
    (4, &[1, b'a']),
    (8, &[1, 126]),
    (3, &[1, 0]),
    (5, &[2, b'{', b'}']),
    (6, &[1, b'b', 4, b't', b'r', b'u', b'e']),
    (7, ARRAY),
];

#[test]
fn content_fits_its_container() {
    let fits = [
        (ARRAY, [false, true, true, false, false, true], [false; 6]),
        (MAP, [false; 6], [false, true, true, false, false, true]),
        (TEXT, [true, false, false, true, true, true], [false, true, true, false, false, true]),
        (
            ELEMENT,
            [false, false, false, false, false, true],
            [false, true, true, false, false, true],
        ),
        (FRAGMENT, [false, false, false, false, false, true], [false; 6]),
        (XML_TEXT, [true, false, false, true, true, true], [false, true, true, false, false, true]),
    ];
    for (container, in_list, by_key) in fits {
        for (nth, (kind, content)) in CONTENTS.into_iter().enumerate() {
            for (place, fits) in [(In(0), in_list[nth]), (Under(0, "k"), by_key[nth])] {
                let blocks = [block(Root, 7, container), block(place, kind, content)];
                assert_eq!(verdict(&blocks).is_ok(), fits, "{container:?} {kind} {fits}");
            }
        }
    }
    for (kind, content) in CONTENTS {
        assert_eq!(verdict(&[block(Root, kind, content)]), Ok(()), "{kind} in a root");
    }
}

#[test]
fn other_types_and_kinds_are_refused() {
    for kind in [5, 7, 8, 9, 15, 0x80] {
        let blocks = [block(Root, 7, &[kind, 1, b'x'])];
        assert_eq!(verdict(&blocks), Err(Refusal::Kind), "type {kind}");
    }
    for kind in [2, 9, 11, 15, 0x1f] {
        assert_eq!(verdict(&[block(Root, kind, &[1, 1, b'x'])]), Err(Refusal::Kind), "{kind}");
    }
}

#[test]
fn a_parent_is_a_type_or_was_one() {
    let text = |place| block(place, 4, &[1, b'a']);
    assert_eq!(verdict(&[text(Root), text(In(0))]), Err(Refusal::Parent));
    assert_eq!(verdict(&[text(Root), text(In(1))]), Err(Refusal::OriginUnseen), "itself");
    // A type that came deleted, and filler: what stands in it becomes filler, and what is behind.
    let deleted = block(Root, 1, &[1]);
    assert_eq!(verdict(&[deleted, text(In(0)), text(Behind(1))]), Ok(()));
    assert_eq!(verdict(&[vec![0, 1], text(In(0))]), Ok(()));
}

#[test]
fn keys_are_named_once_and_have_no_right_origin() {
    const ONE: [u8; 2] = [1, 126];
    let map = block(Root, 7, MAP);
    let first = block(Under(0, "k"), 8, &ONE);
    let keyed = block(Behind(1), 0x28, &ONE);
    assert_eq!(verdict(&[map.clone(), first.clone(), keyed.clone()]), Ok(()));
    let without = block(Behind(1), 8, &ONE);
    assert_eq!(verdict(&[map.clone(), first.clone(), without]), Err(Refusal::Key));
    let right = [&[0x68, 1, 1][..], &ONE].concat();
    assert_eq!(verdict(&[map, first, right]), Err(Refusal::Key));
    let list = [block(Root, 8, &ONE), block(Behind(0), 8, &ONE), keyed];
    assert_eq!(verdict(&list), Err(Refusal::Key), "a key in a list");
}

#[test]
fn several_values_under_a_key_are_deleted_as_they_come() {
    let map = block(Root, 7, MAP);
    let entry = |count: u8| {
        block(Under(0, ""), 8, &[&[count][..], &[126, 126]].concat()[..1 + usize::from(count)])
    };
    assert_eq!(verdict(&[map.clone(), entry(1)]), Ok(()));
    assert_eq!(verdict(&[map.clone(), entry(2)]), Err(Refusal::Entry));
    let mut update = update(&[map, entry(2)]);
    update.pop();
    update.extend([1, 1, 1, 1, 2]);
    let mut guard = Guard::new(DocKind::Custom);
    assert_eq!(
        guard.check(&update, AUTHOR, 0, &BTreeMap::new()).expect("as Yjs has it").accept(),
        3
    );
}

#[test]
fn types_are_nested_so_deep_and_no_deeper() {
    let nested = |levels: u32| {
        let mut blocks = vec![block(Root, 7, ARRAY)];
        blocks.extend((0..levels - 1).map(|clock| block(In(clock), 7, ARRAY)));
        blocks
    };
    assert_eq!(verdict(&nested(100)), Ok(()));
    assert_eq!(verdict(&nested(101)), Err(Refusal::Depth));
}

#[test]
fn json_is_what_both_readers_read() {
    let good = [
        "null",
        "-0",
        "0.1",
        "1e-7",
        "1.7976931348623157e+308",
        "5e-324",
        "9223372036854775807",
        "18446744073709551616",
        "-18446744073709551615",
        "100000000000000000000",
        r#"{"a":[1,"é\"\n\u0001",{}],"":[]}"#,
    ];
    let bad = [
        "",
        " 1",
        "1 ",
        "01",
        "+1",
        "1.",
        ".5",
        "1e",
        "1E5",
        "12e5",
        "1e309",
        "1.7976931348623158e308",
        "9223372036854775808",
        "18446744073709551615",
        "NaN",
        "nul",
        "nullx",
        "[1,]",
        "[1 ,2]",
        "{1:2}",
        r#"{"a"}"#,
        r#"{"a":1,}"#,
        "\"\u{1}\"",
        r#""\x41""#,
        r#""\u00""#,
        r#""\ud83d""#,
        r#""\ud83d\ude80""#,
        "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]",
        "\"",
        "[",
    ];
    let embed = |json: &str| {
        let mut w = Writer::new();
        w.bytes(json.as_bytes());
        verdict(&[block(Root, 5, &w.into_bytes())])
    };
    for json in good {
        assert_eq!(embed(json), Ok(()), "{json}");
    }
    for json in bad {
        assert!(embed(json).is_err(), "{json}");
    }
}

/// What Yjs makes where someone writes `abcd` into a nested text, deletes `cd`, takes that back,
/// writes `X` before the `d`, deletes the text and takes that back: the `d` comes back with the
/// `c` as its origin and as its right origin. `@` stands for the author.
const BROUGHT_BACK: [&str; 6] = [
    "0102@00 2701016d017402 0400@000461626364 00",
    "0001@010302",
    "0101@05 c4@02@03026364 00",
    "0101@07 c4@05@060158 00",
    "0001@0200030503",
    "0104@08 a7@0002 0400@0803616263 c4@0b@0b0164 c4@0b@0c0158 00",
];

#[test]
fn a_type_that_was_brought_back_says_what_its_author_sees() {
    let mut guard = Guard::new(DocKind::Custom);
    let mut document = Document::new(DocKind::Custom, ClientId(9));
    let mut unmended = Document::new(DocKind::Custom, ClientId(9));
    let (mut next, mut refused) = (0, Vec::new());
    for update in BROUGHT_BACK {
        let mut update = unhex(&update.replace(' ', "").replace('@', "01")).expect("hexadecimal");
        unmended.apply(&update).expect("yrs takes it");
        if let Err(why) = guard.check(&update, AUTHOR, next, &BTreeMap::new()).map(drop) {
            refused.push(why);
            update = guard.mend(&update, AUTHOR).expect("can be mended");
        }
        next = guard.check(&update, AUTHOR, next, &BTreeMap::new()).expect("passes").accept();
        document.apply(&update).expect("yrs takes what passes");
    }
    assert_eq!(refused, [Refusal::OriginOrder]);
    assert!(hex(&document.content()).contains(&hex(b"abcXd")), "as the author has it");
    assert!(hex(&unmended.content()).contains(&hex(b"abdcX")), "why it is refused as it was");
}
