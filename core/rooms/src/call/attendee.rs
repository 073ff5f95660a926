//! The seats that are connected, as the call sees them: what they say of themselves, and the connection to each.

use std::collections::VecDeque;

use super::STATES_AT_ONCE;
use super::message::{Abilities, Ends, May, Sends, Shown};
use super::negotiation::Negotiation;
use super::recovery::Recovery;
use crate::capability::Role;
use crate::roster::{Act, Who, may};
use covey_wire::id::{MemberId, SeatId};
use covey_wire::limits;
use covey_wire::time::Instant;

/// A peer connection of the browser, and what is known of its other end.
#[derive(Debug)]
pub struct Link {
    /// Its number, for the page.
    pub id: u32,
    /// Its number, for the other side.
    pub own: u64,
    /// The number of the connection at the other end, once it is known.
    pub theirs: Option<u64>,
    pub negotiation: Negotiation,
    /// Own candidates that wait until the own description was sent.
    pub unsent: Vec<String>,
    /// Whether this side has described itself.
    pub described: bool,
    /// Candidates of the other side since it described itself.
    pub candidates: usize,
}

/// A connected seat.
#[derive(Debug, Default)]
pub struct Seat {
    pub member: Option<MemberId>,
    pub role: Option<Role>,
    pub may: May,
    /// The sources that it says it sends; nothing while it takes no part.
    pub says: Option<Sends>,
    pub abilities: Abilities,
    /// The sizes at which it shows us.
    pub shown: Shown,
    /// The sizes at which we show it, as it was told last.
    pub told_shown: Option<Shown>,
    /// Whether it was told of us since it came.
    pub told: bool,
    /// Since when it can't be sent to.
    pub away: Option<Instant>,
    /// A moderator ended its part: it is let in again when it has left, and not before.
    pub removed: bool,
    /// We asked it to leave, and ask again when it is back and takes part.
    pub asked_to_leave: bool,
    pub link: Option<Link>,
    pub recovery: Option<Recovery>,
    /// The number of the last connection that the other side had.
    pub theirs: u64,
    /// Its newest state, until that is taken; and when that may be.
    pub waiting_state: Option<(Option<Sends>, Abilities)>,
    pub state_at: Instant,
    /// Whether it offered before it was known here who it is.
    pub missed: bool,
    /// No new connection before.
    pub opens_at: Instant,
    /// An offer for a new connection that came too soon.
    pub waiting_offer: Option<(Ends, u32, String)>,
    /// The other side asked for an offer too soon.
    pub offer_due: bool,
    /// No offer for the connection that there is before.
    pub offers_at: Instant,
    /// The other side asked for a restart too soon, and when there may be one.
    pub restart_due: bool,
    pub asks_at: Instant,
    /// Candidates that came before the description they belong to.
    pub early: VecDeque<(u64, String)>,
}

impl Seat {
    /// When its next word about itself may be taken (GCRA, ITU-T I.371).
    pub fn state_due(&self) -> Instant {
        let ahead = u64::try_from(STATES_AT_ONCE.as_millis()).unwrap_or(0);
        Instant(self.state_at.0.saturating_sub(ahead))
    }

    /// Its rights, by who it is.
    pub fn judge(&mut self, who: &Who) -> bool {
        let may = rights(who);
        let changed = (self.member, self.role, self.may)
            != (who.member, who.standing.map(|standing| standing.role), may);
        self.member = who.member;
        self.role = who.standing.map(|standing| standing.role);
        self.may = may;
        changed
    }

    /// Whether it may be in the call: everybody who may be seen in the room.
    pub fn is_known(&self) -> bool {
        self.member.is_some() && self.role.is_some_and(|role| role >= Role::Viewer)
    }

    /// The sources that it sends and may send; nothing while it takes no part.
    pub fn sends(&self) -> Option<Sends> {
        let takes_part = self.is_known() && !self.removed;
        self.says.filter(|_| takes_part).map(|says| says.within(self.may))
    }

    /// Keeps a candidate that came early; of too many the oldest are lost.
    pub fn keep_early(&mut self, from: u64, candidate: String) {
        if self.early.len() >= limits::CANDIDATES {
            self.early.pop_front();
        }
        self.early.push_back((from, candidate));
    }
}

/// The rights of somebody in a call.
pub fn rights(who: &Who) -> May {
    let may = |act| who.standing.is_some_and(|standing| may(standing, act).is_some());
    May { speak: may(Act::Speak), share: may(Act::Share) }
}

/// Of two sides the one that makes the first offer of a connection. A browser that offers restarts itself does not,
/// since the other could not change its role in DTLS later.
pub fn offers_first(own: (SeatId, Abilities), other: (SeatId, Abilities)) -> bool {
    match (own.1.offers_restarts(), other.1.offers_restarts()) {
        (true, false) => false,
        (false, true) => true,
        _ => own.0 > other.0,
    }
}

/// The side that restarts a connection.
pub fn restarts(own: (SeatId, Abilities), other: (SeatId, Abilities)) -> bool {
    match (own.1.offers_restarts(), other.1.offers_restarts()) {
        (true, false) => true,
        (false, true) => false,
        _ => offers_first(own, other),
    }
}
