//! Admission: each network address has so many connections and may ask so often.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::connection_limit::{ConnectionLimit, network};
use crate::metrics::Metrics;
use crate::rate_limiter::RateLimiter;
use crate::visitor::{Visitor, VisitorConfig};

/// The weight of a request or a connection.
const ONE: NonZeroU32 = NonZeroU32::MIN;
/// The weight of a WebSocket besides: its handshake costs as much as some pages. So an address
/// opens some thirty a second in the long run, and all its connections at once.
const SOCKET: NonZeroU32 = NonZeroU32::new(4).expect("not zero");

/// Counts connections and requests, by network address.
#[derive(Clone)]
pub(crate) struct Admission {
    visitors: Arc<VisitorConfig>,
    limit: ConnectionLimit,
    limiter: Arc<RateLimiter<std::net::IpAddr>>,
    metrics: Metrics,
}

impl Admission {
    pub(crate) fn new(visitors: VisitorConfig, metrics: Metrics) -> Self {
        let limiter = Arc::new(RateLimiter::new(visitors.requests));
        Self { visitors: Arc::new(visitors), limit: ConnectionLimit::default(), limiter, metrics }
    }

    /// Admits a connection. It counts as a request: a visitor that may not ask need not be heard.
    pub(crate) fn connection(&self, remote: SocketAddr) -> Option<Visitor> {
        if self.visitors.trusts(remote.ip()) {
            return Some(Visitor { remote, slot: None });
        }
        if self.limiter.check(network(remote.ip()), ONE).is_err() {
            self.metrics.refuse("connection", "rate");
            return None;
        }
        let slot = self.limit.acquire(remote.ip(), self.visitors.per_address);
        if slot.is_none() {
            self.metrics.refuse("connection", "address");
        }
        Some(Visitor { remote, slot: Some(Arc::new(slot?)) })
    }

    /// Whether a request is admitted.
    pub(crate) fn request(&self, visitor: &Visitor, headers: &HeaderMap) -> bool {
        let origin = self.visitors.origin(visitor.remote.ip(), headers);
        let passes = self.limiter.check(network(origin), ONE).is_ok();
        if !passes {
            self.metrics.refuse("request", "rate");
        }
        passes
    }

    /// Whether a visitor may open a WebSocket. One through a proxy gets a place of its own.
    pub(crate) fn socket(&self, visitor: Visitor, headers: &HeaderMap) -> Option<Visitor> {
        let origin = self.visitors.origin(visitor.remote.ip(), headers);
        if self.limiter.check(network(origin), SOCKET).is_err() {
            self.metrics.refuse("socket", "rate");
            return None;
        }
        if visitor.slot.is_some() {
            return Some(visitor);
        }
        let slot = self.limit.acquire(origin, self.visitors.per_address);
        if slot.is_none() {
            self.metrics.refuse("socket", "address");
        }
        Some(Visitor { slot: Some(Arc::new(slot?)), remote: (origin, 0).into() })
    }
}

/// The answer to a visitor that is not admitted.
pub(crate) fn too_many() -> Response {
    let text = "There are too many of you at this address.\n";
    (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "10")], text).into_response()
}
