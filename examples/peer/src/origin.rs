//! The node behind a page's address, for links that name none.

use url::{Host, Url};

/// The node that serves the page of this link.
pub fn node(link: &str) -> Option<String> {
    let url = Url::parse(link.trim()).ok()?;
    let host = match url.host()? {
        Host::Domain(name) => format!("/dns/{name}"),
        Host::Ipv4(address) => format!("/ip4/{address}"),
        Host::Ipv6(address) => format!("/ip6/{address}"),
    };
    let end = match url.scheme() {
        "http" => "ws",
        "https" => "tls/ws",
        _ => return None,
    };
    Some(format!("{host}/tcp/{}/{end}", url.port_or_known_default()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_its_node() {
        for (link, expected) in [
            ("https://example.org/#abc", Some("/dns/example.org/tcp/443/tls/ws")),
            ("http://127.0.0.1:8080/#abc", Some("/ip4/127.0.0.1/tcp/8080/ws")),
            ("https://[::1]:8443/room#abc", Some("/ip6/::1/tcp/8443/tls/ws")),
            ("abc", None),
            ("file:///index.html#abc", None),
        ] {
            assert_eq!(node(link).as_deref(), expected, "{link}");
        }
    }
}
