//! Labels that keep a list comparable: a new one fits between two, and where there is no room the
//! smallest sparse enough neighbourhood is spread out (list labelling after Bender and others,
//! logarithmic on average).

/// A step between labels at an open end: room for 2^31 on either side of the middle.
const STEP: u64 = 1 << 32;

/// A list whose elements have labels that grow from left to right.
pub(super) trait List {
    /// The label of an element.
    fn label(&self, at: u32) -> u64;
    /// Changes it.
    fn set_label(&mut self, at: u32, label: u64);
    /// The element before.
    fn previous(&self, at: u32) -> Option<u32>;
    /// The element behind.
    fn next(&self, at: u32) -> Option<u32>;
}

/// A label strictly between two neighbours, if there is room.
pub(super) fn between(low: Option<u64>, high: Option<u64>) -> Option<u64> {
    let label = match (low, high) {
        (None, None) => 1 << 63,
        (Some(low), None) => low + (u64::MAX - low).div_ceil(2).min(STEP),
        (None, Some(high)) => high - high.div_ceil(2).min(STEP),
        (Some(low), Some(high)) => low + (high - low) / 2,
    };
    (low.is_none_or(|low| low < label) && high.is_none_or(|high| label < high)).then_some(label)
}

/// Makes room around an element.
pub(super) fn spread(list: &mut impl List, at: u32) {
    let label = list.label(at);
    let (mut first, mut last, mut count) = (at, at, 1u64);
    let mut most = 4u64;
    for bits in 5..64 {
        let low = label >> bits << bits;
        let high = low | ((1 << bits) - 1);
        while let Some(before) = list.previous(first).filter(|&run| list.label(run) >= low) {
            first = before;
            count += 1;
        }
        while let Some(behind) = list.next(last).filter(|&run| list.label(run) <= high) {
            last = behind;
            count += 1;
        }
        most += most.div_ceil(3);
        if count < most {
            let step = (1 << bits) / count;
            let mut label = low + step / 2;
            let mut element = Some(first);
            for _ in 0..count {
                let Some(run) = element else { break };
                list.set_label(run, label);
                label += step;
                element = list.next(run);
            }
            return;
        }
    }
}
