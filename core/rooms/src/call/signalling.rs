//! The peer connections of the call: made, described, mended and closed.

use super::attendee::{Link, Seat, offers_first, restarts};
use super::message::{Ends, Message};
use super::negotiation::{Negotiation, Step};
use super::recovery::{Recovery, Remedy};
use super::{Call, OPENING, Output, Told};
use crate::identity::Author;
use covey_wire::id::SeatId;
use covey_wire::limits;
use covey_wire::time::Instant;

impl Call {
    /// Makes a connection: by an offer, or by asking for one.
    pub(super) fn connect(&mut self, seat: SeatId, now: Instant) {
        let offers = self.offers_first(seat);
        self.open(seat, offers, now);
        let peer = self.seats.get_mut(&seat);
        let missed = peer.is_some_and(|peer| core::mem::take(&mut peer.missed));
        if offers {
            self.step(seat, |link| [link.negotiation.offer(false), None]);
        } else if missed {
            self.ask_offer(seat);
        }
    }

    /// Makes a connection anew: the other side does the same when it hears of it.
    pub(super) fn rebuild(&mut self, seat: SeatId, now: Instant) {
        self.connect(seat, now);
        if !self.offers_first(seat) {
            self.ask_offer(seat);
        }
    }

    /// Opens a connection in place of the one that there is.
    fn open(&mut self, seat: SeatId, offers: bool, now: Instant) {
        self.drop_link(seat);
        let own = u64::from_le_bytes(self.seeds.draw()[..8].try_into().expect("8 of 32 bytes")) | 1;
        self.links += 1;
        let id = self.links;
        let polite = self.own.seat < seat;
        let Some(peer) = self.seats.get_mut(&seat) else { return };
        peer.link = Some(Link {
            id,
            own,
            theirs: None,
            negotiation: Negotiation::new(polite),
            unsent: Vec::new(),
            described: false,
            candidates: 0,
        });
        peer.opens_at = now + OPENING;
        peer.offer_due = false;
        peer.restart_due = false;
        peer.told_shown = None;
        match &mut peer.recovery {
            Some(recovery) => recovery.begin_again(now),
            none => *none = Some(Recovery::new(now)),
        }
        self.steering.add(id, now);
        self.steering.set_shown(id, peer.shown);
        // Orders for the new connection are given at once.
        self.steered = Instant(0);
        let told = Told::Open { link: id, client: seat.client(), offers, may: peer.may };
        self.out.push_back(Output::Told(told));
        self.changed = true;
        self.tell_shown();
    }

    /// Closes the connection with a seat; it may be opened again.
    pub(super) fn close(&mut self, seat: SeatId) {
        self.drop_link(seat);
        if let Some(peer) = self.seats.get_mut(&seat) {
            peer.recovery = None;
            peer.waiting_offer = None;
            peer.offer_due = false;
            peer.restart_due = false;
            peer.early.clear();
        }
    }

    fn drop_link(&mut self, seat: SeatId) {
        let link = self.seats.get_mut(&seat).and_then(|peer| peer.link.take());
        if let Some(link) = link {
            self.steering.remove(link.id);
            self.out.push_back(Output::Told(Told::Close(link.id)));
            self.changed = true;
        }
    }

    /// A description came.
    pub(super) fn description(
        &mut self,
        seat: SeatId,
        ends: Ends,
        turn: u32,
        offer: bool,
        sdp: String,
        now: Instant,
    ) {
        let takes_part = self.sends.is_some();
        let Some(peer) = self.seats.get_mut(&seat) else { return };
        if takes_part && offer && !peer.is_known() {
            // The call is sometimes faster than the channel that says who a seat is.
            (peer.missed, peer.theirs) = (true, ends.from);
        }
        if !takes_part || peer.sends().is_none() || !is_for(peer, ends) {
            return;
        }
        if offer && self.is_new_connection(seat, ends) {
            let Some(peer) = self.seats.get_mut(&seat) else { return };
            if peer.opens_at > now {
                // Of several that come too soon the last one counts.
                peer.waiting_offer = Some((ends, turn, sdp));
                return;
            }
            self.open(seat, false, now);
        }
        let Some(peer) = self.seats.get_mut(&seat) else { return };
        let Some(link) = &mut peer.link else { return };
        if *link.theirs.get_or_insert(ends.from) != ends.from {
            return;
        }
        peer.theirs = ends.from;
        if offer {
            if peer.offers_at > now {
                peer.waiting_offer = Some((ends, turn, sdp));
                return;
            }
            peer.offers_at = now + OPENING;
            self.step(seat, |link| [link.negotiation.offered(turn, sdp), None]);
        } else {
            self.step(seat, |link| link.negotiation.answered(turn, sdp));
            self.agreed(seat, now);
        }
        self.give_early(seat);
    }

