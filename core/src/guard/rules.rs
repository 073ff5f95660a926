//! What each kind of document may contain: its roots, their shapes, and the content of a shape.

use super::parse::Content;
use super::refusal::Refusal;
use crate::id::DocName;

/// The one file of the code document.
pub const CODE_FILE: &str = "file/main";

/// A kind of document whose updates can be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DocKind {
    /// Files of text.
    Code,
}

impl DocKind {
    /// The kind of a named document; `None` if this version has no rules for it.
    pub fn of(name: &DocName) -> Option<Self> {
        match name {
            DocName::Code => Some(Self::Code),
            DocName::Chat | DocName::Board | DocName::Custom(_) => None,
        }
    }

    pub(super) fn rules(self) -> &'static Rules {
        match self {
            Self::Code => &Rules { roots: &[(CODE_FILE, Shape::PlainText)] },
        }
    }
}

/// What one kind of document may contain.
#[derive(Debug)]
pub(super) struct Rules {
    roots: &'static [(&'static str, Shape)],
}

/// What a container holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A sequence of characters, without formats, embeds or types inside.
    PlainText,
}

impl Rules {
    /// The number and the shape of a root.
    pub(super) fn root(&self, name: &str) -> Result<u32, Refusal> {
        let at = self.roots.iter().position(|(known, _)| *known == name);
        at.and_then(|at| u32::try_from(at).ok()).ok_or(Refusal::Root)
    }

    /// How many roots there are.
    pub(super) fn roots(&self) -> usize {
        self.roots.len()
    }

    /// Whether a container may hold such content.
    pub(super) fn admit(&self, root: u32, content: Content<'_>) -> Result<(), Refusal> {
        let (_, shape) = self.roots.get(root as usize).ok_or(Refusal::Root)?;
        match (shape, content) {
            (Shape::PlainText, Content::Text(_) | Content::Deleted) => Ok(()),
            (Shape::PlainText, Content::Filler) => Err(Refusal::Kind),
        }
    }
}
