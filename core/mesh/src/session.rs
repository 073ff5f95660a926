//! Over which connections the messages of one pair of seats flow, without loss or disorder.
//!
//! ```text
//!   epoch 1   index 0 on a relayed connection:  messages… end      both ends agree on the epoch
//!             index 1 on a direct connection:                messages…
//! ```
//! Each side sends on one connection at a time. Moving to another ends the streams on the old one
//! and opens streams with the next index; the other side reads an index when the one before has
//! ended. Whatever may have lost a message starts a new epoch: both sides are down, then up.

use litemap::LiteMap;
use std::collections::VecDeque;

use covey_wire::sorted::SortedSet;

/// The start of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Grows whenever messages may have been lost.
    pub epoch: u64,
    /// Which of its sender's connections in this epoch.
    pub index: u64,
}

/// An action for the driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<C> {
    /// Open streams that begin with the mark.
    Open(C, Mark),
    /// End the streams after what is queued.
    Finish(C),
    /// Drop the streams and what is queued.
    Abandon(C),
    /// Read the streams that begin with the mark.
    Read(C, Mark),
    /// The peer can be sent to, over this connection.
    Up(C),
    /// Messages may be lost.
    Down,
    /// This connection does not work, or the peer misuses it.
    Close(C),
}

/// How many of a peer's moves are kept before the first of them is read.
const MARKS: usize = 8;
/// How far an epoch may lead: honest ones lead by a few.
const LEAD: u64 = 1 << 20;

/// The flow between two seats.
#[derive(Debug)]
pub struct Session<C> {
    epoch: u64,
    best: Option<C>,
    out: Option<(C, u64)>,
    opening: Option<(C, u64)>,
    finishing: SortedSet<C>,
    came: LiteMap<u64, C>,
    read: u64,
    reading: bool,
    up: bool,
    resets: u32,
    steps: VecDeque<Step<C>>,
}

impl<C: Copy + Ord> Default for Session<C> {
    fn default() -> Self {
        Self {
            epoch: 1,
            best: None,
            out: None,
            opening: None,
            finishing: SortedSet::new(),
            came: LiteMap::new(),
            read: 0,
            reading: false,
            up: false,
            resets: 0,
            steps: VecDeque::new(),
        }
    }
}

impl<C: Copy + Ord> Session<C> {
    /// The next action.
    pub fn poll(&mut self) -> Option<Step<C>> {
        self.steps.pop_front()
    }

    /// The connection to send on from here; only established ones.
    pub fn prefer(&mut self, best: C) {
        self.best = Some(best);
        self.open();
    }

    /// A connection is gone, another may be the best of the rest.
    pub fn closed(&mut self, gone: C, best: Option<C>) {
        self.best = best;
        let read = self.reading && self.came.get(&self.read) == Some(&gone);
        let sent = self.out.is_some_and(|(c, _)| c == gone) || self.finishing.contains(&gone);
        self.finishing.remove(&gone);
        self.out.take_if(|(c, _)| *c == gone);
        self.opening.take_if(|(c, _)| *c == gone);
        if read || sent {
            self.reset(self.epoch + 1);
        }
        if best.is_none() {
            self.resets = 0;
        }
        self.came.retain(|_, c| *c != gone);
        self.open();
    }

    /// Leaves every connection: what is queued still goes out, nothing that comes counts.
    pub fn leave(&mut self) {
        self.best = None;
        self.finishing.clear();
        if let Some((out, _)) = self.out.take() {
            self.steps.push_back(Step::Finish(out));
        }
        self.reset(self.epoch + 1);
        self.resets = 0;
    }

    /// The streams asked for can be written.
    pub fn opened(&mut self, c: C, mark: Mark) {
        if mark.epoch != self.epoch || self.opening != Some((c, mark.index)) {
            return;
        }
        self.opening = None;
        if let Some((old, _)) = self.out.replace((c, mark.index)) {
            self.finishing.insert(old);
            self.steps.push_back(Step::Finish(old));
        }
        if self.up {
            self.steps.push_back(Step::Up(c));
        }
        self.advance();
        self.open();
    }

    /// The peer opened streams that begin with the mark.
    pub fn started(&mut self, c: C, mark: Mark) {
        if mark.epoch > self.epoch {
            if mark.epoch - self.epoch > LEAD {
                return self.steps.push_back(Step::Close(c));
            }
            self.reset(mark.epoch);
        }
        let expected = self.read..self.read.saturating_add(MARKS as u64);
        if mark.epoch == self.epoch && expected.contains(&mark.index) {
            let replaces_read = self.reading && mark.index == self.read;
            if replaces_read {
                return self.steps.push_back(Step::Close(c));
            }
            self.came.insert(mark.index, c);
            self.advance();
        }
    }

