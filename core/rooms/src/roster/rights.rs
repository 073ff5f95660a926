//! The rights of members: the one place that decides them.

use crate::capability::{Role, Tools};
use covey_wire::id::{MemberId, SeatId};

/// A member's rights at one point of the causal order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The highest role it was admitted with.
    pub role: Role,
    /// By role, the tools of every admission with that role or a higher one.
    parts: [Tools; ROLES],
}

const ROLES: usize = Role::Owner as usize + 1;

impl Standing {
    /// A role and its tools, by one admission.
    pub fn new(role: Role, tools: Tools) -> Self {
        let mut parts = [Tools::NONE; ROLES];
        parts[..=role as usize].fill(tools);
        Self { role, parts }
    }

    /// The tools that a member has in a role.
    pub fn tools(&self, role: Role) -> Tools {
        self.parts[role as usize]
    }

    /// The rights that two admissions give together: nothing that one gives is taken away by the other.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        self.role = self.role.max(other.role);
        for (own, other) in self.parts.iter_mut().zip(other.parts) {
            *own = own.with(other);
        }
        self
    }
}

/// An act that somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Send presence.
    Presence,
    /// Write into the documents of these tools.
    Write(Tools),
    /// Be heard and seen in a call.
    Speak,
    /// Share a screen in a call.
    Share,
    /// Ask somebody in a call to mute, to stop sharing, or to leave.
    Preside,
    /// Admit someone with this role.
    Admit(Role),
    /// Admit someone by a link that lets in so many: of two who admit apart neither sees that the other
    /// did, so that not everybody may.
    AdmitCounted,
    /// Admit someone whose link asks for a moderator's word.
    AdmitApproved,
    /// Be the anchor of a chain that gives this role with these tools.
    Anchor(Role, Tools),
}

/// The right to one act. [`may`] alone mints it, and what the act does demands it.
#[derive(Debug)]
pub struct Permit(Act);

impl Permit {
    /// The act demands it: a permit for another act is a mistake in this program, which its tests notice.
    pub fn is_for(&self, act: Act) {
        debug_assert_eq!(self.0, act);
    }

    /// A permit for an act that no rule allows, for pages that break the rules on purpose.
    #[cfg(any(feature = "misbehave", feature = "broken"))]
    pub(crate) fn forged(act: Act) -> Self {
        Self(act)
    }
}

/// The one place that decides rights.
pub fn may(standing: Standing, act: Act) -> Option<Permit> {
    let allowed = match act {
        Act::Presence => standing.role >= Role::Viewer,
        Act::Write(tools) => {
            standing.role >= Role::Participant && standing.tools(Role::Participant).include(tools)
        }
        Act::Speak => may(standing, Act::Write(Tools::MEDIA)).is_some(),
        Act::Share => may(standing, Act::Write(Tools::SCREEN)).is_some(),
        Act::Preside => standing.role >= Role::Moderator,
        Act::Admit(role) => standing.role >= Role::Viewer && standing.role >= role,
        Act::AdmitCounted | Act::AdmitApproved => standing.role >= Role::Moderator,
        Act::Anchor(role, tools) => {
            standing.role >= Role::Moderator
                && standing.role >= role
                && standing.tools(role).include(tools)
        }
    };
    allowed.then_some(Permit(act))
}

/// Somebody at the other end of a connection, by all that is known here.
#[derive(Debug, Clone, Copy)]
pub struct Who {
    /// The seat: the connection proves it.
    pub seat: SeatId,
    /// The member whose seat it is, once that is known.
    pub member: Option<MemberId>,
    /// The member's standing, once it was admitted.
    pub standing: Option<Standing>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(role: Role) -> Standing {
        Standing::new(role, Tools::ALL)
    }

    #[test]
    fn rights_follow_the_roles() {
        use Role::{Moderator, Owner, Participant, Replica, Viewer};
        let table = [
            (Act::Presence, [false, true, true, true, true]),
            (Act::Write(Tools::CODE), [false, false, true, true, true]),
            (Act::Speak, [false, false, true, true, true]),
            (Act::Share, [false, false, true, true, true]),
            (Act::Preside, [false, false, false, true, true]),
            (Act::Admit(Viewer), [false, true, true, true, true]),
            (Act::Admit(Participant), [false, false, true, true, true]),
            (Act::Admit(Moderator), [false, false, false, true, true]),
            (Act::Anchor(Participant, Tools::ALL), [false, false, false, true, true]),
            (Act::Anchor(Owner, Tools::ALL), [false, false, false, false, true]),
        ];
        for (act, allowed) in table {
            for (role, allowed) in
                [Replica, Viewer, Participant, Moderator, Owner].into_iter().zip(allowed)
            {
                assert_eq!(may(standing(role), act).is_some(), allowed, "{role:?} {act:?}");
            }
        }
    }

    #[test]
    fn tools_that_were_not_granted_stay_closed() {
        let only_chat = Standing::new(Role::Participant, Tools::CHAT);
        assert!(may(only_chat, Act::Write(Tools::CHAT)).is_some());
        assert!(may(only_chat, Act::Write(Tools::CODE)).is_none());
    }

    #[test]
    fn two_admissions_give_what_each_gives_and_no_more() {
        let chat = Standing::new(Role::Moderator, Tools::CHAT);
        for both in [
            chat.with(Standing::new(Role::Participant, Tools::CODE)),
            Standing::new(Role::Participant, Tools::CODE).with(chat),
        ] {
            assert_eq!(both.role, Role::Moderator);
            for tools in [Tools::CODE, Tools::CHAT] {
                assert!(may(both, Act::Write(tools)).is_some());
            }
            assert_eq!(both.tools(Role::Moderator), Tools::CHAT, "no moderator of the code");
        }
    }
}
