//! Names of things: identifiers that can't be swapped for one another.

use core::fmt;
use core::str::FromStr;

use crate::frame::{DecodeError, Reader, Wire, Writer};
use crate::limits;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; 32]);

        impl $name {
            /// The identifier as lower-case hexadecimal digits.
            pub fn to_hex(&self) -> String {
                hex(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), &self.to_hex()[..8])
            }
        }

        impl Wire for $name {
            fn write(&self, w: &mut Writer) {
                w.raw(&self.0);
            }

            fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                r.array().map(Self)
            }
        }
    };
}

id! {
    /// A room: the Ed25519 public key of its root, which signs the genesis and is then erased.
    RoomId
}
id! {
    /// A person in one room: the Ed25519 public key derived from the device secret.
    MemberId
}
id! {
    /// One page load of a member: an Ed25519 public key, also the libp2p identity.
    SeatId
}
id! {
    /// The BLAKE3 hash of something, with its domain.
    Hash
}
id! {
    /// Where members of a room find each other at a node: a hash nobody without a link can name.
    Namespace
}

/// The first 16 bytes of an entry's hash: enough that nobody finds two entries with the same.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShortHash(pub [u8; 16]);

impl fmt::Debug for ShortHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ShortHash({})", hex(&self.0[..4]))
    }
}

impl Wire for ShortHash {
    fn write(&self, w: &mut Writer) {
        w.raw(&self.0);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array().map(Self)
    }
}

impl Hash {
    /// The first bytes of the hash, which name an entry.
    pub fn short(&self) -> ShortHash {
        let mut short = ShortHash::default();
        short.0.copy_from_slice(&self.0[..16]);
        short
    }
}

/// Names one entry of a seat, and so all before it: two histories of one seat have other heads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Head {
    /// The author.
    pub seat: SeatId,
    /// Its sequence number, from 1.
    pub seq: u64,
    /// The entry's hash.
    pub hash: ShortHash,
}

impl Wire for Head {
    fn write(&self, w: &mut Writer) {
        w.put(&self.seat).varint(self.seq).put(&self.hash);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let head = Self { seat: r.take()?, seq: r.varint()?, hash: r.take()? };
        if head.seq == 0 || head.seq > u64::from(u32::MAX) {
            return Err(DecodeError::Invalid);
        }
        Ok(head)
    }
}

/// The author of a block of a document: the client id of Yjs and yrs, 53 bits, one per seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub u64);

impl ClientId {
    /// The largest client id: what a JavaScript number holds exactly.
    pub const MAX: ClientId = ClientId((1 << 53) - 1);
}

impl Wire for ClientId {
    fn write(&self, w: &mut Writer) {
        w.varint(self.0);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let id = Self(r.varint()?);
        if id <= Self::MAX { Ok(id) } else { Err(DecodeError::Invalid) }
    }
}

/// A document of a room: `chat`, `board`, `code`, or `custom/<name>`.
///
/// Every kind from [`DocName::NAMED`] on is encoded alike, as its number, the tool that it takes to write
/// there, and a name: so a page keeps and hands on documents of kinds that came after it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocName {
    /// Messages.
    Chat,
    /// The whiteboard.
    Board,
    /// Files of text.
    Code,
    /// A document of an embedder's own making.
    Custom(CustomName),
    /// A document that only a newer version knows.
    Newer(NewerName),
}

/// The name of a document of an unknown kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NewerName {
    kind: u8,
    tool: u8,
    name: Vec<u8>,
}

impl NewerName {
    /// The name of a document of this kind (unknown here) that takes this tool (below [`DocName::TOOLS`]) to
    /// write in; at most `limits::DOC_NAME` bytes.
    pub fn new(kind: u8, tool: u8, name: &[u8]) -> Option<Self> {
        let sound =
            kind > DocName::NAMED && tool < DocName::TOOLS && name.len() <= limits::DOC_NAME;
        sound.then(|| Self { kind, tool, name: name.to_vec() })
    }

    /// The number of the tool's bit.
    pub fn tool(&self) -> u8 {
        self.tool
    }
}

impl DocName {
    /// The first kind whose encoding has a tool and a name: `custom`.
    pub const NAMED: u8 = 4;
    /// How many tools there can be.
    pub const TOOLS: u8 = 16;
    /// The number of the tool that it takes to write in `custom` documents.
    pub const CUSTOM_TOOL: u8 = 3;

    /// Whether only a newer version can read the document.
    pub fn is_newer(&self) -> bool {
        matches!(self, Self::Newer(_))
    }
}

/// An embedder's name for a document: 1 to `limits::DOC_NAME` bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustomName(String);

impl CustomName {
    /// The name, unless it is empty, too long or has control characters.
    pub fn new(name: &str) -> Option<Self> {
        let sound = !name.is_empty()
            && name.len() <= limits::DOC_NAME
            && !name.chars().any(char::is_control);
        sound.then(|| Self(name.to_owned()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DocName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chat => f.write_str("chat"),
            Self::Board => f.write_str("board"),
            Self::Code => f.write_str("code"),
            Self::Custom(name) => write!(f, "custom/{}", name.as_str()),
            Self::Newer(NewerName { kind, name, .. }) => write!(f, "newer/{kind}/{}", hex(name)),
        }
    }
}

impl FromStr for DocName {
    type Err = DecodeError;

