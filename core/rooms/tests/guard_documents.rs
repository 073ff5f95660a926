//! What the guard lets into chat, board and code, and who may write where. Custom documents are
//! in `guard_custom.rs`.

use std::sync::Arc;

use covey_rooms::documents::{Any, Document};
use covey_rooms::guard::{DocKind, Guard, Refusal, Seen, split};
use covey_wire::id::{ClientId, MemberId, hex};
use covey_wire::limits;

const ANNA: MemberId = MemberId([0xa7; 32]);
const BEN: MemberId = MemberId([0xb2; 32]);

/// Anna has clients 1 and 2, Ben 3; everyone has seen everything.
struct Seats;

impl Seen for Seats {
    fn clock(&self, _: ClientId) -> u32 {
        limits::CLOCK
    }

    fn member(&self, client: ClientId) -> Option<MemberId> {
        match client.0 {
            1 | 2 => Some(ANNA),
            3 => Some(BEN),
            _ => None,
        }
    }
}

/// A page of someone, and the guard of a peer whom every update reaches.
struct Page {
    document: Document,
    client: ClientId,
    next: u32,
}

impl Page {
    fn new(kind: DocKind, client: u64) -> Self {
        let client = ClientId(client);
        Self { document: Document::new(kind, client), client, next: 0 }
    }

    fn send(&mut self, guard: &mut Guard, update: &[u8]) -> Result<(), Refusal> {
        self.next = guard.check(update, self.client, self.next, &Seats)?.accept();
        Ok(())
    }
}

fn record(entries: &[(&str, Any)]) -> Any {
    Any::Map(Arc::new(entries.iter().map(|(key, value)| ((*key).into(), value.clone())).collect()))
}

fn say(text: &str) -> Any {
    record(&[("k", "say".into()), ("text", text.into()), ("at", 1.7e12.into())])
}

fn from(member: MemberId) -> String {
    format!("from/{}", hex(&member.0))
}

#[test]
fn a_member_writes_only_in_their_own_root_of_the_chat() {
    let mut guard = Guard::new(DocKind::Chat);
    for client in [1, 2] {
        let mut anna = Page::new(DocKind::Chat, client);
        let update = anna.document.splice(&from(ANNA), 0, 0, vec![say("hello")]);
        assert_eq!(anna.send(&mut guard, &update), Ok(()), "any seat of hers");
    }
    let mut ben = Page::new(DocKind::Chat, 3);
    let update = ben.document.splice(&from(ANNA), 0, 0, vec![say("forged")]);
    assert_eq!(ben.send(&mut guard, &update), Err(Refusal::Owner));
    let mut stranger = Page::new(DocKind::Chat, 4);
    let update = stranger.document.splice(&from(ANNA), 0, 0, vec![say("forged")]);
    assert_eq!(stranger.send(&mut guard, &update), Err(Refusal::Owner));
    let mut behind = Page::new(DocKind::Chat, 3);
    let mut anna = Document::new(DocKind::Chat, ClientId(1));
    behind.document.apply(&anna.splice(&from(ANNA), 0, 0, vec![say("hello")])).expect("applies");
    let update = behind.document.splice(&from(ANNA), 1, 0, vec![say("forged")]);
    assert_eq!(behind.send(&mut guard, &update), Err(Refusal::Owner), "by an origin");
}

#[test]
fn only_the_member_deletes_what_they_said() {
    let mut guard = Guard::new(DocKind::Chat);
    let mut anna = Page::new(DocKind::Chat, 1);
    let said = anna.document.splice(&from(ANNA), 0, 0, vec![say("one"), say("two")]);
    anna.send(&mut guard, &said).expect("hers");
    for (client, verdict) in [(3, Err(Refusal::Owner)), (2, Ok(())), (1, Ok(()))] {
        let mut page = Page::new(DocKind::Chat, client);
        page.next = if client == 1 { anna.next } else { 0 };
        page.document.apply(&said).expect("applies");
        let delete = page.document.splice(&from(ANNA), 0, 1, Vec::new());
        assert_eq!(page.send(&mut guard, &delete), verdict, "client {client}");
    }
}

