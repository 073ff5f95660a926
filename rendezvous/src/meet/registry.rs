//! Who is registered where: the state behind `/covey/meet/1`, without any network.

use std::collections::HashMap;
use std::hash::Hash;

use covey_core::id::{Namespace, SeatId};
use covey_core::limits;
use covey_core::meet::Refusal;

use super::MeetConfig;

/// Registrations by namespace and by connection. `C` names a connection.
///
/// Most rooms are small and most connections are in few, so their lists are short and plain.
pub(super) struct Registry<C> {
    config: MeetConfig,
    rooms: HashMap<Namespace, Room<C>>,
    connections: HashMap<C, Vec<(Namespace, Arrival)>>,
    count: usize,
    next: Arrival,
}

/// Members of a room in the order in which they registered.
type Room<C> = Vec<Member<C>>;
type Arrival = u64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Member<C> {
    arrival: Arrival,
    connection: C,
    seat: SeatId,
}

impl<C: Eq + Hash + Copy> Registry<C> {
    pub(super) fn new(config: MeetConfig) -> Self {
        let (rooms, connections) = (HashMap::new(), HashMap::new());
        Self { config, rooms, connections, count: 0, next: 0 }
    }

    /// Lets a seat be found. Returns the connections and seats that are to be told of it.
    pub(super) fn register(
        &mut self,
        connection: C,
        seat: SeatId,
        namespace: Namespace,
    ) -> Result<Vec<(C, SeatId)>, Refusal> {
        if !self.is_new(connection, namespace)? {
            return Ok(Vec::new());
        }
        let here = self.rooms.get(&namespace);
        let told = here.map(|room| others(room, seat)).unwrap_or_default();
        let arrival = self.next;
        self.next += 1;
        self.count += 1;
        self.rooms.entry(namespace).or_default().push(Member { arrival, connection, seat });
        self.connections.entry(connection).or_default().push((namespace, arrival));
        Ok(told)
    }

    /// Whether a registration would change anything, or why there can be none.
    pub(super) fn is_new(&self, connection: C, namespace: Namespace) -> Result<bool, Refusal> {
        let own = self.connections.get(&connection);
        if own.is_some_and(|own| own.iter().any(|(there, _)| *there == namespace)) {
            return Ok(false);
        }
        if own.is_some_and(|own| own.len() >= limits::NAMESPACES) {
            return Err(Refusal::Namespaces);
        }
        let here = self.rooms.get(&namespace).map_or(0, Vec::len);
        if self.count >= self.config.registrations
            || here >= self.config.registrations_per_namespace
        {
            return Err(Refusal::Full);
        }
        Ok(true)
    }

    /// How many would be told of a seat.
    pub(super) fn told(&self, seat: SeatId, namespace: Namespace) -> usize {
        self.rooms.get(&namespace).map_or(0, |room| others(room, seat).len())
    }

    /// The newest seats under a namespace, without `seat` itself.
    pub(super) fn discover(&self, seat: SeatId, namespace: Namespace) -> Vec<SeatId> {
        let mut found = Vec::new();
        let newest_first = self.rooms.get(&namespace).into_iter().flat_map(|r| r.iter().rev());
        for member in newest_first {
            if found.len() == limits::FOUND {
                break;
            }
            if member.seat != seat && !found.contains(&member.seat) {
                found.push(member.seat);
            }
        }
        found
    }

    /// Ends one registration.
    pub(super) fn leave(&mut self, connection: C, namespace: Namespace) {
        let Some(own) = self.connections.get_mut(&connection) else { return };
        let Some(at) = own.iter().position(|(there, _)| *there == namespace) else { return };
        let (_, arrival) = own.swap_remove(at);
        if own.is_empty() {
            self.connections.remove(&connection);
        }
        self.remove(namespace, arrival);
    }

    /// Ends all registrations of a connection.
    pub(super) fn clear(&mut self, connection: C) {
        for (namespace, arrival) in self.connections.remove(&connection).unwrap_or_default() {
            self.remove(namespace, arrival);
        }
    }

    fn remove(&mut self, namespace: Namespace, arrival: Arrival) {
        let Some(room) = self.rooms.get_mut(&namespace) else { return };
        if let Ok(at) = room.binary_search_by_key(&arrival, |member| member.arrival) {
            room.remove(at);
            self.count -= 1;
        }
        if room.is_empty() {
            self.rooms.remove(&namespace);
        }
    }
}

