//! Answers a peer's offer.

use libp2p::Stream;

use super::connection::Connection;
use super::error::Error;
use super::exchange::Signalling;
use super::ice::IceServers;
use super::muxer::Muxer;
use super::platform::PeerConnection;
use super::signalling::Kind;

/// Answers the offer that comes on this signalling stream.
pub(super) async fn answer<P: PeerConnection>(
    stream: Stream,
    ice: &IceServers,
) -> Result<Muxer<P>, Error> {
    let mut signalling = Signalling::new(stream);
    let offer = signalling.description(Kind::SdpOffer).await?;
    if signalling.is_withdrawn() {
        return Err(Error::Withdrawn);
    }
    let muxer = Muxer::new(Connection::new(ice).await?);
    let connection: &Connection<P> = muxer.connection();
    connection.pc.set_offer(&offer).await?;
    connection.pc.answer().await?;
    // Candidates come after the answer: others take the first message for it.
    signalling.send(Kind::SdpAnswer, connection.description().await?).await?;
    signalling.trickle(connection).await?;
    Ok(muxer)
}
