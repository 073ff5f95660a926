//! The scenarios that every disk passes, whatever it is made of.
//!
//! A disk brings a [`Rig`], which makes it, opens it and makes it refuse; [`run`] tells of each scenario
//! whether it passed.

use core::fmt::Debug;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::{BlobKey, DiskCommand, DiskEvent, Packed, SegmentKey};

/// The maker of disks for the scenarios.
#[expect(async_fn_in_trait, reason = "tests run on one thread")]
pub trait Rig {
    /// The disk as one page has it.
    type Page: Page;

    /// Puts an empty disk in place of the one before, of which no page is open.
    async fn empty(&mut self);

    /// Opens the disk for one more page; none where it has only one.
    async fn open(&mut self) -> Option<Self::Page>;

    /// From now on the disk refuses what it is given, as one that is full, or takes it again.
    fn refuse(&mut self, refuses: bool);
}

/// A disk as one page has it.
#[expect(async_fn_in_trait, reason = "tests run on one thread")]
pub trait Page {
    /// Why it refuses.
    type Error: Debug;

    /// Gives it a command.
    fn perform(&mut self, command: DiskCommand);

    /// Waits for the next event.
    async fn event(&mut self) -> DiskEvent<Self::Error>;

    /// Ends without a goodbye; what is under way may be written yet, and nothing after it.
    async fn crash(self);
}

/// The result of a scenario: nothing, or the fault.
pub type Outcome = Result<(), String>;

