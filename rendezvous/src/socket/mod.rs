//! Upgraded WebSockets on their way from HTTP to libp2p.
//!
//! ```text
//!   app ──permit──► SocketPermit ──send──► queue ──► Listener (a libp2p Transport) ──► noise, yamux
//! ```

mod stream;
mod transport;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::response::Response;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

use self::stream::ByteStream;
pub(crate) use self::stream::Silent;
pub(crate) use self::transport::Listener;
use crate::visitor::Visitor;

/// How many WebSockets are taken, how large their messages may be, and how long they may do nothing.
#[derive(Debug, Clone)]
pub struct SocketConfig {
    /// WebSockets open at the same time.
    pub open: usize,
    /// WebSockets that libp2p has not looked at yet.
    pub waiting: usize,
    /// Largest message taken: several times what a Noise frame holds, since some senders put
    /// more than one into a message.
    pub message: usize,
    /// Connections whose handshake is under way. One network has three eighths of them at most, and
    /// the last quarter is for networks that have none.
    pub handshakes: usize,
    /// The first byte must arrive within this time: whoever means it speaks at once.
    pub first_byte: Duration,
    /// Noise and the muxer must be agreed on within this time.
    pub handshake: Duration,
    /// A connection without a reservation, a circuit or a stream to meet on ends after this time.
    pub idle: Duration,
}

impl Default for SocketConfig {
    fn default() -> Self {
        Self {
            open: 16_384,
            waiting: 128,
            message: 512 << 10,
            handshakes: 1024,
            first_byte: Duration::from_secs(2),
            handshake: Duration::from_secs(10),
            idle: Duration::from_secs(60),
        }
    }
}

/// Where the HTTP side hands over WebSockets.
#[derive(Clone)]
pub(crate) struct Sockets {
    config: SocketConfig,
    open: Arc<Semaphore>,
    queue: mpsc::Sender<Arrival>,
    stop: CancellationToken,
}

struct Arrival {
    stream: ByteStream,
    remote: SocketAddr,
}

/// The right to open one WebSocket.
pub(crate) struct SocketPermit {
    open: OwnedSemaphorePermit,
    place: mpsc::OwnedPermit<Arrival>,
    config: SocketConfig,
    stop: CancellationToken,
}

impl Sockets {
    /// Both ends of the queue. Once `stop` is cancelled, every socket says that the node goes
    /// away, and closes.
    pub(crate) fn new(config: SocketConfig, stop: CancellationToken) -> (Self, Listener) {
        let (queue, arrivals) = mpsc::channel(config.waiting);
        let open = Arc::new(Semaphore::new(config.open));
        (Self { config, open, queue, stop }, Listener::new(arrivals))
    }

    /// A permit for one more socket; `None` when the node is full or stops.
    pub(crate) fn permit(&self) -> Option<SocketPermit> {
        if self.stop.is_cancelled() {
            return None;
        }
        let open = self.open.clone().try_acquire_owned().ok()?;
        let place = self.queue.clone().try_reserve_owned().ok()?;
        Some(SocketPermit { open, place, config: self.config.clone(), stop: self.stop.clone() })
    }

    /// Whether one more would be permitted.
    pub(crate) fn has_room(&self) -> bool {
        !self.stop.is_cancelled() && self.open.available_permits() > 0 && self.queue.capacity() > 0
    }

    /// Waits until every socket is closed.
    pub(crate) async fn closed(&self) {
        let all = u32::try_from(self.config.open).unwrap_or(u32::MAX);
        // The semaphore is never closed, so this can't fail.
        let _ = self.open.acquire_many(all).await;
    }
}

impl SocketPermit {
    /// Answers the upgrade and hands the socket to libp2p.
    pub(crate) fn upgrade(self, upgrade: WebSocketUpgrade, visitor: Visitor) -> Response {
        upgrade
            // The default of 128 KiB would be most of what an idle page costs. Larger messages are
            // read in as many steps.
            .read_buffer_size(1024)
            // Every message goes out at once: whoever writes flushes right after it.
            .write_buffer_size(0)
            .max_message_size(self.config.message)
            .max_frame_size(self.config.message)
            .on_upgrade(move |socket| async move { self.send(socket, visitor) })
    }

    fn send(self, socket: WebSocket, Visitor { remote, slot }: Visitor) {
        let first_byte = self.config.first_byte;
        let stream = ByteStream::new(socket, first_byte, self.stop, (self.open, slot));
        self.place.send(Arrival { stream, remote });
    }
}
