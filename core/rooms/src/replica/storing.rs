//! Segments on their way to the disk.

use std::collections::VecDeque;

use covey_wire::id::{SeatId, ShortHash};

/// What one of them holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    pub seat: SeatId,
    pub line: ShortHash,
    pub first: u64,
    pub last: u64,
    /// Whether one wrote it on this page.
    pub own: bool,
}

/// In the order in which they are stored, each under a token.
#[derive(Debug, Default)]
pub struct Storing {
    segments: VecDeque<Segment>,
    /// How many the disk has.
    done: u64,
    own: u64,
}

impl Storing {
    /// One more; its token.
    pub fn add(&mut self, segment: Segment) -> u64 {
        self.own += segment.own_entries();
        self.segments.push_back(segment);
        self.done + self.segments.len() as u64
    }

    /// The next of those that the disk has, once it has the one of this token.
    pub fn done(&mut self, token: u64) -> Option<Segment> {
        let segment = self.segments.pop_front_if(|_| self.done < token)?;
        self.done += 1;
        self.own -= segment.own_entries();
        Some(segment)
    }

    /// Entries of one's own among them.
    pub fn own(&self) -> u64 {
        self.own
    }
}

impl Segment {
    fn own_entries(&self) -> u64 {
        if self.own { self.last + 1 - self.first } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_stands_for_all_before_it() {
        let mut storing = Storing::default();
        let segment = |first, own| Segment {
            seat: SeatId([1; 32]),
            line: ShortHash::default(),
            first,
            last: first + 2,
            own,
        };
        let tokens =
            [(1, true), (4, false), (7, true)].map(|(first, own)| storing.add(segment(first, own)));
        assert_eq!(storing.own(), 6);
        assert_eq!(storing.done(tokens[1]), Some(segment(1, true)));
        assert_eq!(storing.done(tokens[1]), Some(segment(4, false)));
        assert_eq!(storing.done(tokens[1]), None);
        assert_eq!(storing.own(), 3);
        assert_eq!(storing.done(tokens[2]), Some(segment(7, true)));
        assert_eq!((storing.done(u64::MAX), storing.own()), (None, 0));
    }
}
