//! The guard against known crashers, honest sessions of JavaScript Yjs, and huge pastes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use covey_rooms::documents::Document;
use covey_rooms::guard::{CODE_FILE, DocKind, Guard, Refusal, Seen, split};
use covey_wire::frame::Writer;
use covey_wire::id::{ClientId, MemberId, hex, unhex};
use covey_wire::limits;

mod yjs;

const SOMEONE: MemberId = MemberId([7; 32]);

/// Whoever has seen everything there could be.
struct Everything;

impl Seen for Everything {
    fn clock(&self, _: ClientId) -> u32 {
        limits::CLOCK
    }

    fn member(&self, _: ClientId) -> Option<MemberId> {
        Some(SOMEONE)
    }
}

fn files(folder: &str, prefix: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests").join(folder);
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "hex"))
        .filter(|path| path.file_name().is_some_and(|f| f.to_string_lossy().starts_with(prefix)))
        .map(|path| (path.clone(), fs::read_to_string(path).expect("text")))
        .collect();
    files.sort();
    files
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

/// Hexadecimal digits, in which `(75)x3` stands for `757575`.
fn bytes(line: &str) -> Vec<u8> {
    let word = |word: &str| match word.strip_prefix('(').and_then(|word| word.split_once(")x")) {
        Some((digits, times)) => {
            unhex(digits).expect("digits").repeat(times.parse().expect("a count"))
        }
        None => unhex(word).expect("digits"),
    };
    line.split(' ').flat_map(word).collect()
}

/// A guard that has two characters of client 1.
fn guard_with_text() -> Guard {
    guard_with_something(DocKind::Code).0
}

/// A guard that has something of client 1, and that client's next clock.
fn guard_with_something(kind: DocKind) -> (Guard, u32) {
    let mut guard = Guard::new(kind);
    let mut first = Document::new(kind, ClientId(1));
    let update = match kind {
        DocKind::Code => first.edit(CODE_FILE, 0, 0, "ab"),
        DocKind::Board => first.set("page/main", "a", Some(1.into())),
        DocKind::Chat => first.splice(&format!("from/{}", hex(&SOMEONE.0)), 0, 0, vec![1.into()]),
        _ => first.edit("a", 0, 0, "ab"),
    };
    let next = guard.check(&update, ClientId(1), 0, &Everything).expect("honest").accept();
    (guard, next)
}

#[test]
fn every_crasher_is_refused() {
    let crashers = files("crashers", "");
    assert!(crashers.len() >= 20);
    for (path, text) in crashers {
        let forged = path.ends_with("forged-author.hex");
        for update in lines(&text).map(bytes) {
            for kind in [DocKind::Chat, DocKind::Board, DocKind::Code, DocKind::Custom] {
                for author in (0..16).chain([0x7f, 0xfe]).map(ClientId) {
                    // That one is only harmful because its blocks aren't the author's.
                    if forged && author == ClientId(9) {
                        continue;
                    }
                    let mut empty = Guard::new(kind);
                    let checked = empty.check(&update, author, 0, &Everything);
                    assert!(checked.is_err(), "{} by {author:?} in {kind:?}", path.display());
                    let (mut guard, next) = guard_with_something(kind);
                    let next = if author == ClientId(1) { next } else { 0 };
                    let checked = guard.check(&update, author, next, &Everything);
                    assert!(checked.is_err(), "{} by {author:?} on {kind:?}", path.display());
                }
            }
        }
    }
}

#[test]
fn an_edit_under_another_client_id_is_refused() {
    let forged = Document::new(DocKind::Code, ClientId(9)).edit(CODE_FILE, 0, 0, "hello");
    let mut guard = Guard::new(DocKind::Code);
    let refusal = guard.check(&forged, ClientId(8), 0, &Everything).expect_err("forged");
    assert_eq!((refusal, refusal.reason()), (Refusal::Author, "author"));
}

#[test]
fn a_block_that_the_entry_does_not_build_on_is_refused() {
    let mut guard = guard_with_text();
    let mut first = Document::new(DocKind::Code, ClientId(1));
    let mut other = Document::new(DocKind::Code, ClientId(2));
    other.apply(&first.edit(CODE_FILE, 0, 0, "ab")).expect("applies");
    let behind = other.edit(CODE_FILE, 2, 0, "c");
    let seen = |clock| BTreeMap::from([(ClientId(1), clock)]);
    let refusal = guard.check(&behind, ClientId(2), 0, &seen(1)).expect_err("unseen");
    assert_eq!(refusal, Refusal::OriginUnseen);
    assert_eq!(guard.check(&behind, ClientId(2), 0, &seen(2)).expect("seen").accept(), 1);
    let delete = other.edit(CODE_FILE, 0, 2, "");
    let refusal = guard.check(&delete, ClientId(2), 1, &seen(1)).expect_err("unseen");
    assert_eq!(refusal, Refusal::DeleteUnseen);
    assert_eq!(guard.check(&delete, ClientId(2), 1, &seen(2)).expect("seen").accept(), 1);
}

