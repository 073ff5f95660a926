//! The little of protobuf that the two message formats of WebRTC need.

/// A field of a message: its number and what it holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Field<'a> {
    /// A number or an enum.
    Number(u64, u64),
    /// Bytes or a string.
    Bytes(u64, &'a [u8]),
    /// Of a type that none of our messages has.
    Other,
}

/// Takes a varint of at most 64 bits from the front; `None` while it is incomplete, an error
/// when it can't become one. Unlike ours, protobuf's varints need not be minimal.
pub(super) fn varint(input: &[u8]) -> Result<Option<(u64, usize)>, Malformed> {
    let mut value = 0u64;
    for (at, byte) in input.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f).checked_shl(7 * at as u32).unwrap_or(0);
        if byte & 0x80 == 0 {
            return Ok(Some((value, at + 1)));
        }
    }
    if input.len() < 10 { Ok(None) } else { Err(Malformed) }
}

/// The bytes are not a protobuf message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// The fields of a message, ending after the first error.
pub(super) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn new(message: &'a [u8]) -> Self {
        Self(message)
    }

    fn varint(&mut self) -> Result<u64, Malformed> {
        let (value, used) = varint(self.0)?.ok_or(Malformed)?;
        self.0 = &self.0[used..];
        Ok(value)
    }

    fn take(&mut self, len: u64) -> Result<&'a [u8], Malformed> {
        let len = usize::try_from(len).map_err(|_| Malformed)?;
        let (head, rest) = self.0.split_at_checked(len).ok_or(Malformed)?;
        self.0 = rest;
        Ok(head)
    }

    fn field(&mut self) -> Result<Field<'a>, Malformed> {
        let tag = self.varint()?;
        let number = tag >> 3;
        match tag & 7 {
            0 => Ok(Field::Number(number, self.varint()?)),
            1 => self.take(8).map(|_| Field::Other),
            2 => {
                let len = self.varint()?;
                Ok(Field::Bytes(number, self.take(len)?))
            }
            5 => self.take(4).map(|_| Field::Other),
            _ => Err(Malformed),
        }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Field<'a>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

/// Appends a varint.
pub(super) fn put_varint(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// How many bytes a varint takes.
pub(super) const fn varint_len(value: usize) -> usize {
    let bits = usize::BITS - value.leading_zeros();
    if bits == 0 { 1 } else { bits.div_ceil(7) as usize }
}
