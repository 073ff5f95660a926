//! A device's record of a room besides its log: keys, links, names.

use super::open::titled;
use crate::capability::{Chain, Link, LinkSecret, Role};
use crate::seal::{ContentKey, EpochId};
use covey_wire::frame::{DecodeError, Reader, Wire, Writer};
use covey_wire::id::{MemberId, RoomId, SeatId};
use covey_wire::limits;
use covey_wire::time::Time;

const VERSION: u8 = 1;

/// A link by which somebody came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// Its rights.
    pub chain: Chain,
    /// Its secret, if it is a bearer link.
    pub secret: Option<LinkSecret>,
    /// The nodes it names.
    pub nodes: Vec<String>,
}

/// The part of a room's record besides keys and links.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keepsakes {
    /// Names and colours by member.
    pub names: Vec<(MemberId, String, u8)>,
    /// The entries of one's own seats that other installations have.
    pub acked: Vec<(SeatId, u64)>,
}

/// A room on this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The room.
    pub room: RoomId,
    /// Its name.
    pub title: String,
    /// Keys of epochs, the one learnt last at the end.
    pub keys: Vec<ContentKey>,
    /// Nodes that one made the room with; none means the page's origin.
    pub nodes: Vec<String>,
    /// The links one came by, the one opened last at the end.
    pub links: Vec<Joined>,
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
        let mut record = Self {
            room: link.room,
            title: titled(&link.title),
            keys: Vec::new(),
            nodes: Vec::new(),
            links: Vec::new(),
            role: Role::Replica,
            opened: now,
            keepsakes: Keepsakes::default(),
        };
        record.add(link);
        record
    }

    /// Adds what a link says; nothing that is there is replaced, since anybody can make a link.
    pub fn add(&mut self, link: &Link) {
        let same = |joined: &Joined| joined.chain == link.chain && joined.nodes == link.nodes;
        let known = self.links.iter().position(same).map(|at| self.links.remove(at));
        let secret = link.secret.or(known.and_then(|joined| joined.secret));
        let (chain, nodes) = (link.chain.clone(), link.nodes.clone());
        self.links.push(Joined { chain, secret, nodes });
        self.keys.retain(|key| *key != link.key);
        self.keys.push(link.key.clone());
    }

    /// Forgets links and keys beyond what is kept: first links of those who have no standing, and keys of
    /// other epochs than the room's, the oldest first.
    pub fn prune(&mut self, epoch: Option<EpochId>, stands: impl Fn(MemberId) -> bool) {
        while self.links.len() > limits::CLAIMS {
            let newest = self.links.len() - 1;
            let useless = self.links[..newest].iter().position(|link| !stands(link.chain.anchor));
            self.links.remove(useless.unwrap_or(0));
        }
        while self.keys.len() > limits::KEYS {
            let other = self.keys.iter().position(|key| Some(key.epoch(self.room)) != epoch);
            self.keys.remove(other.unwrap_or(0));
        }
    }

    /// Whether an encoded record is of a version to come.
    pub fn is_newer(record: &[u8]) -> bool {
        record.first().is_some_and(|version| *version > VERSION)
    }

    /// An encoded record that takes the place of another page's: nothing that the other has learnt is
    /// lost, and one of a version to come stays.
    pub fn merged(record: Vec<u8>, kept: &[u8]) -> Vec<u8> {
        if Self::is_newer(kept) {
            return kept.to_vec();
        }
        match (Self::from_bytes(&record), Self::from_bytes(kept)) {
            (Ok(mut new), Ok(old)) if old.room == new.room => {
                new.learn(old);
                new.to_bytes()
            }
            _ => record,
        }
    }

    /// Adds what another page of this device has stored of the room. Its links and keys count as older.
    fn learn(&mut self, kept: Self) {
        for link in kept.links.into_iter().rev() {
            if self.links.len() < limits::CLAIMS && !self.links.contains(&link) {
                self.links.insert(0, link);
            }
        }
        for key in kept.keys.into_iter().rev() {
            if self.keys.len() < limits::KEYS && !self.keys.contains(&key) {
                self.keys.insert(0, key);
            }
        }
        let acked = &mut self.keepsakes.acked;
        for (seat, seq) in kept.keepsakes.acked {
            if let Some((_, known)) = acked.iter_mut().find(|(of, _)| *of == seat) {
                *known = seq.max(*known);
            } else if acked.len() < limits::SEATS {
                acked.push((seat, seq));
            }
        }
    }

    /// The key of an epoch; the one learnt last if that is not known.
    pub fn key(&self, epoch: Option<EpochId>) -> Option<&ContentKey> {
        let current = self.keys.iter().find(|key| Some(key.epoch(self.room)) == epoch);
        current.or(self.keys.last())
    }

    /// The nodes that links for others name: one's own, else those of the newest link whose anchor stands.
    pub fn shared_nodes(&self, stands: impl Fn(MemberId) -> bool) -> Vec<String> {
        let links = self.links.iter().rev().filter(|joined| stands(joined.chain.anchor));
        let named = links.map(|joined| &joined.nodes).find(|nodes| !nodes.is_empty());
        Some(&self.nodes).filter(|own| !own.is_empty()).or(named).cloned().unwrap_or_default()
    }
}

fn write_nodes(w: &mut Writer, nodes: &[String]) {
    w.varint(nodes.len() as u64);
    for node in nodes {
        w.bytes(node.as_bytes());
    }
}

