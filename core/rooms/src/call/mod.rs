//! Calls: voice, video and screens, from browser to browser.
//!
//! Media flows on a peer connection of its own between each two attendees. This machine decides who is in the call, by
//! what right, when a connection is made, restarted and made anew, and what is sent to whom at what size. The browser
//! carries it out: [`Told`] are its orders, [`Input`] are its reports. Signalling goes from one member to the other, so
//! that nothing of a call depends on a node.
//!
//! ```text
//!   page ──Input──►  Call  ──Told──► browser
//!   peer ─Message─►   │    ─Message─► peer
//!                     └── negotiation, recovery: one for each connection; steering: one for all
//! ```

mod attendee;
mod message;
mod moderation;
mod negotiation;
mod quality;
mod recovery;
mod signalling;
mod steering;
mod told;

use std::collections::VecDeque;
use std::time::Duration;

use litemap::LiteMap;

use self::attendee::{Seat, rights};
pub use self::message::{Abilities, Ends, May, Message, Request, Sends, Shown};
use self::recovery::Health;
use self::steering::Steering;
pub use self::steering::{Measure, Order, Video};
pub use self::told::{Attendee, Input, Told, Way};
use crate::identity::{Author, SeedStream};
use crate::offence::Offence;
use crate::roster::Who;
use covey_wire::id::{ClientId, SeatId};
use covey_wire::limits;
use covey_wire::time::Instant;

/// Between two new connections with one peer.
const OPENING: Duration = Duration::from_millis(500);
/// Between two times that the page is told what a peer says of itself, but for some at once.
const STATES: Duration = Duration::from_millis(250);
/// So many at once: as many as come in this time otherwise.
const STATES_AT_ONCE: Duration = Duration::from_millis(1500);
/// How long media goes on with a peer that can't be signalled to.
const AWAY: Duration = Duration::from_secs(60);
/// Between two looks at how much is sent to whom.
const STEERING: Duration = Duration::from_millis(500);

/// A result of the call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// For a peer.
    Send(SeatId, Message),
    /// For the page.
    Told(Told),
    /// A peer did what it should not.
    Offence(SeatId, Offence),
}

/// The call of one room.
pub struct Call {
    own: Who,
    may: May,
    /// The sources that one sends; nothing while one takes no part.
    sends: Option<Sends>,
    /// Whether one ever took part.
    was_in: bool,
    abilities: Abilities,
    /// The sizes at which the page shows others, by client.
    shows: Vec<(ClientId, Shown)>,
    seats: LiteMap<SeatId, Seat>,
    steering: Steering,
    steered: Instant,
    /// Numbers of peer connections, for the page and for the other side.
    links: u32,
    seeds: SeedStream,
    changed: bool,
    /// Says that it sends what it may not, for pages that break the rules.
    #[cfg(feature = "misbehave")]
    boasts: bool,
    out: VecDeque<Output>,
}

impl Call {
    /// Nobody is in the call. `seed` is random, and used once.
    pub fn new(own: SeatId, seed: [u8; 32]) -> Self {
        Self {
            own: Who { seat: own, member: None, standing: None },
            may: May::default(),
            sends: None,
            was_in: false,
            abilities: Abilities::default(),
            shows: Vec::new(),
            seats: LiteMap::new(),
            steering: Steering::new(),
            steered: Instant(0),
            links: 0,
            seeds: SeedStream::new(seed),
            changed: false,
            #[cfg(feature = "misbehave")]
            boasts: false,
            out: VecDeque::new(),
        }
    }

    /// A peer is connected, again perhaps.
    pub fn add_peer(&mut self, seat: SeatId, now: Instant) {
        let Some(peer) = self.seats.get_mut(&seat) else {
            self.seats.insert(seat, Seat::default());
            return;
        };
        (peer.away, peer.told, peer.told_shown) = (None, false, None);
        // Messages of meanwhile are lost.
        let stable = peer.link.as_ref().is_some_and(|link| link.negotiation.is_stable());
        if let Some(recovery) = &mut peer.recovery
            && (!stable || recovery.health() != Health::Up)
        {
            recovery.broken(now);
        }
    }

