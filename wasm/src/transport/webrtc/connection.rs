//! One `RTCPeerConnection`: its handlers, its channels, and how it ends.

use std::cell::{Cell, RefCell, RefMut};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use covey_core::limits;
use futures::future::{join_all, select};
use futures_timer::Delay;
use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{
    RtcDataChannel, RtcDataChannelEvent, RtcPeerConnection, RtcPeerConnectionIceEvent,
    RtcPeerConnectionState,
};

use super::Listener;
use super::channel::Channel;
use super::error::Error;
use super::stream::Stream;
use crate::transport::IceServers;

/// The channel that a dialler opens so that its offer has a data section; no stream.
const INIT: &str = "init";
/// The channel that says that the connection is being closed, which WebRTC has no message for.
/// Others take it for a stream on which nothing comes.
const FAREWELL: &str = "farewell";
/// How long closing waits for what is queued to be sent.
const FLUSH: Duration = Duration::from_millis(700);
/// How long closing waits for the peer to have heard of it.
const HEARD: Duration = Duration::from_millis(300);

/// An `RTCPeerConnection`.
pub(super) struct Connection {
    pub(super) pc: RtcPeerConnection,
    unread: Rc<Cell<usize>>,
    state: RefCell<State>,
    handlers: RefCell<Vec<Listener>>,
    init: RefCell<Option<RtcDataChannel>>,
    /// The channel that says that this is being closed, whoever opened it.
    farewell: RefCell<Option<RtcDataChannel>>,
}

#[derive(Default)]
struct State {
    channels: Vec<Weak<Channel>>,
    incoming: VecDeque<Stream>,
    candidates: VecDeque<String>,
    init_open: bool,
    end: Option<End>,
    heard: bool,
    waker: Option<Waker>,
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

impl Connection {
    /// A connection that does nothing yet.
    pub(super) fn new(ice: &IceServers) -> Result<Rc<Self>, Error> {
        let pc = RtcPeerConnection::new_with_configuration(&ice.configuration())?;
        let connection = Rc::new(Self {
            pc,
            unread: Rc::default(),
            state: RefCell::default(),
            handlers: RefCell::default(),
            init: RefCell::default(),
            farewell: RefCell::default(),
        });
        let pc = &connection.pc;
        pc.set_ondatachannel(Some(&connection.handler(Self::on_channel)));
        pc.set_onicecandidate(Some(&connection.handler(Self::on_candidate)));
        pc.set_onconnectionstatechange(Some(&connection.handler(|this, _| this.on_state())));
        Ok(connection)
    }

    /// A function for JavaScript that reaches the connection as long as it lives.
    fn handler(self: &Rc<Self>, act: impl Fn(&Rc<Self>, JsValue) + 'static) -> Function {
        let connection = Rc::downgrade(self);
        let closure = Listener::new(move |event| {
            if let Some(connection) = connection.upgrade() {
                act(&connection, event);
            }
        });
        let function = closure.as_ref().unchecked_ref::<Function>().clone();
        self.handlers.borrow_mut().push(closure);
        function
    }

    fn state(&self) -> RefMut<'_, State> {
        self.state.borrow_mut()
    }

