//! The words of Covey's peers, pages and nodes: the codec, ids, limits, times, the words of a node,
//! and what a room asks of its network. Beside them the maps that everything in a page is kept in. No keys, no state,
//! no input or output.

pub mod frame;
pub mod limits;
pub mod sorted;

pub mod class;
pub mod id;
pub mod time;

pub mod meet;
pub mod net;

pub mod webrtc;
