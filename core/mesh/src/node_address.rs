//! Addresses of nodes, as links and pages write them.
//!
//! `Multiaddr` reads every protocol there is, and for that every alphabet of multibase: a page would download some 6 KiB of
//! code to read addresses that nobody here can dial.

use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, PeerId};

use covey_wire::limits;

/// An address without its peer id, and that.
pub fn parse(text: &str) -> Option<(Multiaddr, Option<PeerId>)> {
    if text.len() > limits::NODE_ADDRESS {
        return None;
    }
    let mut parts = text.strip_prefix('/')?.split('/');
    let (mut address, mut peer) = (Multiaddr::empty(), None);
    while let Some(name) = parts.next() {
        // A peer id is the last there is.
        if peer.is_some() {
            return None;
        }
        let mut value = || parts.next();
        address.push(match name {
            "ip4" => Protocol::Ip4(value()?.parse().ok()?),
            "ip6" => Protocol::Ip6(value()?.parse().ok()?),
            "dns" => Protocol::Dns(value()?.into()),
            "dns4" => Protocol::Dns4(value()?.into()),
            "dns6" => Protocol::Dns6(value()?.into()),
            "memory" => Protocol::Memory(value()?.parse().ok()?),
            "tcp" => Protocol::Tcp(value()?.parse().ok()?),
            "tls" => Protocol::Tls,
            "ws" => Protocol::Ws("/".into()),
            "wss" => Protocol::Wss("/".into()),
            "p2p" | "ipfs" => {
                peer = Some(value()?.parse().ok()?);
                continue;
            }
            _ => return None,
        });
    }
    (!address.is_empty()).then_some((address, peer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_node_can_be_dialled_at_is_read_as_multiaddr_reads_it() {
        let peer = PeerId::random();
        for text in [
            "/ip4/127.0.0.1/tcp/8080/ws",
            "/ip6/::1/tcp/8080/ws",
            "/ip4/127.0.0.1/tcp/8080",
            "/dns/example.org/tcp/443/tls/ws",
            "/dns4/example.org/tcp/443/wss",
            "/dns6/example.org/tcp/80/ws",
            "/memory/7",
        ] {
            let address: Multiaddr = text.parse().unwrap();
            assert_eq!(parse(text), Some((address.clone(), None)), "{text}");
            assert_eq!(parse(&format!("{text}/p2p/{peer}")), Some((address, Some(peer))));
        }
    }

    #[test]
    fn everything_else_is_no_address_of_a_node() {
        let peer = PeerId::random();
        let relayed = format!("/ip4/127.0.0.1/tcp/8080/ws/p2p/{peer}/p2p-circuit");
        let long = format!("/dns/{}/tcp/443/wss", "a".repeat(limits::NODE_ADDRESS));
        for text in [
            "",
            "/",
            "ip4/127.0.0.1/tcp/8080/ws",
            "/ip4",
            "/ip4/localhost/tcp/8080/ws",
            "/ip4/127.0.0.1/tcp/80800/ws",
            "/ip4/127.0.0.1/tcp/8080/ws/",
            "/ip4/127.0.0.1/udp/8080/quic-v1",
            "/ip4/127.0.0.1/tcp/8080/ws/p2p/nobody",
            "/p2p-circuit",
            &format!("/p2p/{peer}"),
            &relayed,
            &long,
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
