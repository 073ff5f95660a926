//! Frames of a stream on a data channel (libp2p `webrtc/README.md`, multiplexing).
//!
//! ```text
//!   channel = frame…            a byte stream: messages of the channel are no borders
//!   frame   = varint length, { 1: flag, 2: message }      both optional, protobuf
//!   flag    = FIN 0 | STOP_SENDING 1 | RESET 2 | FIN_ACK 3
//! ```
//! Golden bytes: `tests/vectors/webrtc-frames.hex`.

use thiserror::Error;

use super::protobuf::{Field, Fields, put_varint, varint, varint_len};
use crate::limits;

/// How many bytes of a stream fit in one frame that we send: prefix, tag and length of the
/// message take five of `limits::CHANNEL_MESSAGE`.
pub const MAX_PAYLOAD: usize = limits::CHANNEL_MESSAGE - 5;

/// The state of a stream that a frame announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// The sender will send nothing more.
    Fin = 0,
    /// The sender will read nothing more.
    StopSending = 1,
    /// The sender gives the stream up, in both directions.
    Reset = 2,
    /// The sender has seen `Fin`.
    FinAck = 3,
}

impl Flag {
    fn known(value: u64) -> Option<Self> {
        [Self::Fin, Self::StopSending, Self::Reset, Self::FinAck]
            .into_iter()
            .find(|flag| *flag as u64 == value)
    }
}

/// A frame: bytes of the stream, then what its flag says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    /// The state of the stream that it announces.
    pub flag: Option<Flag>,
    /// Bytes of the stream.
    pub message: Vec<u8>,
}

/// The peer's bytes are not frames; the stream is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FrameError {
    /// A frame is above `limits::CHANNEL_FRAME`.
    #[error("frame is above the limit")]
    TooLong,
    /// A frame is not a protobuf message.
    #[error("frame is malformed")]
    Malformed,
}

/// The frame of a flag alone.
pub fn encode_flag(flag: Flag) -> Vec<u8> {
    vec![2, 0x08, flag as u8]
}

/// The frame of as many bytes as fit, and how many those are.
pub fn encode_message(bytes: &[u8]) -> (Vec<u8>, usize) {
    let bytes = &bytes[..bytes.len().min(MAX_PAYLOAD)];
    let body = 1 + varint_len(bytes.len()) + bytes.len();
    let mut frame = Vec::with_capacity(varint_len(body) + body);
    put_varint(&mut frame, body);
    frame.push(0x12);
    put_varint(&mut frame, bytes.len());
    frame.extend_from_slice(bytes);
    (frame, bytes.len())
}

/// Puts frames together from whatever pieces the channel delivers.
#[derive(Debug, Default)]
pub struct Decoder {
    /// Bytes of a frame that is not complete: never more than `limits::CHANNEL_FRAME` and one
    /// message of the channel.
    pending: Vec<u8>,
}

impl Decoder {
    /// Takes one message of the channel and gives every frame that it completes to `each`.
    pub fn push(&mut self, bytes: &[u8], mut each: impl FnMut(Frame)) -> Result<(), FrameError> {
        if self.pending.is_empty() {
            let used = frames(bytes, &mut each)?;
            self.pending.extend_from_slice(&bytes[used..]);
        } else {
            self.pending.extend_from_slice(bytes);
            let used = frames(&self.pending, &mut each)?;
            self.pending.drain(..used);
        }
        Ok(())
    }
}

/// Decodes the whole frames at the front and says how many bytes they take.
fn frames(bytes: &[u8], each: &mut impl FnMut(Frame)) -> Result<usize, FrameError> {
    let mut used = 0;
    while let Some((len, prefix)) = varint(&bytes[used..]).map_err(|_| FrameError::Malformed)? {
        let len = usize::try_from(len).map_err(|_| FrameError::TooLong)?;
        if len > limits::CHANNEL_FRAME {
            return Err(FrameError::TooLong);
        }
        let Some(body) = bytes.get(used + prefix..used + prefix + len) else { break };
        each(frame(body)?);
        used += prefix + len;
    }
    Ok(used)
}

