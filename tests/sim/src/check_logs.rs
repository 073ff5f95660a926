//! Checks of the logs: who wrote in them, and that each disk gives the same room again.

use std::collections::{BTreeMap, BTreeSet};

use covey_rooms::ledger::{Body, Entry};
use covey_rooms::room::Event;
use covey_rooms::room::{Output, Room};
use covey_rooms::roster::{Right, RosterAct};
use covey_wire::frame::Wire;
use covey_wire::id::{MemberId, SeatId};

use crate::page::PageId;
use crate::world::World;

impl World {
    /// In no log is anything that nobody let in wrote, or that is in the name of another.
    pub fn check_authors(&mut self) {
        let honest: BTreeSet<SeatId> =
            self.roll.iter().filter(|seat| !self.rogues.contains_key(seat)).copied().collect();
        let shut_out: BTreeSet<MemberId> = {
            let all = self.rogues.values().filter(|rogue| rogue.kind.is_shut_out());
            all.map(|rogue| rogue.member).collect()
        };
        let mut places = BTreeMap::new();
        for device in 0..self.devices.len() {
            let marks = self.devices[device].disk.marks();
            let mut admitted = BTreeSet::new();
            let mut entered: BTreeMap<SeatId, MemberId> = BTreeMap::new();
            for (seat, seq, bytes) in &marks {
                let Ok(entry) = Entry::from_bytes(bytes) else { continue };
                match entry.body {
                    Body::Roster(RosterAct::Admit(claim)) => {
                        admitted.insert(claim.claimed().member);
                    }
                    Body::Roster(RosterAct::Enter { certificate, right }) => {
                        let member = certificate.claimed().member;
                        entered.insert(*seat, member);
                        if matches!(right, Right::Founder(_)) && honest.contains(seat) {
                            admitted.insert(member);
                        }
                    }
                    Body::Document { .. } => {}
                }
                if honest.contains(seat) && !self.signed.contains(&(*seat, *seq, bytes.clone())) {
                    return self.fail(|| format!("device {device} has what {seat:?} never wrote"));
                }
                if !honest.contains(seat) {
                    places.entry((*seat, *seq)).or_insert_with(BTreeSet::new).insert(bytes.clone());
                }
            }
            let seats: BTreeSet<SeatId> = marks.iter().map(|(seat, _, _)| *seat).collect();
            for seat in seats {
                let member = entered.get(&seat);
                if member
                    .is_none_or(|member| !admitted.contains(member) || shut_out.contains(member))
                {
                    return self.fail(|| format!("device {device} keeps what a stranger wrote"));
                }
            }
        }
        self.counts.foreign = places.values().map(|all| all.len() as u64).sum();
        let forked = places.into_iter().filter(|(_, entries)| entries.len() > 1);
        let forked: BTreeSet<SeatId> = forked.map(|((seat, _), _)| seat).collect();
        self.counts.forks = forked.len() as u64;
    }

    /// A page that loads its own disk, in whatever order it is read, has the same room.
    pub fn check_loading(&mut self, inside: &[PageId]) {
        for id in inside {
            let page = &self.pages[id];
            let device = page.device;
            let stats = page.client.stats();
            let people: BTreeMap<_, _> =
                page.client.people().into_iter().map(|row| (row.member, row.role)).collect();
            let Some((record, mut log)) = self.devices[device].disk.kept() else { continue };
            for at in (1..log.len()).rev() {
                let other = self.rng.below(at as u64 + 1) as usize;
                log.swap(at, other);
            }
            let setup = self.setup(device);
            let client = Room::reopen(setup, record, log, self.clock(device));
            let mut client = match client {
                Ok(client) => client,
                Err(error) => {
                    return self.fail(|| format!("device {device} can't load its log: {error}"));
                }
            };
            while let Some(output) = client.poll() {
                if let Output::Event(Event::Unreadable { segments }) = output {
                    return self.fail(|| format!("device {device}: {segments} can't be read"));
                }
            }
            // A document in which there is nothing is there once somebody looks for it.
            for name in crate::views::DOCUMENTS {
                client.state(&name);
            }
            let again = client.stats();
            // It sat down once more.
            let same = again.digests == stats.digests
                && again.entries == stats.entries + 1
                && again.seats == stats.seats + 1;
            if !same {
                return self.fail(|| format!("device {device} loads {again:?}, not {stats:?}"));
            }
            let rows = client.people().into_iter().map(|row| (row.member, row.role));
            if rows.collect::<BTreeMap<_, _>>() != people {
                return self.fail(|| format!("device {device} loads other people"));
            }
        }
    }
}
