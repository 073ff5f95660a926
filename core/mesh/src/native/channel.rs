//! A data channel of the `webrtc` crate, whose calls wait, as the transport wants it.
//!
//! ```text
//!   send, close ──► commands ──► task ──► the crate's channel
//!   listener ◄───────────────── task ◄── its events
//! ```
//! A channel that we opened is closed by the peer, which does so once the stream on it is over: the
//! crate takes the number of a channel it closes for the next one at once, and the peer's answer
//! to the closing then ends that one (`webrtc` 0.21). What the peer leaves open ends with the
//! connection.

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::future::select;
use tokio::time::sleep;
use webrtc::data_channel::{DataChannel as Inner, DataChannelEvent};

use super::super::webrtc::{ChannelEvent, DataChannel, Error};
use super::spawn;

/// How often it is looked whether all is sent before a channel is closed.
const DRAIN: Duration = Duration::from_millis(20);

enum Command {
    Send(Vec<u8>),
    Close,
}

/// A data channel.
pub struct Channel {
    commands: UnboundedSender<Command>,
    shared: Rc<Shared>,
}

type Listener = Rc<dyn Fn(ChannelEvent)>;

#[derive(Default)]
struct Shared {
    /// We opened it.
    ours: bool,
    open: Cell<bool>,
    /// Bytes that the crate has not taken yet. The transport sends no more than its mark allows.
    queued: Cell<usize>,
    low: Cell<usize>,
    listener: RefCell<Option<Listener>>,
}

impl Channel {
    /// A channel that the peer opened.
    pub(super) fn theirs(channel: Arc<dyn Inner>) -> Self {
        Self::new(async { Some(channel) }, false)
    }

    /// The channel of ours that `made` resolves to; none means that it could not be opened.
    pub(super) fn ours(made: impl Future<Output = Option<Arc<dyn Inner>>> + 'static) -> Self {
        Self::new(made, true)
    }

    fn new(made: impl Future<Output = Option<Arc<dyn Inner>>> + 'static, ours: bool) -> Self {
        let (commands, received) = unbounded();
        let shared = Rc::new(Shared { ours, ..Shared::default() });
        spawn(run(made, received, shared.clone()));
        Self { commands, shared }
    }

    fn command(&self, command: Command) -> Result<(), Error> {
        self.commands.unbounded_send(command).map_err(|_| Error::Closed)
    }
}

impl DataChannel for Channel {
    fn listen(&self, low: u32, listener: impl Fn(ChannelEvent) + 'static) {
        self.shared.low.set(low as usize);
        *self.shared.listener.borrow_mut() = Some(Rc::new(listener));
    }

    fn is_open(&self) -> bool {
        self.shared.open.get()
    }

    fn buffered(&self) -> u32 {
        self.shared.queued.get().try_into().unwrap_or(u32::MAX)
    }

    fn send(&self, message: &[u8]) -> Result<(), Error> {
        self.command(Command::Send(message.to_vec()))?;
        self.shared.queued.set(self.shared.queued.get() + message.len());
        Ok(())
    }

    fn close(&self) {
        self.shared.open.set(false);
        // It is closed already where nobody takes the command.
        let _ = self.command(Command::Close);
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.shared.listener.take();
    }
}

impl Shared {
    fn tell(&self, event: ChannelEvent) {
        let listener = self.listener.borrow().clone();
        if let Some(listener) = listener {
            listener(event);
        }
    }

    fn sent(&self, bytes: usize) {
        let before = self.queued.get();
        self.queued.set(before - bytes);
        if before > self.low.get() && before - bytes <= self.low.get() {
            self.tell(ChannelEvent::Low);
        }
    }
}

async fn run(
    made: impl Future<Output = Option<Arc<dyn Inner>>>,
    commands: UnboundedReceiver<Command>,
    shared: Rc<Shared>,
) {
    if let Some(channel) = made.await {
        let writing = async {
            write(&*channel, commands, &shared).await;
            // Nobody holds the channel any more; it is read until both sides have closed it.
            pending::<()>().await
        };
        select(pin!(read(&*channel, &shared)), pin!(writing)).await;
    }
    shared.open.set(false);
    shared.tell(ChannelEvent::Close);
}

async fn read(channel: &dyn Inner, shared: &Shared) {
    while let Some(event) = channel.poll().await {
        match event {
            DataChannelEvent::OnOpen => {
                shared.open.set(true);
                shared.tell(ChannelEvent::Open);
            }
            DataChannelEvent::OnMessage(message) if message.is_string => {
                shared.tell(ChannelEvent::Text);
            }
            DataChannelEvent::OnMessage(message) => {
                shared.tell(ChannelEvent::Message(message.data.to_vec()));
            }
            DataChannelEvent::OnClosing => shared.open.set(false),
            DataChannelEvent::OnClose => return,
            _ => {}
        }
    }
}

async fn write(channel: &dyn Inner, mut commands: UnboundedReceiver<Command>, shared: &Shared) {
    while let Some(command) = commands.next().await {
        let result = match command {
            Command::Send(message) => {
                let result = channel.send(BytesMut::from(&message[..])).await;
                shared.sent(message.len());
                result
            }
            Command::Close if shared.ours => Ok(()),
            Command::Close => {
                drained(channel).await;
                channel.close().await
            }
        };
        // Refused only where the channel is gone, which its events tell.
        if result.is_err() {
            return;
        }
    }
}

/// Waits until the peer has all that was sent: closing does not wait for it.
async fn drained(channel: &dyn Inner) {
    while channel.outstanding_bytes().await.is_ok_and(|bytes| bytes > 0) {
        sleep(DRAIN).await;
    }
}
