//! Messages of `covey_wire::meet` over a libp2p stream.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use covey_wire::frame::Wire;
use covey_wire::meet::{frame, unframe};
use futures::{AsyncRead, AsyncWrite};

/// How much is read at once: a request is 36 bytes.
const READ: usize = 256;
/// Messages of newer versions that are ignored before the stream ends: far more kinds than a page asks for.
const UNKNOWN: u32 = 64;

/// A stream that carries length-prefixed messages. It buffers no more than one frame of what
/// arrives, and nothing at all while it is idle.
pub(crate) struct Frames<S> {
    stream: S,
    arrived: Vec<u8>,
    queued: Vec<u8>,
    flushed: bool,
    unknown: u32,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Frames<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self { stream, arrived: Vec::new(), queued: Vec::new(), flushed: true, unknown: 0 }
    }

    /// Queues a message. How much may be queued is for the caller to decide, by `queued`.
    pub(crate) fn push<T: Wire>(&mut self, message: &T) {
        self.queued.extend(frame(message));
        self.flushed = false;
    }

    /// Bytes that the stream has not taken yet.
    pub(crate) fn queued(&self) -> usize {
        self.queued.len()
    }

    /// The next message; `None` once the other side has finished.
    pub(crate) fn poll_next<T: Wire>(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<Option<T>>> {
        loop {
            if let Some((message, size)) = unframe(&self.arrived).map_err(invalid)? {
                self.arrived.drain(..size);
                if self.arrived.is_empty() {
                    self.arrived = Vec::new();
                }
                if message.is_some() {
                    return Poll::Ready(Ok(message));
                }
                self.unknown += 1;
                if self.unknown > UNKNOWN {
                    return Poll::Ready(Err(io::ErrorKind::Unsupported.into()));
                }
                continue;
            }
            let mut buffer = [0; READ];
            match ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer))? {
                0 if self.arrived.is_empty() => return Poll::Ready(Ok(None)),
                0 => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
                size => self.arrived.extend_from_slice(&buffer[..size]),
            }
        }
    }

    /// Ready once everything queued is on its way.
    pub(crate) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.queued.is_empty() {
            match ready!(Pin::new(&mut self.stream).poll_write(cx, &self.queued))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                size if size == self.queued.len() => self.queued = Vec::new(),
                size => drop(self.queued.drain(..size)),
            }
        }
        if !self.flushed {
            ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
            self.flushed = true;
        }
        Poll::Ready(Ok(()))
    }

    /// Ready once everything queued and the end of the stream are on their way.
    pub(crate) fn poll_close(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_flush(cx))?;
        Pin::new(&mut self.stream).poll_close(cx)
    }
}

fn invalid(error: covey_wire::meet::FrameError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

#[cfg(test)]
mod tests {
    use covey_wire::id::Namespace;
    use covey_wire::meet::MeetRequest;
    use futures::executor::block_on;
    use futures::future::poll_fn;
    use futures::io::Cursor;

    use super::*;

    fn read_all(bytes: Vec<u8>) -> (Vec<MeetRequest>, io::Result<()>) {
        let mut frames = Frames::new(Cursor::new(bytes));
        let mut messages = Vec::new();
        loop {
            match block_on(poll_fn(|cx| frames.poll_next(cx))) {
                Ok(Some(message)) => messages.push(message),
                Ok(None) => return (messages, Ok(())),
                Err(error) => return (messages, Err(error)),
            }
        }
    }

    #[test]
    fn messages_come_out_as_they_went_in() {
        let sent = (0..40).map(|n| MeetRequest::Register(Namespace([n; 32]))).collect::<Vec<_>>();
        let mut frames = Frames::new(Cursor::new(Vec::new()));
        sent.iter().for_each(|message| frames.push(message));
        block_on(poll_fn(|cx| frames.poll_flush(cx))).unwrap();
        assert_eq!(frames.queued(), 0);
        let (received, end) = read_all(frames.stream.into_inner());
        assert_eq!(received, sent);
        assert!(end.is_ok());
    }

    #[test]
    fn an_end_within_a_message_is_an_error() {
        let mut bytes = frame(&MeetRequest::Leave(Namespace([1; 32])));
        bytes.pop();
        assert_eq!(read_all(bytes).1.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn noise_is_an_error() {
        assert!(read_all(vec![4, 1, 0, 1, 2]).1.is_err());
        assert!(read_all(vec![0]).1.is_err());
    }

    #[test]
    fn messages_of_a_newer_version_are_ignored_but_not_without_end() {
        let known = frame(&MeetRequest::Leave(Namespace([1; 32])));
        let newer = |count: u32| [2, 1, 200].repeat(count as usize);
        let (messages, end) = read_all([newer(UNKNOWN), known.clone()].concat());
        assert_eq!((messages.len(), end.is_ok()), (1, true));
        let (messages, end) = read_all([newer(UNKNOWN + 1), known].concat());
        assert_eq!((messages.len(), end.is_ok()), (0, false));
    }
}