    /// A peer can't be signalled to: its media may go on all the same.
    pub fn lost_peer(&mut self, seat: SeatId, now: Instant) {
        match self.seats.get_mut(&seat) {
            Some(peer) if peer.link.is_some() => peer.away = Some(now),
            _ => self.clear_peer(seat),
        }
    }

    /// A peer is gone, or has to go.
    pub fn clear_peer(&mut self, seat: SeatId) {
        self.close(seat);
        if self.seats.remove(&seat).is_some_and(|peer| peer.says.is_some()) {
            self.changed = true;
        }
    }

    /// Rights changed, or somebody became known; peers that are trusted are told of us.
    pub fn members_changed(&mut self, own: Who, who: impl Fn(SeatId) -> Who, now: Instant) {
        self.own = own;
        self.may = rights(&own);
        for seat in self.all() {
            let Some(peer) = self.seats.get_mut(&seat) else { continue };
            let before = peer.may;
            if !peer.judge(&who(seat)) {
                continue;
            }
            self.changed = true;
            // The rights of the other side are settled when a connection is made.
            if before != peer.may && peer.link.is_some() {
                self.rebuild(seat, now);
            }
            self.consider(seat, now);
        }
    }

    /// Tells the peers that may know what one sends, if they were not told.
    pub fn greet(&mut self, trusted: impl Iterator<Item = SeatId>) {
        for seat in trusted {
            let Some(peer) = self.seats.get_mut(&seat) else { continue };
            if core::mem::replace(&mut peer.told, true) {
                continue;
            }
            let again = peer.asked_to_leave;
            // A peer that never heard of us in a call need not hear that we are in none.
            if self.sends.is_some() || self.was_in {
                let state = Message::State(self.sends, self.abilities);
                self.out.push_back(Output::Send(seat, state));
            }
            if again {
                let request = Message::Request(seat, Request::Leave);
                self.out.push_back(Output::Send(seat, request));
            }
            self.tell_shown();
        }
    }

    /// Takes what the page says.
    pub fn handle(&mut self, input: Input, now: Instant) {
        match input {
            Input::Join(abilities) => self.join(abilities, now),
            Input::Leave => self.leave(),
            Input::Sends(sends) => self.set_sends(sends, now),
            Input::Shown(shows) => {
                self.shows = shows;
                self.tell_shown();
            }
            Input::React(text) if self.sends.is_some() && is_reaction(&text) => {
                self.tell_attendees(&Message::Reaction(text));
            }
            Input::React(_) => {}
            Input::Ask(client, request) => self.ask(client, request),
            Input::Saving(saving) => {
                self.steering.set_saving(saving);
                self.steer(now);
            }
            Input::Described { link, turn, sdp } => self.described(link, turn, sdp, now),
            Input::Broken(link) => self.broken(link, now),
            Input::Candidate { link, candidate } => self.found_candidate(link, candidate),
            Input::Measured { link, silence, measure } => {
                self.measured(link, silence, &measure, now);
            }
        }
        self.tick(now);
    }

    /// Takes a message of a peer that is trusted.
    pub fn message(&mut self, who: &Who, message: Message, now: Instant) {
        let seat = who.seat;
        let Some(peer) = self.seats.get_mut(&seat) else { return };
        match message {
            Message::State(says, abilities) => {
                let too_much =
                    peer.is_known() && says.is_some_and(|says| says.within(peer.may) != says);
                if too_much {
                    self.out.push_back(Output::Offence(seat, Offence::Call));
                }
                peer.removed &= says.is_some();
                peer.asked_to_leave &= says.is_some();
                peer.waiting_state = Some((says, abilities));
                if peer.state_due() <= now {
                    self.take_state(seat, now);
                }
            }
            Message::Description { ends, turn, offer, sdp } => {
                // An offer follows the word that one takes part.
                if peer.says.is_none() {
                    self.take_state(seat, now);
                }
                self.description(seat, ends, turn, offer, sdp, now);
            }
            Message::Candidate(ends, candidate) => self.candidate(seat, ends, candidate),
            Message::AskOffer(ends) => self.asked_offer(seat, ends, now),
            Message::Shown(shown) => {
                peer.shown = shown;
                if let Some(link) = &peer.link {
                    self.steering.set_shown(link.id, shown);
                    self.steer(now);
                }
            }
            Message::Reaction(text) => {
                if peer.sends().is_some() && self.sends.is_some() && is_reaction(&text) {
                    self.out.push_back(Output::Told(Told::Reaction(seat.client(), text)));
                }
            }
            Message::Request(to, request) => self.requested(who, to, request),
        }
    }

