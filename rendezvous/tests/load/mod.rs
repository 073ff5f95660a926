//! Many who only wait, one who floods, and somebody who just wants in.

#![allow(dead_code, reason = "the test and the program each use a part of it")]

pub mod flood;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use covey_wire::id::Namespace;
use covey_wire::meet::MeetReply;
use libp2p::futures::future::join_all;
use libp2p::multiaddr::Protocol;
use libp2p::{Multiaddr, PeerId};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::common::dialer::connect;
use crate::common::{Client, Meeting, Running};

/// People of one network, well below what one may have.
const HOUSEHOLD: usize = 250;
/// People who connect at the same time.
const STEP: usize = 25;
/// People in one room.
const ROOM: usize = 4;

/// Where the node is.
#[derive(Clone)]
pub struct Node {
    pub peer: PeerId,
    pub http: SocketAddr,
}

/// Somebody who has registered, has a reservation and waits.
pub struct Waiting {
    pub running: Running,
    pub meeting: Meeting,
}

impl Node {
    /// The node that answers here, by what it says of itself.
    pub async fn at(http: SocketAddr, from: Ipv4Addr) -> io::Result<Self> {
        let card = get(http, from, "/covey.json").await?;
        let (_, card) = card.split_once("\r\n\r\n").ok_or(io::ErrorKind::InvalidData)?;
        let card: serde_json::Value = serde_json::from_str(card)?;
        let peer = card["peer_id"].as_str().and_then(|peer| peer.parse().ok());
        Ok(Self { peer: peer.ok_or(io::ErrorKind::InvalidData)?, http })
    }

    fn address(&self) -> Multiaddr {
        let address = Multiaddr::empty().with(self.http.ip().into());
        address.with(Protocol::Tcp(self.http.port())).with(Protocol::Ws("/".into()))
    }

    /// Somebody in a room, found by the others there.
    pub async fn enter(&self, from: Ipv4Addr, room: Namespace, reserves: bool) -> Waiting {
        let mut client = Client::at(from);
        client.connect_to(self.peer, self.address()).await;
        if reserves {
            let circuit = self.address().with(Protocol::P2p(self.peer)).with(Protocol::P2pCircuit);
            client.reserve_at(circuit, 1).await;
        }
        let mut running = client.run();
        let mut meeting = running.meet_at(self.peer).await;
        meeting.discover(room).await;
        meeting.register(room).await;
        Waiting { running, meeting }
    }

    /// So many people in rooms of four and in as many networks as the node's limits make necessary.
    pub async fn crowd(&self, count: usize) -> Vec<Waiting> {
        let mut crowd = Vec::with_capacity(count);
        while crowd.len() < count {
            let next = crowd.len()..count.min(crowd.len() + STEP);
            let enter = next.map(|n| self.enter(household(n / HOUSEHOLD), room(n / ROOM), true));
            crowd.extend(join_all(enter).await);
        }
        crowd
    }

    /// How long the page takes from a new connection to its last byte, and the answer's status.
    pub async fn page(&self, from: Ipv4Addr, path: &str) -> io::Result<(u16, Duration)> {
        let start = Instant::now();
        let answer = get(self.http, from, path).await?;
        let status = answer.get(9..12).and_then(|code| code.parse().ok());
        Ok((status.ok_or(io::ErrorKind::InvalidData)?, start.elapsed()))
    }

    /// How long it takes until somebody who waits hears of somebody who comes: with connection,
    /// handshake, and finding each other.
    pub async fn introduction(
        &self,
        from: Ipv4Addr,
        host: &mut Waiting,
        at: Namespace,
    ) -> Duration {
        let start = Instant::now();
        let guest = self.enter(from, at, false).await;
        loop {
            if let MeetReply::Joined { seat, .. } = host.meeting.next().await
                && seat == guest.running.seat
            {
                return start.elapsed();
            }
        }
    }

    /// The counters of the node.
    pub async fn metrics(&self, from: Ipv4Addr) -> io::Result<String> {
        get(self.http, from, "/metrics").await
    }
}

/// A whole answer, on a connection of its own.
async fn get(to: SocketAddr, from: Ipv4Addr, path: &str) -> io::Result<String> {
    let mut stream = connect(from, to).await?;
    let ask = format!("GET {path} HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n");
    stream.write_all(ask.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

/// Loopback addresses from 127.1.0.1 on.
pub fn household(n: usize) -> Ipv4Addr {
    let [.., high, low] = (n as u32 + 1).to_be_bytes();
    Ipv4Addr::new(127, 1, high, low)
}

pub fn room(n: usize) -> Namespace {
    let mut room = [7; 32];
    room[..8].copy_from_slice(&(n as u64).to_be_bytes());
    Namespace(room)
}
