//! Where we meet: which namespaces are asked for at which nodes.

use core::time::Duration;

use libp2p::PeerId;
use litemap::LiteMap;

use covey_wire::id::Namespace;
use covey_wire::limits;
use covey_wire::meet::MeetRequest;
use covey_wire::sorted::SortedSet;
use covey_wire::time::Time;

/// The namespaces and the nodes that take requests.
#[derive(Debug, Default)]
pub(super) struct Meetings {
    namespaces: SortedSet<Namespace>,
    nodes: SortedSet<PeerId>,
    /// Requests that were refused, and when they are made again.
    again: LiteMap<(PeerId, Namespace), Time>,
}

/// Asking again sooner would be refused again.
const LEAST: Duration = Duration::from_millis(500);

impl Meetings {
    /// Meet under a namespace, at all nodes.
    pub fn meet(&mut self, namespace: Namespace) -> Vec<(PeerId, MeetRequest)> {
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
        self.again.retain(|(at, _), _| *at != node);
    }

    /// A node refused; with a time it is asked again.
    pub fn refused(&mut self, node: PeerId, namespace: Namespace, retry: Duration, now: Time) {
        if retry > Duration::ZERO && self.nodes.contains(&node) && self.knows(namespace) {
            self.again.insert((node, namespace), now + retry.max(LEAST));
        }
    }

    /// Whether we asked for this namespace.
    pub fn knows(&self, namespace: Namespace) -> bool {
        self.namespaces.contains(&namespace)
    }

    /// When `due` has something.
    pub fn poll_timeout(&self) -> Option<Time> {
        self.again.values().min().copied()
    }

    /// What is to be asked again.
    pub fn due(&mut self, now: Time) -> Vec<(PeerId, MeetRequest)> {
        let due = self.again.iter().filter(|(_, at)| **at <= now);
        let due = due.flat_map(|((node, namespace), _)| requests(*node, *namespace)).collect();
        self.again.retain(|_, at| *at > now);
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
        let mut meetings = Meetings::default();
        assert_eq!(meetings.meet(room), []);
        let asked = meetings.opened(node);
        assert_eq!(asked, requests(node, room));
        meetings.refused(node, room, Duration::from_secs(2), Time(0));
        assert_eq!(meetings.due(Time(1999)), []);
        assert_eq!(meetings.poll_timeout(), Some(Time(2000)));
        assert_eq!(meetings.due(Time(2000)), requests(node, room));
        assert_eq!(meetings.poll_timeout(), None);
        meetings.refused(node, room, Duration::from_secs(2), Time(0));
        meetings.closed(node);
        assert_eq!(meetings.poll_timeout(), None);
    }

    #[test]
    fn namespaces_are_bounded() {
        let mut meetings = Meetings::default();
        meetings.opened(PeerId::random());
        for n in 0..=limits::NAMESPACES as u8 {
            assert_eq!(meetings.meet(Namespace([n; 32])).is_empty(), n == 16);
        }
    }
}