fn frame(body: &[u8]) -> Result<Frame, FrameError> {
    let mut frame = Frame::default();
    for field in Fields::new(body) {
        match field.map_err(|_| FrameError::Malformed)? {
            Field::Number(1, value) => frame.flag = Flag::known(value),
            Field::Bytes(2, message) => frame.message = message.to_vec(),
            _ => {}
        }
    }
    Ok(frame)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{hex, unhex};
    use proptest::prelude::*;

    const GOLDEN: &str = include_str!("../../../../tests/vectors/webrtc-frames.hex");

    /// The bytes of the golden file's line with this name.
    fn golden(name: &str) -> Vec<u8> {
        let line = GOLDEN.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        unhex(line.expect("named in the golden file")).expect("hexadecimal")
    }

    fn decode(pieces: &[&[u8]]) -> Result<Vec<Frame>, FrameError> {
        let (mut decoder, mut all) = (Decoder::default(), Vec::new());
        for piece in pieces {
            decoder.push(piece, |frame| all.push(frame))?;
        }
        Ok(all)
    }

    fn message(bytes: &[u8]) -> Frame {
        Frame { flag: None, message: bytes.to_vec() }
    }

    fn flag(flag: Flag) -> Frame {
        Frame { flag: Some(flag), message: Vec::new() }
    }

    #[test]
    fn flags_have_their_golden_bytes() {
        for (name, value) in [
            ("fin", Flag::Fin),
            ("stop_sending", Flag::StopSending),
            ("reset", Flag::Reset),
            ("fin_ack", Flag::FinAck),
        ] {
            assert_eq!(hex(&encode_flag(value)), hex(&golden(name)), "{name}");
            assert_eq!(decode(&[&golden(name)]), Ok(vec![flag(value)]), "{name}");
        }
    }

    #[test]
    fn a_message_has_its_golden_bytes() {
        assert_eq!(encode_message(b"covey"), (golden("message"), 5));
        assert_eq!(decode(&[&golden("message")]), Ok(vec![message(b"covey")]));
    }

    #[test]
    fn a_frame_with_both_unknown_fields_and_long_varints_is_read() {
        let both = Frame { flag: Some(Flag::Fin), message: b"end".to_vec() };
        assert_eq!(decode(&[&golden("message_and_fin")]), Ok(vec![both]));
        assert_eq!(decode(&[&golden("unknown_fields")]), Ok(vec![message(b"x")]));
        assert_eq!(decode(&[&golden("unknown_flag")]), Ok(vec![Frame::default()]));
        assert_eq!(decode(&[&golden("long_varint")]), Ok(vec![flag(Flag::Fin)]));
    }

    #[test]
    fn prefix_and_body_may_come_apart_and_frames_together() {
        let two = [encode_message(b"one").0, encode_flag(Flag::Fin)].concat();
        let both = Ok(vec![message(b"one"), flag(Flag::Fin)]);
        assert_eq!(decode(&[&two]), both);
        for cut in 0..two.len() {
            assert_eq!(decode(&[&two[..cut], &two[cut..]]), both, "cut at {cut}");
        }
    }

    #[test]
    fn a_sent_frame_is_never_above_the_limit() {
        let (frame, used) = encode_message(&vec![7; 1 << 20]);
        assert_eq!((frame.len(), used), (limits::CHANNEL_MESSAGE, MAX_PAYLOAD));
        assert_eq!(decode(&[&frame]), Ok(vec![message(&vec![7; MAX_PAYLOAD])]));
    }

    #[test]
    fn a_frame_above_the_limit_is_refused_before_it_is_there() {
        let mut prefix = Vec::new();
        put_varint(&mut prefix, limits::CHANNEL_FRAME + 1);
        assert_eq!(decode(&[&prefix]), Err(FrameError::TooLong));
        assert_eq!(decode(&[&[0xff; 10]]), Err(FrameError::Malformed));
        assert_eq!(decode(&[&[0xff; 9]]), Ok(vec![]));
    }

    proptest! {
        #[test]
        fn hostile_bytes_never_panic_and_keep_little(
            pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..20),
        ) {
            let mut decoder = Decoder::default();
            for piece in &pieces {
                if decoder.push(piece, |_| {}).is_err() {
                    break;
                }
                prop_assert!(decoder.pending.len() <= limits::CHANNEL_FRAME + 300);
            }
        }

        #[test]
        fn bytes_come_back_however_they_are_cut(
            bytes in prop::collection::vec(any::<u8>(), 0..40_000),
            piece in 1usize..20_000,
        ) {
            let (mut sent, mut rest) = (Vec::new(), &bytes[..]);
            while !rest.is_empty() {
                let (frame, used) = encode_message(rest);
                sent.extend(frame);
                rest = &rest[used..];
            }
            let pieces: Vec<&[u8]> = sent.chunks(piece).collect();
            let got: Vec<u8> = decode(&pieces).unwrap().into_iter().flat_map(|f| f.message).collect();
            prop_assert_eq!(got, bytes);
        }
    }
}
