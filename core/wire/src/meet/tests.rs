use core::fmt::Debug;

use proptest::prelude::*;

use super::*;
use crate::id::{hex, unhex};

const ROOM: Namespace = Namespace([0x11; 32]);
const SEAT: SeatId = SeatId([0x22; 32]);

const GOLDEN: &str = include_str!("../../../../tests/vectors/meet.hex");

fn has_golden_bytes<T: Wire + PartialEq + Debug>(name: &str, message: T) {
    let line = GOLDEN.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let golden = line.expect("named in the golden file");
    assert_eq!(hex(&frame(&message)), golden, "{name}");
    let bytes = unhex(golden).unwrap();
    let size = bytes.len();
    assert_eq!(unframe::<T>(&bytes), Ok(Some((Some(message), size))), "{name}");
    for end in 0..size {
        assert_eq!(unframe::<T>(&bytes[..end]), Ok(None), "{name} cut at {end}");
    }
}

#[test]
fn requests_have_their_golden_bytes() {
    has_golden_bytes("discover", MeetRequest::Discover(ROOM));
    has_golden_bytes("register", MeetRequest::Register(ROOM));
    has_golden_bytes("leave", MeetRequest::Leave(ROOM));
    has_golden_bytes("info_request", InfoRequest);
}

#[test]
fn replies_have_their_golden_bytes() {
    let found = |seats| MeetReply::Found { namespace: ROOM, seats };
    let reason = Refusal::Namespaces;
    let refused = MeetReply::Refused { namespace: ROOM, reason, retry_after_ms: 300 };
    has_golden_bytes("found_nobody", found(vec![]));
    has_golden_bytes("found_one", found(vec![SEAT]));
    has_golden_bytes("registered", MeetReply::Registered(ROOM));
    has_golden_bytes("joined", MeetReply::Joined { namespace: ROOM, seat: SEAT });
    has_golden_bytes("refused", refused);
}

#[test]
fn a_nodes_offer_has_its_golden_bytes() {
    let turn =
        IceServer { urls: vec!["turn:a".into()], username: Some("u".into()), credential: None };
    let info = NodeInfo {
        ice_servers: vec![turn],
        circuit_seconds: 3600,
        circuit_bytes: 64,
        reservation_seconds: 1,
    };
    has_golden_bytes("node_info", info);
}

#[test]
fn the_largest_messages_fit_a_frame() {
    let found = MeetReply::Found { namespace: ROOM, seats: vec![SEAT; limits::FOUND] };
    assert!(found.to_bytes().len() <= limits::NODE_MESSAGE);
    let server = IceServer {
        urls: vec!["x".repeat(limits::ICE_URL); limits::ICE_URLS],
        username: Some("x".repeat(limits::ICE_CREDENTIAL)),
        credential: Some("x".repeat(limits::ICE_CREDENTIAL)),
    };
    let info = NodeInfo {
        ice_servers: vec![server; limits::ICE_SERVERS],
        circuit_seconds: u64::MAX,
        circuit_bytes: u64::MAX,
        reservation_seconds: u64::MAX,
    };
    assert!(info.to_bytes().len() <= limits::NODE_MESSAGE);
}

#[test]
fn other_versions_and_kinds_are_refused() {
    let mut bytes = MeetRequest::Discover(ROOM).to_bytes();
    bytes[1] = 3;
    assert_eq!(MeetRequest::from_bytes(&bytes), Err(DecodeError::Unknown));
    bytes[0] = 2;
    assert_eq!(MeetRequest::from_bytes(&bytes), Err(DecodeError::Unknown));
    assert_eq!(InfoRequest::from_bytes(&[1, 0, 0]), Err(DecodeError::Trailing));
}

#[test]
fn frames_outside_the_limits_are_refused_before_they_arrive() {
    let mut w = Writer::new();
    w.varint(limits::NODE_MESSAGE as u64 + 1);
    let length = Err(FrameError::Length(limits::NODE_MESSAGE as u64 + 1));
    assert_eq!(unframe::<MeetReply>(&w.into_bytes()), length);
    assert_eq!(unframe::<MeetReply>(&[0]), Err(FrameError::Length(0)));
    assert_eq!(
        unframe::<MeetReply>(&[0xff; 10]),
        Err(FrameError::Message(DecodeError::NotMinimal))
    );
}

