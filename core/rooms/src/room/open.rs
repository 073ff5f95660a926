//! A room is founded, joined by a link, or opened from what the device has.

use std::collections::VecDeque;

use thiserror::Error;

use super::dialling::Dialling;
use super::{Keepsakes, Me, Output, Record, Room, VerifiedLink};
use crate::call::Call;
use crate::capability::{CapabilityError, LinkError, Role, Tools, link_key};
use crate::disk::DiskCommand;
use crate::event::Event;
use crate::identity::{DeviceSecret, SeatKey, SeedStream, Signed, call_seed, seat_secret};
use crate::ledger::Reason;
use crate::live::{Live, clean_title};
use crate::peers::Peers;
use crate::replica::{Owner, Replica};
use crate::roster::{Certificate, Genesis, Right, RosterAct, Standing, claim};
use crate::seal::ContentKey;
use crate::sync::{Installation, Sync};
use covey_wire::id::RoomId;
use covey_wire::limits;
use covey_wire::net::NodeState;
use covey_wire::time::Now;

/// Why a room can't be opened, or a link can't be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RoomError {
    /// The link is of no use.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// One's rights don't reach that far.
    #[error("Your role in this room does not allow this.")]
    NotAllowed,
    /// One's own first entry was refused: what the disk has is damaged.
    #[error("This room can't be opened from what this device has stored ({0}).")]
    Refused(Reason),
}

/// The things that a page brings along.
pub struct Setup {
    /// The login.
    pub device: DeviceSecret,
    /// Which browser profile.
    pub installation: Installation,
    /// 32 random bytes that are used for nothing else.
    pub seed: [u8; 32],
    /// The person's name.
    pub name: String,
    /// Nodes of the page's origin, for rooms whose link names none.
    pub nodes: Vec<String>,
}

impl Room {
    /// Makes a new room. Its root key signs the genesis and is gone afterwards.
    pub fn found(setup: Setup, title: &str, now: Now) -> Result<Self, RoomError> {
        Self::found_at(setup, title, Vec::new(), now)
    }

    /// Makes a new room whose links name `nodes`, for pages whose origin is none.
    pub fn found_at(
        setup: Setup,
        title: &str,
        nodes: Vec<String>,
        now: Now,
    ) -> Result<Self, RoomError> {
        let fits = |node: &String| node.len() <= limits::NODE_ADDRESS;
        let nodes = nodes.into_iter().filter(fits).take(limits::LINK_NODES).collect();
        let mut seeds = SeedStream::new(setup.seed);
        let root = SeatKey::new(seeds.draw());
        let room = RoomId(root.id().0);
        let member = setup.device.member(room);
        let key = ContentKey::new(seeds.draw());
        let (owner, exchange) = (member.id(), member.exchange());
        let genesis = Genesis { owner, exchange, epoch: key.epoch(room) };
        let record = Record {
            room,
            title: titled(title),
            keys: vec![key],
            nodes,
            links: Vec::new(),
            role: Role::Owner,
            opened: now.wall,
            keepsakes: Keepsakes::default(),
        };
        let genesis = Signed::sign(genesis, &room.0, root.signer());
        let right = Right::Founder(Box::new(genesis));
        Self::open(setup, seeds, record, Vec::new(), Some(right), now)
    }

    /// Joins by a link; `stored` is what this device has of the room, if it was there before.
    pub fn join(
        setup: Setup,
        link: &VerifiedLink,
        stored: Option<(Record, Vec<Vec<u8>>)>,
        now: Now,
    ) -> Result<Self, RoomError> {
        let seeds = SeedStream::new(setup.seed);
        let was_here = stored.is_some();
        let (mut record, segments) =
            stored.unwrap_or_else(|| (Record::of_link(link, now.wall), Vec::new()));
        record.add(link);
        record.opened = now.wall;
        let mut room = Self::open(setup, seeds, record, segments, None, now)?;
        let gives = Standing::new(link.terms().role, link.terms().tools);
        if was_here && room.replica.standing().is_some_and(|has| has.with(gives) == has) {
            room.emit(Event::AlreadyHere);
        }
        Ok(room)
    }

    /// Opens a room this device has.
    pub fn reopen(
        setup: Setup,
        mut record: Record,
        segments: Vec<Vec<u8>>,
        now: Now,
    ) -> Result<Self, RoomError> {
        record.opened = now.wall;
        let seeds = SeedStream::new(setup.seed);
        Self::open(setup, seeds, record, segments, None, now)
    }

    fn open(
        setup: Setup,
        seeds: SeedStream,
        mut record: Record,
        segments: Vec<Vec<u8>>,
        right: Option<Right>,
        now: Now,
    ) -> Result<Self, RoomError> {
        let member = setup.device.member(record.room);
        let key = SeatKey::new(seat_secret(&setup.seed));
        let bearer = record.links.iter().filter_map(|joined| Some((joined, joined.secret?)));
        let claims = bearer.map(|(joined, secret)| {
            let key = link_key(&secret);
            claim(record.room, &member, joined.chain.clone(), &key)
        });
        let mut claims: Vec<_> = claims.collect();
        claims.drain(..claims.len().saturating_sub(limits::CLAIMS));
        let has_claim = !claims.is_empty();
        let me = Me {
            room: record.room,
            member: member.id(),
            signer: member.signer().clone(),
            installation: setup.installation,
            seat: key.id(),
            seat_secret: key.secret(),
            certificate: Certificate::sign(record.room, &member, key.id()),
            claims,
        };
        let own = Owner { room: me.room, member: me.member, seat: me.seat };
        let kept = record.keepsakes.clone();
        let mut replica = Replica::load(own, &record.keys, kept.acked, segments);
        let ledger = replica.ledger();
        record.prune(ledger.epoch(), |member| ledger.standing(member).is_some());
        let right = match right {
            Some(right) => right,
            // A member comes back though the disk lost its admission: others have that.
            None if replica.standing().is_some() || has_claim || record.role > Role::Replica => {
                Right::Member
            }
            None => return Err(LinkError::Rights(CapabilityError::Bound).into()),
        };
        let enter = RosterAct::enter(record.room, &member, key.id(), right);
        replica.sit(key, enter).map_err(RoomError::Refused)?;
        let last = record.links.last().and_then(|joined| joined.chain.verify(record.room).ok());
        let link_tools = last.map_or(Tools::ALL, |grant| grant.terms.tools);
        let live = Live::new(me.member, &setup.name, kept.names);
        let call = Call::new(me.seat, call_seed(&setup.seed));
        let mut room = Self {
            me,
            replica,
            peers: Peers::default(),
            sync: Sync::default(),
            live,
            call,
            dialling: Dialling::default(),
            record,
            link_tools,
            seeds,
            origin: setup.nodes,
            node: NodeState::Connecting,
            now,
            recorded: None,
            record_changed: true,
            asked_again: None,
            refused_before: false,
            newer: false,
            people_changed: false,
            status_changed: false,
            #[cfg(feature = "misbehave")]
            misbehaving: super::misbehave::Misbehaving::default(),
            out: VecDeque::new(),
        };
        let packs = room.replica.drain_packs();
        if !packs.is_empty() {
            room.out.push_back(Output::Disk(DiskCommand::pack(&packs)));
        }
        room.connect();
        room.tick();
        room.write_record();
        Ok(room)
    }
}

/// A room's name as it may be shown, never an empty one.
pub(super) fn titled(title: &str) -> String {
    let mut clean = clean_title(title);
    if clean.is_empty() {
        clean.push_str("Untitled room");
    }
    clean
}
