//! Why an update is refused: one variant per rule, with a stable name for counters.

use thiserror::Error;

/// Why the guard refuses an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Larger than `limits::UPDATE`.
    #[error("update is too large")]
    Size,
    /// The input ends inside a value, or a length is above what remains.
    #[error("update ends too early")]
    Truncated,
    /// A number isn't in its shortest form, or outside its range.
    #[error("number is not in its shortest form or outside its range")]
    Number,
    /// Bytes are left after the delete set.
    #[error("bytes are left over")]
    Trailing,
    /// It inserts nothing and deletes nothing.
    #[error("update is empty")]
    Empty,
    /// More than one client section.
    #[error("blocks of more than one client")]
    Sections,
    /// A client section without blocks.
    #[error("client section without blocks")]
    EmptySection,
    /// The blocks are not the author's.
    #[error("blocks of another client")]
    Author,
    /// The first block isn't the author's next one.
    #[error("clock is not the next one")]
    Clock,
    /// A clock reaches `limits::CLOCK`.
    #[error("clock is above the limit")]
    ClockLimit,
    /// A gap instead of blocks.
    #[error("gap (skip) in the blocks")]
    Skip,
    /// More filler in one block than `limits::FILLER`.
    #[error("too much filler in one block")]
    Filler,
    /// Content of a kind that this document or container doesn't have.
    #[error("content of a kind that does not belong here")]
    Kind,
    /// A block, text or range of no length.
    #[error("nothing in a block")]
    EmptyBlock,
    /// Text that isn't UTF-8.
    #[error("text is not UTF-8")]
    Text,
    /// More JSON values than `limits::VALUE_NODES`.
    #[error("too many JSON values")]
    Values,
    /// JSON values or types nested too deep.
    #[error("nested too deep")]
    Depth,
    /// JSON text in a form that `JSON.stringify` doesn't write or yrs can't read.
    #[error("JSON text in another form than JSON.stringify writes")]
    Json,
    /// A root that this document doesn't have.
    #[error("root that this document does not have")]
    Root,
    /// A parent that isn't a type.
    #[error("parent that is not a type")]
    Parent,
    /// A key where there are none, none where there are, or a right origin under one.
    #[error("key that does not belong here")]
    Key,
    /// Several values under one key that the update doesn't delete.
    #[error("several values under one key")]
    Entry,
    /// Writes or deletes in a root of another member.
    #[error("root of another member")]
    Owner,
    /// An origin that the entry doesn't build on.
    #[error("origin is not in the past of the entry")]
    OriginUnseen,
    /// An origin that is filler, so nothing can stand next to it.
    #[error("origin is filler")]
    OriginFiller,
    /// Origins of different parents.
    #[error("origins are not siblings")]
    NotSiblings,
    /// The right origin doesn't stand behind the origin.
    #[error("right origin does not stand behind origin")]
    OriginOrder,
    /// Origins that can't have been neighbours for anyone: one was written with something in mind
    /// that stands between them.
    #[error("origins were never neighbours")]
    OriginCrossed,
    /// More stands between the origins than `limits::BETWEEN`.
    #[error("too much stands between the origins")]
    OriginsApart,
    /// More memory or work than one member may ever cost.
    #[error("costs more than it may")]
    Cost,
    /// Two delete lists of one client, or delete ranges that aren't in order.
    #[error("delete ranges are not in order")]
    DeleteOrder,
    /// A delete list without ranges.
    #[error("delete list without ranges")]
    DeleteEmpty,
    /// More delete ranges of one client than `limits::DELETE_RANGES`.
    #[error("too many delete ranges of one client")]
    DeleteRanges,
    /// Deletes something that the entry doesn't build on.
    #[error("deletes what is not in the past of the entry")]
    DeleteUnseen,
}

impl Refusal {
    /// A stable name for counters.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Truncated => "truncated",
            Self::Number => "number",
            Self::Trailing => "trailing",
            Self::Empty => "empty",
            Self::Sections => "sections",
            Self::EmptySection => "empty-section",
            Self::Author => "author",
            Self::Clock => "clock",
            Self::ClockLimit => "clock-limit",
            Self::Skip => "skip",
            Self::Filler => "filler",
            Self::Kind => "kind",
            Self::EmptyBlock => "empty-block",
            Self::Text => "text",
            Self::Values => "values",
            Self::Depth => "depth",
            Self::Json => "json",
            Self::Root => "root",
            Self::Parent => "parent",
            Self::Key => "key",
            Self::Entry => "entry",
            Self::Owner => "owner",
            Self::OriginUnseen => "origin-unseen",
            Self::OriginFiller => "origin-filler",
            Self::NotSiblings => "not-siblings",
            Self::OriginOrder => "origin-order",
            Self::OriginCrossed => "origin-crossed",
            Self::OriginsApart => "origins-apart",
            Self::Cost => "cost",
            Self::DeleteOrder => "delete-order",
            Self::DeleteEmpty => "delete-empty",
            Self::DeleteRanges => "delete-ranges",
            Self::DeleteUnseen => "delete-unseen",
        }
    }
}
