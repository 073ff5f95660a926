//! Signalling messages, on their streams.

use covey_wire::limits;
use covey_wire::webrtc::signalling::{Kind, Message, take};

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
    if let Some((message, len)) = memory::bounded(&bytes, |bytes| take(bytes).ok().flatten()) {
        assert!(len <= bytes.len(), "more is taken than there is");
        let again = message.encode();
        let len = again.len();
        assert_eq!(take(&again), Ok(Some((message, len))), "a message does not come back");
    }
    let _ = memory::bounded(&bytes, Message::decode);
}
