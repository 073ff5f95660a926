//! Parts of a page without rooms, in the hands of a test: the transport with a protocol that sends back
//! what it gets, for other implementations; the mesh; the disk.

mod behaviour;
mod disk;
mod mesh;
mod peer;
mod stream;
mod swarm;
