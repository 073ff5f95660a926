//! Where a stream stands: what may be read and written, what to answer, when its channel may close.
//!
//! ```text
//!   write half: Open ─FIN sent─► Ended ─FIN_ACK came─► Confirmed      read half: Open ─FIN came─► Ended
//!   either half ─RESET, sent or come─► Reset      STOP_SENDING ends the other side's write half
//! ```
//! A `FIN` is answered at once, also when nobody has read up to it: js-libp2p waits for that.

use covey_wire::webrtc::framing::Flag;

/// The result of reading once all bytes received are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// More may come.
    Open,
    /// The peer said it has sent everything.
    Ended,
    /// The stream was given up, or its channel went away without an end.
    Reset,
}

/// Whether bytes may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// They may.
    Open,
    /// We ended the stream ourselves.
    Ended,
    /// The peer has confirmed our end.
    Confirmed,
    /// The peer said it reads no more.
    Stopped,
    /// The stream was given up, or its channel went away.
    Reset,
}

/// The reaction to a frame.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reaction {
    /// Its bytes are part of the stream.
    pub deliver: bool,
    /// To be sent at once.
    pub answer: Option<Flag>,
}

/// The state of one stream.
#[derive(Debug, Clone, Copy)]
pub struct StreamState {
    reading: Reading,
    writing: Writing,
    /// Nobody reads any more here: what comes is dropped.
    deaf: bool,
}

impl Default for StreamState {
    fn default() -> Self {
        Self { reading: Reading::Open, writing: Writing::Open, deaf: false }
    }
}

impl StreamState {
    /// The result of reading once all bytes received are read.
    pub fn reading(&self) -> Reading {
        self.reading
    }

    /// Whether bytes may be written.
    pub fn writing(&self) -> Writing {
        self.writing
    }

    /// Nothing more has to be sent or awaited: the channel may be closed.
    pub fn finished(&self) -> bool {
        match (self.reading, self.writing) {
            (Reading::Reset, _) | (_, Writing::Reset) => true,
            (reading, writing) => reading == Reading::Ended && writing == Writing::Confirmed,
        }
    }

    /// A frame came.
    pub fn on_frame(&mut self, flag: Option<Flag>) -> Reaction {
        let deliver = self.reading == Reading::Open && !self.deaf && flag != Some(Flag::Reset);
        let answer = flag.and_then(|flag| self.on_flag(flag));
        Reaction { deliver, answer }
    }

    fn on_flag(&mut self, flag: Flag) -> Option<Flag> {
        match flag {
            Flag::Fin => {
                if self.reading == Reading::Open {
                    self.reading = Reading::Ended;
                }
                return Some(Flag::FinAck);
            }
            Flag::FinAck if self.writing == Writing::Ended => self.writing = Writing::Confirmed,
            Flag::StopSending if self.writing == Writing::Open => self.writing = Writing::Stopped,
            Flag::Reset => self.give_up(),
            Flag::FinAck | Flag::StopSending => {}
        }
        None
    }

    /// We have written everything: the flag to send, unless that is settled already.
    pub fn end_writing(&mut self) -> Option<Flag> {
        matches!(self.writing, Writing::Open | Writing::Stopped).then(|| {
            self.writing = Writing::Ended;
            Flag::Fin
        })
    }

    /// Nobody holds the stream any more: the flag to send. A peer that has ended its half gets
    /// a clean end, any other learns that nobody listens.
    pub fn let_go(&mut self) -> Option<Flag> {
        self.deaf = true;
        match (self.reading, self.writing) {
            (Reading::Ended, _) => self.end_writing(),
            (Reading::Open, Writing::Ended | Writing::Confirmed) => Some(Flag::StopSending),
            _ => self.reset(),
        }
    }

    /// The stream is given up: the flag to send, unless it is over already.
    pub fn reset(&mut self) -> Option<Flag> {
        let over = self.finished();
        self.give_up();
        (!over).then_some(Flag::Reset)
    }

    /// The channel is gone. True when it went before the stream was over.
    pub fn on_channel_closed(&mut self) -> bool {
        let ended = self.reading == Reading::Ended
            && matches!(self.writing, Writing::Ended | Writing::Confirmed);
        let early = !ended && !self.finished();
        if self.writing == Writing::Ended {
            self.writing = Writing::Confirmed;
        }
        if !self.finished() {
            self.give_up();
        }
        early
    }

