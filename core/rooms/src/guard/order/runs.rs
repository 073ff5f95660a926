//! The store of runs: put in, made longer, split, linked in their sequences, found by clock; and the
//! journal by which what is not kept is taken back.

use super::{Client, NONE, Order, Run, Spot, Step};
use crate::guard::labels;
use crate::guard::parse::Id;
use covey_wire::id::ClientId;

impl Order {
    /// Keeps what was put in since the last `keep`.
    pub(in super::super) fn keep(&mut self) {
        self.journal.clear();
        self.journal.shrink_to(crate::guard::SPARE_STEPS);
    }

    /// Takes back what was put in since the last `keep`.
    pub(in super::super) fn undo(&mut self) {
        while let Some(step) = self.journal.pop() {
            match step {
                Step::Longer(run, by) => self.runs[run as usize].len -= by,
                Step::New => self.unpush(),
                Step::Split(left) => {
                    self.runs[left as usize].len += self.runs[self.runs.len() - 1].len;
                    self.unpush();
                }
            }
        }
    }

    pub(super) fn next(&self, sequence: u32, run: u32) -> u32 {
        if run == NONE {
            self.heads.get(sequence as usize).copied().unwrap_or(NONE)
        } else {
            self.runs[run as usize].next
        }
    }

    /// Makes `next` follow `previous`, or lead the sequence.
    pub(super) fn link(&mut self, sequence: u32, previous: u32, next: u32) {
        if previous == NONE {
            if self.heads.len() <= sequence as usize {
                self.heads.resize(sequence as usize + 1, NONE);
            }
            self.heads[sequence as usize] = next;
        } else {
            self.runs[previous as usize].next = next;
        }
    }

    pub(super) fn number(&mut self, client: ClientId) -> u32 {
        let fresh = self.clients.len() as u32;
        let number = *self.numbers.or_insert_with(client, || fresh);
        if number == fresh {
            self.clients.push(Client { id: client, runs: Vec::new() });
        }
        number
    }

    pub(super) fn spot(&self, id: Option<Id>) -> Spot {
        let number = id.and_then(|id| Some((self.numbers.get(&id.client)?, id.clock)));
        number.map_or(Spot::NONE, |(&client, clock)| Spot { client, clock })
    }

    pub(super) fn id(&self, spot: Spot) -> Option<Id> {
        let client = self.clients.get(spot.client as usize)?.id;
        Some(Id { client, clock: spot.clock })
    }

    /// The run that holds a unit.
    pub(super) fn run_at(&self, spot: Spot) -> Option<u32> {
        let runs = &self.clients.get(spot.client as usize)?.runs;
        let after = runs.partition_point(|&(clock, _)| clock <= spot.clock);
        let (clock, run) = *runs.get(after.checked_sub(1)?)?;
        (spot.clock - clock < self.runs[run as usize].len).then_some(run)
    }

    /// The run that ends with a unit, split off if need be.
    pub(super) fn end_at(&mut self, spot: Spot) -> u32 {
        let Some(run) = self.run_at(spot) else { return NONE };
        let keep = spot.clock - self.runs[run as usize].start.clock + 1;
        if keep < self.runs[run as usize].len {
            self.split(run, keep);
        }
        run
    }

    /// The run that starts with a unit, split off if need be.
    pub(super) fn start_at(&mut self, spot: Spot) -> u32 {
        let Some(run) = self.run_at(spot) else { return NONE };
        match spot.clock - self.runs[run as usize].start.clock {
            0 => run,
            keep => self.split(run, keep),
        }
    }

    fn split(&mut self, left: u32, keep: u32) -> u32 {
        let Run { start, len, right, sequence, dead, next, .. } = self.runs[left as usize];
        let label = self.label_between(left, next);
        let origin = Spot { client: start.client, clock: start.clock + keep - 1 };
        let start = Spot { client: start.client, clock: start.clock + keep };
        let run = self.runs.len() as u32;
        self.runs[left as usize].len = keep;
        self.runs[left as usize].next = run;
        if next != NONE {
            self.runs[next as usize].previous = run;
        }
        self.runs.push(Run {
            start,
            len: len - keep,
            origin,
            right,
            sequence,
            dead,
            previous: left,
            next,
            label,
        });
        let runs = &mut self.clients[start.client as usize].runs;
        let at = runs.partition_point(|&(clock, _)| clock < start.clock);
        runs.insert(at, (start.clock, run));
        self.journal.push(Step::Split(left));
        run
    }

    pub(super) fn push(&mut self, run: Run) -> u32 {
        let number = self.runs.len() as u32;
        self.clients[run.start.client as usize].runs.push((run.start.clock, number));
        self.runs.push(run);
        self.journal.push(Step::New);
        number
    }

    pub(super) fn lengthen(&mut self, run: u32, by: u32) {
        self.runs[run as usize].len += by;
        self.journal.push(Step::Longer(run, by));
    }

    /// Takes the last run out of its list and its client.
    fn unpush(&mut self) {
        let Some(run) = self.runs.pop() else { return };
        if run.sequence != NONE {
            self.link(run.sequence, run.previous, run.next);
            if run.next != NONE {
                self.runs[run.next as usize].previous = run.previous;
            }
        }
        let runs = &mut self.clients[run.start.client as usize].runs;
        let at = runs.partition_point(|&(clock, _)| clock < run.start.clock);
        if at < runs.len() {
            runs.remove(at);
        }
    }

    pub(super) fn label_between(&mut self, previous: u32, next: u32) -> u64 {
        loop {
            let low = self.runs.get(previous as usize).map(|run| run.label);
            let high = self.runs.get(next as usize).map(|run| run.label);
            if let Some(label) = labels::between(low, high) {
                return label;
            }
            labels::spread(
                &mut Line { runs: &mut self.runs },
                if low.is_some() { previous } else { next },
            );
        }
    }
}

/// The runs as a list whose labels can be spread out.
struct Line<'a> {
    runs: &'a mut [Run],
}

impl labels::List for Line<'_> {
    fn label(&self, at: u32) -> u64 {
        self.runs[at as usize].label
    }

    fn set_label(&mut self, at: u32, label: u64) {
        self.runs[at as usize].label = label;
    }

    fn previous(&self, at: u32) -> Option<u32> {
        Some(self.runs[at as usize].previous).filter(|&run| run != NONE)
    }

    fn next(&self, at: u32) -> Option<u32> {
        Some(self.runs[at as usize].next).filter(|&run| run != NONE)
    }
}
