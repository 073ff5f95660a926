//! Dials a peer: offer, answer, candidates.

use covey_core::mesh::webrtc::address::Target;
use covey_core::mesh::webrtc::signalling::Kind;
use covey_core::mesh::webrtc::{Attempts, Opening, RequestError};
use futures::TryFutureExt;
use futures::future::{Either, select, try_join};
use libp2p::Stream;
use std::pin::pin;
use web_sys::RtcSdpType;

use super::answer::answer;
use super::connection::Connection;
use super::error::Error;
use super::exchange::{Signalling, describe, set_remote};
use super::muxer::Muxer;
use crate::transport::IceServers;

/// Connects to `target`, whose signalling stream is `opened`. Where the peer dials us at the
/// same time, one of the two dials goes on (see `covey_core::mesh::webrtc::Attempts`).
pub(super) async fn dial(
    target: Target,
    attempts: Attempts<Stream>,
    opened: impl Future<Output = Result<Stream, RequestError>>,
    ice: &IceServers,
) -> Result<Muxer, Error> {
    let mut dialling = loop {
        match attempts.dial(target.peer) {
            Opening::Go(dialling) => break dialling,
            Opening::Wait(answered) => {
                if answered.await == Ok(true) {
                    return Err(Error::Superseded);
                }
            }
        }
    };
    let replacement = {
        let own = pin!(offer(opened, ice));
        match select(own, &mut dialling.replacement).await {
            Either::Left((result, _)) => return result,
            Either::Right((Ok(stream), _)) => stream,
            Either::Right((Err(_), own)) => return own.await,
        }
    };
    answer(replacement, ice).await
}

async fn offer(
    opened: impl Future<Output = Result<Stream, RequestError>>,
    ice: &IceServers,
) -> Result<Muxer, Error> {
    let muxer = Muxer::new(Connection::new(ice)?);
    let connection = muxer.connection();
    connection.open_init()?;
    // The browser gathers candidates while the relayed connection is made.
    let described = describe(connection, connection.pc.create_offer());
    let (stream, ()) = try_join(opened.map_err(Error::from), described).await?;
    let mut signalling = Signalling::new(stream);
    signalling.send(Kind::SdpOffer, connection.description()?).await?;
    let answer = signalling.description(Kind::SdpAnswer).await?;
    set_remote(connection, RtcSdpType::Answer, &answer).await?;
    signalling.trickle(connection).await?;
    Ok(muxer)
}
