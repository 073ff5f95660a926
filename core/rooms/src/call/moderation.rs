//! The requests of moderators: to mute, to stop sharing, to leave.

use super::{Call, Message, Output, Request, Told};
use crate::capability::Role;
use crate::identity::Author;
use crate::offence::Offence;
use crate::roster::{Act, Who, may};
use covey_wire::id::{ClientId, SeatId};

impl Call {
    /// Asks something of somebody, for the page of a moderator.
    pub(super) fn ask(&mut self, client: ClientId, request: Request) {
        let may = self.own.standing.is_some_and(|standing| may(standing, Act::Preside).is_some());
        let Some(seat) = self.all().into_iter().find(|seat| seat.client() == client) else {
            return;
        };
        if !may {
            return;
        }
        // Everybody is told: a page that does not do it is left by the others.
        self.tell_attendees(&Message::Request(seat, request));
        if request == Request::Leave {
            self.remove(seat);
            if let Some(peer) = self.seats.get_mut(&seat) {
                peer.asked_to_leave = peer.removed;
            }
        }
    }

    /// Somebody asks something of somebody in the call.
    pub(super) fn requested(&mut self, who: &Who, to: SeatId, request: Request) {
        let rank = |role: Option<Role>| role.map_or(0, |role| role as u8);
        let by = who.standing.map(|standing| standing.role);
        let of = if to == self.own.seat {
            self.own.standing.map(|standing| standing.role)
        } else {
            self.seats.get(&to).and_then(|peer| peer.role)
        };
        let permit = who.standing.and_then(|standing| may(standing, Act::Preside));
        if permit.is_none() {
            return self.out.push_back(Output::Offence(who.seat, Offence::Call));
        }
        if rank(of) > rank(by) {
            return;
        }
        if to == self.own.seat && self.sends.is_some() {
            if request == Request::Leave {
                self.leave();
            }
            self.out.push_back(Output::Told(Told::Asked(who.seat.client(), request)));
        } else if request == Request::Leave {
            self.remove(to);
        }
    }

    /// Takes somebody out of the call until its page says that it left.
    fn remove(&mut self, seat: SeatId) {
        if let Some(peer) = self.seats.get_mut(&seat) {
            // One that has left already may come again.
            peer.removed = peer.says.is_some();
            self.changed = true;
            self.close(seat);
        }
    }
}
