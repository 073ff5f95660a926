//! The messages of the live channel: presence, and live values of documents.
//!
//! ```text
//!   live message = version 1 │ 0 presence: name │ colour │ caret or none
//!                            │ 1 said:     document │ topic │ value, empty when taken back
//! ```

use super::color::COLORS;
use super::name::clean_name;
use super::say::{Say, Topic};
use covey_wire::frame::{DecodeError, Reader, Wire, Writer};
use covey_wire::id::DocName;
use covey_wire::limits;

const VERSION: u8 = 1;

/// A selection in a document, as Yjs relative positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caret {
    /// In which document.
    pub document: DocName,
    /// Where the selection began (an encoded Yjs relative position).
    pub anchor: Vec<u8>,
    /// Where it ends: the caret.
    pub head: Vec<u8>,
}

impl Wire for Caret {
    fn write(&self, w: &mut Writer) {
        w.put(&self.document).bytes(&self.anchor).bytes(&self.head);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            document: r.take()?,
            anchor: r.bytes(limits::POSITION)?.to_vec(),
            head: r.bytes(limits::POSITION)?.to_vec(),
        })
    }
}

/// A seat's words about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Here {
    /// The person's name.
    pub name: String,
    /// Index into [`COLORS`].
    pub color: u8,
    /// Where it edits.
    pub caret: Option<Caret>,
}

/// A live message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// The newest state.
    Here(Here),
    /// Something about a document that passes.
    Say(Say),
}

impl Wire for Message {
    fn write(&self, w: &mut Writer) {
        w.u8(VERSION);
        match self {
            Message::Here(here) => {
                w.u8(0).bytes(here.name.as_bytes()).u8(here.color);
                match &here.caret {
                    None => w.u8(0),
                    Some(caret) => w.u8(1).put(caret),
                };
            }
            Message::Say(say) => {
                w.u8(1).put(say);
            }
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.version(VERSION)?;
        match r.u8()? {
            0 => {
                // A peer is not refused for a name that has what it should not have.
                let name = clean_name(r.text(limits::NAME)?);
                // A newer version may have more colours.
                let color = r.u8()? % COLORS.len() as u8;
                let caret = match r.u8()? {
                    0 => None,
                    1 => Some(r.take()?),
                    _ => return Err(DecodeError::Unknown),
                };
                Ok(Message::Here(Here { name, color, caret }))
            }
            1 => Ok(Message::Say(r.take()?)),
            _ => Err(DecodeError::Unknown),
        }
    }
}

impl Message {
    /// The cost of reading it, in units of attention.
    pub fn cost(&self) -> u32 {
        let more = match self {
            Message::Here(_) => 0,
            Message::Say(say) => say.value().len() / limits::LIVE_UNIT,
        };
        u32::try_from(more).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// Bytes that it takes in memory at most.
    pub(super) fn size(&self) -> usize {
        match self {
            Message::Here(_) => limits::NAME + 2 * limits::POSITION,
            Message::Say(say) => limits::TOPIC + say.value().len(),
        }
    }

    /// The topic whose older value it replaces; nothing for presence.
    pub(super) fn topic(&self) -> Option<&Topic> {
        match self {
            Message::Here(_) => None,
            Message::Say(say) => Some(say.topic()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn here(name: &str) -> Here {
        let caret = Caret { document: DocName::Code, anchor: vec![1], head: vec![2] };
        Here { name: name.to_owned(), color: 3, caret: Some(caret) }
    }

    #[test]
    fn a_live_message_has_the_golden_form() {
        let live = Message::Here(here("Ada"));
        crate::golden::check("live.hex", &live.to_bytes());
        assert_eq!(Message::from_bytes(&live.to_bytes()), Ok(live));
    }

    #[test]
    fn a_name_that_hides_or_turns_something_is_heard_without_it() {
        for (name, clean) in
            [("\u{202e}adA\u{0}", "adA"), ("\u{200b}\u{3164}", ""), ("A\nda", "A da")]
        {
            let mut said = here("Ada");
            said.name = name.to_owned();
            let heard = Message::from_bytes(&Message::Here(said).to_bytes());
            assert_eq!(heard, Ok(Message::Here(here(clean))), "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn hostile_bytes_are_only_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(live) = Message::from_bytes(&bytes) {
                prop_assert!(live.to_bytes().len() <= bytes.len());
                prop_assert_eq!(Message::from_bytes(&live.to_bytes()), Ok(live));
            }
        }
    }
}
