//! The negotiation of one peer connection: offers and answers, also when both sides offer at once.
//!
//! It is the pattern of W3C WebRTC 1.0, section 10.7 ("perfect negotiation"), with a number for each offer: an answer
//! counts for the offer that it names, so that late and doubled ones do nothing. Of two offers that cross the polite
//! side takes back its own. The browser does one thing after the other, so that what it reports may be about an offer
//! that was taken back meanwhile; the number of the command tells.

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nobody offers.
    Stable,
    /// The browser makes an offer, of this number.
    Making(u32),
    /// The offer is on its way, and the answer is awaited.
    Offered(u32),
    /// The browser answers the other's offer: the number of the command, and that of the offer.
    Accepting(u32, u32),
}

/// The next thing to do with a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The browser makes an offer.
    Offer {
        /// The number of the command.
        turn: u32,
        /// With new ICE credentials.
        restart: bool,
    },
    /// The browser takes the other's offer and answers it.
    Accept {
        /// The number of the command.
        turn: u32,
        /// The offer.
        sdp: String,
    },
    /// The browser takes the other's answer.
    Answer(String),
    /// A description goes to the other side.
    Send {
        /// The number of the offer.
        turn: u32,
        /// An offer, or an answer.
        offer: bool,
        /// The browser's text.
        sdp: String,
    },
}

/// The negotiation of one peer connection.
#[derive(Debug)]
pub struct Negotiation {
    /// Takes back its own offer where two cross.
    polite: bool,
    state: State,
    /// The number of the last command.
    turn: u32,
    /// The number of the last offer of the other side that was taken.
    taken: u32,
    /// An offer is to be made, with a restart or without, once nobody offers.
    wanted: Option<bool>,
    /// The other's offer that came while an earlier one is being answered.
    pending: Option<(u32, String)>,
    /// Whether the other side described itself: candidates may be given to the browser.
    described: bool,
}

impl Negotiation {
    /// Nothing was offered yet.
    pub fn new(polite: bool) -> Self {
        let state = State::Stable;
        Self { polite, state, turn: 0, taken: 0, wanted: None, pending: None, described: false }
    }

    /// Whether the other side described itself.
    pub fn is_described(&self) -> bool {
        self.described
    }

    /// Whether an offer of this side is on its way, or being made.
    pub fn is_offering(&self) -> bool {
        matches!(self.state, State::Making(_) | State::Offered(_))
    }

    /// Whether nobody offers.
    pub fn is_stable(&self) -> bool {
        self.state == State::Stable
    }

    /// Offers, now or once nobody else does.
    pub fn offer(&mut self, restart: bool) -> Option<Step> {
        self.wanted = Some(self.wanted == Some(true) || restart);
        self.go_on()
    }

    /// The browser described its side, as the command of that number asked. Gives what to send, and what comes next.
    pub fn described(&mut self, turn: u32, sdp: String) -> [Option<Step>; 2] {
        match self.state {
            State::Making(made) if made == turn => {
                self.state = State::Offered(turn);
                [Some(Step::Send { turn, offer: true, sdp }), None]
            }
            State::Accepting(command, theirs) if command == turn => {
                self.state = State::Stable;
                let answer = Step::Send { turn: theirs, offer: false, sdp };
                let pending = self.pending.take();
                let next = pending.and_then(|(turn, sdp)| self.offered(turn, sdp));
                [Some(answer), next.or_else(|| self.go_on())]
            }
            // It was taken back meanwhile.
            _ => [None, None],
        }
    }

    /// The other side offers.
    pub fn offered(&mut self, turn: u32, sdp: String) -> Option<Step> {
        if turn <= self.taken {
            return None;
        }
        match self.state {
            State::Making(_) | State::Offered(_) if !self.polite => return None,
            State::Accepting(..) => {
                self.pending = Some((turn, sdp));
                return None;
            }
            State::Stable | State::Making(_) | State::Offered(_) => {}
        }
        // The other's offer does as well what one's own was for.
        self.wanted = None;
        self.taken = turn;
        self.turn += 1;
        self.described = true;
        self.state = State::Accepting(self.turn, turn);
        Some(Step::Accept { turn: self.turn, sdp })
    }

    /// The other side answers the offer of that number. Gives what to do, and what comes next.
    pub fn answered(&mut self, turn: u32, sdp: String) -> [Option<Step>; 2] {
        if self.state != State::Offered(turn) {
            return [None, None];
        }
        self.state = State::Stable;
        self.described = true;
        [Some(Step::Answer(sdp)), self.go_on()]
    }

