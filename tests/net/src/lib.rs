//! Pages in one process, in virtual time, on a network that always works.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use covey_rooms::capability::{Link, Role, Terms, VerifiedLink};
use covey_rooms::disk::DiskCommand;
use covey_rooms::documents::Document;
use covey_rooms::guard::{CODE_FILE, DocKind};
use covey_rooms::identity::{DeviceSecret, SeatKey};
use covey_rooms::room::{Event, Input, Output, Record, Room, Setup};
use covey_wire::frame::Wire;
use covey_wire::id::{DocName, SeatId};
use covey_wire::net::{Class, NetCommand, NetEvent, NodeState, Path};
use covey_wire::time::{Instant, Now, Time};

/// A browser profile with one page: what would be the disk, the page's view, and the room.
pub struct Page {
    /// The room that the page shows.
    pub client: Room,
    /// Its seat.
    pub seat: SeatId,
    /// The code as the editor shows it.
    pub view: Document,
    /// Its disk.
    pub disk: Disk,
    /// Everything that the page was told.
    pub events: Vec<Event>,
    device: u8,
    name: String,
}

/// The disk of a page: everything is stored at once.
#[derive(Default, Clone)]
pub struct Disk {
    /// Encoded segments, in the order in which they were stored.
    pub segments: Vec<Vec<u8>>,
    /// The encoded record.
    pub record: Vec<u8>,
}

impl Page {
    /// A new view of what the replica has.
    fn look_anew(&mut self) {
        self.view = Document::new(DocKind::Code, self.client.client_id());
        if let Some(state) = self.client.state(&DocName::Code) {
            self.view.apply(&state).unwrap();
        }
    }
}

/// All pages, who is connected to whom, and the node.
#[derive(Default)]
pub struct Net {
    /// The time that the clocks of all devices show: a test may set them.
    pub now: Time,
    /// The time that has elapsed: nobody sets it.
    pub elapsed: Instant,
    /// All pages, by the index that every method takes.
    pub pages: Vec<Page>,
    /// Whether the node is there.
    pub node: bool,
    /// How many messages of the sync channel were sent.
    pub frames: u64,
    /// Pairs of seats of which the first can send to the second.
    pub links: BTreeSet<(SeatId, SeatId)>,
    /// Pairs of a page and a seat that it told its network to trust.
    pub trusted: BTreeSet<(SeatId, SeatId)>,
    /// Every node that a page ever wanted to be connected to.
    pub nodes: BTreeSet<String>,
    /// Messages that pages sent to seats that are no pages.
    pub outside: BTreeMap<SeatId, Vec<(Class, Vec<u8>)>>,
    registered: BTreeSet<SeatId>,
    seeds: u8,
}

impl Net {
    /// Nobody yet, and a node.
    pub fn new() -> Self {
        Self { now: Time(1_000_000), elapsed: Instant(1_000), node: true, ..Self::default() }
    }

    /// The setup of a page on this device.
    pub fn setup(&mut self, device: u8, name: &str) -> Setup {
        self.seeds += 1;
        Setup {
            device: DeviceSecret::new([device; 32]),
            installation: [device; 16],
            seed: [self.seeds; 32],
            name: name.to_owned(),
            nodes: vec!["/ip4/127.0.0.1/tcp/1/ws".to_owned()],
        }
    }

    /// A page that makes a room.
    pub fn found(&mut self, device: u8, name: &str) -> usize {
        let setup = self.setup(device, name);
        let client = Room::found(setup, "Tea", self.clock()).unwrap();
        self.add(client, device, name, Disk::default())
    }

    /// A page that joins by a link.
    pub fn join(&mut self, device: u8, name: &str, link: &Link) -> usize {
        let setup = self.setup(device, name);
        let client = Room::join(setup, &verified(link), None, self.clock()).unwrap();
        self.add(client, device, name, Disk::default())
    }

    fn add(&mut self, client: Room, device: u8, name: &str, disk: Disk) -> usize {
        let seat = SeatKey::new(client.seat_secret()).id();
        let view = Document::new(DocKind::Code, client.client_id());
        let name = name.to_owned();
        let mut page = Page { client, seat, view, disk, events: Vec::new(), device, name };
        page.look_anew();
        self.pages.push(page);
        self.settle();
        self.pages.len() - 1
    }

