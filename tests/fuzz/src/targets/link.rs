//! Links: whatever they say, the checksum is right, and often the signatures are.

use covey_rooms::capability::{Chain, Grant, Link, LinkSecret, Role, Terms, Tools, link_key};
use covey_rooms::fuzzing;
use covey_rooms::seal::ContentKey;
use covey_wire::frame::Wire;
use covey_wire::id::RoomId;
use covey_wire::limits;
use covey_wire::time::Time;
use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::SigningKey;

use crate::corpus;
use crate::memory;
use crate::mutation::mutate;
use crate::rng::Rng;

const CHECKSUM: usize = 8;

/// One case.
pub fn case(seed: u64) {
    let rng = &mut Rng::new(seed);
    let link = if rng.one_in(4) { corpus::text("link").to_owned() } else { any(rng).to_fragment() };
    if rng.one_in(6) {
        let mut text = link.into_bytes();
        mutate(rng, &mut text, b"https://example.org/a/#");
        return parse(rng, &String::from_utf8_lossy(&text));
    }
    let mut body = BASE64URL_NOPAD.decode(link.as_bytes()).expect("a link is base64url");
    body.truncate(body.len() - CHECKSUM - 1);
    if !rng.one_in(8) {
        let other = any(rng).chain.to_bytes();
        mutate(rng, &mut body, &other);
    }
    parse(rng, &fuzzing::link(body));
}

fn parse(rng: &mut Rng, text: &str) {
    let Ok(link) = memory::bounded(text.as_bytes(), |_| Link::parse(text)) else { return };
    let trimmed = text.trim();
    let fragment = trimmed.rsplit_once('#').map_or(trimmed, |(_, fragment)| fragment);
    assert_eq!(link.to_fragment(), fragment, "a link has two texts");
    let given = *link.terms();
    let wanted = terms(rng);
    if let Ok(narrow) = link.attenuate(wanted, [7; 16]) {
        assert!(narrow.terms().within(&given), "a link was widened");
        assert_eq!(Link::parse(&narrow.to_fragment()), Ok(narrow));
    }
}

/// A link whose chain may widen, but whose signatures hold.
pub fn any(rng: &mut Rng) -> Link {
    let room = RoomId(rng.array());
    let first = terms(rng);
    let anchor = SigningKey::from_bytes(&rng.array());
    let (chain, secret) = chain(rng, room, &anchor, first);
    Link {
        room,
        key: ContentKey::new(rng.array()),
        nodes: (0..rng.below(4)).map(|n| "/dns4/é.example/".repeat(n)).collect(),
        title: "Tea ".repeat(rng.below(4)),
        chain,
        secret: (!rng.one_in(5)).then_some(secret),
    }
}

/// The secret of a link.
pub fn secret(rng: &mut Rng) -> LinkSecret {
    rng.array().first_chunk().copied().unwrap_or_default()
}

/// A chain of up to four grants, the first with these terms, and the secret of the last audience.
pub fn chain(
    rng: &mut Rng,
    room: RoomId,
    anchor: &SigningKey,
    first: Terms,
) -> (Chain, LinkSecret) {
    let mut steps = Vec::new();
    let (mut key, mut secret, mut next) = (anchor.clone(), LinkSecret::default(), first);
    for _ in 0..=rng.below(limits::CHAIN) {
        secret = self::secret(rng);
        let holder = link_key(&secret);
        let audience = holder.verifying_key().to_bytes();
        steps.push((core::mem::replace(&mut key, holder), Grant { audience, terms: next }));
        let free = terms(rng);
        next = if rng.one_in(4) { free } else { narrowed(free, &next) };
    }
    let chain = fuzzing::chain(room, &steps).expect("one to four grants are a chain");
    (chain, secret)
}

fn narrowed(free: Terms, parent: &Terms) -> Terms {
    let terms = Terms { role: free.role.min(parent.role), ..free }.inherit(parent);
    Terms {
        not_before: terms.not_before.max(parent.not_before),
        expires: [terms.expires, parent.expires].into_iter().flatten().min(),
        uses: [terms.uses, parent.uses].into_iter().flatten().min(),
        pass_on: true,
        ..terms
    }
}

/// Any terms.
pub fn terms(rng: &mut Rng) -> Terms {
    let roles = [Role::Replica, Role::Viewer, Role::Participant, Role::Moderator, Role::Owner];
    let tools = [Tools::ALL, Tools::CHAT, Tools::CODE, Tools::BOARD.with(Tools::CODE)];
    let time = |rng: &mut Rng| (!rng.one_in(3)).then(|| Time(rng.edge()));
    Terms {
        role: *rng.pick(&roles),
        tools: *rng.pick(&tools),
        not_before: time(rng),
        expires: time(rng),
        uses: rng.one_in(3).then(|| rng.edge() as u32),
        approval: rng.one_in(4),
        pass_on: !rng.one_in(6),
    }
}
