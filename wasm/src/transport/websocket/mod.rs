//! WebSocket to nodes as a libp2p transport: binary messages as a byte stream.

mod address;
mod socket;

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{Either, LocalBoxFuture, Pending, select};
use futures_timer::Delay;
use libp2p::Multiaddr;
use libp2p::core::transport::{DialOpts, ListenerId, TransportError, TransportEvent};
use send_wrapper::SendWrapper;

use crate::platform::words;

pub use socket::Socket;

/// A node that takes longer is not there.
const CONNECT: Duration = Duration::from_secs(10);

/// Dials WebSockets; a browser can't listen.
#[derive(Debug, Default)]
pub struct Transport(());

impl libp2p::Transport for Transport {
    type Output = Socket;
    type Error = io::Error;
    type ListenerUpgrade = Pending<Result<Socket, io::Error>>;
    type Dial = SendWrapper<LocalBoxFuture<'static, Result<Socket, io::Error>>>;

    fn listen_on(
        &mut self,
        _: ListenerId,
        address: Multiaddr,
    ) -> Result<(), TransportError<io::Error>> {
        Err(TransportError::MultiaddrNotSupported(address))
    }

    fn remove_listener(&mut self, _: ListenerId) -> bool {
        false
    }

    fn dial(
        &mut self,
        address: Multiaddr,
        opts: DialOpts,
    ) -> Result<Self::Dial, TransportError<io::Error>> {
        let url = match address::url(&address) {
            Some(url) if opts.role.is_dialer() => url,
            _ => return Err(TransportError::MultiaddrNotSupported(address)),
        };
        Ok(SendWrapper::new(connect(url).boxed_local()))
    }

    fn poll(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<TransportEvent<Self::ListenerUpgrade, io::Error>> {
        Poll::Pending
    }
}

async fn connect(url: String) -> io::Result<Socket> {
    let socket = Socket::open(&url).map_err(|error| io::Error::other(words(&error)))?;
    match select(socket.connected().boxed_local(), Delay::new(CONNECT)).await {
        Either::Left((result, _)) => result,
        Either::Right(_) => Err(io::ErrorKind::TimedOut.into()),
    }
}
