//! Calls of several pages over a network of values, with browsers that do one thing after the other.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

mod gaps;
mod hostile;

use super::*;
use crate::capability::{Role, Tools};
use crate::roster::Standing;
use covey_wire::frame::Wire;
use covey_wire::id::MemberId;
use proptest::prelude::*;

/// A browser's peer connection, as strict as RFC 8829 about what may follow what.
#[derive(Debug, Default)]
struct Connection {
    offers: bool,
    local_offer: Option<String>,
    /// Both descriptions, offer and answer.
    agreed: Option<(String, String)>,
    candidates: usize,
}

struct Page {
    call: Call,
    seat: SeatId,
    standing: Option<Standing>,
    connections: BTreeMap<u32, (ClientId, Connection)>,
    commands: VecDeque<Told>,
    opened: usize,
    orders: BTreeMap<(u32, u8), Order>,
    reactions: Vec<String>,
    asked: Vec<Request>,
    offences: Vec<SeatId>,
}

struct Net {
    pages: Vec<Page>,
    mail: Vec<(usize, usize, Vec<u8>)>,
    now: Instant,
    cut: BTreeSet<(usize, usize)>,
}

fn seat(at: usize) -> SeatId {
    SeatId([at as u8 + 1; 32])
}

fn participant() -> Standing {
    Standing::new(Role::Participant, Tools::ALL)
}

impl Net {
    fn new(standings: &[Standing]) -> Self {
        let pages = standings.iter().enumerate().map(|(at, standing)| Page {
            call: Call::new(seat(at), [at as u8; 32]),
            seat: seat(at),
            standing: Some(*standing),
            connections: BTreeMap::new(),
            commands: VecDeque::new(),
            opened: 0,
            orders: BTreeMap::new(),
            reactions: Vec::new(),
            asked: Vec::new(),
            offences: Vec::new(),
        });
        let mut net = Self {
            pages: pages.collect(),
            mail: Vec::new(),
            now: Instant(1000),
            cut: BTreeSet::new(),
        };
        for at in 0..net.pages.len() {
            for other in (0..net.pages.len()).filter(|other| *other != at) {
                net.pages[at].call.add_peer(seat(other), net.now);
            }
            net.judge(at);
        }
        net
    }

    /// Pages of these rights, all of them in the call and connected.
    fn in_call(standings: &[Standing]) -> Self {
        let mut net = Self::new(standings);
        for at in 0..standings.len() {
            net.input(at, Input::Join(Abilities::default()));
        }
        net.run(1000);
        net
    }

    /// The first two can't be signalled to by each other any more.
    fn lose(&mut self) {
        for at in 0..2 {
            self.pages[at].call.lost_peer(seat(1 - at), self.now);
            self.collect(at);
        }
    }

    /// They can again.
    fn regain(&mut self) {
        for at in 0..2 {
            self.pages[at].call.add_peer(seat(1 - at), self.now);
            self.collect(at);
        }
    }

    fn judge(&mut self, at: usize) {
        let who = |page: &Page| Who {
            seat: page.seat,
            member: Some(MemberId(page.seat.0)),
            standing: page.standing,
        };
        let all: Vec<Who> = self.pages.iter().map(who).collect();
        let of = |seat: SeatId| *all.iter().find(|who| who.seat == seat).expect("a page");
        let now = self.now;
        self.pages[at].call.members_changed(all[at], of, now);
        self.collect(at);
    }

    fn input(&mut self, at: usize, input: Input) {
        let now = self.now;
        self.pages[at].call.handle(input, now);
        self.collect(at);
    }

    fn collect(&mut self, at: usize) {
        let others: Vec<_> = (0..self.pages.len()).filter(|other| *other != at).map(seat).collect();
        let page = &mut self.pages[at];
        page.call.greet(others.into_iter());
        while let Some(output) = page.call.poll() {
            match output {
                Output::Send(to, message) => {
                    let to = usize::from(to.0[0]) - 1;
                    self.mail.push((at, to, message.to_bytes()));
                }
                Output::Told(told) => page.commands.push_back(told),
                Output::Offence(seat, offence) => {
                    assert_eq!(offence, Offence::Call);
                    page.offences.push(seat);
                }
            }
        }
    }

