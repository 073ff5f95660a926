//! A data channel of the `webrtc` crate, whose calls wait, as the transport wants it.
//!
//! ```text
//!   send, close ──► commands ──► task ──► the crate's channel
//!   listener ◄───────────────── task ◄── its events
//! ```

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;

use bytes::BytesMut;
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::future::select;
use webrtc::data_channel::{DataChannel as Inner, DataChannelEvent};

use super::super::webrtc::{ChannelEvent, DataChannel, Error};
use super::spawn;

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
    open: Cell<bool>,
    /// Bytes that the crate has not taken yet. The transport sends no more than its mark allows.
    queued: Cell<usize>,
    low: Cell<usize>,
    listener: RefCell<Option<Listener>>,
}

impl Channel {
    /// The channel that `made` resolves to; none means that it could not be opened.
    pub(super) fn new(made: impl Future<Output = Option<Arc<dyn Inner>>> + 'static) -> Self {
        let (commands, received) = unbounded();
        let shared = Rc::<Shared>::default();
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
            Command::Close => channel.close().await,
        };
        // Refused only where the channel is gone, which its events tell.
        if result.is_err() {
            return;
        }
    }
}
