//! The router: the output of each machine is carried on to the others, until nothing comes any more.

use super::{Output, Room, who};
use crate::call;
use crate::disk::DiskCommand;
use crate::event::Event;
use crate::identity::Author;
use crate::live;
use crate::offence::Offence;
use crate::peers;
use crate::replica::Change;
use crate::roster::Who;
use crate::sync::{Message, Refusal};
use covey_wire::frame::Wire;
use covey_wire::limits;
use covey_wire::net::{Class, NetCommand};
use covey_wire::time::Instant;

/// Between two times that peers are asked for what had no room.
const PAUSE: core::time::Duration = core::time::Duration::from_secs(1);

impl Room {
    /// Time passed: whatever is due is done.
    pub(super) fn tick(&mut self) {
        let now = self.now.elapsed;
        self.watch();
        self.settle();
        self.read_in_turn();
        self.ask_again();
        #[cfg(feature = "misbehave")]
        self.go_on_misbehaving();
        self.replica.flush_if_due(now);
        self.settle();
        while let Some(seat) = self.dialling.poll(now) {
            self.out.push_back(Output::Net(NetCommand::Dial(seat)));
        }
        self.call.tick(now);
        self.send_due();
        self.carry_call();
        self.carry_peers();
    }

    /// Carries on what the machines give, until none gives anything.
    pub(super) fn settle(&mut self) {
        loop {
            self.replica.settle(self.now.elapsed);
            while let Some(change) = self.replica.poll() {
                self.carry_change(change);
            }
            self.carry_live();
            self.carry_call();
            self.carry_peers();
            if !self.admit() {
                return;
            }
        }
    }

    fn carry_change(&mut self, change: Change) {
        let now = self.now.elapsed;
        match change {
            Change::Store { token, bytes } => {
                self.out.push_back(Output::Disk(DiskCommand::append(token, bytes)));
            }
            Change::Arrived(place) => self.sync.arrived_from_peer(place, now),
            Change::Stored(line, seq) => self.sync.stored(line, seq, now),
            Change::Members => self.members_changed(),
            Change::Refused(why) => self.peers.count(why),
            Change::Failed(seat) => self.peers.offend(&self.who(seat), Offence::Apply, now),
            Change::Forked(seat) => self.peers.offend(&self.who(seat), Offence::Fork, now),
            Change::Reopened(seats) => self.sync.reopen(&seats),
            Change::Event(event) => self.emit(event),
        }
    }

    /// Entries say something about members: whoever waited for that goes on.
    fn members_changed(&mut self) {
        let (replica, peers) = (&self.replica, &self.peers);
        self.live.members_changed(|seat| who(replica, peers, seat), self.now.elapsed);
        self.judge_call();
        let (ledger, wall) = (self.replica.ledger(), self.now.wall);
        let replica = &self.replica;
        self.peers
            .dial_again(|peers, seat| peers.may_read(&who(replica, peers, seat), ledger, wall));
        self.count_acknowledgements();
        if self.refused_before && self.replica.standing().is_some() {
            self.refused_before = false;
            self.connect();
        }
        self.emit(Event::People);
        self.emit(Event::Status);
    }

    /// The call hears who everybody is and by what right.
    pub(super) fn judge_call(&mut self) {
        let (replica, peers) = (&self.replica, &self.peers);
        let own =
            Who { seat: self.me.seat, member: Some(self.me.member), standing: replica.standing() };
        self.call.members_changed(own, |seat| who(replica, peers, seat), self.now.elapsed);
    }

    fn carry_call(&mut self) {
        while let Some(output) = self.call.poll() {
            match output {
                call::Output::Send(seat, message) => {
                    self.send(seat, Class::Call, message.to_bytes());
                }
                call::Output::Told(told) => self.emit(Event::Call(told)),
                call::Output::Offence(seat, offence) => {
                    self.peers.offend(&self.who(seat), offence, self.now.elapsed);
                }
            }
        }
    }

