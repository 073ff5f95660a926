//! The call of a room: what its media in TypeScript say and ask. The page's names for it are in `ts/call/port.ts`.

use std::time::Duration;

use covey_rooms::call::{
    Abilities, Attendee, Input as Said, Measure, Request, Sends, Shown, Video, Way,
};
use covey_rooms::identity::Author;
use covey_rooms::room::Input;
use covey_wire::id::ClientId;
use covey_wire::meet::IceServer;
use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::room::client_id;
use super::{Fields, WasmRoom};
use crate::driver::may_bits;

#[wasm_bindgen]
impl WasmRoom {
    /// Whether this page takes part, and everybody who does.
    #[wasm_bindgen(unchecked_return_type = "CallState")]
    pub fn call(&self) -> JsValue {
        let (joined, attendees) =
            self.0.ask(|room| (room.call().is_joined(), room.call().attendees()));
        let attendees: Array = attendees.iter().map(attendee).collect();
        Fields::new().with("joined", joined).with("attendees", attendees).into()
    }

    /// Takes part.
    #[wasm_bindgen(js_name = callJoin)]
    pub fn call_join(&self, abilities: u32) {
        self.said(Said::Join(Abilities::from_bits(abilities.into())));
    }

    /// Takes part no longer.
    #[wasm_bindgen(js_name = callLeave)]
    pub fn call_leave(&self) {
        self.said(Said::Leave);
    }

    /// The sources that this page sends from now on, as bits.
    #[wasm_bindgen(js_name = callSending)]
    pub fn call_sending(&self, flags: u32) {
        self.said(Said::Sends(Sends::from_bits(flags.into())));
    }

    /// Sends less, whatever the way would carry.
    #[wasm_bindgen(js_name = callSaving)]
    pub fn call_saving(&self, saving: bool) {
        self.said(Said::Saving(saving));
    }

    /// Reacts with an emoji.
    #[wasm_bindgen(js_name = callReact)]
    pub fn call_react(&self, text: String) {
        self.said(Said::React(text));
    }

    /// The sizes at which this page shows others: client, source, height and whether it is pinned, in fours.
    #[wasm_bindgen(js_name = callShow)]
    pub fn call_show(&self, shown: &[f64]) {
        let mut of: Vec<(ClientId, Shown)> = Vec::new();
        for each in shown.chunks_exact(4) {
            let client = client_id(each[0]);
            let at = of.iter().position(|(known, _)| *known == client).unwrap_or_else(|| {
                of.push((client, Shown::default()));
                of.len() - 1
            });
            let shown = &mut of[at].1;
            let height = each[2] as u16;
            if each[1] as u8 == Video::Screen as u8 {
                shown.screen = shown.screen.max(height);
            } else {
                shown.camera = shown.camera.max(height);
            }
            shown.pinned |= each[3] != 0.0;
        }
        self.said(Said::Shown(of));
    }

    /// Asks something of somebody.
    #[wasm_bindgen(js_name = callAsk)]
    pub fn call_ask(&self, client: f64, request: u8) {
        if let Some(request) = Request::from_number(request) {
            self.said(Said::Ask(client_id(client), request));
        }
    }

    /// The local description that was asked for.
    #[wasm_bindgen(js_name = callDescribed)]
    pub fn call_described(&self, link: u32, turn: u32, sdp: String) {
        self.said(Said::Described { link, turn, sdp });
    }

    /// A connection can't go on.
    #[wasm_bindgen(js_name = callFailed)]
    pub fn call_failed(&self, link: u32) {
        self.said(Said::Broken(link));
    }

    /// A local candidate.
    #[wasm_bindgen(js_name = callCandidate)]
    pub fn call_candidate(&self, link: u32, candidate: String) {
        self.said(Said::Candidate { link, candidate });
    }

    /// How a connection did.
    #[wasm_bindgen(js_name = callMeasured)]
    pub fn call_measured(&self, link: u32, values: &[f64]) {
        let &[silence, round_trip, video_loss, sound_loss, estimate, sent, _, _, slow] = values
        else {
            return;
        };
        let share = |value: f64| (!value.is_nan()).then_some((value * 1000.0) as u32);
        let number = |value: f64| (!value.is_nan()).then_some(value as u32);
        let measure = Measure {
            round_trip: number(round_trip),
            loss: share(video_loss).max(share(sound_loss)),
            estimate: number(estimate),
            sent: number(sent).unwrap_or(0),
            slow_encoder: slow != 0.0,
        };
        // Never: so long that no sum overflows.
        let silence = Duration::from_millis((silence as u64).min(u32::MAX.into()));
        self.said(Said::Measured { link, silence, measure });
    }

    /// The STUN and TURN servers for peer connections.
    #[wasm_bindgen(js_name = iceServers, unchecked_return_type = "RTCIceServer[]")]
    pub fn ice_servers(&self) -> Array {
        self.0.ice_servers().iter().map(ice_server).collect()
    }
}

impl WasmRoom {
    fn said(&self, said: Said) {
        self.0.input(Input::Call(said));
    }
}

fn attendee(attendee: &Attendee) -> JsValue {
    Fields::new()
        .with("client", attendee.seat.client().0 as f64)
        .with("member", attendee.member.to_hex())
        .with("self", attendee.own)
        .with("flags", attendee.sends.bits())
        .with("may", may_bits(attendee.may))
        .with("line", attendee.way.map_or(JsValue::NULL, |way: Way| way.name().into()))
        .into()
}

fn ice_server(server: &IceServer) -> JsValue {
    let urls: Array = server.urls.iter().map(|url| JsValue::from(url.as_str())).collect();
    Fields::new()
        .with("urls", urls)
        .with_some("username", server.username.as_deref())
        .with_some("credential", server.credential.as_deref())
        .into()
}
