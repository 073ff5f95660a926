//! Whole rooms on native meshes and the real node; who attacks has a thread of its own.

use std::collections::{BTreeMap, HashMap};
use std::future::poll_fn;
use std::sync::mpsc;
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use covey_mesh::Trust;
use covey_rendezvous::Server;
use covey_rooms::capability::{Role, Terms, VerifiedLink};
use covey_rooms::disk::DiskCommand;
use covey_rooms::documents::Document;
use covey_rooms::guard::{CODE_FILE, DocKind};
use covey_rooms::identity::{DeviceSecret, SeatKey};
use covey_rooms::room::{Attack, Event};
use covey_rooms::room::{Input, Output, Room, Setup};
use covey_wire::id::{DocName, SeatId};
use covey_wire::net::NetEvent;
use covey_wire::time::{Instant as Elapsed, Now, Time};
use tokio::time::{Instant, interval, timeout};

use crate::crowd::{PATIENCE, Page, node, page_of};

/// When everybody began.
const START: Now = Now { wall: Time(1_000_000), elapsed: Elapsed(0) };
/// How often each of the honest writes.
const EVERY: Duration = Duration::from_millis(100);

/// One person: a client on a mesh.
struct Member {
    client: Room,
    page: Page,
    view: Document,
    started: Instant,
    /// Updates of others, and when they came.
    came: HashMap<Vec<u8>, Instant>,
    /// The seats that are connected, and when they were lost.
    up: BTreeMap<SeatId, Option<Instant>>,
}

fn setup(device: u8, address: &str) -> Setup {
    Setup {
        device: DeviceSecret::new([device; 32]),
        installation: [device; 16],
        seed: std::array::from_fn(|_| libp2p::PeerId::random().to_bytes()[9]),
        name: format!("Person {device}"),
        nodes: vec![address.to_owned()],
    }
}

impl Member {
    fn new(client: Room) -> Self {
        let secret = client.seat_secret();
        let view = Document::new(DocKind::Code, client.client_id());
        let (came, up) = (HashMap::new(), BTreeMap::new());
        let page = page_of(secret, true, Trust::default());
        let mut member = Self { client, page, view, started: Instant::now(), came, up };
        member.handle(Input::Tick);
        member
    }

    fn seat(&self) -> SeatId {
        SeatKey::new(self.client.seat_secret()).id()
    }

    fn now(&self) -> Now {
        START + self.started.elapsed()
    }

