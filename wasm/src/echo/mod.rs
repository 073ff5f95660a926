//! The network of a page without rooms, in the hands of a test: the transport with a protocol that
//! sends back what it gets, for other implementations, and the mesh.

mod behaviour;
mod mesh;
mod peer;
mod stream;
mod swarm;
