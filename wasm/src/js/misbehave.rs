//! How a test tells the attacker's page what to do: `coveyMisbehave(attack)`.

use std::rc::Rc;

use covey_rooms::room::Input;
use js_sys::Reflect;
use wasm_bindgen::prelude::*;

use crate::driver::Driver;

/// Puts the function where tests find it. No attack means that the rules are kept again.
pub fn offer(driver: &Rc<Driver>) {
    let driver = Rc::clone(driver);
    let tell = move |attack: Option<String>| {
        let attack = attack.map(|name| name.parse()).transpose();
        let attack = attack.map_err(|error: String| JsError::new(&error))?;
        driver.input(Input::Misbehave(attack));
        Ok(())
    };
    let tell: Closure<dyn Fn(Option<String>) -> Result<(), JsError>> = Closure::new(tell);
    // Where it can't be set, the test says that it is missing.
    let _ = Reflect::set(&js_sys::global(), &"coveyMisbehave".into(), &tell.into_js_value());
}
