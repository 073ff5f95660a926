//! A room's commands to the network, and the network's events: values only, no sockets.
//!
//! ```text
//!   client ──NetCommand──► mesh (libp2p swarm) ──► node, peers
//!   client ◄──NetEvent──── mesh
//! ```

pub use crate::class::Class;
use crate::id::{Namespace, SeatId};

/// How a peer is reached. Of two ways the greater is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Path {
    /// Through a node's circuit relay.
    Relayed,
    /// Browser to browser.
    Direct,
}

/// Whether any node can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeState {
    /// Trying, with growing pauses.
    Connecting,
    /// Connected, with a relay reservation.
    Up,
}

/// How a seat used its connections in a way that ends them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Misuse {
    /// It wrote what it may not, or announced more than it may.
    Malformed,
    /// It opened more streams than anyone needs.
    Streams,
    /// It began a stream or a message and did not go on.
    HalfOpen,
    /// It broke its streams again and again.
    Resets,
    /// It does not read what it is sent.
    Overflow,
}

impl Misuse {
    /// The counter's name.
    pub fn name(self) -> &'static str {
        match self {
            Misuse::Malformed => "malformed",
            Misuse::Streams => "streams",
            Misuse::HalfOpen => "half-open",
            Misuse::Resets => "resets",
            Misuse::Overflow => "overflow",
        }
    }

    /// Whether a bad connection can't be the reason.
    pub fn is_meant(self) -> bool {
        matches!(self, Misuse::Malformed | Misuse::Streams)
    }
}

/// A room's command to the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetCommand {
    /// Stay connected to these nodes (multiaddr text such as `/ip4/127.0.0.1/tcp/8080/ws` or
    /// `/dns4/example.org/tcp/443/tls/ws`), each with back-off and jitter after a failure.
    /// Replaces the list named before.
    Nodes(Vec<String>),
    /// At every connected node, now and after each reconnection: discover the namespace, tell
    /// (`NetEvent::Found`), register under it, and discover and tell once more.
    Meet(Namespace),
    /// Reach this seat, directly if that can be, else relayed; tried again with back-off until
    /// `Hangup`. Does nothing while it is connected. A seat that showed nothing (`Trust`) and had
    /// to leave for another is tried again after some minutes.
    Dial(SeatId),
    /// Send a whole message to a connected seat; dropped where it is not connected.
    Send {
        /// To whom.
        seat: SeatId,
        /// Of which class.
        class: Class,
        /// The message.
        bytes: Vec<u8>,
    },
    /// The room has seen that this seat may read. Before, it is reached through a relay only: no
    /// session description and no ICE candidate is sent to it and none of its is taken, so that it
    /// does not learn where we are; and it leaves first when places are wanted. Forgotten at
    /// `Hangup` and with the last connection to the seat; where there is none, remembered only
    /// while the seat is being dialled.
    Trust(SeatId),
    /// Close every connection to this seat, stop dialling it, and trust it no longer.
    Hangup(SeatId),
}

/// An event of the network for a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetEvent {
    /// The state of the best node changed.
    Node(NodeState),
    /// Seats registered under a namespace: the answer to `Meet`, or a newcomer.
    Found {
        /// The namespace asked for.
        namespace: Namespace,
        /// The seats found, without one's own.
        seats: Vec<SeatId>,
        /// They came after us and dial us themselves; dial only if they don't.
        newcomer: bool,
    },
    /// A seat can be sent to; told again when its path changes.
    Up {
        /// The seat.
        seat: SeatId,
        /// By which path.
        path: Path,
    },
    /// A seat can no longer be sent to. Messages queued for it are gone.
    Down(SeatId),
    /// Connections to a seat were closed because of how it used them.
    Refused {
        /// The seat that misused them.
        seat: SeatId,
        /// The counter's name.
        why: Misuse,
    },
    /// A whole message.
    Frame {
        /// From whom: authenticated by the connection.
        seat: SeatId,
        /// Of which class.
        class: Class,
        /// The message.
        bytes: Vec<u8>,
    },
    /// Bytes that left the queue of a class whose sender waits (`Queue::Wait`).
    Written {
        /// To whom they go.
        seat: SeatId,
        /// Of which class.
        class: Class,
        /// How many, all whole messages.
        bytes: usize,
    },
    /// The peer does not speak the protocol of a class. What was sent of it was dropped, and what
    /// is sent will be, until the peer is up anew.
    Unsupported {
        /// The seat.
        seat: SeatId,
        /// Which class.
        class: Class,
    },
}
