//! Behaviours that can wait: while two people meet, nothing goes over a new connection that neither of
//! them waits for. Whoever asks is answered at once.

use core::task::{Context, Poll};
use core::time::Duration;

use futures::FutureExt;
use futures_timer::Delay;
use libp2p::core::Endpoint;
use libp2p::core::transport::PortUse;
use libp2p::swarm::handler::ConnectionEvent;
use libp2p::swarm::{
    ConnectionDenied, ConnectionHandler, ConnectionHandlerEvent, ConnectionId, FromSwarm,
    NetworkBehaviour, SubstreamProtocol, THandler, THandlerInEvent, THandlerOutEvent, ToSwarm,
};
use libp2p::{Multiaddr, PeerId};

/// Longer than a relayed connection is kept once there is a direct one.
const PAUSE: Duration = Duration::from_secs(5);

/// A behaviour whose handlers start five seconds after their connection, or when the peer opens a
/// stream to them.
pub struct Deferred<B>(pub B);

/// The handler of one connection.
pub struct DeferredHandler<H> {
    inner: H,
    pause: Option<Delay>,
}

impl<H> DeferredHandler<H> {
    fn new(inner: H) -> Self {
        Self { inner, pause: Some(Delay::new(PAUSE)) }
    }
}

impl<B: NetworkBehaviour> NetworkBehaviour for Deferred<B> {
    type ConnectionHandler = DeferredHandler<THandler<B>>;
    type ToSwarm = B::ToSwarm;

    fn handle_pending_inbound_connection(
        &mut self,
        id: ConnectionId,
        local: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<(), ConnectionDenied> {
        self.0.handle_pending_inbound_connection(id, local, remote)
    }

    fn handle_established_inbound_connection(
        &mut self,
        id: ConnectionId,
        peer: PeerId,
        local: &Multiaddr,
        remote: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.0
            .handle_established_inbound_connection(id, peer, local, remote)
            .map(DeferredHandler::new)
    }

    fn handle_pending_outbound_connection(
        &mut self,
        id: ConnectionId,
        peer: Option<PeerId>,
        addresses: &[Multiaddr],
        role: Endpoint,
    ) -> Result<Vec<Multiaddr>, ConnectionDenied> {
        self.0.handle_pending_outbound_connection(id, peer, addresses, role)
    }

    fn handle_established_outbound_connection(
        &mut self,
        id: ConnectionId,
        peer: PeerId,
        address: &Multiaddr,
        role: Endpoint,
        port: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        self.0
            .handle_established_outbound_connection(id, peer, address, role, port)
            .map(DeferredHandler::new)
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        self.0.on_swarm_event(event);
    }

    fn on_connection_handler_event(
        &mut self,
        peer: PeerId,
        id: ConnectionId,
        event: THandlerOutEvent<Self>,
    ) {
        self.0.on_connection_handler_event(peer, id, event);
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        self.0.poll(cx)
    }
}

impl<H: ConnectionHandler> ConnectionHandler for DeferredHandler<H> {
    type FromBehaviour = H::FromBehaviour;
    type ToBehaviour = H::ToBehaviour;
    type InboundProtocol = H::InboundProtocol;
    type OutboundProtocol = H::OutboundProtocol;
    type InboundOpenInfo = H::InboundOpenInfo;
    type OutboundOpenInfo = H::OutboundOpenInfo;

    fn listen_protocol(&self) -> SubstreamProtocol<H::InboundProtocol, H::InboundOpenInfo> {
        self.inner.listen_protocol()
    }

    fn connection_keep_alive(&self) -> bool {
        self.inner.connection_keep_alive()
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<ConnectionHandlerEvent<H::OutboundProtocol, H::OutboundOpenInfo, H::ToBehaviour>>
    {
        if self.pause.as_mut().is_some_and(|pause| pause.poll_unpin(cx).is_pending()) {
            return Poll::Pending;
        }
        self.pause = None;
        self.inner.poll(cx)
    }

    fn poll_close(&mut self, cx: &mut Context<'_>) -> Poll<Option<H::ToBehaviour>> {
        self.inner.poll_close(cx)
    }

    fn on_behaviour_event(&mut self, event: H::FromBehaviour) {
        self.inner.on_behaviour_event(event);
    }

    fn on_connection_event(
        &mut self,
        event: ConnectionEvent<
            '_,
            H::InboundProtocol,
            H::OutboundProtocol,
            H::InboundOpenInfo,
            H::OutboundOpenInfo,
        >,
    ) {
        if matches!(event, ConnectionEvent::FullyNegotiatedInbound(_)) {
            self.pause = None;
        }
        self.inner.on_connection_event(event);
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::future::{Ready, ready};
    use std::task::Waker;

    use libp2p::Stream;
    use libp2p::core::upgrade::{DeniedUpgrade, InboundUpgrade, UpgradeInfo};
    use libp2p::swarm::handler::FullyNegotiatedInbound;

    use super::*;

    /// Says at once that it is there.
    struct Eager;

    /// A stream that carries nothing.
    struct Empty;

    impl UpgradeInfo for Empty {
        type Info = &'static str;
        type InfoIter = [&'static str; 1];

        fn protocol_info(&self) -> Self::InfoIter {
            ["/empty"]
        }
    }

    impl InboundUpgrade<Stream> for Empty {
        type Output = ();
        type Error = Infallible;
        type Future = Ready<Result<(), Infallible>>;

        fn upgrade_inbound(self, _: Stream, _: &'static str) -> Self::Future {
            ready(Ok(()))
        }
    }

    impl ConnectionHandler for Eager {
        type FromBehaviour = Infallible;
        type ToBehaviour = ();
        type InboundProtocol = Empty;
        type OutboundProtocol = DeniedUpgrade;
        type InboundOpenInfo = ();
        type OutboundOpenInfo = ();

        fn listen_protocol(&self) -> SubstreamProtocol<Empty, ()> {
            SubstreamProtocol::new(Empty, ())
        }

        fn poll(
            &mut self,
            _: &mut Context<'_>,
        ) -> Poll<ConnectionHandlerEvent<DeniedUpgrade, (), ()>> {
            Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(()))
        }

        fn on_behaviour_event(&mut self, event: Infallible) {
            match event {}
        }

        fn on_connection_event(&mut self, _: ConnectionEvent<'_, Empty, DeniedUpgrade, (), ()>) {}
    }

    #[test]
    fn a_handler_says_nothing_at_first_unless_it_is_asked() {
        let mut handler = DeferredHandler::new(Eager);
        let mut cx = Context::from_waker(Waker::noop());
        assert!(handler.poll(&mut cx).is_pending());
        let stream = FullyNegotiatedInbound { protocol: (), info: () };
        handler.on_connection_event(ConnectionEvent::FullyNegotiatedInbound(stream));
        assert!(handler.poll(&mut cx).is_ready());
    }

    #[test]
    fn a_handler_starts_when_its_pause_is_over() {
        let pause = Some(Delay::new(Duration::ZERO));
        let mut handler = DeferredHandler { inner: Eager, pause };
        let said = futures::executor::block_on(std::future::poll_fn(|cx| handler.poll(cx)));
        assert!(matches!(said, ConnectionHandlerEvent::NotifyBehaviour(())));
    }
}
