//! The libp2p transport whose connections HTTP brings.

use std::future::{Pending, Ready, ready};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use libp2p::Multiaddr;
use libp2p::core::transport::{DialOpts, ListenerId, Transport, TransportError, TransportEvent};
use tokio::sync::mpsc;

use super::Arrival;
use super::stream::ByteStream;
use crate::address::External;

/// Listens at one address, dials none.
pub(crate) struct Listener {
    arrivals: mpsc::Receiver<Arrival>,
    listening: Option<(ListenerId, Multiaddr)>,
    announced: bool,
}

impl Listener {
    pub(super) fn new(arrivals: mpsc::Receiver<Arrival>) -> Self {
        Self { arrivals, listening: None, announced: false }
    }
}

impl Transport for Listener {
    type Output = ByteStream;
    type Error = io::Error;
    type ListenerUpgrade = Ready<io::Result<ByteStream>>;
    type Dial = Pending<io::Result<ByteStream>>;

    fn listen_on(
        &mut self,
        id: ListenerId,
        address: Multiaddr,
    ) -> Result<(), TransportError<io::Error>> {
        if self.listening.is_some() {
            return Err(TransportError::MultiaddrNotSupported(address));
        }
        self.listening = Some((id, address));
        self.announced = false;
        Ok(())
    }

    fn remove_listener(&mut self, id: ListenerId) -> bool {
        self.listening.take_if(|(listener, _)| *listener == id).is_some()
    }

    fn dial(
        &mut self,
        address: Multiaddr,
        _: DialOpts,
    ) -> Result<Self::Dial, TransportError<io::Error>> {
        Err(TransportError::MultiaddrNotSupported(address))
    }

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<TransportEvent<Self::ListenerUpgrade, io::Error>> {
        let Some((listener_id, address)) = self.listening.clone() else { return Poll::Pending };
        if !self.announced {
            self.announced = true;
            return Poll::Ready(TransportEvent::NewAddress { listener_id, listen_addr: address });
        }
        match self.arrivals.poll_recv(cx) {
            Poll::Ready(Some(Arrival { stream, remote })) => {
                Poll::Ready(TransportEvent::Incoming {
                    listener_id,
                    upgrade: ready(Ok(stream)),
                    local_addr: address,
                    send_back_addr: External::of_socket(remote).multiaddr().clone(),
                })
            }
            // Without a sender nothing more can arrive.
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }
}