    /// Whether an offer is for a new connection of the other side, and counts.
    fn is_new_connection(&self, seat: SeatId, ends: Ends) -> bool {
        let Some(link) = self.seats.get(&seat).and_then(|peer| peer.link.as_ref()) else {
            return true;
        };
        match link.theirs {
            Some(theirs) => theirs != ends.from,
            // Both began at once: the polite side takes the other's, with a connection that made no offer.
            None => link.negotiation.is_offering() && self.own.seat < seat,
        }
    }

    /// A candidate came. Those that come before their description are kept.
    pub(super) fn candidate(&mut self, seat: SeatId, ends: Ends, candidate: String) {
        let Some(peer) = self.seats.get_mut(&seat) else { return };
        if self.sends.is_none() || peer.sends().is_none() || !is_for(peer, ends) {
            return;
        }
        match &mut peer.link {
            Some(link) if link.theirs == Some(ends.from) && link.negotiation.is_described() => {
                link.candidates += 1;
                if link.candidates > limits::CANDIDATES {
                    return;
                }
                let told = Told::Candidate { link: link.id, candidate };
                self.out.push_back(Output::Told(told));
            }
            _ => peer.keep_early(ends.from, candidate),
        }
    }

    /// Gives the browser the candidates that waited for their description.
    fn give_early(&mut self, seat: SeatId) {
        let Some(peer) = self.seats.get_mut(&seat) else { return };
        let Some(link) = &peer.link else { return };
        if !link.negotiation.is_described() {
            return;
        }
        for (from, candidate) in core::mem::take(&mut peer.early) {
            if link.theirs == Some(from) {
                self.out.push_back(Output::Told(Told::Candidate { link: link.id, candidate }));
            }
        }
    }

    /// The other side waits for an offer.
    pub(super) fn asked_offer(&mut self, seat: SeatId, ends: Ends, now: Instant) {
        let Some(peer) = self.seats.get_mut(&seat) else { return };
        if self.sends.is_none() || peer.sends().is_none() || !is_for(peer, ends) {
            return;
        }
        match &peer.link {
            Some(link) if link.theirs == Some(ends.from) && peer.asks_at > now => {
                peer.restart_due = true;
            }
            Some(link) if link.theirs == Some(ends.from) => self.restart(seat, now),
            // Its offer is on its way.
            Some(link) if link.theirs.is_none() && ends.to == 0 => {}
            _ if peer.opens_at > now => peer.offer_due = true,
            _ => self.offer_anew(seat, now),
        }
    }

    /// Restarts the connection that there is, as the other side asks.
    pub(super) fn restart(&mut self, seat: SeatId, now: Instant) {
        if let Some(peer) = self.seats.get_mut(&seat) {
            peer.asks_at = now + OPENING;
        }
        self.step(seat, |link| [link.negotiation.offer(true), None]);
    }

    /// Makes a new connection by an offer, whichever side offers first.
    pub(super) fn offer_anew(&mut self, seat: SeatId, now: Instant) {
        self.open(seat, true, now);
        self.step(seat, |link| [link.negotiation.offer(false), None]);
    }

    /// The browser described its side.
    pub(super) fn described(&mut self, link: u32, turn: u32, sdp: String, now: Instant) {
        let Some(seat) = self.seat_of(link) else { return };
        if sdp.len() > limits::DESCRIPTION {
            return self.broken(link, now);
        }
        self.step(seat, |link| link.negotiation.described(turn, sdp));
        self.agreed(seat, now);
    }

    /// A connection can't go on.
    pub(super) fn broken(&mut self, link: u32, now: Instant) {
        let seat = self.seat_of(link);
        let peer = seat.and_then(|seat| self.seats.get_mut(&seat));
        if let Some(recovery) = peer.and_then(|peer| peer.recovery.as_mut()) {
            recovery.broken(now);
            self.changed = true;
        }
    }

