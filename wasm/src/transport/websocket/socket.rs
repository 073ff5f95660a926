//! One `WebSocket` as a byte stream.

use std::cell::{RefCell, RefMut};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use covey_wire::limits;
use futures::{AsyncRead, AsyncWrite, FutureExt};
use futures_timer::Delay;
use js_sys::{ArrayBuffer, Uint8Array};
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::*;
use web_sys::{BinaryType, MessageEvent, WebSocket};

use crate::platform::words;

/// Above this the browser's queue gets no more.
const HIGH_WATER: u32 = 1 << 20;
/// There is no event for a queue that has drained; a full one is looked at this often.
const LOOK: Duration = Duration::from_millis(10);

/// A connected WebSocket. Dropping it closes it.
pub struct Socket(SendWrapper<Inner>);

struct Inner {
    socket: WebSocket,
    state: Rc<RefCell<State>>,
    _handlers: Vec<Closure<dyn FnMut(JsValue)>>,
    look: Option<Delay>,
}

#[derive(Default)]
struct State {
    unread: VecDeque<Vec<u8>>,
    /// How much of the first unread piece is read.
    read: usize,
    unread_bytes: usize,
    open: bool,
    /// How it ended: in order, or not.
    end: Option<Result<(), io::ErrorKind>>,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

impl State {
    fn wake(&mut self) {
        [self.reader.take(), self.writer.take()].into_iter().flatten().for_each(Waker::wake);
    }

    fn end(&mut self, end: Result<(), io::ErrorKind>) {
        self.end.get_or_insert(end);
        self.wake();
    }

    fn on_message(&mut self, data: &JsValue) {
        let Some(buffer) = data.dyn_ref::<ArrayBuffer>() else {
            return self.end(Err(io::ErrorKind::InvalidData));
        };
        let bytes = Uint8Array::new(buffer).to_vec();
        self.unread_bytes += bytes.len();
        if self.unread_bytes > limits::SOCKET_UNREAD {
            return self.end(Err(io::ErrorKind::OutOfMemory));
        }
        if !bytes.is_empty() {
            self.unread.push_back(bytes);
        }
        self.wake();
    }
}

impl Socket {
    /// Starts to connect.
    pub(super) fn open(url: &str) -> Result<Self, JsValue> {
        let socket = WebSocket::new(url)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let state = Rc::new(RefCell::new(State::default()));
        let mut handlers = Vec::new();
        let mut handler = |act: fn(RefMut<'_, State>, JsValue)| {
            let state = Rc::clone(&state);
            let closure =
                Closure::<dyn FnMut(JsValue)>::new(move |event| act(state.borrow_mut(), event));
            let function = closure.as_ref().unchecked_ref::<js_sys::Function>().clone();
            handlers.push(closure);
            function
        };
        socket.set_onopen(Some(&handler(|mut state, _| {
            state.open = true;
            state.wake();
        })));
        socket.set_onmessage(Some(&handler(|mut state, event| {
            state.on_message(&event.unchecked_ref::<MessageEvent>().data());
        })));
        // A failure is followed by `close`, too.
        socket.set_onclose(Some(&handler(|mut state, event| {
            let clean = event.unchecked_ref::<web_sys::CloseEvent>().was_clean();
            state.end(if clean { Ok(()) } else { Err(io::ErrorKind::ConnectionReset) });
        })));
        Ok(Self(SendWrapper::new(Inner { socket, state, _handlers: handlers, look: None })))
    }

    /// Resolves when it is connected.
    pub(super) async fn connected(self) -> io::Result<Self> {
        poll_fn(|cx| {
            let mut state = self.0.state.borrow_mut();
            if state.end.is_some() {
                return Poll::Ready(Err(io::Error::from(io::ErrorKind::ConnectionRefused)));
            }
            if state.open {
                return Poll::Ready(Ok(()));
            }
            state.writer = Some(cx.waker().clone());
            Poll::Pending
        })
        .await?;
        Ok(self)
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let mut guard = self.0.state.borrow_mut();
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
        state.unread_bytes -= filled;
        if filled > 0 || out.is_empty() {
            return Poll::Ready(Ok(filled));
        }
        match state.end {
            Some(Ok(())) => Poll::Ready(Ok(0)),
            Some(Err(kind)) => Poll::Ready(Err(kind.into())),
            None => {
                state.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl AsyncWrite for Socket {
    /// Ready as soon as the browser has taken the bytes, unless very many wait there.
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let inner = &mut *self.0;
        loop {
            if inner.state.borrow().end.is_some() {
                return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
            }
            if inner.socket.buffered_amount() <= HIGH_WATER {
                inner.look = None;
                break;
            }
            inner.state.borrow_mut().writer = Some(cx.waker().clone());
            let look = inner.look.get_or_insert_with(|| Delay::new(LOOK));
            if look.poll_unpin(cx).is_pending() {
                return Poll::Pending;
            }
            inner.look = None;
        }
        match inner.socket.send_with_u8_array(bytes) {
            Ok(()) => Poll::Ready(Ok(bytes.len())),
            Err(error) => Poll::Ready(Err(io::Error::other(words(&error)))),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// Starts the closing handshake, which the browser completes after all that is queued.
    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Refused only for codes and reasons, of which there are none.
        let _ = self.0.socket.close();
        Poll::Ready(Ok(()))
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Before the closures go: a late event must find nothing to call.
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}
