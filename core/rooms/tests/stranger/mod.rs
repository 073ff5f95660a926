//! Somebody at the level of messages, with whatever keys the test gives them.
#![allow(dead_code, clippy::unwrap_used)]

use std::time::Duration;

use covey_rooms::capability::{Chain, Grant, Link, Role, Terms, link_key};
use covey_rooms::documents::Document;
use covey_rooms::guard::{CODE_FILE, DocKind};
use covey_rooms::identity::{Author, DeviceSecret, MemberKey, SeatKey, Signed};
use covey_rooms::ledger::{Body, Entry, Segment};
use covey_rooms::live;
use covey_rooms::roster::{Certificate, Claim, Right, RosterAct, claim};
use covey_rooms::seal::{ContentKey, Position};
use covey_rooms::sync::{Between, FEATURES, Hello, Message, VERSION};
use covey_wire::frame::Wire;
use covey_wire::id::{DocName, Hash, Head, SeatId};
use covey_wire::net::Class;
use ed25519_dalek::SigningKey;

use covey_testnet::Net;

/// A seat that keeps to no rule.
pub struct Stranger {
    pub seat: SeatId,
    key: SeatKey,
    link: Link,
    member: MemberKey,
    claims: Vec<Signed<Claim>>,
}

impl Stranger {
    /// Somebody who holds a link, and claims it.
    pub fn new(link: &Link, n: u8) -> Self {
        let member = DeviceSecret::new([n; 32]).member(link.room);
        let signer = link.signer().unwrap();
        let claims = vec![claim(link.room, &member, link.chain.clone(), &signer)];
        Self::with(link, n, member, claims)
    }

    /// A further seat of a member.
    pub fn of_member(link: &Link, n: u8, device: u8) -> Self {
        let member = DeviceSecret::new([device; 32]).member(link.room);
        Self::with(link, n, member, Vec::new())
    }

    /// Somebody who holds a link, and claims one that they signed themselves.
    pub fn with_own_link(link: &Link, n: u8) -> Self {
        let mut own = Self::forged_link(link);
        own.key = link.key.clone();
        Self::new(&own, n)
    }

    fn with(link: &Link, n: u8, member: MemberKey, claims: Vec<Signed<Claim>>) -> Self {
        let key = SeatKey::new([n; 32]);
        Self { seat: key.id(), key, link: link.clone(), member, claims }
    }

    /// A link of a room by somebody who knows nothing of it but its id.
    pub fn forged_link(of: &Link) -> Link {
        let anchor = SigningKey::from_bytes(&[77; 32]);
        let secret = [78; 16];
        let audience = link_key(&secret).verifying_key().to_bytes();
        let grant = Grant { audience, terms: Terms::new(Role::Owner) };
        let chain = Chain::root(of.room, &anchor, grant);
        Link { key: ContentKey::new([79; 32]), chain, secret: Some(secret), ..of.clone() }
    }

    /// Connects to a page and says hello.
    pub fn meet(&mut self, net: &mut Net, page: usize) {
        self.connect(net, page);
        let hello = self.hello(net.pages[page].seat, &[]);
        self.say(net, page, &hello);
    }

    /// Connects to a page.
    pub fn connect(&mut self, net: &mut Net, page: usize) {
        net.connect_outsider(self.seat, page);
    }

    /// The first words to a seat.
    pub fn hello(&mut self, to: SeatId, heads: &[Head]) -> Message {
        let (room, from) = (self.link.room, self.seat);
        let certificate = Certificate::sign(room, &self.member, from);
        let (installation, claims) = (from.0[..16].try_into().unwrap(), self.claims.clone());
        let (version, features, heads) = (VERSION, FEATURES, heads.to_vec());
        let hello = Hello { version, features, installation, certificate, claims, heads };
        Message::Hello(hello.seal(&self.link.key, &Between { room, from, to }))
    }

    pub fn say(&mut self, net: &mut Net, page: usize, message: &Message) {
        net.deliver(self.seat, page, Class::Sync, message.to_bytes());
    }

    pub fn say_live(&mut self, net: &mut Net, page: usize, message: &live::Message) {
        net.deliver(self.seat, page, Class::Live, message.to_bytes());
    }

    /// Messages that pages sent to it.
    pub fn heard(&self, net: &Net) -> Vec<(Class, Vec<u8>)> {
        net.outside.get(&self.seat).cloned().unwrap_or_default()
    }

    /// The entrance of a seat of somebody who is no member.
    pub fn entrance(&self, n: u8) -> Vec<u8> {
        self.made_up(n).1.to_bytes()
    }

    /// The segment that follows it, of about this size.
    pub fn tail(&self, n: u8, size: usize) -> Vec<u8> {
        let (key, first) = self.made_up(n);
        let before = first.hashes(self.link.room)[0];
        let entry = noise(&self.link, 2, vec![n; size]);
        Segment::sign(self.link.room, key.signer(), 2, before, vec![entry]).to_bytes()
    }