    /// The page is loaded anew from its disk.
    pub fn reload(&mut self, page: usize) {
        let seat = self.pages[page].seat;
        self.gone(seat);
        let (device, name) = (self.pages[page].device, self.pages[page].name.clone());
        let disk = self.pages[page].disk.clone();
        let record = Record::from_bytes(&disk.record).unwrap();
        let setup = self.setup(device, &name);
        let client = Room::reopen(setup, record, disk.segments.clone(), self.clock()).unwrap();
        let last = self.add(client, device, &name, disk);
        self.pages.swap(page, last);
        self.pages.pop();
        self.settle();
    }

    /// A page is gone, or nobody reaches it.
    pub fn gone(&mut self, seat: SeatId) {
        self.registered.remove(&seat);
        let lost: Vec<_> =
            self.links.iter().filter(|(a, b)| *a == seat || *b == seat).copied().collect();
        for (a, b) in lost {
            self.links.remove(&(a, b));
            if b == seat {
                self.give(a, NetEvent::Down(b));
            }
        }
    }

    /// Two pages lose each other.
    pub fn cut(&mut self, a: SeatId, b: SeatId) {
        self.links.remove(&(a, b));
        self.links.remove(&(b, a));
        self.give(a, NetEvent::Down(b));
        self.give(b, NetEvent::Down(a));
        self.settle();
    }

    /// Disconnects everyone and the node.
    pub fn all_offline(&mut self) {
        self.node = false;
        for seat in self.pages.iter().map(|page| page.seat).collect::<Vec<_>>() {
            self.gone(seat);
        }
        for page in 0..self.pages.len() {
            self.handle(page, Input::Net(NetEvent::Node(NodeState::Connecting)));
        }
        self.settle();
    }

    /// The node is there again, and everybody tries to reach it.
    pub fn node_back(&mut self) {
        self.node = true;
        for page in 0..self.pages.len() {
            self.handle(page, Input::Reconnect);
        }
        self.settle();
    }

    /// A page takes an input.
    pub fn handle(&mut self, page: usize, input: Input) {
        let now = self.clock();
        self.pages[page].client.handle(input, now);
    }

    /// Types at a UTF-16 offset in the page's view, as the editor would.
    pub fn edit(&mut self, page: usize, at: u32, delete: u32, insert: &str) {
        let update = self.pages[page].view.edit(CODE_FILE, at, delete, insert);
        self.handle(page, Input::Edit(DocName::Code, update));
        self.settle();
    }

    /// A link for this role, by a page.
    pub fn invite(&mut self, page: usize, role: Role) -> VerifiedLink {
        self.pages[page].client.invite(Terms::new(role)).unwrap()
    }

    /// The text as the page's replica has it; checks that its view shows the same.
    pub fn text(&mut self, page: usize) -> String {
        let page = &mut self.pages[page];
        let text = page.client.text(&DocName::Code, CODE_FILE).unwrap();
        assert_eq!(page.view.text(CODE_FILE), text, "view and replica differ");
        text
    }

    /// Both times of this moment.
    pub fn clock(&self) -> Now {
        Now { wall: self.now, elapsed: self.elapsed }
    }

    /// Time passes, and nobody notices yet.
    pub fn pass(&mut self, time: Duration) {
        self.now = self.now + time;
        self.elapsed = self.elapsed + time;
    }

    /// Time passes, and every page does what is due.
    pub fn wait(&mut self, time: Duration) {
        let end = self.elapsed + time;
        loop {
            self.settle();
            let due = self.pages.iter().filter_map(|p| p.client.poll_timeout()).min();
            match due {
                Some(due) if due <= end => self.pass(due.since(self.elapsed)),
                _ => break,
            }
            for page in 0..self.pages.len() {
                self.handle(page, Input::Tick);
            }
        }
        self.pass(end.since(self.elapsed));
        self.settle();
    }

    /// Opens a link on the device of a page, which is loaded anew for that; tells where it is now.
    pub fn open_link(&mut self, page: usize, link: &Link) -> usize {
        let seat = self.pages[page].seat;
        self.gone(seat);
        let (device, name) = (self.pages[page].device, self.pages[page].name.clone());
        let disk = self.pages[page].disk.clone();
        let record = Record::from_bytes(&disk.record).unwrap();
        let setup = self.setup(device, &name);
        let stored = Some((record, disk.segments.clone()));
        let client = Room::join(setup, &verified(link), stored, self.clock()).unwrap();
        let last = self.add(client, device, &name, disk);
        self.pages.swap(page, last);
        self.pages.pop();
        self.settle();
        page
    }

