//! Colours of people.

use covey_wire::id::MemberId;

/// Colours of people, readable on light and dark ground.
pub const COLORS: [&str; 12] = [
    "#0f766e", "#b45309", "#6d28d9", "#be123c", "#1d4ed8", "#4d7c0f", "#a21caf", "#0369a1",
    "#c2410c", "#15803d", "#4338ca", "#9f1239",
];

/// The first colour that none of these people have; the one they have least where all are taken.
pub fn free_color(taken: impl Iterator<Item = u8>) -> u8 {
    let mut counts = [0u32; COLORS.len()];
    taken.for_each(|color| counts[usize::from(color) % COLORS.len()] += 1);
    let least = counts.iter().enumerate().min_by_key(|(_, count)| **count);
    least.map_or(0, |(color, _)| color as u8)
}

/// The colour a member has unless it chooses another.
pub fn color_of(member: MemberId) -> u8 {
    member.0[0] % COLORS.len() as u8
}
