//! The messages of a call between two peers.
//!
//! ```text
//!   call message = version 1 │ 0 state:       u8 takes part, 0 or 1 │ u8 sends │ varint abilities
//!                            │ 1 description: u64 from │ u64 to │ varint turn │ u8 0 offer, 1 answer │ bytes SDP
//!                            │ 2 candidate:   u64 from │ u64 to │ bytes candidate
//!                            │ 3 ask offer:   u64 from │ u64 to
//!                            │ 4 shown:       varint camera │ varint screen │ u8 pinned
//!                            │ 5 reaction:    text
//!                            │ 6 request:     [32] seat │ u8 0 mute, 1 stop sharing, 2 leave
//! ```
//! `from` and `to` name the peer connections at both ends, each by a number that its side drew. `to` is 0 while the
//! sender does not know the other's. Descriptions (RFC 8866) and candidates (RFC 8839) are the browser's, and opaque.

use covey_wire::frame::{DecodeError, Reader, Wire, Writer};
use covey_wire::id::SeatId;
use covey_wire::limits;

const VERSION: u8 = 1;

/// The things that somebody sends in a call, and the marks beside the name: a set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sends(u8);

impl Sends {
    /// The microphone.
    pub const MICROPHONE: Sends = Sends(1);
    /// The microphone is muted.
    pub const MUTED: Sends = Sends(2);
    /// The camera.
    pub const CAMERA: Sends = Sends(4);
    /// A screen.
    pub const SCREEN: Sends = Sends(8);
    /// The sound of a screen.
    pub const SCREEN_SOUND: Sends = Sends(16);
    /// The hand is raised.
    pub const HAND: Sends = Sends(32);
    /// The call is being recorded.
    pub const RECORDING: Sends = Sends(64);

    const KNOWN: u8 = 127;
    /// Sound and picture of the person.
    const SPEAKS: u8 = 1 | 4;
    const SHARES: u8 = 8 | 16;

    /// The set with these bits. Those of newer versions say nothing here.
    pub fn from_bits(bits: u64) -> Self {
        Self((bits & u64::from(Self::KNOWN)) as u8)
    }

    /// The bits of the set.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Whether something of `other` is in this set.
    pub fn has(self, other: Sends) -> bool {
        self.0 & other.0 != 0
    }

    /// The set without what nobody may send who has only these rights.
    #[must_use]
    pub fn within(self, may: May) -> Self {
        let speaks = if may.speak { 0 } else { Self::SPEAKS };
        let shares = if may.share { 0 } else { Self::SHARES };
        Self(self.0 & !speaks & !shares)
    }
}

/// The rights of somebody in a call. Everybody who is seen in a room may be in its call, and hear and see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct May {
    /// May be heard and seen.
    pub speak: bool,
    /// May share a screen.
    pub share: bool,
}

/// The abilities of a browser: a set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Abilities(u8);

impl Abilities {
    /// It gets nothing any more after a restart that the other side offered, so that it offers restarts itself.
    pub const OFFERS_RESTARTS: Abilities = Abilities(1);

    /// The set with these bits. Those of newer versions say nothing here.
    pub fn from_bits(bits: u64) -> Self {
        Self((bits & u64::from(Self::OFFERS_RESTARTS.0)) as u8)
    }

    /// Whether the browser offers restarts itself.
    pub fn offers_restarts(self) -> bool {
        self.0 & Self::OFFERS_RESTARTS.0 != 0
    }
}

/// The sizes at which one attendee shows another: heights in pixels, 0 for a source that is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shown {
    /// The camera's picture.
    pub camera: u16,
    /// The screen.
    pub screen: u16,
    /// It goes before others.
    pub pinned: bool,
}

/// A moderator's request to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Request {
    /// Mute the microphone.
    Mute = 0,
    /// Stop sharing the screen.
    StopShare = 1,
    /// Leave the call.
    Leave = 2,
}

impl Request {
    /// The request of that number.
    pub fn from_number(number: u8) -> Option<Self> {
        [Request::Mute, Request::StopShare, Request::Leave].into_iter().find(|r| *r as u8 == number)
    }
}

/// The two ends of a pair of peer connections, as the sender of a message knows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// The sender's.
    pub from: u64,
    /// The receiver's; 0 while it is not known.
    pub to: u64,
}

/// A message of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Whether the sender takes part, and what it sends.
    State(Option<Sends>, Abilities),
    /// A session description.
    Description {
        /// Of which connection.
        ends: Ends,
        /// The number of the offer, also in its answer.
        turn: u32,
        /// An offer, or an answer.
        offer: bool,
        /// The browser's text.
        sdp: String,
    },
    /// An ICE candidate.
    Candidate(Ends, String),
    /// The sender waits for an offer, for a new connection or to restart one.
    AskOffer(Ends),
    /// The sizes at which the sender shows the receiver.
    Shown(Shown),
    /// An emoji.
    Reaction(String),
    /// A moderator asks something of somebody.
    Request(SeatId, Request),
}

impl Message {
    /// The cost of reading it, in units of attention: a browser works for milliseconds on a description.
    pub fn cost(&self) -> u32 {
        match self {
            Message::Description { .. } => limits::DESCRIPTION_COST,
            Message::State(..) | Message::AskOffer(_) => limits::CALL_STATE_COST,
            _ => 1,
        }
    }
}

