//! Dials a peer: offer, answer, candidates.

use std::pin::pin;
use std::rc::Rc;

use futures::TryFutureExt;
use futures::future::{Either, select, try_join};
use libp2p::Stream;

use super::address::Target;
use super::answer::answer;
use super::attempts::{Attempts, Opening};
use super::behaviour::RequestError;
use super::connection::Connection;
use super::error::Error;
use super::exchange::Signalling;
use super::ice::IceServers;
use super::muxer::Muxer;
use super::platform::PeerConnection;
use super::signalling::Kind;

/// Connects to `target`, whose signalling stream is `opened`. Where the peer dials us at the
/// same time, one of the two dials goes on (see [`Attempts`]).
pub(super) async fn dial<P: PeerConnection>(
    target: Target,
    attempts: Attempts<Stream>,
    opened: impl Future<Output = Result<Stream, RequestError>>,
    ice: &IceServers,
) -> Result<Muxer<P>, Error> {
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

async fn offer<P: PeerConnection>(
    opened: impl Future<Output = Result<Stream, RequestError>>,
    ice: &IceServers,
) -> Result<Muxer<P>, Error> {
    let muxer = Muxer::new(Connection::new(ice).await?);
    let connection: &Rc<Connection<P>> = muxer.connection();
    connection.open_init()?;
    // The platform gathers candidates while the relayed connection is made.
    let described = connection.pc.offer();
    let (stream, ()) = try_join(opened.map_err(Error::from), described).await?;
    let mut signalling = Signalling::new(stream);
    signalling.send(Kind::SdpOffer, connection.description().await?).await?;
    let answer = signalling.description(Kind::SdpAnswer).await?;
    connection.pc.set_answer(&answer).await?;
    signalling.trickle(connection).await?;
    Ok(muxer)
}
