//! Pages of one device, which meet on its disk.

use super::rehearsal::update;
use covey_wire::time::Time;

use super::*;
use crate::capability::Role;
use crate::identity::DeviceSecret;

const START: Now = Now { wall: Time(1_000_000), elapsed: Instant(1_000) };

fn setup(page: u8) -> Setup {
    Setup {
        device: DeviceSecret::new([1; 32]),
        installation: [1; 16],
        seed: [page; 32],
        name: "Ada".to_owned(),
        nodes: Vec::new(),
    }
}

/// The outputs that a page wants stored: the record and segments.
fn stored(page: &mut Room) -> (Option<Vec<u8>>, Vec<Vec<u8>>) {
    let (mut record, mut segments) = (None, Vec::new());
    while let Some(output) = page.poll() {
        match output {
            Output::Disk(DiskCommand::Record(bytes)) => record = Some(bytes),
            Output::Disk(DiskCommand::Append { bytes, .. }) => segments.push(bytes.to_vec()),
            _ => {}
        }
    }
    (record, segments)
}

/// A room, open in two pages of one device.
fn two_pages() -> [Room; 2] {
    let mut first = Room::found(setup(1), "Tea", START).unwrap();
    let (record, log) = stored(&mut first);
    let record = Record::from_bytes(&record.unwrap()).unwrap();
    let mut second = Room::reopen(setup(2), record, log, START).unwrap();
    let (_, entered) = stored(&mut second);
    first.handle(Input::Found(entered), START);
    [first, second]
}

fn write(page: &mut Room, now: Now) {
    let edit = update(page.client_id());
    page.handle(Input::Edit(DocName::Code, edit), now);
    page.handle(Input::Tick, now + Duration::from_secs(1));
}

fn text(page: &mut Room) -> Option<String> {
    page.text(&DocName::Code, "file/rehearsal")
}

#[test]
fn segments_that_one_page_stored_are_shown_and_stored_once_by_another() {
    let [mut first, mut second] = two_pages();
    stored(&mut first);
    write(&mut first, START + Duration::from_secs(1));
    let (_, words) = stored(&mut first);
    let now = START + Duration::from_secs(3);
    second.handle(Input::Found(words.clone()), now);
    assert_eq!(text(&mut second).as_deref(), Some("r"));
    assert_eq!(stored(&mut second).1, words);
    second.handle(Input::Found(words), now);
    assert_eq!(stored(&mut second).1, Vec::<Vec<u8>>::new());
}

#[test]
fn segments_found_on_the_disk_are_checked_and_wait_for_their_causes() {
    let [mut first, mut second] = two_pages();
    stored(&mut first);
    let now = START + Duration::from_secs(1);
    write(&mut first, now);
    let (_, mut words) = stored(&mut first);
    let mut forged = words.last().unwrap().clone();
    *forged.last_mut().unwrap() ^= 1;
    second.handle(Input::Found(vec![forged, Vec::new(), vec![7; 100]]), now);
    assert_eq!(text(&mut second).as_deref(), Some(""));
    assert_eq!(second.stats().refused.values().sum::<u64>(), 3);
    words.reverse();
    second.handle(Input::Found(words), now);
    assert_eq!(text(&mut second).as_deref(), Some("r"));
}

#[test]
fn everything_that_a_page_has_opens_the_room_where_the_disk_lost_it() {
    let [mut first, _] = two_pages();
    write(&mut first, START + Duration::from_secs(1));
    let (record, log) = first.everything();
    let record = Record::from_bytes(&record).unwrap();
    let log = log.iter().map(|segment| segment.to_vec()).collect();
    let mut again = Room::reopen(setup(3), record, log, START).unwrap();
    assert_eq!(text(&mut again).as_deref(), Some("r"));
    assert_eq!(again.status().role, Role::Owner);
}
