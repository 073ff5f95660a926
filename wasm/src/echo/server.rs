//! What a peer that echoes does with the streams of others.

use std::cell::Cell;
use std::io;
use std::rc::Rc;

use futures::{AsyncReadExt, AsyncWriteExt};
use libp2p::Stream;

/// First byte of a stream that is to be echoed.
pub(super) const ECHO: u8 = 1;
/// First byte of a stream that is to be reset.
pub(super) const RESET: u8 = 2;
/// First byte of a stream of which nothing more is to be read.
pub(super) const IGNORE: u8 = 3;

/// How the streams of others ended.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) ended: Cell<usize>,
    pub(super) resets: Cell<usize>,
}

/// Serves one stream to its end.
pub(super) async fn serve(stream: Stream, counts: Rc<Counts>) {
    let count = match talk(stream).await {
        Ok(()) => &counts.ended,
        Err(_) => &counts.resets,
    };
    count.set(count.get() + 1);
}

async fn talk(mut stream: Stream) -> io::Result<()> {
    let mut first = [0];
    stream.read_exact(&mut first).await?;
    match first[0] {
        ECHO => echo(stream).await,
        IGNORE => std::future::pending().await,
        _ => Ok(()),
    }
}

async fn echo(mut stream: Stream) -> io::Result<()> {
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return stream.close().await;
        }
        stream.write_all(&buffer[..count]).await?;
        stream.flush().await?;
    }
}
