//! The attacker of the tests: a page that is told to break the rules, volley after volley.

use core::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use ed25519_dalek::SigningKey;

use super::{Event, Room};
use crate::capability::{Chain, Grant, Role, Terms};
use crate::documents::Document;
use crate::guard::{CODE_FILE, DocKind};
use crate::identity::{Author, DeviceSecret, Signed};
use crate::ledger::Body;
use crate::live::{Message as Live, Say, Topic};
use crate::roster::{Claim, RosterAct, claim};
use crate::seal::EpochId;
use crate::sync::Message;
use covey_wire::frame::Wire;
use covey_wire::id::{ClientId, DocName, Head, NewerName, SeatId, ShortHash};
use covey_wire::net::Class;
use covey_wire::time::Instant;

/// Between two volleys.
const PACE: Duration = Duration::from_millis(5);
/// What is said or sent in one volley.
const VOLLEY: u64 = 100;

/// A way to break the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attack {
    /// Segments in the name of another seat.
    ForgeSeat,
    /// Updates under the client id of another seat.
    ForgeClient,
    /// Segments of one's own whose signature does not hold.
    ForgeSignature,
    /// Live messages without end.
    FloodLive,
    /// Edits without end, whatever was acknowledged: small on the wire, so that no network slows them.
    FloodSegments,
    /// The same as large on the wire as they are.
    FloodPlain,
    /// One hello after the other.
    FloodHellos,
    /// Admissions of claims that nobody made.
    FloodRoster,
    /// Reads nothing and acknowledges nothing.
    Stall,
    /// Messages as large as they can be, with nothing in them.
    Giant,
    /// Writes whatever one's role is.
    Write,
    /// Says whatever one's role is.
    Say,
    /// Says that it sends in a call what it may not.
    Boast,
    /// Everything that was ever sent, again and again.
    Replay,
    /// Another next entry for everyone, and each has more than the one before.
    Fork,
    /// Entries from the future.
    Lamport,
    /// Entries that build on what nobody has.
    Unresolvable,
    /// An edit that yrs is made to fail on.
    Poison,
    /// Says and writes what only a newer version knows.
    Newer,
    /// Signs an act about members that only a newer version knows: the last thing the page writes.
    NewerAct,
}

impl Attack {
    /// All of them by name.
    pub const ALL: [(&str, Attack); 20] = [
        ("forge-seat", Attack::ForgeSeat),
        ("forge-client", Attack::ForgeClient),
        ("forge-signature", Attack::ForgeSignature),
        ("flood-live", Attack::FloodLive),
        ("flood-segments", Attack::FloodSegments),
        ("flood-plain", Attack::FloodPlain),
        ("flood-hellos", Attack::FloodHellos),
        ("flood-roster", Attack::FloodRoster),
        ("stall", Attack::Stall),
        ("giant", Attack::Giant),
        ("write", Attack::Write),
        ("say", Attack::Say),
        ("boast", Attack::Boast),
        ("replay", Attack::Replay),
        ("fork", Attack::Fork),
        ("lamport", Attack::Lamport),
        ("unresolvable", Attack::Unresolvable),
        ("poison", Attack::Poison),
        ("newer", Attack::Newer),
        ("newer-act", Attack::NewerAct),
    ];
}

impl FromStr for Attack {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(each, _)| *each == name);
        found.map(|(_, attack)| *attack).ok_or_else(|| format!("there is no attack “{name}”"))
    }
}

/// What goes on.
#[derive(Debug, Default)]
pub struct Misbehaving {
    attack: Option<Attack>,
    next: Instant,
    volleys: u64,
}

impl Misbehaving {
    /// Whether a message that came is not read.
    pub fn ignores(&self, _: Class, _: &[u8]) -> bool {
        self.attack == Some(Attack::Stall)
    }

    /// Which words the page says that it knows.
    pub fn version(&self, real: u64) -> u64 {
        if self.attack == Some(Attack::Newer) { real + 1 } else { real }
    }

    pub fn poll_timeout(&self) -> Option<Instant> {
        self.attack.map(|_| self.next)
    }
}

impl Room {
    /// Breaks the rules from here on, or keeps them again.
    pub(super) fn misbehave(&mut self, attack: Option<Attack>) {
        self.call.set_boasts(attack == Some(Attack::Boast));
        self.misbehaving = Misbehaving { attack, next: self.now.elapsed, volleys: 0 };
    }

