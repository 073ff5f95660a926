use super::*;
use crate::peer::{HEAD_START, UPGRADE_GRACE};

#[path = "connection_places_tests.rs"]
mod places;
#[path = "trust_tests.rs"]
mod trust;

struct World {
    peers: Peers,
    other: PeerId,
    nodes: SortedSet<PeerId>,
    now: Instant,
    ids: usize,
}

impl World {
    /// Without a room: everybody is trusted.
    fn new() -> Self {
        Self::of(Trust::everyone())
    }

    /// With a room, which trusts nobody yet.
    fn with_room() -> Self {
        Self::of(Trust::default())
    }

    fn of(trust: Trust) -> Self {
        let (a, b) = (PeerId::random(), PeerId::random());
        let (local, other) = if a < b { (a, b) } else { (b, a) };
        Self {
            peers: Peers::new(local, true, trust, Jitter::new(7)),
            other,
            nodes: [PeerId::random()].into_iter().collect(),
            now: Instant(1_000_000),
            ids: 0,
        }
    }

    fn id(&mut self) -> ConnectionId {
        self.ids += 1;
        ConnectionId::new_unchecked(self.ids)
    }

    fn actions(&mut self) -> Vec<Action> {
        self.peers.tick(&self.nodes, self.now);
        std::iter::from_fn(|| self.peers.poll()).collect()
    }

    fn dials(&mut self) -> Vec<Path> {
        let actions = self.actions();
        actions
            .iter()
            .filter_map(|a| if let Action::Dial { path, .. } = a { Some(*path) } else { None })
            .collect()
    }

    /// Lets time pass to the next thing due.
    fn wait(&mut self) -> Duration {
        let until = self.peers.poll_timeout().expect("something is due");
        let pause = until.since(self.now);
        self.now = self.now.max(until);
        pause
    }

    fn link(&mut self, path: Path, we_dialled: bool) -> ConnectionId {
        let id = self.id();
        self.peers.established(self.other, id, path, we_dialled, None, self.now);
        id
    }

    fn agree(&mut self, id: ConnectionId, mark: Mark) {
        self.peers.opened(self.other, id, mark);
        self.peers.started(self.other, id, mark, self.now);
    }
}

fn mark(epoch: u64, index: u64) -> Mark {
    Mark { epoch, index }
}

#[test]
fn failed_dials_pause_longer_and_end() {
    let mut w = World::new();
    w.peers.dial(w.other, w.now);
    let mut pauses = Vec::new();
    for _ in 0..limits::DIALS {
        assert_eq!(w.dials(), [Path::Relayed]);
        let id = w.id();
        w.peers.dialled(w.other, Path::Relayed, id, w.now);
        assert_eq!(w.dials(), [], "one at a time");
        w.peers.failed(w.other, id, w.now);
        pauses.push(w.wait());
    }
    assert_eq!(pauses.pop(), Some(Duration::from_secs(300)), "then seldom");
    assert!(pauses.iter().max() > Some(&Duration::from_secs(3)), "{pauses:?}");
    for _ in 0..12 {
        assert_eq!(w.dials(), [Path::Relayed]);
        let id = w.id();
        w.peers.dialled(w.other, Path::Relayed, id, w.now);
        w.peers.failed(w.other, id, w.now);
        if w.peers.poll_timeout().is_some() {
            assert_eq!(w.wait(), Duration::from_secs(300));
        }
    }
    assert_eq!((w.dials(), w.peers.poll_timeout()), (vec![], None), "given up");
    w.peers.found(w.other, *w.nodes.iter().next().unwrap(), w.now);
    assert_eq!(w.dials(), [Path::Relayed], "found again");
}

#[test]
fn nobody_is_dialled_without_a_node() {
    let mut w = World::new();
    let nodes = std::mem::take(&mut w.nodes);
    w.peers.dial(w.other, w.now);
    for _ in 0..100 {
        assert_eq!(w.dials(), []);
        w.wait();
    }
    w.nodes = nodes;
    w.peers.node_up(w.now);
    assert_eq!(w.dials(), [Path::Relayed]);
}

#[test]
fn the_dialer_upgrades_when_what_was_written_had_a_head_start_and_the_dialled_after_a_grace() {
    let mut w = World::new();
    w.link(Path::Relayed, true);
    assert_eq!(w.dials(), []);
    assert_eq!(w.wait(), HEAD_START);
    assert_eq!(w.dials(), [Path::Direct]);
    let mut w = World::new();
    w.link(Path::Relayed, false);
    assert_eq!(w.dials(), []);
    assert_eq!(w.wait(), UPGRADE_GRACE);
    assert_eq!(w.dials(), [Path::Direct]);
}

