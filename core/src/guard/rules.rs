//! What each kind of document may contain: its roots, their shapes, and the content of a shape.

use super::content::{Content, Unit};
use super::refusal::Refusal;
use crate::id::{DocName, MemberId, unhex};

/// The first file of the code document, there without an entry in the index.
pub const CODE_FILE: &str = "file/main";
/// Longest id of a page or a file: ids are made by pages, a UUID has 36 characters.
const ID: usize = 64;

/// A kind of document whose updates can be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DocKind {
    /// What each member said, in a root of theirs.
    Chat,
    /// Pages of drawn elements, and the files in them.
    Board,
    /// Files of text.
    Code,
}

/// What a container holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A list of values.
    Records,
    /// Values by key.
    Entries,
    /// A sequence of characters, without formats, embeds or types inside.
    PlainText,
}

/// How a root is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RootShape {
    /// A sequence of characters.
    Text,
    /// A list of values.
    List,
    /// Values by key.
    Map,
}

/// What is known of a root from its name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Root {
    pub(super) shape: Shape,
    /// The one member who may write in it; anyone if none.
    pub(super) owner: Option<MemberId>,
}

impl DocKind {
    /// The kind of a named document; `None` if this version has no rules for it.
    pub fn of(name: &DocName) -> Option<Self> {
        match name {
            DocName::Chat => Some(Self::Chat),
            DocName::Board => Some(Self::Board),
            DocName::Code => Some(Self::Code),
            DocName::Custom(_) => None,
        }
    }

    /// What a root of this name is; an error if the document doesn't have it.
    pub(super) fn root(self, name: &str) -> Result<Root, Refusal> {
        let (folder, id) = name.split_once('/').unwrap_or((name, ""));
        let shape = match (self, folder) {
            (Self::Chat, "from") => {
                let member = unhex(id).and_then(|bytes| bytes.try_into().ok());
                let owner = Some(MemberId(member.ok_or(Refusal::Root)?));
                return Ok(Root { shape: Shape::Records, owner });
            }
            (Self::Board, "pages" | "files") | (Self::Code, "files") if folder == name => {
                Shape::Entries
            }
            (Self::Board, "page") if is_id(id) => Shape::Entries,
            (Self::Code, "file") if is_id(id) => Shape::PlainText,
            _ => return Err(Refusal::Root),
        };
        Ok(Root { shape, owner: None })
    }

    /// How a root is read; `None` if the document doesn't have it.
    pub(crate) fn shape(self, name: &str) -> Option<RootShape> {
        Some(match self.root(name).ok()?.shape {
            Shape::PlainText => RootShape::Text,
            Shape::Records => RootShape::List,
            Shape::Entries => RootShape::Map,
        })
    }

    /// Whether what one member wrote may be deleted by that member only.
    pub(super) fn guards_deletion(self) -> bool {
        self == Self::Chat
    }
}

fn is_id(id: &str) -> bool {
    (1..=ID).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

impl Shape {
    /// Whether a container may hold such content, in its list or under a key.
    pub(super) fn admit(self, keyed: bool, content: Content<'_>) -> Result<(), Refusal> {
        let holds_keys = match self {
            Self::Records | Self::PlainText => false,
            Self::Entries => true,
        };
        if keyed != holds_keys {
            return Err(Refusal::Key);
        }
        let fits = match content {
            Content::Filler | Content::Deleted => true,
            Content::Text(_) => self == Self::PlainText,
            Content::Values(_) => self != Self::PlainText,
            Content::Unit(Unit::Binary | Unit::Embed | Unit::Format | Unit::Type(_), _) => false,
        };
        if fits { Ok(()) } else { Err(Refusal::Kind) }
    }
}
