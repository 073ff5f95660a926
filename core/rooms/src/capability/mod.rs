//! The rights of a link's holder: roles, tools, grants that only narrow, and the link itself.

mod grant;
mod link;

#[cfg(feature = "fuzzing")]
pub(crate) use grant::context as grant_context;
pub use grant::{CapabilityError, Chain, Grant, Terms};
#[cfg(feature = "fuzzing")]
pub(crate) use link::fragment as link_fragment;
pub use link::{Link, LinkError, LinkSecret, VerifiedLink, link_key, namespace};

use covey_wire::frame::{DecodeError, Reader, Wire, Writer};
use covey_wire::id::DocName;

/// The roles of members. Each may do what the one before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Role {
    /// Keeps and hands on what it can't read.
    Replica = 0,
    /// Reads, and sends presence.
    Viewer = 1,
    /// Writes.
    Participant = 2,
    /// Admits, removes, invites.
    Moderator = 3,
    /// The one the genesis names.
    Owner = 4,
}

impl Role {
    /// The role's name in text.
    pub fn name(self) -> &'static str {
        match self {
            Role::Replica => "replica",
            Role::Viewer => "viewer",
            Role::Participant => "participant",
            Role::Moderator => "moderator",
            Role::Owner => "owner",
        }
    }

    /// The role of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Role::Replica, Role::Viewer, Role::Participant, Role::Moderator, Role::Owner]
            .into_iter()
            .find(|role| role.name() == name)
    }
}

impl Wire for Role {
    fn write(&self, w: &mut Writer) {
        w.u8(*self as u8);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(match r.u8()? {
            0 => Role::Replica,
            1 => Role::Viewer,
            2 => Role::Participant,
            3 => Role::Moderator,
            4 => Role::Owner,
            _ => return Err(DecodeError::Unknown),
        })
    }
}

/// The documents and planes a grant opens: a set of [`DocName::TOOLS`] bits. Those that this version does
/// not know are carried along, so that passing a link on takes nothing out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tools(u16);

impl Tools {
    /// The chat.
    pub const CHAT: Tools = Tools(1);
    /// The board.
    pub const BOARD: Tools = Tools(2);
    /// The code.
    pub const CODE: Tools = Tools(4);
    /// Documents of an embedding page.
    pub const CUSTOM: Tools = Tools(1 << DocName::CUSTOM_TOOL);
    /// Voice and video.
    pub const MEDIA: Tools = Tools(16);
    /// Files.
    pub const FILES: Tools = Tools(32);
    /// Screens, shared in a call.
    pub const SCREEN: Tools = Tools(64);
    /// None.
    pub const NONE: Tools = Tools(0);
    /// Everything there is, and will be.
    pub const ALL: Tools = Tools(u16::MAX);

    /// The set with these bits.
    pub fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// The bits of the set.
    pub fn bits(self) -> u16 {
        self.0
    }

    /// The tool of a document.
    pub fn of(name: &DocName) -> Self {
        match name {
            DocName::Chat => Self::CHAT,
            DocName::Board => Self::BOARD,
            DocName::Code => Self::CODE,
            DocName::Custom(_) => Self::CUSTOM,
            DocName::Newer(name) => Self(1 << name.tool()),
        }
    }

    /// Whether every tool of `other` is in this set.
    pub fn include(self, other: Tools) -> bool {
        self.0 & other.0 == other.0
    }

    /// The tools in both sets.
    pub fn both(self, other: Tools) -> Tools {
        Tools(self.0 & other.0)
    }

    /// The tools in either set.
    pub fn with(self, other: Tools) -> Tools {
        Tools(self.0 | other.0)
    }
}

impl Wire for Tools {
    fn write(&self, w: &mut Writer) {
        w.varint(u64::from(self.0));
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        u16::try_from(r.varint()?).map(Self).map_err(|_| DecodeError::Invalid)
    }
}
