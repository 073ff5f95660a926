//! Every route of the node.

use axum::body::Body;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use axum::{Extension, Router};
use libp2p::PeerId;
use libp2p::multiaddr::Protocol;
use serde::Serialize;

use crate::address::External;
use crate::admission::{Admission, too_many};
use crate::metrics::Metrics;
use crate::site::Site;
use crate::socket::Sockets;
use crate::visitor::Visitor;

/// The state that the routes share.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) site: Site,
    pub(crate) sockets: Sockets,
    pub(crate) descriptor: NodeDescriptor,
    pub(crate) metrics: Metrics,
    pub(crate) admission: Admission,
}

/// How to reach the node: what `/covey.json` says.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct NodeDescriptor {
    version: u8,
    peer_id: String,
    addresses: Vec<String>,
}

impl NodeDescriptor {
    pub(crate) fn new(node: PeerId, external: &[External]) -> Self {
        let address = |e: &External| e.multiaddr().clone().with(Protocol::P2p(node)).to_string();
        let addresses = external.iter().map(address).collect();
        Self { version: 1, peer_id: node.to_string(), addresses }
    }
}

/// The node's HTTP side.
pub(crate) fn create_app(app: App) -> Router {
    Router::new()
        .route("/", get(page_or_socket))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/covey.json", get(descriptor))
        .fallback(file)
        .with_state(app)
}

/// libp2p's WebSocket has no path of its own: addresses with one are unknown to js-libp2p.
async fn page_or_socket(
    State(app): State<App>,
    Extension(visitor): Extension<Visitor>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    request: Request<Body>,
) -> Response {
    match upgrade {
        Ok(upgrade) => {
            let Some(visitor) = app.admission.socket(visitor, request.headers()) else {
                return too_many();
            };
            let Some(permit) = app.sockets.permit() else {
                app.metrics.refuse("socket", "full");
                return busy();
            };
            permit.upgrade(upgrade, visitor)
        }
        Err(rejection) if request.headers().contains_key(header::SEC_WEBSOCKET_KEY) => {
            rejection.into_response()
        }
        Err(_) => app.site.serve(request).await,
    }
}

fn busy() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "10")], "no room\n").into_response()
}

/// Whether newcomers are taken: not while the node is full, and not once it stops.
async fn ready(State(app): State<App>) -> Response {
    if app.sockets.has_room() { "ready\n".into_response() } else { busy() }
}

async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")], app.metrics.text())
}

/// Open to every origin: a page on a static host elsewhere asks its nodes too.
async fn descriptor(State(app): State<App>) -> impl IntoResponse {
    let headers = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (header::CACHE_CONTROL, "no-store")];
    (headers, Json(app.descriptor))
}

async fn file(State(app): State<App>, request: Request<Body>) -> Response {
    app.site.serve(request).await
}
