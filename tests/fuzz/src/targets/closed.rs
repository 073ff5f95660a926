//! Updates of a seat with several histories: under other ids, and with nothing in them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use covey_rooms::documents::{DocKind, Document};
use covey_rooms::guard::{Blocks, Guard, Refusal, Seen, hollow, rename};
use covey_wire::frame::Reader;
use covey_wire::id::{ClientId, MemberId, hex, unhex};

use crate::corpus;
use crate::memory;
use crate::mutation::mutate;
use crate::rng::Rng;

/// The id that a closed seat's blocks have.
const BRANCH: ClientId = ClientId(4_000_000_000_000_001);

/// One case: an update by itself, or a session of Yjs in which somebody's seat is closed.
pub fn case(seed: u64) {
    let rng = &mut Rng::new(seed);
    if rng.one_in(12) {
        let some = rng.pick(sessions());
        session(rng, some);
        return;
    }
    let step = |rng: &mut Rng| {
        let session = rng.pick(sessions());
        rng.pick(&session.steps).update.clone()
    };
    let mut update = if rng.one_in(3) { rng.pick(corpus::crashers()).clone() } else { step(rng) };
    if !rng.one_in(4) {
        let other = step(rng);
        mutate(rng, &mut update, &other);
    }
    alone(&update);
}

/// The outcome has the one form that updates have, and its own content only.
fn alone(update: &[u8]) {
    let author = author(update).unwrap_or(ClientId(7));
    let same = |client, _| Some(Blocks { client, shift: 0, until: u32::MAX });
    let renamed = memory::bounded(update, |update| rename(update, author, same));
    let emptied = memory::bounded(update, hollow);
    let Ok(renamed) = renamed else {
        let other = matches!(renamed, Err(Refusal::Author));
        assert!(other || emptied.is_err(), "hollow reads what rename does not: {}", hex(update));
        return;
    };
    assert_eq!(hex(&renamed), hex(update), "nothing was renamed");
    let Ok(Some(emptied)) = emptied else { return };
    assert_eq!(hollow(&emptied).as_ref(), Ok(&Some(emptied.clone())), "hollow twice is other");
    assert_eq!(rename(&emptied, author, same).as_ref(), Ok(&emptied), "hollow has no form");
    assert_eq!(emptied.last(), Some(&0), "something is deleted: {}", hex(&emptied));
    assert!(emptied.len() <= update.len() + 8, "hollow is larger");
    let away = |client, clock: u32| Some(Blocks { client, shift: clock + 1, until: u32::MAX });
    assert!(rename(update, author, away).is_err() || update[0] == 0, "clocks below nothing");
}

/// The client in the head of an update.
fn author(update: &[u8]) -> Option<ClientId> {
    let mut r = Reader::new(update);
    (r.varint().ok()? > 0).then_some(())?;
    r.varint().ok()?;
    Some(ClientId(r.varint().ok()?)).filter(|client| *client <= ClientId::MAX)
}

/// One update of a session, and what its author had seen.
struct Step {
    author: ClientId,
    seen: BTreeMap<ClientId, u32>,
    update: Vec<u8>,
}

/// The clocks an author had seen, and the member whose branch it is.
struct Past {
    clocks: BTreeMap<ClientId, u32>,
    closed: ClientId,
}

impl Seen for Past {
    fn clock(&self, client: ClientId) -> u32 {
        self.clocks.get(&client).copied().unwrap_or(0)
    }

    fn member(&self, client: ClientId) -> Option<MemberId> {
        let client = if client == BRANCH { self.closed } else { client };
        Some(MemberId([client.0 as u8; 32]))
    }
}

struct Session {
    kind: DocKind,
    steps: Vec<Step>,
}