    fn made_up(&self, n: u8) -> (SeatKey, Segment) {
        let mut seed = self.seat.0;
        seed[0] = n;
        let (key, room) = (SeatKey::new(seed), self.link.room);
        let member = DeviceSecret::new(seed).member(room);
        let act = RosterAct::enter(room, &member, key.id(), Right::Member);
        let entry = Entry { lamport: 1, deps: Vec::new(), body: Body::Roster(act) };
        let segment = Segment::sign(room, key.signer(), 1, Hash([0; 32]), vec![entry.to_bytes()]);
        (key, segment)
    }
}

/// A segment that names somebody as its author who did not sign it.
pub fn forged_tail(link: &Link, named: SeatId, n: u8) -> Vec<u8> {
    let entry = noise(link, 9, vec![n; 200_000]);
    let key = SeatKey::new([n; 32]);
    let mut segment = Segment::sign(link.room, key.signer(), 900, Hash([n; 32]), vec![entry]);
    segment.seat = named;
    segment.to_bytes()
}

fn noise(link: &Link, lamport: u64, sealed: Vec<u8>) -> Vec<u8> {
    let (name, epoch) = (DocName::Code, link.key.epoch(link.room));
    Entry { lamport, deps: Vec::new(), body: Body::Document { name, epoch, sealed } }.to_bytes()
}

/// Many seats of one member, none of which knows of another.
pub struct Seats {
    speaker: Stranger,
    admission: (u64, Head),
    link: Link,
    device: u8,
}

const MANY: u8 = 60;

impl Seats {
    /// A member that a page has let in.
    pub fn of(net: &mut Net, page: usize, link: &Link) -> Self {
        Self::of_device(net, page, link, MANY)
    }

    /// The member of that device, which a page lets in.
    pub fn of_device(net: &mut Net, page: usize, link: &Link, device: u8) -> Self {
        net.join(device, "Many", link);
        net.wait(Duration::from_secs(1));
        let log = net.pages[page].disk.segments.iter().rev();
        let mut admissions = log.filter_map(|bytes| {
            let segment = Segment::from_bytes(bytes).ok()?;
            let entry = Entry::from_bytes(segment.entries.last()?).ok()?;
            let admits = matches!(entry.body, Body::Roster(RosterAct::Admit(_)));
            let hash = segment.hashes(link.room).last()?.short();
            let head = Head { seat: segment.seat, seq: segment.last(), hash };
            admits.then_some((entry.lamport, head))
        });
        let admission = admissions.next().unwrap();
        let speaker = Stranger::of_member(link, 200, device);
        Self { speaker, admission, link: link.clone(), device }
    }

    /// So many of them enter, by what is told to one page.
    pub fn enter(&mut self, net: &mut Net, page: usize, count: usize) {
        self.speaker.meet(net, page);
        for part in self.entrances(count, false).chunks(300) {
            self.speaker.say(net, page, &Message::Segments(part.to_vec()));
            net.wait(Duration::from_secs(2));
        }
    }

    /// The segments by which so many of them enter; each knows of those before it if they follow each other.
    pub fn entrances(&self, count: usize, follow: bool) -> Vec<Vec<u8>> {
        let (mut lamport, mut head) = self.admission;
        let member = DeviceSecret::new([self.device; 32]).member(self.link.room);
        let entrances = (0..count).map(|n| {
            let mut seed = [self.device; 32];
            seed[..8].copy_from_slice(&(n as u64).to_le_bytes());
            let (key, room) = (SeatKey::new(seed), self.link.room);
            let act = RosterAct::enter(room, &member, key.id(), Right::Member);
            let deps = vec![head];
            let entry = Entry { lamport: lamport + 1, deps, body: Body::Roster(act) };
            let entries = vec![entry.to_bytes()];
            let segment = Segment::sign(room, key.signer(), 1, Hash([0; 32]), entries);
            if follow {
                let hash = segment.hashes(room)[0].short();
                (lamport, head) = (lamport + 1, Head { seat: key.id(), seq: 1, hash });
            }
            segment.to_bytes()
        });
        entrances.collect()
    }
}

/// Three entries of a member's seat behind its entrance, of which one is no sound update.
pub fn with_a_refused_entry(link: &Link, log: &[Vec<u8>], seat: [u8; 32], bad: usize) -> Vec<u8> {
    let (room, key, epoch) = (link.room, SeatKey::new(seat), link.key.epoch(link.room));
    let mut all = log.iter().map(|bytes| Segment::from_bytes(bytes).unwrap());
    let first = all.find(|segment| segment.seat == key.id()).unwrap();
    let lamport = Entry::from_bytes(&first.entries[0]).unwrap().lamport;
    let mut page = Document::new(DocKind::Code, key.id().client());
    let entries = (0..3).map(|n| {
        let mut update = page.edit(CODE_FILE, 0, 0, "m");
        if n == bad {
            update = vec![0, 0];
        }
        let (name, seq) = (DocName::Code, n as u64 + 2);
        let at = Position { room, epoch, seat: key.id(), seq };
        let sealed = link.key.seal(&at, &name.to_bytes(), &update);
        let body = Body::Document { name, epoch, sealed };
        Entry { lamport: lamport + seq - 1, deps: Vec::new(), body }.to_bytes()
    });
    let before = first.hashes(room)[0];
    Segment::sign(room, key.signer(), 2, before, entries.collect()).to_bytes()
}
