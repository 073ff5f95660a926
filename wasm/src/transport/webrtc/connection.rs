//! An `RTCPeerConnection`.

use std::cell::RefCell;
use std::rc::Rc;

use covey_mesh::webrtc::{ConnectionState, Error, Event, PeerConnection};
use covey_wire::meet::IceServer;
use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    RtcConfiguration, RtcDataChannelEvent, RtcIceCandidateInit, RtcIceServer, RtcPeerConnection,
    RtcPeerConnectionIceEvent, RtcPeerConnectionState, RtcSdpType, RtcSessionDescriptionInit,
};

use super::channel::Channel;
use super::{Listener, refused};

/// An `RTCPeerConnection` and who listens to it.
pub struct Connection {
    inner: RtcPeerConnection,
    handlers: RefCell<Vec<Listener>>,
}

impl Connection {
    fn handler(&self, act: impl Fn(JsValue) + 'static) -> Function {
        let closure = Listener::new(act);
        let function = closure.as_ref().unchecked_ref::<Function>().clone();
        self.handlers.borrow_mut().push(closure);
        function
    }

    /// Awaits a session description that the browser makes, and sets it as ours.
    async fn describe(&self, made: Promise) -> Result<(), Error> {
        let made = JsFuture::from(made).await.map_err(refused)?;
        let made = made.unchecked_into::<RtcSessionDescriptionInit>();
        settled(self.inner.set_local_description(&made)).await
    }

    async fn set_remote(&self, kind: RtcSdpType, sdp: &str) -> Result<(), Error> {
        let description = RtcSessionDescriptionInit::new(kind);
        description.set_sdp(sdp);
        settled(self.inner.set_remote_description(&description)).await
    }
}

impl PeerConnection for Connection {
    type Channel = Channel;

    async fn open(ice: &[IceServer]) -> Result<Self, Error> {
        let inner = RtcPeerConnection::new_with_configuration(&configuration(ice));
        Ok(Self { inner: inner.map_err(refused)?, handlers: RefCell::default() })
    }

    fn spawn(task: impl Future<Output = ()> + 'static) {
        spawn_local(task);
    }

    fn listen(&self, listener: impl Fn(Event<Channel>) + 'static) {
        let pc = &self.inner;
        let listener = Rc::new(listener);
        let tell = |event: fn(JsValue) -> Option<Event<Channel>>| {
            let listener = listener.clone();
            self.handler(move |from| event(from).into_iter().for_each(&*listener))
        };
        pc.set_ondatachannel(Some(&tell(channel)));
        pc.set_onicecandidate(Some(&tell(candidate)));
        pc.set_onconnectionstatechange(Some(&tell(state)));
    }

    /// The browser throws where the connection is closed or has too many channels, and the
    /// generated binding would let that through all of Rust.
    fn create_channel(&self, label: &str) -> Result<Channel, Error> {
        let create = Reflect::get(&self.inner, &"createDataChannel".into());
        let create = create.and_then(|create| create.dyn_into::<Function>());
        let channel = create.and_then(|create| create.call1(&self.inner, &label.into()));
        Ok(Channel::new(channel.map_err(refused)?.unchecked_into()))
    }

    async fn offer(&self) -> Result<(), Error> {
        self.describe(self.inner.create_offer()).await
    }

    async fn answer(&self) -> Result<(), Error> {
        self.describe(self.inner.create_answer()).await
    }

    async fn description(&self) -> Result<String, Error> {
        Ok(self.inner.local_description().ok_or(Error::Unexpected)?.sdp())
    }

    async fn set_offer(&self, sdp: &str) -> Result<(), Error> {
        self.set_remote(RtcSdpType::Offer, sdp).await
    }

    async fn set_answer(&self, sdp: &str) -> Result<(), Error> {
        self.set_remote(RtcSdpType::Answer, sdp).await
    }

    fn add_candidate(&self, json: &str) {
        let Ok(value) = JSON::parse(json) else { return };
        let Ok(object) = value.dyn_into::<Object>() else { return };
        let init = object.unchecked_into::<RtcIceCandidateInit>();
        let adding = self.inner.add_ice_candidate_with_opt_rtc_ice_candidate_init(Some(&init));
        spawn_local(async move {
            let _ = JsFuture::from(adding).await;
        });
    }

    fn close(&self) {
        self.inner.close();
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // Before the closures go: a late event must find nothing to call.
        self.inner.set_ondatachannel(None);
        self.inner.set_onicecandidate(None);
        self.inner.set_onconnectionstatechange(None);
        self.inner.close();
    }
}

async fn settled(promise: Promise) -> Result<(), Error> {
    JsFuture::from(promise).await.map(drop).map_err(refused)
}

fn channel(event: JsValue) -> Option<Event<Channel>> {
    let channel = event.unchecked_ref::<RtcDataChannelEvent>().channel();
    Some(Event::Channel { label: channel.label(), channel: Channel::new(channel) })
}

fn candidate(event: JsValue) -> Option<Event<Channel>> {
    let candidate = event.unchecked_ref::<RtcPeerConnectionIceEvent>().candidate()?;
    if candidate.candidate().is_empty() {
        return None;
    }
    Some(Event::Candidate(JSON::stringify(&candidate.to_json()).ok()?.into()))
}

fn state(event: JsValue) -> Option<Event<Channel>> {
    let pc = event.unchecked_ref::<web_sys::Event>().target()?;
    Some(Event::State(match pc.unchecked_ref::<RtcPeerConnection>().connection_state() {
        RtcPeerConnectionState::Connected => ConnectionState::Connected,
        RtcPeerConnectionState::Failed => ConnectionState::Failed,
        RtcPeerConnectionState::Closed => ConnectionState::Closed,
        _ => ConnectionState::Pending,
    }))
}

/// The settings of a new connection.
fn configuration(ice: &[IceServer]) -> RtcConfiguration {
    let servers = Array::new();
    for server in ice {
        let urls: Array = server.urls.iter().map(JsValue::from).collect();
        let entry = RtcIceServer::new();
        entry.set_urls(&urls);
        if let Some(username) = &server.username {
            entry.set_username(username);
        }
        if let Some(credential) = &server.credential {
            entry.set_credential(credential);
        }
        servers.push(&entry);
    }
    let configuration = RtcConfiguration::new();
    configuration.set_ice_servers(&servers);
    configuration
}
