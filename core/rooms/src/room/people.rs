//! The list of people: members of the roster, under the names they last had.

use super::{Room, who};
use crate::capability::Role;
use covey_wire::id::MemberId;
use covey_wire::net::Path;

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub member: MemberId,
    /// The name last heard; empty if never.
    pub name: String,
    /// Index into `live::COLORS`.
    pub color: u8,
    /// What they may do.
    pub role: Role,
    /// Oneself.
    pub own: bool,
    /// The best way to any of their seats; none if there is none.
    pub path: Option<Path>,
}

impl Room {
    /// The list of people, oneself first, then the connected ones.
    pub fn people(&self) -> Vec<Person> {
        let roster = self.replica.ledger().roster();
        let mut people: Vec<Person> =
            roster.members().into_iter().map(|member| self.person(member)).collect();
        if !people.iter().any(|person| person.own) {
            people.push(self.person(self.me.member));
        }
        people.sort_by_key(|person| {
            (!person.own, person.path.is_none(), person.name.to_lowercase(), person.member)
        });
        people
    }

    fn person(&self, member: MemberId) -> Person {
        let (name, color) = self.live.name_of(member);
        let of_member = |seat: &_| who(&self.replica, &self.peers, *seat).member == Some(member);
        let seats = self.peers.seats().into_iter().filter(of_member);
        let standing = self.replica.ledger().standing(member);
        Person {
            member,
            name: name.to_owned(),
            color,
            role: standing.map_or(Role::Replica, |standing| standing.role),
            own: member == self.me.member,
            path: seats.filter_map(|seat| self.peers.path(seat)).max(),
        }
    }
}
