//! A headless peer: joins a room by its link, keeps it on disk and serves it to whoever comes.
//!
//! ```text
//!   node, peers ◄──► mesh ◄──► client ◄──► peer (the loop) ──► disk: a thread that writes a log
//! ```

mod device;
mod disk;
mod files;
mod log;
mod news;
mod origin;
mod peer;
mod writer;

pub use device::Device;
pub use disk::{Disk, DiskError};
pub use log::{Cut, Log, Opened};
pub use news::News;
pub use peer::{Peer, PeerError, Setting};
