//! Stands for WebRTC between pages of one process: takes its addresses, carries over memory.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use covey_mesh::{seat, webrtc::address};
use libp2p::core::muxing::StreamMuxerBox;
use libp2p::core::transport::{
    Boxed, DialOpts, ListenerId, MemoryTransport, TransportError, TransportEvent,
};
use libp2p::core::upgrade::Version;
use libp2p::identity::Keypair;
use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, PeerId, Transport, noise, yamux};

type Output = (PeerId, StreamMuxerBox);

pub struct Near {
    inner: Boxed<Output>,
    local: PeerId,
    /// Whether dials get through.
    open: Arc<AtomicBool>,
}

impl Near {
    pub fn new(key: &Keypair, open: Arc<AtomicBool>) -> Self {
        let inner = MemoryTransport::default()
            .upgrade(Version::V1)
            .authenticate(noise::Config::new(key).unwrap())
            .multiplex(yamux::Config::default())
            .boxed();
        Self { inner, local: key.public().to_peer_id(), open }
    }
}

fn memory(peer: PeerId) -> Multiaddr {
    let seat = seat(peer).unwrap().0;
    Protocol::Memory(u64::from_le_bytes(seat[..8].try_into().unwrap())).into()
}

impl Transport for Near {
    type Output = Output;
    type Error = std::io::Error;
    type ListenerUpgrade = <Boxed<Output> as Transport>::ListenerUpgrade;
    type Dial = <Boxed<Output> as Transport>::Dial;

    fn listen_on(
        &mut self,
        id: ListenerId,
        addr: Multiaddr,
    ) -> Result<(), TransportError<Self::Error>> {
        if !address::is_listen(&addr) {
            return Err(TransportError::MultiaddrNotSupported(addr));
        }
        self.inner.listen_on(id, memory(self.local))
    }

    fn remove_listener(&mut self, id: ListenerId) -> bool {
        self.inner.remove_listener(id)
    }

    fn dial(
        &mut self,
        addr: Multiaddr,
        opts: DialOpts,
    ) -> Result<Self::Dial, TransportError<Self::Error>> {
        let Some(target) = address::target(&addr) else {
            return Err(TransportError::MultiaddrNotSupported(addr));
        };
        if !self.open.load(Ordering::SeqCst) {
            return Err(TransportError::Other(std::io::ErrorKind::HostUnreachable.into()));
        }
        self.inner.dial(memory(target.peer), opts)
    }

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<TransportEvent<Self::ListenerUpgrade, Self::Error>> {
        Pin::new(&mut self.inner).poll(cx).map(|event| match event {
            TransportEvent::NewAddress { listener_id, .. } => {
                TransportEvent::NewAddress { listener_id, listen_addr: address::listen() }
            }
            TransportEvent::Incoming { listener_id, upgrade, .. } => TransportEvent::Incoming {
                listener_id,
                upgrade,
                local_addr: address::listen(),
                send_back_addr: address::listen(),
            },
            other => other,
        })
    }
}
