//! Histories that a member signs by hand, as many as it likes.

use std::collections::BTreeSet;

use covey_rooms::capability::{Role, Terms};
use covey_rooms::documents::{Any, DocKind, Document};
use covey_rooms::identity::{Author, DeviceSecret, Signed};
use covey_rooms::ledger::{Body, Entry, Offer, Segment};
use covey_rooms::roster::{Claim, Right, RosterAct, claim};
use covey_rooms::seal::Position;
use covey_rooms::sync::Message;
use covey_wire::frame::Wire;
use covey_wire::id::{DocName, Hash, Head, SeatId, ShortHash};
use covey_wire::net::Class;

use super::{Intruder, Mail, Seen};
use crate::rng::Rng;

const FILE: &str = "file/main";

/// The end of one history.
#[derive(Clone)]
pub struct Place {
    head: Head,
    hash: Hash,
    lamport: u64,
    /// The words written on the way.
    updates: Vec<(DocName, Vec<u8>)>,
    /// All segments on the way.
    segments: Vec<Vec<u8>>,
    /// Whether its author's own log took it.
    sound: bool,
}

/// The content of the next entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Enter,
    Text,
    Bulk,
    Erase,
    Draw,
    Admit,
    Bad(u64),
}

/// The outcome of a step: the mail, and letters of others that it deletes.
#[derive(Default)]
pub struct Wrote {
    pub mail: Vec<Mail>,
    pub erased: Vec<char>,
    /// For the trace: what one's own log says of each segment.
    pub notes: Vec<String>,
}

impl Intruder {
    /// Writes: goes on, or begins another history, and shows it to some.
    pub fn write(&mut self, rng: &mut Rng) -> Wrote {
        let mut wrote = Wrote::default();
        if self.admitted.is_none() {
            return wrote;
        }
        let forks = !self.places.is_empty() && rng.chance(25);
        if !forks {
            let base = self.base(rng);
            self.extend(base, self.to_all(rng), &mut wrote, rng);
            return wrote;
        }
        // Several from one place, each for others.
        let base = match rng.below(4) {
            0 => None,
            _ => rng.pick(&(0..self.places.len()).collect::<Vec<_>>()),
        };
        let all: Vec<SeatId> = self.met.keys().copied().collect();
        let count = rng.between(1, 3);
        for part in 0..count {
            let to = all.iter().zip(0..).filter(|(_, n)| n % count == part);
            let to: Vec<SeatId> = to.map(|(seat, _)| *seat).collect();
            self.extend(base, to, &mut wrote, rng);
        }
        wrote
    }

    fn to_all(&self, rng: &mut Rng) -> Vec<SeatId> {
        if rng.chance(50) { self.met.keys().copied().collect() } else { self.some(rng) }
    }

    /// Mostly the newest place that is sound.
    fn base(&self, rng: &mut Rng) -> Option<usize> {
        if rng.chance(5) {
            return rng.pick(&(0..self.places.len()).collect::<Vec<_>>());
        }
        self.places.iter().rposition(|place| place.sound)
    }

