//! The first words between two peers: who one is, by what right one is here, and what one has.
//!
//! ```text
//!   hello = sealed with the discovery secret:
//!           version │ features │ installation │ certificate │ list of bytes claim │ bytes heads │ …
//!   heads = sealed with the content key: list of heads
//! ```
//! Both keys are made for the two seats and this direction. The connection proves the seats, and a seat is
//! as old as its page: so whoever opens a hello knows that it was made for it, by somebody who holds a link,
//! and no word went to anybody else. Heads are only for whoever can read what they name.

use super::Installation;
use crate::identity::Signed;
use crate::roster::{Certificate, Claim};
use crate::seal::{ContentKey, open_words, pair_key, seal_words};
use covey_wire::frame::{DecodeError, Reader, Wire, Writer};
use covey_wire::id::{Head, RoomId, SeatId};
use covey_wire::limits;

const HELLO: &str = "covey/v1/hello";
const HEADS: &str = "covey/v1/heads";

/// Which words a page knows: one more with each document, act, message or tool that is added.
pub const VERSION: u64 = 1;
/// The features of this version, as bits; so far there are none.
pub const FEATURES: u64 = 0;

/// The two seats and their room.
#[derive(Debug, Clone, Copy)]
pub struct Between {
    /// The room.
    pub room: RoomId,
    /// The seat that says it.
    pub from: SeatId,
    /// The seat it is said to.
    pub to: SeatId,
}

/// The first words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hello {
    /// Which words it knows.
    pub version: u64,
    /// Its features, as bits: those of newer versions say nothing here.
    pub features: u64,
    /// Which browser profile.
    pub installation: Installation,
    /// The member's word for the seat.
    pub certificate: Signed<Certificate>,
    /// The links its member came by, for whoever does not know that it was admitted.
    pub claims: Vec<Signed<Claim>>,
    /// The last entry it has of each seat.
    pub heads: Vec<Head>,
}

impl Hello {
    /// The words as they go over the wire.
    pub fn seal(&self, key: &ContentKey, between: &Between) -> Vec<u8> {
        let Between { room, from, to } = *between;
        let mut heads = Writer::new();
        heads.list(&self.heads);
        let inner = key.pair_key(HEADS, room, from, to);
        let mut w = Writer::new();
        w.varint(self.version).varint(self.features);
        w.raw(&self.installation).put(&self.certificate).varint(self.claims.len() as u64);
        for claim in &self.claims {
            w.bytes(&claim.to_bytes());
        }
        w.bytes(&seal_words(&inner, &heads.into_bytes()));
        let outer = pair_key(HELLO, &key.discovery(room), room, from, to);
        seal_words(&outer, &w.into_bytes())
    }

    /// The words of a peer that holds a link of this epoch; nothing if they were not said to us.
    pub fn open(key: &ContentKey, between: &Between, sealed: &[u8]) -> Option<Self> {
        let Between { room, from, to } = *between;
        let outer = pair_key(HELLO, &key.discovery(room), room, from, to);
        let words = open_words(&outer, sealed).ok()?;
        let inner = key.pair_key(HEADS, room, from, to);
        Self::read(&words, &inner).ok()
    }

    fn read(words: &[u8], inner: &[u8; 32]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(words);
        let (version, features) = (r.varint()?, r.varint()?);
        let (installation, certificate) = (r.array()?, r.take()?);
        let mut claims = Vec::new();
        for _ in 0..r.count(limits::CLAIMS)? {
            // Of a claim with terms that only a newer version knows nothing follows here.
            match Signed::from_bytes(r.bytes(limits::SYNC_MESSAGE)?) {
                Err(DecodeError::Unknown) => {}
                claim => claims.push(claim?),
            }
        }
        let heads = open_words(inner, r.bytes(limits::SYNC_MESSAGE)?);
        if version == VERSION {
            r.finish()?;
        }
        let heads = heads.map_err(|_| DecodeError::Invalid)?;
        let mut r = Reader::new(&heads);
        let heads = r.list(limits::SEATS)?;
        r.finish()?;
        Ok(Self { version, features, installation, certificate, claims, heads })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::DeviceSecret;
    use covey_wire::id::ShortHash;

    const ROOM: RoomId = RoomId([5; 32]);
    const FROM: SeatId = SeatId([1; 32]);
    const TO: SeatId = SeatId([2; 32]);

    fn hello() -> Hello {
        let member = DeviceSecret::new([4; 32]).member(ROOM);
        let heads = vec![Head { seat: FROM, seq: 300, hash: ShortHash([7; 16]) }];
        let certificate = Certificate::sign(ROOM, &member, FROM);
        let (version, features) = (VERSION, FEATURES);
        Hello { version, features, installation: [6; 16], certificate, claims: Vec::new(), heads }
    }

    #[test]
    fn a_hello_opens_for_whom_it_was_made_and_nobody_else() {
        let key = ContentKey::new([9; 32]);
        let between = Between { room: ROOM, from: FROM, to: TO };
        let sealed = hello().seal(&key, &between);
        assert_eq!(Hello::open(&key, &between, &sealed), Some(hello()));
        let elsewhere = [
            Between { to: SeatId([3; 32]), ..between },
            Between { from: SeatId([3; 32]), ..between },
            Between { room: RoomId([3; 32]), ..between },
            Between { from: TO, to: FROM, room: ROOM },
        ];
        for other in elsewhere {
            assert_eq!(Hello::open(&key, &other, &sealed), None, "{other:?}");
        }
        assert_eq!(Hello::open(&ContentKey::new([8; 32]), &between, &sealed), None);
        let mut changed = sealed.clone();
        changed[40] ^= 1;
        assert_eq!(Hello::open(&key, &between, &changed), None);
    }

    #[test]
    fn so_many_heads_are_heard_and_no_more() {
        let (key, between) = (ContentKey::new([9; 32]), Between { room: ROOM, from: FROM, to: TO });
        for (count, opens) in [(limits::SEATS, true), (limits::SEATS + 1, false)] {
            let heads = vec![hello().heads[0]; count];
            let sealed = Hello { heads, ..hello() }.seal(&key, &between);
            assert_eq!(Hello::open(&key, &between, &sealed).is_some(), opens);
        }
    }

    #[test]
    fn a_hello_has_the_golden_form() {
        let between = Between { room: ROOM, from: FROM, to: TO };
        let sealed = hello().seal(&ContentKey::new([9; 32]), &between);
        crate::golden::check("hello.hex", &sealed);
    }
}
