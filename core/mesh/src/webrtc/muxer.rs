//! The stream muxer of a WebRTC connection: each stream is a data channel.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use libp2p::core::muxing::{StreamMuxer, StreamMuxerEvent};
use send_wrapper::SendWrapper;

use super::connection::Connection;
use super::error::Error;
use super::platform::PeerConnection;
use super::stream::Stream;

/// A WebRTC connection. However it is dropped, the platform's connection is closed.
pub struct Muxer<P: PeerConnection> {
    connection: SendWrapper<Rc<Connection<P>>>,
    closing: Option<SendWrapper<LocalBoxFuture<'static, ()>>>,
    closed: bool,
}

impl<P: PeerConnection> Muxer<P> {
    pub(super) fn new(connection: Rc<Connection<P>>) -> Self {
        Self { connection: SendWrapper::new(connection), closing: None, closed: false }
    }

    pub(super) fn connection(&self) -> &Rc<Connection<P>> {
        &self.connection
    }
}

impl<P: PeerConnection> StreamMuxer for Muxer<P> {
    type Substream = Stream<P>;
    type Error = Error;

    fn poll_inbound(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Stream<P>, Error>> {
        self.connection.poll_inbound(cx)
    }

    fn poll_outbound(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Stream<P>, Error>> {
        self.connection.poll_outbound(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        if self.closed {
            return Poll::Ready(Ok(()));
        }
        let connection = Rc::clone(&self.connection);
        let closing =
            self.closing.get_or_insert_with(|| SendWrapper::new(connection.close().boxed_local()));
        match closing.poll_unpin(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(()) => {
                self.closing = None;
                self.closed = true;
                Poll::Ready(Ok(()))
            }
        }
    }

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<StreamMuxerEvent, Error>> {
        self.connection.poll_end(cx).map(Err)
    }
}

impl<P: PeerConnection> Drop for Muxer<P> {
    fn drop(&mut self) {
        if !self.closed {
            let connection = Rc::clone(&self.connection);
            let closing = self.closing.take().map(SendWrapper::take);
            P::spawn(closing.unwrap_or_else(|| connection.close().boxed_local()));
        }
    }
}
