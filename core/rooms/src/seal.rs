//! Sealing of content: XChaCha20-Poly1305 under an epoch's key, deflated where that helps.

use std::io::{Read, Write};
use std::sync::LazyLock;

use blake3::Hasher;
use blake3::hazmat::{ContextKey, HasherExt, hash_derive_key_context};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use thiserror::Error;

use crate::broken::{Rule, is_broken};
use covey_wire::frame::{DecodeError, Reader, Wire, Writer};
use covey_wire::id::{RoomId, SeatId, hex};
use covey_wire::limits;

/// Updates shorter than this rarely get smaller.
const DEFLATE_FROM: usize = 96;
const PLAIN: u8 = 0;
const DEFLATED: u8 = 1;

/// The content can't be opened: wrong key, altered, or larger than its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("sealed content can't be opened")]
pub struct SealError;

/// Names an epoch: the first bytes of a hash of its key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EpochId(pub [u8; 8]);

impl core::fmt::Debug for EpochId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "EpochId({})", hex(&self.0))
    }
}

impl Wire for EpochId {
    fn write(&self, w: &mut Writer) {
        w.raw(&self.0);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array().map(Self)
    }
}

/// An epoch's key. It never shows itself in debug output.
#[derive(Clone, PartialEq, Eq)]
pub struct ContentKey([u8; 32]);

impl core::fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("ContentKey(…)")
    }
}

impl Wire for ContentKey {
    fn write(&self, w: &mut Writer) {
        w.raw(&self.0);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.array().map(Self)
    }
}

/// Where a sealed payload stands: it makes the nonce, so a position is sealed once only.
#[derive(Debug, Clone, Copy)]
pub struct Position {
    /// The room.
    pub room: RoomId,
    /// The epoch of the key.
    pub epoch: EpochId,
    /// The author.
    pub seat: SeatId,
    /// Its sequence number.
    pub seq: u64,
}

impl Position {
    fn nonce(&self) -> XNonce {
        static CONTEXT: LazyLock<ContextKey> =
            LazyLock::new(|| hash_derive_key_context("covey/v1/nonce"));
        let mut w = Writer::new();
        w.put(&self.epoch).put(&self.seat).varint(self.seq);
        let mut hasher = Hasher::new_from_context_key(&CONTEXT);
        let hash = hasher.update(&w.into_bytes()).finalize();
        let mut nonce = XNonce::default();
        nonce.copy_from_slice(&hash.as_bytes()[..24]);
        nonce
    }
}

impl ContentKey {
    /// From 32 random bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The id of the epoch whose key this is: no other key has it.
    pub fn epoch(&self, room: RoomId) -> EpochId {
        let mut w = Writer::new();
        w.put(&room).raw(&self.0);
        let hash = blake3::derive_key("covey/v1/epoch", &w.into_bytes());
        let mut id = [0; 8];
        id.copy_from_slice(&hash[..8]);
        EpochId(id)
    }

    /// The secret that gives the meeting place of the epoch's members and the key of their first messages.
    /// Its holder can't open the documents with it.
    pub fn discovery(&self, room: RoomId) -> [u8; 32] {
        let mut w = Writer::new();
        w.put(&room).raw(&self.0);
        blake3::derive_key("covey/v1/discovery", &w.into_bytes())
    }

    /// A key of all who can read, for what one seat says to another once.
    pub fn pair_key(&self, context: &str, room: RoomId, from: SeatId, to: SeatId) -> [u8; 32] {
        pair_key(context, &self.0, room, from, to)
    }

    /// Seals `content`; `about` is bound to it (the document's name) but not hidden.
    pub fn seal(&self, at: &Position, about: &[u8], content: &[u8]) -> Vec<u8> {
        self.encrypt(at, about, &pack(content))
    }

    /// Seals what is packed already.
    pub(crate) fn encrypt(&self, at: &Position, about: &[u8], packed: &[u8]) -> Vec<u8> {
        let aad = aad(at, about);
        let cipher = XChaCha20Poly1305::new((&self.0).into());
        // Encryption fails only above 256 GiB.
        cipher.encrypt(&at.nonce(), Payload { msg: packed, aad: &aad }).unwrap_or_default()
    }

    /// Opens what [`ContentKey::seal`] made; at most `limits::UPDATE` bytes come out.
    pub fn open(&self, at: &Position, about: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let aad = aad(at, about);
        let cipher = XChaCha20Poly1305::new((&self.0).into());
        let packed = cipher
            .decrypt(&at.nonce(), Payload { msg: sealed, aad: &aad })
            .map_err(|_| SealError)?;
        unpack(&packed)
    }
}

/// A key for what two seats say to each other once, in one direction.
pub fn pair_key(
    context: &str,
    secret: &[u8; 32],
    room: RoomId,
    from: SeatId,
    to: SeatId,
) -> [u8; 32] {
    let mut w = Writer::new();
    w.raw(secret).put(&room).put(&from).put(&to);
    blake3::derive_key(context, &w.into_bytes())
}

