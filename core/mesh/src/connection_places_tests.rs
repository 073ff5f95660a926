//! Peers that may stay when all places are taken: those that have shown that they may read, before all others.

use std::collections::BTreeMap;

use super::*;

/// A page whose places are all taken by strangers who came at once, open their channels and say
/// nothing.
struct Places {
    w: World,
    /// The connection of each who is there, and since when.
    here: BTreeMap<PeerId, (ConnectionId, Instant)>,
}

impl Places {
    fn of_strangers() -> Self {
        let mut places = Self { w: World::with_room(), here: BTreeMap::new() };
        for _ in 0..limits::PEERS {
            assert!(places.comes(PeerId::random()));
        }
        places
    }

    /// Somebody connects; whether it may stay.
    fn comes(&mut self, peer: PeerId) -> bool {
        self.connects(peer, false)
    }

    fn connects(&mut self, peer: PeerId, we_dialled: bool) -> bool {
        let (id, now) = (self.w.id(), self.w.now);
        self.w.peers.established(peer, id, Path::Relayed, we_dialled, None, now);
        self.w.peers.opened(peer, id, mark(1, 0));
        self.w.peers.started(peer, id, mark(1, 0), self.w.now);
        self.here.insert(peer, (id, now));
        let left = self.left();
        assert!(left.len() <= 1, "one at most leaves for one who comes");
        !left.contains(&peer)
    }

    /// The peers that have to leave, and do.
    fn left(&mut self) -> Vec<PeerId> {
        self.w.actions();
        let stays = |peer: PeerId, id| self.w.peers.connections(peer).any(|c| c == id);
        let left = self.here.iter().filter(|(peer, (id, _))| !stays(**peer, *id));
        let left: Vec<_> = left.map(|(peer, _)| *peer).collect();
        for peer in &left {
            let (id, _) = self.here.remove(peer).unwrap();
            self.w.peers.closed(*peer, id, self.w.now);
        }
        left
    }

    fn later(&mut self, pause: Duration) {
        self.w.now = self.w.now + pause;
    }

    fn connected(&self) -> usize {
        self.w.peers.peers.values().filter(|peer| peer.is_connected()).count()
    }
}

#[test]
fn thirty_two_silent_strangers_keep_nobody_out() {
    let mut places = Places::of_strangers();
    places.later(PROOF_TIMEOUT);
    for _ in 0..limits::PEERS {
        let member = PeerId::random();
        assert!(places.comes(member));
        places.w.peers.trust(member);
        assert_eq!(places.connected(), limits::PEERS);
    }
    places.later(PROOF_TIMEOUT);
    assert!(!places.comes(PeerId::random()), "all have shown that they may read");
    assert_eq!(places.connected(), limits::PEERS);
}

#[test]
fn the_stranger_that_was_there_longest_leaves_and_nobody_who_is_trusted() {
    let mut places = Places { w: World::with_room(), here: BTreeMap::new() };
    let came: Vec<_> = (0..limits::PEERS).map(|_| PeerId::random()).collect();
    for peer in &came {
        places.comes(*peer);
        places.later(Duration::from_millis(10));
    }
    places.w.peers.trust(came[0]);
    places.later(PROOF_TIMEOUT);
    assert!(places.comes(PeerId::random()));
    assert!(places.here.contains_key(&came[0]) && !places.here.contains_key(&came[1]));
    assert!(places.here.contains_key(&came[2]));
}

#[test]
fn a_peer_that_reconnects_does_not_become_the_newest() {
    let mut places = Places::of_strangers();
    let (old, _) = places.here.pop_first().unwrap();
    places.later(PROOF_TIMEOUT);
    let second = places.w.id();
    places.w.peers.established(old, second, Path::Relayed, false, None, places.w.now);
    assert_eq!(places.left(), []);
    places.here.insert(old, (second, places.w.now));
    for _ in 0..limits::PEERS {
        places.comes(PeerId::random());
    }
    assert!(!places.here.contains_key(&old), "it is there as long as with its first connection");
}

#[test]
fn a_newcomer_has_time_to_show_that_it_may_read_whatever_flood_follows() {
    let mut places = Places::of_strangers();
    for _ in 0..1000 {
        places.later(Duration::from_millis(10));
        let before = places.here.clone();
        places.comes(PeerId::random());
        for (peer, (_, since)) in before {
            let young = places.w.now.since(since) < PROOF_TIMEOUT;
            assert!(!young || places.here.contains_key(&peer), "it had no time");
        }
    }
    assert_eq!(places.connected(), limits::PEERS);
}

