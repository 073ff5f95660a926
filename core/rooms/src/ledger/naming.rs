//! The ids that blocks of closed seats have in the documents, for authors who know more or less of the seat.

use crate::identity::Author;
use litemap::LiteMap;

use super::Ledger;
use super::branch::{Branch, PLACES};
use super::chain::Chain;
use super::past::Past;
use crate::guard::{self, Blocks, Refusal};
use covey_wire::id::{ClientId, DocName, SeatId};

/// The histories of closed seats with one client id, as an author knows them: each in stretches.
struct View {
    /// Blocks that are written under that id.
    common: Vec<Blocks>,
    /// Blocks that are written under the ids of branches, in their order.
    branches: Vec<Vec<Blocks>>,
}

impl Ledger {
    /// An update with the ids that blocks of closed seats have here.
    pub(super) fn renamed(
        &self,
        chain: usize,
        name: &DocName,
        update: Vec<u8>,
        past: &Past,
    ) -> Result<Vec<u8>, Refusal> {
        let own = &self.chains[chain];
        if self.partings.is_empty() && !own.closed {
            return Ok(update);
        }
        let mut views: LiteMap<ClientId, View> = LiteMap::new();
        guard::rename(&update, own.seat.client(), |client, clock| {
            let (seats, place) = match self.branch_place(client) {
                Some((seats, place)) => (seats, Some(place)),
                None if self.closed.contains_key(&client) => (client, None),
                None if own.closed && own.seat.client() == client => (client, None),
                None => return Some(Blocks { client, shift: 0, until: u32::MAX }),
            };
            let view = views.entry(seats).or_insert_with(|| self.view((chain, name), seats, past));
            // An author that knows a seat to be closed names its branches by their order among those it knows.
            let line = match place {
                Some(place) => view.branches.get(place)?,
                None => &view.common,
            };
            line.iter().copied().find(|blocks| (blocks.shift..blocks.until).contains(&clock))
        })
    }

    /// Of which closed seats' client id this is a branch's, and in which place.
    fn branch_place(&self, client: ClientId) -> Option<(ClientId, usize)> {
        let near = |seats: &&ClientId| seats.0 > client.0 && seats.0 - client.0 <= PLACES as u64;
        let seats = self.closed.keys().find(near)?;
        // Somebody's own id may be next to another's.
        let own = self.clients.get(&client).into_iter().flatten();
        let own = own.map(|chain| &self.chains[*chain]).any(|chain| !chain.closed);
        let place = usize::try_from(seats.0 - client.0 - 1).ok()?;
        (!own).then_some((*seats, place))
    }

    /// The histories that an author with this past knows of closed seats with a client id: they may have parted
    /// elsewhere, too, of which the author had not heard.
    fn view(&self, (author, name): (usize, &DocName), client: ClientId, past: &Past) -> View {
        let own = self.chains[author].seat;
        let mut seats: Vec<SeatId> =
            self.closed.get(&client).into_iter().flatten().map(|branch| branch.seat).collect();
        seats.dedup();
        if !seats.contains(&own) && own.client() == client {
            seats.push(own);
        }
        let known = |chain: &usize| *chain == author || past.of(*chain) > self.chains[*chain].base;
        let chains = |seat: &SeatId| self.seats.get(seat).into_iter().flatten().copied();
        let known: Vec<Vec<usize>> =
            seats.iter().map(|seat| chains(seat).filter(known).collect()).collect();
        let several = known.iter().filter(|chains| !chains.is_empty()).count() > 1;
        let (mut common, mut begins) = (Vec::new(), Vec::new());
        for (seat, known) in seats.into_iter().zip(&known) {
            let partings = self.known_partings(known, (author, past), several);
            let begin = |chain: &usize| {
                let of = &self.chains[*chain];
                let line = of.hashes.first().copied().unwrap_or(of.line);
                let parts = partings.contains(&(of.base + 1));
                parts.then_some((Branch { seat, base: of.base, line }, *chain))
            };
            for (branch, chain) in known.iter().filter_map(begin) {
                begins.push((branch, self.line((known, &partings), chain, (author, name), past)));
            }
            if !partings.contains(&1)
                && let Some(root) = known.iter().find(|of| self.chains[**of].base == 0)
            {
                common = self.line((known, &partings), *root, (author, name), past);
            }
        }
        begins.sort_by_key(|(branch, _)| *branch);
        View { common, branches: begins.into_iter().map(|(_, line)| line).collect() }
    }

    /// Before which entries histories of a seat part, by the chains that an author knows of it.
    fn known_partings(
        &self,
        known: &[usize],
        (author, past): (usize, &Past),
        several: bool,
    ) -> Vec<u64> {
        let mut partings: Vec<u64> = several.then_some(1).into_iter().collect();
        for (at, chain) in known.iter().enumerate() {
            let Chain { parent, base, .. } = self.chains[*chain];
            let same = known[at + 1..].iter().any(|other| self.chains[*other].parent == parent);
            let goes_on =
                parent.is_some_and(|(before, seq)| before != author && past.of(before) > seq);
            if same || goes_on {
                partings.push(base + 1);
            }
        }
        partings
    }

    /// The stretches of a history from where a chain begins to where it parts again for an author who knows
    /// these chains, each with the ids that its blocks have here.
    fn line(
        &self,
        (known, partings): (&[usize], &[u64]),
        mut chain: usize,
        (author, name): (usize, &DocName),
        past: &Past,
    ) -> Vec<Blocks> {
        let documents = self.documents.get(name);
        let (mut line, mut start) = (Vec::new(), 0);
        loop {
            let seen = documents.map_or(0, |d| d.clock(chain, past.of(chain)));
            let until = if chain == author { u32::MAX } else { start + seen };
            line.push(Blocks { client: self.chains[chain].client, shift: start, until });
            let next = known.iter().copied().find(|of| {
                let of = &self.chains[*of];
                of.parent.is_some_and(|(before, _)| before == chain)
                    && !partings.contains(&(of.base + 1))
            });
            let Some(next) = next.filter(|_| chain != author) else { return line };
            (chain, start) = (next, until);
        }
    }
}
