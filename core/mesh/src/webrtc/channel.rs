//! One data channel with its state and its queue.

use std::cell::{Cell, RefCell, RefMut};
use std::collections::VecDeque;
use std::io;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};

use super::connection::Connection;
use super::platform::{ChannelEvent, DataChannel, PeerConnection};
use super::stream_state::{Reading, StreamState, Writing};
use covey_wire::limits;
use covey_wire::webrtc::framing::{Decoder, Flag, encode_flag, encode_message};

/// Above this the platform's queue gets no more; more costs CPU and stalls cold connections.
const HIGH_WATER: u32 = 256 << 10;
/// Below this it gets more.
const LOW_WATER: u32 = 64 << 10;

/// A data channel that carries one stream. Dropping it closes it.
pub(super) struct Channel<P: PeerConnection> {
    inner: P::Channel,
    connection: Weak<Connection<P>>,
    /// Bytes unread on the whole connection.
    unread_in_all: Rc<Cell<usize>>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    stream: StreamState,
    decoder: Decoder,
    unread: VecDeque<Vec<u8>>,
    /// How much of the first unread piece is read.
    read: usize,
    open: bool,
    closed: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
    /// The wakers that wait for its end: the stream that lingers, the connection that closes.
    observers: Vec<Waker>,
}

impl State {
    fn wake(&mut self) {
        let waiting = [self.reader.take(), self.writer.take()].into_iter().flatten();
        waiting.chain(self.observers.drain(..)).for_each(Waker::wake);
    }

    fn observe(&mut self, cx: &Context<'_>) {
        if !self.observers.iter().any(|waker| waker.will_wake(cx.waker())) {
            self.observers.push(cx.waker().clone());
        }
    }
}

impl<P: PeerConnection> Channel<P> {
    /// Takes the channel over. For one that the peer opened this happens while the platform
    /// tells of it, so that no message is missed.
    pub(super) fn new(
        inner: P::Channel,
        connection: Weak<Connection<P>>,
        unread_in_all: Rc<Cell<usize>>,
    ) -> Rc<Self> {
        let state = RefCell::new(State { open: inner.is_open(), ..State::default() });
        let channel = Rc::new(Self { inner, connection, unread_in_all, state });
        let weak = Rc::downgrade(&channel);
        channel.inner.listen(LOW_WATER, move |event| {
            if let Some(channel) = weak.upgrade() {
                channel.on_event(event);
            }
        });
        channel
    }

    fn on_event(&self, event: ChannelEvent) {
        match event {
            ChannelEvent::Open => self.on_open(),
            ChannelEvent::Message(bytes) => self.on_message(&bytes),
            ChannelEvent::Text => self.give_up(),
            ChannelEvent::Low => self.state().wake(),
            ChannelEvent::Close => self.on_close(),
        }
    }

