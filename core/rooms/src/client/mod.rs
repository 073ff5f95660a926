//! A page in a room: founding, joining or reopening it, meeting the others, keeping the record.
//!
//! Change it with [`Client::handle`], drain [`Client::poll`] to `None`, then change it again;
//! [`Client::poll_timeout`] says when it wants an [`Input::Tick`].

mod links;
mod meeting;
mod record;
mod rehearsal;
mod status;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use ed25519_dalek::SigningKey;
use thiserror::Error;

pub use record::{Joined, Record};
pub use rehearsal::Rehearsal;
pub use status::Status;

use crate::capability::{CapabilityError, Link, LinkError, Role, link_key};
use crate::identity::{Author, DeviceSecret, SeatKey, SeedStream, Signed, seat_secret};
use crate::ledger::{Pack, Reason};
use crate::presence::{Caret, Say, clean_title};
use crate::room::{self, Event, Identity, Person, Room, Stats};
use crate::roster::{Certificate, Genesis, Right, RosterAct, Standing, claim};
use crate::seal::ContentKey;
use crate::sync::Installation;
use covey_wire::frame::Wire;
use covey_wire::id::{ClientId, DocName, MemberId, RoomId, SeatId};
use covey_wire::limits;
use covey_wire::net::{NetCommand, NetEvent, NodeState};
use covey_wire::time::Time;
use meeting::Meeting;

/// The record is written at most this often.
const RECORD_PACE: Duration = Duration::from_secs(1);

/// Why a room can't be opened, or a link can't be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The link is of no use.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// One's rights don't reach that far.
    #[error("Your role in this room does not allow this.")]
    NotAllowed,
    /// One's own first entry was refused: what the disk has is damaged.
    #[error("This room can't be opened from what this device has stored ({0}).")]
    Refused(Reason),
}

/// What a page brings along.
pub struct Setup {
    /// The login.
    pub device: DeviceSecret,
    /// Which browser profile.
    pub installation: Installation,
    /// 32 random bytes that are used for nothing else.
    pub seed: [u8; 32],
    /// The person's name.
    pub name: String,
    /// Nodes of the page's origin, for rooms whose link names none.
    pub nodes: Vec<String>,
}

/// What happens to a page.
#[derive(Debug, Clone)]
pub enum Input {
    /// The network tells something.
    Net(NetEvent),
    /// The disk has the segment of this token, and everything before it.
    Stored(u64),
    /// Another page of this device stored segments.
    Found(Vec<Vec<u8>>),
    /// An edit made in a view of a document (a Yjs update, version 1).
    Edit(DocName, Vec<u8>),
    /// Where the caret is.
    Caret(Option<Caret>),
    /// Something that passes, for those who are here.
    Say(Say),
    /// A new name.
    Name(String),
    /// Try to reach the node and the others at once.
    Reconnect,
    /// Say goodbye and close every connection.
    Leave,
    /// Break the rules from here on, or keep them again.
    #[cfg(feature = "misbehave")]
    Misbehave(Option<room::Attack>),
    /// Time passed.
    Tick,
}

/// What a page does to the world.
#[derive(Debug, Clone)]
pub enum Output {
    /// For the network.
    Net(NetCommand),
    /// Store a segment durably, in this order, then say [`Input::Stored`].
    Store {
        /// Names the segment.
        token: u64,
        /// The encoded segment.
        bytes: Arc<[u8]>,
    },
    /// Store the encoded [`Record`] in place of the one before.
    Record(Vec<u8>),
    /// For the page.
    Event(Event),
}

/// A page in a room.
pub struct Client {
    room: Room,
    record: Record,
    member: SigningKey,
    seat_secret: [u8; 32],
    seeds: SeedStream,
    origin: Vec<String>,
    meeting: Meeting,
    node: NodeState,
    recorded: Time,
    record_due: bool,
    /// When something happened last.
    now: Time,
    /// Somebody refused us before we were let in: that is worth another try when we are.
    turned_away: bool,
    out: VecDeque<Output>,
}

impl Client {
    /// Makes a new room. Its root key signs the genesis and is gone afterwards.
    pub fn found(setup: Setup, title: &str, now: Time) -> Result<Self, ClientError> {
        Self::found_at(setup, title, Vec::new(), now)
    }

    /// Makes a new room whose links name `nodes`, for pages whose origin is none.
    pub fn found_at(
        setup: Setup,
        title: &str,
        nodes: Vec<String>,
        now: Time,
    ) -> Result<Self, ClientError> {
        let fits = |node: &String| node.len() <= limits::NODE_ADDRESS;
        let nodes = nodes.into_iter().filter(fits).take(limits::LINK_NODES).collect();
        let mut seeds = SeedStream::new(setup.seed);
        let root = SeatKey::new(seeds.draw());
        let room = RoomId(root.id().0);
        let member = setup.device.member(room);
        let key = ContentKey::new(seeds.draw());
        let (owner, exchange) = (member.id(), member.exchange());
        let genesis = Genesis { owner, exchange, epoch: key.epoch(room) };
        let record = Record {
            room,
            title: titled(title),
            keys: vec![key],
            nodes,
            links: Vec::new(),
            role: Role::Owner,
            opened: now,
            keepsakes: room::Keepsakes::default(),
        };
        let genesis = Signed::sign(genesis, &room.0, root.signer());
        Self::open(setup, seeds, record, Vec::new(), Some(Right::Founder(Box::new(genesis))), now)
    }

