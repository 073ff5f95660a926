//! The JavaScript classes: translation, nothing else.

mod call;
mod covey;
pub mod error;
mod fields;
#[cfg(feature = "misbehave")]
mod misbehave;
mod rehearsal;
mod room;
mod terms;

pub use fields::Fields;
pub use room::WasmRoom;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
import type { Line, LinkInfo, Person, Role, RoomStats, Status, StoredRoom } from "covey";

export interface CallState {
  readonly joined: boolean;
  readonly attendees: readonly {
    readonly client: number;
    readonly member: string;
    readonly self: boolean;
    /** Bits of `FLAG`. */
    readonly flags: number;
    /** Bits of `MAY`. */
    readonly may: number;
    readonly line: Line | null;
  }[];
}
"#;
