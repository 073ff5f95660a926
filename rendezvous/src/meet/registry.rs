//! Registrations: the state behind `/covey/meet/1`, without any network.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;
use std::net::IpAddr;

use covey_wire::id::{Namespace, SeatId};
use covey_wire::limits;
use covey_wire::meet::Refusal;

use super::MeetConfig;
use super::shuffle::Shuffler;
use crate::tally::{Tally, is_fair};

/// Registrations by namespace and by connection. `C` names a connection.
///
/// Most rooms are small and most connections are in few, so their lists are short and plain.
pub(super) struct Registry<C> {
    config: MeetConfig,
    rooms: HashMap<Namespace, Registrations<C>>,
    connections: HashMap<C, Vec<(Namespace, Sequence)>>,
    networks: Tally<IpAddr>,
    next: Sequence,
    shuffler: Shuffler,
}

/// Why there can be no registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rejection {
    /// The connection has as many as it may.
    Namespaces,
    /// There is no room for anybody.
    Full,
    /// The network has its share, here or in all.
    Network,
}

impl Rejection {
    /// As the page is told.
    pub(super) fn reason(self) -> Refusal {
        match self {
            Self::Namespaces => Refusal::Namespaces,
            Self::Full | Self::Network => Refusal::Full,
        }
    }

    /// As it is counted.
    pub(super) fn why(self) -> &'static str {
        match self {
            Self::Namespaces => "namespaces",
            Self::Full => "full",
            Self::Network => "network",
        }
    }
}

/// Members of a room in the order in which they registered.
type Registrations<C> = Vec<Registration<C>>;
type Sequence = u64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Registration<C> {
    sequence: Sequence,
    connection: C,
    seat: SeatId,
    network: IpAddr,
}

impl<C: Eq + Hash + Copy> Registry<C> {
    /// `seed` decides who is told of whom where there are too many.
    pub(super) fn new(config: MeetConfig, seed: [u8; 32]) -> Self {
        let (rooms, connections, networks) = Default::default();
        Self { config, rooms, connections, networks, next: 0, shuffler: Shuffler::new(seed) }
    }

    /// Lets a seat be found. Returns the connections and seats that are to be told of it.
    pub(super) fn register(
        &mut self,
        connection: C,
        seat: SeatId,
        network: IpAddr,
        namespace: Namespace,
    ) -> Result<Vec<(C, SeatId)>, Rejection> {
        if !self.is_new(connection, network, namespace)? {
            return Ok(Vec::new());
        }
        let here = self.rooms.get(&namespace);
        let told = here.map(|room| others(room, seat)).unwrap_or_default();
        let sequence = self.next;
        self.next += 1;
        self.networks.add(network);
        let registration = Registration { sequence, connection, seat, network };
        self.rooms.entry(namespace).or_default().push(registration);
        self.connections.entry(connection).or_default().push((namespace, sequence));
        Ok(told)
    }

    /// Whether a registration would change anything, or why there can be none.
    pub(super) fn is_new(
        &self,
        connection: C,
        network: IpAddr,
        namespace: Namespace,
    ) -> Result<bool, Rejection> {
        let own = self.connections.get(&connection);
        if own.is_some_and(|own| own.iter().any(|(there, _)| *there == namespace)) {
            return Ok(false);
        }
        if own.is_some_and(|own| own.len() >= limits::NAMESPACES) {
            return Err(Rejection::Namespaces);
        }
        let here = self.rooms.get(&namespace).map_or(&[][..], Vec::as_slice);
        let most = (self.config.registrations, self.config.registrations_per_namespace);
        if self.networks.total() >= most.0 || here.len() >= most.1 {
            return Err(Rejection::Full);
        }
        let own = here.iter().filter(|registration| registration.network == network).count();
        if !self.networks.is_fair(&network, most.0) || !is_fair(own, here.len(), most.1) {
            return Err(Rejection::Network);
        }
        Ok(true)
    }

    /// How many would be told of a seat.
    pub(super) fn announcements(&self, seat: SeatId, namespace: Namespace) -> usize {
        self.rooms.get(&namespace).map_or(0, |room| others(room, seat).len())
    }

    /// Seats under a namespace, without `seat` itself: all of them, or as many as fit an answer, each
    /// time others. Networks take turns, so that who registers a hundred times from one of them hides
    /// nobody of the others.
    pub(super) fn discover(&mut self, seat: SeatId, namespace: Namespace) -> Vec<SeatId> {
        let mut known = BTreeSet::from([seat]);
        let mut networks = BTreeMap::<IpAddr, Vec<SeatId>>::new();
        for registration in self.rooms.get(&namespace).into_iter().flatten() {
            if known.insert(registration.seat) {
                networks.entry(registration.network).or_default().push(registration.seat);
            }
        }
        let mut networks = networks.into_values().collect::<Vec<_>>();
        networks.iter_mut().for_each(|seats| self.shuffler.shuffle(seats));
        self.shuffler.shuffle(&mut networks);
        let mut found = Vec::new();
        while found.len() < limits::FOUND && !networks.is_empty() {
            networks.retain_mut(|seats| {
                found.extend(seats.pop());
                !seats.is_empty()
            });
        }
        found.truncate(limits::FOUND);
        found
    }

