//! A room: the one face that a page, a headless peer or a test drives.
//!
//! [`Room`] keeps one contract: **change it with [`Room::handle`], then drain [`Room::poll`] to `None`, then change it
//! again**; [`Room::poll_timeout`] says when it wants an [`Input::Tick`]. It only routes between closed machines:
//!
//! ```text
//!               ┌─► peers    who is connected, by what right, how they behave
//!   Input ─► Room ─► replica  the log, the documents, what waits for the disk
//!   Output ◄─┘  ├─► sync     how the logs of two peers are brought level
//!               ├─► live     what passes and is not stored
//!               └─► call     who sends sound and pictures to whom
//! ```

mod admission;
mod dialling;
mod hello;
mod intake;
mod links;
#[cfg(feature = "misbehave")]
mod misbehave;
mod open;
mod output;
mod people;
mod record;
mod rehearsal;
mod route;
mod status;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use ed25519_dalek::SigningKey;

pub use self::links::VerifiedLink;
#[cfg(feature = "misbehave")]
pub use self::misbehave::Attack;
pub use self::open::{RoomError, Setup};
pub use self::output::{Output, Stats};
pub use self::people::Person;
pub use self::record::{Joined, Keepsakes, Record};
pub use self::rehearsal::Rehearsal;
pub use self::status::Status;
pub use crate::event::Event;

use self::dialling::Dialling;
use crate::call::{self, Call};
use crate::capability::Tools;
use crate::disk::DiskCommand;
use crate::identity::{Author, SeedStream, Signed};
use crate::live::{Caret, Live, Say};
use crate::offence::Offence;
use crate::peers::Peers;
use crate::replica::Replica;
use crate::roster::{Certificate, Claim, Who};
use crate::sync::{Installation, Message, Sync};
use covey_wire::frame::Wire;
use covey_wire::id::{ClientId, DocName, MemberId, RoomId, SeatId};
use covey_wire::limits;
use covey_wire::net::{Class, NetCommand, NetEvent, NodeState, Path};
use covey_wire::time::{Instant, Now};

/// The record is written at most this often.
const RECORD_PACE: Duration = Duration::from_secs(1);

/// Something that happens to a room.
#[derive(Debug, Clone)]
pub enum Input {
    /// The network reports something.
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
    /// Something about the call.
    Call(call::Input),
    /// A new name.
    Name(String),
    /// Try to reach the node and the others at once.
    Reconnect,
    /// Say goodbye and close every connection.
    Leave,
    /// Break the rules from here on, or keep them again.
    #[cfg(feature = "misbehave")]
    Misbehave(Option<Attack>),
    /// Time passed.
    Tick,
}

/// Oneself in a room.
struct Me {
    room: RoomId,
    member: MemberId,
    signer: SigningKey,
    installation: Installation,
    seat: SeatId,
    seat_secret: [u8; 32],
    /// The member's word for the seat.
    certificate: Signed<Certificate>,
    /// The links one came by.
    claims: Vec<Signed<Claim>>,
}

/// A room, and oneself in it.
pub struct Room {
    me: Me,
    replica: Replica,
    peers: Peers,
    sync: Sync,
    live: Live,
    call: Call,
    dialling: Dialling,
    record: Record,
    /// The tools of the link that one opened last.
    link_tools: Tools,
    seeds: SeedStream,
    /// Nodes of the page's origin.
    origin: Vec<String>,
    node: NodeState,
    /// When something happened last.
    now: Now,
    /// When the record was written last, and whether it changed since.
    recorded: Option<Instant>,
    record_changed: bool,
    /// When peers were asked last for what had no room.
    asked_again: Option<Instant>,
    /// Whether somebody refused us before we were let in: that is worth another try once we are.
    refused_before: bool,
    /// Whether the page was told that somebody uses a newer version.
    newer: bool,
    /// Whether people and status changed since the page was told.
    people_changed: bool,
    status_changed: bool,
    #[cfg(feature = "misbehave")]
    misbehaving: misbehave::Misbehaving,
    out: VecDeque<Output>,
}