    pub(super) fn go_on_misbehaving(&mut self) {
        let now = self.now.elapsed;
        let Some(attack) = self.misbehaving.attack.filter(|_| now >= self.misbehaving.next) else {
            return;
        };
        self.misbehaving.next = now + PACE;
        self.misbehaving.volleys += 1;
        let peers: Vec<SeatId> = self.peers.seats();
        match attack {
            // The page says what it likes.
            Attack::Boast => {}
            Attack::Write => self.vandalize("vandal"),
            Attack::Poison => {
                if self.misbehaving.volleys == 1 {
                    self.vandalize("all well ");
                    self.vandalize("refused by yrs for a test");
                }
            }
            // Many times what is read; who is only a little too fast is read more slowly, and cut off later.
            Attack::FloodSegments | Attack::FloodPlain if self.misbehaving.volleys % 3 != 1 => {}
            Attack::FloodSegments => {
                let text = babble(self.misbehaving.volleys, 16_000).repeat(8);
                self.flood(&peers, &text);
            }
            // More than sixteen times smaller packed, which nobody opens: it is sent as it is.
            Attack::FloodPlain => self.flood(&peers, &"flood".repeat(12_000)),
            // Once is enough: whoever repeats it is known by that.
            Attack::Fork | Attack::NewerAct if self.misbehaving.volleys > 1 => {}
            Attack::Newer if self.misbehaving.volleys == 1 => self.write_newer(),
            Attack::Newer if self.misbehaving.volleys % 50 != 1 => {}
            // More would only fill one's own queues.
            Attack::Giant | Attack::Unresolvable if self.misbehaving.volleys % 10 != 1 => {}
            _ => {
                for (index, peer) in peers.into_iter().enumerate() {
                    self.volley(attack, index as u64, peer);
                }
            }
        }
    }

    fn volley(&mut self, attack: Attack, index: u64, peer: SeatId) {
        let number = self.misbehaving.volleys;
        match attack {
            Attack::ForgeSeat => {
                let ahead = 1_000_000;
                let mut segment =
                    self.replica.ledger().forge(Vec::new(), ahead, 1, [self.noise(number)]);
                segment.seat = peer;
                self.give(peer, vec![segment.to_bytes()]);
            }
            Attack::ForgeSignature => {
                let forged = self.replica.ledger().forge(Vec::new(), 1, 1, [self.noise(number)]);
                let mut bytes = forged.to_bytes();
                bytes.last_mut().into_iter().for_each(|byte| *byte ^= 1);
                self.give(peer, vec![bytes]);
            }
            Attack::ForgeClient => {
                let body = self.sealed(peer.client(), &format!("forged {number}"), 1);
                self.forged(peer, Vec::new(), 1, 0, body);
            }
            Attack::Lamport => {
                let body = self.sealed(self.me.seat.client(), "early", 1);
                self.forged(peer, Vec::new(), 1, 1_000_000 + number, body);
            }
            Attack::Fork => {
                let branch = format!("branch {index}");
                let bodies = self.sealed_all(self.me.seat.client(), &branch, 1..=index + 1);
                let segment = self.replica.ledger().forge(Vec::new(), 1, 0, bodies);
                self.give(peer, vec![segment.to_bytes()]);
            }
            Attack::FloodRoster => {
                let act = RosterAct::Admit(Box::new(self.made_up_claim(number)));
                self.forged(peer, Vec::new(), 1, 0, Body::Roster(act));
            }
            Attack::Unresolvable => {
                for part in 0..4 {
                    let nobody =
                        SeatId(*blake3::hash(&(number * 4 + part).to_le_bytes()).as_bytes());
                    let mut body = self.noise(number);
                    if let Body::Document { sealed, .. } = &mut body {
                        *sealed = babble(number, 50_000).into_bytes();
                    }
                    let nobody = Head { seat: nobody, seq: 1, hash: ShortHash([1; 16]) };
                    self.forged(peer, vec![nobody], number * 4 + part, 1, body);
                }
            }
            Attack::FloodLive => {
                for n in 0..VOLLEY {
                    self.speak(peer, &format!("t{n}"), number);
                }
            }
            Attack::Say => self.speak(peer, "draft", number),
            Attack::Newer => {
                let say = Topic::new(newer_document(), "place");
                let say = say.and_then(|topic| Say::new(topic, number.to_le_bytes().to_vec()));
                let words = say.map(|say| Live::Say(say).to_bytes());
                for bytes in words.into_iter().chain([vec![1, 200], vec![2, 0, 7]]) {
                    self.send(peer, Class::Live, bytes);
                }
                for bytes in [vec![1, 200, 1, 2, 3], vec![2, 1]] {
                    self.send(peer, Class::Sync, bytes);
                }
            }
            Attack::NewerAct => {
                let segment = self.replica.ledger().forge_newer_act();
                self.give(peer, vec![segment.to_bytes()]);
            }
            Attack::FloodHellos => {
                self.peers.greet_again(peer);
                self.greet(peer);
            }
            Attack::Giant => self.give(peer, vec![vec![0; 64 << 10]; 8]),
            Attack::Replay => {
                let log: Vec<_> =
                    self.replica.ledger().log().iter().map(|held| held.bytes.to_vec()).collect();
                log.chunks(64).for_each(|part| self.give(peer, part.to_vec()));
            }
            _ => {}
        }
    }