fn namespace() -> impl Strategy<Value = Namespace> {
    any::<[u8; 32]>().prop_map(Namespace)
}

fn seat() -> impl Strategy<Value = SeatId> {
    any::<[u8; 32]>().prop_map(SeatId)
}

fn request() -> impl Strategy<Value = MeetRequest> {
    prop_oneof![
        namespace().prop_map(MeetRequest::Discover),
        namespace().prop_map(MeetRequest::Register),
        namespace().prop_map(MeetRequest::Leave),
    ]
}

fn reply() -> impl Strategy<Value = MeetReply> {
    let reason = prop::sample::select(vec![Refusal::Namespaces, Refusal::Full, Refusal::Rate]);
    prop_oneof![
        (namespace(), prop::collection::vec(seat(), 0..=limits::FOUND))
            .prop_map(|(namespace, seats)| MeetReply::Found { namespace, seats }),
        namespace().prop_map(MeetReply::Registered),
        (namespace(), seat()).prop_map(|(namespace, seat)| MeetReply::Joined { namespace, seat }),
        (namespace(), reason, any::<u64>()).prop_map(|(namespace, reason, retry_after_ms)| {
            MeetReply::Refused { namespace, reason, retry_after_ms }
        }),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(any::<char>(), 0..60).prop_map(String::from_iter)
}

fn info() -> impl Strategy<Value = NodeInfo> {
    let server = (
        prop::collection::vec(text(), 0..=limits::ICE_URLS),
        prop::option::of(text()),
        prop::option::of(text()),
    )
        .prop_map(|(urls, username, credential)| IceServer { urls, username, credential });
    (prop::collection::vec(server, 0..=limits::ICE_SERVERS), any::<[u64; 3]>()).prop_map(
        |(ice_servers, [circuit_seconds, circuit_bytes, reservation_seconds])| NodeInfo {
            ice_servers,
            circuit_seconds,
            circuit_bytes,
            reservation_seconds,
        },
    )
}

fn comes_back<T: Wire + PartialEq + Debug>(message: T) -> Result<(), TestCaseError> {
    let mut bytes = frame(&message);
    let size = bytes.len();
    bytes.extend_from_slice(&[7; 3]);
    prop_assert_eq!(unframe::<T>(&bytes), Ok(Some((Some(message), size))));
    Ok(())
}

fn is_canonical<T: Wire>(bytes: &[u8]) -> Result<(), TestCaseError> {
    let _ = unframe::<T>(bytes);
    if let Ok(message) = T::from_bytes(bytes) {
        prop_assert_eq!(message.to_bytes(), bytes);
    }
    Ok(())
}

proptest! {
    #[test]
    fn messages_come_back(request in request(), reply in reply(), info in info()) {
        comes_back(request)?;
        comes_back(reply)?;
        comes_back(info)?;
    }

    #[test]
    fn readable_bytes_are_written_the_same(
        start in prop::sample::select(vec![vec![], vec![1, 0], vec![1, 1], vec![1, 2], vec![1, 3]]),
        noise in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let bytes = [start, noise].concat();
        is_canonical::<MeetRequest>(&bytes)?;
        is_canonical::<MeetReply>(&bytes)?;
        is_canonical::<InfoRequest>(&bytes)?;
        is_canonical::<NodeInfo>(&bytes)?;
    }

    #[test]
    fn a_damaged_message_is_read_canonically_or_refused(
        info in info(),
        reply in reply(),
        at: prop::sample::Index,
        byte: u8,
    ) {
        for mut bytes in [info.to_bytes(), reply.to_bytes()] {
            let at = at.index(bytes.len());
            bytes[at] = byte;
            is_canonical::<NodeInfo>(&bytes)?;
            is_canonical::<MeetReply>(&bytes)?;
        }
    }
}
