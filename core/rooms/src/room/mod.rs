//! One room: what others ask of it and tell it.

mod admit;
mod budget;
mod conduct;
mod edits;
mod event;
mod intake;
mod live;
#[cfg(feature = "misbehave")]
mod misbehave;
mod outbox;
mod peers;
mod people;
mod quarantine;
mod replicas;
mod reshow;
mod routing;
mod seat;
mod storing;
mod volume;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use litemap::LiteMap;

pub use event::{Event, Output, Stats};
#[cfg(feature = "misbehave")]
pub use misbehave::Attack;
pub use people::{Keepsakes, Person};

use crate::capability::Tools;
use crate::documents::Document;
use crate::guard::DocKind;
use crate::identity::{Author, SeatKey, Signed};
use crate::ledger::{Ledger, Offer, Pack, Reason};
use crate::presence::{Caret, Here, Live, Presence, Say, Says, color_of};
use crate::roster::{Act, Certificate, Claim, RosterAct, SeenClaim, Standing, may};
use crate::seal::{ContentKey, EpochId};
use crate::sync::{Installation, Line, Message, Sync};
use conduct::Conduct;
use covey_wire::frame::Wire;
use covey_wire::id::{ClientId, DocName, Hash, MemberId, RoomId, SeatId};
use covey_wire::net::{Class, NetCommand, Path};
use covey_wire::time::Time;
use outbox::Outbox;
use people::Names;
use quarantine::Quarantine;
use routing::Source;
use storing::{Segment, Storing};

/// Edits gather this long after one was sent: a frame.
const GATHER: Duration = Duration::from_millis(16);

/// Between two times that the log is judged anew, or that peers are asked for what had no room.
const PAUSE: Duration = Duration::from_secs(1);

/// Who one is in a room.
pub struct Identity {
    /// The room.
    pub room: RoomId,
    /// The member.
    pub member: MemberId,
    /// Which browser profile.
    pub installation: Installation,
    /// Keys of epochs, the one that was learnt last at the end.
    pub keys: Vec<ContentKey>,
    /// The member's word for the seat.
    pub certificate: Signed<Certificate>,
    /// The links one came by.
    pub claims: Vec<Signed<Claim>>,
}

/// A room and oneself in it.
pub struct Room {
    identity: Identity,
    seat: SeatId,
    ledger: Ledger,
    documents: LiteMap<DocName, Document>,
    /// Whether any document was written in.
    has_text: bool,
    sync: Sync,
    presence: Presence,
    says: Says,
    names: Names,
    outbox: Outbox,
    peers: LiteMap<SeatId, Peer>,
    /// What connected seats said of themselves before it was known here who they are.
    unheard: LiteMap<SeatId, Here>,
    /// The key and the act to sit down with once one is a member.
    entering: Option<(SeatKey, RosterAct)>,
    /// Seats that were refused last, since by what was known here they had no right.
    turned_away: Vec<SeatId>,
    /// Edits made before one was admitted.
    early: Vec<(DocName, Vec<u8>)>,
    refused: BTreeMap<&'static str, u64>,
    quarantine: Quarantine,
    /// How many peers ever came.
    arrivals: u64,
    /// Whose segment was looked at last.
    read_last: SeatId,
    /// Digests of updates that yrs failed on.
    left_out: BTreeSet<Hash>,
    #[cfg(feature = "misbehave")]
    misbehaving: misbehave::Misbehaving,
    stored: BTreeMap<Line, u64>,
    storing: Storing,
    /// When the log was judged anew, and when peers were asked for what had no room.
    settled: Time,
    asked: Time,
    /// How much of the log was routed.
    routed: usize,
    packs: Vec<Pack>,
    flushed: Time,
    out: VecDeque<Output>,
    /// Whether people and status changed since they were told.
    news: (bool, bool),
    /// Whether it was told that somebody uses a newer version.
    newer: bool,
}

