//! The settings of a node: by a file, the environment and the command line, each over the one
//! before.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::{NonZeroU32, NonZeroU64};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser};
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;

use crate::ice::Ice;
use crate::rate_limiter::Rate;
use crate::{External, NodeKey, ServerConfig, ServerError};

const PORT: u16 = 8080;
/// How many seconds' worth of requests may come at once.
const BURST: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
/// `COVEY_NODE_LISTEN` and so on.
const ENVIRONMENT: &str = "COVEY_NODE_";

/// Serves the page and introduces peers to each other, all on one port.
///
/// Prints `listening on http://ADDRESS` on its output once it takes connections; logs go to its
/// error output. RUST_LOG sets what is logged. Every option that has a value can stand in the file
/// of --config (per_address = 64) and in the environment (COVEY_NODE_PER_ADDRESS=64) as well.
#[derive(Debug, Clone, Parser)]
#[command(name = "covey-node", version)]
pub struct Flags {
    /// File with settings (TOML); the environment and the command line stand above it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Print the settings in force, in the form of that file, and end
    #[arg(long)]
    print_config: bool,

    #[command(flatten)]
    settings: Settings,
}

/// The settings, as all three sources have them.
#[derive(Debug, Clone, Default, PartialEq, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where to listen [default: 0.0.0.0:8080, with --dev 127.0.0.1:8080]; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<SocketAddr>,

    /// The folder with the site; without it the node only introduces peers. Dot-files, and links that
    /// lead out of it, are not served
    #[arg(long, value_name = "DIR")]
    #[serde(skip_serializing_if = "Option::is_none")]
    site: Option<PathBuf>,

    /// File with the node's key, made when absent (mode 0600; one that others can read is refused);
    /// without it each start has a new key
    #[arg(long, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<PathBuf>,

    /// The addresses that pages dial, as https://example.org or /dns4/example.org/tcp/443/tls/ws; may be
    /// repeated [default: the address listened at]
    #[arg(long, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    external: Vec<External>,

    /// STUN or TURN server for pages, as stun:HOST:PORT or turn:HOST:PORT,USER,CREDENTIAL; may be
    /// repeated
    #[arg(long = "ice-server", value_name = "URL")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ice_server: Vec<Ice>,

    /// Where to answer STUN over UDP, told to pages as stun:HOST:PORT with the host of --external
    /// [default: where it listens; with --dev not at all]
    #[arg(long, value_name = "ADDRESS:PORT", conflicts_with = "no_stun")]
    #[serde(skip_serializing_if = "Option::is_none")]
    stun: Option<SocketAddr>,

    /// Answer no STUN
    #[arg(long)]
    #[serde(skip_serializing_if = "is_false")]
    no_stun: bool,

    /// How many connections one IPv4 address or IPv6 /64 may have [default: 512]; behind a reverse
    /// proxy name it by --proxy
    #[arg(long, value_name = "COUNT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    per_address: Option<NonZeroU32>,

    /// How many requests a second such an address may make [default: 200], twenty times as many at
    /// once
    #[arg(long, value_name = "COUNT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    per_second: Option<NonZeroU32>,

    /// Reverse proxy, as an address or network (10.0.0.0/8), whose X-Forwarded-For is believed; may
    /// be repeated
    #[arg(long, value_name = "NETWORK", value_parser = network)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    proxy: Vec<IpNet>,

    /// When a relayed connection is cut, in seconds
    #[arg(long, value_name = "SECONDS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    circuit_seconds: Option<NonZeroU32>,

    /// How much a relayed connection may carry, in bytes
    #[arg(long, value_name = "BYTES")]
    #[serde(skip_serializing_if = "Option::is_none")]
    circuit_bytes: Option<NonZeroU64>,

    /// How many threads work [default: 1]
    #[arg(long, value_name = "COUNT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    threads: Option<NonZeroU32>,

    /// For development: this machine only, logs for people
    #[arg(long)]
    #[serde(skip_serializing_if = "is_false")]
    dev: bool,
}

impl Flags {
    /// The settings in force; an unknown or malformed one is an error that names it.
    pub fn settings(self) -> Result<Settings, ServerError> {
        let file = self.config.map(|path| {
            if path.is_file() { Ok(Toml::file_exact(path)) } else { Err(ServerError::Config(path)) }
        });
        let mut figment = Figment::new();
        if let Some(file) = file.transpose()? {
            figment = figment.merge(file);
        }
        let figment = figment.merge(Env::prefixed(ENVIRONMENT));
        let figment = figment.merge(Serialized::defaults(self.settings));
        figment.extract().map_err(|error| ServerError::Setting(Box::new(error)))
    }

    /// Whether only to print the settings.
    pub fn prints_config(&self) -> bool {
        self.print_config
    }
}

