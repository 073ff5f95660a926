//! What a device keeps of a room besides its log: keys, the link it came by, names.
//!
//! ```text
//!   version 1 │ room │ title │ discovery │ epoch │ key │ nodes │ chain and secret, or none
//!   │ role │ opened │ names… │ acknowledged…
//! ```

use crate::capability::{Chain, Link, Role};
use crate::frame::{DecodeError, Reader, Wire, Writer};
use crate::id::{MemberId, RoomId, SeatId};
use crate::limits;
use crate::room::Keepsakes;
use crate::seal::{ContentKey, EpochId};
use crate::time::Time;

const VERSION: u8 = 1;

/// A room on this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The room.
    pub room: RoomId,
    /// Its name.
    pub title: String,
    /// Where its members meet is derived from this.
    pub discovery: [u8; 32],
    /// The epoch one writes in.
    pub epoch: EpochId,
    /// Its key.
    pub key: ContentKey,
    /// Nodes named in the link; none means the page's origin.
    pub nodes: Vec<String>,
    /// The link one came by: its rights, and its secret if it is a bearer link.
    pub link: Option<(Chain, Option<[u8; 32]>)>,
    /// One's role when it was last known.
    pub role: Role,
    /// When the room was last opened.
    pub opened: Time,
    /// Names and acknowledgements.
    pub keepsakes: Keepsakes,
}

impl Record {
    /// What a link says of its room.
    pub fn of_link(link: &Link, now: Time) -> Self {
        Self {
            room: link.room,
            title: link.title.clone(),
            discovery: link.discovery,
            epoch: link.epoch,
            key: link.key.clone(),
            nodes: link.nodes.clone(),
            link: Some((link.chain.clone(), link.secret)),
            role: Role::Replica,
            opened: now,
            keepsakes: Keepsakes::default(),
        }
    }

    /// A link of this room with these rights.
    pub fn link_with(&self, chain: Chain, secret: Option<[u8; 32]>) -> Link {
        Link {
            room: self.room,
            discovery: self.discovery,
            epoch: self.epoch,
            key: self.key.clone(),
            nodes: self.nodes.clone(),
            title: self.title.clone(),
            chain,
            secret,
        }
    }
}

impl Wire for Record {
    fn write(&self, w: &mut Writer) {
        w.u8(VERSION).put(&self.room).bytes(self.title.as_bytes()).raw(&self.discovery);
        w.put(&self.epoch).put(&self.key).varint(self.nodes.len() as u64);
        for node in &self.nodes {
            w.bytes(node.as_bytes());
        }
        match &self.link {
            None => w.u8(0),
            Some((chain, None)) => w.u8(1).put(chain),
            Some((chain, Some(secret))) => w.u8(2).put(chain).raw(secret),
        };
        w.put(&self.role).put(&self.opened).varint(self.keepsakes.names.len() as u64);
        for (member, name, color) in &self.keepsakes.names {
            w.put(member).bytes(name.as_bytes()).u8(*color);
        }
        w.varint(self.keepsakes.acked.len() as u64);
        for (seat, seq) in &self.keepsakes.acked {
            w.put(seat).varint(*seq);
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if r.u8()? != VERSION {
            return Err(DecodeError::Unknown);
        }
        let (room, title) = (r.take()?, r.text(limits::TITLE)?.to_owned());
        let (discovery, epoch, key) = (r.array()?, r.take()?, r.take()?);
        let mut nodes = Vec::new();
        for _ in 0..r.count(limits::LINK_NODES)? {
            nodes.push(r.text(limits::NODE_ADDRESS)?.to_owned());
        }
        let link = match r.u8()? {
            0 => None,
            1 => Some((r.take()?, None)),
            2 => Some((r.take()?, Some(r.array()?))),
            _ => return Err(DecodeError::Unknown),
        };
        let (role, opened) = (r.take()?, r.take()?);
        let mut keepsakes = Keepsakes::default();
        for _ in 0..r.count(limits::NAMES)? {
            let (member, name): (MemberId, &str) = (r.take()?, r.text(limits::NAME)?);
            keepsakes.names.push((member, name.to_owned(), r.u8()?));
        }
        for _ in 0..r.count(limits::SEATS)? {
            let (seat, seq): (SeatId, u64) = (r.take()?, r.varint()?);
            keepsakes.acked.push((seat, seq));
        }
        Ok(Self { room, title, discovery, epoch, key, nodes, link, role, opened, keepsakes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capability::{Grant, Terms};
    use ed25519_dalek::SigningKey;

    #[test]
    fn a_record_has_the_golden_form() {
        let (room, link) = (RoomId([1; 32]), SigningKey::from_bytes(&[2; 32]));
        let audience = link.verifying_key().to_bytes();
        let grant = Grant { audience, terms: Terms::new(Role::Viewer) };
        let record = Record {
            room,
            title: "Tea".to_owned(),
            discovery: [3; 32],
            epoch: EpochId([4; 8]),
            key: ContentKey::new([5; 32]),
            nodes: vec!["/dns4/example.org/tcp/443/tls/ws".to_owned()],
            link: Some((
                Chain::root(room, &SigningKey::from_bytes(&[6; 32]), grant),
                Some([2; 32]),
            )),
            role: Role::Viewer,
            opened: Time(7),
            keepsakes: Keepsakes {
                names: vec![(MemberId([8; 32]), "Ada".to_owned(), 9)],
                acked: vec![(SeatId([10; 32]), 11)],
            },
        };
        crate::golden::check("record.hex", &record.to_bytes());
        assert_eq!(Record::from_bytes(&record.to_bytes()), Ok(record));
    }
}
