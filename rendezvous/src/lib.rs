//! covey-node: serves the page and introduces peers to each other.
