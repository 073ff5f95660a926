//! A guarded replica, as a page has one.

use std::collections::BTreeMap;

use covey_rooms::documents::{DocKind, Document};
use covey_rooms::guard::{Guard, Refusal, Seen};
use covey_wire::id::{ClientId, MemberId, hex};

use crate::memory;

/// The next clock of each client.
pub(super) type Clocks = BTreeMap<ClientId, u32>;

/// What an author had seen.
pub(super) struct Past(pub(super) Clocks);

impl Seen for Past {
    fn clock(&self, client: ClientId) -> u32 {
        self.0.get(&client).copied().unwrap_or(0)
    }

    fn member(&self, client: ClientId) -> Option<MemberId> {
        Some(member(client))
    }
}

/// Whose client it is: everyone has one.
pub(super) fn member(client: ClientId) -> MemberId {
    MemberId([client.0 as u8; 32])
}

/// A guard and a document that it guards.
pub(super) struct Replica {
    guard: Guard,
    pub(super) document: Document,
    pub(super) clocks: Clocks,
}

impl Replica {
    pub(super) fn new(kind: DocKind) -> Self {
        Self {
            guard: Guard::new(kind),
            document: Document::new(kind, ClientId(70)),
            clocks: Clocks::new(),
        }
    }

    pub(super) fn clock(&self, client: ClientId) -> u32 {
        self.clocks.get(&client).copied().unwrap_or(0)
    }

    pub(super) fn take(
        &mut self,
        update: &[u8],
        author: ClientId,
        past: &Past,
    ) -> Result<usize, Refusal> {
        let next = self.clock(author);
        let guard = &mut self.guard;
        let check = |update: &[u8]| {
            let checked = guard.check(update, author, next, past)?;
            Ok::<_, Refusal>((checked.cost(), checked.accept()))
        };
        let (cost, end) = memory::bounded(update, check)?;
        self.clocks.insert(author, end);
        let document = &mut self.document;
        let applied = memory::charged(update, cost, |update| document.apply(update));
        assert_eq!(applied, Ok(()), "what the guard passes doesn't apply: {}", hex(update));
        Ok(cost)
    }
}
