//! What pages and nodes say to each other, in whatever pieces it arrives.

use core::fmt::Debug;

use covey_wire::frame::Wire;
use covey_wire::id::{Namespace, SeatId};
use covey_wire::limits;
use covey_wire::meet::{
    IceServer, InfoRequest, MeetReply, MeetRequest, NodeInfo, Refusal, frame, unframe,
};

use super::canonical;
use crate::corpus;
use crate::memory;
use crate::mutation::mutate;
use crate::rng::Rng;

/// One case.
pub fn case(seed: u64) {
    let rng = &mut Rng::new(seed);
    let mut bytes =
        if rng.one_in(2) { rng.pick(&corpus::vectors("meet")).clone() } else { made(rng) };
    if !rng.one_in(4) {
        mutate(rng, &mut bytes, &[0x11; 40]);
    }
    both_ways::<MeetRequest>(rng, &bytes);
    both_ways::<MeetReply>(rng, &bytes);
    both_ways::<InfoRequest>(rng, &bytes);
    both_ways::<NodeInfo>(rng, &bytes);
}

fn both_ways<T: Wire + PartialEq + Debug>(rng: &mut Rng, framed: &[u8]) {
    let whole = memory::bounded(framed, unframe::<T>);
    // What is there of a frame never says anything else than the whole of it.
    let early = unframe::<T>(&framed[..rng.below(framed.len() + 1)]);
    assert!(matches!(early, Ok(None)) || early == whole, "{early:?} became {whole:?}");
    if let Ok(Some((Some(message), used))) = whole {
        assert!(frame(&message) == framed[..used], "a frame has two forms");
    }
    canonical::read::<T>(framed.get(1..).unwrap_or_default());
}

/// A large message, or one with a few oddities.
fn made(rng: &mut Rng) -> Vec<u8> {
    let namespace = Namespace(rng.array());
    if rng.one_in(2) {
        let seats = (0..rng.below(limits::FOUND + 3)).map(|n| SeatId([n as u8; 32])).collect();
        return frame(&MeetReply::Found { namespace, seats });
    }
    if rng.one_in(3) {
        let reason = *rng.pick(&[Refusal::Namespaces, Refusal::Full, Refusal::Rate]);
        return frame(&MeetReply::Refused { namespace, reason, retry_after_ms: rng.edge() });
    }
    let text = |rng: &mut Rng| "turn:é".repeat(rng.below(limits::ICE_URL / 6));
    let server = |rng: &mut Rng| IceServer {
        urls: (0..rng.below(limits::ICE_URLS + 2)).map(|_| text(rng)).collect(),
        username: rng.one_in(2).then(|| text(rng)),
        credential: rng.one_in(2).then(|| text(rng)),
    };
    frame(&NodeInfo {
        ice_servers: (0..rng.below(limits::ICE_SERVERS + 2)).map(|_| server(rng)).collect(),
        circuit_seconds: rng.edge(),
        circuit_bytes: rng.edge(),
        reservation_seconds: rng.edge(),
    })
}
