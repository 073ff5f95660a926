//! The orders of a call as the page gets them: the kind `call`, what is to be done, and its details.

use covey_rooms::call::{May, Told};
use js_sys::Function;

use super::events;
use crate::js::Fields;

/// Tells the page what is to be done, or what happened.
pub fn tell(listener: &Function, told: Told) {
    let of = |link: u32| Fields::new().with("link", link);
    let (what, details) = match told {
        Told::Open { link, client, offers, may } => {
            let fields = of(link).with("client", client.0 as f64).with("offers", offers);
            ("open", fields.with("may", may_bits(may)))
        }
        Told::Offer { link, turn, restart } => {
            ("offer", of(link).with("turn", turn).with("restart", restart))
        }
        Told::Accept { link, turn, sdp } => {
            ("accept", of(link).with("turn", turn).with("sdp", sdp.as_str()))
        }
        Told::Answer { link, sdp } => ("answer", of(link).with("sdp", sdp.as_str())),
        Told::Candidate { link, candidate } => {
            ("candidate", of(link).with("candidate", candidate.as_str()))
        }
        Told::Close(link) => ("close", of(link)),
        Told::Order { link, video, order } => {
            let fields = of(link).with("source", video as u8).with("bitrate", order.bits);
            ("order", fields.with("height", order.height).with("rate", order.rate))
        }
        Told::KeyFrames(link) => ("key", of(link)),
        Told::Changed => ("changed", Fields::new()),
        Told::Reaction(client, text) => {
            let fields = Fields::new().with("client", client.0 as f64);
            ("reaction", fields.with("text", text.as_str()))
        }
        Told::Asked(client, request) => {
            let fields = Fields::new().with("client", client.0 as f64);
            ("asked", fields.with("request", request as u8))
        }
    };
    events::call(listener, "call", &what.into(), &details.into());
}

/// Rights as bits: 1 may be heard and seen, 2 may share a screen.
pub fn may_bits(may: May) -> u8 {
    u8::from(may.speak) | u8::from(may.share) << 1
}