    fn extend(&mut self, base: Option<usize>, to: Vec<SeatId>, wrote: &mut Wrote, rng: &mut Rng) {
        let start = base.and_then(|base| self.places.get(base)).cloned();
        let mut place = start.unwrap_or(Place {
            head: Head { seat: self.seat, seq: 0, hash: ShortHash::default() },
            hash: Hash([0; 32]),
            lamport: 0,
            updates: Vec::new(),
            segments: Vec::new(),
            sound: true,
        });
        let (first, before) = (place.head.seq + 1, place.hash);
        let (mut entries, mut inner) = (Vec::new(), Vec::new());
        for _ in 0..rng.between(1, 3) {
            let word = if place.head.seq == 0 && !rng.chance(2) {
                Word::Enter
            } else {
                match rng.below(20) {
                    0..10 => Word::Text,
                    10 => Word::Bulk,
                    11 | 12 => Word::Erase,
                    13 | 14 => Word::Draw,
                    15..18 => Word::Admit,
                    _ => Word::Bad(rng.below(7)),
                }
            };
            let Some(entry) = self.entry(&mut place, word, wrote, rng) else { continue };
            let bytes = entry.to_bytes();
            let seq = place.head.seq + 1;
            let segment =
                Segment::sign(self.room, self.key.signer(), seq, place.hash, vec![bytes.clone()]);
            place.hash = segment.hashes(self.room).pop().unwrap_or(place.hash);
            let mut all = entry.deps.clone();
            if seq > 1 {
                all.push(place.head);
            }
            place.head = Head { seat: self.seat, seq, hash: place.hash.short() };
            place.lamport = entry.lamport;
            self.seen.insert(place.head, Seen { lamport: entry.lamport, before: all });
            entries.push(bytes);
            // Another history may begin behind any entry.
            let mut inside = place.clone();
            let part = Segment::sign(self.room, self.key.signer(), first, before, entries.clone());
            inside.segments.push(part.to_bytes());
            inner.push(inside);
        }
        if entries.is_empty() {
            return;
        }
        let segment = Segment::sign(self.room, self.key.signer(), first, before, entries);
        let bytes = segment.to_bytes();
        place.segments.push(bytes.clone());
        let offer = self.take(&bytes);
        place.sound = matches!(offer, Offer::Accepted(_));
        wrote.notes.push(format!("{} {offer:?} to {}", place.head.seq, to.len()));
        for seat in to {
            let Some(met) = self.met.get_mut(&seat) else { continue };
            let new = place.segments.iter().filter(|segment| {
                let signature = segment[segment.len().saturating_sub(64)..].to_vec();
                met.shown.insert(signature)
            });
            // Sometimes without what it builds on.
            let mut new: Vec<Vec<u8>> = new.cloned().collect();
            if new.len() > 1 && rng.chance(10) {
                new.remove(0);
            }
            if !new.is_empty() {
                wrote.mail.push((seat, Class::Sync, Message::Segments(new).to_bytes()));
            }
        }
        inner.pop();
        inner.iter_mut().for_each(|inside| inside.sound = place.sound);
        self.places.extend(inner);
        self.places.push(place);
    }

    /// Everything before an entry.
    fn past(&self, head: Head) -> BTreeSet<Head> {
        let (mut past, mut open) = (BTreeSet::new(), vec![head]);
        while let Some(head) = open.pop() {
            if past.insert(head) {
                open.extend(
                    self.seen.get(&head).into_iter().flat_map(|seen| &seen.before).copied(),
                );
            }
        }
        past
    }

    /// The causes that the next entry has to name to build on all that was heard, and its lamport.
    fn causes(&self, place: &Place) -> (Vec<Head>, u64) {
        let past = if place.head.seq > 0 { self.past(place.head) } else { BTreeSet::new() };
        let news = self.ledger.heads().into_iter();
        let mut deps: Vec<Head> = news
            .filter(|head| head.seat != self.seat && self.seen.contains_key(head))
            .filter(|head| !past.contains(head))
            .collect();
        deps.sort();
        let lamports = deps.iter().filter_map(|head| self.seen.get(head)).map(|seen| seen.lamport);
        let lamport = lamports.max().unwrap_or(0).max(place.lamport) + 1;
        (deps, lamport)
    }

