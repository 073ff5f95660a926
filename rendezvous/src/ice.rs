//! ICE servers as they are written in settings.

use std::str::FromStr;

use covey_wire::limits;
use covey_wire::meet::IceServer;
use serde::{Deserialize, Serialize};

/// An entry of `--ice-server`: a URL, for TURN with a user name and a credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Ice(IceServer);

impl TryFrom<String> for Ice {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        text.parse()
    }
}

impl From<Ice> for String {
    fn from(Ice(server): Ice) -> Self {
        let parts = server.urls.into_iter().chain(server.username).chain(server.credential);
        parts.collect::<Vec<_>>().join(",")
    }
}

impl Ice {
    /// The servers that pages are told of.
    pub(crate) fn into_server(self) -> IceServer {
        self.0
    }
}

impl FromStr for Ice {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let mut parts = text.splitn(3, ',');
        let url = parts.next().unwrap_or_default();
        let scheme = url.split(':').next().unwrap_or_default();
        if !matches!(scheme, "stun" | "stuns" | "turn" | "turns") || url.len() > limits::ICE_URL {
            return Err("write it as stun:HOST:PORT or turn:HOST:PORT,USER,CREDENTIAL");
        }
        let (username, credential) = (parts.next(), parts.next());
        if scheme.starts_with("turn") && credential.is_none() {
            return Err("a TURN server needs a user name and a credential after the URL");
        }
        if username.into_iter().chain(credential).any(|t| t.len() > limits::ICE_CREDENTIAL) {
            return Err("the user name or credential is too long");
        }
        Ok(Self(IceServer {
            urls: vec![url.to_owned()],
            username: username.map(str::to_owned),
            credential: credential.map(str::to_owned),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ice_servers_are_read() {
        let Ice(stun) = "stun:example.org:3478".parse().unwrap();
        assert_eq!((stun.urls, stun.username), (vec!["stun:example.org:3478".to_owned()], None));
        let Ice(turn) = "turn:example.org,ann,a,b".parse().unwrap();
        assert_eq!(
            (turn.username.as_deref(), turn.credential.as_deref()),
            (Some("ann"), Some("a,b"))
        );
        assert!("turn:example.org".parse::<Ice>().is_err());
        assert!("https://example.org".parse::<Ice>().is_err());
    }
}
