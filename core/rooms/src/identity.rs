//! Keys of devices, members and seats, and statements that open only by verifying them.
//!
//! ```text
//!   device secret ──HKDF(room id)──► member key (Ed25519 + X25519) ──signs──► seat key (page load)
//! ```

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use hkdf::Hkdf;
use sha2::Sha256;
use thiserror::Error;
use x25519_dalek::{PublicKey, StaticSecret};

use covey_wire::frame::{DecodeError, Reader, Wire, Writer};
use covey_wire::id::{ClientId, MemberId, RoomId, SeatId};

/// A signature that does not hold, or a key that is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the signature does not hold")]
pub struct BadSignature;

/// The one secret of an installation: 32 random bytes, the whole login.
#[derive(Clone)]
pub struct DeviceSecret([u8; 32]);

impl DeviceSecret {
    /// From 32 random bytes, or from the same bytes kept before.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The person's key in one room: HKDF-SHA-256 (RFC 5869) with the room id as salt, so that
    /// rooms can't be linked to one person.
    pub fn member(&self, room: RoomId) -> MemberKey {
        let kdf = Hkdf::<Sha256>::new(Some(&room.0), &self.0);
        let expand = |info: &[u8]| {
            let mut out = [0; 32];
            // 32 bytes are always within HKDF's output limit.
            let _ = kdf.expand(info, &mut out);
            out
        };
        MemberKey {
            sign: SigningKey::from_bytes(&expand(b"covey/v1/member/sign")),
            exchange: StaticSecret::from(expand(b"covey/v1/member/exchange")),
        }
    }
}

/// A person in one room, on all their devices.
pub struct MemberKey {
    sign: SigningKey,
    exchange: StaticSecret,
}

impl MemberKey {
    /// The public half.
    pub fn id(&self) -> MemberId {
        MemberId(self.sign.verifying_key().to_bytes())
    }

    /// The X25519 public key (RFC 7748) that later epochs are sealed to.
    pub fn exchange(&self) -> [u8; 32] {
        PublicKey::from(&self.exchange).to_bytes()
    }

    /// The signing half.
    pub fn signer(&self) -> &SigningKey {
        &self.sign
    }
}

/// One page load of a member: made anew at every load, never stored.
pub struct SeatKey(SigningKey);

impl SeatKey {
    /// From 32 random bytes that are used for nothing else.
    pub fn new(seed: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&seed))
    }

    /// The public half.
    pub fn id(&self) -> SeatId {
        SeatId(self.0.verifying_key().to_bytes())
    }

    /// The secret half, for the libp2p identity.
    pub fn secret(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The signing half.
    pub fn signer(&self) -> &SigningKey {
        &self.0
    }
}

/// A seat as an author in yrs and Yjs.
pub trait Author {
    /// The seat's id there: 53 bits of a hash of its key.
    fn client(&self) -> ClientId;
}

impl Author for SeatId {
    fn client(&self) -> ClientId {
        client_of(&blake3::derive_key("covey/v1/client", &self.0))
    }
}

/// The client id of one of the branches of seats that have this client id, by its place among them: just
/// below, so that its blocks stand among those of others where they stood as the seat's.
pub(crate) fn branch_client(client: ClientId, place: usize) -> ClientId {
    ClientId(client.0.wrapping_sub(1 + place as u64) & ClientId::MAX.0)
}

fn client_of(hash: &[u8; 32]) -> ClientId {
    let [a, b, c, d, e, f, g, ..] = *hash;
    let client = ClientId(u64::from_le_bytes([a, b, c, d, e, f, g & 0x1f, 0]));
    #[cfg(test)]
    let client = narrow::apply(client);
    client
}

/// Client ids of few bits, so that a test finds two seats with the same one.
#[cfg(test)]
pub(crate) mod narrow {
    use core::cell::Cell;

    use covey_wire::id::ClientId;

    std::thread_local! {
        static BITS: Cell<u32> = const { Cell::new(53) };
    }

    /// Client ids have so many bits from here on, on this thread.
    pub(crate) fn to(bits: u32) {
        BITS.set(bits);
    }

    pub(super) fn apply(client: ClientId) -> ClientId {
        ClientId(client.0 & ((1 << BITS.get()) - 1))
    }
}

/// A type that can be signed. Its domain keeps a signature from meaning anything else.
pub trait Statement: Wire {
    /// The type's name in the signed bytes.
    const DOMAIN: &'static str;
}

/// A statement with a signature nobody has looked at. Its content is out of reach until
/// [`Signed::verify`] says it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed<T> {
    statement: T,
    signature: [u8; 64],
}

