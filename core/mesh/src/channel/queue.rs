//! Messages of one class that wait to be written.

use std::collections::VecDeque;

use covey_wire::class::{Class, Queue as Bound};

/// The queue is full of what may not be dropped.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

/// A bounded queue.
#[derive(Debug)]
pub(super) struct Queue {
    bound: Bound,
    largest: usize,
    messages: VecDeque<Vec<u8>>,
    bytes: usize,
    taken: usize,
}

impl Queue {
    pub fn new(class: Class) -> Self {
        let channel = class.channel();
        let (messages, bound) = (VecDeque::new(), channel.queue);
        Self { bound, largest: channel.message, messages, bytes: 0, taken: 0 }
    }

    /// Adds a message; nothing where no reader would take it.
    pub fn push(&mut self, message: Vec<u8>) -> Result<(), Full> {
        if message.is_empty() || message.len() > self.largest {
            return Ok(());
        }
        self.bytes += message.len();
        self.messages.push_back(message);
        match self.bound {
            Bound::Newest(most) => {
                while self.messages.len() > most {
                    let oldest = self.messages.pop_front();
                    self.bytes -= oldest.map_or(0, |message| message.len());
                }
                Ok(())
            }
            Bound::Overflow(most) | Bound::Wait(most) if self.bytes > most => Err(Full),
            Bound::Overflow(_) | Bound::Wait(_) => Ok(()),
        }
    }

    /// The next message, if it has at most so many bytes or any number of them.
    pub fn take(&mut self, most: Option<usize>) -> Option<Vec<u8>> {
        let fits = |message: &mut Vec<u8>| most.is_none_or(|most| message.len() <= most);
        let message = self.messages.pop_front_if(fits)?;
        self.bytes -= message.len();
        self.taken += message.len();
        Some(message)
    }

    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// How many bytes were taken since this was last asked, where the sender waits for that.
    pub fn written(&mut self) -> Option<usize> {
        let taken = core::mem::take(&mut self.taken);
        (taken > 0 && matches!(self.bound, Bound::Wait(_))).then_some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use covey_wire::limits;

    #[test]
    fn the_newest_live_messages_stay() {
        let mut queue = Queue::new(Class::Live);
        for n in 0..200u8 {
            assert_eq!(queue.push(vec![n]), Ok(()));
        }
        let kept: Vec<u8> = queue.messages.iter().map(|m| m[0]).collect();
        assert_eq!(kept, (200 - limits::LIVE_QUEUE as u8..200).collect::<Vec<_>>());
        assert_eq!(queue.bytes, kept.len());
    }

    #[test]
    fn bytes_above_the_bound_of_a_class_are_too_many() {
        for class in [Class::Sync, Class::Call, Class::Blob] {
            let (Bound::Overflow(most) | Bound::Wait(most)) = class.channel().queue else {
                panic!("{class:?} drops")
            };
            let mut queue = Queue::new(class);
            let message = vec![1; class.channel().message];
            for _ in 0..most / message.len() {
                assert_eq!(queue.push(message.clone()), Ok(()), "{class:?}");
            }
            assert_eq!(queue.push(message.clone()), Err(Full), "{class:?}");
        }
    }

    #[test]
    fn a_sender_that_waits_is_told_what_was_taken() {
        for (class, told) in [(Class::Blob, Some(5)), (Class::Sync, None)] {
            let mut queue = Queue::new(class);
            for size in [2, 3, 100] {
                assert_eq!(queue.push(vec![1; size]), Ok(()));
            }
            assert_eq!(queue.written(), None);
            assert!(queue.take(None).is_some() && queue.take(Some(3)).is_some());
            assert_eq!(queue.take(Some(3)), None);
            assert_eq!((queue.written(), queue.written()), (told, None));
        }
    }
}
