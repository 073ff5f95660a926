//! Rules that the simulation breaks on purpose, to show that it notices. Without the feature
//! `broken`, which no page is built with, every rule holds.

/// A rule that can be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// A segment waits until everything it builds on is there.
    Dependencies,
    /// Others are told only of what the disk has.
    Durability,
    /// Only those write whose role allows it.
    Rights,
    /// Only oneself writes and deletes in one's part of the chat.
    Ownership,
    /// An entry is named by its hash, not by its number alone.
    Causes,
    /// A refusal leaves no trace.
    Undo,
    /// Only members are believed that their disk has something.
    Acknowledgements,
    /// Only members are believed that one is not wanted.
    Refusals,
    /// A peer with another history of a seat has nothing of the one that is here.
    Heads,
    /// The first words are sealed.
    Sealing,
    /// Of a seat with several histories all are kept.
    Forks,
    /// A seat with several histories is closed wherever they are known.
    Settling,
    /// Only who was admitted sits down.
    Entrance,
    /// Live messages go only to peers that may read.
    Trust,
    /// The seat named as the author signed.
    Signatures,
}

impl Rule {
    /// All of them.
    pub const ALL: [Rule; 15] = [
        Rule::Dependencies,
        Rule::Durability,
        Rule::Rights,
        Rule::Ownership,
        Rule::Causes,
        Rule::Undo,
        Rule::Acknowledgements,
        Rule::Refusals,
        Rule::Heads,
        Rule::Sealing,
        Rule::Forks,
        Rule::Settling,
        Rule::Entrance,
        Rule::Trust,
        Rule::Signatures,
    ];

    /// The rule's name in commands.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Dependencies => "dependencies",
            Rule::Durability => "durability",
            Rule::Rights => "rights",
            Rule::Ownership => "ownership",
            Rule::Causes => "causes",
            Rule::Undo => "undo",
            Rule::Acknowledgements => "acknowledgements",
            Rule::Refusals => "refusals",
            Rule::Heads => "heads",
            Rule::Sealing => "sealing",
            Rule::Forks => "forks",
            Rule::Settling => "settling",
            Rule::Entrance => "entrance",
            Rule::Trust => "trust",
            Rule::Signatures => "signatures",
        }
    }
}

#[cfg(feature = "broken")]
mod switch {
    use core::cell::Cell;

    use super::Rule;

    std::thread_local! {
        static BROKEN: Cell<Option<Rule>> = const { Cell::new(None) };
    }

    /// Breaks one rule in everything that runs on this thread, or none.
    pub fn set(rule: Option<Rule>) {
        BROKEN.set(rule);
    }

    pub(crate) fn is_broken(rule: Rule) -> bool {
        BROKEN.get() == Some(rule)
    }
}

#[cfg(feature = "broken")]
pub(crate) use switch::is_broken;
#[cfg(feature = "broken")]
pub use switch::set;

/// Whether a rule is broken on purpose.
#[cfg(not(feature = "broken"))]
pub(crate) const fn is_broken(_: Rule) -> bool {
    false
}