    fn entry(
        &mut self,
        place: &mut Place,
        word: Word,
        wrote: &mut Wrote,
        rng: &mut Rng,
    ) -> Option<Entry> {
        let (mut deps, mut lamport) = self.causes(place);
        let body = match word {
            Word::Enter => {
                if rng.chance(50) {
                    // Two first entries of a seat differ in what they build on.
                    let admit = self.admitted?;
                    deps = vec![admit];
                    lamport = self.seen.get(&admit)?.lamport + 1;
                }
                let right = Right::Member;
                Body::Roster(RosterAct::enter(self.room, &self.member, self.seat, right))
            }
            Word::Text | Word::Bulk | Word::Erase => self.text(place, word, wrote, rng),
            Word::Draw => {
                let mut board = self.view(place, &DocName::Board);
                let key = format!("i{}", rng.below(8));
                let update = board.set("page/p9", &key, Some(Any::from("drawn")));
                place.updates.push((DocName::Board, update.clone()));
                self.seal(place, DocName::Board, &update)
            }
            Word::Admit => Body::Roster(RosterAct::Admit(Box::new(self.admits(rng)?))),
            Word::Bad(0) => {
                lamport += rng.between(1, 1_000);
                self.text(place, Word::Text, wrote, rng)
            }
            Word::Bad(1) => {
                let (name, epoch) = (DocName::Code, self.link.key.epoch(self.room));
                Body::Document { name, epoch, sealed: rng.bytes().to_vec() }
            }
            Word::Bad(2) => {
                let right = Right::Member;
                let act = RosterAct::enter(self.room, &self.member, self.seat, right);
                if place.head.seq == 0 {
                    lamport += 1;
                }
                Body::Roster(act)
            }
            Word::Bad(3) => {
                // The same number, another hash: nobody has it.
                let at = rng.below(deps.len() as u64) as usize;
                match deps.get_mut(at) {
                    Some(dep) => dep.hash.0.copy_from_slice(&rng.bytes()[..16]),
                    None => lamport += 1,
                }
                self.text(place, Word::Text, wrote, rng)
            }
            Word::Bad(4) => {
                // Under the client id of somebody else.
                let others: Vec<SeatId> = self.met.keys().copied().collect();
                let other = rng.pick(&others).unwrap_or(SeatId([9; 32]));
                let mut code = Document::new(DocKind::Code, other.client());
                let update = code.edit(FILE, 0, 0, "forged");
                self.seal(place, DocName::Code, &update)
            }
            Word::Bad(5) => {
                let own = rng.chance(50);
                Body::Roster(RosterAct::Admit(Box::new(self.made_up_claim(own, rng)?)))
            }
            Word::Bad(_) => {
                // Names what its last entry knows already.
                let past: Vec<Head> = self.past(place.head).into_iter().collect();
                let known = past.into_iter().find(|head| head.seat != self.seat)?;
                deps = vec![known];
                self.text(place, Word::Text, wrote, rng)
            }
        };
        Some(Entry { lamport, deps, body })
    }

    fn seal(&self, place: &Place, name: DocName, update: &[u8]) -> Body {
        let (room, epoch) = (self.room, self.link.key.epoch(self.room));
        let at = Position { room, epoch, seat: self.seat, seq: place.head.seq + 1 };
        let sealed = self.link.key.seal(&at, &name.to_bytes(), update);
        Body::Document { name, epoch, sealed }
    }

    /// A document in this history.
    fn view(&self, place: &Place, name: &DocName) -> Document {
        let kind = DocKind::of(name).unwrap_or(DocKind::Code);
        let mut view = Document::new(kind, self.seat.client());
        for (_, update) in self.heard.iter().chain(&place.updates).filter(|(of, _)| of == name) {
            // An entry that builds on another history of its own is not there.
            let _ = view.apply(update);
        }
        view
    }

    /// Writes in the code, in this history: beside what others wrote, or over it.
    fn text(&self, place: &mut Place, word: Word, wrote: &mut Wrote, rng: &mut Rng) -> Body {
        let mut code = self.view(place, &DocName::Code);
        let before: Vec<char> = code.text(FILE).chars().collect();
        let at = rng.below(before.len() as u64 + 1) as usize;
        let erase = if word == Word::Erase { rng.between(1, 3) as usize } else { 0 };
        wrote.erased.extend(before.iter().skip(at).take(erase));
        let erase = erase.min(before.len() - at) as u32;
        let long =
            if word == Word::Bulk { rng.between(10_000, 120_000) } else { rng.between(1, 9) };
        let insert: String = (0..long).map(|_| char::from(b'A' + rng.below(26) as u8)).collect();
        let update = code.edit(FILE, at as u32, erase, &insert);
        let body = self.seal(place, DocName::Code, &update);
        place.updates.push((DocName::Code, update));
        body
    }

    /// Somebody to let in: who may come in any case, or nobody that there is.
    fn admits(&self, rng: &mut Rng) -> Option<Signed<Claim>> {
        if rng.chance(60)
            && let Some(at) = rng.pick(&(0..self.claims.len()).collect::<Vec<_>>())
        {
            return self.claims.get(at).cloned();
        }
        let uses = rng.chance(50).then_some(2);
        let terms = Terms { uses, ..Terms::new(Role::Viewer) };
        let link = self.link.attenuate(terms, rng.half()).ok()?;
        let member = DeviceSecret::new(rng.bytes()).member(self.room);
        Some(claim(self.room, &member, link.chain.clone(), &link.signer()?))
    }
}
