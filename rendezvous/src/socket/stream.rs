//! A WebSocket as a stream of bytes, the shape libp2p wants.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use futures::{AsyncRead, AsyncWrite, Sink, Stream};
use thiserror::Error;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Sleep, sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use crate::connection_limit::ConnectionSlot;

/// Bytes in one message that is sent: what fits a Noise frame.
const CHUNK: usize = 64 << 10;

/// Nothing was said in time.
#[derive(Debug, Error)]
#[error("nothing was said on the socket")]
pub(crate) struct Silent;

/// Bytes over binary messages. When the node stops, it says so with close code 1001, waits for
/// the page's answer and ends.
pub(crate) struct ByteStream {
    socket: WebSocket,
    unread: Bytes,
    /// Until when something must be said first; `None` once it is.
    silence: Option<Pin<Box<Sleep>>>,
    stop: Pin<Box<WaitForCancellationFutureOwned>>,
    state: State,
    /// Its share of the node and of its address.
    _open: Open,
}

type Open = (OwnedSemaphorePermit, Option<Arc<ConnectionSlot>>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// Goodbye is to be said, is said, is on its way.
    Goodbye,
    Said,
    Sent,
    Ended,
}

impl ByteStream {
    pub(super) fn new(
        socket: WebSocket,
        first_byte: Duration,
        stop: CancellationToken,
        open: Open,
    ) -> Self {
        let stop = Box::pin(stop.cancelled_owned());
        let silence = Some(Box::pin(sleep(first_byte)));
        Self { socket, unread: Bytes::new(), silence, stop, state: State::Open, _open: open }
    }

    /// The next message, as long as the first one comes in time.
    fn poll_message(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Option<Message>>> {
        if let Poll::Ready(message) = Pin::new(&mut self.socket).poll_next(cx) {
            return Poll::Ready(message.transpose().map_err(io::Error::other));
        }
        match &mut self.silence {
            Some(silence) => {
                ready!(silence.as_mut().poll(cx));
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, Silent)))
            }
            None => Poll::Pending,
        }
    }

    /// Ready once the socket is ended because the node stops; `Pending` in the midst of it, and
    /// `None` while it is open as usual.
    fn poll_stopping(&mut self, cx: &mut Context<'_>) -> Option<Poll<()>> {
        if self.state == State::Open {
            if self.stop.as_mut().poll(cx).is_pending() {
                return None;
            }
            self.state = State::Goodbye;
        }
        let poll = self.poll_goodbye(cx);
        if poll.is_ready() {
            self.state = State::Ended;
        }
        Some(poll.map(|_| ()))
    }

    fn poll_goodbye(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), axum::Error>> {
        if self.state == State::Goodbye {
            ready!(Pin::new(&mut self.socket).poll_ready(cx))?;
            let frame = CloseFrame { code: close_code::AWAY, reason: "".into() };
            Pin::new(&mut self.socket).start_send(Message::Close(Some(frame)))?;
            self.state = State::Said;
        }
        if self.state == State::Said {
            ready!(Pin::new(&mut self.socket).poll_flush(cx))?;
            self.state = State::Sent;
        }
        // Closing TCP before the page has answered could overtake the goodbye.
        while self.state == State::Sent {
            match ready!(Pin::new(&mut self.socket).poll_next(cx)) {
                Some(message) => drop(message?),
                None => break,
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for ByteStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        if let Some(poll) = self.poll_stopping(cx) {
            return poll.map(|()| Ok(0));
        }
        while self.unread.is_empty() {
            match ready!(self.poll_message(cx))? {
                Some(Message::Binary(bytes)) => self.unread = bytes,
                Some(Message::Ping(_) | Message::Pong(_)) => {}
                Some(Message::Close(_)) | None => return Poll::Ready(Ok(0)),
                Some(Message::Text(_)) => {
                    return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
                }
            }
        }
        self.silence = None;
        let size = buffer.len().min(self.unread.len());
        buffer[..size].copy_from_slice(&self.unread.split_to(size));
        if self.unread.is_empty() {
            // An empty slice would still hold on to the whole message.
            self.unread = Bytes::new();
        }
        Poll::Ready(Ok(size))
    }
}

impl AsyncWrite for ByteStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if let Some(poll) = self.poll_stopping(cx) {
            return poll.map(|()| Err(io::ErrorKind::BrokenPipe.into()));
        }
        ready!(Pin::new(&mut self.socket).poll_ready(cx)).map_err(io::Error::other)?;
        let size = bytes.len().min(CHUNK);
        let message = Message::Binary(Bytes::copy_from_slice(&bytes[..size]));
        Pin::new(&mut self.socket).start_send(message).map_err(io::Error::other)?;
        Poll::Ready(Ok(size))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Some(poll) = self.poll_stopping(cx) {
            return poll.map(|()| Err(io::ErrorKind::BrokenPipe.into()));
        }
        Pin::new(&mut self.socket).poll_flush(cx).map_err(io::Error::other)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Some(poll) = self.poll_stopping(cx) {
            return poll.map(Ok);
        }
        Pin::new(&mut self.socket).poll_close(cx).map_err(io::Error::other)
    }
}
