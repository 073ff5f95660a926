//! The list of people: members of the roster, under the names they last had.

use litemap::LiteMap;

use super::Room;
use crate::capability::Role;
use crate::presence::color_of;
use covey_wire::id::{MemberId, SeatId};
use covey_wire::limits;
use covey_wire::net::Path;

/// One row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub member: MemberId,
    /// The name last heard; empty if never.
    pub name: String,
    /// Index into `presence::COLORS`.
    pub color: u8,
    /// What they may do.
    pub role: Role,
    /// Oneself.
    pub own: bool,
    /// The best way to any of their seats; none if there is none.
    pub path: Option<Path>,
}

/// Names and colours by member, kept for when they are away.
#[derive(Debug, Default)]
pub struct Names {
    names: LiteMap<MemberId, (String, u8)>,
    changed: bool,
}

impl Names {
    /// With what was kept.
    pub fn new(kept: impl IntoIterator<Item = (MemberId, String, u8)>) -> Self {
        let names = kept.into_iter().map(|(member, name, color)| (member, (name, color)));
        Self { names: names.collect(), changed: false }
    }

    /// A member's name was heard; true when it is news.
    pub fn heard(&mut self, member: MemberId, name: &str, color: u8) -> bool {
        let full = self.names.len() >= limits::NAMES && !self.names.contains_key(&member);
        let same = self.names.get(&member).is_some_and(|old| old.0 == name && old.1 == color);
        if full || same {
            return false;
        }
        self.names.insert(member, (name.to_owned(), color));
        self.changed = true;
        true
    }

    /// A member's name and colour.
    pub fn of(&self, member: MemberId) -> Option<(&str, u8)> {
        self.names.get(&member).map(|(name, color)| (name.as_str(), *color))
    }

    /// All of them, for keeping.
    pub fn all(&self) -> impl Iterator<Item = (MemberId, String, u8)> + '_ {
        self.names.iter().map(|(member, (name, color))| (*member, name.clone(), *color))
    }

    /// Whether they changed since the last call.
    pub fn take_changed(&mut self) -> bool {
        core::mem::take(&mut self.changed)
    }
}

/// What a room's record keeps besides keys and links.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keepsakes {
    /// Names and colours by member.
    pub names: Vec<(MemberId, String, u8)>,
    /// What other installations have of one's own seats.
    pub acked: Vec<(SeatId, u64)>,
}

impl Room {
    /// The list of people, oneself first, then the connected ones.
    pub fn people(&self) -> Vec<Person> {
        let mut people: Vec<Person> =
            self.ledger.roster().members().into_iter().map(|m| self.person(m)).collect();
        if !people.iter().any(|person| person.own) {
            people.push(self.person(self.identity.member));
        }
        people.sort_by_key(|person| {
            (!person.own, person.path.is_none(), person.name.to_lowercase(), person.member)
        });
        people
    }

    fn person(&self, member: MemberId) -> Person {
        let own = member == self.identity.member;
        let (name, color) = self.names.of(member).unwrap_or(("", color_of(member)));
        let of_member = self.peers.iter().filter(|(seat, _)| self.member(**seat) == Some(member));
        Person {
            member,
            name: name.to_owned(),
            color,
            role: self.ledger.standing(member).map_or(Role::Replica, |standing| standing.role),
            own,
            path: of_member.map(|(_, peer)| peer.path).max(),
        }
    }
}
