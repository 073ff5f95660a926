//! The messages between a page and its node: `/covey/meet/1` and `/covey/node/1`.
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
//! its stream or connection, and only a page that can name a namespace learns who is in it.

use thiserror::Error;

use crate::frame::{DecodeError, Reader, Wire, Writer};
use crate::id::{Namespace, SeatId};
use crate::limits;

/// The name of the protocol that brings seats together.
pub const MEET_PROTOCOL: &str = "/covey/meet/1";
/// The name of the protocol that tells what a node offers.
pub const NODE_PROTOCOL: &str = "/covey/node/1";

const VERSION: u8 = 1;

/// A request of a page to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeetRequest {
    /// Asks who is registered. Answered with `Found` or `Refused`.
    Discover(Namespace),
    /// Lets others find this seat, and notifies it of newcomers. Answered with `Registered` or
    /// `Refused`; doing it twice changes nothing.
    Register(Namespace),
    /// Ends a registration while the connection stays. Pages hang up instead. Not answered.
    Leave(Namespace),
}

/// A message of a node to a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MeetReply {
    /// The seats registered under a namespace, without the one that asks: all of them, or
    /// `limits::FOUND` that the node chooses, each time others.
    Found {
        /// The namespace asked for.
        namespace: Namespace,
        /// The registered seats.
        seats: Vec<SeatId>,
    },
    /// This seat can be found under the namespace.
    Registered(Namespace),
    /// Another seat registered where this one is registered.
    Joined {
        /// The namespace.
        namespace: Namespace,
        /// The seat.
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

/// The services and limits of a node.
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
    /// The content of the frame is no message.
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
mod tests;