    fn state(&self) -> RefMut<'_, State> {
        self.state.borrow_mut()
    }

    fn on_open(&self) {
        let mut state = self.state();
        state.open = true;
        state.wake();
    }

    fn on_message(&self, bytes: &[u8]) {
        // After a violation, too: nothing may gather for a stream that is over.
        if self.state.borrow().stream.finished() {
            return;
        }
        let mut decoder = std::mem::take(&mut self.state().decoder);
        let result = decoder.push(bytes, |frame| self.on_frame(frame.flag, frame.message));
        self.state().decoder = decoder;
        if result.is_err() || self.unread_in_all.get() > limits::CHANNEL_UNREAD {
            self.give_up();
        }
        self.state().wake();
    }

    fn on_frame(&self, flag: Option<Flag>, message: Vec<u8>) {
        let mut state = self.state();
        let reaction = state.stream.on_frame(flag);
        if reaction.deliver && !message.is_empty() {
            self.unread_in_all.set(self.unread_in_all.get() + message.len());
            state.unread.push_back(message);
        }
        drop(state);
        self.send_flag(reaction.answer);
    }

    fn on_close(&self) {
        if self.mark_closed()
            && let Some(connection) = self.connection.upgrade()
        {
            connection.on_channel_lost();
        }
    }

    /// The channel is gone. True when its stream was not over.
    pub(super) fn mark_closed(&self) -> bool {
        let mut state = self.state();
        let early = !state.closed && state.stream.on_channel_closed();
        state.closed = true;
        state.wake();
        early
    }

    fn send_flag(&self, flag: Option<Flag>) {
        if let Some(flag) = flag
            && self.inner.is_open()
        {
            // Refused only when the channel is going away, which is noticed by itself.
            let _ = self.inner.send(&encode_flag(flag));
        }
    }

    /// Gives the stream up after a violation or an overflow.
    fn give_up(&self) {
        let flag = self.state().stream.reset();
        self.send_flag(flag);
        self.forget_unread();
        self.state().wake();
    }

    fn forget_unread(&self) {
        let mut state = self.state();
        let unread = state.unread.iter().map(Vec::len).sum::<usize>() - state.read;
        state.unread.clear();
        state.read = 0;
        self.unread_in_all.set(self.unread_in_all.get().saturating_sub(unread));
    }

    /// Whether the stream still needs the connection.
    pub(super) fn is_live(&self) -> bool {
        let state = self.state.borrow();
        !state.closed && !state.stream.finished()
    }

    pub(super) fn poll_read(
        &self,
        cx: &mut Context<'_>,
        out: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let mut guard = self.state();
        let state = &mut *guard;
        let mut filled = 0;
        while filled < out.len()
            && let Some(piece) = state.unread.front()
        {
            let rest = &piece[state.read..];
            let count = rest.len().min(out.len() - filled);
            out[filled..filled + count].copy_from_slice(&rest[..count]);
            filled += count;
            state.read += count;
            if state.read == piece.len() {
                state.unread.pop_front();
                state.read = 0;
            }
        }
        self.unread_in_all.set(self.unread_in_all.get().saturating_sub(filled));
        if filled > 0 || out.is_empty() {
            return Poll::Ready(Ok(filled));
        }
        match state.stream.reading() {
            Reading::Ended => Poll::Ready(Ok(0)),
            Reading::Reset => Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
            Reading::Open => {
                state.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    pub(super) fn poll_write(&self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.state.borrow().stream.writing() {
            Writing::Open => {}
            Writing::Reset => return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
            _ => return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        }
        let mut queued = self.inner.buffered();
        if !self.state.borrow().open || queued > HIGH_WATER {
            self.state().writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let mut written = 0;
        while written < bytes.len() && queued <= HIGH_WATER {
            let (frame, used) = encode_message(&bytes[written..]);
            self.inner.send(&frame).map_err(io::Error::other)?;
            queued += frame.len() as u32;
            written += used;
        }
        Poll::Ready(Ok(written))
    }

    /// Says that everything is written. The peer's confirmation is awaited after the stream is
    /// let go.
    pub(super) fn poll_end(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut state = self.state();
        if !state.open && !state.closed {
            state.writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let flag = state.stream.end_writing();
        drop(state);
        self.send_flag(flag);
        Poll::Ready(Ok(()))
    }

    /// Nobody holds the stream any more.
    pub(super) fn let_go(&self) {
        self.forget_unread();
        let flag = self.state().stream.let_go();
        self.send_flag(flag);
    }

    /// Resolves when nothing more has to be sent or awaited.
    pub(super) fn poll_finished(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.state();
        if state.closed || state.stream.finished() {
            return Poll::Ready(());
        }
        state.observe(cx);
        Poll::Pending
    }

    /// Starts closing the channel: what is queued is sent first.
    pub(super) fn close(&self) {
        self.inner.close();
    }

    /// Resolves when the channel is closed on both sides.
    pub(super) fn poll_closed(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.state();
        if state.closed {
            return Poll::Ready(());
        }
        state.observe(cx);
        Poll::Pending
    }
}

impl<P: PeerConnection> Drop for Channel<P> {
    fn drop(&mut self) {
        self.forget_unread();
        self.inner.close();
        if let Some(connection) = self.connection.upgrade() {
            connection.wake();
        }
    }
}