    fn from_str(text: &str) -> Result<Self, DecodeError> {
        match text {
            "chat" => Ok(Self::Chat),
            "board" => Ok(Self::Board),
            "code" => Ok(Self::Code),
            _ => {
                let name = text.strip_prefix("custom/").ok_or(DecodeError::Unknown)?;
                CustomName::new(name).map(Self::Custom).ok_or(DecodeError::Invalid)
            }
        }
    }
}

impl Wire for DocName {
    fn write(&self, w: &mut Writer) {
        match self {
            Self::Chat => w.u8(1),
            Self::Board => w.u8(2),
            Self::Code => w.u8(3),
            Self::Custom(name) => {
                w.u8(Self::NAMED).u8(Self::CUSTOM_TOOL).bytes(name.as_str().as_bytes())
            }
            Self::Newer(NewerName { kind, tool, name }) => w.u8(*kind).u8(*tool).bytes(name),
        };
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match r.u8()? {
            1 => Ok(Self::Chat),
            2 => Ok(Self::Board),
            3 => Ok(Self::Code),
            0 => Err(DecodeError::Invalid),
            Self::NAMED => {
                if r.u8()? != Self::CUSTOM_TOOL {
                    return Err(DecodeError::Invalid);
                }
                let name = r.text(limits::DOC_NAME)?;
                CustomName::new(name).map(Self::Custom).ok_or(DecodeError::Invalid)
            }
            kind => {
                let (tool, name) = (r.u8()?, r.bytes(limits::DOC_NAME)?);
                NewerName::new(kind, tool, name).map(Self::Newer).ok_or(DecodeError::Invalid)
            }
        }
    }
}

/// Lower-case hexadecimal digits of `bytes`.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(DIGITS[usize::from(byte >> 4)] as char);
        text.push(DIGITS[usize::from(byte & 15)] as char);
    }
    text
}

/// The bytes of `text`, if it is an even number of lower-case hexadecimal digits.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_comes_back() {
        assert_eq!(hex(&[0, 0x9f, 0xff]), "009fff");
        assert_eq!(unhex("009fff"), Some(vec![0, 0x9f, 0xff]));
        assert_eq!(unhex("0"), None);
        assert_eq!(unhex("0G"), None);
    }

    #[test]
    fn a_document_name_has_one_text_and_one_encoding() {
        let custom = "custom/Notizen 1";
        for (text, bytes) in [
            ("chat", &[1][..]),
            ("board", &[2]),
            ("code", &[3]),
            (custom, b"\x04\x03\x09Notizen 1"),
        ] {
            let name: DocName = text.parse().expect(text);
            assert_eq!(name.to_string(), text);
            assert_eq!(name.to_bytes(), bytes);
            assert_eq!(DocName::from_bytes(bytes), Ok(name));
        }
    }

    #[test]
    fn other_document_names_are_refused() {
        assert_eq!(DocName::from_bytes(&[0]), Err(DecodeError::Invalid));
        assert_eq!(DocName::from_bytes(&[5]), Err(DecodeError::Truncated));
        assert_eq!(DocName::from_bytes(&[4, 3, 0]), Err(DecodeError::Invalid));
        assert_eq!(DocName::from_bytes(&[4, 3, 1, 10]), Err(DecodeError::Invalid));
        assert_eq!(DocName::from_bytes(&[4, 2, 1, 65]), Err(DecodeError::Invalid));
        assert_eq!("graph".parse::<DocName>(), Err(DecodeError::Unknown));
        assert_eq!("custom/".parse::<DocName>(), Err(DecodeError::Invalid));
        let long = format!("custom/{}", "x".repeat(limits::DOC_NAME + 1));
        assert_eq!(long.parse::<DocName>(), Err(DecodeError::Invalid));
    }

    #[test]
    fn a_document_of_a_newer_version_keeps_its_name() {
        let bytes = [9, 6, 2, b'a', b'b'];
        let name = DocName::from_bytes(&bytes).expect("kept unread");
        assert!(name.is_newer());
        assert_eq!(name.to_bytes(), bytes);
        assert_eq!(name.to_string(), "newer/9/6162");
        assert_eq!(name.to_string().parse::<DocName>(), Err(DecodeError::Unknown));
        assert_eq!(DocName::from_bytes(&[9, 16, 0]), Err(DecodeError::Invalid), "no such tool");
    }

    #[test]
    fn a_client_id_has_53_bits() {
        assert_eq!(ClientId::from_bytes(&ClientId::MAX.to_bytes()), Ok(ClientId::MAX));
        let above = ClientId(ClientId::MAX.0 + 1).to_bytes();
        assert_eq!(ClientId::from_bytes(&above), Err(DecodeError::Invalid));
    }
}
