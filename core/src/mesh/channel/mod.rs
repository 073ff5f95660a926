//! The two channels of a connection between peers, `/covey/sync/1` and `/covey/live/1`.
//!
//! ```text
//!   stream, from the side that sends:  epoch · index · frame… · 0     all numbers are varints
//!   frame                              length (at least 1) · bytes
//!   back, when everything was read:    1
//! ```
//! Each side opens one stream of each protocol for what it sends.

mod behaviour;
mod handler;
mod inbound;
mod outbound;

pub(super) use behaviour::{Behaviour, Event};
pub(super) use handler::{Command, Report};

use libp2p::swarm::StreamProtocol;

use crate::limits;
use crate::net::Class;

/// What ends a stream.
const END: u8 = 0;
/// What confirms that everything before the end was read.
const ACK: u8 = 1;

const CLASSES: [Class; 2] = [Class::Live, Class::Sync];

fn protocol(class: Class) -> StreamProtocol {
    StreamProtocol::new(match class {
        Class::Sync => "/covey/sync/1",
        Class::Live => "/covey/live/1",
    })
}

fn limit(class: Class) -> usize {
    match class {
        Class::Sync => limits::SYNC_MESSAGE,
        Class::Live => limits::LIVE_MESSAGE,
    }
}
