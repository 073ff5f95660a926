//! A stream in the hands of a test, and the end that sends everything back.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use libp2p::Stream;
use wasm_bindgen::prelude::*;

/// Bytes that are read at once.
const PIECE: usize = 64 << 10;

/// A stream that a test opened.
#[wasm_bindgen]
pub struct EchoStream {
    stream: RefCell<Option<Stream>>,
    waiting: Arc<Waiting>,
}

/// The wakers of a stream. It remembers one reader and one writer, but whoever reads may have to
/// wait for the protocol's name to be written.
#[derive(Default)]
struct Waiting(Mutex<Vec<Waker>>);

impl Waiting {
    fn add(&self, waker: &Waker) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.iter().any(|other| other.will_wake(waker)) {
            all.push(waker.clone());
        }
    }
}

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *all).into_iter().for_each(Waker::wake);
    }
}

#[wasm_bindgen]
impl EchoStream {
    /// Sends all of it.
    pub async fn write(&self, bytes: Vec<u8>) -> Result<(), JsError> {
        let mut sent = 0;
        while sent < bytes.len() {
            sent += self.poll(|stream, cx| stream.poll_write(cx, &bytes[sent..])).await?;
        }
        Ok(self.poll(|stream, cx| stream.poll_flush(cx)).await?)
    }

    /// The next bytes; nothing after the end.
    pub async fn read(&self) -> Result<Option<Vec<u8>>, JsError> {
        let mut piece = vec![0; PIECE];
        let count = self.poll(|stream, cx| stream.poll_read(cx, &mut piece)).await?;
        piece.truncate(count);
        Ok((count > 0).then_some(piece))
    }

    /// Ends our half.
    pub async fn close(&self) -> Result<(), JsError> {
        Ok(self.poll(|stream, cx| stream.poll_close(cx)).await?)
    }

    /// Lets go of the stream, whatever state it is in.
    pub fn drop(&self) {
        self.stream.take();
    }
}

impl EchoStream {
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream: RefCell::new(Some(stream)), waiting: Arc::default() }
    }

    /// Borrowed only while it is polled, so that it can be read and written side by side.
    async fn poll<T>(
        &self,
        mut act: impl FnMut(Pin<&mut Stream>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> io::Result<T> {
        let everyone = Waker::from(Arc::clone(&self.waiting));
        poll_fn(|cx| {
            self.waiting.add(cx.waker());
            match self.stream.borrow_mut().as_mut() {
                Some(stream) => act(Pin::new(stream), &mut Context::from_waker(&everyone)),
                None => Poll::Ready(Err(io::ErrorKind::NotConnected.into())),
            }
        })
        .await
    }
}

/// Sends back what comes until the peer ends its half, then ends ours.
pub(super) async fn serve(mut stream: Stream) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        let count = stream.read(&mut piece).await?;
        if count == 0 {
            return stream.close().await;
        }
        stream.write_all(&piece[..count]).await?;
    }
}