/// Everyone who does not know of `seat` yet: nobody, when it is here by another connection.
fn others<C: Copy>(room: &Room<C>, seat: SeatId) -> Vec<(C, SeatId)> {
    if room.iter().any(|member| member.seat == seat) {
        return Vec::new();
    }
    room.iter().map(|member| (member.connection, member.seat)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Namespace = Namespace([1; 32]);
    const OTHER: Namespace = Namespace([2; 32]);

    fn registry() -> Registry<u32> {
        Registry::new(MeetConfig::default())
    }

    fn seat(n: u32) -> SeatId {
        let mut id = [0; 32];
        id[..4].copy_from_slice(&n.to_be_bytes());
        SeatId(id)
    }

    #[test]
    fn a_newcomer_finds_the_others_and_they_are_told() {
        let mut registry = registry();
        assert_eq!(registry.register(1, seat(1), ROOM), Ok(vec![]));
        assert_eq!(registry.discover(seat(2), ROOM), vec![seat(1)]);
        assert_eq!(registry.register(2, seat(2), ROOM), Ok(vec![(1, seat(1))]));
        assert_eq!(registry.register(3, seat(3), ROOM), Ok(vec![(1, seat(1)), (2, seat(2))]));
        assert_eq!(registry.discover(seat(1), ROOM), vec![seat(3), seat(2)]);
    }

    #[test]
    fn rooms_do_not_see_each_other() {
        let mut registry = registry();
        registry.register(1, seat(1), ROOM).unwrap();
        assert_eq!(registry.register(2, seat(2), OTHER), Ok(vec![]));
        assert_eq!(registry.discover(seat(2), OTHER), vec![]);
        assert_eq!(registry.discover(seat(3), OTHER), vec![seat(2)]);
    }

    #[test]
    fn registering_twice_tells_nobody_twice() {
        let mut registry = registry();
        registry.register(1, seat(1), ROOM).unwrap();
        assert_eq!(registry.register(2, seat(2), ROOM), Ok(vec![(1, seat(1))]));
        assert_eq!(registry.register(2, seat(2), ROOM), Ok(vec![]));
        assert_eq!(registry.register(3, seat(2), ROOM), Ok(vec![]), "by a second connection");
        assert_eq!(registry.discover(seat(1), ROOM), vec![seat(2)]);
        registry.clear(2);
        assert_eq!(registry.discover(seat(1), ROOM), vec![seat(2)]);
        registry.clear(3);
        assert_eq!(registry.discover(seat(1), ROOM), vec![]);
    }

    #[test]
    fn who_left_is_not_found() {
        let mut registry = registry();
        registry.register(1, seat(1), ROOM).unwrap();
        registry.register(1, seat(1), OTHER).unwrap();
        registry.leave(1, ROOM);
        registry.leave(1, ROOM);
        registry.leave(9, ROOM);
        assert_eq!(registry.discover(seat(2), ROOM), vec![]);
        assert_eq!(registry.discover(seat(2), OTHER), vec![seat(1)]);
        registry.clear(1);
        assert!(registry.rooms.is_empty() && registry.connections.is_empty());
        assert_eq!(registry.count, 0);
    }

    #[test]
    fn one_connection_has_a_limited_number_of_namespaces() {
        let mut registry = registry();
        let namespace = |n: usize| Namespace([n as u8; 32]);
        for n in 0..limits::NAMESPACES {
            registry.register(1, seat(1), namespace(n)).unwrap();
        }
        let one_more = namespace(limits::NAMESPACES);
        assert_eq!(registry.register(1, seat(1), one_more), Err(Refusal::Namespaces));
        registry.leave(1, namespace(0));
        assert_eq!(registry.register(1, seat(1), one_more), Ok(vec![]));
    }

    #[test]
    fn a_full_node_and_a_full_room_refuse() {
        let config = MeetConfig {
            registrations: 3,
            registrations_per_namespace: 2,
            ..MeetConfig::default()
        };
        let mut registry = Registry::new(config);
        registry.register(1, seat(1), ROOM).unwrap();
        registry.register(2, seat(2), ROOM).unwrap();
        assert_eq!(registry.register(3, seat(3), ROOM), Err(Refusal::Full));
        registry.register(3, seat(3), OTHER).unwrap();
        assert_eq!(registry.register(4, seat(4), OTHER), Err(Refusal::Full));
        registry.clear(1);
        assert_eq!(registry.register(4, seat(4), OTHER), Ok(vec![(3, seat(3))]));
    }

    #[test]
    fn an_answer_holds_the_newest() {
        let mut registry = registry();
        let many = limits::FOUND as u32 + 10;
        for n in 0..many {
            registry.register(n, seat(n), ROOM).unwrap();
        }
        let found = registry.discover(seat(many), ROOM);
        assert_eq!(found.len(), limits::FOUND);
        assert_eq!(found[0], seat(many - 1));
    }
}
