//! The terms of a link, from what the page says.

use covey_rooms::capability::{Role, Terms, Tools};
use covey_wire::time::Time;
use wasm_bindgen::JsValue;

use super::error::detailed;
use crate::platform::now;

/// Terms that somebody can make use of.
pub fn terms(
    role: &str,
    expires: Option<f64>,
    uses: Option<f64>,
    pass_on: bool,
    tools: Option<u16>,
) -> Result<Terms, JsValue> {
    let role = Role::from_name(role).ok_or_else(|| js_sys::TypeError::new("unknown role"))?;
    // Every link carries a content key, which whoever keeps copies must not have.
    if role == Role::Replica {
        return Err(refused("role"));
    }
    let expires = expires.map(future).transpose()?;
    let uses = uses.map(number).transpose()?;
    let tools = tools.map_or(Tools::ALL, Tools::from_bits);
    Ok(Terms { expires, uses, pass_on, tools, ..Terms::new(role) })
}

fn future(time: f64) -> Result<Time, JsValue> {
    // Not a number becomes zero, which is past.
    let time = Time(time as u64);
    if time > now().wall { Ok(time) } else { Err(refused("expires")) }
}

fn number(uses: f64) -> Result<u32, JsValue> {
    let whole = uses as u32;
    if whole > 0 && f64::from(whole) == uses {
        return Ok(whole);
    }
    Err(refused("uses"))
}

fn refused(term: &str) -> JsValue {
    detailed("terms-useless", "term", term)
}
