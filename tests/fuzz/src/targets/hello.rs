//! The sealed first words: sealed again whatever they say, and altered behind the seal.

use covey_rooms::identity::Signed;
use covey_rooms::roster::{Certificate, Claim};
use covey_rooms::seal::{pair_key, seal_words};
use covey_rooms::sync::{Between, Hello, VERSION};
use covey_wire::frame::{Wire, Writer};
use covey_wire::id::{Head, SeatId};
use covey_wire::limits;

use super::sync::heads;
use crate::forge::{self, Person, honest_claim, room};
use crate::memory;
use crate::mutation::mutate;
use crate::rng::Rng;

const OUTER: &str = "covey/v1/hello";
const INNER: &str = "covey/v1/heads";

/// One case.
pub fn case(seed: u64) {
    let rng = &mut Rng::new(seed);
    let between =
        Between { room: room().id, from: Person::Mallory.seat().id(), to: SeatId([40; 32]) };
    if rng.one_in(3) {
        return altered(rng, &between);
    }
    let sealed = sealed(rng, &between);
    if let Some(hello) = open(&between, &sealed) {
        assert!(hello.claims.len() <= limits::CLAIMS, "too many links");
        assert!(hello.heads.len() <= limits::SEATS, "too many heads");
        assert!(hello.seal(&forge::key(), &between) == sealed, "words have two forms");
        let elsewhere = Between { from: between.to, to: between.from, ..between };
        assert_eq!(open(&elsewhere, &sealed), None, "words come back");
    }
}

/// Nothing opens that was changed behind the seal.
fn altered(rng: &mut Rng, between: &Between) {
    let (hello, mut sealed) = honest(rng, between);
    let before = sealed.clone();
    if !rng.one_in(8) {
        mutate(rng, &mut sealed, &room().log[0]);
    }
    let opened = open(between, &sealed);
    assert_eq!(opened, (sealed == before).then_some(hello), "altered words open, or honest don't");
}

fn honest(rng: &mut Rng, between: &Between) -> (Hello, Vec<u8>) {
    let mut heads = heads(rng, 9);
    heads.retain(|head| Head::from_bytes(&head.to_bytes()).is_ok());
    let (installation, certificate) = ([5; 16], certificate(rng, between));
    let (version, features) = (VERSION, rng.edge());
    let claims = claims(rng);
    let hello = Hello { version, features, installation, certificate, claims, heads };
    let sealed = hello.seal(&forge::key(), between);
    (hello, sealed)
}

fn certificate(rng: &mut Rng, between: &Between) -> Signed<Certificate> {
    let whose = if rng.one_in(6) { Person::Vera } else { Person::Mallory };
    let seat = if rng.one_in(6) { SeatId(rng.array()) } else { between.from };
    Certificate::sign(room().id, &whose.member(), seat)
}

fn claims(rng: &mut Rng) -> Vec<Signed<Claim>> {
    let people = [Person::Ben, Person::Vera, Person::Mallory];
    (0..rng.below(limits::CLAIMS + 1)).map(|_| honest_claim(*rng.pick(&people))).collect()
}

/// First words with good seals, inner and outer, whatever is in them.
pub fn sealed(rng: &mut Rng, between: &Between) -> Vec<u8> {
    let Between { room, from, to } = *between;
    let (key, mut inner) = (forge::key(), Writer::new());
    inner.list(&heads(rng, 12));
    let mut inner = inner.into_bytes();
    if rng.one_in(3) {
        mutate(rng, &mut inner, &[0xff; 6]);
    }
    let mut inner = seal_words(&key.pair_key(INNER, room, from, to), &inner);
    if rng.one_in(12) {
        mutate(rng, &mut inner, &[0; 24]);
    }
    let mut w = Writer::new();
    w.raw(&[5; 16]).put(&certificate(rng, between));
    let mut all = claims(rng);
    if rng.one_in(12) {
        all.extend(vec![honest_claim(Person::Ben); limits::CLAIMS]);
    }
    w.list(&all).bytes(&inner);
    let mut words = w.into_bytes();
    if rng.one_in(3) {
        let other = honest_claim(Person::Mallory).to_bytes();
        mutate(rng, &mut words, &other);
    }
    seal_words(&pair_key(OUTER, &key.discovery(room), room, from, to), &words)
}

fn open(between: &Between, sealed: &[u8]) -> Option<Hello> {
    memory::bounded(sealed, |sealed| Hello::open(&forge::key(), between, sealed))
}
