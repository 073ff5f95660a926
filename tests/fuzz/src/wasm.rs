//! The same cases in a WebAssembly instance: `soak.mjs` watches what a trap leaves no time to say.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::corpus;
use crate::targets;
use crate::work;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn say(words: &str);

    #[wasm_bindgen(js_namespace = performance)]
    pub(crate) fn now() -> f64;
}

/// Panics are said before they trap.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|info| say(&info.to_string())));
}

/// Whose turn a seed is where no target is named.
#[wasm_bindgen]
pub fn turn(seed: u64) -> String {
    targets::turn(seed).name.to_owned()
}

/// Runs one case; false if there is no such target.
#[wasm_bindgen]
pub fn run(target: &str, seed: u64) -> bool {
    let target = targets::find(target);
    target.map(|target| (target.case)(seed)).is_some()
}

/// The largest share of its time, by its input, that anything took since the last call.
#[wasm_bindgen]
pub fn share() -> f64 {
    work::share()
}

/// The cases that come first, one a line.
#[wasm_bindgen]
pub fn stored() -> String {
    corpus::seeds().map(|(target, seed)| format!("{target} {seed}\n")).collect()
}

/// The instance's memory.
#[wasm_bindgen]
pub fn heap() -> JsValue {
    wasm_bindgen::memory()
}
