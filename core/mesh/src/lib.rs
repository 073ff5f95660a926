//! The libp2p side: turns [`NetCommand`](covey_wire::net::NetCommand)s into connections and tells
//! [`NetEvent`](covey_wire::net::NetEvent)s.
//!
//! ```text
//!   driver ──command──► Mesh ──► nodes, peers (decide) ──► swarm: relay, WebRTC, channels, client
//!   driver ◄──next───── Mesh ◄── nodes, peers ◄─────────── swarm
//! ```

mod backoff;
mod channel;
mod client;
mod deferred;
mod driver;
mod identity;
#[cfg(all(feature = "native", not(target_family = "wasm")))]
pub mod native;
mod node_address;
mod nodes;
mod peer;
mod peers;
mod registrations;
mod session;
mod swarm;
mod transport;
mod trust;
pub mod webrtc;

pub use deferred::Deferred;
pub use driver::{Mesh, Settings};
pub use identity::{keypair, peer_id, seat};
pub use swarm::bare_swarm;
pub use transport::{Built, build};
pub use trust::Trust;
