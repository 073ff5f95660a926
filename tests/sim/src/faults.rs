//! What goes wrong: pages and devices that are gone, a network that falls apart, slow disks, clocks.

use std::time::Duration;

use crate::doors::HEALTHY;
use crate::page::Page;
use crate::step::Step;
use crate::world::{SKEW, World};

impl World {
    /// A page is closed or crashes, or a device loses its disk for ever.
    pub fn goes(&mut self, step: Step) {
        let Some(id) = self.some_page() else { return };
        let device = self.pages[&id].device;
        match step {
            Step::Close => self.close(id),
            Step::Crash => {
                self.counts.crashes += 1;
                self.crash(id);
            }
            // The room lives as long as its owner's disk, at least.
            _ if self.devices[device].person == 0 => {}
            _ => {
                self.counts.wipes += 1;
                let of = self.pages.iter().filter(|(_, page)| page.device == device);
                for id in of.map(|(id, _)| *id).collect::<Vec<_>>() {
                    self.crash(id);
                }
                self.devices[device].disk.wipe();
                self.devices[device].gone = true;
                self.reference.wiped(device);
            }
        }
    }

    /// Connections, the network or the node fail, or are well again.
    pub fn network_fault(&mut self, step: Step) {
        match step {
            Step::Break => {
                let standing = self.wires.standing();
                if let Some((wire, _)) = self.rng.pick(&standing) {
                    self.counts.breaks += 1;
                    self.break_wire(wire);
                }
            }
            Step::Part => self.part(),
            Step::Heal => self.heal(),
            _ => {
                self.node.down = !self.node.down;
                self.counts.outages += u64::from(self.node.down);
                self.check_node();
            }
        }
    }

    /// Every device goes into one of two or three parts; wires between parts break.
    fn part(&mut self) {
        let parts = self.rng.between(2, 3);
        for device in 0..self.devices.len() {
            self.devices[device].side = self.rng.below(parts) as u8;
        }
        let side = |world: &Self, id| {
            world.pages.get(&id).map_or(0, |page: &Page| world.devices[page.device].side)
        };
        let mut cut = 0;
        for (wire, (a, b)) in self.wires.standing() {
            if side(self, a) != side(self, b) {
                self.break_wire(wire);
                cut += 1;
            }
        }
        self.counts.partitions += u64::from(cut > 0);
        self.counts.cut += cut;
        self.check_node();
    }

    /// The network is whole.
    pub fn heal(&mut self) {
        self.devices.iter_mut().for_each(|device| device.side = 0);
    }

    /// A disk or a clock fails, or is well again.
    pub fn device_fault(&mut self, step: Step) {
        let device = self.rng.below(self.devices.len() as u64) as usize;
        if step == Step::Clock {
            self.counts.clocks += 1;
            let ahead = self.rng.below(SKEW - 1_000);
            return self.set_clock(device, ahead);
        }
        let slow = if self.rng.chance(50) { HEALTHY } else { self.rng.between(500, 8_000) };
        self.counts.stalls += u64::from(slow > HEALTHY);
        self.devices[device].slow = slow;
    }

    /// Lets time pass until no log is sent or written and nobody tries to reach anyone.
    pub fn quiet(&mut self, still: Duration, most: Duration) {
        let end = self.now + most;
        while self.failure.is_none() {
            self.pass(500);
            if self.now.since(self.busy) >= still && !self.is_working() {
                return;
            }
            if self.now > end {
                self.fail(|| "the room does not become quiet".to_owned());
            }
        }
    }
}
