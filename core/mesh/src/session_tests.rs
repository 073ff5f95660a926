use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// Two sessions, their connections and what is written on them: a network of perfect order within
/// a connection and of any order between connections.
struct Pair {
    sides: [Session<u8>; 2],
    /// Things on their way: (connection, to which side) and the things in order.
    wires: BTreeMap<(u8, usize), VecDeque<Thing>>,
    /// Gates: what each side may read on a connection.
    reads: [BTreeMap<u8, Mark>; 2],
    /// Last mark opened by each side on a connection.
    marks: [BTreeMap<u8, Mark>; 2],
    up: [Option<u8>; 2],
    sent: [u32; 2],
    /// Received since the last up.
    got: [Vec<u32>; 2],
    downs: [u32; 2],
    alive: BTreeSet<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Thing {
    Header(Mark),
    Message(Mark, u32),
    End(Mark),
    Ack(Mark),
    Broke(Mark),
}

impl Pair {
    fn new() -> Self {
        Self {
            sides: Default::default(),
            wires: BTreeMap::new(),
            reads: Default::default(),
            marks: Default::default(),
            up: [None; 2],
            sent: [0; 2],
            got: Default::default(),
            downs: [0; 2],
            alive: BTreeSet::new(),
        }
    }

    fn put(&mut self, c: u8, to: usize, thing: Thing) {
        if self.alive.contains(&c) {
            self.wires.entry((c, to)).or_default().push_back(thing);
        }
    }

    fn drain(&mut self, me: usize) {
        while let Some(step) = self.sides[me].poll() {
            let other = 1 - me;
            match step {
                Step::Open(c, mark) => {
                    if let Some(old) = self.marks[me].insert(c, mark) {
                        self.put(c, other, Thing::Broke(old));
                    }
                    self.put(c, other, Thing::Header(mark));
                    self.sides[me].opened(c, mark);
                }
                Step::Finish(c) => {
                    let mark = self.marks[me][&c];
                    self.put(c, other, Thing::End(mark));
                }
                Step::Abandon(c) => {
                    if let Some(mark) = self.marks[me].remove(&c) {
                        self.put(c, other, Thing::Broke(mark));
                    }
                }
                Step::Read(c, mark) => {
                    self.reads[me].insert(c, mark);
                }
                Step::Up(c) => self.up[me] = Some(c),
                Step::Down => {
                    self.up[me] = None;
                    self.downs[me] += 1;
                    self.got[me].clear();
                    self.sent[me] = 0;
                }
                Step::Close(c) => self.close(c),
            }
        }
    }

    fn connect(&mut self, c: u8) {
        self.alive.insert(c);
        for me in 0..2 {
            let best = *self.alive.last().unwrap();
            self.sides[me].prefer(best);
            self.drain(me);
        }
    }

    fn close(&mut self, c: u8) {
        self.alive.remove(&c);
        self.wires.retain(|(wire, _), _| *wire != c);
        for me in 0..2 {
            self.marks[me].remove(&c);
            self.reads[me].remove(&c);
            self.sides[me].closed(c, self.alive.last().copied());
        }
        self.drain(0);
        self.drain(1);
    }

    fn send(&mut self, me: usize) {
        if let Some(c) = self.sides[me].out() {
            self.sent[me] += 1;
            let mark = self.marks[me][&c];
            self.put(c, 1 - me, Thing::Message(mark, self.sent[me]));
        }
    }

    /// Delivers one thing of a wire; false when it is gated or empty.
    fn deliver(&mut self, c: u8, to: usize) -> bool {
        let Some(wire) = self.wires.get_mut(&(c, to)) else { return false };
        let open = |mark: Mark| self.reads[to].get(&c) == Some(&mark);
        // Streams on one connection don't wait for one another: pass over a gated stream.
        let at = wire
            .iter()
            .position(|thing| match thing {
                Thing::Message(mark, _) | Thing::End(mark) => open(*mark),
                _ => true,
            })
            .unwrap_or(usize::MAX);
        let Some(thing) = wire.remove(at) else { return false };
        match thing {
            Thing::Header(mark) => self.sides[to].started(c, mark),
            Thing::Message(mark, n) => {
                if self.sides[to].reads(c, mark) {
                    self.got[to].push(n);
                }
            }
            Thing::End(mark) => {
                self.put(c, 1 - to, Thing::Ack(mark));
                self.sides[to].ended(c, mark);
            }
            Thing::Ack(mark) => {
                // Of streams that were abandoned nothing is heard any more.
                if self.marks[to].get(&c) == Some(&mark) {
                    self.marks[to].remove(&c);
                    self.sides[to].finished(c, mark);
                }
            }
            Thing::Broke(mark) => {
                if let Some(wire) = self.wires.get_mut(&(c, to)) {
                    wire.retain(
                        |t| !matches!(t, Thing::Message(m, _) | Thing::End(m) if *m == mark),
                    );
                }
                self.sides[to].broken(c, mark);
            }
        }
        self.drain(to);
        true
    }

