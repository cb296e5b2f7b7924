//! Temperatures of the vault's freezers, as their probes call them in.

use crate::batch::{Batch, Stop};

/// What one probe measured, in tenths of a degree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    pub freezer: u8,
    pub tenths: i32,
}

/// Collects the readings of a day.
#[derive(Debug, Default)]
pub struct Watch {
    batch: Batch<Reading>,
}

impl Watch {
    /// Called for each reading as it comes in; `line` is its number.
    ///
    /// Freezers are 1 to 8, and no probe measures below -90 or above 60 degrees.
    pub fn on_reading(&mut self, line: usize, reading: Reading) -> Result<(), Stop> {
        todo!()
    }

    /// The readings of the day.
    #[must_use]
    pub fn finish(self) -> Batch<Reading> {
        self.batch
    }
}