impl Room {
    /// Takes what happened at `now`.
    pub fn handle(&mut self, input: Input, now: Now) {
        self.now = now;
        match input {
            Input::Net(event) => self.net(event),
            Input::Stored(token) => self.replica.stored(token),
            Input::Found(segments) => self.replica.load_more(&segments),
            Input::Edit(name, update) => self.replica.edit(&name, &update, now.elapsed),
            Input::Caret(caret) => self.live.set_caret(caret),
            Input::Say(say) => self.live.say(self.replica.standing(), say),
            Input::Call(input) => self.call.handle(input, now.elapsed),
            Input::Name(name) => self.live.set_name(&name),
            Input::Reconnect => self.connect(),
            Input::Leave => self.leave(),
            #[cfg(feature = "misbehave")]
            Input::Misbehave(attack) => self.misbehave(attack),
            Input::Tick => {}
        }
        self.tick();
        self.write_record();
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<Output> {
        let changed =
            |changed: &mut bool, event| core::mem::take(changed).then_some(Output::Event(event));
        self.out
            .pop_front()
            .or_else(|| changed(&mut self.people_changed, Event::People))
            .or_else(|| changed(&mut self.status_changed, Event::Status))
    }

    /// When an [`Input::Tick`] is wanted.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let record = self.record_changed.then(|| self.record_due());
        let live = self.peers.trusted().next().map(|_| self.live.due_timeout());
        #[cfg(feature = "misbehave")]
        let live = live.into_iter().chain(self.misbehaving.poll_timeout()).min();
        let machines = [
            self.peers.poll_timeout(),
            self.replica.poll_timeout(),
            self.sync.poll_timeout(),
            self.live.poll_timeout(),
            self.call.poll_timeout(),
            self.dialling.poll_timeout(),
        ];
        [record, live, self.again_due()].into_iter().chain(machines).flatten().min()
    }

    fn net(&mut self, event: NetEvent) {
        let now = self.now.elapsed;
        match event {
            NetEvent::Node(state) => {
                self.node = state;
                self.emit(Event::Status);
            }
            NetEvent::Found { seats, newcomer, .. } => self.discovered(seats, newcomer),
            NetEvent::Up { seat, path } => self.up(seat, path),
            NetEvent::Down(seat) => {
                if self.peers.clear_peer(seat) {
                    self.call.lost_peer(seat, now);
                    self.forget_peer(seat);
                }
            }
            NetEvent::Refused { seat, why } => {
                self.peers.offend(&self.who(seat), Offence::Network(why), now);
            }
            NetEvent::Frame { seat, class, bytes } => self.frame(seat, class, &bytes),
            // A peer without calls never says that it is in one, and nothing is sent yet of which others report.
            NetEvent::Written { .. } | NetEvent::Unsupported { .. } => {}
        }
    }

    /// Seats meet where we do: whoever came after us dials us.
    fn discovered(&mut self, seats: Vec<SeatId>, newcomer: bool) {
        let new = |seat: &SeatId| *seat != self.me.seat && !self.is_quarantined(*seat);
        let new: Vec<SeatId> = seats.into_iter().filter(new).take(limits::PEERS).collect();
        for seat in new {
            if newcomer {
                self.dialling.expect(seat, self.now.elapsed);
            } else if !self.dialling.expects(seat) {
                self.out.push_back(Output::Net(NetCommand::Dial(seat)));
            }
        }
    }

    /// A way to a seat was found, or changed.
    fn up(&mut self, seat: SeatId, path: Path) {
        let now = self.now.elapsed;
        self.dialling.clear_peer(seat);
        if self.is_quarantined(seat) {
            return self.peers.offend(&self.who(seat), Offence::Quarantine, now);
        }
        if self.peers.add_peer(seat, path, now) {
            self.sync.add_peer(seat);
            self.live.add_peer(seat);
            self.call.add_peer(seat, now);
            self.greet(seat);
        }
        self.emit(Event::People);
        self.emit(Event::Status);
    }

    /// A seat is gone: every machine forgets it.
    fn clear_peer(&mut self, seat: SeatId) {
        self.call.clear_peer(seat);
        self.forget_peer(seat);
    }

    /// A seat can't be sent to: all but the call, whose media have a way of their own, forget it.
    fn forget_peer(&mut self, seat: SeatId) {
        self.sync.clear_peer(seat, self.replica.ledger().log());
        self.replica.clear_peer(seat);
        self.live.clear_peer(seat);
        self.emit(Event::People);
        self.emit(Event::Status);
    }

    /// The peer at the other end, by the log or by the certificate in its hello.
    fn who(&self, seat: SeatId) -> Who {
        who(&self.replica, &self.peers, seat)
    }

