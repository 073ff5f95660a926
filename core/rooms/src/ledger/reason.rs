//! Why something was refused: one stable name per cause, for counters.

use thiserror::Error;

use crate::guard::Refusal;
use covey_wire::frame::DecodeError;

/// Why a segment or an entry in it is not admissible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Reason {
    /// Not a segment.
    #[error("malformed: {0}")]
    Malformed(DecodeError),
    /// A segment of a form that only a newer version knows.
    #[error("of a newer version")]
    Newer,
    /// The signature does not hold, or one inside an entry does not.
    #[error("bad signature")]
    Signature,
    /// Follows, or builds on, an entry that is not admissible.
    #[error("builds on a refused entry")]
    Broken,
    /// Lamport time or dependencies contradict the causal past.
    #[error("wrong causal past")]
    Causality,
    /// A seat's first entry is not what it must be, or stands elsewhere.
    #[error("seat did not enter as it must")]
    Entrance,
    /// The member was not admitted in the causal past, or its role does not allow this.
    #[error("role does not allow it")]
    Role,
    /// The claim or its chain of grants is not valid.
    #[error("claim is not valid")]
    Claim,
    /// Another seat has this client id.
    #[error("client id is taken")]
    Client,
    /// The content can't be opened.
    #[error("sealed content can't be opened")]
    Seal,
    /// No key of that epoch.
    #[error("unknown epoch")]
    Epoch,
    /// The update would do harm.
    #[error("guard: {0}")]
    Guard(Refusal),
    /// The author's share of the room is used up.
    #[error("too much")]
    Quota,
    /// It builds on what is not here, and no more can wait for its author or for the peer that brought it.
    #[error("too much waits")]
    Full,
}

impl From<DecodeError> for Reason {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::Unknown => Self::Newer,
            error => Self::Malformed(error),
        }
    }
}

impl Reason {
    /// The counter's name.
    pub fn name(&self) -> &'static str {
        match self {
            Reason::Malformed(_) => "malformed",
            Reason::Newer => "newer",
            Reason::Signature => "signature",
            Reason::Broken => "broken",
            Reason::Causality => "causality",
            Reason::Entrance => "entrance",
            Reason::Role => "role",
            Reason::Claim => "claim",
            Reason::Client => "client",
            Reason::Seal => "seal",
            Reason::Epoch => "epoch",
            Reason::Guard(_) => "guard",
            Reason::Quota => "quota",
            Reason::Full => "full",
        }
    }

    /// Whether the author must have known better: an entry names by hash what it builds on, so it is
    /// admissible for nobody. A missing key, a lack of room and a newer form are no such reasons.
    pub fn is_authors_fault(&self) -> bool {
        !matches!(self, Reason::Epoch | Reason::Full | Reason::Newer | Reason::Quota)
    }

    /// Whether it proves that the peer that sent it is not honest: an honest one checks signatures and
    /// forms itself before it hands anything on.
    pub fn ends_connection(&self) -> bool {
        matches!(self, Reason::Malformed(_) | Reason::Signature)
    }
}
