//! One data channel with its state, its queue and its handlers.

use std::cell::{Cell, RefCell, RefMut};
use std::collections::VecDeque;
use std::io;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};

use covey_core::limits;
use covey_core::mesh::webrtc::framing::{Decoder, Flag, encode_flag, encode_message};
use covey_core::mesh::webrtc::stream_state::{Reading, StreamState, Writing};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, RtcDataChannel, RtcDataChannelState, RtcDataChannelType};

use super::Listener;
use super::connection::Connection;
use crate::platform::words;

/// Above this the browser's queue gets no more; more costs CPU and stalls cold connections.
const HIGH_WATER: u32 = 256 << 10;
/// Below this it gets more.
const LOW_WATER: u32 = 64 << 10;

/// A data channel that carries one stream. Dropping it closes it.
pub(super) struct Channel {
    inner: RtcDataChannel,
    connection: Weak<Connection>,
    /// Bytes unread on the whole connection.
    unread_in_all: Rc<Cell<usize>>,
    state: RefCell<State>,
    handlers: RefCell<Vec<Listener>>,
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
    /// Who waits for its end: the stream that lingers, the connection that closes.
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

impl Channel {
    /// Takes the channel over. For one that the peer opened this happens inside `ondatachannel`,
    /// so that no message is missed.
    pub(super) fn new(
        inner: RtcDataChannel,
        connection: Weak<Connection>,
        unread_in_all: Rc<Cell<usize>>,
    ) -> Rc<Self> {
        inner.set_binary_type(RtcDataChannelType::Arraybuffer);
        inner.set_buffered_amount_low_threshold(LOW_WATER);
        let open = inner.ready_state() == RtcDataChannelState::Open;
        let state = RefCell::new(State { open, ..State::default() });
        let channel =
            Rc::new(Self { inner, connection, unread_in_all, state, handlers: RefCell::default() });
        channel.attach();
        channel
    }

    fn attach(self: &Rc<Self>) {
        let dc = &self.inner;
        dc.set_onopen(Some(&self.handler(|channel, _| channel.on_open())));
        dc.set_onmessage(Some(&self.handler(|channel, event| channel.on_message(&event))));
        dc.set_onbufferedamountlow(Some(&self.handler(|channel, _| channel.state().wake())));
        dc.set_onclose(Some(&self.handler(|channel, _| channel.on_close())));
    }

    /// A function for JavaScript that reaches the channel as long as it lives.
    fn handler(self: &Rc<Self>, act: impl Fn(&Self, JsValue) + 'static) -> js_sys::Function {
        let channel = Rc::downgrade(self);
        let closure = Listener::new(move |event| {
            if let Some(channel) = channel.upgrade() {
                act(&channel, event);
            }
        });
        let function = closure.as_ref().unchecked_ref::<js_sys::Function>().clone();
        self.handlers.borrow_mut().push(closure);
        function
    }

    fn state(&self) -> RefMut<'_, State> {
        self.state.borrow_mut()
    }

    fn on_open(&self) {
        let mut state = self.state();
        state.open = true;
        state.wake();
    }

    fn on_message(&self, event: &JsValue) {
        // After a violation, too: nothing may gather for a stream that is over.
        if self.state.borrow().stream.finished() {
            return;
        }
        let data = event.unchecked_ref::<MessageEvent>().data();
        let bytes = match data.dyn_ref::<js_sys::ArrayBuffer>() {
            Some(buffer) => Uint8Array::new(buffer).to_vec(),
            // Text: no peer that speaks the protocol sends any.
            None => return self.give_up(),
        };
        let mut decoder = std::mem::take(&mut self.state().decoder);
        let result = decoder.push(&bytes, |frame| self.on_frame(frame.flag, frame.message));
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
            && self.inner.ready_state() == RtcDataChannelState::Open
        {
            // Refused only when the channel is going away, which is noticed by itself.
            let _ = self.inner.send_with_u8_array(&encode_flag(flag));
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
        let mut queued = self.inner.buffered_amount();
        if !self.state.borrow().open || queued > HIGH_WATER {
            self.state().writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let mut written = 0;
        while written < bytes.len() && queued <= HIGH_WATER {
            let (frame, used) = encode_message(&bytes[written..]);
            if let Err(error) = self.inner.send_with_u8_array(&frame) {
                return Poll::Ready(Err(io::Error::other(words(&error))));
            }
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

impl Drop for Channel {
    fn drop(&mut self) {
        self.forget_unread();
        // Before the closures go: a late event must find nothing to call.
        self.inner.set_onopen(None);
        self.inner.set_onmessage(None);
        self.inner.set_onbufferedamountlow(None);
        self.inner.set_onclose(None);
        self.inner.close();
        if let Some(connection) = self.connection.upgrade() {
            connection.wake();
        }
    }
}