    /// A seat that is no page connects to one.
    pub fn connect_outsider(&mut self, seat: SeatId, page: usize) {
        let own = self.pages[page].seat;
        self.links.insert((own, seat));
        self.links.insert((seat, own));
        self.give(own, NetEvent::Up { seat, path: Path::Relayed });
        self.settle();
    }

    /// Something comes from a seat, if it is connected.
    pub fn deliver(&mut self, from: SeatId, page: usize, class: Class, bytes: Vec<u8>) {
        let own = self.pages[page].seat;
        if self.links.contains(&(from, own)) {
            self.give(own, NetEvent::Frame { seat: from, class, bytes });
            self.settle();
        }
    }

    fn page_of(&self, seat: SeatId) -> Option<usize> {
        self.pages.iter().position(|page| page.seat == seat)
    }

    fn give(&mut self, to: SeatId, event: NetEvent) {
        if let Some(page) = self.page_of(to) {
            self.handle(page, Input::Net(event));
        }
    }

    /// Performs outputs until nobody has any.
    pub fn settle(&mut self) {
        let mut busy = true;
        while busy {
            busy = false;
            for page in 0..self.pages.len() {
                while let Some(output) = self.pages[page].client.poll() {
                    busy = true;
                    self.perform(page, output);
                }
            }
        }
    }

    fn perform(&mut self, page: usize, output: Output) {
        match output {
            Output::Net(command) => self.net(page, command),
            Output::Disk(DiskCommand::Append { token, bytes, .. }) => {
                self.pages[page].disk.segments.push(bytes.to_vec());
                self.handle(page, Input::Stored(token));
            }
            Output::Disk(DiskCommand::Record(record)) => self.pages[page].disk.record = record,
            // Segments that were joined may as well stay apart.
            Output::Disk(_) => {}
            Output::Event(event) => {
                if let Event::Update { update, .. } = &event {
                    self.pages[page].view.apply(update).unwrap();
                }
                if let Event::Rejected { name: DocName::Code, .. } = &event {
                    self.pages[page].look_anew();
                }
                self.pages[page].events.push(event);
            }
        }
    }

    fn net(&mut self, page: usize, command: NetCommand) {
        let own = self.pages[page].seat;
        if let NetCommand::Nodes(nodes) = &command {
            self.nodes.extend(nodes.iter().cloned());
        }
        match command {
            NetCommand::Nodes(_) if self.node => {
                self.give(own, NetEvent::Node(NodeState::Up));
            }
            NetCommand::Meet(namespace) if self.node => {
                let others: Vec<SeatId> =
                    self.registered.iter().copied().filter(|seat| *seat != own).collect();
                for other in &others {
                    let seats = vec![own];
                    self.give(*other, NetEvent::Found { namespace, seats, newcomer: true });
                }
                self.registered.insert(own);
                self.give(own, NetEvent::Found { namespace, seats: others, newcomer: false });
            }
            NetCommand::Nodes(_) | NetCommand::Meet(_) => {}
            NetCommand::Trust(seat) => {
                self.trusted.insert((own, seat));
            }
            NetCommand::Dial(seat) => {
                if self.page_of(seat).is_some() && self.links.insert((own, seat)) {
                    self.links.insert((seat, own));
                    self.give(own, NetEvent::Up { seat, path: Path::Direct });
                    self.give(seat, NetEvent::Up { seat: own, path: Path::Direct });
                }
            }
            NetCommand::Send { seat, class, bytes } => {
                if self.links.contains(&(own, seat)) {
                    self.frames += u64::from(class == Class::Sync);
                    if self.page_of(seat).is_none() {
                        self.outside.entry(seat).or_default().push((class, bytes));
                        return;
                    }
                    self.give(seat, NetEvent::Frame { seat: own, class, bytes });
                }
            }
            NetCommand::Hangup(seat) => {
                if self.links.remove(&(own, seat)) {
                    self.links.remove(&(seat, own));
                    self.give(seat, NetEvent::Down(own));
                }
            }
        }
    }
}

fn verified(link: &Link) -> VerifiedLink {
    link.clone().verify().unwrap()
}

/// Refusals a page counted, by reason.
pub fn refused(page: &Page) -> BTreeMap<&'static str, u64> {
    page.client.stats().refused.into_iter().collect()
}

/// Ada and Bo, who joined by her link.
pub fn two() -> (Net, usize, usize) {
    let mut net = Net::new();
    let ada = net.found(1, "Ada");
    let link = net.invite(ada, Role::Participant);
    let bo = net.join(2, "Bo", &link);
    net.wait(Duration::from_secs(1));
    (net, ada, bo)
}
