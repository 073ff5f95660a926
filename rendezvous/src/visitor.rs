//! The visitor: the address a connection comes from or, through a proxy that is trusted, the one the
//! proxy names.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::http::HeaderMap;
use ipnet::IpNet;

use crate::connection_limit::ConnectionSlot;
use crate::rate_limiter::Rate;

/// How visitors are distinguished, and how often one may ask.
#[derive(Debug, Clone)]
pub struct VisitorConfig {
    /// Reverse proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpNet>,
    /// Connections at the same time from one IPv4 address or one /64 of IPv6, WebSockets included.
    /// Generous: a school or an office is one address.
    pub per_address: usize,
    /// Requests of such an address, each of its connections counted as one: at once, those of a
    /// class that opens the page, some dozens of files each.
    pub requests: Rate,
}

impl Default for VisitorConfig {
    fn default() -> Self {
        Self { proxies: Vec::new(), per_address: 512, requests: Rate::new(200, 4000) }
    }
}

impl VisitorConfig {
    /// Whether an address is a proxy's.
    pub(crate) fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.proxies.iter().any(|net| net.contains(&address))
    }

    /// Where a request comes from: of the hops that proxies name, the rightmost that isn't one of
    /// them. Whatever stands left of it anybody can have written.
    pub(crate) fn origin(&self, remote: IpAddr, headers: &HeaderMap) -> IpAddr {
        let named = headers.get_all("x-forwarded-for").into_iter().rev();
        let hops = named.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        let mut origin = remote.to_canonical();
        for hop in hops {
            if !self.trusts(origin) {
                break;
            }
            let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
            origin = address.to_canonical();
        }
        origin
    }
}

/// The connection a request came on. A WebSocket keeps its slot.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) remote: SocketAddr,
    /// None for a proxy: its visitors are counted by what it says of them.
    pub(crate) slot: Option<Arc<ConnectionSlot>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(remote: &str, lines: &[&'static str]) -> String {
        let proxies = ["10.0.0.0/8", "2001:db8:1::/48"].map(|net| net.parse().unwrap());
        let config = VisitorConfig { proxies: proxies.to_vec(), ..VisitorConfig::default() };
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        config.origin(remote.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(origin("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(origin("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(origin("::ffff:10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(origin("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn the_rightmost_hop_that_is_no_proxy_counts_whatever_stands_before_it() {
        let forged = "127.0.0.1, 203.0.113.9, 198.51.100.7, 10.2.2.2";
        assert_eq!(origin("10.0.0.1", &[forged]), "198.51.100.7");
        assert_eq!(origin("10.0.0.1", &["203.0.113.9", "198.51.100.7,10.2.2.2"]), "198.51.100.7");
        assert_eq!(origin("2001:db8:1::1", &["2001:db8:2::5"]), "2001:db8:2::5");
    }

    #[test]
    fn a_hop_that_is_no_address_ends_the_search() {
        assert_eq!(origin("10.0.0.1", &["198.51.100.7, nonsense"]), "10.0.0.1");
        assert_eq!(origin("10.0.0.1", &["198.51.100.7, ,10.3.3.3"]), "10.3.3.3");
    }
}
