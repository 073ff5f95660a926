//! Who is let in: each network address has so many connections and may ask so often.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::crowd::{Crowd, network};
use crate::gate::Gate;
use crate::metrics::Metrics;
use crate::visitor::{Visitor, VisitorConfig};

/// What a request or a connection counts for.
const ONE: NonZeroU32 = NonZeroU32::MIN;
/// What a WebSocket counts for besides: its handshake costs as much as some pages. So an address
/// opens some thirty a second in the long run, and all its connections at once.
const SOCKET: NonZeroU32 = NonZeroU32::new(4).expect("not zero");

/// Counts whoever comes, by network address.
#[derive(Clone)]
pub(crate) struct Door {
    visitors: Arc<VisitorConfig>,
    crowd: Crowd,
    gate: Arc<Gate<std::net::IpAddr>>,
    metrics: Metrics,
}

impl Door {
    pub(crate) fn new(visitors: VisitorConfig, metrics: Metrics) -> Self {
        let gate = Arc::new(Gate::new(visitors.requests));
        Self { visitors: Arc::new(visitors), crowd: Crowd::default(), gate, metrics }
    }

    /// A connection. It counts as a request: who may not ask need not be listened to.
    pub(crate) fn enter(&self, remote: SocketAddr) -> Option<Visitor> {
        if self.visitors.trusts(remote.ip()) {
            return Some(Visitor { remote, place: None });
        }
        if self.gate.pass(network(remote.ip()), ONE).is_err() {
            self.metrics.refuse("connection", "rate");
            return None;
        }
        let place = self.crowd.enter(remote.ip(), self.visitors.per_address);
        if place.is_none() {
            self.metrics.refuse("connection", "address");
        }
        Some(Visitor { remote, place: Some(Arc::new(place?)) })
    }

    /// Whether a request is answered.
    pub(crate) fn asks(&self, visitor: &Visitor, headers: &HeaderMap) -> bool {
        let origin = self.visitors.origin(visitor.remote.ip(), headers);
        let passes = self.gate.pass(network(origin), ONE).is_ok();
        if !passes {
            self.metrics.refuse("request", "rate");
        }
        passes
    }

    /// Whether a visitor may open a WebSocket. One through a proxy gets a place of its own.
    pub(crate) fn socket(&self, visitor: Visitor, headers: &HeaderMap) -> Option<Visitor> {
        let origin = self.visitors.origin(visitor.remote.ip(), headers);
        if self.gate.pass(network(origin), SOCKET).is_err() {
            self.metrics.refuse("socket", "rate");
            return None;
        }
        if visitor.place.is_some() {
            return Some(visitor);
        }
        let place = self.crowd.enter(origin, self.visitors.per_address);
        if place.is_none() {
            self.metrics.refuse("socket", "address");
        }
        Some(Visitor { place: Some(Arc::new(place?)), remote: (origin, 0).into() })
    }
}

/// The answer to whoever is not let in.
pub(crate) fn too_many() -> Response {
    let text = "There are too many of you at this address.\n";
    (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "10")], text).into_response()
}