    /// Joins by a link; `stored` is what this device has of the room, if it was there before.
    pub fn join(
        setup: Setup,
        link: &Link,
        stored: Option<(Record, Vec<Vec<u8>>)>,
        now: Time,
    ) -> Result<Self, ClientError> {
        let seeds = SeedStream::new(setup.seed);
        let was_here = stored.is_some();
        let (mut record, segments) =
            stored.unwrap_or_else(|| (Record::of_link(link, now), Vec::new()));
        let terms = link.grant()?.terms;
        record.add(link);
        record.opened = now;
        let mut client = Self::open(setup, seeds, record, segments, None, now)?;
        let gives = Standing::new(terms.role, terms.tools);
        if was_here && client.room.standing().is_some_and(|has| has.with(gives) == has) {
            client.out.push_back(Output::Event(Event::AlreadyHere));
        }
        Ok(client)
    }

    /// Opens a room this device has.
    pub fn reopen(
        setup: Setup,
        mut record: Record,
        segments: Vec<Vec<u8>>,
        now: Time,
    ) -> Result<Self, ClientError> {
        record.opened = now;
        let seeds = SeedStream::new(setup.seed);
        Self::open(setup, seeds, record, segments, None, now)
    }

    fn open(
        setup: Setup,
        seeds: SeedStream,
        mut record: Record,
        segments: Vec<Vec<u8>>,
        right: Option<Right>,
        now: Time,
    ) -> Result<Self, ClientError> {
        let member = setup.device.member(record.room);
        let key = SeatKey::new(seat_secret(&setup.seed));
        let seat_secret = key.secret();
        let bearer = record.links.iter().filter_map(|joined| Some((joined, joined.secret?)));
        let claims = bearer.map(|(joined, secret)| {
            let key = link_key(&secret);
            claim(record.room, &member, joined.chain.clone(), &key)
        });
        let mut claims: Vec<_> = claims.collect();
        claims.drain(..claims.len().saturating_sub(limits::CLAIMS));
        let has_claim = !claims.is_empty();
        let identity = Identity {
            room: record.room,
            member: member.id(),
            installation: setup.installation,
            keys: record.keys.clone(),
            certificate: Certificate::sign(record.room, &member, key.id()),
            claims,
        };
        let kept = record.keepsakes.clone();
        let mut room = Room::load(identity, &setup.name, kept.names, kept.acked, segments);
        record.prune(room.epoch(), |member| room.standing_of(member).is_some());
        let right = match right {
            Some(right) => right,
            // A member comes back though the disk lost its admission: others have that.
            None if room.standing().is_some() || has_claim || record.role > Role::Replica => {
                Right::Member
            }
            None => return Err(LinkError::Rights(CapabilityError::Bound).into()),
        };
        let enter = RosterAct::enter(record.room, &member, key.id(), right);
        room.sit(key, enter, now).map_err(ClientError::Refused)?;
        let mut client = Self {
            room,
            record,
            member: member.signer().clone(),
            seat_secret,
            seeds,
            origin: setup.nodes,
            meeting: Meeting::default(),
            node: NodeState::Connecting,
            recorded: Time(0),
            record_due: true,
            now,
            turned_away: false,
            out: VecDeque::new(),
        };
        client.connect();
        client.carry(now);
        Ok(client)
    }

