//! Why there is no connection, or none any more.

use thiserror::Error;

use super::behaviour::RequestError;
use super::signalling::SignallingError;

/// Why there is no connection, or none any more.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// No signalling stream could be opened.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// Signalling failed.
    #[error(transparent)]
    Signalling(#[from] SignallingError),
    /// The peer did not follow the protocol.
    #[error("peer sent something else than a session description")]
    Unexpected,
    /// The peer took its offer back, since it answers ours.
    #[error("peer has withdrawn its offer")]
    Withdrawn,
    /// The peer dialled at the same time and that connection stands: nothing is lost.
    #[error("peer's own dial came first")]
    Superseded,
    /// The peer is not trusted, or not any more.
    #[error("peer has not shown that it may learn where we are")]
    Untrusted,
    /// It took too long.
    #[error("no connection in time")]
    TimedOut,
    /// ICE or DTLS failed, or the peer has gone.
    #[error("connection failed")]
    Failed,
    /// The peer closed the connection.
    #[error("closed by the peer")]
    ClosedByPeer,
    /// The connection is closed.
    #[error("closed")]
    Closed,
    /// The platform refused.
    #[error("WebRTC: {0}")]
    Platform(String),
}
