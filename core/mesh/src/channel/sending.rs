//! The streams of all classes that we send on, of one connection, and which of them goes first.
//!
//! ```text
//!   Closed ──send──► Opening ──negotiated──► Open ──finish──► Confirmed
//! ```
//! A class that is opened on demand ends before those that always are. So whoever has read the ends
//! of the latter has read everything.

use std::collections::VecDeque;
use std::io;
use std::task::{Context, Poll};

use futures::{AsyncRead, AsyncWrite};
use libp2p::core::upgrade::NegotiationError;

use super::handler::Report;
use super::outbound::Outbound;
use super::queue::{Full, Queue};
use crate::session::Mark;
use covey_wire::class::{Class, Opens, Queue as Bound};
use covey_wire::net::Misuse;

const CLASSES: usize = Class::ALL.len();

#[derive(Debug)]
struct Out<S> {
    class: Class,
    always: bool,
    queue: Queue,
    state: State<S>,
}

#[derive(Debug)]
enum State<S> {
    Closed,
    Opening,
    Open(Outbound<S>),
    Confirmed,
}

/// The streams of one connection that we send on.
#[derive(Debug)]
pub(super) struct Sending<S> {
    /// The mark of the streams, while they are open or being opened.
    mark: Option<Mark>,
    finishing: bool,
    /// In the order of `Class::ALL`.
    outs: [Out<S>; CLASSES],
    /// The classes whose protocol the peer does not speak.
    unsupported: [bool; CLASSES],
    requests: VecDeque<(Class, Mark)>,
    reports: VecDeque<Report>,
}

impl<S> Out<S> {
    fn new(index: usize) -> Self {
        let class = Class::ALL[index];
        let always = class.channel().opens == Opens::Always;
        Self { class, always, queue: Queue::new(class), state: State::Closed }
    }

    fn is_over(&self) -> bool {
        matches!(self.state, State::Closed | State::Confirmed)
    }
}

impl<S> Default for Sending<S> {
    fn default() -> Self {
        Self {
            mark: None,
            finishing: false,
            outs: core::array::from_fn(Out::new),
            unsupported: [false; CLASSES],
            requests: VecDeque::new(),
            reports: VecDeque::new(),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Sending<S> {
    /// Whether streams are open or being opened.
    pub fn is_open(&self) -> bool {
        self.mark.is_some()
    }

    /// The next stream to ask for.
    pub fn request(&mut self) -> Option<(Class, Mark)> {
        self.requests.pop_front()
    }

    /// The next event.
    pub fn report(&mut self) -> Option<Report> {
        self.reports.pop_front()
    }

    /// Opens streams that begin with the mark, in place of those before.
    pub fn open(&mut self, mark: Mark) {
        self.abandon();
        self.mark = Some(mark);
        for out in self.outs.iter_mut().filter(|out| out.always) {
            out.state = State::Opening;
            self.requests.push_back((out.class, mark));
        }
    }

    /// Drops the streams and what is queued.
    pub fn abandon(&mut self) {
        self.mark = None;
        self.finishing = false;
        self.outs = core::array::from_fn(Out::new);
    }

    /// Ends the streams after what is queued.
    pub fn finish(&mut self) {
        self.finishing = true;
    }

    /// Queues a message; dropped where nothing is open or the peer does not speak the protocol.
    pub fn send(&mut self, class: Class, message: Vec<u8>) {
        let Some(mark) = self.mark.filter(|_| !self.finishing) else { return };
        if self.unsupported[class.index()] {
            return;
        }
        let out = &mut self.outs[class.index()];
        match (out.queue.push(message), class.channel().queue) {
            (Ok(()), _) => {
                if matches!(out.state, State::Closed) && !out.queue.is_empty() {
                    out.state = State::Opening;
                    self.requests.push_back((class, mark));
                }
            }
            // The sender did not wait: the peer is not to blame.
            (Err(Full), Bound::Wait(_)) => self.broken(mark),
            (Err(Full), _) => {
                self.abandon();
                self.reports.push_back(Report::Misused(Misuse::Overflow));
            }
        }
    }

    /// A stream that was asked for is there.
    pub fn negotiated(&mut self, stream: S, class: Class, mark: Mark) {
        if self.mark != Some(mark) {
            return;
        }
        let out = &mut self.outs[class.index()];
        out.state = State::Open(Outbound::new(stream, mark));
        let opened = |out: &Out<S>| !out.always || matches!(out.state, State::Open(_));
        if out.always && self.outs.iter().all(opened) {
            self.reports.push_back(Report::Opened(mark));
        }
    }

    /// A stream that was asked for could not be opened.
    pub fn failed(&mut self, class: Class, mark: Mark, unsupported: bool) {
        if self.mark != Some(mark) {
            return;
        }
        if self.outs[class.index()].always || !unsupported {
            return self.broken(mark);
        }
        self.unsupported[class.index()] = true;
        self.outs[class.index()] = Out::new(class.index());
        self.reports.push_back(Report::Unsupported(mark, class));
    }

    fn broken(&mut self, mark: Mark) {
        self.abandon();
        self.reports.push_back(Report::Broken(mark));
    }

    /// Writes what it can, the classes that go first before the others.
    pub fn poll(&mut self, cx: &mut Context<'_>) {
        let Some(mark) = self.mark else { return };
        loop {
            let before = self.demanded_is_over();
            self.poll_all(mark, cx);
            if self.mark.is_none() {
                return;
            }
            // The end of these lets those that are always open end.
            if before || !self.demanded_is_over() {
                break;
            }
        }
        let confirmed = |out: &Out<S>| matches!(out.state, State::Confirmed);
        if self.outs.iter().all(|out| !out.always || confirmed(out)) && self.demanded_is_over() {
            self.abandon();
            self.reports.push_back(Report::Finished(mark));
        }
    }

    /// Whether nothing is left of the classes that are opened on demand.
    fn demanded_is_over(&self) -> bool {
        self.outs.iter().all(|out| out.always || out.is_over())
    }

    fn poll_all(&mut self, mark: Mark, cx: &mut Context<'_>) {
        // The priority of the first class that still has something to write.
        let mut busy = None;
        for index in 0..CLASSES {
            let over = self.demanded_is_over();
            let out = &mut self.outs[index];
            let (class, priority) = (out.class, out.class.channel().priority);
            let goes_first = busy.is_some_and(|busy| busy < priority);
            let ends = self.finishing && (!out.always || over);
            let State::Open(stream) = &mut out.state else { continue };
            if ends {
                stream.finish();
            }
            let polled = stream.poll(&mut out.queue, goes_first, cx);
            if !stream.is_idle(&out.queue) {
                busy = busy.or(Some(priority));
            }
            if let Some(bytes) = out.queue.written() {
                self.reports.push_back(Report::Written(mark, class, bytes));
            }
            match polled {
                Poll::Pending => {}
                Poll::Ready(Ok(())) => out.state = State::Confirmed,
                Poll::Ready(Err(error)) => {
                    self.failed(class, mark, is_unsupported(&error));
                    if self.mark.is_none() {
                        return;
                    }
                }
            }
        }
    }
}

/// Whether the peer answered that it does not speak the protocol.
fn is_unsupported(error: &io::Error) -> bool {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<NegotiationError>());
    matches!(cause, Some(NegotiationError::Failed))
}