#[test]
fn a_refused_or_dropped_update_leaves_no_trace() {
    let mut guard = guard_with_text();
    let update = Document::new(DocKind::Code, ClientId(2)).edit(CODE_FILE, 0, 0, "x");
    drop(guard.check(&update, ClientId(2), 0, &Everything).expect("honest"));
    assert_eq!(guard.check(&update, ClientId(2), 0, &Everything).expect("still").accept(), 1);
    let again = guard.check(&update, ClientId(2), 0, &Everything).expect_err("a second time");
    assert_eq!(again, Refusal::Clock);
}

#[test]
fn nothing_that_yjs_sends_is_refused() {
    let files = files("vectors", "yjs-");
    assert!(files.len() >= 9);
    for (path, text) in files {
        match yjs::play(text.as_bytes()) {
            Ok((sessions, _)) => assert!(sessions >= 25, "{}", path.display()),
            Err(fault) => panic!("{}: {fault}", path.display()),
        }
    }
}

/// Pastes into the middle of a text, splits, checks, applies to two replicas.
fn paste(text: &str) {
    let author = ClientId(0x1f_1234_5678_9abc);
    let mut writer = Document::new(DocKind::Code, author);
    let mut reader = Document::new(DocKind::Code, ClientId(7));
    let mut again = Document::new(DocKind::Code, ClientId(8));
    let mut guard = Guard::new(DocKind::Code);
    let mut next = 0;
    let updates = [
        writer.edit(CODE_FILE, 0, 0, "before after"),
        writer.edit(CODE_FILE, 7, 0, text),
        writer.edit(CODE_FILE, 3, 4, "x"),
    ];
    for update in updates {
        let parts = split(&update, author).expect("honest");
        for part in &parts {
            assert!(part.len() <= limits::UPDATE_PART);
            next = guard.check(part, author, next, &Everything).expect("passes").accept();
            reader.apply(part).expect("applies");
            again.apply(part).expect("applies");
        }
    }
    assert_eq!(reader.text(CODE_FILE), writer.text(CODE_FILE));
    assert_eq!(reader.digest(), writer.digest());
    assert_eq!(reader.digest(), again.digest());
    let mut fresh = Document::new(DocKind::Code, ClientId(9));
    fresh.apply(&reader.state()).expect("applies");
    assert_eq!(fresh.digest(), writer.digest());
}

#[test]
fn a_million_characters_arrive_whole() {
    let ascii: String = ('a'..='z').cycle().take(1_000_000).collect();
    let chinese: String = ('\u{4e00}'..='\u{9fff}').cycle().take(1_000_000).collect();
    let emoji: String = "a👩‍🚀".chars().cycle().take(1_000_000).collect();
    for text in [ascii, chinese, emoji] {
        paste(&text);
    }
}

#[test]
fn many_deletions_are_spread_over_parts() {
    let author = ClientId(1);
    let mut writer = Document::new(DocKind::Code, author);
    let mut reader = Document::new(DocKind::Code, ClientId(2));
    let mut guard = Guard::new(DocKind::Code);
    let text = writer.edit(CODE_FILE, 0, 0, &"ab".repeat(20_000));
    let next = guard.check(&text, author, 0, &Everything).expect("passes").accept();
    reader.apply(&text).expect("applies");
    // Every other character, the last one first.
    let mut update = Writer::new();
    update.varint(0).varint(1).varint(1).varint(20_000);
    for n in (0..20_000).rev() {
        update.varint(2 * n).varint(1);
    }
    let update = update.into_bytes();
    assert!(guard.check(&update, author, next, &Everything).is_err());
    let parts = split(&update, author).expect("an update");
    assert_eq!(parts.len(), 3);
    for part in parts {
        guard.check(&part, author, next, &Everything).expect("passes").accept();
        reader.apply(&part).expect("applies");
    }
    assert_eq!(reader.text(CODE_FILE), "b".repeat(20_000));
}

#[test]
fn known_blocks_of_others_are_left_out() {
    let mut other = Document::new(DocKind::Code, ClientId(5));
    other.edit(CODE_FILE, 0, 0, "theirs");
    let mut own = Document::new(DocKind::Code, ClientId(6));
    own.apply(&other.state()).expect("applies");
    let update = own.edit(CODE_FILE, 6, 0, " and mine");
    assert_eq!(split(&own.state(), ClientId(6)), Ok(vec![update]));
    assert_eq!(split(&other.state(), ClientId(6)), Ok(vec![]));
    assert!(split(&[1, 2, 3], ClientId(6)).is_err());
}
