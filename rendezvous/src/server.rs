//! The whole node, running.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use covey_wire::limits;
use covey_wire::meet::IceServer;
use libp2p::{PeerId, TransportError};
use thiserror::Error;
use tokio::net::{TcpListener, TcpSocket, UdpSocket};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::info;

use crate::admission::Admission;
use crate::app::{App, NodeDescriptor, create_app};
use crate::metrics::Metrics;
use crate::site::Site;
use crate::socket::Sockets;
use crate::swarm::{self, SwarmConfig};
use crate::{
    External, HttpConfig, KeyError, MeetConfig, NodeKey, RelayConfig, SiteConfig, SocketConfig,
    StunConfig, VisitorConfig, http, key, stun,
};

/// How long what is under way may take once the node is told to stop.
const GRACE: Duration = Duration::from_millis(1500);

/// Connections that wait to be taken; systems have a limit of their own.
const BACKLOG: u32 = 4096;

/// Everything a node can be told.
pub struct ServerConfig {
    /// The address and port for everything.
    pub listen: SocketAddr,
    /// The node's key.
    pub key: NodeKey,
    /// The addresses that pages dial; where none is given, the address that is listened at.
    pub external: Vec<External>,
    /// Told to pages for their direct connections.
    pub ice_servers: Vec<IceServer>,
    /// The site.
    pub site: SiteConfig,
    /// HTTP.
    pub http: HttpConfig,
    /// How visitors are told apart.
    pub visitors: VisitorConfig,
    /// WebSockets.
    pub socket: SocketConfig,
    /// The circuit relay.
    pub relay: RelayConfig,
    /// Introductions.
    pub meet: MeetConfig,
    /// STUN.
    pub stun: StunConfig,
}

/// Why a node does not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServerError {
    /// There is no key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The port can't be had.
    #[error("can't listen at {address}: {error}")]
    Bind {
        /// Where.
        address: SocketAddr,
        /// Why not.
        error: io::Error,
    },
    /// The folder holds no site.
    #[error("{0} has no index.html")]
    Site(PathBuf),
    /// There is no such file.
    #[error("there is no settings file {0}")]
    Config(PathBuf),
    /// A setting is unknown or malformed.
    #[error("{0}")]
    Setting(Box<figment::Error>),
    /// Pages take only so many.
    #[error("at most {} ICE servers can be told to pages", limits::ICE_SERVERS)]
    IceServers,
    /// libp2p does not take the address.
    #[error("libp2p can't listen: {0}")]
    Libp2p(#[from] TransportError<io::Error>),
}

/// A running node. Dropping it leaves it running; `stop` ends it.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    peer_id: PeerId,
    stun: Option<SocketAddr>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl ServerConfig {
    /// Sane values for everything but where to listen and who to be.
    pub fn new(listen: SocketAddr, key: NodeKey) -> Self {
        Self {
            listen,
            key,
            external: Vec::new(),
            ice_servers: Vec::new(),
            site: SiteConfig::default(),
            http: HttpConfig::default(),
            visitors: VisitorConfig::default(),
            socket: SocketConfig::default(),
            relay: RelayConfig::default(),
            meet: MeetConfig::default(),
            stun: StunConfig::default(),
        }
    }

    /// A node for tests: a free port of this machine, a key of its own.
    pub fn for_tests() -> Result<Self, ServerError> {
        Ok(Self::new((Ipv4Addr::LOCALHOST, 0).into(), NodeKey::random()?))
    }
}

impl Server {
    /// Binds the port and serves in the background.
    pub async fn spawn(config: ServerConfig) -> Result<Self, ServerError> {
        if let Some(dir) = config.site.dir.as_ref().filter(|dir| !dir.join("index.html").is_file())
        {
            return Err(ServerError::Site(dir.clone()));
        }
        let bind = |error| ServerError::Bind { address: config.listen, error };
        let listener = listen(config.listen).map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        let external = match &config.external[..] {
            [] => vec![External::of_listener(address)],
            external => external.to_vec(),
        };

        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let metrics = Metrics::new();
        let mut ice_servers = config.ice_servers;
        let mut stun_address = None;
        if let Some(listen) = config.stun.listen {
            let bind = |error| ServerError::Bind { address: listen, error };
            let socket = UdpSocket::bind(listen).await.map_err(bind)?;
            let port = socket.local_addr().map_err(bind)?.port();
            stun_address = Some(SocketAddr::new(listen.ip(), port));
            ice_servers.insert(0, stun::offer(&external, port));
            tasks.spawn(stun::serve(socket, config.stun, metrics.clone(), stop.clone()));
        }
        if ice_servers.len() > limits::ICE_SERVERS {
            return Err(ServerError::IceServers);
        }
        let socket = config.socket.clone();
        let (sockets, arrivals) = Sockets::new(config.socket, stop.clone());
        let key = config.key.keypair();
        let peer_id = key.public().to_peer_id();
        let descriptor = NodeDescriptor::new(peer_id, &external);
        let swarm_config = SwarmConfig {
            key,
            listen: External::of_socket(address),
            external,
            handshakes: socket.handshakes,
            handshake: socket.handshake,
            idle: socket.idle,
            relay: config.relay,
            meet: config.meet,
            seed: key::random()?,
            ice_servers,
            metrics: metrics.clone(),
        };
        let swarm = swarm::create(swarm_config, arrivals)?;
        tasks.spawn(swarm::run(swarm, sockets.clone(), metrics.clone(), stop.clone()));

        let admission = Admission::new(config.visitors, metrics.clone());
        let app = create_app(App {
            site: Site::new(&config.site, metrics.clone()),
            sockets,
            descriptor,
            metrics: metrics.clone(),
            admission: admission.clone(),
        });
        tasks.spawn(http::serve(listener, app, config.http, admission, metrics, stop.clone()));
        tasks.close();
        info!(node = %peer_id, "ready");
        Ok(Self { address, peer_id, stun: stun_address, stop, tasks })
    }

    /// A running node for tests.
    pub async fn spawn_for_tests() -> Result<Self, ServerError> {
        Self::spawn(ServerConfig::for_tests()?).await
    }

    /// Where it really listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it answers STUN, if it does.
    pub fn stun(&self) -> Option<SocketAddr> {
        self.stun
    }

    /// The name libp2p knows it by.
    pub fn peer_id(&self) -> PeerId {
        self.peer_id
    }

    /// Takes no more connections, says goodbye to every page, and ends within two seconds.
    pub async fn stop(self) {
        info!("stopping");
        self.stop.cancel();
        if timeout(GRACE, self.tasks.wait()).await.is_err() {
            info!("not everyone answered the goodbye");
        }
    }
}

/// Listens with a long queue: what does not fit into it is only tried again after a second.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // After a restart the port is still busy with connections of before. On Windows the option means
    // something else.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
