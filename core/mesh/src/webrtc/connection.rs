//! One peer connection: what happens to it, its channels, and how it ends.

use std::cell::{Cell, RefCell, RefMut};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::future::{join_all, select};
use futures_timer::Delay;

use super::channel::Channel;
use super::error::Error;
use super::ice::IceServers;
use super::platform::{ChannelEvent, ConnectionState, DataChannel, Event, PeerConnection};
use super::stream::Stream;
use covey_wire::limits;

/// The channel that a dialler opens so that its offer has a data section; no stream.
const INIT: &str = "init";
/// The channel that says that the connection is being closed, which WebRTC has no message for.
/// Others take it for a stream on which nothing comes.
const FAREWELL: &str = "farewell";
/// How long closing waits for what is queued to be sent.
const FLUSH: Duration = Duration::from_millis(700);
/// How long closing waits for the peer to have heard of it.
const HEARD: Duration = Duration::from_millis(300);

/// A peer connection.
pub(super) struct Connection<P: PeerConnection> {
    pub(super) pc: P,
    unread: Rc<Cell<usize>>,
    state: RefCell<State<P>>,
    init: RefCell<Option<P::Channel>>,
    /// The channel that says that this is being closed, whoever opened it.
    farewell: RefCell<Option<P::Channel>>,
}

struct State<P: PeerConnection> {
    channels: Vec<Weak<Channel<P>>>,
    incoming: VecDeque<Stream<P>>,
    candidates: VecDeque<String>,
    connected: bool,
    init_open: bool,
    end: Option<End>,
    heard: bool,
    waker: Option<Waker>,
}

impl<P: PeerConnection> Default for State<P> {
    fn default() -> Self {
        Self {
            channels: Vec::new(),
            incoming: VecDeque::new(),
            candidates: VecDeque::new(),
            connected: false,
            init_open: false,
            end: None,
            heard: false,
            waker: None,
        }
    }
}

/// How a connection ended.
#[derive(Clone, Copy)]
enum End {
    Failed,
    ByPeer,
    ByUs,
}

impl From<End> for Error {
    fn from(end: End) -> Self {
        match end {
            End::Failed => Self::Failed,
            End::ByPeer => Self::ClosedByPeer,
            End::ByUs => Self::Closed,
        }
    }
}

impl<P: PeerConnection> Connection<P> {
    /// A connection that does nothing yet.
    pub(super) async fn new(ice: &IceServers) -> Result<Rc<Self>, Error> {
        let connection = Rc::new(Self {
            pc: P::open(&ice.list()).await?,
            unread: Rc::default(),
            state: RefCell::default(),
            init: RefCell::default(),
            farewell: RefCell::default(),
        });
        let weak = Rc::downgrade(&connection);
        connection.pc.listen(move |event| {
            if let Some(connection) = weak.upgrade() {
                connection.on_event(event);
            }
        });
        Ok(connection)
    }

    fn on_event(self: &Rc<Self>, event: Event<P::Channel>) {
        match event {
            Event::Channel { label, channel } => self.on_channel(&label, channel),
            Event::Candidate(json) => {
                self.state().candidates.push_back(json);
                self.wake();
            }
            Event::State(state) => self.on_state(state),
        }
    }