    /// One page's browser does one thing.
    fn work(&mut self, at: usize) -> bool {
        let Some(told) = self.pages[at].commands.pop_front() else { return false };
        let page = &mut self.pages[at];
        let mut report = Vec::new();
        match told {
            Told::Open { link, client, offers, .. } => {
                page.opened += 1;
                let connection = Connection { offers, ..Connection::default() };
                page.connections.insert(link, (client, connection));
            }
            Told::Close(link) => drop(page.connections.remove(&link)),
            Told::Offer { link, turn, restart } => {
                if let Some((_, connection)) = page.connections.get_mut(&link) {
                    assert!(connection.local_offer.is_none(), "an offer while one is out");
                    assert!(restart || connection.offers, "the side with the transceivers offers");
                    let sdp = format!("offer {at} {link} {turn}");
                    connection.local_offer = Some(sdp.clone());
                    report.push(Input::Described { link, turn, sdp });
                    report.push(Input::Candidate { link, candidate: format!("c {link}") });
                }
            }
            Told::Accept { link, turn, sdp } => {
                if let Some((_, connection)) = page.connections.get_mut(&link) {
                    connection.local_offer = None;
                    let answer = format!("answer {at} {link} {turn}");
                    connection.agreed = Some((sdp, answer.clone()));
                    report.push(Input::Described { link, turn, sdp: answer });
                    report.push(Input::Candidate { link, candidate: format!("c {link}") });
                }
            }
            Told::Answer { link, sdp } => {
                if let Some((_, connection)) = page.connections.get_mut(&link) {
                    let offer = connection.local_offer.take().expect("an answer to an offer");
                    connection.agreed = Some((offer, sdp));
                }
            }
            Told::Candidate { link, .. } => {
                if let Some((_, connection)) = page.connections.get_mut(&link) {
                    assert!(connection.agreed.is_some() || connection.local_offer.is_none());
                    connection.candidates += 1;
                }
            }
            Told::Order { link, video, order } => {
                page.orders.insert((link, video as u8), order);
            }
            Told::Reaction(_, text) => page.reactions.push(text),
            Told::Asked(_, request) => page.asked.push(request),
            Told::KeyFrames(_) | Told::Changed => {}
        }
        for input in report {
            self.input(at, input);
        }
        true
    }

    /// Delivers the first message from one page to another.
    fn deliver(&mut self, place: usize) {
        let (from, to, bytes) = self.mail.remove(place);
        if self.cut.contains(&(from, to)) {
            return;
        }
        let who = Who {
            seat: seat(from),
            member: Some(MemberId(seat(from).0)),
            standing: self.pages[from].standing,
        };
        let message = Message::from_bytes(&bytes).expect("what a page wrote");
        let now = self.now;
        self.pages[to].call.message(&who, message, now);
        self.collect(to);
    }

    /// Everything that can happen happens, and connections that are agreed on carry packets.
    fn run(&mut self, millis: u64) {
        let until = self.now + Duration::from_millis(millis);
        loop {
            let mut busy = false;
            while !self.mail.is_empty() {
                self.deliver(0);
                busy = true;
            }
            for at in 0..self.pages.len() {
                while self.work(at) {
                    busy = true;
                }
            }
            if busy {
                continue;
            }
            if self.now >= until {
                return;
            }
            self.now = self.now + Duration::from_millis(100);
            self.measure();
            for at in 0..self.pages.len() {
                let now = self.now;
                self.pages[at].call.tick(now);
                self.collect(at);
            }
        }
    }

    fn measure(&mut self) {
        for at in 0..self.pages.len() {
            let links: Vec<_> = self.pages[at].connections.keys().copied().collect();
            for link in links {
                let silence = if self.carries(at, link) { 20 } else { 60_000 };
                let silence = Duration::from_millis(silence);
                self.input(at, Input::Measured { link, silence, measure: Measure::default() });
            }
        }
    }

    /// Whether the other side's connection has the same descriptions.
    fn carries(&self, at: usize, link: u32) -> bool {
        let Some((client, connection)) = self.pages[at].connections.get(&link) else {
            return false;
        };
        let other = self.pages.iter().position(|page| page.seat.client() == *client);
        let other = other.expect("a page");
        connection.agreed.is_some()
            && !self.cut.contains(&(other, at))
            && self.pages[other].connections.values().any(|(_, of)| of.agreed == connection.agreed)
    }

    /// Each two of these are connected by one connection that carries something, and nobody has any other.
    fn assert_mesh(&self, attendees: &[usize]) {
        for (at, page) in self.pages.iter().enumerate() {
            let others = if attendees.contains(&at) { attendees.len() - 1 } else { 0 };
            assert_eq!(page.connections.len(), others, "page {at}");
            for link in page.connections.keys() {
                assert!(self.carries(at, *link), "page {at}: {:?}", page.connections);
            }
            let listed = page.call.attendees();
            assert_eq!(listed.len(), attendees.len(), "page {at}");
            if attendees.contains(&at) {
                assert!(
                    listed.iter().all(|who| who.own || who.way == Some(Way::Good)),
                    "{listed:?}"
                );
            }
        }
    }
}

