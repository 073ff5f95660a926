//! Peers that may stay when all places are taken: those that have shown that they may read, before all others.

use std::collections::BTreeMap;

use super::*;

/// A page whose places are all taken by strangers who came at once, open their channels and say
/// nothing.
struct Crowd {
    w: World,
    /// The connection of each who is there, and since when.
    here: BTreeMap<PeerId, (ConnectionId, Time)>,
}

impl Crowd {
    fn of_strangers() -> Self {
        let mut crowd = Self { w: World::with_room(), here: BTreeMap::new() };
        for _ in 0..limits::PEERS {
            assert!(crowd.comes(PeerId::random()));
        }
        crowd
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
        self.w.acts();
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
    let mut crowd = Crowd::of_strangers();
    crowd.later(PROOF);
    for _ in 0..limits::PEERS {
        let member = PeerId::random();
        assert!(crowd.comes(member));
        crowd.w.peers.trust(member);
        assert_eq!(crowd.connected(), limits::PEERS);
    }
    crowd.later(PROOF);
    assert!(!crowd.comes(PeerId::random()), "all have shown that they may read");
    assert_eq!(crowd.connected(), limits::PEERS);
}

#[test]
fn the_stranger_that_was_there_longest_leaves_and_nobody_who_is_trusted() {
    let mut crowd = Crowd { w: World::with_room(), here: BTreeMap::new() };
    let came: Vec<_> = (0..limits::PEERS).map(|_| PeerId::random()).collect();
    for peer in &came {
        crowd.comes(*peer);
        crowd.later(Duration::from_millis(10));
    }
    crowd.w.peers.trust(came[0]);
    crowd.later(PROOF);
    assert!(crowd.comes(PeerId::random()));
    assert!(crowd.here.contains_key(&came[0]) && !crowd.here.contains_key(&came[1]));
    assert!(crowd.here.contains_key(&came[2]));
}

#[test]
fn who_reconnects_does_not_become_the_one_who_just_came() {
    let mut crowd = Crowd::of_strangers();
    let (old, _) = crowd.here.pop_first().unwrap();
    crowd.later(PROOF);
    let second = crowd.w.id();
    crowd.w.peers.established(old, second, Path::Relayed, false, None, crowd.w.now);
    assert_eq!(crowd.left(), []);
    crowd.here.insert(old, (second, crowd.w.now));
    for _ in 0..limits::PEERS {
        crowd.comes(PeerId::random());
    }
    assert!(!crowd.here.contains_key(&old), "it is there as long as with its first connection");
}

#[test]
fn who_has_just_come_has_time_to_show_that_it_may_read_whatever_flood_follows() {
    let mut crowd = Crowd::of_strangers();
    for _ in 0..1000 {
        crowd.later(Duration::from_millis(10));
        let before = crowd.here.clone();
        crowd.comes(PeerId::random());
        for (peer, (_, since)) in before {
            let young = crowd.w.now.since(since) < PROOF;
            assert!(!young || crowd.here.contains_key(&peer), "it had no time");
        }
    }
    assert_eq!(crowd.connected(), limits::PEERS);
}

#[test]
fn five_strangers_a_second_keep_nobody_waiting() {
    let mut crowd = Crowd::of_strangers();
    crowd.later(PROOF);
    let mut members = Vec::new();
    for _ in 0..15 {
        let member = PeerId::random();
        assert!(crowd.comes(member), "after {} others", members.len());
        members.push(member);
        for _ in 0..10 {
            crowd.later(Duration::from_millis(200));
            crowd.comes(PeerId::random());
        }
        assert!(crowd.here.contains_key(&member), "it needs two seconds");
        crowd.w.peers.trust(member);
    }
    assert!(members.iter().all(|peer| crowd.here.contains_key(peer)), "and they stay");
}

#[test]
fn whom_the_room_asked_for_leaves_last_but_does_leave() {
    let mut crowd = Crowd::of_strangers();
    let mut asked = Vec::new();
    crowd.later(PROOF);
    for _ in 0..limits::PEERS {
        asked.push(PeerId::random());
        crowd.w.peers.dial(asked[asked.len() - 1], crowd.w.now);
        assert!(crowd.connects(asked[asked.len() - 1], true));
    }
    crowd.w.peers.trust(asked[0]);
    crowd.later(PROOF * 2);
    assert!(crowd.comes(PeerId::random()), "seats that a node named can be a stranger's, too");
    let gone: Vec<_> = asked.iter().filter(|peer| !crowd.here.contains_key(peer)).collect();
    assert_eq!(gone.len(), 1);
    assert!(crowd.here.contains_key(&asked[0]));
    let again = |crowd: &mut Crowd| {
        crowd.w.acts().iter().any(|act| matches!(act, Act::Dial { peer, .. } if peer == gone[0]))
    };
    crowd.later(Duration::from_secs(299));
    assert!(!again(&mut crowd), "else two would take the place from each other for ever");
    crowd.later(Duration::from_secs(1));
    assert!(again(&mut crowd));
}

#[test]
fn who_is_trusted_already_need_not_wait_for_a_place() {
    let mut crowd = Crowd::of_strangers();
    let member = PeerId::random();
    assert!(!crowd.connects(member, true));
    crowd.w.peers.dial(member, crowd.w.now);
    crowd.w.peers.trust(member);
    assert!(crowd.connects(member, true));
    assert!(crowd.w.peers.trust.holds(&member));
}

#[test]
fn who_had_to_leave_is_down_at_once() {
    let mut crowd = Crowd::of_strangers();
    let (stranger, (old, _)) = crowd.here.pop_first().unwrap();
    for (peer, (id, _)) in crowd.here.clone() {
        crowd.w.peers.trust(peer);
        assert!(crowd.w.peers.out(peer) == Some(id));
    }
    crowd.later(PROOF);
    let id = crowd.w.id();
    crowd.w.peers.established(PeerId::random(), id, Path::Relayed, false, None, crowd.w.now);
    assert!(!crowd.w.peers.reads(stranger, old, mark(1, 0)), "nothing more counts");
    assert!(crowd.w.acts().contains(&Act::Down(stranger)));
    assert_eq!(crowd.w.wait(), FAREWELL);
    assert!(crowd.w.acts().contains(&Act::Close(old)), "whether or not it reads");
}

#[test]
fn a_stranger_has_few_connections_and_whoever_is_trusted_as_many_as_it_needs() {
    let mut w = World::with_room();
    let refused = |w: &mut World| {
        let id = w.link(Path::Relayed, false);
        w.acts().contains(&Act::Close(id))
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
    let mut crowd = Crowd::of_strangers();
    let member = PeerId::random();
    crowd.w.peers.dial(member, crowd.w.now);
    assert_eq!(crowd.w.dials(), [Path::Relayed]);
    let id = crowd.w.id();
    crowd.w.peers.dialled(member, Path::Relayed, id, crowd.w.now);
    crowd.w.peers.established(member, id, Path::Relayed, true, None, crowd.w.now);
    assert_eq!(crowd.w.acts(), [Act::Close(id)]);
    crowd.w.peers.closed(member, id, crowd.w.now);
    assert!(crowd.w.wait() <= Duration::from_millis(500));
    assert_eq!(crowd.w.dials(), [Path::Relayed], "it tries again soon");
}
