//! Answers a peer's offer.

use covey_core::mesh::webrtc::signalling::Kind;
use libp2p::Stream;
use web_sys::RtcSdpType;

use super::connection::Connection;
use super::error::Error;
use super::exchange::{Signalling, describe, set_remote};
use super::muxer::Muxer;
use crate::transport::IceServers;

/// Answers the offer that comes on this signalling stream.
pub(super) async fn answer(stream: Stream, ice: &IceServers) -> Result<Muxer, Error> {
    let mut signalling = Signalling::new(stream);
    let offer = signalling.description(Kind::SdpOffer).await?;
    if signalling.is_withdrawn() {
        return Err(Error::Withdrawn);
    }
    let muxer = Muxer::new(Connection::new(ice)?);
    let connection = muxer.connection();
    set_remote(connection, RtcSdpType::Offer, &offer).await?;
    describe(connection, connection.pc.create_answer()).await?;
    // Candidates come after the answer: others take the first message for it.
    signalling.send(Kind::SdpAnswer, connection.description()?).await?;
    signalling.trickle(connection).await?;
    Ok(muxer)
}