    /// The browser found a candidate: it goes out behind the description that it belongs to.
    pub(super) fn found_candidate(&mut self, link: u32, candidate: String) {
        let Some(seat) = self.seat_of(link) else { return };
        let Some(link) = self.seats.get_mut(&seat).and_then(|peer| peer.link.as_mut()) else {
            return;
        };
        if candidate.len() > limits::CANDIDATE {
            return;
        }
        if link.described {
            let message = Message::Candidate(ends(link), candidate);
            self.out.push_back(Output::Send(seat, message));
        } else if link.unsent.len() < limits::CANDIDATES {
            link.unsent.push(candidate);
        }
    }

    /// Does what a connection needs.
    pub(super) fn mend(&mut self, seat: SeatId, remedy: Remedy, now: Instant) {
        let Some(peer) = self.seats.get(&seat) else { return };
        let Some(link) = &peer.link else { return };
        let id = link.id;
        self.changed = true;
        match remedy {
            Remedy::KeyFrames => {
                self.steering.set_silent(id, false, now);
                self.out.push_back(Output::Told(Told::KeyFrames(id)));
            }
            Remedy::Restart => {
                self.steering.set_silent(id, true, now);
                let own = (self.own.seat, self.abilities);
                if restarts(own, (seat, peer.abilities)) {
                    self.step(seat, |link| [link.negotiation.offer(true), None]);
                } else {
                    self.ask_offer(seat);
                }
            }
            Remedy::Rebuild => self.rebuild(seat, now),
        }
    }

    fn ask_offer(&mut self, seat: SeatId) {
        let Some(peer) = self.seats.get(&seat) else { return };
        let Some(link) = &peer.link else { return };
        let ends = Ends { from: link.own, to: link.theirs.unwrap_or(peer.theirs) };
        self.out.push_back(Output::Send(seat, Message::AskOffer(ends)));
    }

    /// Does the next things with a connection.
    fn step(&mut self, seat: SeatId, next: impl FnOnce(&mut Link) -> [Option<Step>; 2]) {
        let Some(link) = self.seats.get_mut(&seat).and_then(|peer| peer.link.as_mut()) else {
            return;
        };
        for step in next(link).into_iter().flatten() {
            let id = link.id;
            if matches!(step, Step::Offer { .. } | Step::Accept { .. }) {
                link.candidates = 0;
            }
            let told = match step {
                Step::Offer { turn, restart } => Told::Offer { link: id, turn, restart },
                Step::Accept { turn, sdp } => Told::Accept { link: id, turn, sdp },
                Step::Answer(sdp) => Told::Answer { link: id, sdp },
                Step::Send { turn, offer, sdp } => {
                    let ends = ends(link);
                    let message = Message::Description { ends, turn, offer, sdp };
                    self.out.push_back(Output::Send(seat, message));
                    link.described = true;
                    for candidate in core::mem::take(&mut link.unsent) {
                        let message = Message::Candidate(ends, candidate);
                        self.out.push_back(Output::Send(seat, message));
                    }
                    continue;
                }
            };
            self.out.push_back(Output::Told(told));
        }
    }

    /// Both sides may have described themselves by now.
    fn agreed(&mut self, seat: SeatId, now: Instant) {
        let Some(peer) = self.seats.get_mut(&seat) else { return };
        let stable = peer.link.as_ref().is_some_and(|link| link.negotiation.is_stable());
        if let Some(recovery) = peer.recovery.as_mut().filter(|_| stable) {
            recovery.agreed(now);
        }
    }

    fn offers_first(&self, seat: SeatId) -> bool {
        let abilities = self.seats.get(&seat).map_or_else(Default::default, |peer| peer.abilities);
        offers_first((self.own.seat, self.abilities), (seat, abilities))
    }
}

fn ends(link: &Link) -> Ends {
    Ends { from: link.own, to: link.theirs.unwrap_or(0) }
}

/// Whether a message is for the connection that there is, or for none yet.
fn is_for(peer: &Seat, ends: Ends) -> bool {
    ends.to == 0 || peer.link.as_ref().is_some_and(|link| link.own == ends.to)
}
