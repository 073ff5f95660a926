//! The streams of both channels on one connection.

use std::collections::VecDeque;
use std::task::{Context, Poll};

use futures::future::Either;
use libp2p::Stream;
use libp2p::core::upgrade::{ReadyUpgrade, SelectUpgrade};
use libp2p::swarm::handler::{
    ConnectionEvent, DialUpgradeError, FullyNegotiatedInbound, FullyNegotiatedOutbound,
};
use libp2p::swarm::{ConnectionHandler, ConnectionHandlerEvent, StreamProtocol, SubstreamProtocol};

use super::inbound::{Came, Failure, Inbound};
use super::outbound::Outbound;
use super::{CLASSES, protocol};
use crate::session::Mark;
use covey_wire::limits;
use covey_wire::net::{Class, Misuse};

/// What the connection is told to do.
#[derive(Debug)]
pub(crate) enum Command {
    /// Open a stream for each class that begins with the mark, in place of those before.
    Open(Mark),
    /// Queue a message.
    Send(Class, Vec<u8>),
    /// End the streams after what is queued.
    Finish,
    /// Drop the streams and what is queued.
    Abandon,
    /// Read streams that begin with the mark.
    Read(Mark),
}

/// What happened on the connection.
#[derive(Debug)]
pub(crate) enum Report {
    /// Both streams asked for can be written.
    Opened(Mark),
    /// The peer opened streams.
    Started(Mark),
    /// A message on the streams being read.
    Message(Mark, Class, Vec<u8>),
    /// Both streams being read ended as they should.
    Ended(Mark),
    /// The peer has read both of our streams to their end.
    Finished(Mark),
    /// Streams ended as they should not.
    Broken(Mark),
    /// The connection is no good any more.
    Misused(Misuse),
}

type Action = ConnectionHandlerEvent<ReadyUpgrade<StreamProtocol>, (Class, Mark), Report>;

#[derive(Debug, Default)]
struct Out {
    stream: Option<Outbound<Stream>>,
    confirmed: bool,
}

#[derive(Debug, Default)]
struct In {
    streams: Vec<Inbound<Stream>>,
    ended: bool,
}

/// Both channels of one connection.
#[derive(Debug, Default)]
pub(crate) struct Handler {
    actions: VecDeque<Action>,
    /// What our streams begin with, while they are open or being opened.
    mark: Option<Mark>,
    outs: [Out; 2],
    /// What the streams being read begin with.
    reading: Option<Mark>,
    started: Option<Mark>,
    ins: [In; 2],
    /// How many streams the peer has opened.
    accepted: usize,
}

fn slot(class: Class) -> usize {
    match class {
        Class::Live => 0,
        Class::Sync => 1,
    }
}

impl Handler {
    fn report(&mut self, report: Report) {
        self.actions.push_back(ConnectionHandlerEvent::NotifyBehaviour(report));
    }

    fn open(&mut self, mark: Mark) {
        self.abandon();
        self.mark = Some(mark);
        for class in CLASSES {
            let upgrade = ReadyUpgrade::new(protocol(class));
            let protocol = SubstreamProtocol::new(upgrade, (class, mark));
            self.actions.push_back(ConnectionHandlerEvent::OutboundSubstreamRequest { protocol });
        }
    }

    fn abandon(&mut self) {
        self.mark = None;
        self.outs = Default::default();
    }

    fn break_out(&mut self, mark: Mark) {
        if self.mark == Some(mark) {
            self.abandon();
            self.report(Report::Broken(mark));
        }
    }

    fn negotiated(&mut self, stream: Stream, class: Class, mark: Mark) {
        if self.mark != Some(mark) {
            return;
        }
        self.outs[slot(class)].stream = Some(Outbound::new(stream, class, mark));
        if self.outs.iter().all(|out| out.stream.is_some()) {
            self.report(Report::Opened(mark));
        }
    }

    fn send(&mut self, class: Class, message: Vec<u8>) {
        let Some(stream) = &mut self.outs[slot(class)].stream else { return };
        if stream.send(message).is_err() {
            self.abandon();
            self.report(Report::Misused(Misuse::Overflow));
        }
    }

    fn accept(&mut self, stream: Stream, class: Class) {
        self.accepted += 1;
        if self.accepted > limits::STREAMS_ACCEPTED {
            return self.report(Report::Misused(Misuse::Streams));
        }
        let streams = &mut self.ins[slot(class)].streams;
        if streams.len() >= limits::CHANNEL_STREAMS {
            streams.remove(0);
        }
        streams.push(Inbound::new(stream, class));
    }

