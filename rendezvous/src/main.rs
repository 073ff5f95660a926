//! Starts a covey-node and stops it when the system asks for it.

use std::io::Write;

use anyhow::Context;
use clap::Parser;
use covey_rendezvous::{Flags, Server, Settings};
use tokio::runtime::{Builder, Runtime};

fn main() -> anyhow::Result<()> {
    let flags = Flags::parse();
    let only_print = flags.prints_config();
    let settings = flags.settings()?;
    if only_print {
        print!("{}", settings.to_toml());
        return Ok(());
    }
    settings.init_logs();
    open_all_files();
    runtime(settings.threads())?.block_on(serve(settings))
}

/// One thread has no others to wake.
fn runtime(threads: usize) -> std::io::Result<Runtime> {
    let mut builder = match threads {
        1 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    builder.worker_threads(threads).enable_all().build()
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    let asked_to_stop = asked_to_stop().context("can't listen to signals")?;
    let server = Server::spawn(settings.into_config()?).await?;

    // Read by scripts and tests: one line, at once, on the output.
    let mut output = std::io::stdout();
    writeln!(output, "listening on http://{}", server.address())?;
    output.flush()?;

    asked_to_stop.await;
    server.stop().await;
    Ok(())
}

/// Each page takes a file descriptor, and systems allow a thousand unless one asks for more.
fn open_all_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        limit.current = limit.maximum;
        // Where that is refused the node works with what it has.
        let _ = setrlimit(Resource::Nofile, limit);
    }
}

/// Installs the handlers at once, so that no signal is missed; resolves at the first.
#[cfg(unix)]
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Resolves at Ctrl-C.
#[cfg(not(unix))]
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
