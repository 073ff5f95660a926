//! Ben's page, opened from what his disk has.

use covey_rooms::capability::Role;
use covey_rooms::documents::{DocKind, Document};
use covey_rooms::guard::CODE_FILE;
use covey_rooms::identity::{DeviceSecret, SeatKey};
use covey_rooms::room::{Input, Record, Room, RoomError, Setup};
use covey_wire::id::{DocName, SeatId};
use covey_wire::time::{Now, Time};

use crate::forge::{self, Person, room};

/// What his device keeps of the room.
pub fn record() -> Record {
    Record {
        room: room().id,
        title: "Tea".to_owned(),
        keys: vec![forge::key()],
        nodes: Vec::new(),
        links: Vec::new(),
        role: Role::Participant,
        opened: Time(1),
        keepsakes: Default::default(),
    }
}

/// Opens the room from what is stored.
pub fn open(record: Record, segments: Vec<Vec<u8>>, now: Now) -> Result<Room, RoomError> {
    let setup = Setup {
        device: DeviceSecret::new([Person::Ben as u8; 32]),
        installation: [3; 16],
        seed: [34; 32],
        name: "Ben".to_owned(),
        nodes: Vec::new(),
    };
    let mut client = Room::reopen(setup, record, segments, now)?;
    while client.poll().is_some() {}
    Ok(client)
}

/// The seat that the page takes.
pub fn seat(client: &Room) -> SeatId {
    SeatKey::new(client.seat_secret()).id()
}

/// What Ben types is in his document.
///
/// # Panics
/// When it is not.
pub fn still_writes(client: &mut Room, now: Now) {
    let mut view = Document::new(DocKind::Code, client.client_id());
    if let Some(state) = client.state(&DocName::Code) {
        view.apply(&state).expect("a page's own state applies");
    }
    let update = view.edit(CODE_FILE, 0, 0, "still here");
    client.handle(Input::Edit(DocName::Code, update), now);
    while client.poll().is_some() {}
    let text = client.text(&DocName::Code, CODE_FILE).unwrap_or_default();
    assert!(text.starts_with("still here"), "an honest edit is lost");
}
