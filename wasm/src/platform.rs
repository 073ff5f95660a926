//! The browser's services to the core: the time, randomness, and when to come back.

use std::cell::Cell;

use covey_wire::time::{Instant, Now, Time};
use js_sys::{Function, global};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    fn get_random_values(bytes: &mut [u8]) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: f64) -> JsValue;

    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: &JsValue);

    #[wasm_bindgen(thread_local_v2, js_namespace = performance, js_name = timeOrigin)]
    static TIME_ORIGIN: f64;

    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn since_origin() -> f64;
}

/// The steady clock stands still while some devices sleep: this far behind, it is put right.
const SLEPT: f64 = 2_000.0;

thread_local! {
    /// The milliseconds that the steady clock missed.
    static MISSED: Cell<f64> = const { Cell::new(0.0) };
}

/// Both times. Elapsed time goes on while the device sleeps, and never goes back, even where the device's clock is set
/// back.
pub fn now() -> Now {
    let wall = js_sys::Date::now();
    let mut elapsed = TIME_ORIGIN.with(|origin| *origin) + since_origin() + MISSED.get();
    let behind = wall - elapsed;
    if behind >= SLEPT {
        MISSED.set(MISSED.get() + behind);
        elapsed += behind;
    }
    Now { wall: Time(wall as u64), elapsed: Instant(elapsed as u64) }
}

/// Random bytes that nobody can guess.
pub fn random<const N: usize>() -> Result<[u8; N], JsValue> {
    let mut bytes = [0; N];
    get_random_values(&mut bytes)?;
    Ok(bytes)
}

/// Calls back once, unless it is dropped before.
pub struct Timeout {
    id: JsValue,
    _callback: Closure<dyn FnMut()>,
}

impl Timeout {
    /// Calls back after some milliseconds; a hidden page may be made to wait longer.
    pub fn new(milliseconds: u64, callback: impl FnOnce() + 'static) -> Self {
        let callback = Closure::once(callback);
        let id = set_timeout(callback.as_ref().unchecked_ref(), milliseconds as f64);
        Self { id, _callback: callback }
    }
}

impl Drop for Timeout {
    fn drop(&mut self) {
        clear_timeout(&self.id);
    }
}

/// Waits at least that long.
pub async fn pause(milliseconds: u64) {
    let (send, receive) = futures::channel::oneshot::channel();
    let _timeout = Timeout::new(milliseconds, move || {
        // Nobody waits any more: nothing to do.
        let _ = send.send(());
    });
    let _ = receive.await;
}

/// A property of the global object, e.g. `indexedDB`.
pub fn global_property<T: JsCast>(name: &str) -> Option<T> {
    js_sys::Reflect::get(&global(), &name.into()).ok()?.dyn_into().ok()
}

/// The message of a value that JavaScript threw.
pub fn words(thrown: &JsValue) -> String {
    let error = thrown.dyn_ref::<js_sys::Error>().map(|error| String::from(error.to_string()));
    error
        .or_else(|| thrown.as_string())
        .unwrap_or_else(|| "unknown error of the browser".to_owned())
}
