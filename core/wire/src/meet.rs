//! What a page and its node say to each other: `/covey/meet/1` and `/covey/node/1`.
//!
//! ```text
//!   /covey/meet/1   one stream per connection, opened by the page, open as long as it is
//!     page ──► node   Discover ──► Found      Register ──► Registered      Leave (no answer)
//!     page ◄── node   Joined, whenever another seat registers where this one is registered
//!   /covey/node/1   opened by the page: InfoRequest ──► NodeInfo, then both close
//!
//!   frame    = varint length (1 to limits::NODE_MESSAGE) · message
//!   message  = version (1) · kind · fields
//! ```
//!
//! Golden bytes: `tests/vectors/meet.hex`.
//!
//! A seat needs no more than its authenticated connection to register; a registration ends with
//! its stream or connection, and only who can name a namespace learns who is in it.

use thiserror::Error;

use crate::frame::{DecodeError, Reader, Wire, Writer};
use crate::id::{Namespace, SeatId};
use crate::limits;

/// The name of the protocol that brings seats together.
pub const MEET_PROTOCOL: &str = "/covey/meet/1";
/// The name of the protocol that tells what a node offers.
pub const NODE_PROTOCOL: &str = "/covey/node/1";

const VERSION: u8 = 1;

/// What a page asks of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeetRequest {
    /// Who is registered? Answered with `Found` or `Refused`.
    Discover(Namespace),
    /// Let others find this seat, and tell it of newcomers. Answered with `Registered` or
    /// `Refused`; doing it twice changes nothing.
    Register(Namespace),
    /// End a registration, for whoever stays connected without it: pages hang up. Not answered.
    Leave(Namespace),
}

/// What a node tells a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MeetReply {
    /// The seats registered under a namespace, without the one that asks: all of them, or
    /// `limits::FOUND` that the node chooses, each time others.
    Found {
        /// The namespace asked for.
        namespace: Namespace,
        /// Who is there.
        seats: Vec<SeatId>,
    },
    /// This seat can be found under the namespace.
    Registered(Namespace),
    /// Another seat registered where this one is registered.
    Joined {
        /// Where.
        namespace: Namespace,
        /// Who.
        seat: SeatId,
    },
    /// The node does not do what was asked.
    Refused {
        /// The namespace of the request.
        namespace: Namespace,
        /// Why.
        reason: Refusal,
        /// When asking again can help; 0 when it can't.
        retry_after_ms: u64,
    },
}

/// Why a node refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// This connection is registered under `limits::NAMESPACES` namespaces.
    Namespaces,
    /// The node keeps as many registrations as it can.
    Full,
    /// Too many requests in a short time.
    Rate,
}

/// Asks a node what it offers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InfoRequest;

/// What a node offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NodeInfo {
    /// Servers for `RTCPeerConnection`; at most `limits::ICE_SERVERS`.
    pub ice_servers: Vec<IceServer>,
    /// After how many seconds the node cuts a relayed connection.
    pub circuit_seconds: u64,
    /// After how many bytes, both ways together, the node cuts a relayed connection.
    pub circuit_bytes: u64,
    /// How long a relay reservation lasts before it must be renewed.
    pub reservation_seconds: u64,
}

/// One entry of `RTCConfiguration.iceServers`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IceServer {
    /// `stun:`, `turn:` or `turns:` URLs of the same server.
    pub urls: Vec<String>,
    /// User name for TURN.
    pub username: Option<String>,
    /// Credential for TURN.
    pub credential: Option<String>,
}

/// A frame can't be read; nothing after it on the stream can be either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FrameError {
    /// The frame is empty or longer than `limits::NODE_MESSAGE`.
    #[error("frame of {0} bytes is outside the limits")]
    Length(u64),
    /// What is in the frame is no message.
    #[error("no message: {0}")]
    Message(#[from] DecodeError),
}

/// A message with its length before it, as it goes on the stream.
pub fn frame<T: Wire>(message: &T) -> Vec<u8> {
    let mut w = Writer::new();
    w.bytes(&message.to_bytes());
    w.into_bytes()
}

