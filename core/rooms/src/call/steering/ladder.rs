//! The sizes in which pictures are sent, from the smallest to the largest.

use crate::call::message::{Sends, Shown};

/// A size of pictures: the height in pixels, frames a second, bits a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) height: u16,
    rate: u8,
    pub(super) bits: u32,
}

const fn size(height: u16, rate: u8, bits: u32) -> Size {
    Size { height, rate, bits }
}

/// Each takes about a third more than the one before, so that no step is a leap for a line.
pub(super) const CAMERA: [Size; 11] = [
    size(180, 8, 80_000),
    size(180, 15, 120_000),
    size(180, 15, 170_000),
    size(270, 20, 230_000),
    size(270, 20, 310_000),
    size(360, 25, 410_000),
    size(360, 25, 540_000),
    size(540, 25, 720_000),
    size(540, 30, 950_000),
    size(720, 30, 1_250_000),
    size(720, 30, 1_700_000),
];
const SCREEN: [Size; 8] = [
    size(720, 2, 60_000),
    size(720, 3, 150_000),
    size(1080, 5, 230_000),
    size(1080, 5, 350_000),
    size(1080, 10, 520_000),
    size(1080, 10, 800_000),
    size(1440, 15, 1_200_000),
    size(1440, 15, 1_800_000),
];

/// A source of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Video {
    /// The camera.
    Camera = 1,
    /// The screen.
    Screen = 2,
}

impl Video {
    pub(super) const ALL: [Video; 2] = [Video::Camera, Video::Screen];

    fn sizes(self) -> &'static [Size] {
        match self {
            Video::Camera => &CAMERA,
            Video::Screen => &SCREEN,
        }
    }

    pub(super) fn is_sent(self, sends: Sends) -> bool {
        sends.has(match self {
            Video::Camera => Sends::CAMERA,
            Video::Screen => Sends::SCREEN,
        })
    }

    /// The level that is shown in full at this height; 0 for nothing.
    pub(super) fn level(self, shown: Shown) -> usize {
        let height = match self {
            Video::Camera => shown.camera,
            Video::Screen => shown.screen,
        };
        if height == 0 {
            return 0;
        }
        let sizes = self.sizes();
        let enough = sizes.iter().find(|size| size.height >= height);
        // Text on a screen is read on a small picture, too.
        let least = if self == Video::Screen { 1080 } else { 0 };
        let enough = enough.map_or(u16::MAX, |size| size.height.max(least));
        self.highest(enough)
    }

    /// The highest level that is not larger than this.
    pub(super) fn highest(self, height: u16) -> usize {
        self.sizes().iter().filter(|size| size.height <= height).count()
    }

    pub(super) fn bits(self, level: usize) -> u32 {
        level.checked_sub(1).map_or(0, |at| self.sizes()[at].bits)
    }
}

/// An order for one source on one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Bits a second at most; 0 pauses it.
    pub bits: u32,
    /// Pixels at most.
    pub height: u16,
    /// Frames a second at most.
    pub rate: u8,
}

impl Order {
    pub(super) fn of(video: Video, level: usize, bits: u32) -> Self {
        match level.checked_sub(1).map(|at| video.sizes()[at]) {
            Some(Size { height, rate, .. }) => Self { bits, height, rate },
            None => Self { bits: 0, height: 0, rate: 0 },
        }
    }
}
