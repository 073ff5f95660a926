//! What two peers say to each other on `/covey/sync/1`.
//!
//! ```text
//!   hello:    version 1 │ 0 │ room │ installation │ own first segment │ own claim, or none │ heads
//!   segments: version 1 │ 1 │ segment…             in causal order, within the window
//!   ack:      version 1 │ 2 │ bytes taken so far │ heads the disk has
//!   refusal:  version 1 │ 3 │ reason
//!   goodbye:  version 1 │ 4
//!   forward:  version 1 │ 5 │ seats                 the whole of the list, each time
//! ```

use crate::frame::{DecodeError, Reader, Wire, Writer};
use crate::id::{RoomId, SeatId};
use crate::identity::Signed;
use crate::limits;
use crate::roster::Claim;

const VERSION: u8 = 1;

/// A person's random mark of one browser profile: a second tab of it is no second copy.
pub type Installation = [u8; 16];

/// Why a peer wants nothing to do with us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Not this room.
    Room = 0,
    /// No valid right to be here, or not any more.
    Right = 1,
}

/// A message between two peers of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// The first message in each direction.
    Hello {
        /// Which room.
        room: RoomId,
        /// Which browser profile.
        installation: Installation,
        /// The sender's first segment: by what right it is here.
        entrance: Vec<u8>,
        /// The link it came by, for whoever has not heard of its admission.
        claim: Option<Box<Signed<Claim>>>,
        /// What the sender has of each seat.
        heads: Vec<(SeatId, u64)>,
    },
    /// Encoded segments, each after what it builds on.
    Segments(Vec<Vec<u8>>),
    /// What arrived.
    Ack {
        /// Bytes of segments taken since the hello: opens the sender's window.
        taken: u64,
        /// What is safely stored, where that changed.
        stored: Vec<(SeatId, u64)>,
    },
    /// The end: nothing will be answered.
    Refused(Refusal),
    /// The page is being closed; everything before this was sent.
    Goodbye,
    /// Seats the sender does not hear itself: what they write is to be handed on at once.
    Forward(Vec<SeatId>),
}

fn write_heads(w: &mut Writer, heads: &[(SeatId, u64)]) {
    w.varint(heads.len() as u64);
    for (seat, seq) in heads {
        w.put(seat).varint(*seq);
    }
}

fn read_heads(r: &mut Reader<'_>) -> Result<Vec<(SeatId, u64)>, DecodeError> {
    let mut heads = Vec::new();
    for _ in 0..r.count(limits::SEATS)? {
        heads.push((r.take()?, r.varint()?));
    }
    Ok(heads)
}

impl Wire for Message {
    fn write(&self, w: &mut Writer) {
        w.u8(VERSION);
        match self {
            Message::Hello { room, installation, entrance, claim, heads } => {
                w.u8(0).put(room).raw(installation).bytes(entrance);
                match claim {
                    None => w.u8(0),
                    Some(claim) => w.u8(1).put(claim.as_ref()),
                };
                write_heads(w, heads);
            }
            Message::Segments(segments) => {
                w.u8(1).varint(segments.len() as u64);
                for segment in segments {
                    w.bytes(segment);
                }
            }
            Message::Ack { taken, stored } => {
                w.u8(2).varint(*taken);
                write_heads(w, stored);
            }
            Message::Refused(refusal) => {
                w.u8(3).u8(*refusal as u8);
            }
            Message::Goodbye => {
                w.u8(4);
            }
            Message::Forward(seats) => {
                w.u8(5).varint(seats.len() as u64);
                for seat in seats {
                    w.put(seat);
                }
            }
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if r.u8()? != VERSION {
            return Err(DecodeError::Unknown);
        }
        Ok(match r.u8()? {
            0 => Message::Hello {
                room: r.take()?,
                installation: r.array()?,
                entrance: r.bytes(limits::ENTRANCE)?.to_vec(),
                claim: match r.u8()? {
                    0 => None,
                    1 => Some(Box::new(r.take()?)),
                    _ => return Err(DecodeError::Unknown),
                },
                heads: read_heads(r)?,
            },
            1 => {
                let mut segments = Vec::new();
                for _ in 0..r.count(limits::SEGMENTS)? {
                    segments.push(r.bytes(limits::SYNC_MESSAGE)?.to_vec());
                }
                Message::Segments(segments)
            }
            2 => Message::Ack { taken: r.varint()?, stored: read_heads(r)? },
            3 => Message::Refused(match r.u8()? {
                0 => Refusal::Room,
                1 => Refusal::Right,
                _ => return Err(DecodeError::Unknown),
            }),
            4 => Message::Goodbye,
            5 => {
                let count = r.count(limits::FORWARDED)?;
                Message::Forward((0..count).map(|_| r.take()).collect::<Result<_, _>>()?)
            }
            _ => return Err(DecodeError::Unknown),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ME: SeatId = SeatId([1; 32]);
    const YOU: SeatId = SeatId([2; 32]);

    #[test]
    fn messages_have_the_golden_form() {
        let hello = Message::Hello {
            room: RoomId([5; 32]),
            installation: [6; 16],
            entrance: vec![1, 2, 3],
            claim: None,
            heads: vec![(ME, 1), (YOU, 300)],
        };
        crate::golden::check("sync-hello.hex", &hello.to_bytes());
        let ack = Message::Ack { taken: 1000, stored: vec![(ME, 2)] };
        crate::golden::check("sync-ack.hex", &ack.to_bytes());
        let segments = Message::Segments(vec![vec![9; 3], vec![8; 2]]);
        crate::golden::check("sync-segments.hex", &segments.to_bytes());
        let forward = Message::Forward(vec![ME, YOU]);
        crate::golden::check("sync-forward.hex", &forward.to_bytes());
        let last = Message::Refused(Refusal::Right);
        for message in [hello, ack, segments, forward, last, Message::Goodbye] {
            assert_eq!(Message::from_bytes(&message.to_bytes()), Ok(message));
        }
    }

    proptest! {
        #[test]
        fn hostile_bytes_are_only_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(message) = Message::from_bytes(&bytes) {
                prop_assert_eq!(message.to_bytes(), bytes);
            }
        }
    }
}
