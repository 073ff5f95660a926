//! A libp2p stream over one data channel.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::{Either, select};
use futures::{AsyncRead, AsyncWrite};
use futures_timer::Delay;
use send_wrapper::SendWrapper;

use super::channel::Channel;
use super::platform::PeerConnection;

/// How long a channel outlives its stream to await the peer's end and confirmation.
const LINGER: Duration = Duration::from_secs(10);

/// A stream. Dropping it unclosed resets it, unless the peer has ended its half.
pub struct Stream<P: PeerConnection>(SendWrapper<Rc<Channel<P>>>);

impl<P: PeerConnection> Stream<P> {
    pub(super) fn new(channel: Rc<Channel<P>>) -> Self {
        Self(SendWrapper::new(channel))
    }
}

impl<P: PeerConnection> AsyncRead for Stream<P> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        self.0.poll_read(cx, out)
    }
}

impl<P: PeerConnection> AsyncWrite for Stream<P> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.0.poll_write(cx, bytes)
    }

    /// Written bytes are the platform's to send.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.poll_end(cx)
    }
}

impl<P: PeerConnection> Drop for Stream<P> {
    fn drop(&mut self) {
        self.0.let_go();
        P::spawn(linger(Rc::clone(&self.0)));
    }
}

/// Keeps the channel until both sides are done with it, then closes it.
async fn linger<P: PeerConnection>(channel: Rc<Channel<P>>) {
    let end = async {
        poll_fn(|cx| channel.poll_finished(cx)).await;
        channel.close();
        poll_fn(|cx| channel.poll_closed(cx)).await;
    };
    // Once time is up, dropping the channel closes it.
    if let Either::Right(_) = select(Box::pin(end), Delay::new(LINGER)).await {
        channel.close();
    }
}
