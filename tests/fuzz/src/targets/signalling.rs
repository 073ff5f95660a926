//! Signalling messages, on their streams.

use covey_core::fuzzing::webrtc::signalling::{Kind, Message, read};
use covey_core::limits;
use futures::executor::block_on;

use crate::corpus;
use crate::memory;
use crate::mutation::mutate;
use crate::rng::Rng;

/// One case.
pub fn case(seed: u64) {
    let rng = &mut Rng::new(seed);
    let mut bytes = if rng.one_in(2) {
        rng.pick(&corpus::vectors("webrtc-signalling")).clone()
    } else {
        let kind = *rng.pick(&[Kind::SdpOffer, Kind::SdpAnswer, Kind::IceCandidate]);
        let long = if rng.one_in(20) { limits::SIGNAL_MESSAGE / 6 } else { 30 };
        Message::new(kind, "a=é\r\n".repeat(rng.below(long + 3))).encode()
    };
    if !rng.one_in(6) {
        mutate(rng, &mut bytes, b"\x08\x02\x12\x04a=\xc3\xa9");
    }
    // A length is believed up to its limit before the body is there.
    let hear = || block_on(read(&mut &bytes[..])).ok();
    if let Some(message) = memory::bounded_with(bytes.len(), limits::SIGNAL_MESSAGE, hear) {
        let again = block_on(read(&mut &message.encode()[..])).ok();
        assert_eq!(again, Some(message), "a message does not come back");
    }
    let _ = memory::bounded(&bytes, Message::decode);
}