    fn settle(&mut self) {
        loop {
            let wires: Vec<_> = self.wires.keys().copied().collect();
            let mut moved = false;
            for (c, to) in wires {
                while self.deliver(c, to) {
                    moved = true;
                }
            }
            if !moved {
                break;
            }
        }
    }
}

#[test]
fn a_first_connection_brings_both_up() {
    let mut pair = Pair::new();
    pair.connect(1);
    assert_eq!(pair.up, [None, None], "nobody is up before the other's streams came");
    pair.settle();
    assert_eq!(pair.up, [Some(1), Some(1)]);
    pair.send(0);
    pair.settle();
    assert_eq!(pair.got[1], [1]);
    assert!(pair.sides.iter().all(Session::settled));
}

#[test]
fn moving_to_a_better_connection_keeps_the_order() {
    let mut pair = Pair::new();
    pair.connect(1);
    pair.settle();
    for _ in 0..3 {
        pair.send(0);
    }
    pair.connect(2);
    pair.send(0);
    assert_eq!(pair.up[0], Some(2));
    // Messages on the new connection arrive first and have to wait.
    while pair.deliver(2, 1) {}
    assert_eq!(pair.got[1], [0u32; 0]);
    pair.settle();
    assert_eq!(pair.got[1], [1, 2, 3, 4]);
    assert_eq!(pair.downs, [0, 0]);
    for side in &pair.sides {
        assert!(side.settled() && !side.uses(1));
    }
    pair.close(1);
    assert_eq!(pair.downs, [0, 0], "an unused connection may go");
}

#[test]
fn a_connection_lost_while_it_was_read_is_told_to_both() {
    let mut pair = Pair::new();
    pair.connect(1);
    pair.settle();
    pair.send(0);
    pair.connect(2);
    pair.close(1);
    pair.settle();
    assert_eq!(pair.downs, [1, 1]);
    assert_eq!(pair.up, [Some(2), Some(2)]);
    pair.send(0);
    pair.settle();
    assert_eq!(pair.got[1], [1]);
}

#[test]
fn an_epoch_far_ahead_is_misuse() {
    let mut session = Session::<u8>::default();
    session.prefer(1);
    session.started(1, Mark { epoch: u64::MAX, index: 0 });
    let steps: Vec<_> = std::iter::from_fn(|| session.poll()).collect();
    assert!(steps.contains(&Step::Close(1)), "{steps:?}");
}

/// Random connects, losses, sends and deliveries; at the end both are up and what came since the
/// last up is exactly what was sent, in order.
#[test]
fn any_course_of_connections_ends_in_agreement() {
    for seed in 0..3000u64 {
        let mut jitter = crate::backoff::Jitter::new(seed);
        let mut below =
            |n: u64| jitter.up_to(core::time::Duration::from_secs(1 << 20)).as_millis() as u64 % n;
        let mut pair = Pair::new();
        let mut next = 1;
        for _ in 0..80 {
            match below(10) {
                0 if next < 12 => {
                    pair.connect(next);
                    next += 1;
                }
                1 if below(3) == 0 => {
                    let alive: Vec<_> = pair.alive.iter().copied().collect();
                    if !alive.is_empty() {
                        pair.close(alive[below(alive.len() as u64) as usize]);
                    }
                }
                2 | 3 => pair.send(below(2) as usize),
                _ => {
                    let wires: Vec<_> = pair.wires.keys().copied().collect();
                    if !wires.is_empty() {
                        let (c, to) = wires[below(wires.len() as u64) as usize];
                        pair.deliver(c, to);
                    }
                }
            }
            for me in 0..2 {
                let got = &pair.got[me];
                assert!(got.windows(2).all(|w| w[0] + 1 == w[1]), "seed {seed}: {got:?}");
            }
        }
        pair.connect(20);
        pair.settle();
        assert!(pair.sides.iter().all(Session::settled), "seed {seed}");
        assert_eq!(pair.up, [Some(20), Some(20)], "seed {seed}");
        for me in 0..2 {
            let before = pair.got[1 - me].last().copied().unwrap_or(0);
            assert_eq!(before, pair.sent[me], "seed {seed}: what was sent came");
            pair.send(me);
        }
        pair.settle();
        for me in 0..2 {
            assert_eq!(pair.got[1 - me].last(), Some(&pair.sent[me]), "seed {seed}");
            assert!(pair.sides[me].settled(), "seed {seed}");
        }
    }
}
