//! A peer that speaks the relay's protocol by hand, so that it can ask more, and answer less, than
//! libp2p's own client does.

use std::net::Ipv4Addr;
use std::time::Duration;

use covey_rendezvous::Server;
use libp2p::core::upgrade::Version;
use libp2p::futures::{AsyncReadExt, AsyncWriteExt, StreamExt};
use libp2p::identity::Keypair;
use libp2p::swarm::SwarmEvent;
use libp2p::{PeerId, Stream, StreamProtocol, Swarm, Transport, noise, swarm, yamux};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::{PATIENCE, dialer, node_address};

const HOP: StreamProtocol = StreamProtocol::new("/libp2p/circuit/relay/0.2.0/hop");
const STOP: StreamProtocol = StreamProtocol::new("/libp2p/circuit/relay/0.2.0/stop");

/// The relay's answer when it does as it is asked.
pub const OK: u64 = 100;

/// Messages of the relay: RESERVE, CONNECT with the peer's name, and a STATUS of `/stop` with OK.
const RESERVE: [u8; 3] = [2, 0x08, 0];
const TAKEN: [u8; 5] = [4, 0x08, 1, 0x20, 100];

fn call(peer: PeerId) -> Vec<u8> {
    let name = peer.to_bytes();
    let mut message = vec![0x08, 1, 0x12, name.len() as u8 + 2, 0x0a, name.len() as u8];
    message.extend(name);
    message.insert(0, message.len() as u8);
    message
}

/// A connection to the node; dropping it closes it.
pub struct Raw {
    pub peer_id: PeerId,
    pub control: libp2p_stream::Control,
    node: PeerId,
    task: JoinHandle<()>,
}

impl Raw {
    /// Connects from an address of this machine, with a key of its own.
    pub async fn connect(node: &Server, from: Ipv4Addr) -> Self {
        let key = Keypair::generate_ed25519();
        let peer_id = key.public().to_peer_id();
        let transport = libp2p_websocket::Config::new(dialer::Dialer(from))
            .upgrade(Version::V1)
            .authenticate(noise::Config::new(&key).unwrap())
            .multiplex(yamux::Config::default())
            .timeout(Duration::from_secs(10))
            .boxed();
        let options = swarm::Config::with_tokio_executor()
            .with_idle_connection_timeout(Duration::from_secs(600));
        let streams = libp2p_stream::Behaviour::new();
        let control = streams.new_control();
        let mut swarm = Swarm::new(transport, streams, peer_id, options);
        swarm.dial(node_address(node)).unwrap();
        let connected = async {
            loop {
                match swarm.select_next_some().await {
                    SwarmEvent::ConnectionEstablished { .. } => return,
                    SwarmEvent::OutgoingConnectionError { error, .. } => panic!("{error}"),
                    _ => {}
                }
            }
        };
        timeout(PATIENCE, connected).await.expect("a connection in time");
        let task = tokio::spawn(async move {
            loop {
                swarm.select_next_some().await;
            }
        });
        Self { peer_id, control, node: node.peer_id(), task }
    }

    /// Somebody with a reservation who takes every circuit and says nothing on it.
    pub async fn takes(node: &Server, from: Ipv4Addr) -> Self {
        Self::waits(node, from, true).await
    }

    /// Somebody with a reservation who leaves whoever calls without an answer.
    pub async fn ignores(node: &Server, from: Ipv4Addr) -> Self {
        Self::waits(node, from, false).await
    }

    async fn waits(node: &Server, from: Ipv4Addr, answers: bool) -> Self {
        let mut raw = Self::connect(node, from).await;
        let mut calls = raw.control.accept(STOP).unwrap();
        tokio::spawn(async move {
            let mut kept = Vec::new();
            while let Some((_, mut stream)) = calls.next().await {
                if answers {
                    let mut length = [0];
                    let _ = stream.read_exact(&mut length).await;
                    let mut message = vec![0; length[0].into()];
                    let _ = stream.read_exact(&mut message).await;
                    let _ = stream.write_all(&TAKEN).await;
                    let _ = stream.flush().await;
                }
                kept.push(stream);
            }
        });
        let (status, _) = raw.ask(&RESERVE).await.expect("an answer");
        assert_eq!(status, OK, "no reservation");
        raw
    }

    /// Asks for a circuit and does not wait for the answer.
    pub async fn calls(&mut self, peer: PeerId) -> Stream {
        let open = self.control.open_stream(self.node, HOP);
        let mut stream = timeout(PATIENCE, open).await.expect("in time").expect("a stream");
        let _ = stream.write_all(&call(peer)).await;
        let _ = stream.flush().await;
        stream
    }

    /// Asks for a circuit: the relay's answer, and the stream that is the circuit from then on.
    /// `None` when the connection ends instead.
    pub async fn dial(&mut self, peer: PeerId) -> Option<(u64, Stream)> {
        self.ask(&call(peer)).await
    }

    async fn ask(&mut self, message: &[u8]) -> Option<(u64, Stream)> {
        let open = self.control.open_stream(self.node, HOP);
        let mut stream = timeout(PATIENCE, open).await.expect("in time").ok()?;
        stream.write_all(message).await.ok()?;
        stream.flush().await.ok()?;
        let status = status(&mut stream).await?;
        Some((status, stream))
    }
}

/// The status in the relay's answer.
pub async fn status(stream: &mut Stream) -> Option<u64> {
    let answer = async {
        let size = varint(stream).await?;
        let mut message = vec![0; size as usize];
        stream.read_exact(&mut message).await.ok()?;
        let mut rest = &message[..];
        let mut status = None;
        while let [key, tail @ ..] = rest {
            let (value, tail) = number(tail)?;
            rest = if key & 7 == 2 { tail.get(value as usize..)? } else { tail };
            status = if *key == 5 << 3 { Some(value) } else { status };
        }
        status
    };
    timeout(PATIENCE, answer).await.expect("an answer in time")
}

async fn varint(stream: &mut Stream) -> Option<u64> {
    let mut bytes = Vec::new();
    loop {
        let mut byte = [0];
        stream.read_exact(&mut byte).await.ok()?;
        bytes.push(byte[0]);
        if byte[0] < 0x80 {
            return number(&bytes).map(|(value, _)| value);
        }
    }
}

fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if *byte < 0x80 {
            return Some((value, &bytes[at + 1..]));
        }
    }
    None
}

impl Drop for Raw {
    fn drop(&mut self) {
        self.task.abort();
    }
}
