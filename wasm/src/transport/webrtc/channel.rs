//! An `RTCDataChannel`.

use std::cell::RefCell;
use std::rc::Rc;

use covey_mesh::webrtc::{ChannelEvent, DataChannel, Error};
use js_sys::{ArrayBuffer, Function, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, RtcDataChannel, RtcDataChannelState, RtcDataChannelType};

use super::{Listener, refused};

/// An `RTCDataChannel` and who listens to it.
pub struct Channel {
    inner: RtcDataChannel,
    handlers: RefCell<Vec<Listener>>,
}

impl Channel {
    pub(super) fn new(inner: RtcDataChannel) -> Self {
        Self { inner, handlers: RefCell::default() }
    }

    fn handler(&self, act: impl Fn(JsValue) + 'static) -> Function {
        let closure = Listener::new(act);
        let function = closure.as_ref().unchecked_ref::<Function>().clone();
        self.handlers.borrow_mut().push(closure);
        function
    }
}

impl DataChannel for Channel {
    fn listen(&self, low: u32, listener: impl Fn(ChannelEvent) + 'static) {
        let dc = &self.inner;
        dc.set_binary_type(RtcDataChannelType::Arraybuffer);
        dc.set_buffered_amount_low_threshold(low);
        let listener = Rc::new(listener);
        let tell = |event: fn(JsValue) -> ChannelEvent| {
            let listener = listener.clone();
            self.handler(move |from| listener(event(from)))
        };
        dc.set_onopen(Some(&tell(|_| ChannelEvent::Open)));
        dc.set_onmessage(Some(&tell(message)));
        dc.set_onbufferedamountlow(Some(&tell(|_| ChannelEvent::Low)));
        dc.set_onclose(Some(&tell(|_| ChannelEvent::Close)));
    }

    fn is_open(&self) -> bool {
        self.inner.ready_state() == RtcDataChannelState::Open
    }

    fn buffered(&self) -> u32 {
        self.inner.buffered_amount()
    }

    fn send(&self, message: &[u8]) -> Result<(), Error> {
        self.inner.send_with_u8_array(message).map_err(refused)
    }

    fn close(&self) {
        self.inner.close();
    }
}

fn message(event: JsValue) -> ChannelEvent {
    match event.unchecked_ref::<MessageEvent>().data().dyn_ref::<ArrayBuffer>() {
        Some(buffer) => ChannelEvent::Message(Uint8Array::new(buffer).to_vec()),
        None => ChannelEvent::Text,
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        // Before the closures go: a late event must find nothing to call.
        if !self.handlers.borrow().is_empty() {
            self.inner.set_onopen(None);
            self.inner.set_onmessage(None);
            self.inner.set_onbufferedamountlow(None);
            self.inner.set_onclose(None);
        }
    }
}