/// All stored sessions of Yjs.
fn sessions() -> &'static [Session] {
    static ALL: OnceLock<Vec<Session>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all: Vec<Session> = Vec::new();
        let files = corpus::VECTORS.iter().filter(|(name, _)| name.starts_with("yjs-"));
        for line in files.flat_map(|(_, file)| corpus::lines(file)) {
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["session", _, _, kind] => {
                    let kind = match kind {
                        "chat" => DocKind::Chat,
                        "board" => DocKind::Board,
                        "code" => DocKind::Code,
                        _ => DocKind::Custom,
                    };
                    all.push(Session { kind, steps: Vec::new() });
                }
                [author, seen, update] => {
                    let step = step(author, seen, update);
                    all.last_mut().into_iter().zip(step).for_each(|(to, step)| to.steps.push(step));
                }
                _ => {}
            }
        }
        all.retain(|session| !session.steps.is_empty());
        all
    })
}

fn step(author: &str, seen: &str, update: &str) -> Option<Step> {
    let pair = |of: &str| {
        let (client, clock) = of.split_once(':')?;
        Some((ClientId(client.parse().ok()?), clock.parse().ok()?))
    };
    let seen = seen.split(',').filter_map(pair).collect();
    Some(Step { author: ClientId(author.parse().ok()?), seen, update: unhex(update)? })
}

/// Somebody's seat turns out to be closed from some update on: what others wrote beside its blocks, and in
/// them, is taken and applies. Tells whether the guard took it all: rules that hold for members may not hold
/// under another name.
fn session(rng: &mut Rng, session: &Session) -> bool {
    let closed = rng.pick(&session.steps).author;
    let (mut guard, mut clocks) = (Guard::new(session.kind), BTreeMap::<ClientId, u32>::new());
    let mut real: BTreeMap<ClientId, u32> = BTreeMap::new();
    let steps = session.steps.iter().filter(|step| step.author == closed).count();
    let (mut left, mut parts) = (rng.below(steps), None);
    let mut shown: Vec<Vec<u8>> = Vec::new();
    for Step { author, seen, update } in &session.steps {
        let (own, next) = (*author == closed, real.get(author).copied().unwrap_or(0));
        if own && parts.is_none() {
            parts = (left == 0).then_some(next);
            left = left.saturating_sub(1);
        }
        let parting = parts;
        let place = |client: ClientId, clock: u32| match parting {
            Some(at) if client == closed && clock >= at => {
                Some(Blocks { client: BRANCH, shift: at, until: u32::MAX })
            }
            Some(at) if client == closed => Some(Blocks { client, shift: 0, until: at }),
            _ => Some(Blocks { client, shift: 0, until: u32::MAX }),
        };
        let Ok(renamed) = rename(update, *author, place) else { return false };
        let id = if own && parts.is_some() { BRANCH } else { *author };
        let mut past = seen.clone();
        past.insert(*author, next);
        if let (Some(at), Some(of)) = (parts, past.get_mut(&closed)) {
            let behind = of.saturating_sub(at);
            *of = (*of).min(at);
            past.insert(BRANCH, behind);
        }
        let start = clocks.get(&id).copied().unwrap_or(0);
        let Ok(end) =
            guard.check(&renamed, id, start, &Past { clocks: past, closed }).map(|c| c.accept())
        else {
            return false;
        };
        clocks.insert(id, end);
        real.insert(*author, next + (end - start));
        if id == BRANCH {
            shown.extend(hollow(&renamed).expect("what the guard takes has a form"));
        } else {
            shown.push(renamed);
        }
    }
    let mut seen = Document::new(session.kind, ClientId(70));
    for update in &shown {
        seen.apply(update).expect("what stands beside a closed seat applies");
    }
    let mut again = Document::new(session.kind, ClientId(71));
    again.apply(&seen.state()).expect("what is saved can be loaded");
    assert_eq!(again.digest(), seen.digest(), "what is saved differs");
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_sessions_go_on_beside_a_closed_seat() {
        let rng = &mut Rng::new(1);
        let all = sessions();
        let whole = all.iter().filter(|of| session(rng, of)).count();
        assert!(whole * 10 > all.len() * 9, "{whole} of {}", all.len());
    }
}