impl Wire for Ends {
    fn write(&self, w: &mut Writer) {
        w.raw(&self.from.to_le_bytes()).raw(&self.to.to_le_bytes());
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let [from, to] = [r.array()?, r.array()?].map(u64::from_le_bytes);
        if from == 0 { Err(DecodeError::Invalid) } else { Ok(Self { from, to }) }
    }
}

impl Wire for Message {
    fn write(&self, w: &mut Writer) {
        w.u8(VERSION);
        match self {
            Message::State(sends, abilities) => {
                let bits = sends.unwrap_or_default().bits();
                w.u8(0).u8(sends.is_some().into());
                w.u8(bits).varint(abilities.0.into());
            }
            Message::Description { ends, turn, offer, sdp } => {
                w.u8(1).put(ends).varint((*turn).into()).u8((!*offer).into());
                w.bytes(sdp.as_bytes());
            }
            Message::Candidate(ends, candidate) => {
                w.u8(2).put(ends).bytes(candidate.as_bytes());
            }
            Message::AskOffer(ends) => {
                w.u8(3).put(ends);
            }
            Message::Shown(shown) => {
                w.u8(4).varint(shown.camera.into()).varint(shown.screen.into());
                w.u8(shown.pinned.into());
            }
            Message::Reaction(text) => {
                w.u8(5).bytes(text.as_bytes());
            }
            Message::Request(seat, request) => {
                w.u8(6).put(seat).u8(*request as u8);
            }
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.version(VERSION)?;
        Ok(match r.u8()? {
            0 => {
                let takes_part = flag(r)?;
                let (sends, abilities) = (r.u8()?, r.varint()?);
                let sends = takes_part.then(|| Sends::from_bits(sends.into()));
                Message::State(sends, Abilities::from_bits(abilities))
            }
            1 => Message::Description {
                ends: r.take()?,
                turn: u32::try_from(r.varint()?).map_err(|_| DecodeError::TooLong)?,
                offer: !flag(r)?,
                sdp: r.text(limits::DESCRIPTION)?.to_owned(),
            },
            2 => Message::Candidate(r.take()?, r.text(limits::CANDIDATE)?.to_owned()),
            3 => Message::AskOffer(r.take()?),
            4 => {
                let (camera, screen) = (height(r)?, height(r)?);
                Message::Shown(Shown { camera, screen, pinned: flag(r)? })
            }
            5 => Message::Reaction(r.text(limits::REACTION)?.to_owned()),
            6 => {
                let seat = r.take()?;
                let request = Request::from_number(r.u8()?).ok_or(DecodeError::Unknown)?;
                Message::Request(seat, request)
            }
            _ => return Err(DecodeError::Unknown),
        })
    }
}

fn flag(r: &mut Reader<'_>) -> Result<bool, DecodeError> {
    match r.u8()? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(DecodeError::Unknown),
    }
}

fn height(r: &mut Reader<'_>) -> Result<u16, DecodeError> {
    u16::try_from(r.varint()?).map_err(|_| DecodeError::TooLong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn each() -> Vec<Message> {
        let ends = Ends { from: 7, to: 9 };
        vec![
            Message::State(Some(Sends::from_bits(5)), Abilities::OFFERS_RESTARTS),
            Message::State(None, Abilities::default()),
            Message::Description { ends, turn: 3, offer: true, sdp: "v=0\r\n".to_owned() },
            Message::Description { ends, turn: 3, offer: false, sdp: "v=0\r\n".to_owned() },
            Message::Candidate(ends, "candidate:1".to_owned()),
            Message::AskOffer(ends),
            Message::Shown(Shown { camera: 360, screen: 0, pinned: true }),
            Message::Reaction("👍".to_owned()),
            Message::Request(SeatId([1; 32]), Request::StopShare),
        ]
    }

    #[test]
    fn call_messages_have_the_golden_form() {
        let bytes: Vec<u8> = each().iter().flat_map(|message| message.to_bytes()).collect();
        crate::golden::check("call.hex", &bytes);
        for message in each() {
            assert_eq!(Message::from_bytes(&message.to_bytes()), Ok(message));
        }
    }

    #[test]
    fn bits_of_newer_versions_say_nothing() {
        let mut w = Writer::new();
        w.u8(VERSION).u8(0).u8(1).u8(u8::MAX).varint(u64::MAX);
        let read = Message::from_bytes(&w.into_bytes());
        let all = Sends::from_bits(127);
        assert_eq!(read, Ok(Message::State(Some(all), Abilities::OFFERS_RESTARTS)));
    }

    #[test]
    fn rights_take_away_what_may_not_be_sent() {
        let all = Sends::from_bits(127);
        let none = all.within(May::default());
        assert_eq!(none.bits(), 2 | 32 | 64);
        assert_eq!(all.within(May { speak: true, share: false }).bits(), 127 & !(8 | 16));
        assert_eq!(all.within(May { speak: true, share: true }), all);
    }

    proptest! {
        #[test]
        fn hostile_bytes_are_only_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(message) = Message::from_bytes(&bytes) {
                prop_assert_eq!(Message::from_bytes(&message.to_bytes()), Ok(message));
            }
        }
    }
}
