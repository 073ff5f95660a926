//! The loop of one room: due timers, then what the room does, only then new input.

use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use covey_mesh::webrtc::Behaviour;
use covey_mesh::{Mesh, Settings, keypair, native};
use covey_rooms::capability::VerifiedLink;
use covey_rooms::disk::DiskEvent;
use covey_rooms::identity::DeviceSecret;
use covey_rooms::room::{Input, Output, Room, RoomError, Setup};
use covey_wire::time::{Instant, Now, Time};
use thiserror::Error;
use tokio::time::{sleep, timeout};

use crate::device::{Device, random};
use crate::disk::{Disk, DiskError};
use crate::news::News;
use crate::{files, origin};

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(2);
/// A timer that is not set.
const NEVER: Duration = Duration::from_secs(3600);

/// Why there is no peer, or none any more.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PeerError {
    /// The room is not kept.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// The room can't be opened.
    #[error(transparent)]
    Room(#[from] RoomError),
    /// The network can't be used.
    #[error("no network: {0}")]
    Network(String),
}

impl From<io::Error> for PeerError {
    fn from(error: io::Error) -> Self {
        Self::Disk(error.into())
    }
}

/// Which room, as whom.
pub struct Setting {
    /// The link.
    pub link: VerifiedLink,
    /// The link as text: its page's origin is a node where the link names none.
    pub address: String,
    /// The name that people see.
    pub name: String,
}

/// A member of a room, on a mesh, with a disk.
pub struct Peer {
    room: Room,
    mesh: Mesh<Behaviour>,
    disk: Disk,
    news: News,
    /// Up to which token the disk has everything.
    stored: u64,
    started: tokio::time::Instant,
}

impl Peer {
    /// Joins, or comes back from what `data` has. Each line of news goes to `print`. Nothing
    /// happens before [`Peer::run`]. Must be called within a tokio runtime of one thread.
    pub fn open(
        data: &Path,
        setting: Setting,
        print: impl FnMut(&str) + 'static,
    ) -> Result<Self, PeerError> {
        let mut news = News::new(print);
        files::make_folder(data)?;
        let device = Device::open(data)?;
        let (disk, stored, cut) = Disk::open(data, setting.link.room)?;
        if let Some(cut) = cut {
            news.say(&format!("the log was torn: {} bytes put aside", cut.bytes));
        }
        let kept = stored.as_ref().map_or(0, |(_, segments)| segments.len());
        let setup = Setup {
            device: DeviceSecret::new(device.secret),
            installation: device.installation,
            seed: random()?,
            name: setting.name,
            nodes: origin::node(&setting.address).into_iter().collect(),
        };
        let room = Room::join(setup, &setting.link, stored, clock(Duration::ZERO))?;
        news.say(&format!("room \"{}\": {kept} segments on disk", room.title()));
        Self::new(room, disk, news)
    }

    /// A peer of a room that was opened elsewhere, with a disk for it. Nothing happens before
    /// it runs.
    pub fn new(room: Room, disk: Disk, news: News) -> Result<Self, PeerError> {
        let mesh = mesh(&room)?;
        Ok(Self { room, mesh, disk, news, stored: 0, started: tokio::time::Instant::now() })
    }

    /// Asks the room something.
    pub fn room(&mut self) -> &mut Room {
        &mut self.room
    }

    /// Serves the room. Ends only when it can't be kept any more; dropping the future loses
    /// nothing.
    pub async fn run(&mut self) -> Result<(), PeerError> {
        loop {
            self.step().await?;
        }
    }

    /// Says goodbye, until it is heard or long enough, and writes the rest.
    pub async fn leave(mut self) -> Result<(), PeerError> {
        self.handle(Input::Leave);
        let goodbye = async {
            while self.room.people().iter().any(|person| !person.own && person.path.is_some()) {
                self.step().await?;
            }
            Ok::<_, PeerError>(())
        };
        if let Ok(ended) = timeout(GOODBYE, goodbye).await {
            ended?;
        }
        self.news.say("left");
        Ok(self.disk.close()?)
    }

    /// Waits for the next thing and does all that follows from it. Dropping the future loses
    /// nothing.
    pub async fn step(&mut self) -> Result<(), PeerError> {
        self.drain();
        let due = self.room.poll_timeout().map_or(NEVER, |due| due.since(self.now().elapsed));
        tokio::select! {
            event = self.mesh.next() => self.handle(Input::Net(event)),
            event = self.disk.event() => match event {
                DiskEvent::Stored(token) => {
                    self.news.stored(token - self.stored);
                    self.stored = token;
                    self.handle(Input::Stored(token));
                }
                DiskEvent::Failed(error) => return Err(error.into()),
                // It was not asked for anything, and has one page.
                _ => {}
            },
            () = sleep(due) => self.handle(Input::Tick),
        }
        Ok(())
    }

    /// Takes an input and does all that follows from it.
    pub fn handle(&mut self, input: Input) {
        let now = self.now();
        self.room.handle(input, now);
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(output) = self.room.poll() {
            match output {
                Output::Net(command) => self.mesh.command(command),
                Output::Disk(command) => self.disk.perform(command),
                Output::Event(event) => self.news.event(&event, &self.room),
            }
        }
    }

    fn now(&self) -> Now {
        clock(self.started.elapsed())
    }
}

fn mesh(room: &Room) -> Result<Mesh<Behaviour>, PeerError> {
    let keypair = keypair(room.seat_secret());
    let built = native::transports(&keypair).map_err(|e| PeerError::Network(e.to_string()))?;
    let ice = built.ice;
    let seed = u64::from_le_bytes(random()?);
    let settings = Settings { seed, upgrades: true, trust: built.trust };
    let take_ice = move |servers| ice.set(servers);
    Ok(Mesh::new(&keypair, built.transport, built.relay, built.webrtc, take_ice, settings))
}

/// Both times, so long after the peer began.
fn clock(since: Duration) -> Now {
    let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let wall = Time(wall.as_millis().try_into().unwrap_or(u64::MAX));
    Now { wall, elapsed: Instant(0) + since }
}
