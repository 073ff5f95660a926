//! Documents: yrs replicas that take only what the guard has passed.

mod content;
mod replica;

pub use yrs::Any;

pub use self::replica::{ApplyError, Document};
pub use crate::guard::{CODE_FILE, DocKind};
