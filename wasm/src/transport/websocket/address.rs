//! WebSocket addresses: which are ours to dial, and as which URL.

use libp2p::Multiaddr;
use libp2p::multiaddr::Protocol;

/// The URL of `/(ip4|ip6|dns|dns4|dns6)/…/tcp/P/(ws|wss|tls/ws)`, optionally followed by
/// `/p2p/…`; `None` for every other form, those with a path included.
pub(super) fn url(address: &Multiaddr) -> Option<String> {
    let mut parts = address.iter().peekable();
    let host = match parts.next()? {
        Protocol::Ip4(ip) => ip.to_string(),
        Protocol::Ip6(ip) => format!("[{ip}]"),
        Protocol::Dns(name) | Protocol::Dns4(name) | Protocol::Dns6(name) => name.into_owned(),
        _ => return None,
    };
    let Protocol::Tcp(port) = parts.next()? else { return None };
    let tls = parts.next_if_eq(&Protocol::Tls).is_some();
    let scheme = match parts.next()? {
        Protocol::Ws(path) if path == "/" => {
            if tls {
                "wss"
            } else {
                "ws"
            }
        }
        Protocol::Wss(path) if path == "/" && !tls => "wss",
        _ => return None,
    };
    parts.next_if(|part| matches!(part, Protocol::P2p(_)));
    parts.next().is_none().then(|| format!("{scheme}://{host}:{port}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const R: &str = "/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";

    #[test]
    fn plain_addresses_become_urls() {
        for (address, expected) in [
            ("/ip4/127.0.0.1/tcp/8080/ws", "ws://127.0.0.1:8080/"),
            ("/ip6/::1/tcp/8080/ws", "ws://[::1]:8080/"),
            ("/dns4/example.org/tcp/443/wss", "wss://example.org:443/"),
            ("/dns/example.org/tcp/443/tls/ws", "wss://example.org:443/"),
            ("/dns6/example.org/tcp/80/ws", "ws://example.org:80/"),
        ] {
            let plain: Multiaddr = address.parse().unwrap();
            let with_peer: Multiaddr = format!("{address}{R}").parse().unwrap();
            assert_eq!(url(&plain).as_deref(), Some(expected));
            assert_eq!(url(&with_peer).as_deref(), Some(expected));
        }
    }

    #[test]
    fn other_forms_are_left_to_others() {
        for address in [
            "/ip4/127.0.0.1/tcp/8080",
            "/ip4/127.0.0.1/udp/8080/quic-v1",
            "/ip4/127.0.0.1/tcp/8080/x-parity-ws/%2Fp2p",
            "/ip4/127.0.0.1/tcp/8080/tls/wss",
            "/webrtc",
        ] {
            assert_eq!(url(&address.parse().unwrap()), None, "{address}");
        }
        let relayed = format!("/ip4/127.0.0.1/tcp/8080/ws{R}/p2p-circuit");
        assert_eq!(url(&relayed.parse().unwrap()), None);
        assert_eq!(url(&Multiaddr::empty()), None);
    }
}
