//! Messages on a signalling stream, `/webrtc-signaling/0.0.1` (libp2p `webrtc/webrtc.md`).
//!
//! ```text
//!   dialler  ─ SDP_OFFER ──────────────►  answerer
//!            ◄─ SDP_ANSWER, the first ──
//!            ◄─ ICE_CANDIDATE… ────────►      JSON of an RTCIceCandidateInit
//!   message = varint length, { 1: type, 2: data }      protobuf; the type is always written
//! ```
//! Golden bytes: `tests/vectors/webrtc-signalling.hex`.

use thiserror::Error;

use super::protobuf::{Field, Fields, put_varint, varint, varint_len};
use crate::limits;

/// The protocol's name.
pub const PROTOCOL: &str = "/webrtc-signaling/0.0.1";

/// The kind of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A session description that offers.
    SdpOffer = 0,
    /// A session description that answers.
    SdpAnswer = 1,
    /// A candidate, in JSON.
    IceCandidate = 2,
}

/// A signalling message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its kind.
    pub kind: Kind,
    /// A session description or a candidate.
    pub data: String,
}

/// Why bytes are no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SignallingError {
    /// A message is above `limits::SIGNAL_MESSAGE`.
    #[error("signalling message is above the limit")]
    TooLong,
    /// A message is not what the specification says.
    #[error("signalling message is malformed")]
    Malformed,
}

impl Message {
    /// A message of this kind.
    pub fn new(kind: Kind, data: impl Into<String>) -> Self {
        Self { kind, data: data.into() }
    }

    /// The message with its length in front. The type is written even when it is 0: others
    /// take a missing type for no offer.
    pub fn encode(&self) -> Vec<u8> {
        let len = 3 + varint_len(self.data.len()) + self.data.len();
        let mut out = Vec::with_capacity(len + varint_len(len));
        put_varint(&mut out, len);
        out.extend([0x08, self.kind as u8, 0x12]);
        put_varint(&mut out, self.data.len());
        out.extend_from_slice(self.data.as_bytes());
        out
    }

    /// The message in `body`, without its length. Unknown fields are skipped.
    pub fn decode(body: &[u8]) -> Result<Self, SignallingError> {
        let (mut kind, mut data) = (None, "");
        for field in Fields::new(body) {
            match field.map_err(|_| SignallingError::Malformed)? {
                Field::Number(1, value) => {
                    kind = [Kind::SdpOffer, Kind::SdpAnswer, Kind::IceCandidate]
                        .into_iter()
                        .find(|kind| *kind as u64 == value);
                }
                Field::Bytes(2, bytes) => {
                    data = core::str::from_utf8(bytes).map_err(|_| SignallingError::Malformed)?;
                }
                _ => {}
            }
        }
        let kind = kind.ok_or(SignallingError::Malformed)?;
        Ok(Self::new(kind, data))
    }
}

/// The message at the front of `bytes`, with its length in front, and what it takes there; `None` while it is
/// not whole.
pub fn take(bytes: &[u8]) -> Result<Option<(Message, usize)>, SignallingError> {
    for at in 1..=bytes.len() {
        if let Some(len) = length(&bytes[..at])? {
            let Some(body) = bytes.get(at..at + len) else { return Ok(None) };
            return Message::decode(body).map(|message| Some((message, at + len)));
        }
    }
    Ok(None)
}

/// The length of the message whose first bytes these are, without the length itself; `None` while more of
/// them are needed.
pub fn length(prefix: &[u8]) -> Result<Option<usize>, SignallingError> {
    match varint(prefix).map_err(|_| SignallingError::Malformed)? {
        Some((len, _)) => match usize::try_from(len) {
            Ok(len) if len <= limits::SIGNAL_MESSAGE => Ok(Some(len)),
            _ => Err(SignallingError::TooLong),
        },
        None if prefix.len() > 3 => Err(SignallingError::TooLong),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{hex, unhex};
    use proptest::prelude::*;

    const GOLDEN: &str = include_str!("../../../../tests/vectors/webrtc-signalling.hex");

    fn golden(name: &str) -> Vec<u8> {
        let line = GOLDEN.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        unhex(line.expect("named in the golden file")).expect("hexadecimal")
    }

    #[test]
    fn messages_have_their_golden_bytes() {
        for (name, message) in [
            ("offer", Message::new(Kind::SdpOffer, "v=0")),
            ("answer", Message::new(Kind::SdpAnswer, "v=0")),
            ("candidate", Message::new(Kind::IceCandidate, r#"{"candidate":""}"#)),
        ] {
            assert_eq!(hex(&message.encode()), hex(&golden(name)), "{name}");
            let len = golden(name).len();
            assert_eq!(take(&golden(name)), Ok(Some((message, len))), "{name}");
        }
    }

    #[test]
    fn unknown_fields_are_skipped_and_a_missing_type_is_refused() {
        let read = |name| take(&golden(name)).map(|read| read.map(|(message, _)| message));
        assert_eq!(read("unknown_fields"), Ok(Some(Message::new(Kind::SdpAnswer, "x"))));
        assert_eq!(read("no_type"), Err(SignallingError::Malformed));
        assert_eq!(read("unknown_type"), Err(SignallingError::Malformed));
    }

    #[test]
    fn a_message_above_the_limit_is_refused_before_it_is_read() {
        let mut bytes = Vec::new();
        put_varint(&mut bytes, limits::SIGNAL_MESSAGE + 1);
        assert_eq!(take(&bytes), Err(SignallingError::TooLong));
        assert_eq!(take(&[0xff; 9]), Err(SignallingError::TooLong));
    }

    proptest! {
        #[test]
        fn hostile_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Message::decode(&bytes);
            let _ = take(&bytes);
        }

        #[test]
        fn a_message_comes_back(kind in 0u8..3, data in ".{0,400}") {
            let kind = [Kind::SdpOffer, Kind::SdpAnswer, Kind::IceCandidate][usize::from(kind)];
            let message = Message::new(kind, data);
            let bytes = message.encode();
            prop_assert_eq!(take(&bytes[..bytes.len() - 1]), Ok(None));
            prop_assert_eq!(take(&bytes), Ok(Some((message, bytes.len()))));
        }
    }
}