/// Seals words under a key: the nonce follows from key and words, so that other words have another one.
pub fn seal_words(key: &[u8; 32], words: &[u8]) -> Vec<u8> {
    let mut nonce = XNonce::default();
    nonce.copy_from_slice(&blake3::keyed_hash(key, words).as_bytes()[..NONCE]);
    let mut sealed = nonce.to_vec();
    if is_broken(Rule::Sealing) {
        sealed.extend(words);
        return sealed;
    }
    // Encryption fails only above 256 GiB.
    sealed.extend(XChaCha20Poly1305::new(key.into()).encrypt(&nonce, words).unwrap_or_default());
    sealed
}

/// Opens what [`seal_words`] made.
pub fn open_words(key: &[u8; 32], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(SealError)?;
    if is_broken(Rule::Sealing) {
        return Ok(sealed.to_vec());
    }
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(nonce.into(), sealed).map_err(|_| SealError)
}

/// Bytes of a nonce of XChaCha20.
const NONCE: usize = 24;

fn aad(at: &Position, about: &[u8]) -> Vec<u8> {
    let mut w = Writer::new();
    w.raw(b"covey/v1/seal\0").put(&at.room).bytes(about);
    w.into_bytes()
}

fn pack(content: &[u8]) -> Vec<u8> {
    if content.len() >= DEFLATE_FROM {
        let mut encoder = DeflateEncoder::new(vec![DEFLATED], Compression::new(6));
        if encoder.write_all(content).is_ok()
            && let Ok(deflated) = encoder.finish()
            && (deflated.len()..=inflated(deflated.len() - 1)).contains(&content.len())
        {
            return deflated;
        }
    }
    let mut plain = Vec::with_capacity(content.len() + 1);
    plain.push(PLAIN);
    plain.extend_from_slice(content);
    plain
}

/// How long at most becomes what is deflated to so many bytes.
fn inflated(deflated: usize) -> usize {
    deflated.saturating_mul(limits::INFLATION)
}

fn unpack(packed: &[u8]) -> Result<Vec<u8>, SealError> {
    let (form, body) = packed.split_first().ok_or(SealError)?;
    let content = match *form {
        PLAIN => body.to_vec(),
        DEFLATED => {
            let mut content = Vec::new();
            let most = inflated(body.len()).min(limits::UPDATE);
            DeflateDecoder::new(body)
                .take(most as u64 + 1)
                .read_to_end(&mut content)
                .map_err(|_| SealError)?;
            if content.len() > most {
                return Err(SealError);
            }
            content
        }
        _ => return Err(SealError),
    };
    if content.len() > limits::UPDATE { Err(SealError) } else { Ok(content) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seq: u64) -> Position {
        Position { room: RoomId([1; 32]), epoch: EpochId([2; 8]), seat: SeatId([3; 32]), seq }
    }

    #[test]
    fn sealed_content_comes_back_only_at_its_position() {
        let key = ContentKey::new([9; 32]);
        for content in [&b""[..], b"short", &[b'x'; 100_000]] {
            let sealed = key.seal(&at(7), b"code", content);
            assert_eq!(key.open(&at(7), b"code", &sealed).as_deref(), Ok(content));
            assert_eq!(key.open(&at(8), b"code", &sealed), Err(SealError));
            assert_eq!(key.open(&at(7), b"chat", &sealed), Err(SealError));
            assert_eq!(ContentKey::new([8; 32]).open(&at(7), b"code", &sealed), Err(SealError));
        }
        crate::golden::check("sealed.hex", &key.seal(&at(7), b"code", b"short"));
    }

    #[test]
    fn sealed_words_open_with_their_key_only() {
        let key = pair_key("test", &[1; 32], RoomId([2; 32]), SeatId([3; 32]), SeatId([4; 32]));
        let back = pair_key("test", &[1; 32], RoomId([2; 32]), SeatId([4; 32]), SeatId([3; 32]));
        let sealed = seal_words(&key, b"hello");
        assert_eq!(open_words(&key, &sealed).as_deref(), Ok(&b"hello"[..]));
        assert_eq!(open_words(&back, &sealed), Err(SealError), "the other direction");
        assert_ne!(sealed[..NONCE], seal_words(&key, b"hallo")[..NONCE]);
        assert_eq!(open_words(&key, &sealed[..20]), Err(SealError));
    }

    #[test]
    fn content_that_inflates_beyond_the_limit_is_refused() {
        let key = ContentKey::new([9; 32]);
        let sealed = key.seal(&at(1), b"code", &vec![0; limits::UPDATE + 1]);
        assert_eq!(key.open(&at(1), b"code", &sealed), Err(SealError));
    }

    #[test]
    fn content_small_on_the_wire_is_not_large_in_memory() {
        let mut bomb = DeflateEncoder::new(vec![DEFLATED], Compression::new(9));
        bomb.write_all(&vec![0; limits::UPDATE]).expect("memory takes it");
        let bomb = bomb.finish().expect("memory takes it");
        assert!(bomb.len() < 4096);
        assert_eq!(unpack(&bomb), Err(SealError));
        // Honest content that is as regular goes as it is.
        let regular = vec![0; limits::UPDATE];
        assert_eq!(unpack(&pack(&regular)), Ok(regular));
        let words = "what people write gets a few times smaller ".repeat(3);
        let packed = pack(words.as_bytes());
        assert!(packed.len() < words.len() && unpack(&packed).as_deref() == Ok(words.as_bytes()));
    }
}