impl Settings {
    /// The node that they describe.
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
        config.ice_servers = self.ice_server.into_iter().map(Ice::into_server).collect();
        let beside = (!self.dev && !self.no_stun).then_some(listen);
        config.stun.listen = self.stun.or(beside);
        if let Some(count) = self.per_address {
            config.visitors.per_address = count.get() as usize;
        }
        if let Some(rate) = self.per_second {
            let burst = rate.saturating_mul(BURST);
            config.visitors.requests = Rate { per_second: rate, burst };
        }
        config.visitors.proxies = self.proxy;
        if let Some(seconds) = self.circuit_seconds {
            config.relay.circuit_duration = Duration::from_secs(seconds.get().into());
        }
        if let Some(bytes) = self.circuit_bytes {
            config.relay.circuit_bytes = bytes.get();
        }
        Ok(config)
    }

    /// How many threads work.
    pub fn threads(&self) -> usize {
        self.threads.map_or(1, |threads| threads.get() as usize)
    }

    /// Logs to the error output: of this node only, since libraries name peers' addresses.
    pub fn init_logs(&self) {
        let filter = EnvFilter::builder()
            .with_default_directive(LevelFilter::OFF.into())
            .parse_lossy(std::env::var("RUST_LOG").as_deref().unwrap_or("covey_rendezvous=info"));
        let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        if self.dev { logs.without_time().init() } else { logs.json().init() }
    }

    /// In the form of the file.
    pub fn to_toml(&self) -> String {
        // Nothing in them that TOML can't say.
        toml::to_string(self).unwrap_or_default()
    }
}

/// A network, or one address.
fn network(text: &str) -> Result<IpNet, String> {
    let address = text.parse::<IpAddr>().map(IpNet::from);
    address.or_else(|_| text.parse()).map_err(|_| "write it as 10.0.0.1 or 10.0.0.0/8".to_owned())
}

fn is_false(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
#[allow(clippy::result_large_err, reason = "the test library's own error")]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn config(flags: &[&str]) -> ServerConfig {
        let flags = [&["covey-node"], flags].concat();
        Flags::try_parse_from(flags).unwrap().settings().unwrap().into_config().unwrap()
    }

    #[test]
    fn the_flags_are_consistent() {
        Flags::command().debug_assert();
    }

    #[test]
    fn development_stays_on_this_machine() {
        assert_eq!(config(&["--dev"]).listen, "127.0.0.1:8080".parse::<SocketAddr>().unwrap());
        assert_eq!(config(&[]).listen, "0.0.0.0:8080".parse::<SocketAddr>().unwrap());
        let listen = ["--dev", "--listen", "127.0.0.1:0"];
        assert_eq!(config(&listen).listen, "127.0.0.1:0".parse::<SocketAddr>().unwrap());
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
    fn the_command_line_stands_above_the_environment_and_that_above_the_file() {
        figment::Jail::expect_with(|jail| {
            jail.create_file("node.toml", "per_address = 1\ncircuit_seconds = 1\nno_stun = true")?;
            jail.set_env("COVEY_NODE_PER_ADDRESS", 2);
            jail.set_env("COVEY_NODE_CIRCUIT_SECONDS", 2);
            let config = config(&["--config", "node.toml", "--per-address", "3"]);
            assert_eq!(config.visitors.per_address, 3);
            assert_eq!(config.relay.circuit_duration, Duration::from_secs(2));
            assert_eq!(config.stun.listen, None);
            Ok(())
        });
    }

    #[test]
    fn settings_print_as_a_file_that_says_the_same() {
        figment::Jail::expect_with(|jail| {
            let flags = ["covey-node", "--external", "https://example.org", "--no-stun"];
            let turn = ["--ice-server", "turn:example.org,ann,a,b", "--listen", "[::1]:80"];
            let flags = Flags::try_parse_from(flags.into_iter().chain(turn)).unwrap();
            let settings = flags.settings().unwrap();
            jail.create_file("node.toml", &settings.to_toml())?;
            let read = ["covey-node", "--config", "node.toml"];
            assert_eq!(Flags::try_parse_from(read).unwrap().settings().unwrap(), settings);
            Ok(())
        });
    }

    #[test]
    fn unknown_and_wrong_settings_are_refused_by_name() {
        figment::Jail::expect_with(|jail| {
            for (text, word) in [
                ("per_adress = 1", "per_adress"),
                ("listen = \"nowhere\"", "listen"),
                ("x = ", "TOML"),
            ] {
                jail.create_file("node.toml", text)?;
                let flags = ["covey-node", "--config", "node.toml"];
                let error =
                    Flags::try_parse_from(flags).unwrap().settings().unwrap_err().to_string();
                assert!(error.contains(word), "{error}");
            }
            let missing = ["covey-node", "--config", "absent.toml"];
            let error = Flags::try_parse_from(missing).unwrap().settings().unwrap_err();
            assert!(error.to_string().contains("absent.toml"), "{error}");
            Ok(())
        });
    }
}
