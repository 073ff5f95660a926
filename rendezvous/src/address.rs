//! The addresses that pages dial: `/ws` and `/tls/ws`, the forms every libp2p knows.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use libp2p::Multiaddr;
use libp2p::multiaddr::Protocol;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::{Host, Url};

/// An address at which the node is reached from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct External(Multiaddr);

impl TryFrom<String> for External {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        text.parse()
    }
}

impl From<External> for String {
    fn from(External(address): External) -> Self {
        address.to_string()
    }
}

/// Why a text is no such address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AddressError {
    /// Neither a URL nor a multiaddr.
    #[error("write it as https://example.org or /dns4/example.org/tcp/443/tls/ws")]
    Syntax,
    /// A URL of another kind.
    #[error("the scheme must be http, https, ws or wss")]
    Scheme,
    /// The address names a path below the origin.
    #[error("the node answers WebSockets at the root of the origin only, leave the path away")]
    Path,
    /// A multiaddr that no page can dial.
    #[error("a multiaddr must be /ip4, /ip6, /dns, /dns4 or /dns6, then /tcp, then /ws or /tls/ws")]
    Form,
}

impl External {
    /// The plain WebSocket address of a socket.
    pub(crate) fn of_socket(socket: SocketAddr) -> Self {
        Self(web_socket(socket.ip().into(), socket.port(), false))
    }

    /// The address that pages on the same machine dial when nothing else was declared.
    pub(crate) fn of_listener(socket: SocketAddr) -> Self {
        let ip = match socket.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        Self::of_socket(SocketAddr::new(ip, socket.port()))
    }

    /// The host as URIs have it, IPv6 in brackets.
    pub(crate) fn host(&self) -> String {
        match self.0.iter().next() {
            Some(Protocol::Ip6(ip)) => format!("[{ip}]"),
            Some(Protocol::Ip4(ip)) => ip.to_string(),
            Some(Protocol::Dns(name) | Protocol::Dns4(name) | Protocol::Dns6(name)) => {
                name.into_owned()
            }
            _ => String::new(),
        }
    }

    pub(crate) fn multiaddr(&self) -> &Multiaddr {
        &self.0
    }
}

impl FromStr for External {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if text.starts_with('/') {
            from_multiaddr(&text.parse().map_err(|_| AddressError::Syntax)?)
        } else {
            from_url(&text.parse().map_err(|_| AddressError::Syntax)?)
        }
    }
}

fn from_url(url: &Url) -> Result<External, AddressError> {
    let tls = match url.scheme() {
        "http" | "ws" => false,
        "https" | "wss" => true,
        _ => return Err(AddressError::Scheme),
    };
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(AddressError::Path);
    }
    let host = match url.host().ok_or(AddressError::Syntax)? {
        Host::Domain(name) => Protocol::Dns4(name.to_owned().into()),
        Host::Ipv4(ip) => Protocol::Ip4(ip),
        Host::Ipv6(ip) => Protocol::Ip6(ip),
    };
    let port = url.port_or_known_default().ok_or(AddressError::Syntax)?;
    Ok(External(web_socket(host, port, tls)))
}

/// Takes only the forms that browsers' libp2p can dial. A path (`/x-parity-ws/…`) inside a
/// reservation makes js-libp2p drop the whole reservation.
fn from_multiaddr(address: &Multiaddr) -> Result<External, AddressError> {
    let parts = address.iter().collect::<Vec<_>>();
    let (host, port, rest) = match &parts[..] {
        [host, Protocol::Tcp(port), rest @ ..] if is_host(host) => (host, *port, rest),
        _ => return Err(AddressError::Form),
    };
    let (tls, path) = match rest {
        [Protocol::Ws(path)] => (false, path),
        [Protocol::Wss(path)] | [Protocol::Tls, Protocol::Ws(path)] => (true, path),
        _ => return Err(AddressError::Form),
    };
    if path != "/" {
        return Err(AddressError::Path);
    }
    Ok(External(web_socket(host.clone(), port, tls)))
}

fn is_host(part: &Protocol<'_>) -> bool {
    matches!(
        part,
        Protocol::Ip4(_)
            | Protocol::Ip6(_)
            | Protocol::Dns(_)
            | Protocol::Dns4(_)
            | Protocol::Dns6(_)
    )
}

fn web_socket(host: Protocol<'_>, port: u16, tls: bool) -> Multiaddr {
    let address = Multiaddr::empty().with(host).with(Protocol::Tcp(port));
    let address = if tls { address.with(Protocol::Tls) } else { address };
    address.with(Protocol::Ws("/".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_as_people_write_it_becomes_one_that_pages_dial() {
        for (written, dialled) in [
            ("https://example.org", "/dns4/example.org/tcp/443/tls/ws"),
            ("wss://example.org:8443/", "/dns4/example.org/tcp/8443/tls/ws"),
            ("http://127.0.0.1:8080", "/ip4/127.0.0.1/tcp/8080/ws"),
            ("http://[::1]", "/ip6/::1/tcp/80/ws"),
            ("/ip4/127.0.0.1/tcp/8080/ws", "/ip4/127.0.0.1/tcp/8080/ws"),
            ("/dns/example.org/tcp/443/wss", "/dns/example.org/tcp/443/tls/ws"),
            ("/dns6/example.org/tcp/443/tls/ws", "/dns6/example.org/tcp/443/tls/ws"),
        ] {
            let address = written.parse::<External>().map(|a| a.multiaddr().to_string());
            assert_eq!(address.as_deref(), Ok(dialled), "{written}");
        }
    }

    #[test]
    fn an_address_that_pages_can_not_dial_is_refused() {
        for (written, error) in [
            ("example.org", AddressError::Syntax),
            ("ftp://example.org", AddressError::Scheme),
            ("https://example.org/p2p", AddressError::Path),
            ("/ip4/127.0.0.1/tcp/8080/x-parity-ws/%2fp2p", AddressError::Path),
            ("/ip4/127.0.0.1/tcp/8080", AddressError::Form),
            ("/ip4/127.0.0.1/udp/8080/quic-v1", AddressError::Form),
            ("/unix/x", AddressError::Form),
        ] {
            assert_eq!(written.parse::<External>(), Err(error), "{written}");
        }
    }

    #[test]
    fn a_listener_on_every_interface_is_dialled_on_this_machine() {
        let address = External::of_listener("0.0.0.0:8080".parse().unwrap());
        assert_eq!(address.multiaddr().to_string(), "/ip4/127.0.0.1/tcp/8080/ws");
    }
}
