//! Starts a covey-node.
fn main() {}
