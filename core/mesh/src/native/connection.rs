//! A peer connection of the `webrtc` crate.

use std::cell::{Cell, RefCell};
use std::net::UdpSocket;
use std::rc::Rc;
use std::sync::Arc;

use async_trait::async_trait;
use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::channel::oneshot;
use webrtc::data_channel;
use webrtc::peer_connection::{
    self, PeerConnectionBuilder, PeerConnectionEventHandler, RTCConfigurationBuilder,
    RTCIceCandidateInit, RTCIceServer, RTCPeerConnectionIceEvent, RTCPeerConnectionState,
    RTCSessionDescription,
};

use super::super::webrtc::{ConnectionState, Error, Event, PeerConnection};
use super::channel::Channel;
use super::{refused, spawn};
use covey_wire::meet::IceServer;

/// The crate takes so much for each channel before it makes senders wait.
const SEND_BUFFER: usize = 256 << 10;

/// A peer connection.
pub struct Connection {
    inner: Arc<dyn peer_connection::PeerConnection>,
    told: RefCell<Option<UnboundedReceiver<Told>>>,
    /// Channels that are being made: an offer has to wait for them.
    making: RefCell<Vec<oneshot::Receiver<()>>>,
    /// Whether the peer made the offer.
    answers: Rc<Cell<bool>>,
}

/// An event of the crate, on whatever thread.
enum Told {
    Channel(Arc<dyn data_channel::DataChannel>),
    Candidate(String),
    State(ConnectionState),
}

struct Handler(UnboundedSender<Told>);

impl Handler {
    fn tell(&self, told: Told) {
        // Nobody listens to a connection that is being closed.
        let _ = self.0.unbounded_send(told);
    }
}

#[async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_ice_candidate(&self, event: RTCPeerConnectionIceEvent) {
        let json = event.candidate.to_json().ok();
        if let Some(json) = json.and_then(|init| serde_json::to_string(&init).ok()) {
            self.tell(Told::Candidate(json));
        }
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        self.tell(Told::State(match state {
            RTCPeerConnectionState::Connected => ConnectionState::Connected,
            RTCPeerConnectionState::Failed => ConnectionState::Failed,
            RTCPeerConnectionState::Closed => ConnectionState::Closed,
            _ => ConnectionState::Pending,
        }));
    }

    async fn on_data_channel(&self, channel: Arc<dyn data_channel::DataChannel>) {
        self.tell(Told::Channel(channel));
    }
}

impl PeerConnection for Connection {
    type Channel = Channel;

    async fn open(ice: &[IceServer]) -> Result<Self, Error> {
        let (tell, told) = unbounded();
        let servers = ice.iter().map(ice_server).collect();
        let builder = PeerConnectionBuilder::new()
            .with_configuration(RTCConfigurationBuilder::new().with_ice_servers(servers).build())
            .with_handler(Arc::new(Handler(tell)))
            .with_data_channel_send_buffer_limit(SEND_BUFFER)
            .with_udp_addrs(interfaces());
        let inner = Arc::new(builder.build().await.map_err(refused)?);
        let (told, making) = (RefCell::new(Some(told)), RefCell::default());
        Ok(Self { inner, told, making, answers: Rc::default() })
    }

    fn spawn(task: impl Future<Output = ()> + 'static) {
        spawn(task);
    }

    fn listen(&self, listener: impl Fn(Event<Channel>) + 'static) {
        let Some(mut told) = self.told.take() else { return };
        let answers = self.answers.clone();
        spawn(async move {
            let (mut connected, mut associated) = (false, false);
            while let Some(told) = told.next().await {
                match told {
                    Told::Candidate(json) => listener(Event::Candidate(json)),
                    // Channels that are made before SCTP stands never open (`webrtc` 0.21). Who
                    // offers has one by then, who answers waits for it.
                    Told::State(ConnectionState::Connected) if answers.get() && !associated => {
                        connected = true;
                    }
                    Told::State(state) => listener(Event::State(state)),
                    Told::Channel(channel) => {
                        // A channel that is gone already has no label.
                        let Ok(label) = channel.label().await else { continue };
                        listener(Event::Channel { label, channel: Channel::theirs(channel) });
                        associated = true;
                        if std::mem::take(&mut connected) {
                            listener(Event::State(ConnectionState::Connected));
                        }
                    }
                }
            }
        });
    }

    fn create_channel(&self, label: &str) -> Result<Channel, Error> {
        let (inner, label) = (self.inner.clone(), label.to_owned());
        let (made, waits) = oneshot::channel();
        self.making.borrow_mut().push(waits);
        Ok(Channel::ours(async move {
            let channel = inner.create_data_channel(&label, None).await.ok();
            // Only an offer waits for it.
            let _ = made.send(());
            channel
        }))
    }

    async fn offer(&self) -> Result<(), Error> {
        for making in self.making.take() {
            let _ = making.await;
        }
        let offer = self.inner.create_offer(None).await.map_err(refused)?;
        self.inner.set_local_description(offer).await.map_err(refused)
    }

    async fn answer(&self) -> Result<(), Error> {
        let answer = self.inner.create_answer(None).await.map_err(refused)?;
        self.inner.set_local_description(answer).await.map_err(refused)
    }

    async fn description(&self) -> Result<String, Error> {
        Ok(self.inner.local_description().await.ok_or(Error::Unexpected)?.sdp)
    }

    async fn set_offer(&self, sdp: &str) -> Result<(), Error> {
        self.answers.set(true);
        let offer = RTCSessionDescription::offer(sdp.to_owned()).map_err(refused)?;
        self.inner.set_remote_description(offer).await.map_err(refused)
    }

    async fn set_answer(&self, sdp: &str) -> Result<(), Error> {
        let answer = RTCSessionDescription::answer(sdp.to_owned()).map_err(refused)?;
        self.inner.set_remote_description(answer).await.map_err(refused)
    }

    fn add_candidate(&self, json: &str) {
        let Ok(candidate) = serde_json::from_str::<RTCIceCandidateInit>(json) else { return };
        let inner = self.inner.clone();
        spawn(async move {
            let _ = inner.add_ice_candidate(candidate).await;
        });
    }

    fn close(&self) {
        let inner = self.inner.clone();
        spawn(async move {
            // The rest of it ends with its last handle.
            let _ = inner.close().await;
        });
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.close();
    }
}

fn ice_server(server: &IceServer) -> RTCIceServer {
    RTCIceServer {
        urls: server.urls.clone(),
        username: server.username.clone().unwrap_or_default(),
        credential: server.credential.clone().unwrap_or_default(),
    }
}

/// Every interface, of the address families that there are.
fn interfaces() -> Vec<&'static str> {
    ["0.0.0.0:0", "[::]:0"].into_iter().filter(|any| UdpSocket::bind(any).is_ok()).collect()
}
