//! covey-node: serves the page and introduces peers to each other, all on one port.
//!
//! ```text
//!   HTTP  ──► http ──► app ──┬─► site            the page
//!                            ├─► /covey.json     how to reach the node
//!                            ├─► /metrics        what it counts
//!                            └─► socket ──► swarm ──┬─► relay   first contact, and fallback
//!                        WebSocket as libp2p        ├─► meet    /covey/meet/1
//!                                                   └─► info    /covey/node/1
//!   UDP   ──► stun                                which address a page has
//! ```
//!
//! The node never sees what a room holds, keeps nothing about anyone on disk, and writes no
//! address, name or link of a peer into its logs.

mod address;
mod admission;
mod app;
mod boxed;
mod confine;
mod connection_limit;
mod flags;
mod frames;
mod handshakes;
mod http;
mod ice;
mod info;
mod key;
mod meet;
mod metrics;
mod rate_limiter;
mod relay;
mod seat;
mod server;
mod site;
mod socket;
mod stun;
mod swarm;
mod tally;
mod visitor;
mod write_timeout;

pub use address::{AddressError, External};
pub use flags::{Flags, Settings};
pub use http::HttpConfig;
pub use ice::Ice;
pub use key::{KeyError, NodeKey};
pub use meet::MeetConfig;
pub use rate_limiter::Rate;
pub use relay::RelayConfig;
pub use server::{Server, ServerConfig, ServerError};
pub use site::SiteConfig;
pub use socket::SocketConfig;
pub use stun::StunConfig;
pub use visitor::VisitorConfig;
