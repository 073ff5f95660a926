//! Documents: yrs replicas that take only what the guard has passed.

mod code;
mod replica;

pub use self::replica::{ApplyError, Document};
pub use crate::guard::{CODE_FILE, DocKind};