#[test]
fn roots_have_the_names_of_their_document() {
    let long = "x".repeat(64);
    let pages = format!("page/{long}");
    let too_long = format!("page/{long}x");
    let upper = from(ANNA).to_uppercase().replace("FROM", "from");
    let cases = [
        (DocKind::Board, "pages", true),
        (DocKind::Board, "files", true),
        (DocKind::Board, "page/main", true),
        (DocKind::Board, &pages, true),
        (DocKind::Board, &too_long, false),
        (DocKind::Board, "page/", false),
        (DocKind::Board, "page/a/b", false),
        (DocKind::Board, "page/ä", false),
        (DocKind::Board, "pages/", false),
        (DocKind::Board, "file/main", false),
        (DocKind::Board, "from", false),
        (DocKind::Code, "files", true),
        (DocKind::Code, "pages", false),
        (DocKind::Code, "", false),
        (DocKind::Chat, "from/", false),
        (DocKind::Chat, "files", false),
        (DocKind::Chat, &upper, false),
    ];
    for (kind, root, known) in cases {
        let mut page = Page::new(kind, 1);
        let update = page.document.set(root, "key", Some(record(&[])));
        let verdict = if known { Ok(()) } else { Err(Refusal::Root) };
        assert_eq!(page.send(&mut Guard::new(kind), &update), verdict, "{kind:?} {root}");
    }
}

#[test]
fn a_container_takes_only_what_fits_its_shape() {
    let mut text = Document::new(DocKind::Code, ClientId(1));
    let mut list = Document::new(DocKind::Code, ClientId(1));
    let mut map = Document::new(DocKind::Code, ClientId(1));
    let cases = [
        (DocKind::Code, text.edit("file/a", 0, 0, "x"), Ok(())),
        (DocKind::Code, text.edit("files", 0, 0, "x"), Err(Refusal::Key)),
        (DocKind::Code, list.splice("file/a", 0, 0, vec![1.into()]), Err(Refusal::Kind)),
        (DocKind::Code, map.set("file/a", "x", Some(1.into())), Err(Refusal::Key)),
        (DocKind::Chat, text.edit(&from(ANNA), 0, 0, "x"), Err(Refusal::Kind)),
        (DocKind::Chat, map.set(&from(ANNA), "x", Some(1.into())), Err(Refusal::Key)),
        (DocKind::Board, list.splice("page/a", 0, 0, vec![1.into()]), Err(Refusal::Key)),
    ];
    for (nth, (kind, update, verdict)) in cases.into_iter().enumerate() {
        let mut author = Page::new(kind, 1);
        // Each update begins where the one before ended: the guard is told so by filler.
        let first = update[3];
        if first > 0 {
            let filler = [1, 1, 1, 0, 0, first, 0];
            let mut guard = Guard::new(kind);
            author.send(&mut guard, &filler).expect("filler");
            assert_eq!(author.send(&mut guard, &update), verdict, "case {nth}");
        } else {
            assert_eq!(author.send(&mut Guard::new(kind), &update), verdict, "case {nth}");
        }
    }
}

#[test]
fn maps_agree_in_whatever_order_they_hear() {
    let point =
        |n: u8| record(&[("x", f64::from(n).into()), ("points", Any::Buffer([n; 9].into()))]);
    let mut anna = Document::new(DocKind::Board, ClientId(1));
    let mut ben = Document::new(DocKind::Board, ClientId(3));
    let first = anna.set("page/main", "e", Some(point(1)));
    ben.apply(&first).expect("applies");
    let theirs = [
        (1, anna.set("page/main", "e", Some(point(2)))),
        (3, ben.set("page/main", "e", Some(point(3)))),
        (3, ben.set("page/main", "f", Some(point(4)))),
    ];
    let mut digests = Vec::new();
    for order in [[0, 1, 2], [1, 0, 2], [1, 2, 0]] {
        let mut guard = Guard::new(DocKind::Board);
        let mut replica = Document::new(DocKind::Board, ClientId(9));
        guard.check(&first, ClientId(1), 0, &Seats).expect("honest").accept();
        replica.apply(&first).expect("applies");
        let mut clocks = [0, 1, 0, 0];
        for (client, update) in order.map(|at| &theirs[at]) {
            let next = &mut clocks[*client as usize];
            *next = guard.check(update, ClientId(*client), *next, &Seats).expect("honest").accept();
            replica.apply(update).expect("applies");
        }
        assert_eq!(replica.map("page/main").len(), 2);
        digests.push(replica.digest());
    }
    assert_eq!(digests[0], digests[1]);
    assert_eq!(digests[0], digests[2]);
}

#[test]
fn deleted_content_and_empty_roots_leave_no_trace_in_the_digest() {
    let mut board = Document::new(DocKind::Board, ClientId(1));
    let empty = board.digest();
    board.set("pages", "a", Some(record(&[("gone", true.into())])));
    assert_ne!(board.digest(), empty);
    board.set("pages", "a", None);
    assert_eq!(board.digest(), empty);
}

/// Splits an own update, checks the parts and applies them to another replica.
fn spread(kind: DocKind, update: &[u8], writer: &Document) -> usize {
    let mut guard = Guard::new(kind);
    let mut reader = Document::new(kind, ClientId(9));
    let mut next = 0;
    let parts = split(update, ClientId(1)).expect("can be split");
    for part in &parts {
        next = guard.check(part, ClientId(1), next, &Seats).expect("passes").accept();
        reader.apply(part).expect("applies");
    }
    assert_eq!(reader.digest(), writer.digest());
    parts.len()
}

