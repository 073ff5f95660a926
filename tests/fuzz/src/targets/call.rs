//! Messages of calls, and the machine that decides a call, between a page that does anything and peers that send anything.

use std::time::Duration;

use covey_rooms::call::{Abilities, Call, Ends, Input, Measure, Message, Output, Request, Sends};
use covey_rooms::call::{Shown, Told};
use covey_rooms::capability::{Role, Tools};
use covey_rooms::identity::Author;
use covey_rooms::roster::{Standing, Who};
use covey_wire::frame::Wire;
use covey_wire::id::{MemberId, SeatId};
use covey_wire::limits;
use covey_wire::time::Instant;

use crate::mutation::mutate;
use crate::rng::Rng;

const SEATS: u8 = 4;

/// One case: a page in a call, and messages of a few seats.
pub fn case(seed: u64) {
    let rng = &mut Rng::new(seed);
    let own = SeatId([2; 32]);
    let mut call = Call::new(own, rng.array());
    let mut now = Instant(rng.below(1000) as u64);
    let started = now;
    let roles: Vec<Option<Standing>> = (0..SEATS).map(|_| standing(rng)).collect();
    let who = |seat: SeatId| Who {
        seat,
        member: Some(MemberId(seat.0)),
        standing: roles[usize::from(seat.0[0] % SEATS)],
    };
    for seat in 0..SEATS {
        call.add_peer(SeatId([seat; 32]), now);
    }
    call.members_changed(who(own), who, now);
    let (mut opened, mut links) = (0, 0);
    for _ in 0..rng.below(60) {
        let seat = SeatId([rng.byte() % SEATS; 32]);
        match rng.below(8) {
            0..4 => {
                let mut bytes = message(rng).to_bytes();
                if rng.one_in(3) {
                    mutate(rng, &mut bytes, b"\x01\x02v=0\r\n");
                }
                if let Ok(message) = Message::from_bytes(&bytes) {
                    assert_eq!(Message::from_bytes(&message.to_bytes()).as_ref(), Ok(&message));
                    assert!(message.cost() > 0);
                    call.message(&who(seat), message, now);
                }
            }
            4 | 5 => call.handle(input(rng), now),
            6 => {
                now = now + Duration::from_millis(rng.below(5_000) as u64);
                call.tick(now);
            }
            _ if rng.one_in(4) => call.clear_peer(seat),
            _ if rng.one_in(2) => call.lost_peer(seat, now),
            _ => call.add_peer(seat, now),
        }
        call.greet((0..SEATS).map(|seat| SeatId([seat; 32])));
        let mut outputs = 0;
        while let Some(output) = call.poll() {
            outputs += 1;
            match output {
                Output::Told(Told::Open { .. }) => (opened, links) = (opened + 1, links + 1),
                Output::Told(Told::Close(_)) => links -= 1,
                Output::Send(_, message) => {
                    assert!(message.to_bytes().len() <= limits::CALL_MESSAGE, "fits its channel");
                }
                Output::Told(_) | Output::Offence(..) => {}
            }
        }
        assert!(
            outputs <= 32 * usize::from(SEATS) + limits::CANDIDATES,
            "{outputs} outputs of one input"
        );
        assert!((0..=i32::from(SEATS)).contains(&links), "one connection for each seat");
        assert!(call.is_joined() || links == 0, "nothing is left behind");
        assert!(call.attendees().len() <= usize::from(SEATS) + 1);
    }
    // Joining and leaving makes connections anew at the page's will; peers alone make one each half second.
    let halves = now.since(started).as_millis() as usize / 500 + 1;
    assert!(opened <= (halves + 60) * usize::from(SEATS));
}

fn standing(rng: &mut Rng) -> Option<Standing> {
    let role = *rng.pick(&[Role::Replica, Role::Viewer, Role::Participant, Role::Moderator]);
    let tools = *rng.pick(&[Tools::ALL, Tools::CHAT, Tools::MEDIA, Tools::SCREEN]);
    (!rng.one_in(5)).then(|| Standing::new(role, tools))
}

fn text(rng: &mut Rng) -> String {
    let length =
        if rng.one_in(40) { limits::DESCRIPTION - 4 + rng.below(8) } else { rng.below(40) };
    "v".repeat(length)
}

fn ends(rng: &mut Rng) -> Ends {
    Ends { from: 1 + rng.below(4) as u64, to: rng.below(3) as u64 }
}

fn message(rng: &mut Rng) -> Message {
    match rng.below(7) {
        0 | 1 => {
            let sends = (!rng.one_in(5)).then(|| Sends::from_bits(rng.byte().into()));
            Message::State(sends, Abilities::from_bits(rng.byte().into()))
        }
        2 => {
            let (ends, offer, sdp) = (ends(rng), rng.one_in(2), text(rng));
            Message::Description { ends, turn: rng.below(4) as u32, offer, sdp }
        }
        3 => Message::Candidate(ends(rng), text(rng)),
        4 => Message::AskOffer(ends(rng)),
        5 => {
            let camera = rng.edge() as u16;
            Message::Shown(Shown { camera, screen: rng.edge() as u16, pinned: rng.one_in(2) })
        }
        _ if rng.one_in(2) => Message::Reaction(text(rng)),
        _ => {
            let requests = [Request::Mute, Request::StopShare, Request::Leave];
            Message::Request(SeatId([rng.byte() % SEATS; 32]), *rng.pick(&requests))
        }
    }
}

fn input(rng: &mut Rng) -> Input {
    let link = rng.below(8) as u32;
    match rng.below(9) {
        0 | 1 => Input::Join(Abilities::from_bits(rng.byte().into())),
        2 => Input::Sends(Sends::from_bits(rng.byte().into())),
        3 => Input::Described { link, turn: rng.below(6) as u32, sdp: text(rng) },
        4 => Input::Candidate { link, candidate: text(rng) },
        5 => Input::Broken(link),
        6 => {
            let measure = Measure {
                round_trip: rng.one_in(2).then(|| rng.edge() as u32),
                loss: rng.one_in(2).then(|| rng.edge() as u32),
                estimate: rng.one_in(2).then(|| rng.edge() as u32),
                sent: rng.edge() as u32,
                slow_encoder: rng.one_in(2),
            };
            let silence = Duration::from_millis(rng.below(4_000) as u64);
            Input::Measured { link, silence, measure }
        }
        7 if rng.one_in(3) => Input::Leave,
        7 => {
            let client = SeatId([rng.byte() % SEATS; 32]).client();
            let shown =
                Shown { camera: rng.edge() as u16, screen: rng.edge() as u16, pinned: false };
            Input::Shown(vec![(client, shown)])
        }
        _ => Input::Ask(SeatId([rng.byte() % SEATS; 32]).client(), Request::Leave),
    }
}
