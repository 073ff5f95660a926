//! Reads sessions of JavaScript Yjs, in the form of `tests/vectors/generate-yjs.mjs`, and plays
//! them to a guard and a replica.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead};

use covey_rooms::documents::Document;
use covey_rooms::guard::{DocKind, Guard, Joined, Refusal, Seen, split};
use covey_wire::id::{ClientId, MemberId, hex, unhex};

/// What an author had seen.
struct Past(BTreeMap<ClientId, u32>);

impl Seen for Past {
    fn clock(&self, client: ClientId) -> u32 {
        self.0.get(&client).copied().unwrap_or(0)
    }

    fn member(&self, client: ClientId) -> Option<MemberId> {
        Some(MemberId([client.0 as u8; 32]))
    }
}

/// One session being played.
struct Session {
    name: String,
    kind: DocKind,
    guard: Guard,
    document: Document,
    clocks: BTreeMap<ClientId, u32>,
    passed: Vec<Passed>,
}

/// An update that passed.
struct Passed {
    author: ClientId,
    next: u32,
    end: u32,
    seen: Past,
    update: Vec<u8>,
}

impl Passed {
    /// Whether both authors had heard the same of others.
    fn knows_as_much_as(&self, other: &Self) -> bool {
        let others = |one: &Self| {
            one.seen.0.iter().filter(|(c, _)| **c != one.author).map(|(c, n)| (*c, *n)).collect()
        };
        let (own, other): (Vec<_>, Vec<_>) = (others(self), others(other));
        own == other
    }
}

/// What is wrong with a session.
#[derive(Debug)]
pub struct Fault(pub String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

/// Plays all sessions of an input; returns how many sessions and updates there were.
pub fn play(input: impl BufRead) -> Result<(usize, usize), Fault> {
    let (mut sessions, mut updates) = (0, 0);
    let mut open: Option<Session> = None;
    for line in input.lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        match (&mut open, &words[..]) {
            (_, ["#", ..]) => (),
            (None, ["session", seed, flavour, document]) => {
                open = Some(Session::new(format!("session {seed} {flavour}"), document)?);
            }
            (Some(session), ["content", bytes]) => {
                session.end(bytes)?;
                sessions += 1;
                open = None;
            }
            (Some(session), [author, seen, update]) => {
                session.update(author, seen, update)?;
                updates += 1;
            }
            _ => return Err(Fault(format!("not a line of a session: {line}"))),
        }
    }
    match open {
        Some(session) => Err(Fault(format!("{} does not end", session.name))),
        None => Ok((sessions, updates)),
    }
}

impl Session {
    fn new(name: String, document: &str) -> Result<Self, Fault> {
        let kind = match document {
            "chat" => DocKind::Chat,
            "board" => DocKind::Board,
            "code" => DocKind::Code,
            "custom" => DocKind::Custom,
            _ => return Err(Fault(format!("{name}: no document is called {document}"))),
        };
        let document = Document::new(kind, ClientId(7));
        Ok(Self {
            name,
            kind,
            guard: Guard::new(kind),
            document,
            clocks: BTreeMap::new(),
            passed: Vec::new(),
        })
    }

    fn update(&mut self, author: &str, seen: &str, bytes: &str) -> Result<(), Fault> {
        let name = &self.name;
        let wrong = || Fault(format!("{name}: not an update: {author} {seen} {bytes}"));
        let author = ClientId(author.parse().map_err(|_| wrong())?);
        let update = unhex(bytes).ok_or_else(wrong)?;
        let pair = |pair: &str| {
            let (client, clock) = pair.split_once(':')?;
            Some((ClientId(client.parse().ok()?), clock.parse().ok()?))
        };
        let seen: Option<BTreeMap<ClientId, u32>> =
            seen.split(',').filter(|pair| *pair != "-").map(pair).collect();
        let seen = Past(seen.ok_or_else(wrong)?);
        if split(&update, author) != Ok(vec![update.clone()]) {
            return Err(Fault(format!("{name}: a small update is not left as it is: {bytes}")));
        }
        let next = self.clocks.get(&author).copied().unwrap_or(0);
        let refused = |why| Fault(format!("{name}: refused: {why:?}: {} {bytes}", author.0));
        let update = match self.guard.check(&update, author, next, &seen).map(drop) {
            Ok(()) => update,
            Err(_) => self.mend(&update, author, &seen).map_err(refused)?,
        };
        let end = self.guard.check(&update, author, next, &seen).map_err(refused)?.accept();
        self.clocks.insert(author, end);
        let applied = self.document.apply(&update);
        applied.map_err(|e| Fault(format!("{name}: {e}: {bytes}")))?;
        self.passed.push(Passed { author, next, end, seen, update });
        Ok(())
    }

    /// What the author's page makes of an own update that is refused, by what it has itself.
    fn mend(&self, update: &[u8], author: ClientId, seen: &Past) -> Result<Vec<u8>, Refusal> {
        let mut guard = Guard::new(self.kind);
        for one in &self.passed {
            if one.author == author || one.end <= seen.clock(one.author) {
                let checked = guard.check(&one.update, one.author, one.next, &one.seen);
                checked.expect("passed before").accept();
            }
        }
        guard.mend(update, author)
    }

    /// The content has to be what JavaScript has, and to come back from what is saved.
    fn end(&self, wanted: &str) -> Result<(), Fault> {
        let content = hex(&self.document.content());
        if content != wanted {
            return Err(Fault(format!("{}: differs:\n{content}\n{wanted}", self.name)));
        }
        let mut again = Document::new(self.kind, ClientId(8));
        again
            .apply(&self.document.state())
            .map_err(|e| Fault(format!("{}: what is saved: {e}", self.name)))?;
        if again.digest() != self.document.digest() {
            return Err(Fault(format!("{}: what is saved differs", self.name)));
        }
        self.joined()
    }

    /// What an author wrote without hearing of anyone between has to do the same joined.
    fn joined(&self) -> Result<(), Fault> {
        let mut guard = Guard::new(self.kind);
        let mut document = Document::new(self.kind, ClientId(9));
        let fault = |what: String| Fault(format!("{}: joined: {what}", self.name));
        for run in self.passed.chunk_by(|a, b| a.author == b.author && a.knows_as_much_as(b)) {
            let mut joined = Joined::new(run[0].author);
            for one in run {
                joined.push(&one.update).map_err(|why| fault(format!("{why:?}")))?;
            }
            let (update, first) = (joined.finish(), &run[0]);
            let checked = guard.check(&update, first.author, first.next, &first.seen);
            checked.map_err(|why| fault(format!("{why:?}: {}", hex(&update))))?.accept();
            document.apply(&update).map_err(|e| fault(e.to_string()))?;
        }
        if document.digest() != self.document.digest() {
            return Err(fault("the content differs".to_owned()));
        }
        Ok(())
    }
}