    fn poll_out(&mut self, cx: &mut Context<'_>) {
        let Some(mark) = self.mark else { return };
        for out in &mut self.outs {
            let Some(stream) = &mut out.stream else { continue };
            match stream.poll(cx) {
                Poll::Pending => {}
                Poll::Ready(Ok(())) => out.confirmed = true,
                Poll::Ready(Err(_)) => return self.break_out(mark),
            }
        }
        if self.outs.iter().all(|out| out.confirmed) {
            self.abandon();
            self.report(Report::Finished(mark));
        }
    }

    fn poll_in(&mut self, cx: &mut Context<'_>) -> Option<Report> {
        for class in CLASSES {
            let mut at = 0;
            while at < self.ins[slot(class)].streams.len() {
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
        let streams = &mut self.ins[slot(class)].streams;
        let stream = &mut streams[*at];
        let read = self.reading.filter(|_| stream.mark() == self.reading);
        match stream.poll(read.is_some(), cx) {
            Poll::Pending => {
                *at += 1;
                None
            }
            Poll::Ready(Ok(Came::Mark(mark))) => {
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
            Poll::Ready(Ok(Came::Message(bytes))) => {
                read.map(|mark| Report::Message(mark, class, bytes))
            }
            Poll::Ready(Ok(Came::End)) => {
                self.ins[slot(class)].ended = true;
                let all = self.ins.iter().all(|class| class.ended);
                read.filter(|_| all).map(Report::Ended)
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
}

impl ConnectionHandler for Handler {
    type FromBehaviour = Command;
    type ToBehaviour = Report;
    type InboundProtocol =
        SelectUpgrade<ReadyUpgrade<StreamProtocol>, ReadyUpgrade<StreamProtocol>>;
    type OutboundProtocol = ReadyUpgrade<StreamProtocol>;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = (Class, Mark);

    fn listen_protocol(&self) -> SubstreamProtocol<Self::InboundProtocol> {
        let [live, sync] = CLASSES.map(|class| ReadyUpgrade::new(protocol(class)));
        SubstreamProtocol::new(SelectUpgrade::new(live, sync), ())
    }

    /// The streams of both sides keep their connection; one that carries none is idle.
    fn connection_keep_alive(&self) -> bool {
        self.mark.is_some()
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Action> {
        if self.actions.is_empty() {
            self.poll_out(cx);
        }
        if let Some(action) = self.actions.pop_front() {
            return Poll::Ready(action);
        }
        match self.poll_in(cx) {
            Some(report) => Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(report)),
            None => Poll::Pending,
        }
    }

    fn on_behaviour_event(&mut self, command: Command) {
        match command {
            Command::Open(mark) => self.open(mark),
            Command::Send(class, message) => self.send(class, message),
            Command::Finish => {
                for out in &mut self.outs {
                    out.stream.iter_mut().for_each(Outbound::finish);
                }
            }
            Command::Abandon => self.abandon(),
            Command::Read(mark) => {
                self.reading = Some(mark);
                self.ins.iter_mut().for_each(|class| class.ended = false);
            }
        }
    }

    fn on_connection_event(
        &mut self,
        event: ConnectionEvent<
            Self::InboundProtocol,
            Self::OutboundProtocol,
            (),
            Self::OutboundOpenInfo,
        >,
    ) {
        match event {
            ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound {
                protocol, ..
            }) => match protocol {
                Either::Left(stream) => self.accept(stream, Class::Live),
                Either::Right(stream) => self.accept(stream, Class::Sync),
            },
            ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound {
                protocol,
                info: (class, mark),
            }) => self.negotiated(protocol, class, mark),
            ConnectionEvent::DialUpgradeError(DialUpgradeError { info: (_, mark), .. }) => {
                self.break_out(mark);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_kept_while_it_carries_streams_of_ours() {
        let mut handler = Handler::default();
        assert!(!handler.connection_keep_alive());
        handler.on_behaviour_event(Command::Open(Mark { epoch: 1, index: 0 }));
        assert!(handler.connection_keep_alive());
        handler.on_behaviour_event(Command::Abandon);
        assert!(!handler.connection_keep_alive());
    }
}
