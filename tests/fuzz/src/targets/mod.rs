//! The parsers that are fed, and how often each has its turn.

mod call;
mod canonical;
mod closed;
mod framing;
mod hello;
mod ledger;
mod link;
mod live;
mod meet;
mod page;
mod record;
mod roster;
mod seal;
mod segment;
mod signalling;
mod sync;

/// A parser, with what it promises.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// How many of a hundred cases are its.
    pub share: u64,
    /// Runs one case; panics when a promise is broken.
    pub case: fn(u64),
}

const fn target(name: &'static str, share: u64, case: fn(u64)) -> Target {
    Target { name, share, case }
}

/// All of them.
pub const TARGETS: &[Target] = &[
    target("guard", 49, crate::guard::case),
    target("cost", 1, crate::cost::case),
    target("closed", 3, closed::case),
    target("segment", 2, segment::case),
    target("roster", 2, roster::case),
    target("link", 5, link::case),
    target("seal", 5, seal::case),
    target("sync", 6, sync::case),
    target("hello", 2, hello::case),
    target("live", 7, live::case),
    target("call", 4, call::case),
    target("meet", 6, meet::case),
    target("record", 3, record::case),
    target("framing", 2, framing::case),
    target("signalling", 2, signalling::case),
];

/// The target of that name.
pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// Whose turn a seed is where no target is named.
pub fn turn(seed: u64) -> &'static Target {
    let all: u64 = TARGETS.iter().map(|target| target.share).sum();
    let mut at = seed % all;
    for target in TARGETS {
        if at < target.share {
            return target;
        }
        at -= target.share;
    }
    &TARGETS[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_its_share_and_its_name() {
        let mut counts = std::collections::BTreeMap::new();
        let all: u64 = TARGETS.iter().map(|target| target.share).sum();
        (0..all).for_each(|seed| *counts.entry(turn(seed).name).or_insert(0) += 1);
        for target in TARGETS {
            assert_eq!(counts[target.name], target.share);
            assert_eq!(find(target.name).map(|found| found.name), Some(target.name));
        }
        assert!(find("nothing").is_none());
    }
}