    fn carry_live(&mut self) {
        while let Some(output) = self.live.poll() {
            match output {
                live::Output::People => self.emit(Event::People),
                live::Output::Presence(seat, here) => {
                    self.emit(Event::Presence { client: seat.client(), here });
                }
                live::Output::Said(seat, topic, value) => {
                    self.emit(Event::Said { client: seat.client(), topic, value });
                }
                live::Output::Offence(seat, offence) => {
                    self.peers.offend(&self.who(seat), offence, self.now.elapsed);
                }
            }
        }
    }

    /// Does what is to be done about connections.
    pub(super) fn carry_peers(&mut self) {
        while let Some(output) = self.peers.poll() {
            match output {
                peers::Output::Refuse(seat) => {
                    self.send(seat, Class::Sync, Message::Refused(Refusal::Right).to_bytes());
                }
                peers::Output::Hangup(seat) => {
                    self.out.push_back(Output::Net(NetCommand::Hangup(seat)));
                }
                peers::Output::Clear(seat) => self.clear_peer(seat),
                peers::Output::Trust(seat) => {
                    self.out.push_back(Output::Net(NetCommand::Trust(seat)));
                }
                peers::Output::Dial(seat) => {
                    self.out.push_back(Output::Net(NetCommand::Dial(seat)));
                }
            }
        }
    }

    /// Disconnects those who neither say hello nor read nor have a right to be here, and shows what had to wait.
    fn watch(&mut self) {
        let now = self.now;
        for seat in self.peers.ungreeted(now.elapsed) {
            self.greet_with(seat, self.hello_key().cloned());
        }
        for seat in self.peers.silent(now.elapsed) {
            self.peers.offend(&self.who(seat), Offence::Silent, now.elapsed);
        }
        let replica = &self.replica;
        self.peers.judge(|peers, seat| who(replica, peers, seat), replica.ledger(), now);
        for seat in self.sync.stalled(now.elapsed) {
            self.peers.offend(&self.who(seat), Offence::Stalled, now.elapsed);
        }
        let (replica, peers) = (&self.replica, &self.peers);
        self.live.tick(|seat| who(replica, peers, seat), now.elapsed);
    }

    /// Sends what is due to whom it is due.
    fn send_due(&mut self) {
        let (now, replica) = (self.now, &self.replica);
        let (ledger, wall) = (replica.ledger(), now.wall);
        let may_read =
            |peers: &peers::Peers, seat| peers.may_read(&who(replica, peers, seat), ledger, wall);
        if self.peers.trust(may_read) {
            self.live.greet();
        }
        let head = |(seat, line), seq| ledger.head_at(seat, line, seq);
        let peers = &self.peers;
        let due = self.sync.pump(ledger.log(), now.elapsed, |seat| may_read(peers, seat), head);
        self.carry_peers();
        self.call.greet(self.peers.trusted());
        let hearers: Vec<_> = self.peers.trusted().collect();
        if !hearers.is_empty() {
            for bytes in self.live.due(now.elapsed) {
                for seat in &hearers {
                    self.send(*seat, Class::Live, bytes.clone());
                }
            }
        }
        for (seat, message) in due {
            self.send(seat, Class::Sync, message.to_bytes());
        }
    }

    /// When peers are asked for what was refused for want of room.
    pub(super) fn again_due(&self) -> Option<Instant> {
        let due = self.asked_again.map_or(Instant(0), |asked| asked + PAUSE);
        self.replica.ledger().wants_again().then_some(due)
    }

    /// Asks for what was refused for want of room, once there is room.
    fn ask_again(&mut self) {
        if self.again_due().is_none_or(|due| due > self.now.elapsed) {
            return;
        }
        self.asked_again = Some(self.now.elapsed);
        self.replica.asked_again();
        let mut heads = self.replica.ledger().heads();
        heads.truncate(limits::SEATS);
        let again = Message::Again(heads).to_bytes();
        for seat in self.peers.seats() {
            if self.peers.is_met(seat) {
                self.sync.asked_again(seat);
                self.send(seat, Class::Sync, again.clone());
            }
        }
    }
}