    /// Takes what a peer says of itself: the newest of what came since it was taken last.
    fn take_state(&mut self, seat: SeatId, now: Instant) {
        let Some(peer) = self.seats.get_mut(&seat) else { return };
        let Some((says, abilities)) = peer.waiting_state.take() else { return };
        (peer.says, peer.abilities) = (says, abilities);
        peer.state_at = peer.state_at.max(now) + STATES;
        self.changed = true;
        self.consider(seat, now);
    }

    /// Everybody in the call, oneself first.
    pub fn attendees(&self) -> Vec<Attendee> {
        let own = self.sends.zip(self.own.member).map(|(sends, member)| Attendee {
            seat: self.own.seat,
            member,
            own: true,
            sends: sends.within(self.may),
            may: self.may,
            way: None,
        });
        let others = self.seats.iter().filter_map(|(seat, peer)| {
            Some(Attendee {
                seat: *seat,
                member: peer.member?,
                own: false,
                sends: peer.sends()?,
                may: peer.may,
                way: self.sends.map(|sends| self.way(peer, sends)),
            })
        });
        own.into_iter().chain(others).collect()
    }

    /// Whether one takes part.
    pub fn is_joined(&self) -> bool {
        self.sends.is_some()
    }

    /// Says from now on that it sends what it may not, or is honest again.
    #[cfg(feature = "misbehave")]
    pub fn set_boasts(&mut self, boasts: bool) {
        self.boasts = boasts;
    }

    /// Time passed.
    pub fn tick(&mut self, now: Instant) {
        for seat in self.all() {
            let Some(peer) = self.seats.get_mut(&seat) else { continue };
            if peer.away.is_some_and(|since| since + AWAY <= now) {
                self.clear_peer(seat);
                continue;
            }
            if peer.state_due() <= now {
                self.take_state(seat, now);
            }
            let Some(peer) = self.seats.get_mut(&seat) else { continue };
            if peer.opens_at.max(peer.offers_at) <= now
                && let Some((ends, turn, sdp)) = peer.waiting_offer.take()
            {
                self.description(seat, ends, turn, true, sdp, now);
            }
            let peer = self.seats.get_mut(&seat);
            if peer.is_some_and(|peer| peer.opens_at <= now && core::mem::take(&mut peer.offer_due))
            {
                self.offer_anew(seat, now);
            }
            let peer = self.seats.get_mut(&seat);
            if peer
                .is_some_and(|peer| peer.asks_at <= now && core::mem::take(&mut peer.restart_due))
            {
                self.restart(seat, now);
            }
            self.consider(seat, now);
            let recovery = self.seats.get_mut(&seat).and_then(|peer| peer.recovery.as_mut());
            if let Some(remedy) = recovery.and_then(|recovery| recovery.tick(now)) {
                self.mend(seat, remedy, now);
            }
        }
        if self.sends.is_some() && now >= self.steered + STEERING {
            self.steer(now);
        }
    }

