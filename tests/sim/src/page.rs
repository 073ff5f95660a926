//! One page: a real client with its editor's view, and what a person sees and does there.

use std::collections::BTreeMap;

use covey_rooms::identity::SeatKey;
use covey_rooms::ledger::{Body, Entry, Segment};
use covey_rooms::live::{Caret, Here};
use covey_rooms::room::Event;
use covey_rooms::room::Room;
use covey_wire::frame::Wire;
use covey_wire::id::{ClientId, DocName, SeatId};
use covey_wire::time::Time;

use crate::disk::{Mark, Spool, marks};
use crate::views::Views;

/// Names a page load.
pub type PageId = u32;

/// A page.
pub struct Page {
    pub client: Room,
    pub seat: SeatId,
    /// Whose browser profile it runs in.
    pub device: usize,
    pub views: Views,
    pub spool: Spool,
    /// When its timer rings.
    pub timer: Option<Time>,
    /// How often in a row a tick left a timer that was due at once.
    pub busy: u32,
    /// Whether it is being closed.
    pub leaving: bool,
    /// How often in a row its node could not be reached.
    pub tries: u32,
    pub caret: Option<Caret>,
    /// What it says about the code, by topic.
    pub says: BTreeMap<String, Vec<u8>>,
    /// What it was told of others.
    pub here: BTreeMap<ClientId, Here>,
    pub said: BTreeMap<(ClientId, String), Vec<u8>>,
    /// Own segments with edits that no other installation was said to have.
    pub unacked: Vec<Mark>,
    /// Those that were not said to be saved.
    pub unsaved: Vec<Mark>,
    /// How often it hung up on somebody who breaks the rules.
    pub hangups: u64,
}

impl Page {
    /// The page of a client that was just opened.
    pub fn new(mut client: Room, device: usize) -> Self {
        let seat = SeatKey::new(client.seat_secret()).id();
        let views = Views::new(&mut client);
        Self {
            client,
            seat,
            device,
            views,
            spool: Spool::default(),
            timer: None,
            busy: 0,
            leaving: false,
            tries: 0,
            caret: None,
            says: BTreeMap::new(),
            here: BTreeMap::new(),
            said: BTreeMap::new(),
            unacked: Vec::new(),
            unsaved: Vec::new(),
            hangups: 0,
        }
    }

    /// The id it writes under.
    pub fn client_id(&self) -> ClientId {
        self.client.client_id()
    }

    /// The text of a file as the replica has it.
    pub fn text(&mut self, root: &str) -> String {
        self.client.text(&DocName::Code, root).unwrap_or_default()
    }

    /// Notes a segment that is to be stored, if one wrote in it; tells what one signed oneself.
    pub fn stores(&mut self, bytes: &[u8]) -> Vec<Mark> {
        let Ok(segment) = Segment::from_bytes(bytes) else { return Vec::new() };
        let writes = |entry: &Vec<u8>| {
            Entry::from_bytes(entry).is_ok_and(|e| matches!(e.body, Body::Document { .. }))
        };
        if segment.seat == self.seat && segment.entries.iter().any(writes) {
            self.unacked.extend(marks(bytes));
            self.unsaved.extend(marks(bytes));
        }
        if segment.seat == self.seat { marks(bytes) } else { Vec::new() }
    }

    /// What the page shows; false when the view can't follow.
    pub fn shows(&mut self, event: Event) -> bool {
        match event {
            Event::Update { name, update } => {
                return self.views.of(&name).apply(&update).is_ok();
            }
            Event::Presence { client, here: Some(here) } => {
                self.here.insert(client, here);
            }
            Event::Presence { client, here: None } => {
                self.here.remove(&client);
            }
            Event::Said { client, topic, value: Some(value) } => {
                self.said.insert((client, topic.name().to_owned()), value);
            }
            Event::Said { client, topic, value: None } => {
                self.said.remove(&(client, topic.name().to_owned()));
            }
            // A seat was seen to write several histories: what is shown is what counts now.
            Event::Rejected { name, reason: "fork" } => self.renew(&name),
            _ => {}
        }
        true
    }

    /// Makes a view anew, as after a refusal.
    pub fn renew(&mut self, name: &DocName) {
        self.views.renew(&mut self.client, name);
    }
}
