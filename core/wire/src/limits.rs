//! Every bound on what a peer can make a page or a node keep or do, each with its unit and its reason.

/// The size of a sync message, in bytes. An update of the largest size fits twice, with its
/// framing.
pub const SYNC_MESSAGE: usize = 2 << 20;
/// The size of a live message, in bytes. It is small, so that it never delays an edit.
pub const LIVE_MESSAGE: usize = 64 << 10;
/// The size of a message that sets up a call, in bytes. A session description with many candidates
/// is under 10 KiB.
pub const CALL_MESSAGE: usize = 64 << 10;
/// The length of a session description in a call, in bytes. One with four media, every codec and many
/// candidates is under 20 KiB.
pub const DESCRIPTION: usize = 48 << 10;
/// The length of an ICE candidate in a call, in bytes.
pub const CANDIDATE: usize = 1 << 10;
/// The length of a reaction in a call, in bytes. An emoji of a family with skin tones takes 41.
pub const REACTION: usize = 64;
/// How many live messages a session description counts as. A browser works on one for some
/// milliseconds.
pub const DESCRIPTION_COST: u32 = 20;
/// How many live messages count as much as news of what somebody sends in a call, for which a
/// connection may be made.
pub const CALL_STATE_COST: u32 = 5;
/// The size of a piece of a file, in bytes. It fills a fast connection, and does not hold up a call.
pub const BLOB_MESSAGE: usize = 64 << 10;
/// The size of a signalling message, in bytes. A session description with many candidates is under
/// 10 KiB.
pub const SIGNAL_MESSAGE: usize = 64 << 10;
/// The size of a message between a page and its node, in bytes. The longest is a description of
/// what the node offers.
pub const NODE_MESSAGE: usize = 16 << 10;
/// The size of one message on a data channel, in bytes. Every WebRTC stack takes this size.
pub const CHANNEL_MESSAGE: usize = 16 << 10;
/// The size of one update before it is sealed, in bytes. A page splits its own larger updates at
/// block borders.
pub const UPDATE: usize = 1 << 20;
/// The size to which a page splits its own updates, in bytes. It is well below `UPDATE`, so that a
/// part is quickly checked and sent.
pub const UPDATE_PART: usize = 256 << 10;
/// The size up to which a page joins updates of its own that follow each other at once, in bytes.
/// An update of this size has less than one range or value a byte, so it passes no other limit.
pub const JOINED: usize = 16 << 10;
/// An update above this size, in bytes, is bulk. An entry that does not touch bulk does not name it
/// as a cause.
pub const BULK: usize = 64 << 10;
/// Entries in a segment. At most this many share a signature.
pub const SEGMENT_ENTRIES: usize = 256;
/// The size up to which segments are joined and gathered in one message, in bytes. A keystroke
/// never waits behind one large message.
pub const PACKED: usize = 64 << 10;
/// Grants in a link. Each is a step of passing it on.
pub const CHAIN: usize = 4;
/// Node addresses in a link.
pub const LINK_NODES: usize = 8;
/// The length of a node's address in a link, in bytes.
pub const NODE_ADDRESS: usize = 256;
/// The length of a person's name, in bytes. Pages take 40 letters of any script, in 32 bytes fewer.
/// So a name that is cut here, maybe in the middle of a letter, never comes from an honest page.
pub const NAME: usize = 512;
/// The length of a room's title, in bytes. Pages take 80 letters in 32 bytes fewer. A link with the
/// title still fits a QR code.
pub const TITLE: usize = 1024;
/// Seats in one answer of a node.
pub const FOUND: usize = 64;
/// Namespaces under which one connection may be registered at a node. A page meets under each key
/// of its room.
pub const NAMESPACES: usize = 16;
/// ICE servers that a node names. With the next three limits they fit a `NODE_MESSAGE`.
pub const ICE_SERVERS: usize = 8;
/// URLs of one ICE server. There is one for each transport.
pub const ICE_URLS: usize = 4;
/// The length of an ICE URL, in bytes.
pub const ICE_URL: usize = 256;
/// The length of a user name or a credential for an ICE server, in bytes.
pub const ICE_CREDENTIAL: usize = 256;
/// Seats named in one message. Each page load makes a seat, so a room that lasts long has
/// thousands.
pub const SEATS: usize = 16_384;
/// Dependencies of one entry. An entry names only what changed since its author's last entry, and
/// the newest if there is more. All of them take 110 KiB, far less than a segment may.
pub const DEPS: usize = 2_048;
/// Histories of one seat that are kept. Nobody has as many people to show them to. Above this,
/// different replicas keep different ones.
pub const BRANCHES: usize = 64;
/// Refused segments that are remembered, so that what builds on them is refused and does not wait.
/// All peers together have as many strikes.
pub const INADMISSIBLE: usize = 1_024;
/// Links that a page shows to peers. A page with more shows the newest.
pub const CLAIMS: usize = 4;
/// Keys of one room that a device keeps: the one of the genesis, and those of links with other
/// keys.
pub const KEYS: usize = 4;
/// The cost that all entries of one member in one room may have, in bytes. Each entry counts as long as it
/// is, as its opened update is or as much as the update costs, whichever is most. So the sum is the
/// same however entries are joined. An entry as small as a key takes twice as much again for its
/// segment.
pub const AUTHOR_BYTES: usize = 64 << 20;
/// The bytes that a page writes for its member at most. Others refuse none of it, unless the member
/// had another page that this one had not heard of. Enough is left to admit people.
pub const OWN_BYTES: usize = AUTHOR_BYTES - SYNC_MESSAGE;
/// Segments of one author that wait for what they build on, in bytes.
pub const WAITING_BYTES: usize = 4 << 20;
/// Segments of all authors that wait for what they build on, in bytes.
pub const WAITING_TOTAL: usize = 32 << 20;
/// The bytes that an entry of a waiting segment counts beside its content. The entry is decoded, and has
/// a place in memory of its own.
pub const DECODED_ENTRY: usize = 32;
/// Seats to which one page is connected directly.
pub const PEERS: usize = 32;
/// Bytes sent to a peer that it has not confirmed. Queues stay short and memory bounded.
pub const SYNC_WINDOW: usize = 256 << 10;
/// Seats whose entries a peer asks to be handed on at once. Entries of further seats come a little
/// later.
pub const FORWARDED: usize = 256;
/// The length of an encoded Yjs relative position, in bytes. It is the name of a root, or two
/// numbers.
pub const POSITION: usize = 128;
/// Names of absent people that are remembered.
pub const NAMES: usize = 512;
/// The length of the name of a custom document, in bytes.
pub const DOC_NAME: usize = 64;
/// Clocks of one client in one document. It is far above what 64 MiB hold, and far below 32 bits.
pub const CLOCK: u32 = 1 << 30;
/// Clocks of filler (GC) in one block.
pub const FILLER: u32 = 1 << 16;
/// Ranges that one update deletes of one client. A page spreads more over several updates.
pub const DELETE_RANGES: usize = 8_192;
/// How deep values may be nested. Flat records need 1, an attribute of ProseMirror 3 or 4.
pub const VALUE_DEPTH: usize = 16;
/// JSON values in one update, nested ones included. A value takes one byte on the wire and up to
/// 100 in memory. A page spreads longer lists over several updates.
pub const VALUE_NODES: usize = 20_000;
/// How deep types may be nested. yrs deletes and collects them recursively.
pub const TYPE_DEPTH: usize = 100;
/// The length of the name of a root in a document, in bytes.
pub const ROOT_NAME: usize = 128;
/// The size of a frame that a peer sends on a data channel, in bytes. Most send up to 16 KiB, some
/// can be told to send more.
pub const CHANNEL_FRAME: usize = 64 << 10;
/// Streams open at once on one WebRTC connection, including those that are closing.
pub const CHANNELS: usize = 256;
/// Bytes received on one WebRTC connection and not read. A browser keeps delivering, so this is the
/// last resort. A stock js-libp2p peer reached 26 MB in an echo of 64 MiB.
pub const CHANNEL_UNREAD: usize = 48 << 20;
/// Signalling streams of all peers in progress at once.
pub const SIGNALLING: usize = 32;
/// Signalling streams of one peer in progress at once. A peer needs one for each of its nodes.
pub const SIGNALLING_PER_PEER: usize = 4;
/// Signalling streams that wait until their peer is trusted, one for each peer. There are as many
/// as peers that are connected, and as many again that are leaving.
pub const UNTRUSTED_OFFERS: usize = 2 * PEERS;
/// ICE candidates taken from a peer in one attempt.
pub const CANDIDATES: usize = 64;
/// Bytes received on a WebSocket and not read. yamux reads at once, so only a stuck page has more.
pub const SOCKET_UNREAD: usize = 16 << 20;
/// Live messages that wait for a slow peer. Above this the oldest are dropped.
pub const LIVE_QUEUE: usize = 64;
/// Bytes of sync messages that wait for a slow peer: the room's window, and two messages that open
/// it or overshoot it.
pub const SYNC_QUEUE: usize = SYNC_WINDOW + 2 * SYNC_MESSAGE;
/// Bytes of call messages that wait for a slow peer. A call is made of far fewer.
pub const CALL_QUEUE: usize = 512 << 10;
/// Bytes of blob messages that wait for a slow peer. They keep a connection busy, and little has to be
/// written before a pair may move to another connection.
pub const BLOB_QUEUE: usize = 256 << 10;
/// Streams of one channel that a peer may have open on one connection.
pub const CHANNEL_STREAMS: usize = 3;
/// Streams of all channels that a peer may open on one connection in all. A peer opens new ones
/// when it moves between connections and after a break, which are a few.
pub const STREAMS_ACCEPTED: usize = 128;
/// Seats that are remembered with the nodes at which they were found.
pub const KNOWN_SEATS: usize = 1024;
/// Failed dials in a row after which a seat is dialled every five minutes only, for an hour.
pub const DIALS: u32 = 8;
/// How often a peer may break its streams while its connections stand. After that the connections
/// are closed.
pub const RESETS: u32 = 16;
/// Connections to one peer: relayed and direct, each from both sides, and as many that are closing.
pub const CONNECTIONS_PER_PEER: u32 = 8;
/// Connections to one peer that has not shown that it may read: relayed ones from both sides, and
/// as many that are dead without our knowledge. Thirty-two such peers leave room for somebody who
/// comes.
pub const UNTRUSTED_CONNECTIONS: usize = 4;
/// Outgoing connections in progress at once.
pub const PENDING_CONNECTIONS: u32 = 64;
/// Segments in one sync message. Far fewer fit when they are gathered.
pub const SEGMENTS: usize = 1024;
/// The length of the name of a topic, in bytes.
pub const TOPIC: usize = 32;
/// Topics on which a seat speaks at once. A panel has a handful.
pub const TOPICS: usize = 16;
/// The size of one value said on a topic, in bytes. A long stroke in progress takes some KiB.
pub const SAID: usize = 16 << 10;
/// Live messages of one peer a second. Carets, pointers, strokes and views take 30 each, and there
/// is room for as much again. What comes above waits, the newest of each topic only.
pub const LIVE_RATE: u32 = 300;
/// Live messages of one peer at once: two seconds in which a busy page did not read.
pub const LIVE_BURST: u32 = 2 * LIVE_RATE;
/// Live messages of one peer a second that no honest page exceeds. A peer that stays above is
/// disconnected.
pub const FLOOD_RATE: u32 = LIVE_RATE + LIVE_RATE / 2;
/// Live messages above `FLOOD_RATE` that a peer may send at once. A page that did not read for five
/// seconds does not disconnect honest peers.
pub const FLOOD_BURST: u32 = 5 * LIVE_RATE;
/// The size of a live message that counts as one, in bytes. A larger one counts as several.
pub const LIVE_UNIT: usize = 4 << 10;
/// How many live messages something counts as that a seat says against its role. A handful may come
/// before the role is known.
pub const LIVE_OFFENCE: u32 = 100;
/// Entries of one peer a second, without those that it had when it connected. Above this it is read
/// more slowly.
pub const ENTRY_RATE: u32 = 200;
/// Entries of one peer at once. A hundred thousand edits by a program pass at full speed.
pub const ENTRY_BURST: u32 = 128 << 10;
/// How many times longer sealed content may be when it is opened. What people write and draw is
/// deflated to a third or a tenth, what is made to fill memory to a thousandth.
pub const INFLATION: usize = 16;
/// Opened bytes of entries of one peer a second, without those that it had when it connected. It
/// holds for a peer that does not pause to be read. Nobody writes and draws as much.
pub const VOLUME_RATE: u32 = 256 << 10;
/// Opened bytes of entries of one peer at once: a picture. A peer that paused to be read has all of
/// it again. With more, a flood of a megabyte a second would not be noticed within two seconds.
pub const VOLUME_BURST: u32 = 512 << 10;
/// Bytes that a peer may send and still be pausing. Somebody who types and draws sends as much.
pub const VOLUME_SMALL: usize = 16 << 10;
/// The cost of one turn of reading, in entries. It is some 20 ms in a browser, so that typing and
/// other peers come between.
pub const TURN: u32 = 512;
/// The cost of a segment's signature in a turn, in entries.
pub const SIGNATURE_COST: u32 = 8;
/// How many bytes cost as much in a turn as an entry. Joined edits of a program take some five
/// bytes each.
pub const TURN_BYTES: usize = 64;
/// Useless or inadmissible segments forgiven to one peer at once. An honest peer sends far fewer
/// while its rights change.
pub const STRIKES: u32 = 32;
/// Strikes forgiven to one peer a second.
pub const STRIKES_RATE: u32 = 1;
/// Connected seats of one member: its tabs and devices, and those that left without a word. Above
/// this the connection to the oldest is closed.
pub const MEMBER_PEERS: usize = 8;
/// Seats of one member in the log: ten page loads a day for a year.
pub const MEMBER_SEATS: usize = 4096;
/// Segments from seats of one member that wait for what they build on, in bytes. The largest
/// segment fits.
pub const WAITING_SHARE: usize = SYNC_MESSAGE + SEGMENT_ENTRIES * DECODED_ENTRY;
/// The same for all peers together that are not known to be members. To a page that joins nobody is
/// known. It is half of all, so that the other half is left to members.
pub const WAITING_STRANGERS: usize = WAITING_TOTAL / 2;
/// Seats and members in quarantine. Fewer can be connected within the time that it lasts.
pub const QUARANTINE: usize = 1024;

