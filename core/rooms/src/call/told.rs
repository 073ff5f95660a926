//! The values between the machine and the browser's media: orders, news and reports.

use std::time::Duration;

use super::message::{May, Request, Sends};
use super::steering::{Measure, Order, Video};
use covey_wire::id::{ClientId, MemberId, SeatId};

/// An order to the browser's side of a call, or news for the page. `link` is the number of a peer connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Make a peer connection.
    Open {
        /// Its number.
        link: u32,
        /// With whom.
        client: ClientId,
        /// This side makes the first offer.
        offers: bool,
        /// The rights of the other side.
        may: May,
    },
    /// Make an offer.
    Offer {
        /// Of which connection.
        link: u32,
        /// The number of this command.
        turn: u32,
        /// With new ICE credentials.
        restart: bool,
    },
    /// Take an offer, and answer it.
    Accept {
        /// Of which connection.
        link: u32,
        /// The number of this command.
        turn: u32,
        /// The offer.
        sdp: String,
    },
    /// Take an answer.
    Answer {
        /// Of which connection.
        link: u32,
        /// The answer.
        sdp: String,
    },
    /// Take a candidate.
    Candidate {
        /// Of which connection.
        link: u32,
        /// The candidate.
        candidate: String,
    },
    /// Close a connection.
    Close(u32),
    /// Send a source like this from now on.
    Order {
        /// On which connection.
        link: u32,
        /// Which source.
        video: Video,
        /// How.
        order: Order,
    },
    /// The pictures that are sent begin with key frames.
    KeyFrames(u32),
    /// Attendees, or how they are reached, changed.
    Changed,
    /// An attendee reacts.
    Reaction(ClientId, String),
    /// A moderator asked something of this page.
    Asked(ClientId, Request),
}

/// An input of the page.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Take part, with what this browser can do.
    Join(super::Abilities),
    /// Take part no longer.
    Leave,
    /// The sources that one sends from now on.
    Sends(Sends),
    /// The sizes at which the page shows others; nobody else is shown.
    Shown(Vec<(ClientId, super::Shown)>),
    /// React with an emoji.
    React(String),
    /// Ask something of somebody.
    Ask(ClientId, Request),
    /// Send less, whatever the way would carry.
    Saving(bool),
    /// The browser described its side, as the command of that number asked.
    Described {
        /// Of which connection.
        link: u32,
        /// The number of the command.
        turn: u32,
        /// The description.
        sdp: String,
    },
    /// A connection can't go on.
    Broken(u32),
    /// The browser found a candidate.
    Candidate {
        /// Of which connection.
        link: u32,
        /// The candidate.
        candidate: String,
    },
    /// How a connection did.
    Measured {
        /// Which connection.
        link: u32,
        /// Since the last packet came.
        silence: Duration,
        /// The measurement.
        measure: Measure,
    },
}

/// How an attendee is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A connection is being made.
    Connecting,
    /// Everything arrives as it should.
    Good,
    /// Packets are lost, or pictures are smaller than they are shown.
    Poor,
    /// No picture fits through.
    SoundOnly,
    /// Nothing comes, and it is being mended.
    Reconnecting,
    /// That was given up; it is tried again now and then.
    Lost,
}

impl Way {
    /// Its name in text.
    pub fn name(self) -> &'static str {
        match self {
            Way::Connecting => "connecting",
            Way::Good => "good",
            Way::Poor => "poor",
            Way::SoundOnly => "sound-only",
            Way::Reconnecting => "reconnecting",
            Way::Lost => "lost",
        }
    }
}

/// A page in the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attendee {
    /// Its seat.
    pub seat: SeatId,
    /// Its person.
    pub member: MemberId,
    /// This page.
    pub own: bool,
    /// The sources that it sends.
    pub sends: Sends,
    /// Its rights.
    pub may: May,
    /// How it is reached; nothing for this page, and while this page is not in the call.
    pub way: Option<Way>,
}
