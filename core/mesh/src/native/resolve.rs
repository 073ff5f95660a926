//! TCP to names and addresses: names are looked up by the operating system.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::{BoxFuture, Pending};
use libp2p::core::transport::{DialOpts, ListenerId, TransportError, TransportEvent};
use libp2p::multiaddr::Protocol;
use libp2p::tcp::tokio::{TcpStream, Transport as Tcp};
use libp2p::{Multiaddr, Transport};

/// Dials `/ip4/…/tcp/…`, `/ip6/…`, `/dns/…`, `/dns4/…` and `/dns6/…`; does not listen.
#[derive(Default)]
pub(super) struct Resolving(Arc<Mutex<Tcp>>);

impl Transport for Resolving {
    type Output = TcpStream;
    type Error = io::Error;
    type ListenerUpgrade = Pending<io::Result<TcpStream>>;
    type Dial = BoxFuture<'static, io::Result<TcpStream>>;

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
        let Some((name, port, fits)) = name(&address) else {
            return dial(&self.0, address, opts).map(FutureExt::boxed);
        };
        let tcp = self.0.clone();
        Ok(async move {
            let mut last = io::ErrorKind::NotFound.into();
            for found in tokio::net::lookup_host((name.as_str(), port)).await?.filter(fits) {
                let address = Multiaddr::from(found.ip()).with(Protocol::Tcp(found.port()));
                let dialled = dial(&tcp, address, opts).map_err(io::Error::other)?;
                match dialled.await {
                    Ok(stream) => return Ok(stream),
                    Err(error) => last = error,
                }
            }
            Err(last)
        }
        .boxed())
    }

    fn poll(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<TransportEvent<Self::ListenerUpgrade, io::Error>> {
        Poll::Pending
    }
}

type Fits = fn(&SocketAddr) -> bool;

/// The name, the port, and which addresses of the name will do; none where there is no name.
fn name(address: &Multiaddr) -> Option<(String, u16, Fits)> {
    let mut parts = address.iter();
    let (name, fits): (_, Fits) = match parts.next()? {
        Protocol::Dns(name) => (name, |_| true),
        Protocol::Dns4(name) => (name, SocketAddr::is_ipv4),
        Protocol::Dns6(name) => (name, SocketAddr::is_ipv6),
        _ => return None,
    };
    match (parts.next()?, parts.next()) {
        (Protocol::Tcp(port), None) => Some((name.into_owned(), port, fits)),
        _ => None,
    }
}

fn dial(
    tcp: &Mutex<Tcp>,
    address: Multiaddr,
    opts: DialOpts,
) -> Result<<Tcp as Transport>::Dial, TransportError<io::Error>> {
    tcp.lock().unwrap_or_else(PoisonError::into_inner).dial(address, opts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_addresses() {
        let named = |text: &str| name(&text.parse().unwrap()).map(|(name, port, _)| (name, port));
        let expected = Some(("example.org".to_owned(), 443));
        assert_eq!(named("/dns4/example.org/tcp/443"), expected);
        assert_eq!(named("/dns6/example.org/tcp/443"), expected);
        assert_eq!(named("/ip4/127.0.0.1/tcp/443"), None);
        assert_eq!(named("/dns4/example.org/udp/443"), None);
    }

    #[test]
    fn an_address_family_that_is_named_is_kept_to() {
        let (_, _, fits) = name(&"/dns4/localhost/tcp/1".parse().unwrap()).unwrap();
        assert!(fits(&"127.0.0.1:1".parse().unwrap()));
        assert!(!fits(&"[::1]:1".parse().unwrap()));
    }
}