// Between a page and its node.

/// Relayed connections that are being accepted at once. A node lets as many call one page
/// (`circuits_per_destination`), and half as many again are others. So a peer that calls and says
/// nothing keeps nobody out.
pub const PENDING_INCOMING: u32 = 192;

// The cost of an update for whoever keeps the document, in bytes of its member's `AUTHOR_BYTES`. A byte stands
// for a byte of memory in a browser (natively for two at most), or for some 40 ns of work.

/// A block that does not go on where its author's last one ended, or that is split off: an item in
/// yrs, a run in the guard, and their places in the lists of their client.
pub const BLOCK_COST: usize = 224;
/// One JSON value.
pub const VALUE_COST: usize = 24;
/// A text, bytes, a list or a map as a value or an attribute: a reference count and a place of its
/// own.
pub const SHARED_COST: usize = 16;
/// A map as a value, without its entries.
pub const MAP_COST: usize = 48;
/// An entry of a map as a value. A table of keys is half empty.
pub const ENTRY_COST: usize = 48;
/// A container inside another, besides its block: what it holds and what observes it.
pub const TYPE_COST: usize = 256;
/// A key that a block names: its name twice, and a place in two tables.
pub const KEY_COST: usize = 128;
/// A root that a seat names for the first time, even if others named it before.
pub const ROOT_COST: usize = 320;
/// A document in which a seat writes for the first time, even if others wrote before: replica,
/// guard and index.
pub const DOCUMENT_COST: usize = 2560;
/// A stretch between the origins of a block that its author could have seen. yrs steps over it for
/// the block at every load.
pub const BETWEEN_COST: usize = 32;
/// Stretches that may lie between the origins of a block. Between neighbours in a view lies only
/// what came from others while the page was busy.
pub const BETWEEN: usize = 10_000;
/// Characters copied for one byte of cost, when a text is split. yrs copies both halves. A program
/// that changes twenty thousand places in a megabyte at once stays well below a member's quota.
pub const SPLIT_TEXT: usize = 2048;
/// Values copied for one byte of cost, when a list is split. Each is copied by itself.
pub const SPLIT_VALUES: usize = 4;
/// Stretches of a client passed or moved for one byte of cost.
pub const PASSED: usize = 8;
/// How many times the cost of a split it takes to join a row of blocks. Their values or characters
/// are copied one by one.
pub const ROW: usize = 8;