    /// An edit for all, whatever they acknowledged.
    fn flood(&mut self, peers: &[SeatId], text: &str) {
        peers.iter().for_each(|peer| self.sync.confirmed(*peer, u64::MAX));
        // One's own view would only slow it down.
        let _ = self.scribble("file/flood", text);
    }

    /// Writes in a document of a newer version.
    fn write_newer(&mut self) {
        let update =
            Document::new(DocKind::Code, self.me.seat.client()).edit(CODE_FILE, 0, 0, "newer");
        // Refused or not, it goes on.
        let epoch = self.own_epoch();
        let _ = self.replica.ledger_mut().write(&newer_document(), epoch, &update);
        self.replica.ledger_mut().flush();
        self.replica.flush_if_due(self.now.elapsed);
        self.settle();
    }

    /// An edit past one's own checks.
    fn scribble(&mut self, root: &str, text: &str) -> Option<Vec<u8>> {
        let update = self.replica.document(&DocName::Code)?.edit(root, 0, 0, text);
        // Refused or not, it goes on.
        let epoch = self.own_epoch();
        let _ = self.replica.ledger_mut().write(&DocName::Code, epoch, &update);
        self.replica.ledger_mut().flush();
        self.replica.flush_if_due(self.now.elapsed);
        self.settle();
        Some(update)
    }

    /// The same for one's own view, too.
    fn vandalize(&mut self, text: &str) {
        if let Some(update) = self.scribble(CODE_FILE, text) {
            self.emit(Event::Update { name: DocName::Code, update });
        }
    }

    /// A forged entry of one's own, `ahead` of what one has written.
    fn forged(&mut self, peer: SeatId, deps: Vec<Head>, ahead: u64, later: u64, body: Body) {
        let segment = self.replica.ledger().forge(deps, ahead, later, [body]);
        self.give(peer, vec![segment.to_bytes()]);
    }

    fn own_epoch(&self) -> EpochId {
        self.replica.epoch().unwrap_or(EpochId([0; 8]))
    }

    /// The claim of somebody with a link that they made themselves.
    fn made_up_claim(&self, number: u64) -> Signed<Claim> {
        let seed = *blake3::hash(&number.to_le_bytes()).as_bytes();
        let (room, key) = (self.me.room, SigningKey::from_bytes(&seed));
        let audience = key.verifying_key().to_bytes();
        let chain = Chain::root(room, &key, Grant { audience, terms: Terms::new(Role::Owner) });
        claim(room, &DeviceSecret::new(seed).member(room), chain, &key)
    }

    fn noise(&self, number: u64) -> Body {
        Body::Document {
            name: DocName::Code,
            epoch: self.own_epoch(),
            sealed: number.to_le_bytes().to_vec(),
        }
    }

    /// An update under some client id, sealed as one's own entry `ahead` of the last.
    fn sealed(&self, client: ClientId, text: &str, ahead: u64) -> Body {
        let update = Document::new(DocKind::Code, client).edit(CODE_FILE, 0, 0, text);
        self.sealed_as(ahead, &update)
    }

    /// Several that follow each other.
    fn sealed_all(&self, client: ClientId, text: &str, ahead: RangeInclusive<u64>) -> Vec<Body> {
        let mut document = Document::new(DocKind::Code, client);
        let edits = ahead.map(|ahead| (ahead, document.edit(CODE_FILE, 0, 0, text)));
        edits.map(|(ahead, update)| self.sealed_as(ahead, &update)).collect()
    }

    fn sealed_as(&self, ahead: u64, update: &[u8]) -> Body {
        let (name, epoch) = (DocName::Code, self.own_epoch());
        let sealed = self.replica.ledger().seal_ahead(&name, epoch, ahead, update);
        Body::Document { name, epoch, sealed }
    }

    fn give(&mut self, peer: SeatId, segments: Vec<Vec<u8>>) {
        self.send(peer, Class::Sync, Message::Segments(segments).to_bytes());
    }

    fn speak(&mut self, peer: SeatId, topic: &str, number: u64) {
        let topic = Topic::new(DocName::Code, topic);
        let say = topic.and_then(|topic| Say::new(topic, number.to_le_bytes().to_vec()));
        if let Some(say) = say {
            self.send(peer, Class::Live, Live::Say(say).to_bytes());
        }
    }
}

/// A document that no version knows yet.
fn newer_document() -> DocName {
    NewerName::new(200, 0, b"plan").map_or(DocName::Chat, DocName::Newer)
}

/// Letters that can't be made smaller.
fn babble(number: u64, length: usize) -> String {
    let mut bytes = vec![0; length];
    blake3::Hasher::new().update(&number.to_le_bytes()).finalize_xof().fill(&mut bytes);
    bytes.iter().map(|byte| char::from(b'a' + byte % 14)).collect()
}
