//! Frames on data channels, however the channel cuts them.

use covey_wire::webrtc::framing::{Decoder, Flag, Frame, FrameError, encode_flag, encode_message};

use crate::corpus;
use crate::memory;
use crate::mutation::mutate;
use crate::rng::Rng;

/// One case.
pub fn case(seed: u64) {
    let rng = &mut Rng::new(seed);
    let mut bytes = Vec::new();
    for _ in 0..=rng.below(4) {
        match rng.below(4) {
            0 => bytes.extend(rng.pick(&corpus::vectors("webrtc-frames"))),
            1 => bytes.extend(encode_flag(*rng.pick(&[Flag::Fin, Flag::Reset, Flag::FinAck]))),
            2 if rng.one_in(8) => bytes.extend(encode_message(&vec![7; rng.below(1 << 16)]).0),
            _ => bytes.extend(encode_message(&rng.bytes(60)).0),
        }
    }
    if !rng.one_in(6) {
        mutate(rng, &mut bytes, &[0xff, 0xff, 3, 0x12]);
    }
    let whole = memory::bounded(&bytes, |bytes| decode([bytes]));
    let cut = rng.below(bytes.len() + 1);
    let (front, back) = bytes.split_at(cut);
    let cut = memory::bounded(&bytes, |_| decode([front, back]));
    assert_eq!(whole, cut, "a cut changes frames");
}

fn decode<const N: usize>(pieces: [&[u8]; N]) -> Result<Vec<Frame>, FrameError> {
    let (mut decoder, mut all) = (Decoder::default(), Vec::new());
    pieces.into_iter().try_for_each(|piece| decoder.push(piece, |frame| all.push(frame)))?;
    Ok(all)
}