    /// Whether the peer has begun anew since.
    pub fn precedes(&self, mark: Mark) -> bool {
        self.epoch < mark.epoch
    }

    /// The peer's streams ended as they should, all was read.
    pub fn ended(&mut self, c: C, mark: Mark) {
        let current = Mark { epoch: self.epoch, index: self.read };
        if mark == current && self.reading && self.came.get(&self.read) == Some(&c) {
            self.came.remove(&self.read);
            self.read += 1;
            self.reading = false;
            self.advance();
        }
    }

    /// The peer has read all of streams that were finished.
    pub fn finished(&mut self, c: C, mark: Mark) {
        if mark.epoch == self.epoch {
            self.finishing.remove(&c);
            self.open();
        }
    }

    /// Streams broke though their connection stands.
    pub fn broken(&mut self, c: C, mark: Mark) {
        if mark.epoch != self.epoch {
            return;
        }
        if self.opening == Some((c, mark.index)) {
            // Nothing was sent on it yet; another connection will do.
            return self.steps.push_back(Step::Close(c));
        }
        let sent = self.out == Some((c, mark.index)) || self.finishing.contains(&c);
        if sent || self.came.get(&mark.index) == Some(&c) {
            self.reset(self.epoch + 1);
        }
    }

    /// The connection messages are sent on.
    pub fn out(&self) -> Option<C> {
        self.out.filter(|_| self.up).map(|(c, _)| c)
    }

    /// Whether messages on streams with this mark count.
    pub fn reads(&self, c: C, mark: Mark) -> bool {
        let current = Mark { epoch: self.epoch, index: self.read };
        self.reading && mark == current && self.came.get(&self.read) == Some(&c)
    }

    /// Whether the peer can be sent to.
    pub fn is_up(&self) -> bool {
        self.up
    }

    /// Whether what was sent over a connection may still be on its way.
    pub fn sends(&self, c: C) -> bool {
        self.out.is_some_and(|(out, _)| out == c) || self.finishing.contains(&c)
    }

    /// Whether what was sent on streams of ours with this mark is still on its way, or was read.
    pub fn counts(&self, c: C, mark: Mark) -> bool {
        mark.epoch == self.epoch && self.sends(c)
    }

    /// Whether anything still flows over a connection.
    pub fn uses(&self, c: C) -> bool {
        self.sends(c)
            || self.opening.is_some_and(|(opening, _)| opening == c)
            || self.came.values().any(|came| *came == c)
    }

    /// Whether both directions flow over the best connection and nothing over any other.
    pub fn settled(&self) -> bool {
        self.up
            && self.out.map(|(c, _)| c) == self.best
            && self.came.get(&self.read).copied() == self.best
            && self.finishing.is_empty()
    }

    /// How often messages may have been lost since the first connection.
    pub fn resets(&self) -> u32 {
        self.resets
    }

    fn open(&mut self) {
        let Some(best) = self.best else { return };
        // The peer follows only so many moves at once.
        if self.finishing.len() > MARKS / 2 {
            return;
        }
        if self.opening.is_some() || self.out.is_some_and(|(c, _)| c == best) {
            return;
        }
        let index = self.out.map_or(0, |(_, index)| index + 1);
        self.opening = Some((best, index));
        self.steps.push_back(Step::Open(best, Mark { epoch: self.epoch, index }));
    }

    fn advance(&mut self) {
        let (Some((out, _)), false) = (self.out, self.reading) else { return };
        let Some(c) = self.came.get(&self.read).copied() else { return };
        self.reading = true;
        if !self.up {
            self.up = true;
            self.steps.push_back(Step::Up(out));
        }
        self.steps.push_back(Step::Read(c, Mark { epoch: self.epoch, index: self.read }));
    }

    fn reset(&mut self, epoch: u64) {
        let used = self.out.into_iter().chain(self.opening).map(|(c, _)| c);
        let used: SortedSet<C> = used.chain(core::mem::take(&mut self.finishing)).collect();
        self.steps.extend(used.into_iter().map(Step::Abandon));
        if core::mem::take(&mut self.up) {
            self.resets = self.resets.saturating_add(1);
            self.steps.push_back(Step::Down);
        }
        self.out = None;
        self.opening = None;
        self.came.clear();
        self.read = 0;
        self.reading = false;
        self.epoch = epoch;
        self.open();
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