/// The first message in what has arrived, and how many bytes it took; `None` when more must
/// arrive first. Of a message that only a newer version knows there is nothing but its size: it is ignored.
pub fn unframe<T: Wire>(arrived: &[u8]) -> Result<Option<(Option<T>, usize)>, FrameError> {
    let mut r = Reader::new(arrived);
    let length = match r.varint() {
        Ok(length) => length,
        Err(DecodeError::Truncated) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let size = match usize::try_from(length) {
        Ok(size) if (1..=limits::NODE_MESSAGE).contains(&size) => size,
        _ => return Err(FrameError::Length(length)),
    };
    match r.raw(size) {
        Ok(bytes) => {
            let message = match T::from_bytes(bytes) {
                Err(DecodeError::Unknown) => None,
                message => Some(message?),
            };
            Ok(Some((message, arrived.len() - r.remaining())))
        }
        Err(_) => Ok(None),
    }
}

impl Wire for MeetRequest {
    fn write(&self, w: &mut Writer) {
        let (kind, namespace) = match self {
            Self::Discover(namespace) => (0, namespace),
            Self::Register(namespace) => (1, namespace),
            Self::Leave(namespace) => (2, namespace),
        };
        w.u8(VERSION).u8(kind).put(namespace);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match version_and_kind(r)? {
            0 => r.take().map(Self::Discover),
            1 => r.take().map(Self::Register),
            2 => r.take().map(Self::Leave),
            _ => Err(DecodeError::Unknown),
        }
    }
}

impl Wire for MeetReply {
    fn write(&self, w: &mut Writer) {
        w.u8(VERSION);
        match self {
            Self::Found { namespace, seats } => w.u8(0).put(namespace).list(seats),
            Self::Registered(namespace) => w.u8(1).put(namespace),
            Self::Joined { namespace, seat } => w.u8(2).put(namespace).put(seat),
            Self::Refused { namespace, reason, retry_after_ms } => {
                w.u8(3).put(namespace).put(reason).varint(*retry_after_ms)
            }
        };
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let kind = version_and_kind(r)?;
        let namespace = r.take();
        Ok(match kind {
            0 => Self::Found { namespace: namespace?, seats: r.list(limits::FOUND)? },
            1 => Self::Registered(namespace?),
            2 => Self::Joined { namespace: namespace?, seat: r.take()? },
            3 => Self::Refused {
                namespace: namespace?,
                reason: r.take()?,
                retry_after_ms: r.varint()?,
            },
            _ => return Err(DecodeError::Unknown),
        })
    }
}

impl Wire for Refusal {
    fn write(&self, w: &mut Writer) {
        w.u8(match self {
            Self::Namespaces => 0,
            Self::Full => 1,
            Self::Rate => 2,
        });
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match r.u8()? {
            0 => Ok(Self::Namespaces),
            1 => Ok(Self::Full),
            2 => Ok(Self::Rate),
            _ => Err(DecodeError::Unknown),
        }
    }
}

impl Wire for InfoRequest {
    fn write(&self, w: &mut Writer) {
        w.u8(VERSION).u8(0);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match version_and_kind(r)? {
            0 => Ok(Self),
            _ => Err(DecodeError::Unknown),
        }
    }
}

impl Wire for NodeInfo {
    fn write(&self, w: &mut Writer) {
        w.u8(VERSION).u8(0).list(&self.ice_servers);
        w.varint(self.circuit_seconds).varint(self.circuit_bytes).varint(self.reservation_seconds);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match version_and_kind(r)? {
            0 => Ok(Self {
                ice_servers: r.list(limits::ICE_SERVERS)?,
                circuit_seconds: r.varint()?,
                circuit_bytes: r.varint()?,
                reservation_seconds: r.varint()?,
            }),
            _ => Err(DecodeError::Unknown),
        }
    }
}

impl Wire for IceServer {
    fn write(&self, w: &mut Writer) {
        w.varint(self.urls.len() as u64);
        for url in &self.urls {
            w.bytes(url.as_bytes());
        }
        write_optional(w, self.username.as_deref());
        write_optional(w, self.credential.as_deref());
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let count = r.count(limits::ICE_URLS)?;
        let urls = (0..count).map(|_| r.text(limits::ICE_URL).map(str::to_owned));
        let urls = urls.collect::<Result<Vec<_>, _>>()?;
        Ok(Self { urls, username: read_optional(r)?, credential: read_optional(r)? })
    }
}

fn version_and_kind(r: &mut Reader<'_>) -> Result<u8, DecodeError> {
    match r.u8()? {
        VERSION => r.u8(),
        _ => Err(DecodeError::Unknown),
    }
}

fn write_optional(w: &mut Writer, text: Option<&str>) {
    match text {
        Some(text) => w.u8(1).bytes(text.as_bytes()),
        None => w.u8(0),
    };
}

fn read_optional(r: &mut Reader<'_>) -> Result<Option<String>, DecodeError> {
    match r.u8()? {
        0 => Ok(None),
        1 => r.text(limits::ICE_CREDENTIAL).map(|text| Some(text.to_owned())),
        _ => Err(DecodeError::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use core::fmt::Debug;

    use proptest::prelude::*;

    use super::*;
    use crate::id::{hex, unhex};

    const ROOM: Namespace = Namespace([0x11; 32]);
    const SEAT: SeatId = SeatId([0x22; 32]);

    const GOLDEN: &str = include_str!("../../../tests/vectors/meet.hex");

    fn has_golden_bytes<T: Wire + PartialEq + Debug>(name: &str, message: T) {
        let line = GOLDEN.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let golden = line.expect("named in the golden file");
        assert_eq!(hex(&frame(&message)), golden, "{name}");
        let bytes = unhex(golden).unwrap();
        let size = bytes.len();
        assert_eq!(unframe::<T>(&bytes), Ok(Some((Some(message), size))), "{name}");
        for end in 0..size {
            assert_eq!(unframe::<T>(&bytes[..end]), Ok(None), "{name} cut at {end}");
        }
    }

    #[test]
    fn requests_have_their_golden_bytes() {
        has_golden_bytes("discover", MeetRequest::Discover(ROOM));
        has_golden_bytes("register", MeetRequest::Register(ROOM));
        has_golden_bytes("leave", MeetRequest::Leave(ROOM));
        has_golden_bytes("info_request", InfoRequest);
    }

    #[test]
    fn replies_have_their_golden_bytes() {
        let found = |seats| MeetReply::Found { namespace: ROOM, seats };
        let reason = Refusal::Namespaces;
        let refused = MeetReply::Refused { namespace: ROOM, reason, retry_after_ms: 300 };
        has_golden_bytes("found_nobody", found(vec![]));
        has_golden_bytes("found_one", found(vec![SEAT]));
        has_golden_bytes("registered", MeetReply::Registered(ROOM));
        has_golden_bytes("joined", MeetReply::Joined { namespace: ROOM, seat: SEAT });
        has_golden_bytes("refused", refused);
    }

    #[test]
    fn what_a_node_offers_has_its_golden_bytes() {
        let turn =
            IceServer { urls: vec!["turn:a".into()], username: Some("u".into()), credential: None };
        let info = NodeInfo {
            ice_servers: vec![turn],
            circuit_seconds: 3600,
            circuit_bytes: 64,
            reservation_seconds: 1,
        };
        has_golden_bytes("node_info", info);
    }

    #[test]
    fn the_largest_messages_fit_a_frame() {
        let found = MeetReply::Found { namespace: ROOM, seats: vec![SEAT; limits::FOUND] };
        assert!(found.to_bytes().len() <= limits::NODE_MESSAGE);
        let server = IceServer {
            urls: vec!["x".repeat(limits::ICE_URL); limits::ICE_URLS],
            username: Some("x".repeat(limits::ICE_CREDENTIAL)),
            credential: Some("x".repeat(limits::ICE_CREDENTIAL)),
        };
        let info = NodeInfo {
            ice_servers: vec![server; limits::ICE_SERVERS],
            circuit_seconds: u64::MAX,
            circuit_bytes: u64::MAX,
            reservation_seconds: u64::MAX,
        };
        assert!(info.to_bytes().len() <= limits::NODE_MESSAGE);
    }

    #[test]
    fn other_versions_and_kinds_are_refused() {
        let mut bytes = MeetRequest::Discover(ROOM).to_bytes();
        bytes[1] = 3;
        assert_eq!(MeetRequest::from_bytes(&bytes), Err(DecodeError::Unknown));
        bytes[0] = 2;
        assert_eq!(MeetRequest::from_bytes(&bytes), Err(DecodeError::Unknown));
        assert_eq!(InfoRequest::from_bytes(&[1, 0, 0]), Err(DecodeError::Trailing));
    }

    #[test]
    fn frames_outside_the_limits_are_refused_before_they_arrive() {
        let mut w = Writer::new();
        w.varint(limits::NODE_MESSAGE as u64 + 1);
        let length = Err(FrameError::Length(limits::NODE_MESSAGE as u64 + 1));
        assert_eq!(unframe::<MeetReply>(&w.into_bytes()), length);
        assert_eq!(unframe::<MeetReply>(&[0]), Err(FrameError::Length(0)));
        assert_eq!(
            unframe::<MeetReply>(&[0xff; 10]),
            Err(FrameError::Message(DecodeError::NotMinimal))
        );
    }

    fn namespace() -> impl Strategy<Value = Namespace> {
        any::<[u8; 32]>().prop_map(Namespace)
    }

    fn seat() -> impl Strategy<Value = SeatId> {
        any::<[u8; 32]>().prop_map(SeatId)
    }

    fn request() -> impl Strategy<Value = MeetRequest> {
        prop_oneof![
            namespace().prop_map(MeetRequest::Discover),
            namespace().prop_map(MeetRequest::Register),
            namespace().prop_map(MeetRequest::Leave),
        ]
    }

    fn reply() -> impl Strategy<Value = MeetReply> {
        let reason = prop::sample::select(vec![Refusal::Namespaces, Refusal::Full, Refusal::Rate]);
        prop_oneof![
            (namespace(), prop::collection::vec(seat(), 0..=limits::FOUND))
                .prop_map(|(namespace, seats)| MeetReply::Found { namespace, seats }),
            namespace().prop_map(MeetReply::Registered),
            (namespace(), seat())
                .prop_map(|(namespace, seat)| MeetReply::Joined { namespace, seat }),
            (namespace(), reason, any::<u64>()).prop_map(|(namespace, reason, retry_after_ms)| {
                MeetReply::Refused { namespace, reason, retry_after_ms }
            }),
        ]
    }

    fn text() -> impl Strategy<Value = String> {
        prop::collection::vec(any::<char>(), 0..60).prop_map(String::from_iter)
    }

    fn info() -> impl Strategy<Value = NodeInfo> {
        let server = (
            prop::collection::vec(text(), 0..=limits::ICE_URLS),
            prop::option::of(text()),
            prop::option::of(text()),
        )
            .prop_map(|(urls, username, credential)| IceServer {
                urls,
                username,
                credential,
            });
        (prop::collection::vec(server, 0..=limits::ICE_SERVERS), any::<[u64; 3]>()).prop_map(
            |(ice_servers, [circuit_seconds, circuit_bytes, reservation_seconds])| NodeInfo {
                ice_servers,
                circuit_seconds,
                circuit_bytes,
                reservation_seconds,
            },
        )
    }

    fn comes_back<T: Wire + PartialEq + Debug>(message: T) -> Result<(), TestCaseError> {
        let mut bytes = frame(&message);
        let size = bytes.len();
        bytes.extend_from_slice(&[7; 3]);
        prop_assert_eq!(unframe::<T>(&bytes), Ok(Some((Some(message), size))));
        Ok(())
    }

    fn is_canonical<T: Wire>(bytes: &[u8]) -> Result<(), TestCaseError> {
        let _ = unframe::<T>(bytes);
        if let Ok(message) = T::from_bytes(bytes) {
            prop_assert_eq!(message.to_bytes(), bytes);
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn messages_come_back(request in request(), reply in reply(), info in info()) {
            comes_back(request)?;
            comes_back(reply)?;
            comes_back(info)?;
        }

        #[test]
        fn what_can_be_read_is_what_is_written(
            start in prop::sample::select(vec![vec![], vec![1, 0], vec![1, 1], vec![1, 2], vec![1, 3]]),
            noise in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let bytes = [start, noise].concat();
            is_canonical::<MeetRequest>(&bytes)?;
            is_canonical::<MeetReply>(&bytes)?;
            is_canonical::<InfoRequest>(&bytes)?;
            is_canonical::<NodeInfo>(&bytes)?;
        }

        #[test]
        fn a_damaged_message_is_read_canonically_or_refused(
            info in info(),
            reply in reply(),
            at: prop::sample::Index,
            byte: u8,
        ) {
            for mut bytes in [info.to_bytes(), reply.to_bytes()] {
                let at = at.index(bytes.len());
                bytes[at] = byte;
                is_canonical::<NodeInfo>(&bytes)?;
                is_canonical::<MeetReply>(&bytes)?;
            }
        }
    }
}
