//! Channels over real connections in memory: two swarms with nothing but channels.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures::StreamExt;
use libp2p::core::transport::MemoryTransport;
use libp2p::core::upgrade::Version;
use libp2p::identity::Keypair;
use libp2p::swarm::{Config, ConnectionId, SwarmEvent};
use libp2p::{PeerId, Swarm, Transport, noise, yamux};

use super::{Behaviour, Command, Event, Report};
use crate::session::Mark;
use covey_wire::class::{Class, Opens, Queue};
use covey_wire::net::Misuse;

const MARK: Mark = Mark { epoch: 1, index: 0 };
/// The classes of a peer that knows none of those that are opened on demand.
const OLD: &[Class] = &[Class::Live, Class::Sync];

/// One end of the connection.
struct End {
    swarm: Swarm<Behaviour>,
    to: Option<(PeerId, ConnectionId)>,
    reports: Vec<Report>,
}

impl End {
    fn new(seed: u8, offers: &'static [Class]) -> Self {
        let key: Keypair = crate::keypair([seed; 32]);
        let transport = MemoryTransport::new()
            .upgrade(Version::V1Lazy)
            .authenticate(noise::Config::new(&key).unwrap())
            .multiplex(yamux::Config::default())
            .boxed();
        let config = Config::without_executor()
            .with_substream_upgrade_protocol_override(Version::V1Lazy)
            .with_idle_connection_timeout(core::time::Duration::from_secs(60));
        let local = key.public().to_peer_id();
        let swarm = Swarm::new(transport, Behaviour::new(offers), local, config);
        Self { swarm, to: None, reports: Vec::new() }
    }

    fn tell(&mut self, command: Command) {
        let (peer, connection) = self.to.expect("a connection");
        self.swarm.behaviour_mut().command(peer, connection, command);
    }

    fn send(&mut self, class: Class, count: u8) {
        for n in 0..count {
            self.tell(Command::Send(class, vec![n; class.channel().message]));
        }
    }

    /// Does one thing, if there is any.
    fn step(&mut self, cx: &mut Context<'_>) -> bool {
        let Poll::Ready(Some(event)) = self.swarm.poll_next_unpin(cx) else { return false };
        match event {
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, .. } => {
                self.to = Some((peer_id, connection_id));
            }
            SwarmEvent::ConnectionClosed { .. } => self.to = None,
            SwarmEvent::Behaviour(Event { report, .. }) => self.reports.push(report),
            _ => {}
        }
        true
    }

    /// The classes and first bytes of the messages that came, in their order.
    fn came(&self) -> Vec<(Class, u8)> {
        let message = |report: &Report| match report {
            Report::Message(_, class, bytes) => Some((*class, bytes[0])),
            _ => None,
        };
        self.reports.iter().filter_map(message).collect()
    }

    fn written(&self) -> usize {
        let written = |report: &Report| match report {
            Report::Written(_, _, bytes) => *bytes,
            _ => 0,
        };
        self.reports.iter().map(written).sum()
    }
}

/// Notes that somebody can go on.
#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Runs the ends until `done`, or until none of them can go on: all is in memory, so nothing comes
/// later.
fn run(ends: &mut [&mut End], mut done: impl FnMut(&mut [&mut End]) -> bool) {
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    let mut cx = Context::from_waker(&waker);
    while !done(ends) {
        woken.0.store(false, Ordering::SeqCst);
        let moved = ends.iter_mut().filter_map(|end| end.step(&mut cx).then_some(())).count() > 0;
        if !moved && !woken.0.load(Ordering::SeqCst) {
            return;
        }
    }
}

fn settle(a: &mut End, b: &mut End) {
    run(&mut [a, b], |_| false);
}

/// Two ends that send to each other; the second speaks the classes named.
fn pair(offers: &'static [Class]) -> (End, End) {
    let (mut a, mut b) = (End::new(1, &Class::ALL), End::new(2, offers));
    b.swarm.listen_on("/memory/0".parse().unwrap()).unwrap();
    settle(&mut a, &mut b);
    let address = b.swarm.listeners().next().expect("an address").clone();
    a.swarm.dial(address).unwrap();
    settle(&mut a, &mut b);
    for end in [&mut a, &mut b] {
        end.tell(Command::Open(MARK));
        end.tell(Command::Read(MARK));
    }
    settle(&mut a, &mut b);
    for end in [&mut a, &mut b] {
        assert_eq!(end.reports, [Report::Opened(MARK), Report::Started(MARK)]);
        end.reports.clear();
    }
    (a, b)
}

/// How many of the largest messages of a class may wait.
fn room(class: Class) -> u8 {
    let channel = class.channel();
    match channel.queue {
        Queue::Overflow(bytes) | Queue::Wait(bytes) => (bytes / channel.message) as u8,
        Queue::Newest(messages) => messages as u8,
    }
}

