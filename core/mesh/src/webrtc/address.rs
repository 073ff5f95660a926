//! Addresses of browser-to-browser WebRTC: which is which, and one made from another.
//!
//! | address | is |
//! |---|---|
//! | `<node>/p2p/R/p2p-circuit/webrtc/p2p/B` | direct: B, signalled through the relay R |
//! | `<node>/p2p/R/p2p-circuit/p2p/B` | relayed |
//! | `/webrtc/p2p/B` | direct: the remote address of a connection that B dialled |
//!
//! Generic code takes everything with a `p2p-circuit` in it for relayed; that is why this is here.

use libp2p::core::ConnectedPoint;
use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, PeerId};

use covey_wire::net::Path;

/// Whom to dial, and the address through which signalling reaches them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Whom.
    pub peer: PeerId,
    /// The relayed address of the same peer.
    pub relayed: Multiaddr,
}

/// Takes `<relay>/p2p-circuit/webrtc/p2p/B` apart; `None` for every other form.
pub fn target(address: &Multiaddr) -> Option<Target> {
    let mut parts: Vec<Protocol<'_>> = address.iter().collect();
    let Some(Protocol::P2p(peer)) = parts.pop() else { return None };
    if parts.pop() != Some(Protocol::WebRTC) || parts.pop() != Some(Protocol::P2pCircuit) {
        return None;
    }
    if !matches!(parts.last(), Some(Protocol::P2p(_))) || parts.contains(&Protocol::P2pCircuit) {
        return None;
    }
    parts.extend([Protocol::P2pCircuit, Protocol::P2p(peer)]);
    Some(Target { peer, relayed: parts.into_iter().collect() })
}

/// The address under which `peer` is dialled directly, signalled through a relay. `relay` is the
/// relay's own address with its peer id, `/dns4/example.org/tcp/443/tls/ws/p2p/R`.
pub fn direct(relay: &Multiaddr, peer: PeerId) -> Multiaddr {
    relay.clone().with(Protocol::P2pCircuit).with(Protocol::WebRTC).with(Protocol::P2p(peer))
}

/// The address under which `peer` is dialled through a relay.
pub fn relayed(relay: &Multiaddr, peer: PeerId) -> Multiaddr {
    relay.clone().with(Protocol::P2pCircuit).with(Protocol::P2p(peer))
}

/// The `/webrtc` form of a relayed address, `<relay>/p2p-circuit/p2p/B`; `None` for other forms.
pub fn direct_of_relayed(address: &Multiaddr) -> Option<Multiaddr> {
    let mut relay = address.clone();
    let Some(Protocol::P2p(peer)) = relay.pop() else { return None };
    (relay.pop() == Some(Protocol::P2pCircuit) && is_relay(&relay)).then(|| direct(&relay, peer))
}

fn is_relay(address: &Multiaddr) -> bool {
    matches!(address.iter().last(), Some(Protocol::P2p(_)))
        && !address.iter().any(|part| part == Protocol::P2pCircuit)
}

/// The remote address of a connection that `peer` dialled.
pub fn remote(peer: PeerId) -> Multiaddr {
    Multiaddr::from(Protocol::WebRTC).with(Protocol::P2p(peer))
}

/// The address a transport listens on to be reached by WebRTC.
pub fn listen() -> Multiaddr {
    Protocol::WebRTC.into()
}

/// Whether an address is what a transport listens on.
pub fn is_listen(address: &Multiaddr) -> bool {
    *address == listen()
}

/// How a connection reaches its peer. Connections to nodes are direct, too.
pub fn path(endpoint: &ConnectedPoint) -> Path {
    match endpoint {
        ConnectedPoint::Dialer { address, .. } => path_of(address),
        ConnectedPoint::Listener { local_addr, .. } => path_of(local_addr),
    }
}

