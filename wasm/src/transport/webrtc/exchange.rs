//! What both sides do over a signalling stream: read messages, tell candidates, wait.

use std::future::poll_fn;
use std::rc::Rc;

use covey_core::limits;
use covey_core::mesh::webrtc::signalling::{self, Kind, Message, SignallingError};
use futures::io::{ReadHalf, WriteHalf};
use futures::stream::{FusedStream, LocalBoxStream};
use futures::{AsyncReadExt, AsyncWriteExt, FutureExt, StreamExt, select, stream};
use js_sys::{JSON, Object, Promise};
use libp2p::Stream;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{RtcIceCandidateInit, RtcSdpType, RtcSessionDescriptionInit};

use super::connection::Connection;
use super::error::Error;

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
    pub(super) async fn trickle(mut self, connection: &Rc<Connection>) -> Result<(), Error> {
        let mut left = limits::CANDIDATES;
        let mut tells = true;
        loop {
            select! {
                result = poll_fn(|cx| connection.poll_established(cx)).fuse() => {
                    self.end();
                    return result;
                }
                candidate = poll_fn(|cx| connection.poll_candidate(cx)).fuse() => {
                    tells = tells && self.send(Kind::IceCandidate, candidate).await.is_ok();
                }
                message = self.messages.select_next_some() => {
                    if let Ok(Message { kind: Kind::IceCandidate, data }) = message && left > 0 {
                        left -= 1;
                        take_candidate(connection, &data);
                    }
                }
            }
        }
    }

    /// Ends our half; what the peer still sends is of no use.
    fn end(mut self) {
        spawn_local(async move {
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

/// Gives a candidate to the browser. One that it refuses is skipped: others may do.
fn take_candidate(connection: &Rc<Connection>, json: &str) {
    let Ok(value) = JSON::parse(json) else { return };
    let Ok(object) = value.dyn_into::<Object>() else { return };
    let init = object.unchecked_into::<RtcIceCandidateInit>();
    let adding = connection.pc.add_ice_candidate_with_opt_rtc_ice_candidate_init(Some(&init));
    spawn_local(async move {
        let _ = JsFuture::from(adding).await;
    });
}

/// Awaits a session description that the browser makes, and sets it as ours.
pub(super) async fn describe(connection: &Rc<Connection>, made: Promise) -> Result<(), Error> {
    let made = JsFuture::from(made).await?.unchecked_into::<RtcSessionDescriptionInit>();
    JsFuture::from(connection.pc.set_local_description(&made)).await?;
    Ok(())
}

/// Sets the peer's session description.
pub(super) async fn set_remote(
    connection: &Rc<Connection>,
    kind: RtcSdpType,
    sdp: &str,
) -> Result<(), Error> {
    let description = RtcSessionDescriptionInit::new(kind);
    description.set_sdp(sdp);
    JsFuture::from(connection.pc.set_remote_description(&description)).await?;
    Ok(())
}
