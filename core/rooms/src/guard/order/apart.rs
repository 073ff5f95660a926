//! How much stands between the origins of a block, by what its author could have seen.

use super::{NONE, Order, Spot};
use crate::guard::parse::Id;
use covey_wire::id::ClientId;

impl Order {
    /// How many stretches stand between two units of a sequence, of those below the `known` clocks
    /// of each client; counted up to one above `most`.
    ///
    /// Stretches that this replica has beyond those, and where its runs are split, change nothing: units of
    /// one client behind one another are one stretch, whatever unknown stands among them.
    pub(in super::super) fn apart(
        &self,
        sequence: u32,
        origin: Option<Id>,
        right: Option<Id>,
        known: impl Fn(ClientId) -> u32,
        most: usize,
    ) -> usize {
        let (origin, right) = (self.spot(origin), self.spot(right));
        let until = self.run_at(right).unwrap_or(NONE);
        let first = self.run_at(origin).unwrap_or(NONE);
        let mut at = if first == NONE { self.next(sequence, NONE) } else { first };
        let (mut count, mut expected) = (0, Spot::NONE);
        while let Some(run) = self.runs.get(at as usize) {
            let client = run.start.client;
            let start = if at == first { origin.clock + 1 } else { run.start.clock };
            let end = if at == until { right.clock } else { run.start.clock + run.len };
            let end = end.min(known(self.clients[client as usize].id));
            if start < end {
                count += usize::from(expected != Spot { client, clock: start });
                expected = Spot { client, clock: end };
            }
            if at == until || count > most {
                break;
            }
            at = run.next;
        }
        count
    }
}