#[test]
fn everybody_who_joins_is_connected_with_everybody() {
    let mut net = Net::new(&[participant(); 4]);
    for at in 0..4 {
        net.input(at, Input::Join(Abilities::default()));
    }
    net.run(1000);
    net.assert_mesh(&[0, 1, 2, 3]);
    assert!(net.pages.iter().all(|page| page.opened == 3), "nothing was made twice");
    net.input(2, Input::Leave);
    net.run(1000);
    net.assert_mesh(&[0, 1, 3]);
}

#[test]
fn the_side_that_can_not_take_restarts_offers_them_and_never_offers_first() {
    let mut net = Net::new(&[participant(); 2]);
    net.input(0, Input::Join(Abilities::default()));
    net.input(1, Input::Join(Abilities::OFFERS_RESTARTS));
    net.run(1000);
    net.assert_mesh(&[0, 1]);
    let offers = |page: &Page| page.connections.values().all(|(_, of)| of.offers);
    assert!(offers(&net.pages[0]) && !offers(&net.pages[1]));
    for (at, agreed) in [(0, false), (1, true)] {
        let link = *net.pages[at].connections.keys().next().expect("a connection");
        let silence = Duration::from_secs(2);
        net.input(at, Input::Measured { link, silence, measure: Measure::default() });
        let restarts = |told: &Told| matches!(told, Told::Offer { restart: true, .. });
        assert_eq!(net.pages[at].commands.iter().any(restarts), agreed);
    }
    net.run(2000);
    net.assert_mesh(&[0, 1]);
}

#[test]
fn somebody_without_the_right_is_in_the_call_and_sends_nothing() {
    let viewer = Standing::new(Role::Viewer, Tools::ALL);
    let mut net = Net::new(&[participant(), viewer]);
    let everything = Sends::from_bits(1 | 4 | 8 | 16);
    for at in 0..2 {
        net.input(at, Input::Join(Abilities::default()));
        net.input(at, Input::Sends(everything));
    }
    net.run(1000);
    let of = |net: &Net, at: usize, other: usize| {
        let listed = net.pages[at].call.attendees();
        *listed.iter().find(|who| who.seat == seat(other)).expect("in the call")
    };
    assert_eq!(of(&net, 0, 1).sends, Sends::default());
    assert_eq!(of(&net, 1, 0).sends, everything);
    let none = |told: &Told| matches!(told, Told::Open { may, .. } if *may == May::default());
    assert!(!net.pages[0].commands.iter().any(none));
    assert!(net.pages[0].offences.is_empty(), "an honest page says no more than it may");

    // Its own page's checks are switched off.
    let says = Message::State(Some(everything), Abilities::default());
    net.mail.push((1, 0, says.to_bytes()));
    net.run(1000);
    assert_eq!(of(&net, 0, 1).sends, Sends::default());
    assert_eq!(net.pages[0].offences, [seat(1)]);
}

#[test]
fn a_right_that_comes_later_makes_a_connection_that_allows_it() {
    let viewer = Standing::new(Role::Viewer, Tools::ALL);
    let mut net = Net::in_call(&[participant(), viewer]);
    net.pages[1].standing = Some(participant());
    for at in 0..2 {
        net.judge(at);
    }
    net.run(3000);
    net.assert_mesh(&[0, 1]);
    net.input(1, Input::Sends(Sends::CAMERA));
    net.run(100);
    assert_eq!(net.pages[0].call.attendees()[1].sends, Sends::CAMERA);
}

#[test]
fn an_offer_that_comes_before_its_sender_is_known_is_asked_for_again() {
    let mut net = Net::new(&[participant(); 2]);
    // The lesser seat takes the offer of the greater, and does not know it yet.
    net.pages[1].standing = None;
    net.judge(0);
    for at in 0..2 {
        net.input(at, Input::Join(Abilities::default()));
    }
    net.run(300);
    assert!(net.pages[0].connections.is_empty());
    net.pages[1].standing = Some(participant());
    net.judge(0);
    net.run(1500);
    net.assert_mesh(&[0, 1]);
}

