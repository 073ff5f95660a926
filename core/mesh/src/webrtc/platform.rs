//! The WebRTC of a platform: peer connections and their data channels, and somewhere to run.
//!
//! Everything happens on one thread. A listener may be called from within any of these functions
//! but not after its connection or channel was dropped.

use super::error::Error;
use covey_wire::meet::IceServer;

/// A peer connection, as the standard has it. Dropping it closes it.
pub trait PeerConnection: Sized + 'static {
    /// Its data channels.
    type Channel: DataChannel;

    /// A connection that does nothing yet.
    fn open(ice: &[IceServer]) -> impl Future<Output = Result<Self, Error>>;

    /// Runs a task to its end.
    fn spawn(task: impl Future<Output = ()> + 'static);

    /// Tells `listener` what happens from now on; called once, before anything else.
    fn listen(&self, listener: impl Fn(Event<Self::Channel>) + 'static);

    /// Opens an ordered, reliable channel.
    fn create_channel(&self, label: &str) -> Result<Self::Channel, Error>;

    /// Makes an offer and sets it as our description: candidates are gathered from then on.
    fn offer(&self) -> impl Future<Output = Result<(), Error>>;

    /// Makes an answer and sets it as our description.
    fn answer(&self) -> impl Future<Output = Result<(), Error>>;

    /// Our description as it stands, with the candidates gathered so far.
    fn description(&self) -> impl Future<Output = Result<String, Error>>;

    /// Sets the peer's offer.
    fn set_offer(&self, sdp: &str) -> impl Future<Output = Result<(), Error>>;

    /// Sets the peer's answer.
    fn set_answer(&self, sdp: &str) -> impl Future<Output = Result<(), Error>>;

    /// Takes a candidate of the peer's, as JSON. One that is refused is skipped: others may do.
    fn add_candidate(&self, json: &str);

    /// Closes without waiting for anything.
    fn close(&self);
}

/// An event of a peer connection.
#[derive(Debug)]
pub enum Event<C> {
    /// The peer opened a channel.
    Channel {
        /// The label that the peer gave it.
        label: String,
        /// The channel. What comes on it is lost unless it is listened to at once.
        channel: C,
    },
    /// A candidate of ours, as JSON.
    Candidate(String),
    /// The state changed.
    State(ConnectionState),
}

/// Where a peer connection stands, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionState {
    /// On the way, or interrupted.
    Pending,
    /// It stands.
    Connected,
    /// ICE or DTLS failed, or the peer has gone.
    Failed,
    /// Closed by us.
    Closed,
}

/// A data channel. Dropping it only ends its events.
pub trait DataChannel: 'static {
    /// Tells `listener` what happens from now on. `low` is the amount of queued bytes below
    /// which [`ChannelEvent::Low`] is told.
    fn listen(&self, low: u32, listener: impl Fn(ChannelEvent) + 'static);

    /// Whether it can be sent on.
    fn is_open(&self) -> bool;

    /// Bytes that wait to be sent.
    fn buffered(&self) -> u32;

    /// Queues a binary message.
    fn send(&self, message: &[u8]) -> Result<(), Error>;

    /// Starts closing: what is queued is sent first.
    fn close(&self);
}

/// An event of a data channel.
#[derive(Debug)]
pub enum ChannelEvent {
    /// It can be sent on.
    Open,
    /// A binary message came.
    Message(Vec<u8>),
    /// A text came, which no peer that speaks the protocol sends.
    Text,
    /// Less is queued than the mark.
    Low,
    /// It is closed on both sides.
    Close,
}
