//! The streams of all classes on one connection.

use core::convert::Infallible;
use core::future::{Ready, ready};
use std::task::{Context, Poll};

use libp2p::Stream;
use libp2p::core::upgrade::{InboundUpgrade, ReadyUpgrade, UpgradeInfo};
use libp2p::swarm::handler::{
    ConnectionEvent, DialUpgradeError, FullyNegotiatedInbound, FullyNegotiatedOutbound,
};
use libp2p::swarm::{
    ConnectionHandler, ConnectionHandlerEvent, StreamProtocol, StreamUpgradeError,
    SubstreamProtocol,
};

use super::receiving::Receiving;
use super::sending::Sending;
use crate::session::Mark;
use covey_wire::class::Class;
use covey_wire::net::Misuse;

/// A command to the connection.
#[derive(Debug)]
pub(crate) enum Command {
    /// Open streams that begin with the mark, in place of those before.
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

/// An event of the connection.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Report {
    /// The streams asked for can be written.
    Opened(Mark),
    /// The peer opened streams.
    Started(Mark),
    /// A message on the streams being read.
    Message(Mark, Class, Vec<u8>),
    /// So many bytes left the queue of a class whose sender waits for that.
    Written(Mark, Class, usize),
    /// The peer does not speak the protocol of a class; what was queued of it is dropped.
    Unsupported(Mark, Class),
    /// The streams being read ended as they should.
    Ended(Mark),
    /// The peer has read our streams to their end.
    Finished(Mark),
    /// Streams ended as they should not.
    Broken(Mark),
    /// The connection is no good any more.
    Misused(Misuse),
}

/// The streams of one connection, each way.
#[derive(Debug)]
pub(crate) struct Handler {
    offers: &'static [Class],
    sending: Sending<Stream>,
    receiving: Receiving<Stream>,
    misused: Option<Misuse>,
}

impl Handler {
    /// A handler that takes streams of these classes.
    pub fn new(offers: &'static [Class]) -> Self {
        let (sending, receiving) = (Sending::default(), Receiving::default());
        Self { offers, sending, receiving, misused: None }
    }
}

impl ConnectionHandler for Handler {
    type FromBehaviour = Command;
    type ToBehaviour = Report;
    type InboundProtocol = Protocols;
    type OutboundProtocol = ReadyUpgrade<StreamProtocol>;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = (Class, Mark);

    fn listen_protocol(&self) -> SubstreamProtocol<Self::InboundProtocol> {
        SubstreamProtocol::new(Protocols(self.offers), ())
    }

    /// The streams of both sides keep their connection; one that carries none is idle.
    fn connection_keep_alive(&self) -> bool {
        self.sending.is_open()
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<ConnectionHandlerEvent<Self::OutboundProtocol, (Class, Mark), Report>> {
        if let Some(why) = self.misused.take() {
            return Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(Report::Misused(why)));
        }
        let mut report = self.sending.report();
        if report.is_none() {
            self.sending.poll(cx);
            report = self.sending.report();
        }
        if let Some(report) = report {
            return Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(report));
        }
        if let Some((class, mark)) = self.sending.request() {
            let upgrade = ReadyUpgrade::new(StreamProtocol::new(class.channel().protocol));
            let protocol = SubstreamProtocol::new(upgrade, (class, mark));
            return Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest { protocol });
        }
        match self.receiving.poll(cx) {
            Some(report) => Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(report)),
            None => Poll::Pending,
        }
    }

    fn on_behaviour_event(&mut self, command: Command) {
        match command {
            Command::Open(mark) => self.sending.open(mark),
            Command::Send(class, message) => self.sending.send(class, message),
            Command::Finish => self.sending.finish(),
            Command::Abandon => self.sending.abandon(),
            Command::Read(mark) => self.receiving.read(mark),
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
                protocol: (class, stream),
                ..
            }) => self.misused = self.receiving.accept(stream, class).err().or(self.misused),
            ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound {
                protocol: stream,
                info: (class, mark),
            }) => self.sending.negotiated(stream, class, mark),
            ConnectionEvent::DialUpgradeError(DialUpgradeError { info: (class, mark), error }) => {
                let unsupported = matches!(error, StreamUpgradeError::NegotiationFailed);
                self.sending.failed(class, mark, unsupported);
            }
            _ => {}
        }
    }
}

/// The protocols of some classes; what is agreed on is one of them.
#[derive(Debug)]
pub(crate) struct Protocols(&'static [Class]);

/// The protocol of a class.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Protocol(Class);

impl AsRef<str> for Protocol {
    fn as_ref(&self) -> &str {
        self.0.channel().protocol
    }
}

impl UpgradeInfo for Protocols {
    type Info = Protocol;
    type InfoIter =
        core::iter::Map<core::slice::Iter<'static, Class>, fn(&'static Class) -> Protocol>;

    fn protocol_info(&self) -> Self::InfoIter {
        self.0.iter().map(|class| Protocol(*class))
    }
}

impl InboundUpgrade<Stream> for Protocols {
    type Output = (Class, Stream);
    type Error = Infallible;
    type Future = Ready<Result<Self::Output, Infallible>>;

    fn upgrade_inbound(self, stream: Stream, Protocol(class): Protocol) -> Self::Future {
        ready(Ok((class, stream)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_kept_while_it_carries_streams_of_ours() {
        let mut handler = Handler::new(&Class::ALL);
        assert!(!handler.connection_keep_alive());
        handler.on_behaviour_event(Command::Open(Mark { epoch: 1, index: 0 }));
        assert!(handler.connection_keep_alive());
        handler.on_behaviour_event(Command::Abandon);
        assert!(!handler.connection_keep_alive());
    }
}