/// Whether the connection is browser to browser.
pub fn is_webrtc(endpoint: &ConnectedPoint) -> bool {
    let address = match endpoint {
        ConnectedPoint::Dialer { address, .. } => address,
        ConnectedPoint::Listener { local_addr, .. } => local_addr,
    };
    address.iter().any(|part| part == Protocol::WebRTC)
}

/// How an address reaches its peer.
pub fn path_of(address: &Multiaddr) -> Path {
    let mut path = Path::Direct;
    for part in address.iter() {
        match part {
            Protocol::P2pCircuit => path = Path::Relayed,
            Protocol::WebRTC => path = Path::Direct,
            _ => {}
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    const R: &str = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";
    const B: &str = "12D3KooWRBhwfeP2Y4TCx1SM6s9rUoHhR5STiGwxBhgFRcw3UERE";

    fn address(text: &str) -> Multiaddr {
        text.replace("{R}", R).replace("{B}", B).parse().expect("an address")
    }

    #[test]
    fn only_the_form_of_the_specification_is_a_target() {
        let node = address("/ip4/127.0.0.1/tcp/8080/ws/p2p/{R}");
        let peer: PeerId = B.parse().expect("a peer id");
        let expected = Target { peer, relayed: relayed(&node, peer) };
        assert_eq!(target(&direct(&node, peer)), Some(expected));
        for other in [
            "/ip4/127.0.0.1/tcp/8080/ws/p2p/{R}/p2p-circuit/p2p/{B}",
            "/ip4/127.0.0.1/tcp/8080/ws/p2p/{R}/p2p-circuit/p2p/{B}/webrtc/p2p/{B}",
            "/ip4/127.0.0.1/tcp/8080/ws/p2p-circuit/webrtc/p2p/{B}",
            "/ip4/127.0.0.1/tcp/8080/ws/p2p/{R}/p2p-circuit/webrtc",
            "/ip4/127.0.0.1/tcp/8080/ws/p2p/{R}/p2p-circuit/p2p/{R}/p2p-circuit/webrtc/p2p/{B}",
            "/ip4/127.0.0.1/tcp/8080/ws/p2p/{R}",
            "/webrtc/p2p/{B}",
            "/webrtc",
            "/p2p/{B}",
        ] {
            assert_eq!(target(&address(other)), None, "{other}");
        }
        assert_eq!(target(&Multiaddr::empty()), None);
    }

    #[test]
    fn a_relayed_address_has_a_direct_form() {
        let relayed = address("/dns4/example.org/tcp/443/tls/ws/p2p/{R}/p2p-circuit/p2p/{B}");
        let direct = address("/dns4/example.org/tcp/443/tls/ws/p2p/{R}/p2p-circuit/webrtc/p2p/{B}");
        assert_eq!(direct_of_relayed(&relayed), Some(direct.clone()));
        assert_eq!(target(&direct).map(|target| target.relayed), Some(relayed));
        assert_eq!(direct_of_relayed(&direct), None);
        assert_eq!(direct_of_relayed(&address("/p2p-circuit/p2p/{B}")), None);
    }

    #[test]
    fn paths_are_told_apart() {
        for (text, path) in [
            ("/ip4/127.0.0.1/tcp/8080/ws/p2p/{R}", Path::Direct),
            ("/ip4/127.0.0.1/tcp/8080/ws/p2p/{R}/p2p-circuit/p2p/{B}", Path::Relayed),
            ("/ip4/127.0.0.1/tcp/8080/ws/p2p/{R}/p2p-circuit/webrtc/p2p/{B}", Path::Direct),
            ("/ip4/127.0.0.1/tcp/8080/ws/p2p/{R}/p2p-circuit", Path::Relayed),
            ("/webrtc/p2p/{B}", Path::Direct),
            ("/webrtc", Path::Direct),
        ] {
            assert_eq!(path_of(&address(text)), path, "{text}");
        }
        assert!(is_listen(&address("/webrtc")) && !is_listen(&address("/webrtc/p2p/{B}")));
    }
}