    fn state(&self) -> RefMut<'_, State<P>> {
        self.state.borrow_mut()
    }

    pub(super) fn wake(&self) {
        let waker = self.state().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn on_channel(self: &Rc<Self>, label: &str, channel: P::Channel) {
        // The dialler closes it; a js-libp2p dialler hangs when we do.
        match label {
            INIT => return,
            FAREWELL => return self.on_farewell(channel),
            _ => {}
        }
        if !self.has_room() {
            return channel.close();
        }
        let stream = self.adopt(channel);
        self.state().incoming.push_back(stream);
        self.wake();
    }

    fn on_state(&self, state: ConnectionState) {
        self.state().connected = state == ConnectionState::Connected;
        match state {
            ConnectionState::Failed => self.end(End::Failed),
            ConnectionState::Closed => self.end(End::ByUs),
            ConnectionState::Pending | ConnectionState::Connected => self.wake(),
        }
    }

    /// The peer is closing: closing its channel tells it that we know.
    fn on_farewell(self: &Rc<Self>, channel: P::Channel) {
        if self.farewell.borrow().is_some() {
            return channel.close();
        }
        self.await_hearing(&channel);
        channel.close();
        *self.farewell.borrow_mut() = Some(channel);
        self.end(End::ByPeer);
    }

    /// The peer knows once this channel is closed on both sides.
    fn await_hearing(self: &Rc<Self>, farewell: &P::Channel) {
        let weak = Rc::downgrade(self);
        farewell.listen(0, move |event| {
            if let (ChannelEvent::Close, Some(connection)) = (event, weak.upgrade()) {
                connection.on_heard();
            }
        });
    }

    fn on_heard(&self) {
        self.state().heard = true;
        self.wake();
    }

    /// Resolves when both sides know that this is being closed.
    fn poll_heard(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.state();
        if state.heard {
            return Poll::Ready(());
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }

    /// A channel went away before its stream was over. A browser does not say that its page
    /// closed the connection, but takes all channels away at once: after the last one it is over.
    pub(super) fn on_channel_lost(&self) {
        if !self.channels().iter().any(|channel| channel.is_live()) {
            self.end(End::ByPeer);
        }
    }

    fn end(&self, end: End) {
        self.state().end.get_or_insert(end);
        for channel in self.channels() {
            channel.mark_closed();
        }
        self.wake();
    }

    fn channels(&self) -> Vec<Rc<Channel<P>>> {
        self.state.borrow().channels.iter().filter_map(Weak::upgrade).collect()
    }

    fn has_room(&self) -> bool {
        let mut state = self.state();
        state.channels.retain(|channel| channel.strong_count() > 0);
        state.channels.len() < limits::CHANNELS
    }

    fn adopt(self: &Rc<Self>, channel: P::Channel) -> Stream<P> {
        let channel = Channel::new(channel, Rc::downgrade(self), self.unread.clone());
        self.state().channels.push(Rc::downgrade(&channel));
        Stream::new(channel)
    }

    /// Opens the channel that makes an offer possible.
    pub(super) fn open_init(self: &Rc<Self>) -> Result<(), Error> {
        let channel = self.pc.create_channel(INIT)?;
        let weak = Rc::downgrade(self);
        channel.listen(0, move |event| {
            if let (ChannelEvent::Open, Some(connection)) = (event, weak.upgrade()) {
                connection.state().init_open = true;
                connection.wake();
            }
        });
        *self.init.borrow_mut() = Some(channel);
        Ok(())
    }

    fn drop_init(&self) {
        if let Some(init) = self.init.borrow_mut().take() {
            init.close();
        }
    }

    /// Resolves when streams can be opened: for a dialler when its first channel is open, for an
    /// answerer when the connection stands.
    pub(super) fn poll_established(&self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let mut state = self.state();
        if let Some(end) = state.end {
            return Poll::Ready(Err(end.into()));
        }
        let dialled = self.init.borrow().is_some();
        if if dialled { state.init_open } else { state.connected } {
            drop(state);
            self.drop_init();
            return Poll::Ready(Ok(()));
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }

    /// A candidate of ours that the peer has not been told.
    pub(super) fn poll_candidate(&self, cx: &mut Context<'_>) -> Poll<String> {
        let mut state = self.state();
        match state.candidates.pop_front() {
            Some(candidate) => Poll::Ready(candidate),
            None => {
                state.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    /// Our session description as it stands, with the candidates gathered so far.
    pub(super) async fn description(&self) -> Result<String, Error> {
        self.state().candidates.clear();
        self.pc.description().await
    }

    pub(super) fn poll_inbound(&self, cx: &mut Context<'_>) -> Poll<Result<Stream<P>, Error>> {
        let mut state = self.state();
        if let Some(stream) = state.incoming.pop_front() {
            return Poll::Ready(Ok(stream));
        }
        match state.end {
            Some(end) => Poll::Ready(Err(end.into())),
            None => {
                state.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    pub(super) fn poll_outbound(
        self: &Rc<Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Stream<P>, Error>> {
        if let Poll::Ready(end) = self.poll_end(cx) {
            return Poll::Ready(Err(end));
        }
        if !self.has_room() {
            return Poll::Pending;
        }
        Poll::Ready(self.pc.create_channel("").map(|channel| self.adopt(channel)))
    }

    /// Resolves when the connection is over.
    pub(super) fn poll_end(&self, cx: &mut Context<'_>) -> Poll<Error> {
        let mut state = self.state();
        match state.end {
            Some(end) => Poll::Ready(end.into()),
            None => {
                state.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    /// Lets what is queued go out and the peer notice, then closes.
    pub(super) async fn close(self: Rc<Self>) {
        // Unaccepted streams end first: each is a channel among the others.
        let unaccepted = std::mem::take(&mut self.state().incoming);
        drop(unaccepted);
        let end = self.state().end;
        if end.is_none() && self.is_connected() {
            self.flush().await;
            self.say_farewell();
        }
        if self.farewell.borrow().is_some() {
            select(poll_fn(|cx| self.poll_heard(cx)), Delay::new(HEARD)).await;
        }
        self.close_at_once();
    }

    /// Closes all streams, each after what is queued on it, and waits for that.
    async fn flush(&self) {
        let channels = self.channels();
        channels.iter().for_each(|channel| channel.close());
        let closed = channels.iter().map(|channel| poll_fn(|cx| channel.poll_closed(cx)));
        select(join_all(closed), Delay::new(FLUSH)).await;
    }

    fn is_connected(&self) -> bool {
        self.state.borrow().connected
    }

    /// Tells the peer that this is being closed, unless it knows.
    fn say_farewell(self: &Rc<Self>) {
        let over = self.state().end.is_some() || self.farewell.borrow().is_some();
        if !over
            && self.is_connected()
            && let Ok(channel) = self.pc.create_channel(FAREWELL)
        {
            self.await_hearing(&channel);
            *self.farewell.borrow_mut() = Some(channel);
        }
    }

    /// Closes without waiting for anything.
    fn close_at_once(&self) {
        self.drop_init();
        self.farewell.take();
        self.pc.close();
        self.end(End::ByUs);
    }
}

impl<P: PeerConnection> Drop for Connection<P> {
    fn drop(&mut self) {
        self.drop_init();
        self.pc.close();
    }
}