#[test]
fn a_moderator_ends_somebodys_part_for_everybody() {
    let moderator = Standing::new(Role::Moderator, Tools::ALL);
    let mut net = Net::in_call(&[moderator, participant(), participant()]);
    // Nobody else may, whatever their page sends.
    let forged = Message::Request(seat(2), Request::Leave);
    net.mail.push((1, 2, forged.to_bytes()));
    net.run(500);
    net.assert_mesh(&[0, 1, 2]);
    assert_eq!(net.pages[2].offences, [seat(1)]);

    // A page that hears nothing of it, or does not do it, is left by the others.
    net.cut = BTreeSet::from([(0, 2)]);
    net.input(0, Input::Ask(seat(2).client(), Request::Leave));
    net.run(500);
    for at in 0..2 {
        assert_eq!(net.pages[at].call.attendees().len(), 2, "page {at}");
    }
    net.cut.clear();
    net.input(2, Input::Leave);
    net.input(2, Input::Join(Abilities::default()));
    net.run(2000);
    net.assert_mesh(&[0, 1, 2]);

    net.input(0, Input::Ask(seat(2).client(), Request::Mute));
    net.input(0, Input::Ask(seat(2).client(), Request::Leave));
    net.run(1000);
    net.assert_mesh(&[0, 1]);
    assert_eq!(net.pages[2].asked, [Request::Mute, Request::Leave]);
    assert!(!net.pages[2].call.is_joined());
}

#[test]
fn media_goes_on_while_a_peer_can_not_be_signalled_to() {
    let mut net = Net::new(&[participant(); 2]);
    for at in 0..2 {
        net.input(at, Input::Join(Abilities::default()));
    }
    net.run(1000);
    net.lose();
    net.run(30_000);
    net.assert_mesh(&[0, 1]);
    net.regain();
    net.run(2000);
    net.assert_mesh(&[0, 1]);
    assert!(net.pages.iter().all(|page| page.opened == 1), "nothing was made anew");
    net.pages[0].call.lost_peer(seat(1), net.now);
    net.run(61_000);
    assert!(net.pages[0].connections.is_empty(), "an attendee that stays away is given up");
}

#[test]
fn a_way_that_is_cut_is_restarted_and_heals() {
    let mut net = Net::new(&[participant(); 2]);
    for at in 0..2 {
        net.input(at, Input::Join(Abilities::default()));
    }
    net.run(1000);
    net.cut = BTreeSet::from([(0, 1), (1, 0)]);
    net.run(10_000);
    let way = |net: &Net| net.pages[0].call.attendees()[1].way;
    assert_eq!(way(&net), Some(Way::Reconnecting));
    net.cut.clear();
    net.run(25_000);
    net.assert_mesh(&[0, 1]);
}

#[test]
fn reactions_are_seen_by_everybody_in_the_call() {
    let mut net = Net::new(&[participant(); 3]);
    for at in 0..2 {
        net.input(at, Input::Join(Abilities::default()));
    }
    net.run(1000);
    net.input(0, Input::React("👍".to_owned()));
    net.input(0, Input::React("\u{202e}\n".to_owned()));
    net.run(100);
    assert_eq!(net.pages[1].reactions, ["👍"]);
    assert!(net.pages[2].reactions.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// Pages join and leave at any time, messages and browsers take their time: in the end each two of those who are in
    /// the call are connected once, and nothing is left of the others.
    #[test]
    fn any_order_of_joining_and_leaving_ends_in_a_mesh(
        moves in prop::collection::vec((0..3usize, 0..6u8, any::<u8>()), 0..80),
        fox in any::<[bool; 3]>(),
    ) {
        let mut net = Net::new(&[participant(); 3]);
        for (at, what, which) in moves {
            let abilities = if fox[at] { Abilities::OFFERS_RESTARTS } else { Abilities::default() };
            match what {
                0 => net.input(at, Input::Join(abilities)),
                1 => net.input(at, Input::Leave),
                2 => drop(net.work(at)),
                3 if !net.mail.is_empty() => {
                    // Messages of one pair keep their order.
                    let (from, to, _) = net.mail[usize::from(which) % net.mail.len()].clone();
                    let first = net.mail.iter().position(|(a, b, _)| (*a, *b) == (from, to));
                    net.deliver(first.expect("there is one"));
                }
                4 => net.now = net.now + Duration::from_millis(u64::from(which) * 4),
                _ => net.run(u64::from(which) * 10),
            }
        }
        net.run(30_000);
        let joined: Vec<_> = (0..3).filter(|at| net.pages[*at].call.is_joined()).collect();
        net.assert_mesh(&joined);
    }
}
