//! The classes of messages between two peers, and the table of how each is carried.
//!
//! ```text
//!   class  protocol          opened      a slow reader            priority
//!   call   /covey/call/1     on demand   ends the connection      0
//!   live   /covey/live/1     always      gets the newest          1
//!   sync   /covey/sync/1     always      ends the connection      1
//!   blob   /covey/blob/1     on demand   makes the sender wait    2
//! ```

use crate::limits;

/// The kind of a message, which decides its channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Entries and what levels two logs.
    Sync,
    /// Values that pass and are never stored.
    Live,
    /// Signalling of a call.
    Call,
    /// Pieces of files.
    Blob,
}

/// How the messages of a class are carried: ordered and, unless the newest wins, reliable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channel {
    /// The libp2p protocol of its streams.
    pub protocol: &'static str,
    /// The largest message in bytes.
    pub message: usize,
    /// When its stream is opened.
    pub opens: Opens,
    /// The queue for a slow reader.
    pub queue: Queue,
    /// Of the classes of one connection the least goes first: what is queued of a class waits
    /// until nothing of a lesser one does. Equal ones share the connection.
    pub priority: u8,
    /// Streams that a peer may have open to us on one connection.
    pub streams: usize,
}

/// When the stream of a class is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens {
    /// With the connection. A peer that does not speak its protocol is no peer.
    Always,
    /// When there is something to send. A peer need not speak its protocol.
    OnDemand,
}

/// The queue for a reader that is slower than the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// So many bytes; with more the peer is reported (`Misuse::Overflow`).
    Overflow(usize),
    /// So many messages; of more the newest.
    Newest(usize),
    /// So many bytes; the sender counts what it sent and what was written (`NetEvent::Written`)
    /// and sends no more than that. Where it does, both sides begin anew.
    Wait(usize),
}

/// Streams that a peer may have open at once: one that is read, one that follows, one that ends.
const STREAMS: usize = limits::CHANNEL_STREAMS;

impl Class {
    /// Every class, those of the least priority number first.
    pub const ALL: [Class; 4] = [Class::Call, Class::Live, Class::Sync, Class::Blob];

    /// Its row in the table.
    pub const fn channel(self) -> Channel {
        match self {
            Class::Call => Channel {
                protocol: "/covey/call/1",
                message: limits::CALL_MESSAGE,
                opens: Opens::OnDemand,
                queue: Queue::Overflow(limits::CALL_QUEUE),
                priority: 0,
                streams: STREAMS,
            },
            Class::Live => Channel {
                protocol: "/covey/live/1",
                message: limits::LIVE_MESSAGE,
                opens: Opens::Always,
                queue: Queue::Newest(limits::LIVE_QUEUE),
                priority: 1,
                streams: STREAMS,
            },
            Class::Sync => Channel {
                protocol: "/covey/sync/1",
                message: limits::SYNC_MESSAGE,
                opens: Opens::Always,
                queue: Queue::Overflow(limits::SYNC_QUEUE),
                priority: 1,
                streams: STREAMS,
            },
            Class::Blob => Channel {
                protocol: "/covey/blob/1",
                message: limits::BLOB_MESSAGE,
                opens: Opens::OnDemand,
                queue: Queue::Wait(limits::BLOB_QUEUE),
                priority: 2,
                streams: STREAMS,
            },
        }
    }

    /// Its place in `ALL`.
    pub const fn index(self) -> usize {
        match self {
            Class::Call => 0,
            Class::Live => 1,
            Class::Sync => 2,
            Class::Blob => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_has_every_class_once_in_the_order_of_priority() {
        assert!(Class::ALL.iter().map(|class| class.index()).eq(0..Class::ALL.len()));
        let protocols: BTreeSet<_> = Class::ALL.map(|class| class.channel().protocol).into();
        assert_eq!(protocols.len(), Class::ALL.len());
        assert!(Class::ALL.is_sorted_by_key(|class| class.channel().priority));
    }

    #[test]
    fn a_queue_holds_the_largest_message_of_its_class() {
        for class in Class::ALL {
            let Channel { message, queue, .. } = class.channel();
            match queue {
                Queue::Overflow(bytes) | Queue::Wait(bytes) => {
                    assert!(bytes >= message, "{class:?}")
                }
                Queue::Newest(messages) => assert!(messages > 0, "{class:?}"),
            }
        }
    }
}