    fn go_on(&mut self) -> Option<Step> {
        if self.state != State::Stable {
            return None;
        }
        let restart = self.wanted.take()?;
        self.turn += 1;
        self.state = State::Making(self.turn);
        Some(Step::Offer { turn: self.turn, restart })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone)]
    enum Mail {
        Description(u32, bool, String),
    }

    /// One side with a browser that does one command after the other.
    struct Side {
        negotiation: Negotiation,
        commands: VecDeque<Step>,
        inbox: VecDeque<Mail>,
        /// The signalling state of a browser, and the descriptions that it has.
        local_offer: Option<String>,
        agreed: Option<(String, String)>,
        name: &'static str,
        made: u32,
    }

    impl Side {
        fn new(name: &'static str, polite: bool) -> Self {
            Self {
                negotiation: Negotiation::new(polite),
                commands: VecDeque::new(),
                inbox: VecDeque::new(),
                local_offer: None,
                agreed: None,
                name,
                made: 0,
            }
        }

        fn put(&mut self, steps: impl IntoIterator<Item = Option<Step>>) -> Vec<Mail> {
            let mut mail = Vec::new();
            for step in steps.into_iter().flatten() {
                match step {
                    Step::Send { turn, offer, sdp } => {
                        mail.push(Mail::Description(turn, offer, sdp))
                    }
                    step => self.commands.push_back(step),
                }
            }
            mail
        }

        fn read(&mut self) -> Vec<Mail> {
            let Some(Mail::Description(turn, offer, sdp)) = self.inbox.pop_front() else {
                return Vec::new();
            };
            if offer {
                let step = self.negotiation.offered(turn, sdp);
                self.put([step])
            } else {
                let steps = self.negotiation.answered(turn, sdp);
                self.put(steps)
            }
        }

        /// The browser does one command; what RFC 8829 forbids is a panic.
        fn work(&mut self) -> Vec<Mail> {
            let Some(command) = self.commands.pop_front() else { return Vec::new() };
            match command {
                Step::Offer { turn, .. } => {
                    assert!(self.local_offer.is_none(), "an offer while one is out");
                    self.made += 1;
                    let sdp = format!("{} offers {}", self.name, self.made);
                    self.local_offer = Some(sdp.clone());
                    let steps = self.negotiation.described(turn, sdp);
                    self.put(steps)
                }
                Step::Accept { turn, sdp } => {
                    self.local_offer = None; // Rolled back.
                    let answer = format!("{} answers {sdp}", self.name);
                    self.agreed = Some((sdp, answer.clone()));
                    let steps = self.negotiation.described(turn, answer);
                    self.put(steps)
                }
                Step::Answer(sdp) => {
                    let offer = self.local_offer.take().expect("an answer to an offer");
                    self.agreed = Some((offer, sdp));
                    Vec::new()
                }
                Step::Send { .. } => unreachable!("sent"),
            }
        }
    }

    proptest! {
        /// Both sides offer whenever they like, messages come at any time, doubled now and then: both end stable, with
        /// the same offer and answer, and no browser is ever asked for what it refuses.
        #[test]
        fn two_sides_that_offer_at_any_time_agree(
            moves in prop::collection::vec((any::<bool>(), 0..6u8, any::<bool>()), 0..60)
        ) {
            let mut sides = [Side::new("a", true), Side::new("b", false)];
            sides[0].put([]);
            let first = sides[0].negotiation.offer(false);
            sides[0].put([first]);
            let everything = (0..200).map(|step| (step % 2 == 0, 1 + (step / 2 % 2) as u8, false));
            for (which, what, double) in moves.into_iter().chain(everything) {
                let which = usize::from(which);
                let mail = match what {
                    0 => {
                        let step = sides[which].negotiation.offer(double);
                        sides[which].put([step])
                    }
                    1 | 3 => sides[which].work(),
                    _ => sides[which].read(),
                };
                let other = &mut sides[1 - which].inbox;
                for each in mail {
                    if double {
                        other.push_back(each.clone());
                    }
                    other.push_back(each);
                }
            }
            let [a, b] = sides;
            prop_assert_eq!(a.negotiation.state, State::Stable);
            prop_assert_eq!(b.negotiation.state, State::Stable);
            prop_assert!(a.agreed.is_some());
            prop_assert_eq!(a.agreed, b.agreed);
        }
    }

    #[test]
    fn an_answer_to_an_earlier_offer_does_nothing() {
        let mut side = Negotiation::new(true);
        let Some(Step::Offer { turn, restart: false }) = side.offer(false) else {
            panic!("an offer")
        };
        side.described(turn, "one".to_owned());
        assert!(side.offered(1, "theirs".to_owned()).is_some(), "the polite side gives way");
        assert_eq!(side.answered(turn, "late".to_owned()), [None, None]);
    }

    #[test]
    fn a_restart_that_was_wanted_meanwhile_is_offered_afterwards() {
        let mut side = Negotiation::new(false);
        let Some(Step::Offer { turn, .. }) = side.offer(false) else { panic!("an offer") };
        side.described(turn, "one".to_owned());
        assert_eq!(side.offer(true), None);
        let [answer, next] = side.answered(turn, "answer".to_owned());
        assert!(matches!(answer, Some(Step::Answer(_))));
        assert!(matches!(next, Some(Step::Offer { restart: true, .. })));
    }
}
