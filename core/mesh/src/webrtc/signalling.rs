//! Signalling messages on a libp2p stream.

use std::io;

use covey_wire::webrtc::signalling::{self as format, length};
use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use thiserror::Error;

pub use format::{Kind, Message, PROTOCOL};

/// Why no message could be read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SignallingError {
    /// The stream ended or broke.
    #[error("signalling stream: {0}")]
    Io(#[from] io::Error),
    /// The peer sent something else than a message.
    #[error(transparent)]
    Message(#[from] format::SignallingError),
}

/// Writes and flushes a message.
pub async fn write<S: AsyncWrite + Unpin>(
    stream: &mut S,
    message: &Message,
) -> Result<(), SignallingError> {
    stream.write_all(&message.encode()).await?;
    Ok(stream.flush().await?)
}

/// Reads a message whole.
pub async fn read<S: AsyncRead + Unpin>(stream: &mut S) -> Result<Message, SignallingError> {
    let mut prefix = Vec::with_capacity(4);
    let len = loop {
        let mut byte = [0];
        stream.read_exact(&mut byte).await?;
        prefix.push(byte[0]);
        if let Some(len) = length(&prefix)? {
            break len;
        }
    };
    let mut body = vec![0; len];
    stream.read_exact(&mut body).await?;
    Ok(Message::decode(&body)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::executor::block_on;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn messages_are_read_from_a_stream_as_the_format_says(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let read = block_on(read(&mut &bytes[..])).ok();
            let taken = format::take(&bytes).ok().flatten().map(|(message, _)| message);
            prop_assert_eq!(read, taken);
        }

        #[test]
        fn a_message_comes_back(data in ".{0,400}") {
            let message = Message::new(Kind::SdpAnswer, data);
            let mut bytes = Vec::new();
            block_on(write(&mut bytes, &message)).unwrap();
            prop_assert_eq!(block_on(read(&mut &bytes[..])).unwrap(), message);
        }
    }
}