    fn give_up(&mut self) {
        if self.reading == Reading::Open {
            self.reading = Reading::Reset;
        }
        self.writing = Writing::Reset;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DATA: Option<Flag> = None;

    #[test]
    fn both_ends_finish_and_the_channel_may_close() {
        let mut state = StreamState::default();
        assert_eq!(state.end_writing(), Some(Flag::Fin));
        assert_eq!(state.end_writing(), None);
        assert!(state.on_frame(DATA).deliver, "a half-closed stream is still read");
        assert_eq!(state.on_frame(Some(Flag::Fin)).answer, Some(Flag::FinAck));
        assert!(!state.finished(), "our end is not confirmed");
        state.on_frame(Some(Flag::FinAck));
        assert!(state.finished());
        assert_eq!((state.reading(), state.writing()), (Reading::Ended, Writing::Confirmed));
    }

    #[test]
    fn an_end_is_confirmed_at_once_and_every_time() {
        let mut state = StreamState::default();
        for _ in 0..2 {
            assert_eq!(state.on_frame(Some(Flag::Fin)).answer, Some(Flag::FinAck));
        }
        assert!(!state.on_frame(DATA).deliver, "nothing counts after the end");
        assert_eq!(state.writing(), Writing::Open, "the other half goes on");
    }

    #[test]
    fn the_last_bytes_may_come_with_the_end() {
        let mut state = StreamState::default();
        let reaction = state.on_frame(Some(Flag::Fin));
        assert_eq!(reaction, Reaction { deliver: true, answer: Some(Flag::FinAck) });
    }

    #[test]
    fn a_peer_that_stops_reading_ends_our_writing_only() {
        let mut state = StreamState::default();
        state.on_frame(Some(Flag::StopSending));
        assert_eq!(state.writing(), Writing::Stopped);
        assert!(state.on_frame(DATA).deliver);
        assert_eq!(state.end_writing(), Some(Flag::Fin), "it may wait for our end");
    }

    #[test]
    fn a_reset_ends_both_halves_without_an_answer() {
        let mut state = StreamState::default();
        assert_eq!(state.on_frame(Some(Flag::Reset)), Reaction::default());
        assert_eq!((state.reading(), state.writing()), (Reading::Reset, Writing::Reset));
        assert!(state.finished());
        assert_eq!(state.let_go(), None);
    }

    #[test]
    fn letting_go_says_what_the_peer_needs_to_know() {
        let mut open = StreamState::default();
        assert_eq!(open.let_go(), Some(Flag::Reset));
        assert!(open.finished());

        let mut ended_by_peer = StreamState::default();
        ended_by_peer.on_frame(Some(Flag::Fin));
        assert_eq!(ended_by_peer.let_go(), Some(Flag::Fin));
        assert!(!ended_by_peer.finished(), "it waits for the confirmation");

        let mut ended_by_us = StreamState::default();
        ended_by_us.end_writing();
        assert_eq!(ended_by_us.let_go(), Some(Flag::StopSending));
        assert!(!ended_by_us.on_frame(DATA).deliver);
        assert!(!ended_by_us.finished());
    }

    #[test]
    fn a_channel_that_goes_early_is_a_reset_and_one_that_goes_late_is_not() {
        let mut early = StreamState::default();
        assert!(early.on_channel_closed());
        assert_eq!(early.reading(), Reading::Reset);

        let mut without_ack = StreamState::default();
        without_ack.end_writing();
        without_ack.on_frame(Some(Flag::Fin));
        assert!(!without_ack.on_channel_closed(), "a peer without FIN_ACK closes after its end");
        assert_eq!(without_ack.reading(), Reading::Ended);
        assert!(without_ack.finished());

        let mut read_to_the_end = StreamState::default();
        read_to_the_end.on_frame(Some(Flag::Fin));
        assert!(read_to_the_end.on_channel_closed());
        assert_eq!(read_to_the_end.reading(), Reading::Ended, "what came before counts");
    }

    proptest! {
        #[test]
        fn a_finished_stream_stays_finished_whatever_comes(
            steps in prop::collection::vec(0u8..9, 0..40),
        ) {
            let mut state = StreamState::default();
            let mut finished = false;
            let (mut fins, mut resets) = (0, 0);
            for step in steps {
                let sent = match step {
                    0 => state.on_frame(None).answer,
                    1 => state.on_frame(Some(Flag::Fin)).answer,
                    2 => state.on_frame(Some(Flag::FinAck)).answer,
                    3 => state.on_frame(Some(Flag::StopSending)).answer,
                    4 => state.on_frame(Some(Flag::Reset)).answer,
                    5 => state.end_writing(),
                    6 => state.let_go(),
                    7 => state.reset(),
                    _ => { state.on_channel_closed(); None }
                };
                fins += usize::from(sent == Some(Flag::Fin));
                resets += usize::from(sent == Some(Flag::Reset));
                prop_assert!(!finished || state.finished());
                finished = state.finished();
            }
            prop_assert!(fins <= 1 && resets <= 1);
        }
    }
}
