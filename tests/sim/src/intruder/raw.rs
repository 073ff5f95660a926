//! Messages that any connected seat can send: words that are not true, floods, what others wrote and what
//! they did not.

use covey_rooms::capability::{Chain, Grant, Role, Terms};
use covey_rooms::documents::{DocKind, Document};
use covey_rooms::identity::{Author, DeviceSecret, SeatKey, Signed};
use covey_rooms::ledger::{Body, Entry, Segment};
use covey_rooms::live::{self, Here, Say, Topic};
use covey_rooms::roster::{Claim, Genesis, Right, RosterAct, claim};
use covey_rooms::seal::Position;
use covey_rooms::sync::{Message, Refusal};
use covey_wire::frame::Wire;
use covey_wire::id::{DocName, Hash, Head, SeatId, ShortHash};
use covey_wire::net::Class;

use super::{Intruder, Kind, Mail};
use crate::rng::Rng;

/// Bytes of what waits for ever, in one flood: within the window of a peer.
const FLOOD: usize = 200 << 10;
/// Words of one kind in one flood.
const WORDS: u64 = 20;

impl Intruder {
    /// Something that no honest page sends.
    pub fn pester(&mut self, rng: &mut Rng) -> Vec<Mail> {
        let to = self.some(rng);
        let shut_out = !matches!(self.kind, Kind::Member(_) | Kind::UsedUp);
        let each = |message: Message| -> Vec<Mail> {
            let bytes = message.to_bytes();
            to.iter().map(|seat| (*seat, Class::Sync, bytes.clone())).collect()
        };
        match rng.below(13) {
            // A member is believed about what its disk has.
            0 | 1 if shut_out => {
                each(Message::Ack { taken: rng.below(1 << 40), stored: self.made_up_heads(rng) })
            }
            2 => each(Message::Refused(Refusal::Right)),
            3 => each(Message::Segments(vec![self.entrance(rng)])),
            4 => each(Message::Segments(self.forged(rng))),
            5 | 6 => each(Message::Segments(waiting(self, rng))),
            7 => {
                let again = each(Message::Again(self.made_up_heads(rng)));
                (0..WORDS).flat_map(|_| again.clone()).collect()
            }
            8 => to.iter().flat_map(|seat| chatter(*seat, rng)).collect(),
            9 => {
                let garbage = rng.bytes()[..rng.below(32) as usize].to_vec();
                let class = if rng.chance(50) { Class::Sync } else { Class::Live };
                to.iter().map(|seat| (*seat, class, garbage.clone())).collect()
            }
            10 => each(Message::Forward((0..WORDS).map(|_| SeatId(rng.bytes())).collect())),
            11 => {
                let count = rng.between(1, 8) as usize;
                let some = (0..count).filter_map(|_| {
                    let at = rng.below(self.kept.len() as u64) as usize;
                    self.kept.get(at).cloned()
                });
                let some: Vec<_> = some.collect();
                if some.is_empty() { Vec::new() } else { each(Message::Segments(some)) }
            }
            12 if rng.chance(30) => each(Message::Goodbye),
            _ => to.iter().map(|seat| self.greeting(*seat, rng)).collect(),
        }
    }

    /// Heads of everyone it knows, higher than they are, and of seats that nobody has.
    pub(super) fn made_up_heads(&self, rng: &mut Rng) -> Vec<Head> {
        let mut seats: Vec<SeatId> = self.met.keys().copied().collect();
        seats.push(SeatId(rng.bytes()));
        seats.sort();
        let mut hash = ShortHash::default();
        let head = |seat| {
            hash.0.copy_from_slice(&rng.bytes()[..16]);
            let seq = if rng.chance(50) { rng.between(1, 40) } else { 4_000_000_000 };
            Head { seat, seq, hash }
        };
        seats.into_iter().map(head).collect()
    }

    /// The first entry of a seat whose member nobody let in.
    fn entrance(&self, rng: &mut Rng) -> Vec<u8> {
        let member = DeviceSecret::new(rng.bytes()).member(self.room);
        let seat = SeatKey::new(rng.bytes());
        let right = if rng.chance(50) {
            Right::Member
        } else {
            let epoch = self.link.key.epoch(self.room);
            let genesis = Genesis { owner: member.id(), exchange: member.exchange(), epoch };
            Right::Founder(Box::new(Signed::sign(genesis, &self.room.0, member.signer())))
        };
        let act = RosterAct::enter(self.room, &member, seat.id(), right);
        let mut deps = self.ledger.heads();
        deps.truncate(rng.below(4) as usize);
        deps.sort();
        let last = deps.iter().filter_map(|head| self.seen.get(head)).map(|seen| seen.lamport);
        let lamport = last.max().unwrap_or(0) + 1;
        let entry = Entry { lamport, deps, body: Body::Roster(act) };
        let zero = Hash([0; 32]);
        Segment::sign(self.room, seat.signer(), 1, zero, vec![entry.to_bytes()]).to_bytes()
    }

