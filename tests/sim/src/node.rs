//! The meeting point: who registered, and who is told of whom.

use std::collections::BTreeSet;

use covey_rooms::room::Input;
use covey_wire::id::{Namespace, SeatId};
use covey_wire::net::{NetEvent, NodeState};

use crate::page::PageId;
use crate::world::{Event, World};

/// The longest pause before a page tries the node again.
const PAUSE: u64 = 8_000;

/// One node, in part 0 of the network.
#[derive(Default)]
pub struct Node {
    pub down: bool,
    /// Who meets there; those who are gone stay until the node notices.
    registered: BTreeSet<PageId>,
    /// Who is connected.
    connected: BTreeSet<PageId>,
    namespace: Option<Namespace>,
}

impl Node {
    /// Forgets who registered.
    pub fn forget(&mut self, id: PageId) {
        if !self.connected.contains(&id) {
            self.registered.remove(&id);
        }
    }
}

impl World {
    /// Whether a page is connected to the node.
    pub fn at_node(&self, id: PageId) -> bool {
        self.node.connected.contains(&id)
    }

    fn reaches_node(&self, id: PageId) -> bool {
        let device = self.pages.get(&id).and_then(|page| self.devices.get(page.device));
        !self.node.down && device.is_some_and(|device| device.side == 0)
    }

    /// A page tries to reach the node, with growing pauses.
    pub fn try_node(&mut self, id: PageId) {
        if self.at_node(id) {
            return;
        }
        let reached = self.reaches_node(id);
        let Some(page) = self.pages.get_mut(&id).filter(|page| !page.leaving) else { return };
        if !reached {
            page.tries = (page.tries + 1).min(5);
            let pause = (500 << page.tries).min(PAUSE);
            let wait = self.rng.between(pause / 10, pause);
            if !self.awaits(|event| matches!(event, Event::Node(other) if *other == id)) {
                self.later(wait, Event::Node(id));
            }
            return;
        }
        page.tries = 0;
        self.node.connected.insert(id);
        self.handle(id, Input::Net(NetEvent::Node(NodeState::Up)));
        self.register(id);
    }

    /// A page wants to meet the others.
    pub fn meet(&mut self, id: PageId, namespace: Namespace) {
        if *self.node.namespace.get_or_insert(namespace) != namespace {
            return self.fail(|| format!("page {id} meets elsewhere"));
        }
        if self.at_node(id) {
            self.register(id);
        }
    }

    /// Somebody who breaks the rules is at the node, if it can be reached.
    pub fn lurk(&mut self, id: PageId) {
        if !self.node.down && self.node.connected.insert(id) {
            self.register(id);
        }
    }

    /// Discovers, then registers: the node answers in this order.
    fn register(&mut self, id: PageId) {
        let others = self.node.registered.iter().copied().filter(|other| *other != id);
        let others: Vec<PageId> = others.collect();
        let seats = self.seats_of(&others);
        let wait = self.rng.between(2, 50);
        self.later(wait, Event::Found { to: id, seats, newcomer: false });
        if self.node.registered.insert(id) {
            let own = self.seats_of(&[id]);
            for other in others {
                let wait = self.rng.between(2, 50);
                self.later(wait, Event::Found { to: other, seats: own.clone(), newcomer: true });
            }
        }
    }

    fn seats_of(&self, pages: &[PageId]) -> Vec<SeatId> {
        pages.iter().filter_map(|page| self.seat_of(*page)).collect()
    }

    /// The node's answer or news reach a page.
    pub fn found(&mut self, to: PageId, seats: Vec<SeatId>, newcomer: bool) {
        let Some(namespace) = self.node.namespace.filter(|_| self.at_node(to)) else { return };
        for seat in &seats {
            self.found_again(to, *seat);
        }
        self.handle(to, Input::Net(NetEvent::Found { namespace, seats, newcomer }));
    }

    /// A page has no connection to the node any more, which notices at once or later.
    pub fn drop_node(&mut self, id: PageId) -> bool {
        let was = self.node.connected.remove(&id);
        if was {
            let wait = self.rng.below(15_000);
            self.later(wait, Event::Forget(id));
        }
        was
    }

    fn leave_node(&mut self, id: PageId) {
        self.drop_node(id);
        self.handle(id, Input::Net(NetEvent::Node(NodeState::Connecting)));
        let wait = self.rng.between(100, 2_000);
        self.later(wait, Event::Node(id));
    }

    /// Cuts off whoever can't reach the node any more.
    pub fn check_node(&mut self) {
        for id in self.pages.keys().copied().collect::<Vec<_>>() {
            if self.at_node(id) && !self.reaches_node(id) {
                self.leave_node(id);
            }
        }
        if self.node.down {
            self.node.registered.clear();
            self.node.connected.retain(|id| self.pages.contains_key(id));
        }
    }
}