fn read_nodes(r: &mut Reader<'_>) -> Result<Vec<String>, DecodeError> {
    let count = r.count(limits::LINK_NODES)?;
    (0..count).map(|_| Ok(r.text(limits::NODE_ADDRESS)?.to_owned())).collect()
}

impl Wire for Joined {
    fn write(&self, w: &mut Writer) {
        w.put(&self.chain);
        match &self.secret {
            None => w.u8(0),
            Some(secret) => w.u8(1).raw(secret),
        };
        write_nodes(w, &self.nodes);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let chain = r.take()?;
        let secret = match r.u8()? {
            0 => None,
            1 => Some(r.array()?),
            _ => return Err(DecodeError::Unknown),
        };
        Ok(Self { chain, secret, nodes: read_nodes(r)? })
    }
}

impl Wire for Record {
    fn write(&self, w: &mut Writer) {
        w.u8(VERSION).put(&self.room).bytes(self.title.as_bytes()).list(&self.keys);
        write_nodes(w, &self.nodes);
        w.list(&self.links);
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
        r.version(VERSION)?;
        let (room, title) = (r.take()?, r.text(limits::TITLE)?.to_owned());
        let keys = r.list(limits::KEYS)?;
        let nodes = read_nodes(r)?;
        let links = r.list(limits::CLAIMS)?;
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
        Ok(Self { room, title, keys, nodes, links, role, opened, keepsakes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capability::{Grant, Terms, link_key};
    use ed25519_dalek::SigningKey;

    #[test]
    fn a_record_has_the_golden_form() {
        let (room, link) = (RoomId([1; 32]), SigningKey::from_bytes(&[2; 32]));
        let audience = link.verifying_key().to_bytes();
        let grant = Grant { audience, terms: Terms::new(Role::Viewer) };
        let record = Record {
            room,
            title: "Tea".to_owned(),
            keys: vec![ContentKey::new([5; 32])],
            nodes: vec!["/dns4/example.org/tcp/443/tls/ws".to_owned()],
            links: vec![Joined {
                chain: Chain::root(room, &SigningKey::from_bytes(&[6; 32]), grant),
                secret: Some([2; 16]),
                nodes: Vec::new(),
            }],
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

    #[test]
    fn two_pages_of_a_device_write_one_record_and_neither_takes_anything_from_the_other() {
        let room = RoomId([1; 32]);
        let page = |who: u8, acked: [u64; 2]| {
            let secret = [who; 16];
            let audience = link_key(&secret).verifying_key().to_bytes();
            let grant = Grant { audience, terms: Terms::new(Role::Viewer) };
            let chain = Chain::root(room, &SigningKey::from_bytes(&[6; 32]), grant);
            let (key, title) = (ContentKey::new([who; 32]), "Tea".to_owned());
            let link = Link { room, key, nodes: Vec::new(), title, chain, secret: Some(secret) };
            let mut record = Record::of_link(&link, Time(acked[0]));
            let [of_first, of_second] = acked;
            record.keepsakes.acked =
                vec![(SeatId([1; 32]), of_first), (SeatId([2; 32]), of_second)];
            record
        };
        let (first, second) = (page(10, [5, 1]), page(11, [2, 9]));
        let both = Record::merged(second.to_bytes(), &first.to_bytes());
        let both = Record::from_bytes(&both).unwrap();
        assert_eq!(both.links, [first.links.clone(), second.links.clone()].concat());
        assert_eq!(both.keys, [first.keys.clone(), second.keys.clone()].concat());
        assert_eq!(both.keepsakes.acked, [(SeatId([1; 32]), 5), (SeatId([2; 32]), 9)]);
        assert_eq!(Record::merged(both.to_bytes(), &both.to_bytes()), both.to_bytes());
        assert_eq!(
            Record::merged(first.to_bytes(), &[1, 2, 3]),
            first.to_bytes(),
            "what is broken is repaired"
        );
        assert_eq!(Record::merged(first.to_bytes(), &[9, 2, 3]), [9, 2, 3], "what is newer stays");
    }

    #[test]
    fn links_only_add_and_those_of_strangers_go_first() {
        let (room, owner) = (RoomId([1; 32]), SigningKey::from_bytes(&[6; 32]));
        let link = |anchor: &SigningKey, key: u8| {
            let secret = [key; 16];
            let audience = link_key(&secret).verifying_key().to_bytes();
            let grant = Grant { audience, terms: Terms::new(Role::Viewer) };
            let (chain, nodes) = (Chain::root(room, anchor, grant), vec![format!("/dns4/{key}")]);
            let (key, secret) = (ContentKey::new([key; 32]), Some(secret));
            Link { room, key, nodes, title: "Tea".to_owned(), chain, secret }
        };
        let good = link(&owner, 9);
        let mut record = Record::of_link(&good, Time(1));
        let epoch = Some(good.key.epoch(room));
        for n in 10..30 {
            record.add(&link(&SigningKey::from_bytes(&[n; 32]), n));
            record.prune(epoch, |member| member.0 == owner.verifying_key().to_bytes());
        }
        let owner = |member: MemberId| member.0 == owner.verifying_key().to_bytes();
        assert_eq!(record.shared_nodes(owner), good.nodes);
        assert_eq!(record.key(epoch), Some(&good.key));
        assert!(record.links.iter().any(|joined| joined.chain == good.chain));
        assert_eq!((record.links.len(), record.keys.len()), (limits::CLAIMS, limits::KEYS));
        assert_eq!(Record::from_bytes(&record.to_bytes()), Ok(record));
    }
}
