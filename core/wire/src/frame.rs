//! The one canonical binary encoding: fixed arrays, minimal varints (unsigned LEB128) and
//! length-prefixed bytes. Every value has exactly one encoding, and a reader refuses any other.

use thiserror::Error;

/// Why bytes from outside are not the value they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The input ends inside a value.
    #[error("input ends too early")]
    Truncated,
    /// A varint uses more bytes than it needs, or more than 64 bits.
    #[error("number is not in its shortest form")]
    NotMinimal,
    /// A length or count is above its limit.
    #[error("length is above the limit")]
    TooLong,
    /// A field holds a value that this version does not know.
    #[error("unknown value")]
    Unknown,
    /// A field contradicts another or is outside its range.
    #[error("invalid value")]
    Invalid,
    /// Bytes are left after the value.
    #[error("bytes are left over")]
    Trailing,
}

/// A value with one canonical encoding.
pub trait Wire: Sized {
    /// Appends the encoding.
    fn write(&self, w: &mut Writer);
    /// Reads one value.
    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// The whole encoding.
    fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::new();
        self.write(&mut w);
        w.into_bytes()
    }

    /// Reads a value that is all of `bytes`.
    fn from_bytes(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        let value = Self::read(&mut r)?;
        r.finish()?;
        Ok(value)
    }
}

/// Appends values to a buffer.
#[derive(Debug, Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// An empty writer.
    pub fn new() -> Self {
        Self::default()
    }

    /// One byte.
    pub fn u8(&mut self, value: u8) -> &mut Self {
        self.0.push(value);
        self
    }

    /// A minimal unsigned LEB128 varint.
    pub fn varint(&mut self, mut value: u64) -> &mut Self {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.u8(value as u8)
    }

    /// Bytes as they are, for lengths the reader knows.
    pub fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Bytes behind their length.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.varint(bytes.len() as u64).raw(bytes)
    }

    /// A value.
    pub fn put<T: Wire>(&mut self, value: &T) -> &mut Self {
        value.write(self);
        self
    }

    /// Values behind their count.
    pub fn list<T: Wire>(&mut self, values: &[T]) -> &mut Self {
        self.varint(values.len() as u64);
        for value in values {
            value.write(self);
        }
        self
    }

    /// How much was written.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes written since the length was `len`.
    pub fn since(&self, len: usize) -> &[u8] {
        self.0.get(len..).unwrap_or_default()
    }

    /// Takes back the bytes written since the length was `len`.
    pub fn back_to(&mut self, len: usize) {
        self.0.truncate(len);
    }

    /// The bytes written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Takes values from the front of a slice.
#[derive(Debug, Clone)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// A reader at the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The version of a format: `known` is the only one there was so far, and higher ones may come.
    pub fn version(&mut self, known: u8) -> Result<(), DecodeError> {
        match self.u8()? {
            version if version == known => Ok(()),
            version if version > known => Err(DecodeError::Unknown),
            _ => Err(DecodeError::Invalid),
        }
    }

    /// How many bytes are left.
    pub fn remaining(&self) -> usize {
        self.0.len()
    }

    /// One byte.
    pub fn u8(&mut self) -> Result<u8, DecodeError> {
        let (first, rest) = self.0.split_first().ok_or(DecodeError::Truncated)?;
        self.0 = rest;
        Ok(*first)
    }

    /// A minimal unsigned LEB128 varint of at most 64 bits.
    pub fn varint(&mut self) -> Result<u64, DecodeError> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.u8()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(DecodeError::NotMinimal);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                if byte == 0 && shift > 0 {
                    return Err(DecodeError::NotMinimal);
                }
                return Ok(value);
            }
        }
        Err(DecodeError::NotMinimal)
    }

    /// The next `len` bytes as they are.
    pub fn raw(&mut self, len: usize) -> Result<&'a [u8], DecodeError> {
        let (head, rest) = self.0.split_at_checked(len).ok_or(DecodeError::Truncated)?;
        self.0 = rest;
        Ok(head)
    }

    /// A fixed number of bytes.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        self.raw(N)?.try_into().map_err(|_| DecodeError::Truncated)
    }

    /// A count or length of at most `max`.
    pub fn count(&mut self, max: usize) -> Result<usize, DecodeError> {
        let value = self.varint()?;
        match usize::try_from(value) {
            Ok(count) if count <= max => Ok(count),
            _ => Err(DecodeError::TooLong),
        }
    }

    /// Bytes behind their length, which is at most `max`.
    pub fn bytes(&mut self, max: usize) -> Result<&'a [u8], DecodeError> {
        let len = self.count(max)?;
        self.raw(len)
    }

    /// UTF-8 text behind its length in bytes, which is at most `max`.
    pub fn text(&mut self, max: usize) -> Result<&'a str, DecodeError> {
        core::str::from_utf8(self.bytes(max)?).map_err(|_| DecodeError::Invalid)
    }

    /// A value.
    pub fn take<T: Wire>(&mut self) -> Result<T, DecodeError> {
        T::read(self)
    }

    /// At most `max` values behind their count. Memory grows only with what is really there.
    pub fn list<T: Wire>(&mut self, max: usize) -> Result<Vec<T>, DecodeError> {
        let count = self.count(max)?;
        let mut values = Vec::with_capacity(count.min(self.remaining()).min(1024));
        for _ in 0..count {
            values.push(T::read(self)?);
        }
        Ok(values)
    }

    /// All that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        core::mem::take(&mut self.0)
    }

    /// Ends the reading: nothing may be left.
    pub fn finish(self) -> Result<(), DecodeError> {
        if self.0.is_empty() { Ok(()) } else { Err(DecodeError::Trailing) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_varint_comes_back(value: u64) {
            let mut w = Writer::new();
            w.varint(value);
            let bytes = w.into_bytes();
            let mut r = Reader::new(&bytes);
            prop_assert_eq!(r.varint(), Ok(value));
            prop_assert_eq!(r.finish(), Ok(()));
        }

        #[test]
        fn a_varint_that_reads_is_the_one_that_writes(bytes in prop::collection::vec(any::<u8>(), 0..12)) {
            let mut r = Reader::new(&bytes);
            if let Ok(value) = r.varint() {
                let mut w = Writer::new();
                w.varint(value);
                let used = bytes.len() - r.remaining();
                prop_assert_eq!(w.into_bytes(), &bytes[..used]);
            }
        }
    }

    #[test]
    fn longer_forms_of_a_number_are_refused() {
        for bytes in [&[0x80, 0x00][..], &[0xff, 0x80, 0x00], &[0xff; 10]] {
            assert_eq!(Reader::new(bytes).varint(), Err(DecodeError::NotMinimal), "{bytes:?}");
        }
    }

    #[test]
    fn a_huge_count_reserves_nothing() {
        let mut w = Writer::new();
        w.varint(u64::MAX);
        assert_eq!(Reader::new(&w.into_bytes()).count(1 << 20), Err(DecodeError::TooLong));
    }
}
