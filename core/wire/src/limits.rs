//! Every bound on what a peer can make us keep or do, each with its reason.

/// A sync message: one update at the guard's limit with its framing fits twice.
pub const SYNC_MESSAGE: usize = 2 << 20;
/// A live message (presence, carets): small, so that it never delays an edit.
pub const LIVE_MESSAGE: usize = 64 << 10;
/// A message that sets up a call: a session description with many candidates is under 10 KiB.
pub const CALL_MESSAGE: usize = 64 << 10;
/// A piece of a file: large enough to fill a fast connection, small enough not to hold up a call.
pub const BLOB_MESSAGE: usize = 64 << 10;
/// A signalling message: a session description with many candidates is under 10 KiB.
pub const SIGNAL_MESSAGE: usize = 64 << 10;
/// A message between a page and its node.
pub const NODE_MESSAGE: usize = 16 << 10;
/// One message on a data channel, the size every WebRTC stack takes.
pub const CHANNEL_MESSAGE: usize = 16 << 10;
/// One update, before it is sealed; larger ones of our own are split at block borders.
pub const UPDATE: usize = 1 << 20;
/// What our own updates are split to: well under `UPDATE`, and quick to check and send.
pub const UPDATE_PART: usize = 256 << 10;
/// Own updates that follow each other at once are joined up to this size: less than a range or a
/// value a byte, so that no limit of an update is passed.
pub const JOINED: usize = 16 << 10;
/// An update above this is bulk: what doesn't touch it doesn't name it as its cause.
pub const BULK: usize = 64 << 10;
/// Entries in a segment: at most this many share a signature.
pub const SEGMENT_ENTRIES: usize = 256;
/// Segments are joined, and gather in one message, up to this size: a long catch-up never blocks a
/// keystroke behind one large message.
pub const PACKED: usize = 64 << 10;
/// Grants in a link.
pub const CHAIN: usize = 4;
/// Node addresses in a link.
pub const LINK_NODES: usize = 8;
/// A node's address in a link, in bytes.
pub const NODE_ADDRESS: usize = 256;
/// A person's name in bytes. Pages count what people see: 40 letters of whatever script, in 32 bytes
/// fewer, so that what is cut here, in the midst of a letter maybe, is never shown.
pub const NAME: usize = 512;
/// Room title in bytes; pages take 80 letters in 32 bytes fewer. A link with it still fits a QR code.
pub const TITLE: usize = 1024;
/// Seats told of in one answer of a node.
pub const FOUND: usize = 64;
/// Namespaces one connection may be registered under at a node.
pub const NAMESPACES: usize = 16;
/// ICE servers a node tells of: together with the next three they fit a `NODE_MESSAGE`.
pub const ICE_SERVERS: usize = 8;
/// URLs of one ICE server: one for each transport.
pub const ICE_URLS: usize = 4;
/// One ICE URL in bytes.
pub const ICE_URL: usize = 256;
/// A user name or credential for an ICE server in bytes.
pub const ICE_CREDENTIAL: usize = 256;
/// Seats named in one message: each page load makes one, so a long-lived room has thousands.
pub const SEATS: usize = 16_384;
/// Dependencies of one entry: it names only what changed since its author's last, and of more the newest.
/// All of them take 110 KiB, far less than a segment may.
pub const DEPS: usize = 2_048;
/// Histories of one seat that are kept: more than anybody has people to show them to. Of more, some are known
/// to some only.
pub const BRANCHES: usize = 64;
/// Refused ends of segments that are remembered, so that what is behind them does not wait for them: more
/// than all peers are forgiven together in a while.
pub const INADMISSIBLE: usize = 1_024;
/// Links that a page shows those it meets: of more the newest.
pub const CLAIMS: usize = 4;
/// Keys of a room that a device keeps: of the epoch that the genesis names, and of links that said something
/// else.
pub const KEYS: usize = 4;
/// All entries of one member in one room, in bytes: each opened or as it is, whichever is more, so
/// that the count is the same however they are joined. As small as a key, each takes twice as much
/// again for its segment.
pub const AUTHOR_BYTES: usize = 64 << 20;
/// What a page writes for its member at most: others refuse none of it, unless there was another page
/// of that member which it had not heard of, and members can still be let in.
pub const OWN_BYTES: usize = AUTHOR_BYTES - SYNC_MESSAGE;
/// Segments that wait for what they build on, per author, in bytes.
pub const WAITING_BYTES: usize = 4 << 20;
/// Segments that wait for what they build on, of all authors, in bytes.
pub const WAITING_TOTAL: usize = 32 << 20;
/// How many people one page is connected to directly.
pub const PEERS: usize = 32;
/// Bytes sent to a peer that it has not confirmed: keeps queues short and memory bounded.
pub const SYNC_WINDOW: usize = 256 << 10;
/// Seats a peer asks to be handed on at once: of more, what they write comes a little later.
pub const FORWARDED: usize = 256;
/// An encoded Yjs relative position: a root's name or two numbers.
pub const POSITION: usize = 128;
/// Names of absent people that are remembered.
pub const NAMES: usize = 512;
/// The name of a custom document in bytes.
pub const DOC_NAME: usize = 64;
/// Clocks of one client in one document: far above what 64 MiB hold, far below 32 bits.
pub const CLOCK: u32 = 1 << 30;
/// Filler (GC) in one block.
pub const FILLER: u32 = 1 << 16;
/// Ranges that one update deletes of one client; more are split over several updates.
pub const DELETE_RANGES: usize = 8_192;
/// How deep values may stand in one another: flat records are 1, a ProseMirror attribute 3 or 4.
pub const VALUE_DEPTH: usize = 16;
/// JSON values in one update, those inside others counted: in memory each takes up to 100 bytes,
/// on the wire one. Longer lists are split over several updates.
pub const VALUE_NODES: usize = 20_000;
/// How deep types may stand in one another: yrs deletes and collects them recursively.
pub const TYPE_DEPTH: usize = 100;
/// The name of a root in a document in bytes.
pub const ROOT_NAME: usize = 128;
/// A frame a peer sends on a data channel: others send up to 16 KiB, some can be told to send more.
pub const CHANNEL_FRAME: usize = 64 << 10;
/// Streams open at once on one WebRTC connection, lingering ones included.
pub const CHANNELS: usize = 256;
/// Bytes received on one WebRTC connection and not read: the last resort, since a browser keeps
/// delivering. A stock js-libp2p peer reached 26 MB in an echo of 64 MiB.
pub const CHANNEL_UNREAD: usize = 48 << 20;
/// Signalling streams of all peers being worked on at once.
pub const SIGNALLING: usize = 32;
/// Signalling streams of one peer being worked on at once: one for each of its nodes.
pub const SIGNALLING_PER_PEER: usize = 4;
/// Signalling streams that wait for our trust in whoever opened them, one of each peer: of all who
/// are connected, and of as many who are just leaving.
pub const UNTRUSTED_OFFERS: usize = 2 * PEERS;
/// ICE candidates taken from a peer in one attempt.
pub const CANDIDATES: usize = 64;
/// Bytes received on a WebSocket and not read: yamux reads at once, so more is a stuck page.
pub const SOCKET_UNREAD: usize = 16 << 20;
/// Live messages that wait for a slow peer; older ones are dropped.
pub const LIVE_QUEUE: usize = 64;
/// Sync bytes that wait for a slow peer: the window of the room, and twice as much for messages
/// that open or overshoot it.
pub const SYNC_QUEUE: usize = SYNC_WINDOW + 2 * SYNC_MESSAGE;
/// Call bytes that wait for a slow peer: far more than a call is made of.
pub const CALL_QUEUE: usize = 512 << 10;
/// Blob bytes that wait for a slow peer: enough to keep a connection busy, and little to be written
/// before a pair may move to another connection.
pub const BLOB_QUEUE: usize = 256 << 10;
/// Streams of one channel that a peer may have open to us on one connection.
pub const CHANNEL_STREAMS: usize = 3;
/// Streams of all channels that a peer may open on one connection while it stands: it moves a few
/// times between connections, and starts anew after a break.
pub const STREAMS_ACCEPTED: usize = 128;
/// Seats that are remembered with the nodes they were found at.
pub const KNOWN_SEATS: usize = 1024;
/// Failed dials in a row after which a seat is dialled every five minutes only, for an hour.
pub const DIALS: u32 = 8;
/// How often a peer may break its streams on standing connections before it is left.
pub const RESETS: u32 = 16;
/// Connections to one peer: relayed and direct, each by both sides, and as many that are closing.
pub const CONNECTIONS_PER_PEER: u32 = 8;
/// Connections to one peer that has not shown that it may read: relayed, by both sides, and as many
/// that are dead without our knowing. Thirty-two such peers leave room for somebody who comes.
pub const UNTRUSTED_CONNECTIONS: usize = 4;
/// Connections being made at once.
pub const PENDING_CONNECTIONS: u32 = 64;
/// Segments in one sync message: far more than fit when they gather.
pub const SEGMENTS: usize = 1024;
/// Name of a topic that people speak about, in bytes.
pub const TOPIC: usize = 32;
/// Topics a seat speaks about at once: a handful per panel.
pub const TOPICS: usize = 16;
/// One thing said: a long stroke in progress is some KiB.
pub const SAID: usize = 16 << 10;
/// Live messages of one peer a second: carets, pointers, strokes and views at 30 a second each,
/// and as much again. What comes beyond waits, the newest of each topic only.
pub const LIVE_RATE: u32 = 300;
/// Live messages of one peer at once: two seconds that a busy page did not look.
pub const LIVE_BURST: u32 = 2 * LIVE_RATE;
/// Messages a second that no page sends, whatever is done on it: who keeps above it is cut off.
pub const FLOOD_RATE: u32 = LIVE_RATE + LIVE_RATE / 2;
/// Above that rate so many are borne: five seconds in which this page hung do not end a connection.
pub const FLOOD_BURST: u32 = 5 * LIVE_RATE;
/// A larger live message counts as several of this size.
pub const LIVE_UNIT: usize = 4 << 10;
/// What something said against one's role counts: a handful may be said before one's role is known.
pub const LIVE_OFFENCE: u32 = 100;
/// Entries of one peer a second, those it had before we met excepted. Beyond it is read slower.
pub const ENTRY_RATE: u32 = 200;
/// Entries of one peer at once: a hundred thousand edits by a program pass at full speed.
pub const ENTRY_BURST: u32 = 128 << 10;
/// How many times longer sealed content may become than it is on the wire: what people write and
/// draw gets three to ten times smaller, what is made to fill memory a thousand times.
pub const INFLATION: usize = 16;
/// Bytes of entries of one peer a second, opened, with the same exception, as long as it does not
/// show that it waits to be read: more than anybody writes and draws.
pub const VOLUME_RATE: u32 = 256 << 10;
/// Bytes of entries of one peer at once, opened, and again whenever it fell silent to be read: a
/// picture. With more, a flood of a megabyte a second would not be noticed within two seconds.
pub const VOLUME_BURST: u32 = 512 << 10;
/// What a peer sends in the meantime without breaking its silence: what somebody types and draws.
pub const VOLUME_SMALL: usize = 16 << 10;
/// What is looked at in one turn, in entries: some 20 ms in a browser, so that typing and the
/// other peers come between.
pub const TURN: u32 = 512;
/// What a segment's signature costs in a turn, in entries.
pub const SIGNATURE_COST: u32 = 8;
/// What costs as much in a turn as an entry, in bytes: joined edits of a program take some five each.
pub const TURN_BYTES: usize = 64;
/// Useless or inadmissible segments borne from one peer at once: far more than an honest one sends
/// while rights change under its hands.
pub const STRIKES: u32 = 32;
/// Of which so many are forgiven each second.
pub const STRIKES_RATE: u32 = 1;
/// Seats of one member connected at once: its tabs and devices, and those that are gone without a
/// word. Of more the oldest is left.
pub const MEMBER_PEERS: usize = 8;
/// Seats of one member in the log: ten page loads a day for a year.
pub const MEMBER_SEATS: usize = 4096;
/// Segments that wait for what they build on and came from seats of one member, in bytes: at least
/// one of the largest.
pub const WAITING_SHARE: usize = SYNC_MESSAGE;
/// The same for all peers together who are not known to be members: when one joins, nobody is. Half of
/// all, so that they leave the other half to members.
pub const WAITING_STRANGERS: usize = WAITING_TOTAL / 2;
/// Seats and members in quarantine: more than can be connected in the time it lasts.
pub const QUARANTINE: usize = 1024;