    pub(super) fn wake(&self) {
        let waker = self.state().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn on_channel(self: &Rc<Self>, event: JsValue) {
        let channel = event.unchecked_ref::<RtcDataChannelEvent>().channel();
        // The dialler closes it; a js-libp2p dialler hangs when we do.
        match channel.label().as_str() {
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

    fn on_candidate(self: &Rc<Self>, event: JsValue) {
        let Some(candidate) = event.unchecked_ref::<RtcPeerConnectionIceEvent>().candidate() else {
            return;
        };
        if candidate.candidate().is_empty() {
            return;
        }
        if let Ok(json) = js_sys::JSON::stringify(&candidate.to_json()) {
            self.state().candidates.push_back(json.into());
            self.wake();
        }
    }

    fn on_state(&self) {
        match self.pc.connection_state() {
            RtcPeerConnectionState::Failed => self.end(End::Failed),
            RtcPeerConnectionState::Closed => self.end(End::ByUs),
            _ => self.wake(),
        }
    }

    /// The peer is closing: closing its channel tells it that we know.
    fn on_farewell(self: &Rc<Self>, channel: RtcDataChannel) {
        if self.farewell.borrow().is_some() {
            return channel.close();
        }
        channel.set_onclose(Some(&self.handler(|connection, _| connection.on_heard())));
        channel.close();
        *self.farewell.borrow_mut() = Some(channel);
        self.end(End::ByPeer);
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

    fn channels(&self) -> Vec<Rc<Channel>> {
        self.state.borrow().channels.iter().filter_map(Weak::upgrade).collect()
    }

    fn has_room(&self) -> bool {
        let mut state = self.state();
        state.channels.retain(|channel| channel.strong_count() > 0);
        state.channels.len() < limits::CHANNELS
    }

    fn adopt(self: &Rc<Self>, channel: RtcDataChannel) -> Stream {
        let channel = Channel::new(channel, Rc::downgrade(self), self.unread.clone());
        self.state().channels.push(Rc::downgrade(&channel));
        Stream::new(channel)
    }

    /// Opens the channel that makes an offer possible.
    pub(super) fn open_init(self: &Rc<Self>) -> Result<(), Error> {
        let channel = self.create_channel(INIT)?;
        channel.set_onopen(Some(&self.handler(|connection, _| {
            connection.state().init_open = true;
            connection.wake();
        })));
        *self.init.borrow_mut() = Some(channel);
        Ok(())
    }

    /// Creates a channel. The browser throws where the connection is closed or has too many, and
    /// the generated binding would let that through all of Rust.
    fn create_channel(&self, label: &str) -> Result<RtcDataChannel, Error> {
        let create = Reflect::get(&self.pc, &"createDataChannel".into())?;
        let channel = create.dyn_into::<Function>()?.call1(&self.pc, &label.into())?;
        Ok(channel.unchecked_into())
    }

    fn drop_init(&self) {
        if let Some(init) = self.init.borrow_mut().take() {
            init.set_onopen(None);
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
        if if dialled { state.init_open } else { self.is_connected() } {
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
    pub(super) fn description(&self) -> Result<String, Error> {
        let description = self.pc.local_description().ok_or(Error::Unexpected)?;
        self.state().candidates.clear();
        Ok(description.sdp())
    }

    pub(super) fn poll_inbound(&self, cx: &mut Context<'_>) -> Poll<Result<Stream, Error>> {
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
    ) -> Poll<Result<Stream, Error>> {
        if let Poll::Ready(end) = self.poll_end(cx) {
            return Poll::Ready(Err(end));
        }
        if !self.has_room() {
            return Poll::Pending;
        }
        Poll::Ready(self.create_channel("").map(|channel| self.adopt(channel)))
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
        self.pc.connection_state() == RtcPeerConnectionState::Connected
    }

    /// Tells the peer that this is being closed, unless it knows.
    fn say_farewell(self: &Rc<Self>) {
        let over = self.state().end.is_some() || self.farewell.borrow().is_some();
        if !over
            && self.is_connected()
            && let Ok(channel) = self.create_channel(FAREWELL)
        {
            channel.set_onclose(Some(&self.handler(|connection, _| connection.on_heard())));
            *self.farewell.borrow_mut() = Some(channel);
        }
    }

    /// Closes without waiting for anything.
    fn close_at_once(&self) {
        self.drop_init();
        if let Some(farewell) = self.farewell.borrow_mut().take() {
            farewell.set_onclose(None);
        }
        self.pc.close();
        self.end(End::ByUs);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // Before the closures go: a late event must find nothing to call.
        self.pc.set_ondatachannel(None);
        self.pc.set_onicecandidate(None);
        self.pc.set_onconnectionstatechange(None);
        self.drop_init();
        if let Some(farewell) = self.farewell.borrow_mut().take() {
            farewell.set_onclose(None);
        }
        self.pc.close();
    }
}
