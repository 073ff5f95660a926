//! Checks JSON text as `JSON.stringify` writes it, so that whatever passes is read alike by yrs
//! and by JavaScript.

use super::cost::Tally;
use super::refusal::Refusal;
use covey_wire::limits;

/// The largest number: exponent, whole part, fraction.
const LARGEST: [&[u8]; 3] = [b"308", b"1", b"7976931348623157"];

/// Whether a text is one JSON value. `tally` counts what it holds.
pub(super) fn check(text: &str, tally: &mut Tally) -> Result<(), Refusal> {
    let mut json = Json { rest: text.as_bytes(), tally };
    json.value(limits::VALUE_DEPTH)?;
    if json.rest.is_empty() { Ok(()) } else { Err(Refusal::Json) }
}

struct Json<'a> {
    rest: &'a [u8],
    tally: &'a mut Tally,
}

impl Json<'_> {
    fn value(&mut self, depth: usize) -> Result<(), Refusal> {
        self.tally.value()?;
        match self.rest.first() {
            Some(b'"') => {
                let len = self.string()?;
                self.tally.string(len);
                Ok(())
            }
            Some(b'[') => self.list(depth, b']', |json, depth| json.value(depth)),
            Some(b'{') => self.list(depth, b'}', |json, depth| {
                let len = json.string()?;
                json.tally.entry(len);
                json.literal(b":")?;
                json.value(depth)
            }),
            Some(b'n') => self.literal(b"null"),
            Some(b't') => self.literal(b"true"),
            Some(b'f') => self.literal(b"false"),
            _ => self.number(),
        }
    }

    /// Items between brackets, with commas between.
    fn list(
        &mut self,
        depth: usize,
        end: u8,
        item: impl Fn(&mut Self, usize) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let depth = depth.checked_sub(1).ok_or(Refusal::Depth)?;
        self.next()?;
        self.tally.open(end == b'}');
        if self.take(end) {
            return Ok(());
        }
        loop {
            item(self, depth)?;
            if self.take(end) {
                return Ok(());
            }
            self.literal(b",")?;
        }
    }

    /// Passes over a string; returns how long it is at most.
    fn string(&mut self) -> Result<usize, Refusal> {
        let before = self.rest.len();
        self.literal(b"\"")?;
        loop {
            match self.next()? {
                b'"' => return Ok(before - self.rest.len()),
                b'\\' => self.escape()?,
                0..0x20 => return Err(Refusal::Json),
                _ => (),
            }
        }
    }

    /// Half a surrogate pair is the one thing that `JSON.stringify` writes and yrs can't read.
    fn escape(&mut self) -> Result<(), Refusal> {
        match self.next()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Ok(()),
            b'u' => {
                let digits = self.rest.get(..4).ok_or(Refusal::Json)?;
                let digits = core::str::from_utf8(digits).map_err(|_| Refusal::Json)?;
                let digits = Some(digits).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
                let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                self.rest = self.rest.get(4..).unwrap_or_default();
                unit.and_then(char::from_u32).map(drop).ok_or(Refusal::Json)
            }
            _ => Err(Refusal::Json),
        }
    }

    fn number(&mut self) -> Result<(), Refusal> {
        let negative = self.take(b'-');
        let whole = self.digits();
        if whole.is_empty() || (whole.len() > 1 && whole.starts_with(b"0")) {
            return Err(Refusal::Json);
        }
        let fraction = if self.take(b'.') { Some(self.digits()) } else { None };
        if fraction.is_some_and(<[u8]>::is_empty) {
            return Err(Refusal::Json);
        }
        if self.take(b'e') {
            return self.exponent(whole, fraction.unwrap_or_default());
        }
        // A number without an exponent is below 10^21; yrs has no integers between 2^63 and 2^64.
        let large = !negative && fraction.is_none() && is_unsigned(whole);
        if whole.len() > 21 || large { Err(Refusal::Json) } else { Ok(()) }
    }

    /// The digits behind an `e`: nothing above the largest number there is.
    fn exponent(&mut self, whole: &[u8], fraction: &[u8]) -> Result<(), Refusal> {
        let small = self.take(b'-');
        if !small {
            self.take(b'+');
        }
        let exponent = self.digits();
        let short = whole.len() == 1 && (1..=3).contains(&exponent.len());
        let finite = small
            || exponent.len() < 3
            || exponent < LARGEST[0]
            || exponent == LARGEST[0] && (whole, fraction) <= (LARGEST[1], LARGEST[2]);
        if short && finite { Ok(()) } else { Err(Refusal::Json) }
    }

    fn digits<'b>(&mut self) -> &'b [u8]
    where
        Self: 'b,
    {
        let end = self.rest.iter().position(|byte| !byte.is_ascii_digit());
        let (digits, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        digits
    }

    fn next(&mut self) -> Result<u8, Refusal> {
        let (&first, rest) = self.rest.split_first().ok_or(Refusal::Json)?;
        self.rest = rest;
        Ok(first)
    }

    fn take(&mut self, byte: u8) -> bool {
        let rest = self.rest.strip_prefix(&[byte]);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn literal(&mut self, word: &[u8]) -> Result<(), Refusal> {
        self.rest = self.rest.strip_prefix(word).ok_or(Refusal::Json)?;
        Ok(())
    }
}

/// Whether digits without leading zeros are above 2^63 - 1 and below 2^64.
fn is_unsigned(digits: &[u8]) -> bool {
    let above = |limit: &[u8]| (digits.len(), digits) > (limit.len(), limit);
    above(b"9223372036854775807") && !above(b"18446744073709551615")
}
