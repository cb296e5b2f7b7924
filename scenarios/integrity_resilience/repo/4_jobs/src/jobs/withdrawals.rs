//! Seeds that go out to growers, and those that come back from them.

use std::collections::BTreeMap;

use crate::batch::{Batch, Stop};
use crate::register::Code;

/// A line of the counter's journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Out { code: Code, grams: u32 },
    Back { code: Code, grams: u32 },
}

/// What is left of an accession after an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    pub code: Code,
    pub grams: u32,
}

/// Balances after each event of the journal; the stock itself stays as it is.
///
/// A code that is not in stock, or more grams going out than there are, is not as expected.
pub fn book(stock: &BTreeMap<Code, u32>, journal: &[Event]) -> Result<Batch<Balance>, Stop> {
    todo!()
}
