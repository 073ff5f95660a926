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
}

impl Rule {
    /// All of them.
    pub const ALL: [Rule; 4] =
        [Rule::Dependencies, Rule::Durability, Rule::Rights, Rule::Ownership];

    /// The rule's name in commands.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Dependencies => "dependencies",
            Rule::Durability => "durability",
            Rule::Rights => "rights",
            Rule::Ownership => "ownership",
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