// Between a page and its node.

/// Relayed connections that are being taken at once: as many as a node lets call one page
/// (`circuits_per_destination`), and half as many of others, so that who calls and says nothing does
/// not keep anybody else from being taken.
pub const PENDING_INCOMING: u32 = 192;

// The cost of an update for whoever keeps the document, in bytes of its member's `AUTHOR_BYTES`: memory
// about as a browser has it, natively at most twice as much; and work, a byte for some 40 ns of it.

/// A block that does not go on where its author's last one ended, or what is split off one: an item
/// in yrs, a run in the guard, and their places in the lists of their client.
pub const BLOCK_COST: usize = 224;
/// One JSON value.
pub const VALUE_COST: usize = 24;
/// A text, bytes, list or map as a value or an attribute: a count of its holders and its own place.
pub const SHARED_COST: usize = 16;
/// A map as a value, without its entries.
pub const MAP_COST: usize = 48;
/// An entry of a map as a value: its key's place, and tables are half empty.
pub const ENTRY_COST: usize = 48;
/// A container inside another, beside its block: what it holds and who observes it.
pub const TYPE_COST: usize = 256;
/// A key that a block names: its name twice, and a place in two tables.
pub const KEY_COST: usize = 128;
/// A root that a seat names for the first time, whoever else did.
pub const ROOT_COST: usize = 320;
/// A document in which a seat writes for the first time, whoever else did: replica, guard, index.
pub const DOCUMENT_COST: usize = 2560;
/// A stretch that stands between the origins of a block though its author could have seen it: yrs
/// steps over it for the block at every load.
pub const BETWEEN_COST: usize = 32;
/// Stretches that may stand there: nothing stands between neighbours of a view, but what came from
/// others while the page was busy.
pub const BETWEEN: usize = 10_000;
/// Characters that are copied when a text is split, for a byte: yrs copies both halves. A program
/// that changes twenty thousand places in a megabyte at once stays well below what a member has.
pub const SPLIT_TEXT: usize = 2048;
/// Values that are copied when a list is split, for a byte: each by itself.
pub const SPLIT_VALUES: usize = 4;
/// Stretches of a client that are passed or moved, for a byte.
pub const PASSED: usize = 8;
/// Values or characters in a row of blocks are copied one by one: so many times what a split costs.
pub const ROW: usize = 8;