    /// Takes what happened at `now`.
    pub fn handle(&mut self, input: Input, now: Time) {
        self.now = now;
        match input {
            Input::Net(event) => self.net(event, now),
            Input::Stored(token) => self.room.stored(token, now),
            Input::Found(segments) => self.room.found(&segments, now),
            Input::Edit(name, update) => self.room.edit(&name, &update, now),
            Input::Caret(caret) => self.room.set_caret(caret),
            Input::Say(say) => self.room.say(say),
            Input::Name(name) => self.room.set_name(&name),
            Input::Reconnect => self.connect(),
            Input::Leave => self.leave(now),
            #[cfg(feature = "misbehave")]
            Input::Misbehave(attack) => self.room.misbehave(attack, now),
            Input::Tick => {}
        }
        while let Some(seat) = self.meeting.poll(now) {
            self.out.push_back(Output::Net(NetCommand::Dial(seat)));
        }
        self.room.tick(now);
        self.carry(now);
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// When an [`Input::Tick`] is wanted.
    pub fn poll_timeout(&self) -> Option<Time> {
        let record = self.record_due.then(|| self.recorded + RECORD_PACE);
        [self.room.poll_timeout(), self.meeting.poll_timeout(), record].into_iter().flatten().min()
    }

    /// The record and the log as they are to be stored where the disk lost them; what is told to be stored
    /// later goes behind.
    pub fn everything(&self) -> (Vec<u8>, Vec<Arc<[u8]>>) {
        (self.record.to_bytes(), self.room.segments())
    }

    /// Segments of the disk's that were joined: each can take the place of its parts there.
    pub fn take_packs(&mut self) -> Vec<Pack> {
        self.room.take_packs()
    }

    /// The secret of one's seat, for the libp2p identity.
    pub fn seat_secret(&self) -> [u8; 32] {
        self.seat_secret
    }

    /// The id that this page's Yjs views must write under.
    pub fn client_id(&self) -> ClientId {
        self.room.seat().client()
    }

    /// Whether one was admitted: what one writes goes into the log at once.
    pub fn is_in(&self) -> bool {
        self.room.standing().is_some() && self.room.is_seated()
    }

    /// The room.
    pub fn room_id(&self) -> RoomId {
        self.record.room
    }

    /// The room's name.
    pub fn title(&self) -> &str {
        &self.record.title
    }

    /// People, oneself first.
    pub fn people(&self) -> Vec<Person> {
        self.room.people()
    }

    /// Counters and digests.
    pub fn stats(&self) -> Stats {
        self.room.stats()
    }

    /// Everything of a document as one update, for a new view.
    pub fn state(&mut self, name: &DocName) -> Option<Vec<u8>> {
        self.room.state(name)
    }

    /// The text of a root of a document.
    pub fn text(&mut self, name: &DocName, root: &str) -> Option<String> {
        self.room.text(name, root)
    }

    /// The lamport of the entry that wrote a unit of a document; none while it is not in the log.
    pub fn lamport(&self, name: &DocName, client: ClientId, clock: u32) -> Option<u64> {
        self.room.lamport(name, client, clock)
    }

    /// Whose seat writes under a client id.
    pub fn author(&self, client: ClientId) -> Option<MemberId> {
        self.room.author(client)
    }

    fn connect(&mut self) {
        self.out.push_back(Output::Net(NetCommand::Nodes(self.nodes())));
        let room = self.record.room;
        for key in &self.record.keys {
            let namespace = crate::capability::namespace(&key.discovery(room));
            self.out.push_back(Output::Net(NetCommand::Meet(namespace)));
        }
    }

    fn net(&mut self, event: NetEvent, now: Time) {
        match event {
            NetEvent::Node(state) => {
                self.node = state;
                self.out.push_back(Output::Event(Event::Status));
            }
            NetEvent::Found { seats, newcomer, .. } => {
                let room = &self.room;
                let new = |seat: &SeatId| *seat != room.seat() && !room.shuns(*seat, now);
                let new: Vec<SeatId> = seats.into_iter().filter(new).take(limits::PEERS).collect();
                for seat in new {
                    if newcomer {
                        self.meeting.expect(seat, now);
                    } else if !self.meeting.expects(seat) {
                        self.out.push_back(Output::Net(NetCommand::Dial(seat)));
                    }
                }
            }
            NetEvent::Up { seat, path } => {
                self.meeting.clear_peer(seat);
                self.room.peer_up(seat, path, now);
            }
            NetEvent::Down(seat) => self.room.clear_peer(seat),
            NetEvent::Refused { seat, why } => self.room.misused(seat, why, now),
            NetEvent::Frame { seat, class, bytes } => self.room.frame(seat, class, &bytes, now),
            // The classes of which they tell are not sent yet.
            NetEvent::Written { .. } | NetEvent::Unsupported { .. } => {}
        }
    }

    fn leave(&mut self, now: Time) {
        self.room.leave(now);
        self.record_due = true;
        self.recorded = Time(0);
    }

    /// Carries the room's outputs on, and the record when it is due.
    fn carry(&mut self, now: Time) {
        while let Some(output) = self.room.poll() {
            let output = match output {
                room::Output::Net(command) => Output::Net(command),
                room::Output::Store { token, bytes } => Output::Store { token, bytes },
                room::Output::Event(event) => {
                    let refused = event == Event::NotAllowed;
                    self.turned_away |= refused && self.room.standing().is_none();
                    Output::Event(event)
                }
            };
            self.out.push_back(output);
        }
        if self.turned_away && self.room.standing().is_some() {
            self.turned_away = false;
            self.connect();
        }
        if let Some(keepsakes) = self.room.take_keepsakes() {
            self.record.keepsakes = keepsakes;
            self.record_due = true;
        }
        let role = self.role();
        if role != self.record.role {
            self.record.role = role;
            self.record_due = true;
        }
        let due = now >= self.recorded + RECORD_PACE || now < self.recorded;
        if self.record_due && due {
            self.record_due = false;
            self.recorded = now;
            self.out.push_back(Output::Record(self.record.to_bytes()));
        }
    }
}

/// A room's name as it may be shown, never an empty one.
fn titled(title: &str) -> String {
    let mut clean = clean_title(title);
    if clean.is_empty() {
        clean.push_str("Untitled room");
    }
    clean
}

#[cfg(test)]
#[path = "pages_tests.rs"]
mod tests;