    /// Ends one registration.
    pub(super) fn leave(&mut self, connection: C, namespace: Namespace) {
        let Some(own) = self.connections.get_mut(&connection) else { return };
        let Some(at) = own.iter().position(|(there, _)| *there == namespace) else { return };
        let (_, sequence) = own.swap_remove(at);
        if own.is_empty() {
            self.connections.remove(&connection);
        }
        self.remove(namespace, sequence);
    }

    /// Ends all registrations of a connection.
    pub(super) fn clear(&mut self, connection: C) {
        for (namespace, sequence) in self.connections.remove(&connection).unwrap_or_default() {
            self.remove(namespace, sequence);
        }
    }

    fn remove(&mut self, namespace: Namespace, sequence: Sequence) {
        let Some(room) = self.rooms.get_mut(&namespace) else { return };
        if let Ok(at) = room.binary_search_by_key(&sequence, |registration| registration.sequence) {
            let registration = room.remove(at);
            self.networks.sub(&registration.network);
        }
        if room.is_empty() {
            self.rooms.remove(&namespace);
        }
    }
}

/// Everyone who does not know of `seat` yet: nobody, when it is here by another connection.
fn others<C: Copy>(room: &Registrations<C>, seat: SeatId) -> Vec<(C, SeatId)> {
    if room.iter().any(|registration| registration.seat == seat) {
        return Vec::new();
    }
    room.iter().map(|registration| (registration.connection, registration.seat)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Namespace = Namespace([1; 32]);
    const OTHER: Namespace = Namespace([2; 32]);
    const HERE: IpAddr = network(1);

    const fn network(n: u8) -> IpAddr {
        IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, n))
    }

    fn registry() -> Registry<u32> {
        Registry::new(MeetConfig::default(), [7; 32])
    }

    fn seat(n: u32) -> SeatId {
        let mut id = [0; 32];
        id[..4].copy_from_slice(&n.to_be_bytes());
        SeatId(id)
    }

    #[test]
    fn a_newcomer_finds_the_others_and_they_are_told() {
        let mut registry = registry();
        assert_eq!(registry.register(1, seat(1), HERE, ROOM), Ok(vec![]));
        assert_eq!(registry.discover(seat(2), ROOM), vec![seat(1)]);
        assert_eq!(registry.register(2, seat(2), HERE, ROOM), Ok(vec![(1, seat(1))]));
        assert_eq!(registry.register(3, seat(3), HERE, ROOM), Ok(vec![(1, seat(1)), (2, seat(2))]));
        let mut found = registry.discover(seat(1), ROOM);
        found.sort();
        assert_eq!(found, vec![seat(2), seat(3)]);
    }

    #[test]
    fn rooms_do_not_see_each_other() {
        let mut registry = registry();
        registry.register(1, seat(1), HERE, ROOM).unwrap();
        assert_eq!(registry.register(2, seat(2), HERE, OTHER), Ok(vec![]));
        assert_eq!(registry.discover(seat(2), OTHER), vec![]);
        assert_eq!(registry.discover(seat(3), OTHER), vec![seat(2)]);
    }

    #[test]
    fn registering_twice_tells_nobody_twice() {
        let mut registry = registry();
        registry.register(1, seat(1), HERE, ROOM).unwrap();
        assert_eq!(registry.register(2, seat(2), HERE, ROOM), Ok(vec![(1, seat(1))]));
        assert_eq!(registry.register(2, seat(2), HERE, ROOM), Ok(vec![]));
        assert_eq!(registry.register(3, seat(2), HERE, ROOM), Ok(vec![]), "by a second connection");
        assert_eq!(registry.discover(seat(1), ROOM), vec![seat(2)]);
        registry.clear(2);
        assert_eq!(registry.discover(seat(1), ROOM), vec![seat(2)]);
        registry.clear(3);
        assert_eq!(registry.discover(seat(1), ROOM), vec![]);
    }

    #[test]
    fn a_seat_that_left_is_not_found() {
        let mut registry = registry();
        registry.register(1, seat(1), HERE, ROOM).unwrap();
        registry.register(1, seat(1), HERE, OTHER).unwrap();
        registry.leave(1, ROOM);
        registry.leave(1, ROOM);
        registry.leave(9, ROOM);
        assert_eq!(registry.discover(seat(2), ROOM), vec![]);
        assert_eq!(registry.discover(seat(2), OTHER), vec![seat(1)]);
        registry.clear(1);
        assert!(registry.rooms.is_empty() && registry.connections.is_empty());
        assert_eq!(registry.networks.total(), 0);
    }

    #[test]
    fn one_connection_has_a_limited_number_of_namespaces() {
        let mut registry = registry();
        let namespace = |n: usize| Namespace([n as u8; 32]);
        for n in 0..limits::NAMESPACES {
            registry.register(1, seat(1), HERE, namespace(n)).unwrap();
        }
        let one_more = namespace(limits::NAMESPACES);
        assert_eq!(registry.register(1, seat(1), HERE, one_more), Err(Rejection::Namespaces));
        registry.leave(1, namespace(0));
        assert_eq!(registry.register(1, seat(1), HERE, one_more), Ok(vec![]));
    }

    #[test]
    fn a_full_node_and_a_full_room_refuse() {
        let config = MeetConfig {
            registrations: 3,
            registrations_per_namespace: 2,
            ..MeetConfig::default()
        };
        let mut registry = Registry::new(config, [7; 32]);
        registry.register(1, seat(1), network(1), ROOM).unwrap();
        registry.register(2, seat(2), network(2), ROOM).unwrap();
        assert_eq!(registry.register(3, seat(3), network(3), ROOM), Err(Rejection::Full));
        registry.register(3, seat(3), network(3), OTHER).unwrap();
        assert_eq!(registry.register(4, seat(4), network(4), OTHER), Err(Rejection::Full));
        registry.clear(1);
        let told = registry.register(4, seat(4), network(4), OTHER);
        assert_eq!(told, Ok(vec![(3, seat(3))]));
    }

    /// So many of one network register as may; how many those are.
    fn flood(registry: &mut Registry<u32>, network: IpAddr, from: u32) -> usize {
        let all = from..from + 2000;
        all.filter(|n| registry.register(*n, seat(*n), network, ROOM).is_ok()).count()
    }

    #[test]
    fn a_network_that_floods_a_room_is_refused_and_others_are_not() {
        let mut registry = registry();
        assert_eq!(flood(&mut registry, network(1), 0), 384, "a large school");
        assert_eq!(registry.register(9000, seat(9000), network(1), ROOM), Err(Rejection::Network));
        for n in 2..200 {
            let id = 10_000 * u32::from(n);
            assert!(flood(&mut registry, network(n), id) > 0, "network {n}");
        }
        registry.clear(0);
        registry.register(9001, seat(9001), network(201), ROOM).unwrap();
    }

    #[test]
    fn a_network_that_floods_all_rooms_leaves_other_networks_some() {
        let config = MeetConfig { registrations: 64, ..MeetConfig::default() };
        let mut registry = Registry::new(config, [7; 32]);
        let rooms = (0..64).map(|n| Namespace([n; 32])).zip(0..);
        let taken =
            rooms.filter(|(room, n)| registry.register(*n, seat(*n), network(1), *room).is_ok());
        assert_eq!(taken.count(), 24);
        assert_eq!(registry.register(99, seat(99), network(2), ROOM), Ok(vec![(1, seat(1))]));
        for n in 0..64 {
            registry.clear(n);
        }
        registry.clear(99);
        assert!(registry.networks.is_empty());
    }

    #[test]
    fn strangers_who_register_by_the_hundred_hide_nobody() {
        let mut registry = registry();
        for n in 0..5 {
            registry.register(n, seat(n), network(2 + n as u8 % 2), ROOM).unwrap();
        }
        flood(&mut registry, network(1), 100);
        for _ in 0..20 {
            let found = registry.discover(seat(9000), ROOM);
            assert_eq!(found.len(), limits::FOUND);
            assert!((0..5).all(|n| found.contains(&seat(n))), "{found:?}");
        }
    }

    #[test]
    fn of_too_many_each_is_found_now_and_then() {
        let mut registry = registry();
        for n in 0..200 {
            registry.register(n, seat(n), HERE, ROOM).unwrap();
        }
        let mut found = BTreeSet::new();
        for _ in 0..60 {
            let answer = registry.discover(seat(0), ROOM);
            assert_eq!(answer.iter().collect::<BTreeSet<_>>().len(), limits::FOUND);
            found.extend(answer);
        }
        assert_eq!(found.len(), 199, "all but the one who asks");
    }

    #[test]
    fn a_seat_that_is_here_many_times_is_found_once() {
        let mut registry = registry();
        for n in 0..80 {
            registry.register(n, seat(1), network(n as u8 % 4), ROOM).unwrap();
        }
        assert_eq!(registry.discover(seat(2), ROOM), vec![seat(1)]);
        assert_eq!(registry.discover(seat(1), ROOM), vec![]);
    }
}