    /// When [`Call::tick`] wants to be called.
    pub fn poll_timeout(&self) -> Option<Instant> {
        let seats = self.seats.values().flat_map(|peer| {
            let recovery = peer.recovery.as_ref().and_then(|recovery| recovery.poll_timeout());
            let waits = peer.waiting_offer.is_some() || peer.offer_due;
            let opens = waits.then_some(peer.opens_at.max(peer.offers_at));
            let state = peer.waiting_state.map(|_| peer.state_due());
            let restart = peer.restart_due.then_some(peer.asks_at);
            [recovery, opens, state, restart, peer.away.map(|since| since + AWAY)]
        });
        let is_steered = self.seats.values().any(|peer| peer.link.is_some());
        seats.flatten().chain(is_steered.then(|| self.steered + STEERING)).min()
    }

    /// The next result.
    pub fn poll(&mut self) -> Option<Output> {
        let changed = || core::mem::take(&mut self.changed).then_some(Output::Told(Told::Changed));
        self.out.pop_front().or_else(changed)
    }

    fn join(&mut self, abilities: Abilities, now: Instant) {
        if self.sends.is_some() {
            return;
        }
        (self.sends, self.abilities, self.changed) = (Some(Sends::default()), abilities, true);
        self.was_in = true;
        self.tell_state();
        for seat in self.all() {
            self.consider(seat, now);
        }
    }

    fn leave(&mut self) {
        if self.sends.take().is_none() {
            return;
        }
        for seat in self.all() {
            self.close(seat);
        }
        self.shows.clear();
        self.changed = true;
        self.tell_state();
    }

    fn set_sends(&mut self, sends: Sends, now: Instant) {
        #[cfg(feature = "misbehave")]
        let may = if self.boasts { May { speak: true, share: true } } else { self.may };
        #[cfg(not(feature = "misbehave"))]
        let may = self.may;
        let sends = sends.within(may);
        if self.sends.is_some_and(|before| before != sends) {
            (self.sends, self.changed) = (Some(sends), true);
            self.tell_state();
            self.steer(now);
        }
    }

    /// Makes a connection with a peer in the call, or closes it.
    fn consider(&mut self, seat: SeatId, now: Instant) {
        let Some(peer) = self.seats.get_mut(&seat) else { return };
        let both = self.sends.is_some() && peer.sends().is_some();
        match (&peer.link, both) {
            (None, true) if peer.away.is_none() && peer.opens_at <= now => self.connect(seat, now),
            (Some(_), false) => self.close(seat),
            _ => {}
        }
    }

    fn tell_state(&mut self) {
        let state = Message::State(self.sends, self.abilities);
        let told = self.seats.iter().filter(|(_, peer)| peer.told && peer.away.is_none());
        let sent = told.map(|(seat, _)| Output::Send(*seat, state.clone()));
        self.out.extend(sent);
    }

    fn tell_attendees(&mut self, message: &Message) {
        let attends = |(_, peer): &(&SeatId, &Seat)| peer.sends().is_some() && peer.away.is_none();
        let sent = self.seats.iter().filter(attends);
        self.out.extend(sent.map(|(seat, _)| Output::Send(*seat, message.clone())));
    }

    /// Tells attendees what is shown of them.
    fn tell_shown(&mut self) {
        for (seat, peer) in self.seats.iter_mut() {
            if peer.link.is_none() || peer.away.is_some() {
                continue;
            }
            let shown = self.shows.iter().find(|(client, _)| *client == seat.client());
            let shown = shown.map_or_else(Shown::default, |(_, shown)| *shown);
            if peer.told_shown != Some(shown) {
                peer.told_shown = Some(shown);
                self.out.push_back(Output::Send(*seat, Message::Shown(shown)));
            }
        }
    }

    fn all(&self) -> Vec<SeatId> {
        self.seats.keys().copied().collect()
    }

    fn seat_of(&self, link: u32) -> Option<SeatId> {
        let of_link =
            |(_, peer): &(&SeatId, &Seat)| peer.link.as_ref().is_some_and(|of| of.id == link);
        self.seats.iter().find(of_link).map(|(seat, _)| *seat)
    }
}

/// Whether a text may be a reaction: short, and with nothing in it that hides.
fn is_reaction(text: &str) -> bool {
    (1..=limits::REACTION).contains(&text.len()) && !text.contains(char::is_control)
}

#[cfg(test)]
mod tests;
