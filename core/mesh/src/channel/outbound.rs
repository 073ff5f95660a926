//! What we send on one channel of one connection.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::{AsyncRead, AsyncWrite};

use super::{ACK, END};
use crate::session::Mark;
use covey_wire::frame::Writer;
use covey_wire::limits;
use covey_wire::net::Class;

/// The queue is full of what may not be dropped.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Overflow;

/// A stream we send on.
#[derive(Debug)]
pub(super) struct Outbound<S> {
    stream: S,
    class: Class,
    queue: VecDeque<Vec<u8>>,
    queued: usize,
    /// Bytes being written, and how many of them are.
    buffer: Vec<u8>,
    written: usize,
    unflushed: bool,
    end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Open,
    Asked,
    Written,
    Confirmed,
}

/// Small messages are written together up to this size.
const TOGETHER: usize = limits::CHANNEL_MESSAGE - 64;

impl<S: AsyncRead + AsyncWrite + Unpin> Outbound<S> {
    pub fn new(stream: S, class: Class, mark: Mark) -> Self {
        let mut w = Writer::new();
        w.varint(mark.epoch).varint(mark.index);
        Self {
            stream,
            class,
            queue: VecDeque::new(),
            queued: 0,
            buffer: w.into_bytes(),
            written: 0,
            unflushed: false,
            end: End::Open,
        }
    }

    pub fn send(&mut self, message: Vec<u8>) -> Result<(), Overflow> {
        if message.is_empty() || message.len() > super::limit(self.class) || self.end != End::Open {
            return Ok(());
        }
        self.queued += message.len();
        self.queue.push_back(message);
        match self.class {
            Class::Live => {
                while self.queue.len() > limits::LIVE_QUEUE {
                    let oldest = self.queue.pop_front();
                    self.queued -= oldest.map_or(0, |message| message.len());
                }
                Ok(())
            }
            Class::Sync if self.queued > limits::SYNC_QUEUE => Err(Overflow),
            Class::Sync => Ok(()),
        }
    }

    pub fn finish(&mut self) {
        if self.end == End::Open {
            self.end = End::Asked;
        }
    }

    /// Writes what it can; ready when the peer has confirmed the end, or on a failure.
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.end == End::Confirmed {
            return Poll::Ready(Ok(()));
        }
        let written = self.poll_write(cx)?;
        // Reading also notices a peer that is gone or does not speak the protocol.
        let mut byte = [0];
        let read = ready!(Pin::new(&mut self.stream).poll_read(cx, &mut byte))?;
        if written.is_ready() && self.end == End::Written && read == 1 && byte[0] == ACK {
            self.end = End::Confirmed;
            return Poll::Ready(Ok(()));
        }
        Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()))
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            while self.written < self.buffer.len() {
                let rest = &self.buffer[self.written..];
                let n = ready!(Pin::new(&mut self.stream).poll_write(cx, rest))?;
                if n == 0 {
                    return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
                }
                self.written += n;
                self.unflushed = true;
            }
            if !self.fill() {
                break;
            }
        }
        if self.unflushed {
            ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
            self.unflushed = false;
        }
        Poll::Ready(Ok(()))
    }

    /// Takes the next messages into the buffer; false when there is nothing to write.
    fn fill(&mut self) -> bool {
        self.buffer.clear();
        self.written = 0;
        while let Some(message) = self.queue.front() {
            if !self.buffer.is_empty() && self.buffer.len() + message.len() > TOGETHER {
                break;
            }
            let mut w = Writer::new();
            w.varint(message.len() as u64);
            self.buffer.extend_from_slice(&w.into_bytes());
            self.buffer.extend_from_slice(message);
            self.queued -= message.len();
            self.queue.pop_front();
        }
        if self.buffer.is_empty() && self.end == End::Asked {
            self.buffer.push(END);
            self.end = End::Written;
        }
        // A document's buffer is not kept for the carets that follow it.
        if self.buffer.is_empty() && self.buffer.capacity() > 4 * TOGETHER {
            self.buffer = Vec::new();
        }
        !self.buffer.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::io::Cursor;

    fn outbound(class: Class) -> Outbound<Cursor<Vec<u8>>> {
        Outbound::new(Cursor::new(Vec::new()), class, Mark { epoch: 1, index: 0 })
    }

    #[test]
    fn the_newest_live_messages_stay() {
        let mut out = outbound(Class::Live);
        for n in 0..200u8 {
            assert_eq!(out.send(vec![n]), Ok(()));
        }
        let kept: Vec<u8> = out.queue.iter().map(|m| m[0]).collect();
        assert_eq!(kept, (200 - limits::LIVE_QUEUE as u8..200).collect::<Vec<_>>());
        assert_eq!(out.queued, kept.len());
    }

    #[test]
    fn sync_bytes_above_the_window_overflow() {
        let mut out = outbound(Class::Sync);
        let message = vec![1; limits::SYNC_MESSAGE];
        for _ in 0..limits::SYNC_QUEUE / limits::SYNC_MESSAGE {
            assert_eq!(out.send(message.clone()), Ok(()));
        }
        assert_eq!(out.send(message), Err(Overflow));
    }
}
