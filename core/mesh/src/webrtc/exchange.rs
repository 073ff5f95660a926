//! The exchange of both sides over a signalling stream: read messages, tell candidates, wait.

use std::future::poll_fn;

use futures::io::{ReadHalf, WriteHalf};
use futures::stream::{FusedStream, LocalBoxStream};
use futures::{AsyncReadExt, AsyncWriteExt, FutureExt, StreamExt, select, stream};
use libp2p::Stream;

use super::connection::Connection;
use super::error::Error;
use super::platform::PeerConnection;
use super::signalling::{self, Kind, Message, SignallingError};
use covey_wire::limits;

/// Messages that a peer sends; ends after the first error.
pub(super) type Messages = stream::Fuse<LocalBoxStream<'static, Result<Message, SignallingError>>>;

/// A signalling stream, read and written side by side.
pub(super) struct Signalling {
    pub(super) messages: Messages,
    writer: WriteHalf<Stream>,
}

impl Signalling {
    pub(super) fn new(stream: Stream) -> Self {
        let (reader, writer) = stream.split();
        Self { messages: messages(reader), writer }
    }

    /// The session description that must come first.
    pub(super) async fn description(&mut self, expected: Kind) -> Result<String, Error> {
        match self.messages.next().await {
            Some(Ok(Message { kind, data })) if kind == expected => Ok(data),
            Some(Ok(_)) | None => Err(Error::Unexpected),
            Some(Err(error)) => Err(error.into()),
        }
    }

    pub(super) async fn send(&mut self, kind: Kind, data: String) -> Result<(), Error> {
        Ok(signalling::write(&mut self.writer, &Message::new(kind, data)).await?)
    }

    /// Exchanges candidates until the connection stands. A stream that ends before only means
    /// that no more candidates come.
    pub(super) async fn trickle<P: PeerConnection>(
        mut self,
        connection: &Connection<P>,
    ) -> Result<(), Error> {
        let mut left = limits::CANDIDATES;
        let mut tells = true;
        loop {
            select! {
                result = poll_fn(|cx| connection.poll_established(cx)).fuse() => {
                    self.end::<P>();
                    return result;
                }
                candidate = poll_fn(|cx| connection.poll_candidate(cx)).fuse() => {
                    tells = tells && self.send(Kind::IceCandidate, candidate).await.is_ok();
                }
                message = self.messages.select_next_some() => {
                    if let Ok(Message { kind: Kind::IceCandidate, data }) = message && left > 0 {
                        left -= 1;
                        connection.pc.add_candidate(&data);
                    }
                }
            }
        }
    }

    /// Ends our half; what the peer still sends is of no use.
    fn end<P: PeerConnection>(mut self) {
        P::spawn(async move {
            // A peer that has ended the stream already is no failure.
            let _ = self.writer.close().await;
        });
    }

    /// Whether the peer has taken the stream back, as far as is known by now.
    pub(super) fn is_withdrawn(&mut self) -> bool {
        self.messages.is_terminated()
            || matches!(self.messages.next().now_or_never(), Some(None | Some(Err(_))))
    }
}

fn messages(reader: ReadHalf<Stream>) -> Messages {
    stream::unfold(Some(reader), |reader| async move {
        let mut reader = reader?;
        match signalling::read(&mut reader).await {
            Ok(message) => Some((Ok(message), Some(reader))),
            Err(error) => Some((Err(error), None)),
        }
    })
    .boxed_local()
    .fuse()
}
