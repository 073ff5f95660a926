//! What peers say that passes: presence, and words about documents, within each peer's budget.

use super::conduct::Heard;
use super::{Event, Room};
use crate::capability::Tools;
use crate::identity::Author;
use crate::presence::{Here, Live, Say, free_color};
use crate::roster::{Act, may};
use covey_wire::id::{MemberId, SeatId};
use covey_wire::limits;
use covey_wire::time::Time;

impl Room {
    /// A live message came from a seat.
    pub(super) fn live(&mut self, seat: SeatId, live: Live, now: Time) {
        let Some(peer) = self.peers.get_mut(&seat) else { return };
        match peer.conduct.hear(live, now) {
            Heard::Now(live) => self.take_live(seat, live, now),
            Heard::Later(false) => {}
            Heard::Later(true) => self.count_as("live-rate"),
            Heard::Flood => self.offend(seat, "flood", now),
        }
    }

    /// Hears what had to wait.
    pub(super) fn late_live(&mut self, now: Time) {
        let mut due = Vec::new();
        for (seat, peer) in &mut self.peers {
            while let Some(live) = peer.conduct.hear_late(now) {
                due.push((*seat, live));
            }
        }
        for (seat, live) in due {
            self.take_live(seat, live, now);
        }
    }

    fn take_live(&mut self, seat: SeatId, live: Live, now: Time) {
        match live {
            Live::Here(mut here) => {
                here.caret.take_if(|caret| caret.document.is_newer());
                self.heard(seat, here, now);
            }
            Live::Say(say) if say.topic().document().is_newer() => self.count_as("newer"),
            Live::Say(say) => self.heard_say(seat, &say, now),
        }
    }

    /// The live channel is often faster than the one that says who a seat is, and that it was
    /// admitted: what it said by then is heard later.
    pub(super) fn heard(&mut self, seat: SeatId, here: Here, now: Time) {
        let member = self.ledger.member(seat).filter(|member| {
            let standing = self.ledger.standing(*member);
            standing.is_some_and(|standing| may(standing, Act::Presence))
        });
        let Some(member) = member else {
            self.unheard.insert(seat, here);
            return;
        };
        if self.names.heard(member, &here.name, here.color) {
            self.tell(Event::People);
        }
        self.yield_color(member, here.color);
        if self.presence.heard(seat, here.clone(), now) {
            self.tell(Event::Presence { client: seat.client(), here: Some(here) });
        }
    }

    /// What a seat says that passes: heard from those who may write in that document. Before it is
    /// known here who they are it is let go, since it is said again.
    fn heard_say(&mut self, seat: SeatId, say: &Say, now: Time) {
        let member = self.ledger.member(seat);
        let Some(standing) = member.and_then(|member| self.ledger.standing(member)) else { return };
        let topic = say.topic();
        if !may(standing, Act::Write(Tools::of(topic.document()))) {
            self.count_as("live");
            return self.charge_attention(seat, limits::LIVE_OFFENCE, now);
        }
        if self.says.heard(seat, say) {
            let value = Some(say.value().to_vec()).filter(|value| !value.is_empty());
            self.tell(Event::Said { client: seat.client(), topic: topic.clone(), value });
        }
    }

    /// Takes back what a seat had said.
    pub(super) fn silence(&mut self, seat: SeatId) {
        for topic in self.says.clear_peer(seat) {
            self.tell(Event::Said { client: seat.client(), topic, value: None });
        }
    }

    /// Of two people with one colour the one with the higher id takes another.
    fn yield_color(&mut self, other: MemberId, color: u8) {
        let me = self.identity.member;
        if color != self.presence.own().color || other >= me {
            return;
        }
        let members = self.ledger.roster().members().into_iter().filter(|member| *member != me);
        let taken = members.filter_map(|member| Some(self.names.of(member)?.1));
        let color = free_color(taken);
        self.presence.set_color(color);
        let name = self.presence.own().name.clone();
        self.names.heard(me, &name, color);
        self.tell(Event::People);
    }
}
