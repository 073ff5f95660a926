//! Registrations at rendezvous points: which namespaces are registered and discovered at which nodes.

use core::time::Duration;

use libp2p::PeerId;
use litemap::LiteMap;

use covey_wire::id::Namespace;
use covey_wire::limits;
use covey_wire::meet::MeetRequest;
use covey_wire::sorted::SortedSet;
use covey_wire::time::Instant;

/// The namespaces and the nodes that take requests.
#[derive(Debug, Default)]
pub(super) struct Registrations {
    namespaces: SortedSet<Namespace>,
    nodes: SortedSet<PeerId>,
    /// Requests that were refused, and when they are made again.
    retries: LiteMap<(PeerId, Namespace), Instant>,
}

/// A request that comes sooner would be refused again.
const LEAST: Duration = Duration::from_millis(500);

impl Registrations {
    /// Registers and discovers under a namespace, at all nodes.
    pub fn register(&mut self, namespace: Namespace) -> Vec<(PeerId, MeetRequest)> {
        if self.namespaces.len() >= limits::NAMESPACES && !self.namespaces.contains(&namespace) {
            return Vec::new();
        }
        self.namespaces.insert(namespace);
        self.nodes.iter().flat_map(|node| requests(*node, namespace)).collect()
    }

    /// A node takes requests.
    pub fn opened(&mut self, node: PeerId) -> Vec<(PeerId, MeetRequest)> {
        self.nodes.insert(node);
        self.namespaces.iter().flat_map(|namespace| requests(node, *namespace)).collect()
    }

    /// A node is gone.
    pub fn closed(&mut self, node: PeerId) {
        self.nodes.remove(&node);
        self.retries.retain(|(at, _), _| *at != node);
    }

    /// A node refused; with a time it is asked again.
    pub fn refused(&mut self, node: PeerId, namespace: Namespace, retry: Duration, now: Instant) {
        if retry > Duration::ZERO && self.nodes.contains(&node) && self.knows(namespace) {
            self.retries.insert((node, namespace), now + retry.max(LEAST));
        }
    }

    /// Whether we asked for this namespace.
    pub fn knows(&self, namespace: Namespace) -> bool {
        self.namespaces.contains(&namespace)
    }

    /// When `due` has something.
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.retries.values().min().copied()
    }

    /// The requests that are due again.
    pub fn due(&mut self, now: Instant) -> Vec<(PeerId, MeetRequest)> {
        let due = self.retries.iter().filter(|(_, at)| **at <= now);
        let due = due.flat_map(|((node, namespace), _)| requests(*node, *namespace)).collect();
        self.retries.retain(|_, at| *at > now);
        due
    }
}

/// Discover, register, and discover again: of two who come at once each may ask before the other
/// registers, and only the one who was first is told of the other.
fn requests(node: PeerId, namespace: Namespace) -> [(PeerId, MeetRequest); 3] {
    [MeetRequest::Discover, MeetRequest::Register, MeetRequest::Discover]
        .map(|request| (node, request(namespace)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_node_is_asked_when_it_comes_and_again_when_it_says_so() {
        let (node, room) = (PeerId::random(), Namespace([1; 32]));
        let mut registrations = Registrations::default();
        assert_eq!(registrations.register(room), []);
        let asked = registrations.opened(node);
        assert_eq!(asked, requests(node, room));
        registrations.refused(node, room, Duration::from_secs(2), Instant(0));
        assert_eq!(registrations.due(Instant(1999)), []);
        assert_eq!(registrations.poll_timeout(), Some(Instant(2000)));
        assert_eq!(registrations.due(Instant(2000)), requests(node, room));
        assert_eq!(registrations.poll_timeout(), None);
        registrations.refused(node, room, Duration::from_secs(2), Instant(0));
        registrations.closed(node);
        assert_eq!(registrations.poll_timeout(), None);
    }

    #[test]
    fn namespaces_are_bounded() {
        let mut registrations = Registrations::default();
        registrations.opened(PeerId::random());
        for n in 0..=limits::NAMESPACES as u8 {
            assert_eq!(registrations.register(Namespace([n; 32])).is_empty(), n == 16);
        }
    }
}
