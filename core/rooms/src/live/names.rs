//! The names that members last had, kept for when they are away.

use litemap::LiteMap;

use covey_wire::id::MemberId;
use covey_wire::limits;

/// Names and colours by member.
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

    /// Takes a member's name; true when it differs from before.
    pub fn put(&mut self, member: MemberId, name: &str, color: u8) -> bool {
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
    pub fn all(&self) -> impl Iterator<Item = (MemberId, &str, u8)> + '_ {
        self.names.iter().map(|(member, (name, color))| (*member, name.as_str(), *color))
    }

    /// Whether they changed since the last call.
    pub fn drain_changed(&mut self) -> bool {
        core::mem::take(&mut self.changed)
    }
}