#[test]
fn long_lists_and_many_entries_are_spread_over_parts() {
    let mut chat = Document::new(DocKind::Chat, ClientId(1));
    let update = chat.splice(&from(ANNA), 0, 0, (0..60_000).map(Any::from).collect());
    assert_eq!(spread(DocKind::Chat, &update, &chat), 3);
    let mut board = Document::new(DocKind::Board, ClientId(1));
    for n in 0..4 {
        let file = record(&[("data", Any::Buffer(vec![n; 200_000].into()))]);
        board.set("files", &format!("file-{n}"), Some(file));
    }
    assert_eq!(spread(DocKind::Board, &board.state(), &board), 4);
    let mut chat = Document::new(DocKind::Chat, ClientId(1));
    let long = vec![say(&"long ".repeat(20_000)); 12];
    let update = chat.splice(&from(ANNA), 0, 0, long);
    assert_eq!(spread(DocKind::Chat, &update, &chat), 6);
}

#[test]
fn one_value_goes_up_to_the_limit_of_an_update() {
    let mut board = Document::new(DocKind::Board, ClientId(1));
    let file = |len: usize| Some(record(&[("data", Any::Buffer(vec![1; len].into()))]));
    let update = board.set("files", "a", file(1_000_000));
    assert_eq!(spread(DocKind::Board, &update, &board), 1);
    let update = board.set("files", "a", file(1 << 20));
    let refusal = split(&update, ClientId(1)).expect_err("too large");
    assert_eq!(refusal.reason(), "too-large");
}

/// A chat record of one value, as bytes.
fn value(bytes: &[u8]) -> Vec<u8> {
    let root = from(ANNA);
    let mut update = vec![1, 1, 1, 0, 8, 1, root.len() as u8];
    update.extend(root.as_bytes());
    update.push(1);
    update.extend(bytes);
    update.push(0);
    update
}

#[test]
fn values_have_one_form_and_an_end() {
    let nested = |levels: usize| [[117, 1].repeat(levels), vec![126]].concat();
    let maps = |levels: usize| [[118, 1, 1, b'a'].repeat(levels), vec![126]].concat();
    let wide = |count: u32| {
        [
            vec![
                117,
                0x80 | count as u8 & 0x7f,
                (count >> 7 & 0x7f) as u8 | 0x80,
                (count >> 14) as u8,
            ],
            vec![126; count as usize],
        ]
        .concat()
    };
    let cases: [(Vec<u8>, Result<(), Refusal>); 22] = [
        (vec![127], Ok(())),
        (vec![125, 0x40], Ok(())),
        (vec![125, 0x3f], Ok(())),
        (vec![125, 0x80, 1], Ok(())),
        (vec![125, 0x80, 0], Err(Refusal::Number)),
        (vec![125, 0xbf, 0xff, 0xff, 0xff, 0x0f], Ok(())),
        (vec![125, 0x80, 0x80, 0x80, 0x80, 0x10], Err(Refusal::Number)),
        (vec![124, 0x3f, 0x80, 0, 0], Ok(())),
        (vec![123, 0x3f, 0xb9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a], Ok(())),
        (vec![123, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0], Err(Refusal::Number)),
        (vec![123, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0], Ok(())),
        (vec![122, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Ok(())),
        (vec![119, 2, 0xc3, 0xa9], Ok(())),
        (vec![119, 2, 0xc3, 0x28], Err(Refusal::Text)),
        (vec![116, 0xff, 0xff, 3], Err(Refusal::Truncated)),
        (vec![115], Err(Refusal::Kind)),
        (nested(16), Ok(())),
        (nested(17), Err(Refusal::Depth)),
        (maps(16), Ok(())),
        (maps(17), Err(Refusal::Depth)),
        (wide(19_999), Ok(())),
        (wide(20_000), Err(Refusal::Values)),
    ];
    for (bytes, verdict) in cases {
        let mut guard = Guard::new(DocKind::Chat);
        let checked = guard.check(&value(&bytes), ClientId(1), 0, &Seats);
        let short = &bytes[..bytes.len().min(12)];
        assert_eq!(checked.map(|checked| _ = checked.accept()), verdict, "{short:?}");
        if verdict.is_ok() {
            let mut document = Document::new(DocKind::Chat, ClientId(9));
            document.apply(&value(&bytes)).expect("yrs reads what passes");
            assert_eq!(document.list(&from(ANNA)).len(), 1);
        }
    }
}
