//! A stream that we send the messages of one class on.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::{AsyncRead, AsyncWrite};

use super::queue::Queue;
use super::{ACK, END};
use crate::session::Mark;
use covey_wire::frame::Writer;
use covey_wire::limits;

/// A stream we send on.
#[derive(Debug)]
pub(super) struct Outbound<S> {
    stream: S,
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
    pub fn new(stream: S, mark: Mark) -> Self {
        let mut w = Writer::new();
        w.varint(mark.epoch).varint(mark.index);
        Self { stream, buffer: w.into_bytes(), written: 0, unflushed: false, end: End::Open }
    }

    /// Ends the stream after what is queued.
    pub fn finish(&mut self) {
        if self.end == End::Open {
            self.end = End::Asked;
        }
    }

    /// Whether nothing of the class waits to be written.
    pub fn is_idle(&self, queue: &Queue) -> bool {
        self.written == self.buffer.len() && queue.is_empty()
    }

    /// Writes what it can; ready when the peer has confirmed the end, or on a failure. Nothing is
    /// taken from the queue while another class `goes_first`.
    pub fn poll(
        &mut self,
        queue: &mut Queue,
        goes_first: bool,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        if self.end == End::Confirmed {
            return Poll::Ready(Ok(()));
        }
        let written = self.poll_write(queue, goes_first, cx);
        // Reading also notices a peer that is gone or does not speak the protocol, and tells the two
        // apart where writing can't.
        let mut byte = [0];
        let read = Pin::new(&mut self.stream).poll_read(cx, &mut byte)?;
        let written = written?;
        match ready!(read) {
            1 if written.is_ready() && self.end == End::Written && byte == [ACK] => {
                self.end = End::Confirmed;
                Poll::Ready(Ok(()))
            }
            _ => Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
        }
    }

    fn poll_write(
        &mut self,
        queue: &mut Queue,
        goes_first: bool,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
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
            if goes_first || !self.fill(queue) {
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
    fn fill(&mut self, queue: &mut Queue) -> bool {
        self.buffer.clear();
        self.written = 0;
        loop {
            let left = TOGETHER.saturating_sub(self.buffer.len());
            let most = (!self.buffer.is_empty()).then_some(left);
            let Some(message) = queue.take(most) else { break };
            let mut w = Writer::new();
            w.varint(message.len() as u64);
            self.buffer.extend_from_slice(&w.into_bytes());
            self.buffer.extend_from_slice(&message);
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