/// Runs all scenarios, each on an empty disk, and tells what came of each.
pub async fn run<R: Rig>(rig: &mut R, mut tell: impl FnMut(&'static str, Outcome)) {
    macro_rules! scenarios {
        ($($name:ident),* $(,)?) => {$(
            rig.empty().await;
            let outcome = $name(rig).await;
            tell(stringify!($name), outcome);
        )*};
    }
    scenarios![
        an_empty_disk_has_nothing_under_any_key,
        segments_come_back_whole_in_whatever_order_they_were_given,
        tokens_are_acknowledged_in_order_up_to_the_last,
        everything_acknowledged_is_there_after_a_crash,
        a_record_is_replaced_whole,
        a_pack_takes_the_place_of_its_parts,
        a_pack_is_there_though_some_of_its_parts_are_not,
        segments_are_read_by_their_keys_at_any_time,
        blobs_are_put_replaced_got_and_dropped,
        a_disk_that_refuses_tells_and_later_goes_on,
        two_pages_write_one_room,
    ];
}

async fn open<R: Rig>(rig: &mut R) -> Result<R::Page, String> {
    rig.open().await.ok_or_else(|| "the disk can't be opened".to_owned())
}

/// Opens an empty disk; like every room it has a record before anything else.
async fn begin<R: Rig>(rig: &mut R) -> Result<R::Page, String> {
    let mut page = open(rig).await?;
    page.perform(DiskCommand::Record(record("record")));
    Ok(page)
}

/// A record as far as a disk looks into it: pages that share one merge records, and leave one of a newer
/// version alone.
fn record(text: &str) -> Vec<u8> {
    [&[VERSION], text.as_bytes()].concat()
}

const VERSION: u8 = 1;

fn expect<T: PartialEq + Debug>(what: &str, is: T, should: T) -> Outcome {
    if is == should { Ok(()) } else { Err(format!("{what}: {is:?}, not {should:?}")) }
}

fn segment(n: u8, length: usize) -> Arc<[u8]> {
    vec![n; length].into()
}

fn names(segments: &[Vec<u8>]) -> BTreeSet<(u8, usize)> {
    segments.iter().map(|s| (s.first().copied().unwrap_or_default(), s.len())).collect()
}

/// Waits until the disk has everything up to a token; nothing may fail.
async fn stored<P: Page>(page: &mut P, token: u64) -> Outcome {
    let mut before = 0;
    while before < token {
        match page.event().await {
            DiskEvent::Stored(up_to) if up_to >= before && up_to <= token => before = up_to,
            DiskEvent::Writing(_) => {}
            other => return Err(format!("waiting for token {token}: {other:?}")),
        }
    }
    Ok(())
}

/// The record and the segments that the disk has. Other events are passed over.
async fn load<P: Page>(page: &mut P) -> (Option<Vec<u8>>, Vec<Vec<u8>>) {
    page.perform(DiskCommand::Load);
    loop {
        if let DiskEvent::Loaded { record, segments } = page.event().await {
            return (record, segments);
        }
    }
}

async fn read<P: Page>(page: &mut P, keys: Vec<SegmentKey>) -> Vec<Vec<u8>> {
    page.perform(DiskCommand::Read(keys));
    loop {
        if let DiskEvent::Segments(segments) = page.event().await {
            return segments;
        }
    }
}

async fn get<P: Page>(page: &mut P, wanted: BlobKey) -> Option<Vec<u8>> {
    page.perform(DiskCommand::Get(wanted));
    loop {
        if let DiskEvent::Blob { key, bytes } = page.event().await
            && key == wanted
        {
            return bytes;
        }
    }
}

async fn an_empty_disk_has_nothing_under_any_key<R: Rig>(rig: &mut R) -> Outcome {
    let mut page = open(rig).await?;
    expect("loaded", load(&mut page).await, (None, Vec::new()))?;
    let unknown = SegmentKey::of(&segment(1, 100));
    expect("segments", read(&mut page, vec![unknown]).await, Vec::new())?;
    page.perform(DiskCommand::Drop(BlobKey([1; 32])));
    expect("blob", get(&mut page, BlobKey([1; 32])).await, None)
}

async fn segments_come_back_whole_in_whatever_order_they_were_given<R: Rig>(
    rig: &mut R,
) -> Outcome {
    let given = [(9, 300), (1, 1), (5, 2 << 20), (3, 64), (4, 65)];
    let mut page = begin(rig).await?;
    for (token, (n, length)) in (1..).zip(given) {
        page.perform(DiskCommand::append(token, segment(n, length)));
    }
    stored(&mut page, given.len() as u64).await?;
    let whole = |segments: &[Vec<u8>]| segments.iter().all(|s| s.iter().all(|b| *b == s[0]));
    for time in ["at once", "when it is opened again"] {
        let (_, segments) = load(&mut page).await;
        expect(time, names(&segments), BTreeSet::from(given))?;
        expect("each once", (segments.len(), whole(&segments)), (given.len(), true))?;
        page.crash().await;
        page = open(rig).await?;
    }
    Ok(())
}

async fn tokens_are_acknowledged_in_order_up_to_the_last<R: Rig>(rig: &mut R) -> Outcome {
    let mut page = begin(rig).await?;
    for token in 1..=100 {
        page.perform(DiskCommand::append(token, segment(token as u8, 1000)));
    }
    stored(&mut page, 100).await?;
    page.perform(DiskCommand::append(101, segment(101, 1000)));
    stored(&mut page, 101).await
}

async fn everything_acknowledged_is_there_after_a_crash<R: Rig>(rig: &mut R) -> Outcome {
    let mut page = begin(rig).await?;
    for token in 1..=200 {
        page.perform(DiskCommand::append(token, segment(token as u8, 50_000)));
    }
    let acknowledged = loop {
        match page.event().await {
            DiskEvent::Stored(0) | DiskEvent::Writing(_) => {}
            DiskEvent::Stored(token) => break token,
            other => return Err(format!("{other:?}")),
        }
    };
    page.crash().await;
    let (kept, segments) = load(&mut open(rig).await?).await;
    expect("the record", kept, Some(record("record")))?;
    let there = names(&segments);
    let missing = (1..=acknowledged).find(|token| !there.contains(&(*token as u8, 50_000)));
    expect("acknowledged and missing", missing, None)
}

async fn a_record_is_replaced_whole<R: Rig>(rig: &mut R) -> Outcome {
    let long = |token: u64, length| record(&token.to_string().repeat(length));
    let mut page = begin(rig).await?;
    for (token, length) in [(1, 10_000), (2, 10)] {
        page.perform(DiskCommand::Record(long(token, length)));
        page.perform(DiskCommand::append(token, segment(token as u8, 100)));
        stored(&mut page, token).await?;
        let (kept, _) = load(&mut page).await;
        expect("the record", kept, Some(long(token, length)))?;
    }
    page.crash().await;
    let (kept, segments) = load(&mut open(rig).await?).await;
    expect("in the end", (kept, segments.len()), (Some(long(2, 10)), 2))
}

/// Packs segments, and waits until the disk shows these: a pack is not acknowledged.
async fn pack<R: Rig>(
    rig: &mut R,
    given: &[u8],
    parts: &[u8],
    expected: &[(u8, usize)],
) -> Outcome {
    let mut page = begin(rig).await?;
    for (token, n) in (1..).zip(given) {
        page.perform(DiskCommand::append(token, segment(*n, 100)));
    }
    stored(&mut page, given.len() as u64).await?;
    let bytes = segment(50, 300);
    let parts = parts.iter().map(|n| SegmentKey::of(&segment(*n, 100))).collect();
    page.perform(DiskCommand::Pack(vec![Packed { key: SegmentKey::of(&bytes), bytes, parts }]));
    let expected = expected.iter().copied().collect::<BTreeSet<_>>();
    let mut there = BTreeSet::new();
    for _ in 0..10_000 {
        there = names(&load(&mut page).await.1);
        if there == expected {
            break;
        }
    }
    expect("after packing", &there, &expected)?;
    page.perform(DiskCommand::append(given.len() as u64 + 1, segment(60, 100)));
    stored(&mut page, given.len() as u64 + 1).await?;
    page.crash().await;
    let (_, segments) = load(&mut open(rig).await?).await;
    expect("each once", segments.len(), expected.len() + 1)?;
    expect("and then", names(&segments).is_superset(&expected), true)
}

async fn a_pack_takes_the_place_of_its_parts<R: Rig>(rig: &mut R) -> Outcome {
    pack(rig, &[1, 2, 3, 4], &[1, 2, 3], &[(50, 300), (4, 100)]).await
}

async fn a_pack_is_there_though_some_of_its_parts_are_not<R: Rig>(rig: &mut R) -> Outcome {
    pack(rig, &[1, 2], &[1, 9], &[(50, 300), (2, 100)]).await
}

async fn segments_are_read_by_their_keys_at_any_time<R: Rig>(rig: &mut R) -> Outcome {
    let mut page = begin(rig).await?;
    for token in 1..=5 {
        page.perform(DiskCommand::append(token, segment(token as u8, 100)));
    }
    stored(&mut page, 5).await?;
    for _ in 0..2 {
        let keys = [2, 4, 9].map(|n| SegmentKey::of(&segment(n, 100))).to_vec();
        let found = read(&mut page, keys).await;
        expect("read", names(&found), BTreeSet::from([(2, 100), (4, 100)]))?;
        page.crash().await;
        page = open(rig).await?;
    }
    Ok(())
}

async fn blobs_are_put_replaced_got_and_dropped<R: Rig>(rig: &mut R) -> Outcome {
    let mut page = begin(rig).await?;
    let [one, two, three] = [1, 2, 3].map(|n| BlobKey([n; 32]));
    let put = |token, key, n, length| DiskCommand::Put { token, key, bytes: segment(n, length) };
    page.perform(DiskCommand::append(1, segment(7, 100)));
    page.perform(put(2, one, 1, 100_000));
    page.perform(put(3, two, 2, 0));
    page.perform(put(4, three, 3, 10));
    stored(&mut page, 4).await?;
    expect("a blob", get(&mut page, one).await, Some(vec![1; 100_000]))?;
    expect("an empty one", get(&mut page, two).await, Some(Vec::new()))?;
    page.perform(put(5, one, 9, 7));
    page.perform(DiskCommand::Drop(three));
    page.perform(put(6, two, 2, 5));
    stored(&mut page, 6).await?;
    page.crash().await;
    let mut page = open(rig).await?;
    expect("replaced", get(&mut page, one).await, Some(vec![9; 7]))?;
    expect("replaced, too", get(&mut page, two).await, Some(vec![2; 5]))?;
    expect("dropped", get(&mut page, three).await, None)?;
    expect("the log", names(&load(&mut page).await.1), BTreeSet::from([(7, 100)]))
}

async fn a_disk_that_refuses_tells_and_later_goes_on<R: Rig>(rig: &mut R) -> Outcome {
    let mut page = begin(rig).await?;
    page.perform(DiskCommand::append(1, segment(1, 100)));
    stored(&mut page, 1).await?;
    rig.refuse(true);
    page.perform(DiskCommand::Record(record("another")));
    page.perform(DiskCommand::append(2, segment(2, 100)));
    let key = BlobKey([1; 32]);
    page.perform(DiskCommand::Put { token: 3, key, bytes: segment(3, 10) });
    loop {
        match page.event().await {
            DiskEvent::Failed(_) => break,
            DiskEvent::Writing(_) | DiskEvent::Stored(0 | 1) => {}
            other => return Err(format!("while it refuses: {other:?}")),
        }
    }
    rig.refuse(false);
    page.perform(DiskCommand::append(4, segment(4, 100)));
    stored(&mut page, 4).await?;
    let (kept, segments) = load(&mut page).await;
    expect("the record", kept, Some(record("another")))?;
    let all = BTreeSet::from([(1, 100), (2, 100), (4, 100)]);
    expect("segments", (segments.len(), names(&segments)), (3, all))?;
    expect("a blob", get(&mut page, key).await, Some(vec![3; 10]))
}

async fn two_pages_write_one_room<R: Rig>(rig: &mut R) -> Outcome {
    let mut one = begin(rig).await?;
    one.perform(DiskCommand::append(1, segment(1, 100)));
    stored(&mut one, 1).await?;
    // Some disks have one page at a time.
    let Some(mut other) = rig.open().await else { return Ok(()) };
    for (page, own) in [(&mut one, 2), (&mut other, 3)] {
        page.perform(DiskCommand::append(2, segment(own, 100)));
        page.perform(DiskCommand::append(3, segment(9, 100)));
        stored(page, 3).await?;
    }
    for page in [&mut one, &mut other] {
        let (_, segments) = load(page).await;
        let all = BTreeSet::from([(1, 100), (2, 100), (3, 100), (9, 100)]);
        expect("segments", (segments.len(), names(&segments)), (4, all))?;
    }
    Ok(())
}