#[test]
fn five_strangers_a_second_keep_nobody_waiting() {
    let mut places = Places::of_strangers();
    places.later(PROOF_TIMEOUT);
    let mut members = Vec::new();
    for _ in 0..15 {
        let member = PeerId::random();
        assert!(places.comes(member), "after {} others", members.len());
        members.push(member);
        for _ in 0..10 {
            places.later(Duration::from_millis(200));
            places.comes(PeerId::random());
        }
        assert!(places.here.contains_key(&member), "it needs two seconds");
        places.w.peers.trust(member);
    }
    assert!(members.iter().all(|peer| places.here.contains_key(peer)), "and they stay");
}

#[test]
fn whom_the_room_asked_for_leaves_last_but_does_leave() {
    let mut places = Places::of_strangers();
    let mut asked = Vec::new();
    places.later(PROOF_TIMEOUT);
    for _ in 0..limits::PEERS {
        asked.push(PeerId::random());
        places.w.peers.dial(asked[asked.len() - 1], places.w.now);
        assert!(places.connects(asked[asked.len() - 1], true));
    }
    places.w.peers.trust(asked[0]);
    places.later(PROOF_TIMEOUT * 2);
    assert!(places.comes(PeerId::random()), "seats that a node named can be a stranger's, too");
    let gone: Vec<_> = asked.iter().filter(|peer| !places.here.contains_key(peer)).collect();
    assert_eq!(gone.len(), 1);
    assert!(places.here.contains_key(&asked[0]));
    let again = |places: &mut Places| {
        places
            .w
            .actions()
            .iter()
            .any(|action| matches!(action, Action::Dial { peer, .. } if peer == gone[0]))
    };
    places.later(Duration::from_secs(299));
    assert!(!again(&mut places), "else two would take the place from each other for ever");
    places.later(Duration::from_secs(1));
    assert!(again(&mut places));
}

#[test]
fn a_trusted_peer_need_not_wait_for_a_place() {
    let mut places = Places::of_strangers();
    let member = PeerId::random();
    assert!(!places.connects(member, true));
    places.w.peers.dial(member, places.w.now);
    places.w.peers.trust(member);
    assert!(places.connects(member, true));
    assert!(places.w.peers.trust.holds(&member));
}

#[test]
fn a_peer_that_had_to_leave_is_down_at_once() {
    let mut places = Places::of_strangers();
    let (stranger, (old, _)) = places.here.pop_first().unwrap();
    for (peer, (id, _)) in places.here.clone() {
        places.w.peers.trust(peer);
        assert!(places.w.peers.out(peer) == Some(id));
    }
    places.later(PROOF_TIMEOUT);
    let id = places.w.id();
    places.w.peers.established(PeerId::random(), id, Path::Relayed, false, None, places.w.now);
    assert!(!places.w.peers.reads(stranger, old, mark(1, 0)), "nothing more counts");
    assert!(places.w.actions().contains(&Action::Down(stranger)));
    assert_eq!(places.w.wait(), LEAVE_TIMEOUT);
    assert!(places.w.actions().contains(&Action::Close(old)), "whether or not it reads");
}

#[test]
fn a_stranger_has_few_connections_and_whoever_is_trusted_as_many_as_it_needs() {
    let mut w = World::with_room();
    let refused = |w: &mut World| {
        let id = w.link(Path::Relayed, false);
        w.actions().contains(&Action::Close(id))
    };
    for _ in 0..limits::UNTRUSTED_CONNECTIONS {
        assert!(!refused(&mut w));
    }
    assert!(refused(&mut w));
    assert_eq!(w.peers.connections(w.other).count(), limits::UNTRUSTED_CONNECTIONS);
    w.peers.trust(w.other);
    assert!(!refused(&mut w));
}

#[test]
fn a_dial_for_which_there_is_no_place_has_failed_at_once() {
    let mut places = Places::of_strangers();
    let member = PeerId::random();
    places.w.peers.dial(member, places.w.now);
    assert_eq!(places.w.dials(), [Path::Relayed]);
    let id = places.w.id();
    places.w.peers.dialled(member, Path::Relayed, id, places.w.now);
    places.w.peers.established(member, id, Path::Relayed, true, None, places.w.now);
    assert_eq!(places.w.actions(), [Action::Close(id)]);
    places.w.peers.closed(member, id, places.w.now);
    assert!(places.w.wait() <= Duration::from_millis(500));
    assert_eq!(places.w.dials(), [Path::Relayed], "it tries again soon");
}
