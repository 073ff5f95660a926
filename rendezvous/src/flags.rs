//! The command line.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::{NonZeroU32, NonZeroU64};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::Parser;
use covey_core::limits;
use covey_core::meet::IceServer;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;

use crate::{External, NodeKey, ServerConfig, ServerError};

const PORT: u16 = 8080;

/// Serves the page and introduces peers to each other, all on one port.
///
/// Prints `listening on http://ADDRESS` on its output once it takes connections; logs go to its
/// error output. RUST_LOG sets what is logged.
#[derive(Debug, Clone, Parser)]
#[command(name = "covey-node", version)]
pub struct Flags {
    /// Where to listen [default: 0.0.0.0:8080, with --dev 127.0.0.1:8080]; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,

    /// The folder with the site; without it the node only introduces peers
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,

    /// File with the node's key, made when absent; without it each start has a new key
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,

    /// What pages dial, as https://example.org or /dns4/example.org/tcp/443/tls/ws; may be
    /// repeated [default: the address listened at]
    #[arg(long, value_name = "ADDRESS")]
    external: Vec<External>,

    /// STUN or TURN server for pages, as stun:HOST:PORT or turn:HOST:PORT,USER,CREDENTIAL; may be
    /// repeated
    #[arg(long = "ice-server", value_name = "URL")]
    ice_servers: Vec<Ice>,

    /// Where to answer STUN over UDP, told to pages as stun:HOST:PORT with the host of --external
    /// [default: where it listens; with --dev not at all]
    #[arg(long, value_name = "ADDRESS:PORT", conflicts_with = "no_stun")]
    stun: Option<SocketAddr>,

    /// Answer no STUN
    #[arg(long)]
    no_stun: bool,

    /// How many connections one IPv4 address or IPv6 /64 may have [default: 512]; behind a reverse
    /// proxy all pages share its address
    #[arg(long, value_name = "COUNT")]
    per_address: Option<NonZeroU32>,

    /// When a relayed connection is cut, in seconds
    #[arg(long, value_name = "SECONDS")]
    circuit_seconds: Option<NonZeroU32>,

    /// How much a relayed connection may carry, in bytes
    #[arg(long, value_name = "BYTES")]
    circuit_bytes: Option<NonZeroU64>,

    /// For development: this machine only, logs for people
    #[arg(long)]
    dev: bool,
}

impl Flags {
    /// The node that the command line describes.
    pub fn into_config(self) -> Result<ServerConfig, ServerError> {
        let default = if self.dev { Ipv4Addr::LOCALHOST } else { Ipv4Addr::UNSPECIFIED };
        let listen = self.listen.unwrap_or_else(|| (default, PORT).into());
        let key = match &self.key {
            Some(path) => NodeKey::load_or_create(path)?,
            None => NodeKey::random()?,
        };
        let mut config = ServerConfig::new(listen, key);
        config.external = self.external;
        config.site.dir = self.site;
        config.ice_servers = self.ice_servers.into_iter().map(|ice| ice.0).collect();
        let beside = (!self.dev && !self.no_stun).then_some(listen);
        config.stun.listen = self.stun.or(beside);
        if let Some(count) = self.per_address {
            config.http.per_address = count.get() as usize;
        }
        if let Some(seconds) = self.circuit_seconds {
            config.relay.circuit_duration = Duration::from_secs(seconds.get().into());
        }
        if let Some(bytes) = self.circuit_bytes {
            config.relay.circuit_bytes = bytes.get();
        }
        Ok(config)
    }

    /// Logs to the error output: of this node only, since libraries name peers' addresses.
    pub fn init_logs(&self) {
        let filter = EnvFilter::builder()
            .with_default_directive(LevelFilter::OFF.into())
            .parse_lossy(std::env::var("RUST_LOG").as_deref().unwrap_or("covey_rendezvous=info"));
        let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        if self.dev { logs.without_time().init() } else { logs.json().init() }
    }
}

/// An entry of `--ice-server`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ice(IceServer);

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
    use clap::CommandFactory;

    use super::*;

    fn config(flags: &[&str]) -> ServerConfig {
        let flags = [&["covey-node"], flags].concat();
        Flags::try_parse_from(flags).unwrap().into_config().unwrap()
    }

    #[test]
    fn the_flags_are_consistent() {
        Flags::command().debug_assert();
    }

    #[test]
    fn development_stays_on_this_machine() {
        assert_eq!(config(&["--dev"]).listen, "127.0.0.1:8080".parse().unwrap());
        assert_eq!(config(&[]).listen, "0.0.0.0:8080".parse().unwrap());
        let listen = ["--dev", "--listen", "127.0.0.1:0"];
        assert_eq!(config(&listen).listen, "127.0.0.1:0".parse().unwrap());
    }

    #[test]
    fn limits_of_circuits_are_never_zero() {
        for flags in [["--circuit-seconds", "0"], ["--circuit-bytes", "0"]] {
            assert!(Flags::try_parse_from(["covey-node", flags[0], flags[1]]).is_err());
        }
        let config = config(&["--circuit-seconds", "60", "--circuit-bytes", "1000"]);
        assert_eq!(config.relay.circuit_duration, Duration::from_secs(60));
        assert_eq!(config.relay.circuit_bytes, 1000);
    }

    #[test]
    fn stun_is_answered_where_the_node_listens_but_in_development() {
        assert_eq!(config(&[]).stun.listen, "0.0.0.0:8080".parse().ok());
        assert_eq!(config(&["--dev"]).stun.listen, None);
        assert_eq!(config(&["--no-stun"]).stun.listen, None);
        let stun = ["--dev", "--stun", "127.0.0.1:0"];
        assert_eq!(config(&stun).stun.listen, "127.0.0.1:0".parse().ok());
    }

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
