//! What two peers say to each other on `/covey/sync/1`.
//!
//! ```text
//!   hello:    version 1 │ 0 │ sealed, see `hello.rs`
//!   segments: version 1 │ 1 │ segment…             in causal order, within the window
//!   ack:      version 1 │ 2 │ bytes taken so far │ heads the disk has
//!   refusal:  version 1 │ 3 │ reason
//!   goodbye:  version 1 │ 4
//!   forward:  version 1 │ 5 │ seats                 the whole of the list, each time
//!   again:    version 1 │ 6 │ heads                 all that the sender has: send the rest once more
//! ```

use covey_wire::frame::{DecodeError, Reader, Wire, Writer};
use covey_wire::id::{Head, SeatId};
use covey_wire::limits;

const VERSION: u8 = 1;

/// A person's random mark of one browser profile: a second tab of it is no second copy.
pub type Installation = [u8; 16];

/// Why a peer wants nothing to do with us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No valid right to be here, or not any more.
    Right = 1,
}

/// A message between two peers of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// The first message in each direction: a sealed [`super::Hello`].
    Hello(Vec<u8>),
    /// Encoded segments, each after what it builds on.
    Segments(Vec<Vec<u8>>),
    /// What arrived.
    Ack {
        /// Bytes of segments taken since the hello: opens the sender's window.
        taken: u64,
        /// What is safely stored, where that changed.
        stored: Vec<Head>,
    },
    /// The end: nothing will be answered.
    Refused(Refusal),
    /// The page is being closed; everything before this was sent.
    Goodbye,
    /// Seats the sender does not hear itself: what they write is to be handed on at once.
    Forward(Vec<SeatId>),
    /// The sender's heads: something was refused for want of room, and there is room.
    Again(Vec<Head>),
}

impl Wire for Message {
    fn write(&self, w: &mut Writer) {
        w.u8(VERSION);
        match self {
            Message::Hello(sealed) => {
                w.u8(0).bytes(sealed);
            }
            Message::Segments(segments) => {
                w.u8(1).varint(segments.len() as u64);
                for segment in segments {
                    w.bytes(segment);
                }
            }
            Message::Ack { taken, stored } => {
                w.u8(2).varint(*taken).list(stored);
            }
            Message::Again(heads) => {
                w.u8(6).list(heads);
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
        r.version(VERSION)?;
        Ok(match r.u8()? {
            0 => Message::Hello(r.bytes(limits::SYNC_MESSAGE)?.to_vec()),
            1 => {
                let mut segments = Vec::new();
                for _ in 0..r.count(limits::SEGMENTS)? {
                    segments.push(r.bytes(limits::SYNC_MESSAGE)?.to_vec());
                }
                Message::Segments(segments)
            }
            2 => Message::Ack { taken: r.varint()?, stored: r.list(limits::SEATS)? },
            3 => Message::Refused(match r.u8()? {
                1 => Refusal::Right,
                _ => return Err(DecodeError::Unknown),
            }),
            4 => Message::Goodbye,
            5 => {
                let count = r.count(limits::FORWARDED)?;
                Message::Forward((0..count).map(|_| r.take()).collect::<Result<_, _>>()?)
            }
            6 => Message::Again(r.list(limits::SEATS)?),
            _ => return Err(DecodeError::Unknown),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use covey_wire::id::ShortHash;
    use proptest::prelude::*;

    const ME: SeatId = SeatId([1; 32]);
    const YOU: SeatId = SeatId([2; 32]);

    #[test]
    fn messages_have_the_golden_form() {
        let hello = Message::Hello(vec![7; 5]);
        crate::golden::check("sync-hello.hex", &hello.to_bytes());
        let head = |seat, seq| Head { seat, seq, hash: ShortHash([4; 16]) };
        let ack = Message::Ack { taken: 1000, stored: vec![head(ME, 2)] };
        crate::golden::check("sync-ack.hex", &ack.to_bytes());
        let again = Message::Again(vec![head(ME, 1), head(YOU, 300)]);
        crate::golden::check("sync-again.hex", &again.to_bytes());
        let segments = Message::Segments(vec![vec![9; 3], vec![8; 2]]);
        crate::golden::check("sync-segments.hex", &segments.to_bytes());
        let forward = Message::Forward(vec![ME, YOU]);
        crate::golden::check("sync-forward.hex", &forward.to_bytes());
        let last = Message::Refused(Refusal::Right);
        for message in [hello, ack, again, segments, forward, last, Message::Goodbye] {
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
