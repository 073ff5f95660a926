//! The streams of all classes that a peer sends on, of one connection.

use std::task::{Context, Poll};

use futures::{AsyncRead, AsyncWrite};

use super::handler::Report;
use super::inbound::{Failure, Inbound, Received};
use crate::session::Mark;
use covey_wire::class::{Class, Opens};
use covey_wire::limits;
use covey_wire::net::Misuse;

#[derive(Debug)]
struct In<S> {
    streams: Vec<Inbound<S>>,
    ended: bool,
}

impl<S> Default for In<S> {
    fn default() -> Self {
        Self { streams: Vec::new(), ended: false }
    }
}

/// The streams of one connection that a peer sends on.
#[derive(Debug)]
pub(super) struct Receiving<S> {
    /// The mark of the streams being read.
    reading: Option<Mark>,
    started: Option<Mark>,
    ins: [In<S>; Class::ALL.len()],
    /// How many streams the peer has opened.
    accepted: usize,
}

impl<S> Default for Receiving<S> {
    fn default() -> Self {
        Self {
            reading: None,
            started: None,
            ins: core::array::from_fn(|_| In::default()),
            accepted: 0,
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Receiving<S> {
    /// Takes a stream that the peer opened.
    pub fn accept(&mut self, stream: S, class: Class) -> Result<(), Misuse> {
        self.accepted += 1;
        if self.accepted > limits::STREAMS_ACCEPTED {
            return Err(Misuse::Streams);
        }
        let streams = &mut self.ins[class.index()].streams;
        if streams.len() >= class.channel().streams {
            streams.remove(0);
        }
        streams.push(Inbound::new(stream, class));
        Ok(())
    }

    /// Reads the streams that begin with the mark; those before it are over.
    pub fn read(&mut self, mark: Mark) {
        self.reading = Some(mark);
        for class in &mut self.ins {
            class.ended = false;
            class.streams.retain(|stream| stream.mark().is_none_or(|other| other >= mark));
        }
    }

    /// Reads on, the classes that go first before the others.
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Option<Report> {
        for class in Class::ALL {
            let mut at = 0;
            while at < self.ins[class.index()].streams.len() {
                if let Some(report) = self.poll_stream(class, &mut at, cx) {
                    return Some(report);
                }
            }
        }
        None
    }

    /// Reads one stream and steps on to the next when it has nothing more.
    fn poll_stream(
        &mut self,
        class: Class,
        at: &mut usize,
        cx: &mut Context<'_>,
    ) -> Option<Report> {
        let streams = &mut self.ins[class.index()].streams;
        let stream = &mut streams[*at];
        let read = self.reading.filter(|_| stream.mark() == self.reading);
        match stream.poll(read.is_some(), cx) {
            Poll::Pending => {
                *at += 1;
                None
            }
            Poll::Ready(Ok(Received::Mark(mark))) => {
                // Of a peer's streams the newest counts, in whatever order they were negotiated.
                let stream = streams.remove(*at);
                if streams.iter().any(|other| other.mark() > Some(mark)) {
                    return None;
                }
                streams.retain(|other| other.mark().is_none());
                streams.push(stream);
                *at = 0;
                (self.started < Some(mark)).then(|| {
                    self.started = Some(mark);
                    Report::Started(mark)
                })
            }
            Poll::Ready(Ok(Received::Message(bytes))) => {
                read.map(|mark| Report::Message(mark, class, bytes))
            }
            Poll::Ready(Ok(Received::End)) => {
                self.ins[class.index()].ended = true;
                read.filter(|_| self.has_ended()).map(Report::Ended)
            }
            Poll::Ready(Err(Failure::Malformed)) => {
                streams.remove(*at);
                Some(Report::Misused(Misuse::Malformed))
            }
            Poll::Ready(Err(Failure::HalfOpen)) => {
                streams.remove(*at);
                Some(Report::Misused(Misuse::HalfOpen))
            }
            Poll::Ready(Err(Failure::Broken)) => {
                let stream = streams.remove(*at);
                stream.mark().filter(|_| !stream.has_ended()).map(Report::Broken)
            }
        }
    }

    /// Whether every class that is always open has ended, and with them the others.
    fn has_ended(&self) -> bool {
        let always = |class: &Class| class.channel().opens == Opens::Always;
        Class::ALL.iter().filter(|class| always(class)).all(|class| self.ins[class.index()].ended)
    }
}
