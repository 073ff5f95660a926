//! `covey-peer`: see the README beside it.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;
use covey_peer::{Peer, Setting};
use covey_rooms::capability::Link;
use tokio::signal::unix::{SignalKind, signal};

/// Joins a Covey room by its link, keeps it on disk and serves it to whoever comes.
#[derive(Parser)]
#[command(version)]
struct Args {
    /// Where the room and this peer's keys are kept.
    #[arg(long, default_value = "covey-data")]
    data: PathBuf,
    /// The name that people see.
    #[arg(long, default_value = "Keeper")]
    name: String,
    /// The invite link, whole.
    link: String,
}

// WebRTC, the mesh and the room share one thread; the disk has its own.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let Args { data, name, link } = Args::parse();
    let setting = Setting { link: Link::parse(&link)?, address: link, name };
    let mut peer = Peer::open(&data, setting, |line| println!("{line}"))
        .with_context(|| format!("opening the room in {}", data.display()))?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let ended = tokio::select! {
        ended = peer.run() => ended,
        _ = interrupted.recv() => Ok(()),
        _ = terminated.recv() => Ok(()),
    };
    peer.leave().await?;
    Ok(ended?)
}
