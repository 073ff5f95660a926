//! When a peer is met directly: not before the room has seen that it may read.

use super::*;

impl World {
    /// A relayed connection on which both sides speak.
    fn speaks(&mut self, we_dialled: bool, epoch: u64) -> ConnectionId {
        let id = self.link(Path::Relayed, we_dialled);
        self.agree(id, mark(epoch, 0));
        id
    }

    fn later(&mut self, pause: Duration) {
        self.now = self.now + pause;
    }

    fn trusts(&self) -> bool {
        self.peers.trust.holds(&self.other)
    }
}

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn a_stranger_is_never_dialled_directly_however_long_it_stays() {
    for we_dialled in [true, false] {
        let mut w = World::with_room();
        w.speaks(we_dialled, 1);
        w.actions();
        assert_eq!(w.peers.poll_timeout(), None, "nothing is due");
        w.later(HOUR);
        assert_eq!(w.dials(), []);
        w.peers.trust(w.other);
        assert_eq!(w.dials(), [Path::Direct], "late trust adds no pause");
    }
}

#[test]
fn trust_that_comes_before_the_head_start_is_over_adds_nothing_to_it() {
    for (we_dialled, pause) in [(true, HEAD_START), (false, UPGRADE_GRACE)] {
        let mut w = World::with_room();
        w.speaks(we_dialled, 1);
        w.actions();
        let sooner = pause / 2;
        w.later(sooner);
        w.peers.trust(w.other);
        assert_eq!(w.dials(), []);
        assert_eq!(w.wait(), pause - sooner);
        assert_eq!(w.dials(), [Path::Direct]);
    }
}

#[test]
fn trust_ends_with_the_hangup_and_has_to_be_earned_anew() {
    let mut w = World::with_room();
    w.peers.dial(w.other, w.now);
    w.speaks(true, 1);
    w.peers.trust(w.other);
    w.peers.hangup(w.other, w.now);
    assert!(!w.trusts());
    w.speaks(true, 9);
    w.actions();
    w.later(HOUR);
    assert_eq!(w.dials(), []);
    w.peers.trust(w.other);
    assert_eq!(w.dials(), [Path::Direct]);
}

#[test]
fn trust_ends_with_the_last_connection_only() {
    let mut w = World::with_room();
    let (first, second) = (w.speaks(true, 1), w.link(Path::Relayed, false));
    w.peers.trust(w.other);
    w.peers.closed(w.other, first, w.now);
    assert!(w.trusts(), "the other stands");
    w.peers.closed(w.other, second, w.now);
    assert!(!w.trusts());
    w.speaks(false, 9);
    w.later(HOUR);
    assert_eq!(w.dials(), []);
}

#[test]
fn nobody_who_is_neither_there_nor_wanted_is_trusted() {
    let mut w = World::with_room();
    for _ in 0..10_000 {
        w.peers.trust(PeerId::random());
    }
    assert!(w.peers.peers.is_empty());
    let node = *w.nodes.iter().next().unwrap();
    w.peers.found(w.other, node, w.now);
    w.peers.trust(w.other);
    assert!(!w.trusts(), "found is not wanted");
    let gone = w.speaks(false, 1);
    w.peers.closed(w.other, gone, w.now);
    w.peers.trust(w.other);
    assert!(!w.trusts(), "what it showed came after it went");
}

#[test]
fn trust_that_comes_before_the_connection_lasts_while_the_seat_is_wanted() {
    let mut w = World::with_room();
    w.peers.dial(w.other, w.now);
    w.peers.trust(w.other);
    assert_eq!(w.dials(), [Path::Relayed], "there is nothing to signal over");
    w.link(Path::Relayed, true);
    assert_eq!(w.wait(), HEAD_START);
    assert_eq!(w.dials(), [Path::Direct]);

    let mut w = World::with_room();
    w.peers.dial(w.other, w.now);
    w.peers.trust(w.other);
    w.peers.hangup(w.other, w.now);
    assert!(!w.trusts());
}

#[test]
fn trust_in_seats_that_are_wanted_is_bounded_by_what_is_known() {
    let mut w = World::with_room();
    let wanted: Vec<_> = (0..limits::KNOWN_SEATS + 100).map(|_| PeerId::random()).collect();
    for peer in &wanted {
        w.peers.dial(*peer, w.now);
        w.peers.trust(*peer);
    }
    let trusted = wanted.iter().filter(|peer| w.peers.trust.holds(peer)).count();
    assert_eq!(trusted, limits::KNOWN_SEATS);
}

#[test]
fn an_upgrade_that_was_cut_short_by_the_loss_of_the_relay_costs_no_pause() {
    let mut w = World::with_room();
    w.peers.dial(w.other, w.now);
    let relayed = w.speaks(true, 1);
    w.peers.trust(w.other);
    w.wait();
    assert_eq!(w.dials(), [Path::Direct]);
    let direct = w.id();
    w.peers.dialled(w.other, Path::Direct, direct, w.now);
    w.peers.closed(w.other, relayed, w.now);
    w.peers.established(w.other, direct, Path::Direct, true, None, w.now);
    assert!(w.actions().contains(&Action::Close(direct)), "nobody is trusted who is not there");
    w.peers.closed(w.other, direct, w.now);
    w.speaks(true, 9);
    w.peers.trust(w.other);
    w.actions();
    assert_eq!(w.wait(), HEAD_START);
    assert_eq!(w.dials(), [Path::Direct]);
}

#[test]
fn without_upgrades_trust_dials_nobody() {
    let mut w = World::with_room();
    w.peers.upgrades = false;
    w.speaks(true, 1);
    w.peers.trust(w.other);
    w.actions();
    assert_eq!(w.peers.poll_timeout(), None);
}
