//! The offences of peers and their consequences: the table of `docs/protocol.md`.

use crate::ledger::Reason;
use covey_wire::limits;
use covey_wire::net::Misuse;

/// Something that a peer should not have done. Each is counted under its name.
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
    /// A message of a call that says more than its sender may.
    Call,
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

/// The consequence of an offence, beside that it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    /// Nothing.
    Counted,
    /// So many units of attention are taken from the peer's share; a peer that has none left floods.
    Charged(u32),
    /// A strike: with one too many the peer is quarantined.
    Struck,
    /// The network has closed the connection.
    Lost,
    /// The connection is closed. The peer may connect again at once.
    Closed,
    /// The peer is disconnected, and its seat and member are left alone for a while.
    Quarantined,
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
            Offence::Call => "call",
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

    /// Its consequence.
    pub fn consequence(&self) -> Consequence {
        use Consequence::{Charged, Closed, Counted, Lost, Quarantined, Struck};
        match self {
            Offence::LiveRate => Counted,
            Offence::Newer(bytes) => Charged(
                u32::try_from(bytes / limits::LIVE_UNIT).unwrap_or(u32::MAX).saturating_add(1),
            ),
            Offence::Live | Offence::Call => Charged(limits::LIVE_OFFENCE),
            Offence::Useless => Struck,
            Offence::Unproven
            | Offence::Silent
            | Offence::Stalled
            | Offence::Seats
            | Offence::Right
            | Offence::Quarantine => Closed,
            Offence::Malformed
            | Offence::Window
            | Offence::Unexpected
            | Offence::Signature
            | Offence::Flood
            | Offence::Apply
            | Offence::Fork => Quarantined,
            // An honest peer checks signatures and forms itself before it hands anything on.
            Offence::Refused(Reason::Malformed(_) | Reason::Signature, _) => Quarantined,
            // Causes are named by hash, so that the author cannot be mistaken about what it signed. A peer that
            // hands something on may have checked it by keys that are not known here.
            Offence::Refused(reason, true) if reason.is_authors_fault() => Struck,
            Offence::Refused(..) => Counted,
            Offence::Network(misuse) if misuse.is_meant() => Quarantined,
            Offence::Network(_) => Lost,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::guard::Refusal;
    use covey_wire::frame::DecodeError;

    /// Every offence by a peer that signed what it sent.
    fn all() -> Vec<Offence> {
        let plain = [
            Offence::Malformed,
            Offence::Newer(1),
            Offence::Window,
            Offence::Unexpected,
            Offence::Signature,
            Offence::Unproven,
            Offence::Silent,
            Offence::Stalled,
            Offence::Flood,
            Offence::Live,
            Offence::Call,
            Offence::LiveRate,
            Offence::Useless,
            Offence::Seats,
            Offence::Right,
            Offence::Quarantine,
            Offence::Apply,
            Offence::Fork,
        ];
        let reasons = [
            Reason::Malformed(DecodeError::Invalid),
            Reason::Newer,
            Reason::Signature,
            Reason::Broken,
            Reason::Causality,
            Reason::Entrance,
            Reason::Role,
            Reason::Claim,
            Reason::Client,
            Reason::Seal,
            Reason::Epoch,
            Reason::Guard(Refusal::OriginUnseen),
            Reason::Quota,
            Reason::Full,
        ];
        let misuses = [
            Misuse::Malformed,
            Misuse::Streams,
            Misuse::HalfOpen,
            Misuse::Resets,
            Misuse::Overflow,
        ];
        let reasons = reasons.map(|reason| Offence::Refused(reason, true));
        plain.into_iter().chain(reasons).chain(misuses.map(Offence::Network)).collect()
    }

    fn words(consequence: Consequence) -> &'static str {
        match consequence {
            Consequence::Counted | Consequence::Charged(_) => "counted",
            Consequence::Struck => "struck",
            Consequence::Lost | Consequence::Closed => "connection closed",
            Consequence::Quarantined => "disconnected and left alone",
        }
    }

    #[test]
    fn the_table_of_the_protocol_has_every_offence_and_its_consequence() {
        let protocol = include_str!("../../../docs/protocol.md");
        let row = |line: &'static str| {
            let mut cells = line.split('|').map(str::trim).filter(|cell| !cell.is_empty());
            let name = cells.next()?.strip_prefix('`')?.strip_suffix('`')?;
            Some((name, cells.nth(1)?))
        };
        let section = protocol.split("\n## ").find(|part| part.starts_with("Refusals"));
        let mut table: BTreeMap<_, _> =
            section.expect("the section").lines().filter_map(row).collect();
        assert!(table.remove("own").is_some(), "one's own edit is no offence of a peer");
        assert!(table.remove("cut-off").is_some(), "counted with each that is quarantined");
        let offences = all();
        for offence in &offences {
            let expected = Some(words(offence.consequence()));
            assert_eq!(table.get(offence.name()).copied(), expected, "{offence:?}");
        }
        let known = |name: &&str| offences.iter().any(|offence| offence.name() == *name);
        assert_eq!(table.keys().find(|name| !known(name)), None, "no peer can do this");
    }
}
