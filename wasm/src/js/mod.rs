//! The JavaScript classes: translation, nothing else.

mod covey;
mod error;
mod fields;
mod room;

pub use fields::Fields;
pub use room::WasmRoom;