impl Room {
    /// A room with what the disk has of it. One has no seat yet: see [`Room::sit`].
    pub fn load<B: AsRef<[u8]>>(
        identity: Identity,
        name: &str,
        names: impl IntoIterator<Item = (MemberId, String, u8)>,
        acked: impl IntoIterator<Item = (SeatId, u64)>,
        segments: impl IntoIterator<Item = B>,
    ) -> Self {
        let mut ledger = Ledger::new(identity.room);
        for key in &identity.keys {
            ledger.add_key(key.epoch(identity.room), key.clone());
        }
        let presence = Presence::new(name, color_of(identity.member));
        let mut names = Names::new(names);
        names.heard(identity.member, &presence.own().name, presence.own().color);
        let mut room = Self {
            seat: identity.certificate.claimed().seat,
            identity,
            ledger,
            documents: LiteMap::new(),
            has_text: false,
            sync: Sync::default(),
            presence,
            says: Says::default(),
            names,
            outbox: Outbox::new(acked),
            peers: LiteMap::new(),
            unheard: LiteMap::new(),
            entering: None,
            turned_away: Vec::new(),
            early: Vec::new(),
            refused: BTreeMap::new(),
            quarantine: Quarantine::default(),
            arrivals: 0,
            read_last: SeatId([0; 32]),
            left_out: BTreeSet::new(),
            #[cfg(feature = "misbehave")]
            misbehaving: misbehave::Misbehaving::default(),
            stored: BTreeMap::new(),
            storing: Storing::default(),
            settled: Time(0),
            asked: Time(0),
            routed: 0,
            packs: Vec::new(),
            flushed: Time(0),
            out: VecDeque::new(),
            news: (false, false),
            newer: false,
        };
        let mut refused = 0;
        for segment in segments {
            let offer = room.ledger.offer(segment.as_ref());
            refused += usize::from(matches!(offer, Offer::Refused(_)));
        }
        room.route(Source::Disk, Time(0));
        room.out.clear();
        if core::mem::take(&mut room.newer) {
            room.tell(Event::Newer);
        } else {
            refused += room.ledger.waiting_count();
        }
        if refused > 0 {
            room.tell(Event::Unreadable { segments: refused });
        }
        room.packs = room.ledger.pack();
        room.routed = room.ledger.log().len();
        room
    }

    /// Another page of this device stored segments, which are checked like all that the disk has. What they
    /// build on may come later, from there or from a peer.
    pub fn found(&mut self, segments: &[Vec<u8>], now: Time) {
        for bytes in segments {
            if let Offer::Refused(reason) = self.ledger.offer(bytes) {
                self.count(reason);
            }
        }
        self.route(Source::Peer, now);
    }

    /// All segments that are held, causes first.
    pub fn segments(&self) -> Vec<Arc<[u8]>> {
        self.ledger.log().iter().map(|held| held.bytes.clone()).collect()
    }

    /// Segments that were joined when the room was loaded, for the disk.
    pub fn take_packs(&mut self) -> Vec<Pack> {
        core::mem::take(&mut self.packs)
    }

    /// The standing of a member by all that is known here.
    pub fn standing_of(&self, member: MemberId) -> Option<Standing> {
        self.ledger.standing(member)
    }

    /// The epoch that one writes in, where it is known.
    pub fn epoch(&self) -> Option<EpochId> {
        self.ledger.epoch()
    }

    /// One's seat.
    pub fn seat(&self) -> SeatId {
        self.seat
    }

    /// A way to a seat was found, or changed.
    pub fn peer_up(&mut self, seat: SeatId, path: Path, now: Time) {
        if self.shuns(seat, now) {
            return self.send_away(seat, "quarantine");
        }
        match self.peers.get_mut(&seat) {
            Some(peer) => peer.path = path,
            None => {
                self.arrivals += 1;
                let (order, conduct) = (self.arrivals, Conduct::new(now));
                let (member, claims, doubt) = (None, Vec::new(), None);
                let (trusted, greeted) = (false, false);
                let peer = Peer { path, order, member, claims, doubt, trusted, greeted, conduct };
                self.peers.insert(seat, peer);
                self.sync.add_peer(seat);
                self.greet(seat);
            }
        }
        self.tell(Event::People);
        self.tell(Event::Status);
    }

    /// A seat is gone.
    pub fn clear_peer(&mut self, seat: SeatId) {
        if self.peers.remove(&seat).is_none() {
            return;
        }
        self.sync.clear_peer(seat, self.ledger.log());
        self.ledger.clear_peer(seat);
        self.unheard.remove(&seat);
        self.silence(seat);
        if self.presence.clear_peer(seat) {
            self.tell(Event::Presence { client: seat.client(), here: None });
        }
        self.tell(Event::People);
        self.tell(Event::Status);
    }