#[test]
fn of_two_who_dialled_each_other_both_upgrade_soon_whichever_connection_came_first() {
    for ours_first in [true, false] {
        let mut w = World::new();
        w.link(Path::Relayed, ours_first);
        w.link(Path::Relayed, !ours_first);
        assert_eq!(w.wait(), HEAD_START);
        assert_eq!(w.dials(), [Path::Direct]);
    }
    let mut w = World::new();
    w.link(Path::Relayed, true);
    w.wait();
    assert_eq!(w.dials(), [Path::Direct]);
    let id = w.id();
    w.peers.dialled(w.other, Path::Direct, id, w.now);
    w.peers.failed(w.other, id, w.now);
    w.link(Path::Relayed, true);
    assert_eq!(w.dials(), [], "the pause after a failure holds");
}

#[test]
fn an_upgrade_that_the_peers_own_came_before_has_not_failed() {
    for fails_first in [true, false] {
        let mut w = World::new();
        w.link(Path::Relayed, true);
        w.wait();
        assert_eq!(w.dials(), [Path::Direct]);
        let id = w.id();
        w.peers.dialled(w.other, Path::Direct, id, w.now);
        if fails_first {
            w.peers.failed(w.other, id, w.now);
            w.link(Path::Direct, false);
        } else {
            w.link(Path::Direct, false);
            w.peers.failed(w.other, id, w.now);
        }
        w.peers.hangup(w.other, w.now);
        w.link(Path::Relayed, true);
        assert_eq!(w.wait(), HEAD_START);
        assert_eq!(w.dials(), [Path::Direct], "without a longer pause");
    }
}

#[test]
fn a_failed_upgrade_is_tried_again_with_pauses_and_the_relayed_link_stays() {
    let mut w = World::new();
    let relayed = w.link(Path::Relayed, true);
    w.agree(relayed, mark(1, 0));
    w.wait();
    for attempt in 0..20u32 {
        let actions = w.actions();
        assert!(actions.iter().any(|a| matches!(a, Action::Dial { path: Path::Direct, .. })));
        assert!(
            !actions.iter().any(|a| matches!(a, Action::Close(_) | Action::Down(_))),
            "{actions:?}"
        );
        let id = w.id();
        w.peers.dialled(w.other, Path::Direct, id, w.now);
        w.peers.failed(w.other, id, w.now);
        assert_eq!(w.dials(), [], "not at once");
        let pause = w.wait();
        assert!(pause <= Duration::from_secs(5 << attempt.min(8)).min(Duration::from_secs(120)));
    }
    assert_eq!(w.peers.out(w.other), Some(relayed));
}

#[test]
fn the_relayed_connection_is_closed_when_both_directions_moved() {
    let mut w = World::new();
    let relayed = w.link(Path::Relayed, true);
    w.agree(relayed, mark(1, 0));
    assert!(w.actions().contains(&Action::Up(w.other, Path::Relayed)));
    let direct = w.link(Path::Direct, true);
    w.peers.opened(w.other, direct, mark(1, 1));
    assert!(w.actions().contains(&Action::Up(w.other, Path::Direct)));
    w.peers.started(w.other, direct, mark(1, 1), w.now);
    w.peers.finished(w.other, relayed, mark(1, 0));
    assert_eq!(w.actions(), [], "the peer still sends over the relay");
    w.peers.ended(w.other, relayed, mark(1, 0));
    assert_eq!(w.actions(), [Action::Streams(w.other, Step::Read(direct, mark(1, 1)))]);
    w.wait();
    assert_eq!(w.actions(), [Action::Close(relayed)]);
    w.peers.closed(w.other, relayed, w.now);
    assert_eq!(w.actions(), []);
}

#[test]
fn of_two_direct_connections_the_one_dialled_by_the_smaller_stays() {
    for ours_first in [true, false] {
        let mut w = World::new();
        let first = w.link(Path::Direct, ours_first);
        let second = w.link(Path::Direct, !ours_first);
        let (ours, theirs) = if ours_first { (first, second) } else { (second, first) };
        w.agree(first, mark(1, 0));
        if !ours_first {
            w.agree(ours, mark(1, 1));
            w.peers.finished(w.other, theirs, mark(1, 0));
            w.peers.ended(w.other, theirs, mark(1, 0));
        }
        w.actions();
        w.wait();
        assert_eq!(w.actions(), [Action::Close(theirs)], "and not {ours:?}");
    }
}

#[test]
fn hanging_up_closes_and_never_dials() {
    let mut w = World::new();
    w.peers.dial(w.other, w.now);
    let id = w.link(Path::Direct, true);
    w.agree(id, mark(1, 0));
    w.actions();
    w.peers.hangup(w.other, w.now);
    let finish = Action::Streams(w.other, Step::Finish(id));
    assert_eq!(w.actions(), [finish.clone(), Action::Down(w.other)]);
    assert!(!w.peers.reads(w.other, id, mark(1, 0)), "nothing more counts");
    w.agree(id, mark(9, 0));
    assert_eq!(w.actions(), []);
    w.peers.finished(w.other, id, mark(1, 0));
    assert_eq!(w.actions(), [Action::Close(id)], "all was read");
    w.peers.closed(w.other, id, w.now);
    assert_eq!((w.actions(), w.peers.poll_timeout()), (vec![], None));

    let id = w.link(Path::Direct, true);
    w.agree(id, mark(2, 0));
    w.actions();
    w.peers.hangup(w.other, w.now);
    w.actions();
    assert_eq!(w.wait(), LEAVE_TIMEOUT);
    assert_eq!(w.actions(), [Action::Close(id)], "who does not read is not waited for");
}

