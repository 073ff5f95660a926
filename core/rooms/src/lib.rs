//! Covey without any input or output: identity, capabilities, the signed ledger, documents, rooms.
//!
//! # Driving a room
//! [`room::Room`] keeps one contract: **change it with `handle`, then drain `poll` to `None`, then
//! change it again**; `poll_timeout` says when it wants a `Tick`. Time, seeds and bytes come
//! in as arguments, effects go out as values. The page, the headless peer, the simulation and the tests all
//! drive rooms like this, each with its own network and disk:
//!
//! ```
//! use std::time::Duration;
//!
//! use covey_rooms::capability::{Role, Terms};
//! use covey_rooms::disk::DiskCommand;
//! use covey_rooms::identity::{DeviceSecret, SeatKey};
//! use covey_rooms::room::{Input, Output, Room, Setup};
//! use covey_wire::id::SeatId;
//! use covey_wire::net::{NetCommand, NetEvent, Path};
//! use covey_wire::time::{Instant, Now, Time};
//!
//! fn setup(person: u8) -> Setup {
//!     Setup {
//!         device: DeviceSecret::new([person; 32]),
//!         installation: [person; 16],
//!         seed: [person; 32], // In a page: random, and used once.
//!         name: format!("Person {person}"),
//!         nodes: Vec::new(),
//!     }
//! }
//!
//! /// Gives a room an input and does all that it asks for; gives what goes to the other room.
//! fn drive(room: &mut Room, seat: SeatId, input: Input, now: Now) -> Vec<Input> {
//!     let (mut inputs, mut mail) = (vec![input], Vec::new());
//!     while let Some(input) = inputs.pop() {
//!         room.handle(input, now);
//!         while let Some(output) = room.poll() {
//!             match output {
//!                 Output::Net(NetCommand::Send { class, bytes, .. }) => {
//!                     mail.push(Input::Net(NetEvent::Frame { seat, class, bytes }));
//!                 }
//!                 Output::Net(_) => {} // This network has no node, and both are connected.
//!                 Output::Disk(DiskCommand::Append { token, .. }) => inputs.push(Input::Stored(token)),
//!                 Output::Disk(_) | Output::Event(_) => {} // For the disk, and for the page.
//!             }
//!         }
//!     }
//!     mail
//! }
//!
//! # fn main() -> Result<(), covey_rooms::room::RoomError> {
//! let mut now = Now { wall: Time(1_700_000_000_000), elapsed: Instant(0) };
//! let mut ada = Room::found(setup(1), "Tea", now)?;
//! let link = ada.invite(Terms::new(Role::Participant))?;
//! let mut bo = Room::join(setup(2), &link, None, now)?;
//! let seats = [&ada, &bo].map(|room| SeatKey::new(room.seat_secret()).id());
//!
//! let up = |seat| Input::Net(NetEvent::Up { seat, path: Path::Direct });
//! let (mut to_ada, mut to_bo) = (vec![up(seats[1])], vec![up(seats[0])]);
//! while !bo.is_in() {
//!     let from_ada = to_ada.drain(..).flat_map(|input| drive(&mut ada, seats[0], input, now));
//!     let from_ada: Vec<_> = from_ada.collect();
//!     to_ada = to_bo.drain(..).flat_map(|input| drive(&mut bo, seats[1], input, now)).collect();
//!     to_bo = from_ada;
//!     now = now + Duration::from_millis(20); // Nothing sooner than `poll_timeout`, in a page.
//!     to_ada.push(Input::Tick);
//!     to_bo.push(Input::Tick);
//! }
//! assert_eq!(ada.people().len(), 2);
//! # Ok(())
//! # }
//! ```
//!
//! # Layers
//! A module uses only modules that stand above it in this list. Of the machines (`live` to `sync`) none knows `room`,
//! which alone routes between them.

pub mod broken;
mod budget;

pub mod identity;
pub mod seal;

pub mod capability;

pub mod roster;

pub mod guard;

pub mod ledger;

pub mod disk;

pub mod documents;

pub mod offence;

pub mod live;

pub mod call;

pub mod event;

pub mod replica;

pub mod peers;

pub mod sync;

pub mod room;

#[cfg(feature = "fuzzing")]
pub mod fuzzing;

#[cfg(test)]
mod golden;