    fn handle(&mut self, input: Input) {
        let now = self.now();
        self.client.handle(input, now);
        while let Some(output) = self.client.poll() {
            match output {
                Output::Net(command) => self.page.mesh.command(command),
                Output::Disk(DiskCommand::Append { token, .. }) => {
                    self.client.handle(Input::Stored(token), now);
                }
                Output::Event(Event::Update { update, .. }) => {
                    self.view.apply(&update).unwrap();
                    self.came.insert(update, Instant::now());
                }
                Output::Disk(_) | Output::Event(_) => {}
            }
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> bool {
        if self.client.poll_timeout().is_some_and(|due| due <= self.now().elapsed) {
            self.handle(Input::Tick);
        }
        let Poll::Ready(event) = self.page.mesh.poll_next(cx) else { return false };
        match &event {
            NetEvent::Up { seat, .. } => {
                self.up.entry(*seat).or_insert(None);
            }
            NetEvent::Down(seat) => {
                // The first loss counts: who is in quarantine may come again, and is sent away.
                self.up.entry(*seat).or_default().get_or_insert_with(Instant::now);
            }
            _ => {}
        }
        self.handle(Input::Net(event));
        true
    }

    /// Writes a letter; returns what goes to the others.
    fn write(&mut self) -> Vec<u8> {
        let update = self.view.edit(CODE_FILE, 0, 0, "o");
        self.handle(Input::Edit(DocName::Code, update.clone()));
        update
    }

    fn is_up(&self, seat: SeatId) -> bool {
        self.up.get(&seat).is_some_and(Option::is_none)
    }
}

/// Runs members until `done`; every few milliseconds it looks at what time brings.
async fn run(what: &str, members: &mut [Member], mut done: impl FnMut(&mut [Member]) -> bool) {
    let mut beat = interval(Duration::from_millis(4));
    let run = poll_fn(|cx| {
        while beat.poll_tick(cx).is_ready() {}
        if done(members) {
            return Poll::Ready(());
        }
        // All in turn, so that nobody's many events keep the others waiting.
        if members.iter_mut().fold(false, |moved, member| member.poll(cx) | moved) {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    });
    timeout(PATIENCE, run).await.unwrap_or_else(|_| panic!("timed out: {what}"));
}

/// The honest, and the node.
pub struct Rooms {
    members: Vec<Member>,
    link: VerifiedLink,
    address: String,
    attacked: Option<Instant>,
    _node: Server,
}

/// Somebody who will attack.
pub struct Mallory {
    pub seat: SeatId,
    orders: mpsc::Sender<Attack>,
}

impl Mallory {
    pub fn attack(&self, attack: Attack) {
        self.orders.send(attack).unwrap();
    }
}

impl Rooms {
    /// So many people in one room, all connected.
    pub async fn of(count: u8) -> Self {
        let (node, address) = node().await;
        let mut first = Room::found(setup(1, &address), "Tea", START).unwrap();
        let link = first.invite(Terms::new(Role::Participant)).unwrap();
        let mut members = vec![Member::new(first)];
        for device in 2..=count {
            let client = Room::join(setup(device, &address), &link, None, START);
            members.push(Member::new(client.unwrap()));
            run("all are connected", &mut members, |members| {
                let others = members.len() - 1;
                members.iter().all(|member| {
                    member.client.status().admitted
                        && member.up.values().filter(|lost| lost.is_none()).count() == others
                })
            })
            .await;
        }
        Self { members, link, address, attacked: None, _node: node }
    }

    /// The honest write for so long; tells how late the latest of a hundred edits came.
    pub async fn write_for(&mut self, time: Duration) -> Duration {
        self.attacked = Some(Instant::now());
        let end = Instant::now() + time;
        let mut sent: Vec<(usize, Vec<u8>, Instant)> = Vec::new();
        let mut next = Instant::now();
        run("everybody has all edits", &mut self.members, |members| {
            if Instant::now() < end && Instant::now() >= next {
                next += EVERY / 4;
                let by = sent.len() % members.len();
                let now = Instant::now();
                sent.push((by, members[by].write(), now));
            }
            Instant::now() >= end
                && sent.iter().all(|(by, update, _)| {
                    let others = members.iter().enumerate().filter(|(at, _)| at != by);
                    others.into_iter().all(|(_, member)| member.came.contains_key(update))
                })
        })
        .await;
        let came = |at: usize, update: &Vec<u8>| self.members[at].came.get(update).copied();
        let mut took: Vec<Duration> = (0..self.members.len())
            .flat_map(|at| {
                sent.iter().filter_map(move |(_, update, sent)| Some(came(at, update)? - *sent))
            })
            .collect();
        took.sort();
        took[took.len() * 99 / 100]
    }

    /// Somebody comes who is connected to all.
    pub async fn enter(&mut self, device: u8) -> Mallory {
        let (orders, ordered) = mpsc::channel();
        let (tell, told) = mpsc::channel();
        let (link, address) = (self.link.clone(), self.address.clone());
        let others = self.members.len();
        thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let client = Room::join(setup(device, &address), &link, None, START);
                let mut members = [Member::new(client.unwrap())];
                tell.send(members[0].seat()).unwrap();
                let mut order = None;
                // Until the test is over.
                run("the end", &mut members, |members| {
                    let mallory = &mut members[0];
                    match ordered.try_recv() {
                        Ok(attack) => order = Some(attack),
                        Err(mpsc::TryRecvError::Empty) => {}
                        Err(mpsc::TryRecvError::Disconnected) => return true,
                    }
                    // An attack is made on everyone, so it waits for the last connection.
                    let up = mallory.up.values().filter(|lost| lost.is_none()).count();
                    if up == others
                        && mallory.client.status().admitted
                        && let Some(attack) = order.take()
                    {
                        mallory.handle(Input::Misbehave(Some(attack)));
                    }
                    false
                })
                .await;
            });
        });
        let seat = told.recv().unwrap();
        run("the attacker is connected to all", &mut self.members, |members| {
            members.iter().all(|member| member.is_up(seat))
        })
        .await;
        Mallory { seat, orders }
    }

    /// When all had left somebody, counted from when they last began to write.
    pub fn left(&self, seat: SeatId) -> Option<Duration> {
        let lost = self.members.iter().map(|member| member.up.get(&seat).copied().flatten());
        let last = lost.collect::<Option<Vec<_>>>()?.into_iter().max()?;
        Some(last - self.attacked?)
    }

    /// How often all together refused something for a reason.
    pub fn refused(&self, reason: &str) -> u64 {
        let counts = self.members.iter().map(|member| member.client.stats().refused);
        counts.filter_map(|counts| counts.get(reason).copied()).sum()
    }
}
