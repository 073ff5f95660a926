//! A stream that a peer sends the messages of one class on.

use core::time::Duration;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::{AsyncRead, AsyncWrite, FutureExt};
use futures_timer::Delay;

use super::ACK;
use crate::session::Mark;
use covey_wire::class::Class;
use covey_wire::frame::{DecodeError, Reader};

/// A stream a peer sends on.
#[derive(Debug)]
pub(super) struct Inbound<S> {
    stream: S,
    class: Class,
    mark: Option<Mark>,
    buffer: Vec<u8>,
    /// How much of the buffer was taken.
    taken: usize,
    state: State,
    /// Runs while something is begun and nothing comes.
    half_open: Option<Delay>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    Confirm,
    Flush,
    Ended,
}

/// A part of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Received {
    /// The stream says what it is.
    Mark(Mark),
    /// A whole message.
    Message(Vec<u8>),
    /// All was read and that was confirmed.
    End,
}

/// Why nothing more can come. After an end it only says that the stream is closed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The stream broke.
    Broken,
    /// The peer wrote what it may not.
    Malformed,
    /// The peer began something and did not go on.
    HalfOpen,
}

impl From<io::Error> for Failure {
    fn from(_: io::Error) -> Self {
        Self::Broken
    }
}

const CHUNK: usize = 16 << 10;
/// How long a stream or a message may stay as it was begun. A connection that carries nothing for
/// so long is given up by pings.
const HALF_OPEN_TIMEOUT: Duration = Duration::from_secs(15);

impl<S: AsyncRead + AsyncWrite + Unpin> Inbound<S> {
    pub fn new(stream: S, class: Class) -> Self {
        let state = State::Reading;
        let (mark, buffer, half_open) = (None, Vec::new(), None);
        Self { stream, class, mark, buffer, taken: 0, state, half_open }
    }

    pub fn mark(&self) -> Option<Mark> {
        self.mark
    }

    pub fn has_ended(&self) -> bool {
        self.state == State::Ended
    }

    /// Reads up to the mark and, where `open`, what follows it.
    pub fn poll(&mut self, open: bool, cx: &mut Context<'_>) -> Poll<Result<Received, Failure>> {
        loop {
            match self.state {
                State::Reading if self.mark.is_some() && !open => return Poll::Pending,
                State::Reading => {
                    if let Some(received) = self.take()? {
                        return Poll::Ready(Ok(received));
                    }
                    if self.state == State::Reading {
                        match self.poll_more(cx) {
                            Poll::Ready(more) => more?,
                            Poll::Pending => return self.poll_half_open(cx),
                        }
                    }
                }
                State::Confirm => {
                    if ready!(Pin::new(&mut self.stream).poll_write(cx, &[ACK]))? == 0 {
                        return Poll::Ready(Err(Failure::Broken));
                    }
                    self.state = State::Flush;
                }
                State::Flush => {
                    ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
                    self.state = State::Ended;
                    return Poll::Ready(Ok(Received::End));
                }
                State::Ended => {
                    ready!(Pin::new(&mut self.stream).poll_close(cx))?;
                    return Poll::Ready(Err(Failure::Broken));
                }
            }
        }
    }

    fn take(&mut self) -> Result<Option<Received>, Failure> {
        let mut r = Reader::new(&self.buffer[self.taken..]);
        let before = r.remaining();
        let received = match self.mark {
            None => mark(&mut r).map(Received::Mark),
            Some(_) => message(&mut r, self.class),
        };
        let took = before - r.remaining();
        match received {
            Ok(Received::End) => {
                self.state = State::Confirm;
                Ok(None)
            }
            Ok(received) => {
                self.taken += took;
                if let Received::Mark(mark) = received {
                    self.mark = Some(mark);
                }
                Ok(Some(received))
            }
            Err(DecodeError::Truncated) => Ok(None),
            Err(_) => Err(Failure::Malformed),
        }
    }

    fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.buffer.drain(..self.taken);
        self.taken = 0;
        let have = self.buffer.len();
        if have == 0 && self.buffer.capacity() > 4 * CHUNK {
            self.buffer = Vec::new();
        }
        self.buffer.resize(have + CHUNK, 0);
        let read = Pin::new(&mut self.stream).poll_read(cx, &mut self.buffer[have..]);
        let got = if let Poll::Ready(Ok(n)) = read { n } else { 0 };
        self.buffer.truncate(have + got);
        match ready!(read)? {
            0 => Poll::Ready(Err(Failure::Broken)),
            _ => {
                self.half_open = None;
                Poll::Ready(Ok(()))
            }
        }
    }

    /// Waits for what was begun, but not for ever.
    fn poll_half_open(&mut self, cx: &mut Context<'_>) -> Poll<Result<Received, Failure>> {
        if self.mark.is_some() && self.buffer.is_empty() {
            return Poll::Pending;
        }
        let half_open = self.half_open.get_or_insert_with(|| Delay::new(HALF_OPEN_TIMEOUT));
        ready!(half_open.poll_unpin(cx));
        Poll::Ready(Err(Failure::HalfOpen))
    }
}

fn mark(r: &mut Reader<'_>) -> Result<Mark, DecodeError> {
    Ok(Mark { epoch: r.varint()?, index: r.varint()? })
}

fn message(r: &mut Reader<'_>, class: Class) -> Result<Received, DecodeError> {
    match r.count(class.channel().message)? {
        0 => Ok(Received::End),
        length => r.raw(length).map(|bytes| Received::Message(bytes.to_vec())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use covey_wire::limits;
    use futures::io::Cursor;
    use futures::task::noop_waker;

    fn received(bytes: &[u8]) -> Vec<String> {
        let mut inbound = Inbound::new(Cursor::new(bytes.to_vec()), Class::Live);
        let waker = noop_waker();
        let mut cx = Context::from_waker(&waker);
        let mut all = Vec::new();
        loop {
            match inbound.poll(true, &mut cx) {
                Poll::Ready(Ok(received)) => all.push(format!("{received:?}")),
                Poll::Ready(Err(failure)) => {
                    all.push(format!("{failure:?}"));
                    return all;
                }
                Poll::Pending => return all,
            }
        }
    }

    #[test]
    fn messages_come_whole_and_an_end_without_its_mark_is_a_break() {
        let bytes = [1, 0, 2, 7, 8, 1, 9];
        let all = received(&bytes);
        assert_eq!(
            all,
            ["Mark(Mark { epoch: 1, index: 0 })", "Message([7, 8])", "Message([9])", "Broken"]
        );
        for cut in 0..bytes.len() {
            let part = received(&bytes[..cut]);
            assert_eq!(part.last().map(String::as_str), Some("Broken"), "cut at {cut}");
            assert_eq!(part[..part.len() - 1], all[..part.len() - 1]);
        }
    }

    #[test]
    fn a_length_above_the_limit_or_not_minimal_is_refused_before_it_arrives() {
        let mut w = covey_wire::frame::Writer::new();
        w.varint(1).varint(0).varint(limits::LIVE_MESSAGE as u64 + 1);
        for bytes in [w.into_bytes(), vec![1, 0, 0x81, 0], vec![0x80, 0], vec![0xff; 11]] {
            assert_eq!(received(&bytes).last().map(String::as_str), Some("Malformed"), "{bytes:?}");
        }
    }
}