    fn is_quarantined(&self, seat: SeatId) -> bool {
        let member = self.replica.ledger().member(seat);
        self.peers.is_quarantined(seat, member, self.now.elapsed)
    }

    fn connect(&mut self) {
        self.out.push_back(Output::Net(NetCommand::Nodes(self.nodes())));
        let room = self.me.room;
        for key in &self.record.keys {
            let namespace = crate::capability::namespace(&key.discovery(room));
            self.out.push_back(Output::Net(NetCommand::Meet(namespace)));
        }
    }

    /// Says goodbye to everyone.
    fn leave(&mut self) {
        self.replica.flush(self.now.elapsed);
        self.tick();
        for seat in self.peers.seats() {
            self.send(seat, Class::Sync, Message::Goodbye.to_bytes());
        }
        (self.record_changed, self.recorded) = (true, None);
    }

    fn send(&mut self, seat: SeatId, class: Class, bytes: Vec<u8>) {
        self.out.push_back(Output::Net(NetCommand::Send { seat, class, bytes }));
    }

    fn emit(&mut self, event: Event) {
        match event {
            Event::People => self.people_changed = true,
            Event::Status => self.status_changed = true,
            Event::Newer if core::mem::replace(&mut self.newer, true) => {}
            event => self.out.push_back(Output::Event(event)),
        }
    }

    fn record_due(&self) -> Instant {
        self.recorded.map_or(Instant(0), |recorded| recorded + RECORD_PACE)
    }

    /// Writes the record if it changed and that is due.
    fn write_record(&mut self) {
        if [self.live.drain_changed(), self.replica.drain_changed()].contains(&true) {
            let (names, acked) = (self.live.names().collect(), self.replica.acks().collect());
            self.record.keepsakes = Keepsakes { names, acked };
            self.record_changed = true;
        }
        let role = self.role();
        if role != self.record.role {
            self.record.role = role;
            self.record_changed = true;
        }
        if self.record_changed && self.now.elapsed >= self.record_due() {
            (self.record_changed, self.recorded) = (false, Some(self.now.elapsed));
            let record = DiskCommand::Record(self.record.to_bytes());
            self.out.push_back(Output::Disk(record));
        }
    }

    /// The record and the log as they are to be stored where the disk lost them; what is to be stored later goes
    /// behind.
    pub fn everything(&self) -> (Vec<u8>, Vec<Arc<[u8]>>) {
        (self.record.to_bytes(), self.replica.segments())
    }

    /// The secret of one's seat, for the libp2p identity.
    pub fn seat_secret(&self) -> [u8; 32] {
        self.me.seat_secret
    }

    /// The id that this page's Yjs views must write under.
    pub fn client_id(&self) -> ClientId {
        self.me.seat.client()
    }

    /// Whether one was admitted: what one writes goes into the log at once.
    pub fn is_in(&self) -> bool {
        self.replica.is_in()
    }

    /// The room's id.
    pub fn id(&self) -> RoomId {
        self.me.room
    }

    /// The room's name.
    pub fn title(&self) -> &str {
        &self.record.title
    }

    /// Everything of a document as one update, for a new view.
    pub fn state(&mut self, name: &DocName) -> Option<Vec<u8>> {
        self.replica.state(name)
    }

    /// The text of a root of a document.
    pub fn text(&mut self, name: &DocName, root: &str) -> Option<String> {
        self.replica.text(name, root)
    }

    /// The call.
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// The lamport of the entry that wrote a unit of a document; none while it is not in the log.
    pub fn lamport(&self, name: &DocName, client: ClientId, clock: u32) -> Option<u64> {
        self.replica.ledger().lamport(name, client, clock)
    }

    /// The member whose seat writes under a client id. A connected seat is known before its entrance is in the log.
    pub fn author(&self, client: ClientId) -> Option<MemberId> {
        self.replica.ledger().author(client).or_else(|| {
            let seat = self.peers.seats().into_iter().find(|seat| seat.client() == client)?;
            let Who { member, standing, .. } = self.who(seat);
            member.filter(|_| standing.is_some())
        })
    }
}

/// The peer at the other end, by the log or by the certificate in its hello.
fn who(replica: &Replica, peers: &Peers, seat: SeatId) -> Who {
    let ledger = replica.ledger();
    let member = ledger.member(seat).or_else(|| peers.member(seat));
    Who { seat, member, standing: member.and_then(|member| ledger.standing(member)) }
}

#[cfg(test)]
#[path = "pages_tests.rs"]
mod tests;