    /// Where one's caret is.
    pub fn set_caret(&mut self, caret: Option<Caret>) {
        self.presence.set_caret(caret);
    }

    /// Says something that passes, if one may write in that document.
    pub fn say(&mut self, say: Say) {
        let act = Act::Write(Tools::of(say.topic().document()));
        if self.standing().is_some_and(|standing| may(standing, act)) {
            self.says.say(say);
        }
    }

    /// One's name.
    pub fn set_name(&mut self, name: &str) {
        self.presence.set_name(name);
        let own = self.presence.own();
        self.names.heard(self.identity.member, &own.name, own.color);
        self.tell(Event::People);
    }

    /// The disk has the segment of this token, and everything before it.
    pub fn stored(&mut self, token: u64, now: Time) {
        while let Some(Segment { seat, line, last, .. }) = self.storing.done(token) {
            let stored = self.stored.entry((seat, line)).or_default();
            *stored = (*stored).max(last);
            self.sync.stored((seat, line), last, now);
            self.tell(Event::Status);
        }
    }

    /// Time passed: looks at what waits, and sends what is due.
    pub fn tick(&mut self, now: Time) {
        self.watch(now);
        self.take_turn(now);
        self.ask_again(now);
        if self.ledger.is_parted() {
            // It was too soon when it was seen.
            self.route(Source::Peer, now);
        }
        #[cfg(feature = "misbehave")]
        self.go_on_misbehaving(now);
        self.pump(now);
    }

    /// Sends what is due.
    fn pump(&mut self, now: Time) {
        if self.ledger.has_open() && self.flush_is_due(now) {
            self.ledger.flush();
            self.flushed = now;
            self.route(Source::Own, now);
        }
        for seat in self.presence.expire(now) {
            self.silence(seat);
            let here = self.presence.of(seat).cloned();
            self.tell(Event::Presence { client: seat.client(), here });
        }
        self.trust(now);
        let trusted = self.peers.iter().filter(|(_, peer)| peer.trusted);
        let peers: Vec<SeatId> = trusted.map(|(seat, _)| *seat).collect();
        if !peers.is_empty() {
            let said = self.says.poll(now).into_iter().map(Live::Say);
            for live in self.presence.poll(now).into_iter().chain(said) {
                let bytes = live.to_bytes();
                for seat in &peers {
                    self.send(*seat, Class::Live, bytes.clone());
                }
            }
        }
        let mut sync = core::mem::take(&mut self.sync);
        let head = |(seat, line), seq| self.ledger.head_at(seat, line, seq);
        let due = sync.pump(self.ledger.log(), now, |seat| self.may_read(seat, now), head);
        self.sync = sync;
        for (seat, message) in due {
            self.send(seat, Class::Sync, message.to_bytes());
        }
    }

    /// When [`Room::tick`] wants to be called.
    pub fn poll_timeout(&self) -> Option<Time> {
        let flush = self.ledger.has_open().then(|| self.flushed + GATHER);
        let live = self.peers.values().any(|peer| peer.trusted).then(|| {
            let presence = self.presence.poll_timeout();
            self.says.poll_timeout().map_or(presence, |says| says.min(presence))
        });
        #[cfg(feature = "misbehave")]
        let live = live.into_iter().chain(self.misbehaving.poll_timeout()).min();
        let settle = self.ledger.is_parted().then(|| self.settle_due());
        let again = self.ledger.wants_again().then(|| self.asked + PAUSE);
        let peers = [self.intake_timeout(), self.sync.poll_timeout(), settle, again];
        [flush, live].into_iter().chain(peers).flatten().min()
    }

    /// The next thing to do.
    pub fn poll(&mut self) -> Option<Output> {
        let event = |news: &mut bool, event| core::mem::take(news).then_some(Output::Event(event));
        self.out
            .pop_front()
            .or_else(|| event(&mut self.news.0, Event::People))
            .or_else(|| event(&mut self.news.1, Event::Status))
    }

    /// Says goodbye to everyone.
    pub fn leave(&mut self, now: Time) {
        self.ledger.flush();
        self.route(Source::Own, now);
        self.tick(now);
        for seat in self.peers.keys().copied().collect::<Vec<_>>() {
            self.send(seat, Class::Sync, Message::Goodbye.to_bytes());
        }
    }

