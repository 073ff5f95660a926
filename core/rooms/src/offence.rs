//! What a peer can do that it should not, and what follows: the table of `docs/protocol.md`.

use crate::ledger::Reason;
use covey_wire::limits;
use covey_wire::net::Misuse;

/// What a peer did. Each is counted under its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offence {
    /// A message that cannot be read.
    Malformed,
    /// A message of this many bytes that only a newer version knows.
    Newer(usize),
    /// More segments than the window has room for.
    Window,
    /// A message before the hello, or a second hello.
    Unexpected,
    /// A hello whose certificate does not hold.
    Signature,
    /// A first message that does not open.
    Unproven,
    /// No hello in time.
    Silent,
    /// Nothing it is sent is confirmed for half a minute.
    Stalled,
    /// More messages than anybody needs.
    Flood,
    /// A live message about a document that it may not write in.
    Live,
    /// More live messages than are shown: an older one gave way.
    LiveRate,
    /// A segment that it sent twice before.
    Useless,
    /// More seats of one member than are held.
    Seats,
    /// No right to be here.
    Right,
    /// It, or its member, is left alone.
    Quarantine,
    /// An update that yrs fails on.
    Apply,
    /// Several histories under one key.
    Fork,
    /// A segment that is not admissible, and whether the peer itself signed it.
    Refused(Reason, bool),
    /// The network closed its connections.
    Network(Misuse),
}

/// What follows from an offence, beside that it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    /// Nothing.
    Counted,
    /// So many units of attention are taken from the peer's share; a peer that has none left floods.
    Charged(u32),
    /// A strike: one too many, and the peer is shunned.
    Struck,
    /// The connection ends, which says nothing of who is at its other end.
    Disconnected,
    /// The connection ends, and the seat and its member are left alone for a while.
    Shunned,
}

impl Offence {
    /// The counter's name.
    pub fn name(&self) -> &'static str {
        match self {
            Offence::Malformed => "malformed",
            Offence::Newer(_) => "newer",
            Offence::Window => "window",
            Offence::Unexpected => "unexpected",
            Offence::Signature => "signature",
            Offence::Unproven => "unproven",
            Offence::Silent => "silent",
            Offence::Stalled => "stalled",
            Offence::Flood => "flood",
            Offence::Live => "live",
            Offence::LiveRate => "live-rate",
            Offence::Useless => "useless",
            Offence::Seats => "seats",
            Offence::Right => "right",
            Offence::Quarantine => "quarantine",
            Offence::Apply => "apply",
            Offence::Fork => "fork",
            Offence::Refused(reason, _) => reason.name(),
            Offence::Network(misuse) => misuse.name(),
        }
    }

    /// What follows from it.
    pub fn consequence(&self) -> Consequence {
        use Consequence::{Charged, Counted, Disconnected, Shunned, Struck};
        match self {
            Offence::LiveRate => Counted,
            Offence::Newer(bytes) => Charged(
                u32::try_from(bytes / limits::LIVE_UNIT).unwrap_or(u32::MAX).saturating_add(1),
            ),
            Offence::Live => Charged(limits::LIVE_OFFENCE),
            Offence::Useless => Struck,
            Offence::Unproven
            | Offence::Silent
            | Offence::Stalled
            | Offence::Seats
            | Offence::Right
            | Offence::Quarantine => Disconnected,
            Offence::Malformed
            | Offence::Window
            | Offence::Unexpected
            | Offence::Signature
            | Offence::Flood
            | Offence::Apply
            | Offence::Fork => Shunned,
            // An honest peer checks signatures and forms itself before it hands anything on.
            Offence::Refused(Reason::Malformed(_) | Reason::Signature, _) => Shunned,
            // Causes are named by hash, so that the author cannot be mistaken about what it signed. A peer that
            // hands something on may have checked it by keys that are not known here.
            Offence::Refused(reason, true) if reason.is_authors_fault() => Struck,
            Offence::Refused(..) => Counted,
            Offence::Network(misuse) if misuse.is_meant() => Shunned,
            Offence::Network(_) => Counted,
        }
    }
}
