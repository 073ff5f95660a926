//! `WasmRehearsal`: what a page does ahead while nobody waits for it.

use std::cell::RefCell;

use covey_rooms::room::Rehearsal;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::platform::now;

/// A meeting in memory, step by step.
#[wasm_bindgen]
pub struct WasmRehearsal(RefCell<Rehearsal>);

#[wasm_bindgen]
impl WasmRehearsal {
    /// Nothing has happened.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self(RefCell::new(Rehearsal::new(now())))
    }

    /// Does the next thing; false when that was the last.
    pub fn step(&self) -> bool {
        self.0.borrow_mut().step()
    }
}