#[test]
fn a_stream_of_each_class_carries_its_messages_in_order() {
    let (mut a, mut b) = pair(&Class::ALL);
    for class in Class::ALL {
        a.send(class, 2);
        settle(&mut a, &mut b);
        assert_eq!(b.came(), [(class, 0), (class, 1)]);
        b.reports.clear();
    }
    a.tell(Command::Finish);
    settle(&mut a, &mut b);
    assert_eq!(b.reports, [Report::Ended(MARK)]);
    assert_eq!(a.reports.last(), Some(&Report::Finished(MARK)));
}

#[test]
fn a_class_of_less_priority_waits_for_the_others_and_no_class_waits_for_it() {
    let (mut a, mut b) = pair(&Class::ALL);
    a.send(Class::Blob, room(Class::Blob));
    // Some are on their way when a call comes.
    run(&mut [&mut a, &mut b], |ends| ends[1].came().len() >= 2);
    let before = b.came().len();
    let written = a.written();
    a.send(Class::Blob, 2);
    a.send(Class::Call, room(Class::Call));
    a.send(Class::Sync, 1);
    settle(&mut a, &mut b);
    let came = b.came();
    let last_call = came.iter().rposition(|(class, _)| *class == Class::Call).unwrap();
    let sync = came.iter().position(|(class, _)| *class == Class::Sync).unwrap();
    let late = came.iter().rposition(|(class, _)| *class == Class::Blob).unwrap();
    assert!(last_call < sync && sync < late, "{came:?}");
    // Beside what was written already only the message at hand goes out before the call has gone.
    let overtaken = came[before..last_call].iter().filter(|(class, _)| *class == Class::Blob);
    let under_way = written / Class::Blob.channel().message + 1 - before;
    assert!(overtaken.count() <= under_way, "{came:?}");
}

#[test]
fn a_reader_that_does_not_read_stops_each_class_by_its_own_rule() {
    for class in Class::ALL {
        let (mut a, mut b) = pair(&Class::ALL);
        // The stream's window is full, and nobody reads.
        let mut sent = 0u32;
        let more = loop {
            let before = a.reports.len();
            a.send(class, 1);
            sent += 1;
            run(&mut [&mut a], |_| false);
            match class.channel().queue {
                Queue::Overflow(_) | Queue::Wait(_) if a.reports.len() > before => {
                    let last = a.reports.last().unwrap();
                    if !matches!(last, Report::Written(..)) {
                        break last;
                    }
                }
                Queue::Newest(_) if sent == 200 => break &Report::Opened(MARK),
                _ => {}
            }
            assert!(sent < 1000, "{class:?} is bounded");
        };
        match class.channel().queue {
            Queue::Overflow(_) => assert_eq!(*more, Report::Misused(Misuse::Overflow)),
            Queue::Wait(_) => assert_eq!(*more, Report::Broken(MARK), "without blame"),
            Queue::Newest(_) => {
                settle(&mut a, &mut b);
                assert_eq!(b.came().last(), Some(&(class, 0)), "the newest is there");
                assert!(b.came().len() < 200, "older ones are not");
            }
        }
    }
}

#[test]
fn a_sender_that_waits_for_what_was_written_is_never_stopped() {
    let (mut a, mut b) = pair(&Class::ALL);
    let (size, count) = (Class::Blob.channel().message, 100);
    let mut sent = 0;
    while b.came().len() < count {
        while sent < count && sent * size < a.written() + usize::from(room(Class::Blob)) * size {
            a.tell(Command::Send(Class::Blob, vec![sent as u8; size]));
            sent += 1;
        }
        settle(&mut a, &mut b);
    }
    assert!(b.came().iter().zip(0..).all(|(came, n)| *came == (Class::Blob, n)));
    assert!(a.reports.iter().all(|report| matches!(report, Report::Written(..))));
}

#[test]
fn a_peer_without_a_class_stays_and_the_others_reach_it() {
    let (mut a, mut b) = pair(OLD);
    for class in Class::ALL {
        a.send(class, 2);
        b.send(class, 2);
    }
    settle(&mut a, &mut b);
    let missing = Class::ALL.into_iter().filter(|class| class.channel().opens == Opens::OnDemand);
    for class in missing.clone() {
        assert!(a.reports.contains(&Report::Unsupported(MARK, class)), "{:?}", a.reports);
        a.send(class, 2);
    }
    a.send(Class::Sync, 1);
    settle(&mut a, &mut b);
    let unsupported = |report: &&Report| matches!(report, Report::Unsupported(..));
    assert_eq!(a.reports.iter().filter(unsupported).count(), missing.count(), "told once");
    let came = b.came();
    assert!(came.iter().all(|(class, _)| OLD.contains(class)));
    assert_eq!(came.len(), 5);
    assert_eq!(a.came().len(), 8, "it sends what it likes");
    a.tell(Command::Finish);
    settle(&mut a, &mut b);
    assert_eq!(a.reports.last(), Some(&Report::Finished(MARK)));
    assert!(a.to.is_some() && b.to.is_some());
}
