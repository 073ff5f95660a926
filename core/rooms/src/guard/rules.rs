//! The content that each kind of document may have: its roots, their shapes, and the content of a shape.

use super::content::{Content, Unit};
use super::refusal::Refusal;
use covey_wire::id::{DocName, MemberId, unhex};

/// The first file of the code document, there without an entry in the index.
pub const CODE_FILE: &str = "file/main";
/// Longest id of a page or a file: ids are made by pages, a UUID has 36 characters.
const ID: usize = 64;

/// A kind of document whose updates can be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DocKind {
    /// A root for each member, with what that member said.
    Chat,
    /// Pages of drawn elements, and the files in them.
    Board,
    /// Files of text.
    Code,
    /// All that Yjs can make, in roots of any name.
    Custom,
}

/// The content of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A list of values.
    Records,
    /// Values by key.
    Entries,
    /// A sequence of characters, without formats, embeds or types inside.
    PlainText,
    /// A root of which nothing is known: pages read it as what they take it for.
    Open,
    /// Characters with formats, embeds and types between (`Y.Text`, `Y.XmlText`), and attributes.
    Text,
    /// Values, bytes and types (`Y.Array`).
    Array,
    /// Values, bytes and types by key (`Y.Map`).
    Map,
    /// Types (`Y.XmlFragment`).
    Fragment,
    /// Types, and attributes (`Y.XmlElement`).
    Element,
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
    /// Anything.
    Open,
}

/// A root as its name describes it.
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
            DocName::Custom(_) => Some(Self::Custom),
            DocName::Newer(_) => None,
        }
    }

    /// The root of this name; an error if the document doesn't have it.
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
            (Self::Custom, _) => Shape::Open,
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
            _ => RootShape::Open,
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
        let lists = !matches!(self, Self::Entries | Self::Map);
        let keys =
            matches!(self, Self::Entries | Self::Map | Self::Open | Self::Text | Self::Element);
        if !(if keyed { keys } else { lists }) {
            return Err(Refusal::Key);
        }
        let of_text = matches!(self, Self::Open | Self::Text);
        let fits = match content {
            Content::Filler | Content::Deleted => true,
            Content::Text(_) => !keyed && (of_text || self == Self::PlainText),
            Content::Values(_) => match self {
                Self::Records | Self::Entries | Self::Open | Self::Array => true,
                Self::PlainText => false,
                _ => keyed,
            },
            Content::Unit(Unit::Embed | Unit::Format, _) => !keyed && of_text,
            Content::Unit(Unit::Binary, _) => match self {
                Self::Open | Self::Array => true,
                Self::Records | Self::Entries | Self::PlainText => false,
                _ => keyed,
            },
            Content::Unit(Unit::Type(_), _) => {
                !matches!(self, Self::Records | Self::Entries | Self::PlainText)
            }
        };
        if fits { Ok(()) } else { Err(Refusal::Kind) }
    }
}
