//! The channels of a connection between peers, one for each class of messages. How each is carried
//! stands in the table of `covey_wire::class`; nothing here names a class.
//!
//! ```text
//!   stream, from the side that sends:  epoch · index · frame… · 0     all numbers are varints
//!   frame                              length (at least 1) · bytes
//!   back, when everything was read:    1
//! ```
//! Each side opens one stream for each class that it sends, some of them when there is something to
//! send. Golden bytes: `tests/vectors/streams.hex`.

mod behaviour;
mod handler;
mod inbound;
mod outbound;
mod queue;
mod receiving;
mod sending;

pub(super) use behaviour::{Behaviour, Event};
pub(super) use handler::{Command, Report};

/// The byte that ends a stream.
const END: u8 = 0;
/// The byte that confirms that everything before the end was read.
const ACK: u8 = 1;

#[cfg(test)]
mod connection_tests;
#[cfg(test)]
mod tests {
    use std::io;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use futures::io::{AsyncRead, AsyncWrite};
    use futures::task::noop_waker;

    use super::inbound::{Inbound, Received};
    use super::outbound::Outbound;
    use super::queue::Queue;
    use crate::session::Mark;
    use covey_wire::class::Class;
    use covey_wire::id::{hex, unhex};

    /// The bytes of the golden file's line with this name.
    fn golden(name: &str) -> Vec<u8> {
        let lines = include_str!("../../../../tests/vectors/streams.hex").lines();
        let line = lines.filter_map(|line| line.split_once(' ')).find(|(of, _)| *of == name);
        unhex(line.expect("a line of this name").1).expect("hexadecimal")
    }

    /// A stream on which a peer sends one thing and then waits.
    #[derive(Debug, Default)]
    struct Wire {
        comes: Vec<u8>,
        written: Vec<u8>,
    }

    impl AsyncRead for Wire {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buffer: &mut [u8],
        ) -> Poll<io::Result<usize>> {
            let size = buffer.len().min(self.comes.len());
            if size == 0 {
                return Poll::Pending;
            }
            self.comes.drain(..size).zip(buffer).for_each(|(byte, to)| *to = byte);
            Poll::Ready(Ok(size))
        }
    }

    impl AsyncWrite for Wire {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            self.written.extend_from_slice(bytes);
            Poll::Ready(Ok(bytes.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    const MARK: Mark = Mark { epoch: 300, index: 2 };
    const MESSAGES: [&[u8]; 2] = [b"covey", &[7; 200]];

    #[test]
    fn a_stream_has_its_golden_bytes() {
        let mut wire = Wire { comes: golden("answer"), ..Wire::default() };
        let waker = noop_waker();
        let (mut out, mut queue) = (Outbound::new(&mut wire, MARK), Queue::new(Class::Sync));
        for message in MESSAGES {
            assert_eq!(queue.push(message.to_vec()), Ok(()));
        }
        out.finish();
        let polled = out.poll(&mut queue, false, &mut Context::from_waker(&waker));
        assert!(matches!(polled, Poll::Ready(Ok(()))));
        assert_eq!(hex(&wire.written), hex(&golden("stream")));
    }

    #[test]
    fn the_golden_bytes_of_a_stream_are_read_and_answered() {
        let mut wire = Wire { comes: golden("stream"), ..Wire::default() };
        let waker = noop_waker();
        let mut inbound = Inbound::new(&mut wire, Class::Sync);
        let [first, second] = MESSAGES.map(|message| Received::Message(message.to_vec()));
        for expected in [Received::Mark(MARK), first, second, Received::End] {
            match inbound.poll(true, &mut Context::from_waker(&waker)) {
                Poll::Ready(Ok(received)) => assert_eq!(received, expected),
                other => panic!("{other:?} and not {expected:?}"),
            }
        }
        assert_eq!(hex(&wire.written), hex(&golden("answer")));
    }
}