    /// Segments in the name of others, or with a signature that does not hold.
    fn forged(&self, rng: &mut Rng) -> Vec<Vec<u8>> {
        if rng.chance(50)
            && let Some(bytes) = self.in_the_name_of_another(rng)
        {
            return vec![bytes];
        }
        let Some(mut bytes) =
            rng.pick(&(0..self.kept.len()).collect::<Vec<_>>()).map(|at| self.kept[at].clone())
        else {
            let others: Vec<SeatId> = self.met.keys().copied().collect();
            let Some(seat) = rng.pick(&others) else { return Vec::new() };
            let key = SeatKey::new(rng.bytes());
            let entries = vec![noise(rng, 40)];
            let mut segment = Segment::sign(self.room, key.signer(), 1, Hash([0; 32]), entries);
            segment.seat = seat;
            return vec![segment.to_bytes()];
        };
        let Ok(mut segment) = Segment::from_bytes(&bytes) else { return Vec::new() };
        match rng.below(3) {
            0 => segment.entries.push(noise(rng, 40)),
            1 => segment.first += 1,
            _ => {
                if let Some(entry) = segment.entries.first_mut().and_then(|entry| entry.last_mut())
                {
                    *entry ^= 1;
                }
            }
        }
        bytes = segment.to_bytes();
        vec![bytes]
    }

    /// The segment somebody might write next, but for the signature.
    fn in_the_name_of_another(&self, rng: &mut Rng) -> Option<Vec<u8>> {
        let kept = self.kept.iter().filter_map(|bytes| Segment::from_bytes(bytes).ok());
        let heads = self.ledger.heads();
        let last = kept.filter(|segment| segment.seat != self.seat).filter_map(|segment| {
            let hash = segment.hashes(self.room).pop()?;
            let head = Head { seat: segment.seat, seq: segment.last(), hash: hash.short() };
            heads.contains(&head).then_some((head, hash))
        });
        let (head, hash) = rng.pick(&last.collect::<Vec<_>>())?;
        let mut view = Document::new(DocKind::Code, head.seat.client());
        for (_, update) in self.heard.iter().filter(|(name, _)| *name == DocName::Code) {
            // The missing part makes it refused, as it should be anyway.
            let _ = view.apply(update);
        }
        let (name, epoch, seq) = (DocName::Code, self.link.key.epoch(self.room), head.seq + 1);
        let at = Position { room: self.room, epoch, seat: head.seat, seq };
        let update = view.edit("file/forged", 0, 0, "forged");
        let sealed = self.link.key.seal(&at, &name.to_bytes(), &update);
        let body = Body::Document { name, epoch, sealed };
        let entry = Entry { lamport: self.seen.get(&head)?.lamport + 1, deps: Vec::new(), body };
        let entries = vec![entry.to_bytes()];
        let mut segment = Segment::sign(self.room, self.key.signer(), seq, hash, entries);
        segment.seat = head.seat;
        Some(segment.to_bytes())
    }

    /// The claim of somebody with a link of one's own making.
    pub(super) fn made_up_claim(
        &self,
        anchor_is_self: bool,
        rng: &mut Rng,
    ) -> Option<Signed<Claim>> {
        let secret = rng.bytes();
        let key = SeatKey::new(secret);
        let audience = key.id().0;
        let terms = Terms::new(Role::Owner);
        let stranger = SeatKey::new(rng.bytes());
        let anchor = if anchor_is_self { self.member.signer() } else { stranger.signer() };
        let chain = Chain::root(self.room, anchor, Grant { audience, terms });
        let member = DeviceSecret::new(rng.bytes()).member(self.room);
        Some(claim(self.room, &member, chain, key.signer()))
    }
}

/// Segments of made-up seats that build on what nobody has, with what follows them.
fn waiting(by: &Intruder, rng: &mut Rng) -> Vec<Vec<u8>> {
    let (mut all, mut size) = (Vec::new(), 0);
    let most = if rng.chance(30) { FLOOD } else { FLOOD / 20 };
    while size < most {
        let seat = SeatKey::new(rng.bytes());
        let mut hash = Hash(rng.bytes());
        let first = rng.between(1, 3);
        hash = if first == 1 { Hash([0; 32]) } else { hash };
        let nobody = Head { seat: SeatId(rng.bytes()), seq: 7, hash: Hash(rng.bytes()).short() };
        // Or on what an honest seat may write next.
        let next = by.ledger.heads().first().map(|head| Head { seq: head.seq + 1, ..*head });
        let on = next.filter(|_| rng.chance(50)).unwrap_or(nobody);
        for seq in first..first + rng.between(1, 4) {
            let long = rng.between(10, 8_000) as usize;
            let name = DocName::Code;
            let epoch = by.link.key.epoch(by.room);
            let body = Body::Document { name, epoch, sealed: vec![seq as u8; long] };
            let deps = if seq == first { vec![on] } else { Vec::new() };
            let entry = Entry { lamport: 100 + seq, deps, body }.to_bytes();
            let segment = Segment::sign(by.room, seat.signer(), seq, hash, vec![entry]);
            hash = segment.hashes(by.room).pop().unwrap_or(hash);
            let bytes = segment.to_bytes();
            size += bytes.len();
            all.push(bytes);
        }
    }
    all
}

fn noise(rng: &mut Rng, length: usize) -> Vec<u8> {
    rng.bytes().into_iter().cycle().take(length).collect()
}

/// A live message: a name, a caret, words about a document.
fn chatter(to: SeatId, rng: &mut Rng) -> Vec<Mail> {
    let here = Here { name: format!("Stranger {}", rng.below(100)), color: 3, caret: None };
    let topic = Topic::new(DocName::Code, "view");
    let say = topic.and_then(|topic| Say::new(topic, vec![7; 9]));
    let all = [Some(live::Message::Here(here)), say.map(live::Message::Say)];
    all.into_iter().flatten().map(|live| (to, Class::Live, live.to_bytes())).collect()
}
