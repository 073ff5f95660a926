//! What a test asks of a peer that echoes.

use std::io;
use std::pin::pin;
use std::time::Duration;

use futures::future::{Either, select, try_join};
use futures::{AsyncReadExt, AsyncWriteExt};
use futures_timer::Delay;
use libp2p::Stream;

use super::server::{ECHO, IGNORE, RESET};

/// Bytes that differ from place to place, so that a lost or doubled piece shows.
fn pattern(at: usize) -> u8 {
    (at.wrapping_mul(31) ^ (at >> 8)) as u8
}

pub(super) async fn echo(stream: Stream, size: usize) -> io::Result<usize> {
    let (mut reader, mut writer) = stream.split();
    let send = async {
        writer.write_all(&[ECHO]).await?;
        let mut sent = 0;
        while sent < size {
            let end = size.min(sent + (64 << 10));
            let piece: Vec<u8> = (sent..end).map(pattern).collect();
            writer.write_all(&piece).await?;
            sent = end;
        }
        writer.close().await
    };
    let receive = async {
        let (mut got, mut buffer) = (0, vec![0; 64 << 10]);
        loop {
            let count = reader.read(&mut buffer).await?;
            if count == 0 {
                return Ok(got);
            }
            let right = buffer[..count].iter().enumerate().all(|(at, b)| *b == pattern(got + at));
            if !right {
                return Err(io::Error::other(format!("wrong bytes after {got}")));
            }
            got += count;
        }
    };
    let ((), got) = try_join(send, receive).await?;
    if got == size { Ok(got) } else { Err(io::Error::other(format!("{got} of {size} bytes"))) }
}

pub(super) async fn provoke_reset(mut stream: Stream) -> io::Result<String> {
    stream.write_all(&[RESET]).await?;
    stream.flush().await?;
    match stream.read(&mut [0; 16]).await {
        Ok(count) => Ok(format!("{count} bytes")),
        Err(error) => Ok(format!("{:?}", error.kind())),
    }
}

pub(super) async fn give_up(mut stream: Stream) -> io::Result<()> {
    stream.write_all(&[ECHO, 7]).await?;
    stream.flush().await?;
    stream.read_exact(&mut [0]).await
}

pub(super) async fn flood(mut stream: Stream, size: usize, ms: u32) -> io::Result<usize> {
    stream.write_all(&[IGNORE]).await?;
    let mut sent = 0;
    while sent < size {
        let piece = [0; 16 << 10];
        let wait = Delay::new(Duration::from_millis(ms.into()));
        match select(pin!(stream.write(&piece)), wait).await {
            Either::Left((count, _)) => sent += count?,
            Either::Right(_) => break,
        }
    }
    Ok(sent)
}
