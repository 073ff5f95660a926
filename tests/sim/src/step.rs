//! What may happen next, and how often.

use crate::rng::Rng;

/// One step of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Someone types, or deletes.
    Edit,
    /// Someone types fast.
    Burst,
    /// Someone pastes a long text.
    Paste,
    /// Someone writes in the chat.
    Chat,
    /// Someone draws on the board, or deletes there.
    Draw,
    /// Someone writes in the chat where only another may.
    Trespass,
    /// Someone moves the caret.
    Caret,
    /// Someone says something that passes, or takes it back.
    Say,
    /// Someone takes another name.
    Rename,
    /// Someone makes a link.
    Invite,
    /// Somebody new comes by a link, or someone known on another device.
    Join,
    /// A device opens the room once more, or a second page of it.
    Open,
    /// Someone comes again by a better link.
    Upgrade,
    /// A page is closed.
    Close,
    /// A page crashes.
    Crash,
    /// A connection breaks.
    Break,
    /// The network falls apart.
    Part,
    /// It is whole again.
    Heal,
    /// The node stops, or is back.
    Node,
    /// A disk becomes slow, or well again.
    Disk,
    /// A device's clock is set.
    Clock,
    /// A device loses its disk for ever.
    Wipe,
    /// Someone asks to reach the others at once.
    Reconnect,
    /// Somebody comes who breaks the rules.
    Intruder,
    /// They do.
    Intrude,
    /// Nothing, for long.
    Pause,
}

/// How often each happens, of the sum of all.
const WEIGHTS: [(Step, u64); 26] = [
    (Step::Edit, 70),
    (Step::Burst, 8),
    (Step::Paste, 1),
    (Step::Chat, 24),
    (Step::Draw, 24),
    (Step::Trespass, 3),
    (Step::Caret, 8),
    (Step::Say, 8),
    (Step::Rename, 3),
    (Step::Invite, 6),
    (Step::Join, 10),
    (Step::Open, 16),
    (Step::Upgrade, 2),
    (Step::Close, 5),
    (Step::Crash, 9),
    (Step::Break, 24),
    (Step::Part, 24),
    (Step::Heal, 16),
    (Step::Node, 5),
    (Step::Disk, 6),
    (Step::Clock, 3),
    (Step::Wipe, 1),
    (Step::Reconnect, 2),
    (Step::Intruder, 12),
    (Step::Intrude, 36),
    (Step::Pause, 4),
];

impl Step {
    /// Draws one.
    pub fn draw(rng: &mut Rng) -> Self {
        let sum = WEIGHTS.iter().map(|(_, weight)| weight).sum();
        let mut at = rng.below(sum);
        for (step, weight) in WEIGHTS {
            if at < weight {
                return step;
            }
            at -= weight;
        }
        Step::Pause
    }
}