    /// Everything of a document as one update, for a new view, with what was written before one was
    /// admitted: the view's clocks go on from there.
    pub fn state(&mut self, name: &DocName) -> Option<Vec<u8>> {
        let state = self.document(name)?.state();
        let mut early = self.early.iter().filter(|(of, _)| of == name).peekable();
        if early.peek().is_none() {
            return Some(state);
        }
        let mut view = Document::new(DocKind::of(name)?, self.seat.client());
        for update in [&state].into_iter().chain(early.map(|(_, update)| update)) {
            // One's own, and not judged yet: what yrs can't read is refused when it is.
            let _ = view.apply(update);
        }
        Some(view.state())
    }

    /// The text of a root of a document.
    pub fn text(&mut self, name: &DocName, root: &str) -> Option<String> {
        Some(self.document(name)?.text(root))
    }

    /// The lamport of the entry that wrote a unit of a document; none while it is not in the log.
    pub fn lamport(&self, name: &DocName, client: ClientId, clock: u32) -> Option<u64> {
        self.ledger.lamport(name, client, clock)
    }

    /// Whose seat writes under a client id.
    pub fn author(&self, client: ClientId) -> Option<MemberId> {
        self.ledger.author(client)
    }

    /// What one may do by all that is known here.
    pub fn standing(&self) -> Option<Standing> {
        self.ledger.standing(self.identity.member)
    }

    /// The best way to anyone.
    pub fn best_path(&self) -> Option<Path> {
        self.peers.values().map(|peer| peer.path).max()
    }

    /// Own edits no other installation has.
    pub fn waiting(&self) -> u64 {
        self.outbox.waiting() + self.ledger.open_count() + self.early.len() as u64
    }

    /// Own edits the disk does not have.
    pub fn unsaved(&self) -> u64 {
        self.storing.own() + self.ledger.open_count() + self.early.len() as u64
    }

    /// Whether there is anything to show: one is in, or reads.
    pub fn has_content(&self) -> bool {
        self.standing().is_some() || self.has_text
    }

    /// Counters and digests.
    pub fn stats(&self) -> Stats {
        Stats {
            entries: self.ledger.entry_count(),
            seats: self.ledger.seat_count(),
            held: self.peers.values().map(|peer| peer.conduct.held()).sum::<usize>()
                + self.ledger.waiting_bytes(),
            refused: self.refused.clone(),
            digests: self.documents.iter().map(|(n, d)| (n.to_string(), d.digest())).collect(),
        }
    }

    /// Names and acknowledgements, if they changed since the last call.
    pub fn take_keepsakes(&mut self) -> Option<Keepsakes> {
        let changed = [self.names.take_changed(), self.outbox.take_changed()];
        changed.contains(&true).then(|| self.keepsakes())
    }

    /// Names and acknowledgements, for keeping.
    pub fn keepsakes(&self) -> Keepsakes {
        Keepsakes { names: self.names.all().collect(), acked: self.outbox.acks().collect() }
    }

    fn count(&mut self, reason: Reason) {
        self.count_as(reason.name());
    }

    fn count_as(&mut self, why: &'static str) {
        *self.refused.entry(why).or_default() += 1;
    }

    fn send(&mut self, seat: SeatId, class: Class, bytes: Vec<u8>) {
        self.out.push_back(Output::Net(NetCommand::Send { seat, class, bytes }));
    }

    fn tell(&mut self, event: Event) {
        match event {
            Event::People => self.news.0 = true,
            Event::Status => self.news.1 = true,
            Event::Newer if core::mem::replace(&mut self.newer, true) => {}
            event => self.out.push_back(Output::Event(event)),
        }
    }
}

/// A connected seat.
#[derive(Debug)]
struct Peer {
    path: Path,
    /// The higher the later it came.
    order: u64,
    /// The member whose seat it is, by the certificate in its hello.
    member: Option<MemberId>,
    /// The links it came by, as it says in its hello, and what they give.
    claims: Vec<(Signed<Claim>, SeenClaim)>,
    /// When it will be refused, unless its right to be here has shown by then.
    doubt: Option<Time>,
    /// Whether it has shown that it may read: it is told what passes, and how we are reached.
    trusted: bool,
    /// Whether our first words went to it.
    greeted: bool,
    conduct: Conduct,
}
