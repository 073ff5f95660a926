//! STUN (RFC 8489): tells whoever asks which address their packets come from.
//!
//! Stateless, on one UDP port. Only binding requests are answered, with XOR-MAPPED-ADDRESS and
//! nothing else: 32 bytes over IPv4 and 44 over IPv6, the least the RFC allows, so that a forged
//! sender makes little out of a request of 20.

mod answer;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;

use covey_wire::limits;
use covey_wire::meet::IceServer;
use tokio::net::UdpSocket;
use tokio_util::sync::CancellationToken;
use tracing::warn;

pub(crate) use self::answer::answer;
use crate::External;
use crate::connection_limit::network;
use crate::metrics::Metrics;
use crate::rate_limiter::{Rate, RateLimiter};

/// A binding request of a page is 20 bytes, with credentials and the like some hundreds.
const QUESTION: usize = 548;

/// The limits of STUN.
#[derive(Debug, Clone)]
pub struct StunConfig {
    /// Where to listen (UDP); nowhere without it.
    pub listen: Option<SocketAddr>,
    /// Answers for one IPv4 address or one /64 of IPv6: at once, those of a classroom that joins.
    pub answers: Rate,
}

impl Default for StunConfig {
    fn default() -> Self {
        Self { listen: None, answers: Rate::new(50, 500) }
    }
}

/// The servers that pages are told of: the port at every host by which they reach the node.
pub(crate) fn offer(external: &[External], port: u16) -> IceServer {
    let mut urls: Vec<String> =
        external.iter().map(|e| format!("stun:{}:{port}", e.host())).collect();
    urls.dedup();
    urls.truncate(limits::ICE_URLS);
    IceServer { urls, username: None, credential: None }
}

/// Answers until `stop` is cancelled.
pub(crate) async fn serve(
    socket: UdpSocket,
    config: StunConfig,
    metrics: Metrics,
    stop: CancellationToken,
) {
    let limiter = RateLimiter::new(config.answers);
    let mut question = [0; QUESTION];
    let mut warned = false;
    loop {
        let asked = tokio::select! {
            () = stop.cancelled() => return,
            asked = socket.recv_from(&mut question) => asked,
        };
        let (size, from) = match asked {
            Ok(asked) => asked,
            // On some systems an answer that could not be delivered is told here.
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => continue,
            Err(error) => {
                if !warned {
                    warned = true;
                    warn!(%error, "can't receive STUN");
                }
                tokio::task::yield_now().await;
                continue;
            }
        };
        let from = SocketAddr::new(IpAddr::to_canonical(&from.ip()), from.port());
        let Some(answer) = answer(&question[..size], from) else {
            metrics.refuse("stun", "malformed");
            continue;
        };
        if limiter.check(network(from.ip()), NonZeroU32::MIN).is_err() {
            metrics.refuse("stun", "rate");
        } else if socket.try_send_to(&answer, from).is_ok() {
            // A full send buffer loses a datagram as any router would; whoever asked asks again.
            metrics.stun_answers.inc();
        }
    }
}