#[test]
fn a_dial_that_succeeds_after_hanging_up_is_closed() {
    let mut w = World::new();
    w.peers.dial(w.other, w.now);
    assert_eq!(w.dials(), [Path::Relayed]);
    let id = w.id();
    w.peers.dialled(w.other, Path::Relayed, id, w.now);
    w.peers.hangup(w.other, w.now);
    w.peers.established(w.other, id, Path::Relayed, true, None, w.now);
    assert_eq!(w.actions(), [Action::Close(id)]);
    w.peers.closed(w.other, id, w.now);
    w.link(Path::Relayed, false);
    assert!(
        w.actions().iter().all(|action| !matches!(action, Action::Close(_))),
        "it may still come to us"
    );
}

#[test]
fn a_connection_without_channels_is_closed_in_time() {
    let mut w = World::new();
    w.nodes.clear();
    let silent = w.link(Path::Direct, false);
    w.peers.opened(w.other, silent, mark(1, 0));
    w.actions();
    assert_eq!(w.wait(), Duration::from_secs(20));
    assert_eq!(w.actions(), [Action::Close(silent)]);
    w.peers.closed(w.other, silent, w.now);
    w.actions();

    let busy = w.link(Path::Direct, false);
    w.agree(busy, mark(2, 0));
    w.actions();
    assert_eq!(w.peers.poll_timeout(), None, "one that speaks stays");
}

#[test]
fn when_both_connections_die_the_peer_is_dialled_again() {
    let mut w = World::new();
    w.peers.dial(w.other, w.now);
    let id = w.link(Path::Direct, true);
    w.agree(id, mark(1, 0));
    w.actions();
    w.peers.closed(w.other, id, w.now);
    assert_eq!(w.actions(), [Action::Down(w.other)]);
    assert!(w.wait() <= Duration::from_secs(1));
    assert_eq!(w.dials(), [Path::Relayed]);
}

#[test]
fn known_seats_and_peers_are_bounded() {
    let mut w = World::new();
    let node = *w.nodes.iter().next().unwrap();
    for _ in 0..limits::KNOWN_SEATS * 2 {
        w.peers.found(PeerId::random(), node, w.now);
    }
    assert!(w.peers.peers.len() <= limits::KNOWN_SEATS);
    let mut closed = 0;
    for _ in 0..limits::PEERS + 3 {
        let id = w.id();
        w.peers.established(PeerId::random(), id, Path::Direct, false, None, w.now);
        closed += w.actions().iter().filter(|a| **a == Action::Close(id)).count();
    }
    assert_eq!(closed, 3);
}

#[test]
fn after_a_sleep_the_connected_are_dialled_beside_what_stands_and_what_both_have_stays() {
    let mut w = World::new();
    let direct = w.link(Path::Direct, true);
    w.agree(direct, mark(1, 0));
    w.actions();
    let nodes = std::mem::take(&mut w.nodes);
    w.now = w.now + Duration::from_secs(20);
    w.peers.suspect(w.now);
    assert_eq!(w.dials(), [], "there is no node yet");
    w.nodes = nodes;
    w.wait();
    assert_eq!(w.dials(), [Path::Relayed]);
    let relayed = w.id();
    w.peers.dialled(w.other, Path::Relayed, relayed, w.now);
    assert_eq!(w.dials(), [], "once");
    w.peers.established(w.other, relayed, Path::Relayed, true, None, w.now);
    assert_eq!(w.actions(), []);
    w.wait();
    assert_eq!(w.actions(), [Action::Close(relayed)], "the peer uses the better one as before");
    assert_eq!(w.peers.out(w.other), Some(direct));
}

#[test]
fn a_peer_that_begins_anew_on_a_worse_connection_has_lost_the_better_one() {
    let mut w = World::new();
    let direct = w.link(Path::Direct, true);
    w.agree(direct, mark(1, 0));
    w.actions();
    w.now = w.now + Duration::from_secs(20);
    let relayed = w.link(Path::Relayed, false);
    w.peers.started(w.other, relayed, mark(2, 0), w.now);
    let actions = w.actions();
    assert!(
        actions.contains(&Action::Close(direct)) && actions.contains(&Action::Down(w.other)),
        "{actions:?}"
    );
    w.peers.opened(w.other, relayed, mark(2, 0));
    assert!(w.actions().contains(&Action::Up(w.other, Path::Relayed)));
    w.peers.closed(w.other, direct, w.now);
    assert_eq!(w.peers.out(w.other), Some(relayed));
}

#[test]
fn a_direct_connection_that_has_only_just_come_is_not_taken_for_dead() {
    let mut w = World::new();
    let relayed = w.link(Path::Relayed, false);
    let direct = w.link(Path::Direct, false);
    w.peers.started(w.other, relayed, mark(2, 0), w.now);
    assert!(!w.actions().contains(&Action::Close(direct)));
}
