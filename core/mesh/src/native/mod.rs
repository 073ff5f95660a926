//! The platform of a native program: WebRTC by the `webrtc` crate, WebSockets over TCP, on tokio.
//!
//! A mesh on it lives on one thread: it is made and polled within a current-thread runtime.

mod channel;
mod connection;
mod resolve;

use libp2p::identity::Keypair;
use libp2p::noise;
use send_wrapper::SendWrapper;
use tokio::runtime::Handle;

pub use channel::Channel;
pub use connection::Connection;
use resolve::Resolving;

use super::Trust;
use super::transport::{Built, build};
use super::webrtc::Error;

/// The transports of a native peer, for a room: nobody is trusted before it says so.
pub fn transports(keypair: &Keypair) -> Result<Built, noise::Error> {
    build::<Connection, _>(
        keypair,
        libp2p_websocket::Config::new(Resolving::default()),
        Trust::default(),
    )
}

/// Runs a task on this thread; where the runtime is going down there is nothing left to run.
fn spawn(task: impl Future<Output = ()> + 'static) {
    if let Ok(runtime) = Handle::try_current() {
        runtime.spawn(SendWrapper::new(task));
    }
}

/// An error of the `webrtc` crate.
fn refused(error: impl ToString) -> Error {
    Error::Platform(error.to_string())
}
