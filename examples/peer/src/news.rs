//! What happens in the room, in lines for whoever watches.

use std::collections::{BTreeMap, BTreeSet};

use covey_rooms::room::Event;
use covey_rooms::room::{Room, Status};
use covey_wire::id::{DocName, MemberId};
use covey_wire::net::{NodeState, Path};

/// Turns events into lines.
pub struct News {
    print: Box<dyn FnMut(&str)>,
    here: BTreeMap<MemberId, (String, Path)>,
    changed: BTreeSet<DocName>,
    node: Option<NodeState>,
    admitted: bool,
}

impl News {
    /// Nothing is known yet.
    pub fn new(print: impl FnMut(&str) + 'static) -> Self {
        let (here, changed) = (BTreeMap::new(), BTreeSet::new());
        Self { print: Box::new(print), here, changed, node: None, admitted: false }
    }

    /// A line.
    pub fn say(&mut self, line: &str) {
        (self.print)(line);
    }

    /// Something happened.
    pub fn event(&mut self, event: &Event, client: &Room) {
        match event {
            Event::Update { name, .. } => {
                // Told once for all that comes before the disk has it.
                if self.changed.insert(name.clone()) {
                    self.say(&format!("{name} changed"));
                }
            }
            Event::People => self.people(client),
            Event::Status => {
                self.people(client);
                self.status(client.status());
            }
            Event::NotAllowed => self.say("somebody refused this link: it may have been used up"),
            Event::Unseated { reason } => self.say(&format!(
                "let in, but others would take nothing that this peer writes: {reason}; it keeps \
                 and hands on what they write"
            )),
            Event::Unreadable { segments } => self.say(&format!(
                "{segments} stored segments can't be read: they come again from the others, if they \
                 have them"
            )),
            Event::Newer => self.say(
                "somebody uses a newer version: what only it can read is kept and handed on unread",
            ),
            Event::AlreadyHere => self.say("this link gives nothing that this peer does not have"),
            Event::Rejected { name, reason } => self.say(&format!("{name} refused: {reason}")),
            Event::Presence { .. } | Event::Said { .. } | Event::Call(_) => {}
        }
    }

    /// The disk has so many more segments.
    pub fn stored(&mut self, segments: u64) {
        self.changed.clear();
        if segments > 0 {
            self.say(&format!("stored {segments}"));
        }
    }

    fn people(&mut self, client: &Room) {
        let others = client.people().into_iter().filter(|person| !person.own);
        let here: BTreeMap<_, _> = others
            .filter_map(|person| Some((person.member, (clean(person.name), person.path?))))
            .collect();
        let before = std::mem::replace(&mut self.here, here.clone());
        for (member, (name, path)) in &here {
            if before.get(member).is_none_or(|(old, by)| old != name || by != path) {
                self.say(&format!("{name} is here, {}", way(*path)));
            }
        }
        for (_, (name, _)) in before.iter().filter(|(member, _)| !here.contains_key(member)) {
            self.say(&format!("{name} left"));
        }
    }

    fn status(&mut self, status: Status) {
        if self.node.replace(status.node) != Some(status.node) {
            self.say(match status.node {
                NodeState::Up => "node: connected",
                NodeState::Connecting => "node: connecting",
            });
        }
        if status.admitted && !self.admitted {
            self.admitted = true;
            self.say(&format!("admitted as {}", status.role.name()));
        }
    }
}

fn clean(name: String) -> String {
    if name.is_empty() { "somebody".to_owned() } else { name }
}

fn way(path: Path) -> &'static str {
    match path {
        Path::Direct => "direct",
        Path::Relayed => "relayed",
    }
}
