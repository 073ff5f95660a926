//! Several meshes in one task, and the real node.

#![allow(dead_code, reason = "each test file uses a part of it")]

mod near;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use covey_mesh::{Mesh, Settings, Trust, keypair};
use covey_rendezvous::{NodeKey, Server, ServerConfig};
use covey_wire::id::{Namespace, SeatId};
use covey_wire::meet::IceServer;
use covey_wire::net::{Class, Misuse, NetCommand, NetEvent, NodeState, Path};
use libp2p::core::muxing::StreamMuxerBox;
use libp2p::core::upgrade::Version;
use libp2p::swarm::dummy;
use libp2p::{Transport, noise, relay, tcp, yamux};
use tokio::time::timeout;

pub const PATIENCE: Duration = Duration::from_secs(60);
pub const ROOM: Namespace = Namespace([9; 32]);

/// One page.
pub struct Page {
    pub mesh: Mesh<dummy::Behaviour>,
    pub seat: SeatId,
    /// Whether its direct dials get through.
    pub open: Arc<AtomicBool>,
    pub node: NodeState,
    /// Dial whoever is found, as a room does.
    pub eager: bool,
    pub found: Vec<(SeatId, bool)>,
    /// The seats that are up, by which path.
    pub up: BTreeMap<SeatId, Path>,
    pub downs: usize,
    pub refused: Vec<(SeatId, Misuse)>,
    pub frames: Vec<(SeatId, Class, Vec<u8>)>,
    pub ice: Rc<RefCell<Vec<IceServer>>>,
}

pub fn page(upgrades: bool) -> Page {
    page_of(std::array::from_fn(|_| rand_byte()), upgrades, Trust::everyone())
}

/// The page of the seat with this secret.
pub fn page_of(secret: [u8; 32], upgrades: bool, trust: Trust) -> Page {
    let key = keypair(secret);
    let open = Arc::new(AtomicBool::new(true));
    let (relays, relay) = relay::client::new(key.public().to_peer_id());
    let sockets = libp2p_websocket::Config::new(tcp::tokio::Transport::default());
    let far = relays
        .or_transport(sockets)
        .upgrade(Version::V1Lazy)
        .authenticate(noise::Config::new(&key).unwrap())
        .multiplex(yamux::Config::default())
        .timeout(Duration::from_secs(10))
        .map(|(peer, muxer), _| (peer, StreamMuxerBox::new(muxer)));
    let transport = near::Near::new(&key, open.clone())
        .or_transport(far)
        .map(|either, _| either.into_inner())
        .boxed();
    let ice = Rc::new(RefCell::new(Vec::new()));
    let told = ice.clone();
    let settings = Settings { seed: u64::from(secret[0]), upgrades, trust };
    let on_ice = move |servers| *told.borrow_mut() = servers;
    let mesh = Mesh::new(&key, transport, relay, dummy::Behaviour, on_ice, settings);
    let seat = mesh.local().unwrap();
    Page {
        mesh,
        seat,
        open,
        node: NodeState::Connecting,
        eager: true,
        found: Vec::new(),
        up: BTreeMap::new(),
        downs: 0,
        refused: Vec::new(),
        frames: Vec::new(),
        ice,
    }
}

fn rand_byte() -> u8 {
    libp2p::PeerId::random().to_bytes()[10]
}

impl Page {
    pub fn join(&mut self, node: &str) {
        self.mesh.command(NetCommand::Nodes(vec![node.into()]));
        self.mesh.command(NetCommand::Meet(ROOM));
    }

    pub fn send(&mut self, seat: SeatId, class: Class, bytes: Vec<u8>) {
        self.mesh.command(NetCommand::Send { seat, class, bytes });
    }

    pub fn path(&self, seat: SeatId) -> Option<Path> {
        self.up.get(&seat).copied()
    }

    /// Frames of a class from a seat.
    pub fn from(&self, seat: SeatId, class: Class) -> impl Iterator<Item = &Vec<u8>> {
        let wanted = move |(from, of, _): &&(SeatId, Class, Vec<u8>)| *from == seat && *of == class;
        self.frames.iter().filter(wanted).map(|(_, _, bytes)| bytes)
    }

    pub fn shut(&self) {
        self.open.store(false, Ordering::SeqCst);
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> bool {
        let Poll::Ready(event) = self.mesh.poll_next(cx) else { return false };
        match event {
            NetEvent::Node(state) => self.node = state,
            NetEvent::Found { namespace, seats, newcomer } => {
                assert_eq!(namespace, ROOM);
                for seat in seats {
                    self.found.push((seat, newcomer));
                    if self.eager && !newcomer {
                        self.mesh.command(NetCommand::Dial(seat));
                    }
                }
            }
            NetEvent::Up { seat, path } => {
                self.up.insert(seat, path);
            }
            NetEvent::Down(seat) => {
                assert!(self.up.remove(&seat).is_some(), "down without up");
                self.downs += 1;
            }
            NetEvent::Refused { seat, why } => self.refused.push((seat, why)),
            NetEvent::Frame { seat, class, bytes } => {
                assert!(self.up.contains_key(&seat), "a frame of somebody who is not up");
                self.frames.push((seat, class, bytes));
            }
            NetEvent::Written { .. } | NetEvent::Unsupported { .. } => {}
        }
        true
    }
}

/// Runs all pages until `done`.
pub async fn until(what: &str, pages: &mut [Page], mut done: impl FnMut(&mut [Page]) -> bool) {
    let run = poll_fn(|cx| {
        if done(pages) {
            return Poll::Ready(());
        }
        let mut moved = false;
        for page in pages.iter_mut() {
            moved |= page.poll(cx);
        }
        if moved {
            // Sockets and the node have their turn before the next round.
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    });
    if timeout(PATIENCE, run).await.is_err() {
        for page in pages {
            eprintln!(
                "{:?}: node {:?}, found {:?}, up {:?}, downs {}, {} frames, {:?}",
                page.seat,
                page.node,
                page.found,
                page.up,
                page.downs,
                page.frames.len(),
                page.mesh.misuses(),
            );
        }
        panic!("timed out: {what}");
    }
}

pub async fn node() -> (Server, String) {
    node_at(0, [7; 32]).await
}

pub async fn node_at(port: u16, seed: [u8; 32]) -> (Server, String) {
    let listen = (std::net::Ipv4Addr::LOCALHOST, port).into();
    let mut config = ServerConfig::new(listen, NodeKey::from_seed(seed));
    let urls = vec!["stun:127.0.0.1:3478".into()];
    config.ice_servers = vec![IceServer { urls, ..IceServer::default() }];
    let node = Server::spawn(config).await.unwrap();
    let address = format!("/ip4/127.0.0.1/tcp/{}/ws", node.address().port());
    (node, address)
}

/// Pages that have joined the room one after another and are all linked.
pub async fn linked(count: usize, upgrades: bool, node: &str) -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    for _ in 0..count {
        let mut page = page(upgrades);
        page.join(node);
        pages.push(page);
        let path = if upgrades { Path::Direct } else { Path::Relayed };
        until("all linked", &mut pages, |pages| {
            pages.iter().all(|page| {
                page.node == NodeState::Up
                    && page.up.len() == pages.len() - 1
                    && page.up.values().all(|p| *p == path)
            })
        })
        .await;
    }
    pages
}
