//! The content of a block: text, JSON values, bytes, embeds, formats and types, read strictly.

use super::cost::Tally;
use super::json;
use super::refusal::Refusal;
use super::rules::Shape;
use covey_wire::frame::Reader;
use covey_wire::limits;

pub(super) const KIND_FILLER: u8 = 0;
pub(super) const KIND_DELETED: u8 = 1;
pub(super) const KIND_BINARY: u8 = 3;
pub(super) const KIND_TEXT: u8 = 4;
pub(super) const KIND_EMBED: u8 = 5;
pub(super) const KIND_FORMAT: u8 = 6;
pub(super) const KIND_TYPE: u8 = 7;
pub(super) const KIND_VALUES: u8 = 8;

/// The content of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content<'a> {
    /// Clocks that stand nowhere (GC).
    Filler,
    /// Clocks that stand somewhere and are deleted.
    Deleted,
    /// Characters.
    Text(&'a str),
    /// JSON values, encoded one behind another.
    Values(&'a [u8]),
    /// One unit that can't be split, encoded.
    Unit(Unit, &'a [u8]),
}

/// Content that can't be split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Bytes.
    Binary,
    /// A JSON value in a text.
    Embed,
    /// The begin or end of a format in a text.
    Format,
    /// A container inside another.
    Type(Shape),
}

impl<'a> Content<'a> {
    /// Reads content of a kind other than filler; returns its length in clocks. `tally` counts what
    /// it holds.
    pub(super) fn read(
        kind: u8,
        r: &mut Reader<'a>,
        tally: &mut Tally,
    ) -> Result<(u32, Self), Refusal> {
        let start = r.clone();
        let unit = match kind {
            KIND_DELETED => return Ok((super::parse::length(r)?, Self::Deleted)),
            KIND_TEXT => {
                let text = text(r)?;
                tally.text(text.len());
                // At most as many units as bytes, of which there are under 2^32.
                return Ok((text.encode_utf16().count() as u32, Self::Text(text)));
            }
            KIND_VALUES => {
                let len = super::parse::length(r)?;
                let start = r.clone();
                (0..len).try_for_each(|_| value(r, tally))?;
                return Ok((len, Self::Values(between(start, r)?)));
            }
            KIND_BINARY => {
                tally.text(r.bytes(r.remaining())?.len());
                Unit::Binary
            }
            KIND_EMBED => {
                json::check(text(r)?, tally)?;
                Unit::Embed
            }
            KIND_FORMAT => {
                tally.text(text(r)?.len());
                json::check(text(r)?, tally)?;
                Unit::Format
            }
            KIND_TYPE => {
                tally.container();
                Unit::Type(shape(r, tally)?)
            }
            _ => return Err(Refusal::Kind),
        };
        Ok((1, Self::Unit(unit, between(start, r)?)))
    }
}

/// The bytes between two places of one input.
fn between<'a>(mut start: Reader<'a>, end: &Reader<'a>) -> Result<&'a [u8], Refusal> {
    Ok(start.raw(start.remaining() - end.remaining())?)
}

/// The shape of a type. yrs and Yjs encode an XML hook (5) each in a form of its own, so that one
/// would misread the other.
fn shape(r: &mut Reader<'_>, tally: &mut Tally) -> Result<Shape, Refusal> {
    Ok(match r.u8()? {
        0 => Shape::Array,
        1 => Shape::Map,
        2 | 6 => Shape::Text,
        3 => {
            tally.text(text(r)?.len());
            Shape::Element
        }
        4 => Shape::Fragment,
        _ => return Err(Refusal::Kind),
    })
}

fn text<'a>(r: &mut Reader<'a>) -> Result<&'a str, Refusal> {
    core::str::from_utf8(r.bytes(r.remaining())?).map_err(|_| Refusal::Text)
}

/// Passes over one JSON value in the encoding of lib0, in the form in which lib0 and yrs write it.
pub(super) fn value(r: &mut Reader<'_>, tally: &mut Tally) -> Result<(), Refusal> {
    value_inside(r, tally, limits::VALUE_DEPTH)
}

fn value_inside(r: &mut Reader<'_>, tally: &mut Tally, depth: usize) -> Result<(), Refusal> {
    tally.value()?;
    match r.u8()? {
        // undefined, null, true, false
        127 | 126 | 121 | 120 => (),
        125 => integer(r)?,
        124 => drop(r.raw(4)?),
        123 => {
            let number = f64::from_be_bytes(r.array()?);
            if f64::from(number as f32) == number {
                return Err(Refusal::Number);
            }
        }
        // 64-bit integer
        122 => drop(r.raw(8)?),
        119 => tally.string(text(r)?.len()),
        kind @ (118 | 117) => {
            let depth = depth.checked_sub(1).ok_or(Refusal::Depth)?;
            tally.open(kind == 118);
            for _ in 0..r.varint()? {
                if kind == 118 {
                    tally.entry(text(r)?.len());
                }
                value_inside(r, tally, depth)?;
            }
        }
        116 => tally.string(r.bytes(r.remaining())?.len()),
        _ => return Err(Refusal::Kind),
    }
    Ok(())
}

/// A signed number of at most 31 bits in its shortest form: six bits and the sign, then seven
/// bits a byte.
fn integer(r: &mut Reader<'_>) -> Result<(), Refusal> {
    let first = r.u8()?;
    if first & 0x80 == 0 {
        return Ok(());
    }
    // At most 2^31 - 1, of which six bits stand in the first byte.
    match r.varint()? {
        1..=0x01ff_ffff => Ok(()),
        _ => Err(Refusal::Number),
    }
}