impl<T: Statement> Signed<T> {
    /// Signs `statement`; `context` is what it is about without repeating it, such as the room.
    pub fn sign(statement: T, context: &[u8], key: &SigningKey) -> Self {
        let signature = key.sign(&signed_bytes(&statement, context)).to_bytes();
        Self { statement, signature }
    }

    /// The statement, if `key` signed it in this context.
    pub fn verify(&self, context: &[u8], key: &[u8; 32]) -> Result<&T, BadSignature> {
        verify(key, &signed_bytes(&self.statement, context), &self.signature)?;
        Ok(&self.statement)
    }

    /// A statement and what may be its signature, each from its own place.
    pub(crate) fn assemble(statement: T, signature: [u8; 64]) -> Self {
        Self { statement, signature }
    }

    /// The signature alone.
    pub(crate) fn signature(&self) -> &[u8; 64] {
        &self.signature
    }

    /// The statement before anything is known about who made it: only to find the key to verify
    /// it with.
    pub fn claimed(&self) -> &T {
        &self.statement
    }
}

impl<T: Wire> Wire for Signed<T> {
    fn write(&self, w: &mut Writer) {
        w.put(&self.statement).raw(&self.signature);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { statement: r.take()?, signature: r.array()? })
    }
}

/// Verifies a signature by the strict rules: canonical encodings, no key of small order
/// (RFC 8032, section 5.1.7, and `verify_strict` of ed25519-dalek).
pub fn verify(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> Result<(), BadSignature> {
    let key = VerifyingKey::from_bytes(key).map_err(|_| BadSignature)?;
    key.verify_strict(message, &Signature::from_bytes(signature)).map_err(|_| BadSignature)
}

fn signed_bytes<T: Statement>(statement: &T, context: &[u8]) -> Vec<u8> {
    let mut w = Writer::new();
    w.raw(b"covey/v1/").raw(T::DOMAIN.as_bytes()).u8(0).bytes(context).put(statement);
    w.into_bytes()
}

/// The secret of the seat that a page takes in the room it opens with this seed.
pub fn seat_secret(seed: &[u8; 32]) -> [u8; 32] {
    *blake3::Hasher::new_keyed(seed).update(b"covey/v1/seat").finalize().as_bytes()
}

/// The seed of the numbers that a page draws for its calls.
pub fn call_seed(seed: &[u8; 32]) -> [u8; 32] {
    *blake3::Hasher::new_keyed(seed).update(b"covey/v1/call").finalize().as_bytes()
}

/// Makes secrets from one random seed, each used once.
pub struct SeedStream {
    seed: [u8; 32],
    count: u64,
}

impl SeedStream {
    /// From 32 random bytes.
    pub fn new(seed: [u8; 32]) -> Self {
        Self { seed, count: 0 }
    }

    /// The next 32 bytes.
    pub fn draw(&mut self) -> [u8; 32] {
        self.count += 1;
        let mut hasher = blake3::Hasher::new_keyed(&self.seed);
        hasher.update(b"covey/v1/seed").update(&self.count.to_le_bytes());
        *hasher.finalize().as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Note(u8);
    impl Wire for Note {
        fn write(&self, w: &mut Writer) {
            w.u8(self.0);
        }
        fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
            r.u8().map(Note)
        }
    }
    impl Statement for Note {
        const DOMAIN: &'static str = "note";
    }

    #[test]
    fn a_statement_opens_only_for_its_key_and_context() {
        let key = SeatKey::new([7; 32]);
        let signed = Signed::sign(Note(5), b"room", key.signer());
        assert_eq!(signed.verify(b"room", &key.id().0).map(|n| n.0), Ok(5));
        assert!(signed.verify(b"other", &key.id().0).is_err());
        assert!(signed.verify(b"room", &SeatKey::new([8; 32]).id().0).is_err());
    }

    #[test]
    fn a_person_differs_from_room_to_room() {
        let device = DeviceSecret::new([1; 32]);
        let (a, b) = (device.member(RoomId([1; 32])), device.member(RoomId([2; 32])));
        assert_ne!(a.id(), b.id());
        assert_ne!(a.exchange(), b.exchange());
        assert_eq!(a.id(), device.member(RoomId([1; 32])).id());
    }

    #[test]
    fn keys_of_small_order_verify_nothing() {
        let mut identity_point = [0; 32];
        identity_point[0] = 1;
        assert!(verify(&identity_point, b"anything", &[0; 64]).is_err());
    }

    #[test]
    fn client_ids_have_53_bits() {
        for n in 0..64 {
            assert!(SeatKey::new([n; 32]).id().client().0 < 1 << 53);
        }
    }
}
